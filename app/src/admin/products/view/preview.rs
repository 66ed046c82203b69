//! A product as shoppers would see it, for those who work on it: as it is saved, or with what they have typed.

use crate::admin::host::Office;
use crate::admin::products::api::{Typed, TypedVariant, page_of, with_draft};
use crate::admin::products::host::{ShownDraft, Status, Stored};
use crate::catalog;
use crate::catalog::api::Rendered;
use crate::error::{AppError, FieldError};
use crate::pages::{Asked, Previewed};
use crate::ui::{El, el, grouped, link};

/// In place of an id.
const NEW: &str = "new";
/// Of what keeps a draft from being saved, as many as are said.
const MOST_WRONG: usize = 5;

/// # Errors
/// `NotFound` for a product that there isn't, and `Forbidden` for who doesn't work on the catalogue.
pub async fn preview(office: &Office, previewed: Previewed<'_>, asked: Asked<'_>) -> Result<Rendered, AppError> {
    let Previewed { product, is_draft } = previewed;
    if is_draft { draft(office, product, asked).await } else { saved(office, product, asked, "Preview: ").await }
}

/// `before`: what the banner begins with.
async fn saved(office: &Office, id: &str, asked: Asked<'_>, before: &str) -> Result<Rendered, AppError> {
    let stored = office.products.product(id).await?;
    let to_come = to_come(office, id).await?;
    let product = office.products.shown(id).await?;
    let page = catalog::view::preview(&product, asked);
    let html = banner(&stored, before, to_come).html() + &page.html;
    Ok(Rendered { title: ["Preview: ", &stored.typed.title].concat(), html, ..page })
}

/// Where nothing is kept, by now or at all, what is saved is shown.
async fn draft(office: &Office, id: &str, asked: Asked<'_>) -> Result<Rendered, AppError> {
    let product = if id == NEW { "" } else { id };
    let to_come = to_come(office, product).await?;
    let Some(shown) = office.products.shown_draft(product).await? else {
        return match product {
            "" => Err(AppError::NotFound),
            id => saved(office, id, asked, "You have no unsaved changes. Preview of what is saved: ").await,
        };
    };
    let page = catalog::view::preview(&shown.product, asked);
    let html = banner_of_draft(office, &shown, to_come).html() + &page.html;
    Ok(Rendered { title: ["Preview of unsaved changes: ", &shown.product.title].concat(), html, ..page })
}

/// Why the page lacks pictures that have been sent. Looked at before the product, so that one which becomes ready in between is
/// told rather than silently missing. The empty id is a new product's, which has none.
async fn to_come(office: &Office, product: &str) -> Result<Option<El>, AppError> {
    if product.is_empty() {
        return Ok(None);
    }
    let coming = office.pictures.coming(product).await?;
    let words = match coming.iter().filter(|one| one.failed.is_none()).count() {
        0 => return Ok(None),
        1 => "1 picture is still being prepared and will show here once it is ready.".to_owned(),
        number => format!("{number} pictures are still being prepared and will show here once they are ready."),
    };
    Ok(Some(el("p").text(&words)))
}

/// Says what this is and leads back, before all else on the page.
fn banner(stored: &Stored, before: &str, to_come: Option<El>) -> El {
    let (kind, words) = match stored.status {
        Status::Draft => ("warn", "shoppers can’t see this yet. It is a draft."),
        Status::Archived => ("warn", "shoppers can’t see this. It is archived."),
        Status::Active if stored.variants.is_empty() => ("warn", "shoppers can’t see this yet. It has no price."),
        Status::Active => ("good", "shoppers see this now. They can also buy it."),
    };
    let said = [el("p").text(before).text(words)].into_iter().chain(to_come).collect();
    note(kind, said, &page_of(&stored.typed.product))
}

fn banner_of_draft(office: &Office, shown: &ShownDraft, to_come: Option<El>) -> El {
    let ShownDraft { draft, wrong, .. } = shown;
    let standing = match Status::parse(&draft.typed.status) {
        Some(Status::Draft) => " Saved like this, shoppers couldn’t see it: its status is Draft.",
        Some(Status::Archived) => " Saved like this, shoppers couldn’t see it: its status is Archived.",
        Some(Status::Active) | None => "",
    };
    let words = [
        "Preview of your unsaved changes from ",
        &draft.at,
        ". Nobody but you, ",
        &office.me.name,
        ", can see them.",
        standing,
    ]
    .concat();
    let more = wrong.len().saturating_sub(MOST_WRONG);
    let more = (more > 0)
        .then(|| el("li").text(&["And ", &grouped(u32::try_from(more).unwrap_or(u32::MAX)), " more"].concat()));
    let wrong_items = wrong.iter().take(MOST_WRONG).map(|one| el("li").text(&said(&draft.typed, one))).chain(more);
    let mut said: Vec<El> = [el("p").text(&words)].into_iter().chain(to_come).collect();
    if !wrong.is_empty() {
        let list = el("ul").children(wrong_items.collect());
        said.push(el("div").class("wrong").child(el("p").text("It can’t be saved like this:")).child(list));
    }
    note("warn", said, &with_draft(&draft.typed.product))
}

fn note(kind: &str, said: Vec<El>, back: &str) -> El {
    let back = link(back, "Back to editing").attr("rel", "external");
    let note = el("div").class("note").attr("data-kind", kind).children(said).child(back);
    el("div").class("wrap").child(note)
}

/// What is wrong, with the name that its field has in the form: `Price of S / Red: Enter an amount`.
fn said(typed: &Typed, wrong: &FieldError) -> String {
    const OWN: [(&str, &str); 7] = [
        ("title", "Title"),
        ("slug", "Address"),
        ("body", "Description"),
        ("category", "Category"),
        ("vendor", "Vendor"),
        ("tags", "Tags"),
        ("status", "Status"),
    ];
    const OF_VARIANTS: [(&str, &str); 5] =
        [("price", "Price"), ("compare_at", "Price before"), ("sku", "SKU"), ("add", "Stock"), ("gone", "Variant")];
    let own = OWN.iter().find(|(field, _)| *field == wrong.field).map(|(_, label)| (*label).to_owned());
    let of_variant = || {
        typed.variants.iter().enumerate().find_map(|(at, variant)| {
            let (_, label) = OF_VARIANTS.iter().find(|(name, _)| TypedVariant::field(at, name) == wrong.field)?;
            let of = variant.of.join(" / ");
            Some(if of.is_empty() { (*label).to_owned() } else { [label, " of ", &of].concat() })
        })
    };
    let label = own.or_else(of_variant).or_else(|| wrong.field.starts_with("options").then(|| "Options".to_owned()));
    label.map(|label| [&label, ": ", &wrong.message].concat()).unwrap_or_else(|| wrong.message.clone())
}
