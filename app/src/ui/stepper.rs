use super::icon::{Glyph, icon};
use super::markup::{El, el};

/// A quantity to type, or to step through: the buttons act with JavaScript, and aren't there without.
/// `most`: what it can't step beyond; typing may, and is told.
pub fn stepper(id: &str, name: &'static str, value: &str, most: Option<u32>) -> El {
    let step = |by: &str, label: &str, glyph| {
        el("button")
            .class("step with-script")
            .attr("type", "button")
            .attr("data-step", by)
            .attr("aria-label", label)
            .attr("aria-controls", id)
            .child(icon(glyph))
    };
    let most = most.map(|most| most.to_string());
    let input = el("input")
        .class("field num")
        .attr("id", id)
        .attr("name", name)
        .attr("value", value)
        .attr("inputmode", "numeric")
        .attr("autocomplete", "off")
        .attr("maxlength", "10")
        .attr("aria-describedby", &[id, "-error"].concat())
        .maybe_attr("data-most", most.as_deref());
    el("div").class("stepper").child(step("-1", "One less", Glyph::Minus)).child(input).child(step(
        "1",
        "One more",
        Glyph::Plus,
    ))
}
