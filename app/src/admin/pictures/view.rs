//! The section of a product's page that shows its pictures.

use super::UPLOAD;
use super::host::ProductPicture;
use crate::admin::products::host::StoredVariant;
use crate::admin::view::Asked;
use crate::admin::view::form::{Act, kept};
use crate::error::AppError;
use crate::ui::{El, Photo, el, hidden, photo_or_outline};

/// # Errors
/// Whatever the service answers.
pub async fn section(asked: Asked<'_>, product: &str, variants: &[StoredVariant]) -> Result<El, AppError> {
    let pictures = asked.office.pictures.of(product).await?;
    // A plain product's only variant has no name, and all pictures are its own.
    let variants = if variants.iter().any(|one| one.name.is_empty()) { &[] } else { variants };
    let list = pictures.iter().enumerate().map(|(at, one)| item(asked, one, at, pictures.len(), variants)).collect();
    let lacking = pictures.iter().filter(|one| one.lacks_text()).count();
    let need = match lacking {
        0 => None,
        1 => Some("One picture needs a text that says what it shows.".to_owned()),
        number => Some(format!("{number} pictures need a text that says what they show.")),
    };
    let list = match pictures.is_empty() {
        true => el("p").class("quiet").text("It has no pictures yet. Shoppers see an outline in their place."),
        false => el("ol").class("picture-list").attr("id", "picture-list").children(list),
    };
    Ok(el("section")
        .class("pictures")
        .attr("aria-labelledby", "pictures")
        .attr("data-uploads", product)
        .child(el("h2").attr("id", "pictures").text("Pictures"))
        .maybe(need.map(|words| el("p").class("low").text(&words)))
        .child(list)
        .child(upload(asked, product)))
}

/// A script sends the files one by one from here; a browser by itself sends the form as a whole.
fn upload(asked: Asked, product: &str) -> El {
    let act = Act::on(asked, UPLOAD, "product", product);
    let files = act
        .control("picture-files", "pictures", "picture-files-hint picture-files-error", el("input"))
        .attr("type", "file")
        .attr("multiple", "")
        .attr("required", "")
        .attr("accept", "image/jpeg,image/png,image/webp")
        .class("field");
    let hint = "JPEG, PNG or WebP, up to 5 MiB and 8,192 pixels a side. You can also drop pictures on this section, or \
                paste one.";
    el("form")
        .class("form upload")
        .attr("method", "post")
        .attr("action", UPLOAD)
        .attr("enctype", "multipart/form-data")
        // Ahead of the files, which are read as they come.
        .child(kept("product", product))
        .child(asked.page_field())
        .child(
            el("div")
                .class("form-field")
                .child(el("label").attr("for", "picture-files").text("Add pictures"))
                .child(el("p").class("hint").attr("id", "picture-files-hint").text(hint))
                .child(act.error_place("pictures").attr("id", "picture-files-error"))
                .child(files),
        )
        .child(el("button").class("button plain").text("Upload"))
        .child(el("ul").class("uploads").attr("id", "uploads").attr("aria-label", "Uploads"))
        .child(el("p").class("quiet small").attr("id", "uploads-status").attr("role", "status"))
}

fn item(asked: Asked, one: &ProductPicture, at: usize, of: usize, variants: &[StoredVariant]) -> El {
    let number = (at + 1).to_string();
    let photo = Photo { sizes: "7.5rem", eager: false, alt: &one.alt };
    let plate = el("div").class("plate").child(photo_or_outline(one.picture.as_ref(), photo));
    let foreign = one.picture.is_none().then(|| {
        el("p")
            .class("low small")
            .text("It is at a host that the shop doesn’t show pictures from, so shoppers don’t see it.")
    });
    el("li")
        .attr("data-key", &one.id)
        .child(el("h3").class("small").text("Picture ").text(&number).maybe((at == 0).then(|| hidden(", shown first"))))
        .child(plate)
        .child(el("div").class("about").maybe(foreign).child(describing(asked, one, &number, variants)))
        .child(
            el("div")
                .class("picture-acts")
                .child(moving(asked, one, at, of, &number))
                .child(removing(asked, one, &number)),
        )
}

fn describing(asked: Asked, one: &ProductPicture, number: &str, variants: &[StoredVariant]) -> El {
    let act = Act::on(asked, "/api/admin/pictures/describe", "picture", &one.id);
    let id = |name: &str| [name, "-", &one.id].concat();
    let text = el("input")
        .attr("type", "text")
        .attr("value", act.typed("alt", &one.alt))
        .attr("maxlength", "500")
        .attr("autocomplete", "off");
    let hint = "For whoever can’t see it, and for search engines: “Grey mug seen from above”.";
    let is_ticked = if act.is_refused() { !act.typed("decorative", "").is_empty() } else { one.decorative };
    let tick = el("input")
        .attr("type", "checkbox")
        .attr("name", "decorative")
        .attr("value", "yes")
        .attr("id", &id("decorative"))
        .maybe_attr("checked", is_ticked.then_some(""));
    act.form()
        .class("form")
        .attr("aria-label", &["Picture ", number].concat())
        .maybe(one.lacks_text().then(|| el("p").class("low").text("Needs a text")))
        .child(act.field(&id("alt"), "alt", "What it shows", hint, text))
        .child(el("div").class("tick").child(tick).child(
            el("label").attr("for", &id("decorative")).text("Decorative: it shows nothing that isn’t in the words"),
        ))
        .maybe((!variants.is_empty()).then(|| belonging(one, variants)))
        .child(el("button").class("button plain").text("Save").child(hidden(&[" picture ", number].concat())))
}

/// Which variants show it first.
fn belonging(one: &ProductPicture, variants: &[StoredVariant]) -> El {
    let ticks = variants.iter().map(|variant| {
        let id = [&one.id, "-", &variant.id].concat();
        let ticked = one.variants.contains(&variant.id);
        let tick = el("input")
            .attr("type", "checkbox")
            .attr("name", "variants[]")
            .attr("value", &variant.id)
            .attr("id", &id)
            .maybe_attr("checked", ticked.then_some(""));
        el("div").class("tick").child(tick).child(el("label").attr("for", &id).text(&variant.name))
    });
    el("fieldset")
        .class("belonging")
        .child(el("legend").text("Shown first for"))
        .child(el("div").class("ticks").children(ticks.collect()))
}

/// Buttons that stay where they are at either end, so that whoever moves a picture by keyboard keeps the focus.
fn moving(asked: Asked, one: &ProductPicture, at: usize, of: usize, number: &str) -> El {
    let act = Act::on(asked, "/api/admin/pictures/place", "picture", &one.id);
    let button = |to: &'static str, label: &str, arrow: &str, ends: bool| {
        el("button")
            .class("button plain")
            .attr("id", &[to, "-", &one.id].concat())
            .attr("name", "to")
            .attr("value", to)
            .attr("aria-label", &[label, " picture ", number].concat())
            .maybe_attr("aria-disabled", ends.then_some("true"))
            .text(arrow)
    };
    act.form().class("moves").child(button("up", "Move up", "↑", at == 0)).child(button(
        "down",
        "Move down",
        "↓",
        at + 1 == of,
    ))
}

fn removing(asked: Asked, one: &ProductPicture, number: &str) -> El {
    let act = Act::on(asked, "/api/admin/pictures/remove", "picture", &one.id);
    let button = el("button").class("link").text("Remove").child(hidden(&[" picture ", number].concat()));
    act.form().child(button)
}
