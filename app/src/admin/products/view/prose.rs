//! The field for a description: what to write, and what it comes to.

use crate::admin::products::host::PREVIEW;
use crate::admin::view::form::Act;
use crate::ui::{El, el};

const HINT: &str = "Text with Markdown, or HTML. An empty line begins a new paragraph. Anything that could run or change \
                    the page is taken out.";

/// What is written, and what comes of it.
const RULES: [(&str, &str); 8] = [
    ("**bold**", "bold"),
    ("*italic*", "italic"),
    ("## Care", "A heading"),
    ("- dry", "A list, each item on its own line"),
    ("1. wash", "A list with numbers"),
    ("[our clay](https://example.com)", "A link"),
    ("![A mug](https://example.com/mug.jpg)", "A picture, from addresses that the shop allows"),
    ("<table>…</table>", "HTML, where Markdown isn’t enough"),
];

/// What a button over the field does with the words that are marked in it, and by which key.
const MARKS: [(&str, &str, &str); 4] =
    [("bold", "Bold", "Control+B"), ("italic", "Italic", "Control+I"), ("link", "Link", ""), ("list", "List", "")];

/// `preview`: the HTML that it comes to, or why there is none; `None` until somebody asks.
pub fn field(act: Act, body: &str, preview: Option<Result<String, String>>) -> El {
    // A line end right after the tag is the form's own, not the text's.
    let text = el("textarea").attr("rows", "12").attr("data-prose", "").text("\n").text(body);
    let is_open = preview.is_some();
    let marks = MARKS
        .into_iter()
        .map(|(mark, label, keys)| {
            el("button")
                .class("link")
                .attr("type", "button")
                .attr("data-mark", mark)
                .maybe_attr("aria-keyshortcuts", (!keys.is_empty()).then_some(keys))
                .text(label)
        })
        .collect();
    let marks = el("div").class("marks with-script").attr("role", "group").attr("aria-label", "Format").children(marks);
    let opener = el("button")
        .class("button plain")
        .attr("formaction", "/api/admin/products/describe")
        .attr("data-previews", PREVIEW)
        .attr("aria-controls", PREVIEW)
        .attr("aria-expanded", if is_open { "true" } else { "false" })
        .text("Preview");
    let shown = match preview {
        Some(Ok(html)) => el("div").class("prose").sanitised(&html),
        Some(Err(words)) => el("div").class("prose").child(el("p").class("error").text(&words)),
        None => el("div").class("prose"),
    };
    let region = el("div")
        .class("prose-preview")
        .attr("id", PREVIEW)
        .attr("role", "region")
        .attr("aria-label", "Preview of the description")
        .maybe_attr("hidden", (!is_open).then_some(""))
        .child(shown);
    el("div")
        .class("prose-field")
        .child(act.field("body", "body", "Description", HINT, text))
        .child(el("div").class("prose-tools").child(opener).child(marks))
        .child(region)
        .child(rules())
}

fn rules() -> El {
    let lines =
        RULES.into_iter().flat_map(|(written, comes)| [el("dt").child(el("code").text(written)), el("dd").text(comes)]);
    el("details").child(el("summary").text("How to write it")).child(el("dl").class("pairs").children(lines.collect()))
}
