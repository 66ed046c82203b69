//! The section of a product's page that shows its pictures.

use super::api::UNDO;
use super::host::{Coming, ProductPicture};
use super::{REMOVED, UPLOAD, UPLOAD_FORM, field_of};
use crate::admin::products::host::StoredVariant;
use crate::admin::view::Asked;
use crate::admin::view::PAGE;
use crate::admin::view::form::{Act, GUARDED, REFRESHED, default_button, kept};
use crate::error::AppError;
use crate::form::Flash;
use crate::ui::{El, Photo, el, hidden, link, photo_or_outline};

/// The id of the section's heading.
pub const PICTURES: &str = "pictures";
/// On a picture of the list that isn't one of the product's yet, and so has no place among them.
const COMING: &str = "data-coming";

fn blank() -> El {
    el("section")
        .class("pictures")
        .attr("data-key", "pictures")
        .attr("aria-labelledby", PICTURES)
        .child(el("h2").attr("id", PICTURES).text("Pictures"))
}

/// A browser by itself sends one form at a time.
const BESIDE: &str = "Each button here saves what is typed about pictures. Save the product’s own fields before.";

/// In its place on the page of a product that isn't there yet.
pub fn to_come() -> El {
    let words = "Pictures come next: once the product is created, as a draft if you like.";
    blank().child(el("p").class("quiet").text(words))
}

/// Says also how many of them lack a text.
///
/// # Errors
/// Whatever the service answers.
pub async fn section(asked: Asked<'_>, product: &str, variants: &[StoredVariant]) -> Result<(El, usize), AppError> {
    // In this order, so that one which becomes ready in between is found twice rather than not at all.
    let coming = asked.office.pictures.coming(product).await?;
    let pictures = asked.office.pictures.of(product).await?;
    let coming: Vec<&Coming> =
        coming.iter().filter(|one| pictures.iter().all(|ready| ready.id != one.picture.id)).collect();
    // A plain product's only variant has no name, and all pictures are its own.
    let variants = if variants.iter().any(|one| one.name.is_empty()) { &[] } else { variants };
    let ready = pictures.iter().enumerate().map(|(at, one)| item(asked, one, at, pictures.len(), variants));
    let items: Vec<El> = ready.chain(coming.iter().map(|one| item_to_come(asked, one))).collect();
    let lacking = pictures.iter().filter(|one| one.lacks_text()).count();
    let need = match lacking {
        0 => None,
        1 => Some("One picture needs a text that says what it shows.".to_owned()),
        number => Some(format!("{number} pictures need a text that says what they show.")),
    };
    let list = match items.is_empty() {
        true => el("p").class("quiet").text("It has no pictures yet. Shoppers see an outline in their place."),
        false => el("ol").class("picture-list").attr("id", "picture-list").children(items),
    };
    let section = blank()
        .attr("data-uploads", product)
        .child(sending(default_button("Save"), "save", ""))
        .child(el("p").class("hint without-script").text(BESIDE))
        .maybe(need.map(|words| el("p").class("low").text(&words)))
        .child(list)
        .maybe(bringing_back(asked))
        .child(upload(asked, product));
    Ok((section, lacking))
}

/// A button that a browser by itself sends with all that is typed about pictures; a script gives it back to its own form.
/// `picture`: which one it acts on.
fn sending(button: El, name: &str, picture: &str) -> El {
    button.attr("form", UPLOAD_FORM).attr("formnovalidate", "").attr("name", name).attr("value", picture)
}

/// For who has just removed a picture without a script, and may have typed something since.
fn bringing_back(asked: Asked) -> Option<El> {
    let picture = asked.flash.values.get(REMOVED).filter(|_| asked.flash.action == UPLOAD)?;
    let button = sending(el("button").class("button plain").text("Undo"), "undo", picture);
    let form = Act::only(asked, UNDO).form().child(button);
    Some(el("div").class("brought-back").child(el("p").class("quiet").text("You have removed a picture.")).child(form))
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
        .attr("id", UPLOAD_FORM)
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
        .child(
            el("h3").class("small").text("Picture ").text(&number).maybe((at == 0).then(|| hidden(" (shown first)"))),
        )
        .child(plate)
        .child(el("div").class("about").maybe(foreign).child(describing(asked, one, &number, variants)))
        .child(
            el("div")
                .class("picture-acts")
                .child(moving(asked, one, at, of, &number))
                .child(removing(asked, one, &number)),
        )
}

/// In the list of pictures, under the id that it keeps: what is being typed about it outlives its becoming one.
fn item_to_come(asked: Asked, one: &Coming) -> El {
    let name = if one.file.is_empty() { "on its way" } else { &one.file };
    let about = match &one.failed {
        Some(reason) => vec![el("p").class("error").text("It can’t be shown: ").text(reason).text(".")],
        None => vec![
            el("p")
                .class("quiet")
                .text("Being prepared. Shoppers see it once it is ready. ")
                .child(link(&asked.here(), "Reload to see it").attr("rel", "external")),
            describing(asked, &one.picture, name, &[]),
        ],
    };
    let photo = Photo { sizes: "7.5rem", eager: false, alt: "" };
    el("li")
        .attr("data-key", &one.picture.id)
        .attr(COMING, "")
        .maybe_attr("data-polls", one.failed.is_none().then_some(""))
        .child(el("h3").class("small").text("Picture ").text(name))
        .child(el("div").class("plate").child(photo_or_outline(None, photo)))
        .child(el("div").class("about").children(about))
        .child(el("div").class("picture-acts").child(removing(asked, &one.picture, name)))
}

/// What is told of one picture, as its own form would be told it.
fn told_of(all: &Flash, picture: &str) -> Flash {
    let mut own = Flash { action: all.action.clone(), ..Flash::default() };
    own.values.insert("picture".to_owned(), picture.to_owned());
    for name in ["alt", "decorative"] {
        let field = field_of(name, picture);
        own.values.extend(all.values.get(&field).map(|value| (name.to_owned(), value.clone())));
        own.errors.extend(all.errors.get(&field).map(|words| (name.to_owned(), words.clone())));
        own.lost.extend(all.lost.contains(&field).then(|| name.to_owned()));
    }
    own
}

fn describing(asked: Asked, one: &ProductPicture, number: &str, variants: &[StoredVariant]) -> El {
    let told = told_of(asked.flash, &one.id);
    let asked = Asked { flash: &told, ..asked };
    let act = Act::on(asked, "/api/admin/pictures/describe", "picture", &one.id).or(UPLOAD);
    let id = |name: &str| [name, "-", &one.id].concat();
    let text = el("input")
        .attr("form", UPLOAD_FORM)
        .attr("type", "text")
        .attr("value", act.typed("alt", &one.alt))
        .attr("maxlength", "500")
        .attr("autocomplete", "off");
    let hint = "For whoever can’t see it, and for search engines: “Grey mug seen from above”.";
    let is_ticked = if act.is_refused() { !act.typed("decorative", "").is_empty() } else { one.decorative };
    let tick = el("input")
        .attr("form", UPLOAD_FORM)
        .attr("type", "checkbox")
        .attr("name", "decorative")
        .attr("value", "yes")
        .attr("id", &id("decorative"))
        .maybe_attr("checked", is_ticked.then_some(""));
    act.form()
        .class("form")
        .attr("aria-label", &["Picture ", number].concat())
        .attr(GUARDED, "")
        .attr(REFRESHED, PAGE)
        // Begins what is sent of one picture among all.
        .child(kept("described", &one.id).attr("form", UPLOAD_FORM))
        .child(kept("seen", &one.seen).attr("form", UPLOAD_FORM))
        .maybe(one.lacks_text().then(|| el("p").class("low").text("Needs a text")))
        .child(act.field(&id("alt"), "alt", "What it shows", hint, text))
        .child(el("div").class("tick").child(tick).child(
            el("label").attr("for", &id("decorative")).text("Decorative: it shows nothing that isn’t in the words"),
        ))
        .maybe((!variants.is_empty()).then(|| belonging(one, variants)))
        .child({
            let button = el("button").class("button plain").text("Save");
            sending(button, "save", &one.id).child(hidden(&[" picture ", number].concat()))
        })
}

/// Which variants show it first.
fn belonging(one: &ProductPicture, variants: &[StoredVariant]) -> El {
    let ticks = variants.iter().map(|variant| {
        let id = [&one.id, "-", &variant.id].concat();
        let ticked = one.variants.contains(&variant.id);
        let tick = el("input")
            .attr("form", UPLOAD_FORM)
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
    // The place itself rather than the way to it: sent twice, it is the same.
    let form = |to: &'static str, place: usize, label: &str, arrow: &str, ends: bool| {
        let button = el("button")
            .class("button plain")
            .attr("id", &[to, "-", &one.id].concat())
            .attr("aria-label", &[label, " picture ", number].concat())
            .maybe_attr("aria-disabled", ends.then_some("true"))
            .text(arrow);
        act.form().child(kept("to", &place.to_string())).child(sending(button, to, &one.id))
    };
    el("div").class("moves").child(form("up", at.max(1), "Move up", "↑", at == 0)).child(form(
        "down",
        (at + 2).min(of),
        "Move down",
        "↓",
        at + 1 == of,
    ))
}

fn removing(asked: Asked, one: &ProductPicture, number: &str) -> El {
    let act = Act::on(asked, "/api/admin/pictures/remove", "picture", &one.id);
    let button = el("button").class("link").text("Remove").child(hidden(&[" picture ", number].concat()));
    act.form().child(sending(button, "remove", &one.id))
}
