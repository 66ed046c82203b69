use crate::admin::categories::host::Category;
use crate::admin::view::Asked;
use crate::ui::{El, el};

/// A form of its page, with a place for what is wrong with all of it.
pub fn form(asked: Asked, action: &str) -> El {
    let wrong = el("p").class("error").attr("data-error", "").attr("role", "alert").text(asked.wrong(action, ""));
    el("form")
        .class("form")
        .attr("method", "post")
        .attr("action", action)
        .attr("novalidate", "")
        .attr("data-act", "")
        .child(asked.page_field())
        .child(wrong)
}

pub fn kept(name: &str, value: &str) -> El {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value)
}

/// What stands around a field: its label, a hint, and the place for what is wrong with it. `control`: without what all
/// of them have.
pub fn field(asked: Asked, action: &str, name: &str, label: &str, hint: &str, control: El) -> El {
    let id = [action.rsplit('/').next().unwrap_or_default(), "-", name].concat();
    let (error_id, hint_id) = ([&id, "-error"].concat(), [&id, "-hint"].concat());
    let wrong = asked.wrong(action, name);
    let described = if hint.is_empty() { error_id.clone() } else { [&hint_id, " ", &error_id].concat() };
    let control = control
        .class("field")
        .attr("id", &id)
        .attr("name", name)
        .attr("aria-describedby", &described)
        .maybe_attr("aria-invalid", (!wrong.is_empty()).then_some("true"));
    let hint = (!hint.is_empty()).then(|| el("p").class("hint").attr("id", &hint_id).text(hint));
    el("div")
        .class("form-field")
        .child(el("label").attr("for", &id).text(label))
        .maybe(hint)
        .child(el("p").class("error").attr("data-error", name).attr("id", &error_id).text(wrong))
        .child(control)
}

/// A choice among categories. `first`: what is chosen when none of them is, as value and label; `without`: those of the
/// tree that can't be chosen.
pub fn choice(tree: &[Category], first: &[(&str, &str)], chosen: &str, without: std::ops::Range<usize>) -> El {
    let option = |value: &str, label: &str| {
        el("option").attr("value", value).maybe_attr("selected", (value == chosen).then_some("")).text(label)
    };
    let first = first.iter().map(|(value, label)| option(value, label)).collect();
    let rest = tree.iter().enumerate().filter(|(at, _)| !without.contains(at));
    el("select").children(first).children(rest.map(|(_, category)| option(&category.id, &category.path)).collect())
}
