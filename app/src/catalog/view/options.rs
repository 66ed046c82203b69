use super::card::dot;
use crate::catalog::api::{ProductOption, VariantView};
use crate::catalog::selection::{Availability, availability};
use crate::ui::{El, el, hidden};

/// The choices as radio groups. Without JavaScript they are a form whose answer is the same page with the choice.
pub fn options(path: &str, options: &[ProductOption], variants: &[VariantView], shown: usize) -> Option<El> {
    if options.is_empty() {
        return None;
    }
    let fields = options.iter().enumerate().map(|(at, option)| option_field(at, option, variants, shown)).collect();
    Some(
        el("form")
            .class("options")
            .attr("method", "get")
            .attr("action", path)
            .children(fields)
            .child(el("button").class("button plain without-script").text("Show this one")),
    )
}

fn option_field(at: usize, option: &ProductOption, variants: &[VariantView], shown: usize) -> El {
    let name = option.name.to_lowercase();
    let field = ["option.", &name].concat();
    let is_colour = matches!(name.as_str(), "colour" | "color" | "glaze");
    let chosen = variants.get(shown).and_then(|variant| variant.options.get(at)).map_or("", String::as_str);
    let values = option
        .values
        .iter()
        .map(|value| {
            // What can't be had with the rest can still be chosen: the rest then gives way, or the page says that it
            // is out.
            let state = availability(variants, shown, at, value);
            let input = el("input")
                .attr("type", "radio")
                .attr("name", &field)
                .attr("value", value)
                .maybe_attr("checked", (chosen == value).then_some(""));
            let swatch = el("span")
                .class("swatch")
                .maybe_attr("data-missing", (state != Availability::In).then_some(""))
                .maybe(is_colour.then(|| dot(value)))
                .child(el("span").text(value))
                .child(hidden(state.note()));
            el("label").child(input).child(swatch)
        })
        .collect();
    let legend =
        el("legend").child(el("b").text(&option.name)).text(" ").child(el("span").class("chosen").text(chosen));
    el("fieldset").child(legend).child(el("div").class("opts").children(values))
}
