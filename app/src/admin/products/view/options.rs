use super::edit::SHAPE;
use crate::admin::products::api::{Typed, TypedOption};
use crate::admin::view::form::{Act, kept};
use crate::ui::{El, el};

const MOST: usize = 3;

/// A button that changes options and variants, and saves nothing.
pub fn press(name: &str, label: &str) -> El {
    el("button").class("button plain").attr("formaction", SHAPE).attr("name", "press").attr("value", name).text(label)
}

/// The options that variants are told apart by; for a plain product the way to some.
pub fn options(act: Act, typed: &Typed) -> El {
    let wrong = act.error_place("options").attr("id", "options-error");
    if typed.options.is_empty() {
        return el("div").class("to-options").child(wrong).child(press("option", "Give it options, such as size"));
    }
    let many = typed.options.len();
    let all = typed.options.iter().enumerate().map(|(at, option)| one(act, at, many, option)).collect();
    let more = (many < MOST).then(|| press("option", "Add an option"));
    el("fieldset")
        .class("belonging options-of")
        .child(el("legend").text("Options"))
        .child(wrong)
        .children(all)
        .child(el("div").class("pair").maybe(more).child(press("update", "Update the grid")))
}

fn one(act: Act, at: usize, many: usize, option: &TypedOption) -> El {
    let number = (at + 1).to_string();
    let called = if option.name.is_empty() { ["option ", &number].concat() } else { option.name.clone() };
    let id = ["option-", &number].concat();
    let name = el("input")
        .attr("type", "text")
        .attr("value", &option.name)
        .attr("maxlength", "255")
        .attr("autocomplete", "off");
    let more = el("input").attr("type", "text").attr("value", &option.more).attr("autocomplete", "off");
    let label = ["Option ", &number].concat();
    let values = option.values.iter().enumerate().map(|(index, _)| value(act, at, index, option, &called)).collect();
    let raise = (at > 0).then(|| {
        press(&["raise-", &at.to_string()].concat(), "Move up").attr("aria-label", &["Move up ", &called].concat())
    });
    let kind = if option.name.is_empty() { "" } else { "the option " };
    let drop =
        press(&["drop-", &at.to_string()].concat(), "Remove").attr("aria-label", &["Remove ", kind, &called].concat());
    let list = (!option.values.is_empty())
        .then(|| el("ul").class("values").attr("aria-label", &["Values of ", &called].concat()).children(values));
    el("div")
        .class("option")
        .attr("role", "group")
        .attr("aria-label", &[&label, " and its values"].concat())
        .child(act.field(&id, &TypedOption::field(at, "name"), &label, if many == 1 { NAME_HINT } else { "" }, name))
        .maybe(list)
        .child(act.field(
            &[&id, "-more"].concat(),
            &TypedOption::field(at, "more"),
            &["Values to add to ", &called].concat(),
            "Separated by commas.",
            more,
        ))
        .child(el("div").class("pair").maybe(raise).child(drop))
        .attr("data-key", &[&many.to_string(), "-", &number].concat())
}

const NAME_HINT: &str =
    "Such as Size, with the values S, M and L. A value that you call something else keeps its variants.";

fn value(act: Act, at: usize, index: usize, option: &TypedOption, called: &str) -> El {
    let now = option.values[index].as_str();
    let was = option.was.get(index).map_or("", String::as_str);
    let (place, field) = ([at.to_string(), index.to_string()].join("-"), TypedOption::value_field(at, index));
    let (id, error_id) = (["value-", &place].concat(), ["value-", &place, "-error"].concat());
    let number = (index + 1).to_string();
    let input = el("input")
        .class("field")
        .attr("type", "text")
        .attr("value", now)
        .attr("maxlength", "255")
        .attr("autocomplete", "off")
        .attr("aria-label", &["Value ", &number, " of ", called].concat());
    let icon = |name: &str, label: &str, sign: &str| {
        press(&[name, "-", &place].concat(), "")
            .attr("aria-label", label)
            .child(el("span").attr("aria-hidden", "true").text(sign))
    };
    let earlier = (index > 0).then(|| icon("raise", &["Move ", now, " before the value above"].concat(), "↑"));
    el("li")
        .child(kept(&format!("options[{at}][was][{index}]"), was))
        .child(act.control(&id, &field, &error_id, input))
        .maybe(earlier)
        .child(icon("drop", &["Remove the value ", now].concat(), "×"))
        .child(act.error_place(&field).attr("id", &error_id))
}
