use super::conflict::{conflict, merged};
use super::draft::{Shown, offer, shown, status};
use super::options::options;
use super::prose;
use super::row::state;
use super::variants::variants;
use crate::admin::pictures;
use crate::admin::pictures::view::PICTURES;
use crate::admin::products::api::{Typed, TypedVariant, preview_of};
use crate::admin::products::host::{CategoryName, PATH, PREVIEWED, Status, Stored, StoredVariant};
use crate::admin::trail::view::history;
use crate::admin::users::view::{WHY_AGAIN, WHY_IN_THE_TRAIL, password, reason};
use crate::admin::view::form::{Act, GUARDED, LEAVES, UNSAVED, default_button, kept};
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el, link};

const SAVE: &str = "/api/admin/products/save";
/// Of the buttons that change options and variants.
pub const SHAPE: &str = "/api/admin/products/grid";

/// Of the button that shows the product as a shopper would see it.
const PREVIEW_ALL: &str = "/api/admin/products/preview";

pub async fn new(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let products = &asked.office.products;
    let categories = products.categories().await?;
    let act = Act::only(asked, SAVE).or(SHAPE);
    let blank =
        Typed { status: Status::Draft.key().to_owned(), variants: vec![TypedVariant::default()], ..Typed::default() };
    let shown = shown(asked, act, products.draft("").await?, &blank);
    let preview = preview(asked, &shown.typed).await?;
    let form = form(act, &shown, &[], &categories, "Create product", preview);
    let body = offer(asked, &shown, "").into_iter().chain([form, pictures::view::to_come()]).collect();
    Ok(Desk { title: "New product", area: PATH, right: None, body }.page(asked))
}

pub async fn page(asked: Asked<'_>, id: &str) -> Result<Rendered, AppError> {
    let products = &asked.office.products;
    let stored = products.product(id).await?;
    let categories = products.categories().await?;
    let act = Act::on(asked, SAVE, "product", &stored.typed.product).or(SHAPE);
    let mut shown = shown(asked, act, products.draft(id).await?, &stored.typed);
    let theirs = act.is_refused() && shown.typed.version != stored.typed.version;
    let conflict = theirs.then(|| conflict(&stored, &shown.typed, &categories, asked));
    let label = if conflict.is_some() { "Save mine over it" } else { "Save" };
    if theirs {
        // What is saved next is saved over what this page shows as theirs.
        shown.typed = merged(&stored, shown.typed);
    }
    let preview = preview(asked, &shown.typed).await?;
    let form = form(act, &shown, &stored.variants, &categories, label, preview);
    let offer = offer(asked, &shown, &stored.typed.version);
    let (pictures, lacking) = pictures::view::section(asked, &stored.typed.product, &stored.variants).await?;
    let beside = el("aside").class("beside").child(standing(&stored, lacking)).child(leaving(asked, &stored));
    let editing = el("div").class("editing").attr("data-key", "editing").child(form).child(beside);
    let body = conflict.into_iter().chain(offer).chain([editing, pictures]).collect();
    let back = el("div").class("right").child(link(PATH, "All products").class("button plain"));
    Ok(Desk { title: &stored.typed.title, area: PATH, right: Some(back), body }.page(asked))
}

/// What the description comes to, or why it comes to nothing; `None` where nobody asks.
async fn preview(asked: Asked<'_>, typed: &Typed) -> Result<Option<Result<String, String>>, AppError> {
    if asked.parameter(PREVIEWED).is_empty() {
        return Ok(None);
    }
    match asked.office.products.describe(&typed.body).await {
        Ok(html) => Ok(Some(Ok(html))),
        Err(AppError::Invalid { fields }) => {
            Ok(Some(Err(fields.into_iter().map(|one| one.message).collect::<Vec<_>>().join(". "))))
        }
        Err(error) => Err(error),
    }
}

fn form(
    act: Act,
    shown: &Shown,
    stored: &[StoredVariant],
    categories: &[CategoryName],
    label: &str,
    preview: Option<Result<String, String>>,
) -> El {
    let typed = &shown.typed;
    let text = |value: &str, most: &str| {
        el("input").attr("type", "text").attr("value", value).attr("maxlength", most).attr("autocomplete", "off")
    };
    let category = choices(
        &typed.category,
        [("", "No category")].into_iter().chain(categories.iter().map(|one| (one.id.as_str(), one.path.as_str()))),
    );
    let standing = choices(&typed.status, Status::ALL.map(|status| (status.key(), status.label())).into_iter());
    let slug_hint = if typed.product.is_empty() {
        "What stands in the product’s address after /products/. Left empty, it is made from the title."
    } else {
        "What stands in the product’s address after /products/. The old address keeps leading here when you change it."
    };
    let with_pictures = el("button")
        .class("button plain")
        .attr("name", "then")
        .attr("value", PICTURES)
        .text("Create as a draft and add pictures");
    // It keeps what is in the form, and so waits while it isn't said whether what was kept before is to go.
    let preview_all = shown
        .offered
        .is_none()
        .then(|| el("button").class("button plain").attr("formaction", PREVIEW_ALL).text("Preview as a shopper"));
    let save = el("div")
        .class("saving")
        .child(el("button").class("button").text(label))
        .maybe(typed.product.is_empty().then_some(with_pictures))
        .maybe(preview_all)
        .children(status(shown));
    act.form()
        .class("form product-form")
        .attr(GUARDED, "")
        .maybe_attr(UNSAVED, (shown.applied.is_some() && !act.is_refused()).then_some(""))
        .attr("data-drafts", "")
        .maybe_attr("data-undecided", shown.offered.as_ref().map(|_| ""))
        .child(default_button(label))
        .maybe((typed.product.is_empty()).then(|| kept("product", "")))
        .child(kept("version", &typed.version))
        .child(kept("tab", ""))
        .child(kept("continues", shown.applied.as_ref().map_or("", |draft| &draft.tab)))
        .child(act.field("title", "title", "Title", "", text(&typed.title, "500").attr("required", "")))
        .child(prose::field(act, &typed.body, preview))
        .child(options(act, typed))
        .child(variants(act, typed, stored))
        .child(act.field("category", "category", "Category", "", category))
        .child(act.field("vendor", "vendor", "Vendor", "", text(&typed.vendor, "255")))
        .child(act.field("tags", "tags", "Tags", "Separated by commas.", text(&typed.tags, "5000")))
        .child(act.field("slug", "slug", "Address", slug_hint, text(&typed.slug, "255").attr("spellcheck", "false")))
        .child(act.field("status", "status", "Status", "", standing))
        .child(save)
}

fn choices<'a>(now: &str, options: impl Iterator<Item = (&'a str, &'a str)>) -> El {
    let options = options
        .map(|(value, label)| {
            el("option").attr("value", value).maybe_attr("selected", (value == now).then_some("")).text(label)
        })
        .collect();
    el("select").children(options)
}

/// Whether shoppers see it, and if not, why. `lacking`: its pictures that have no text.
fn standing(stored: &Stored, lacking: usize) -> El {
    let reasons = hidden_because(stored);
    let since = match &stored.updated_by {
        Some(name) => ["Saved ", &stored.updated, " by ", name].concat(),
        None => ["Saved ", &stored.updated].concat(),
    };
    // A page of the shop's, with its style and script.
    let preview = link(&preview_of(&stored.typed.product), "Preview what is saved").attr("rel", "external");
    let section = el("section")
        .child(state(stored.status))
        .child(el("p").class("quiet small").text(&since))
        .child(el("p").child(preview))
        .child(el("p").child(history("product", &stored.typed.product)));
    if reasons.is_empty() {
        let path = ["/products/", &stored.typed.slug].concat();
        let out = stored.variants.iter().all(|variant| variant.on_hand == 0);
        return section
            .child(el("p").text(if out { "Shoppers see it as out of stock." } else { "Shoppers see it." }))
            .maybe(without_text(lacking))
            .child(el("p").child(link(&path, "See it in the shop").attr("rel", "external")));
    }
    section
        .child(el("h2").text("Why can’t shoppers see it?"))
        .child(el("ul").class("reasons").children(reasons.into_iter().map(|why| el("li").text(why)).collect()))
}

fn without_text(lacking: usize) -> Option<El> {
    let words = match lacking {
        0 => return None,
        1 => "One picture has no text for whoever can’t see it".to_owned(),
        number => [&number.to_string(), " pictures have no text for whoever can’t see them"].concat(),
    };
    Some(el("p").class("low").child(link(&["#", PICTURES].concat(), &words)).text("."))
}

fn hidden_because(stored: &Stored) -> Vec<&'static str> {
    let status = match stored.status {
        Status::Active => None,
        Status::Draft => Some("It is a draft. Set its status to Active to show it."),
        Status::Archived => Some("It is archived. Restore it, then set its status to Active."),
    };
    let price = stored.variants.is_empty().then_some("It has no price, as it has no variants.");
    status.into_iter().chain(price).collect()
}

/// The ways out of the shop, and back.
fn leaving(asked: Asked, stored: &Stored) -> El {
    let Typed { product, version, .. } = &stored.typed;
    let section = el("section");
    let used = used_by(stored);
    let remove = Act::on(asked, "/api/admin/products/remove", "product", product);
    let form = remove.form().attr(LEAVES, "").child(kept("version", version));
    let restore = (stored.status == Status::Archived).then(|| {
        let act = Act::on(asked, "/api/admin/products/restore", "product", product);
        act.form().attr(LEAVES, "").child(el("button").class("button plain").text("Restore as a draft"))
    });
    let remove = match (used.is_empty(), stored.status) {
        (true, _) => Some(
            form.child(el("p").class("quiet small").text(
                "Nobody has it in a cart or on a wishlist. You can take it back in the trail, with its pictures for 90 \
                 days.",
            ))
            .child(reason(&remove, "remove-reason", WHY_IN_THE_TRAIL))
            .child(password(&remove, "remove-password", WHY_AGAIN, asked))
            .child(el("button").class("button plain delete").text("Delete this product")),
        ),
        (false, Status::Archived) => None,
        (false, _) => Some(
            form.child(el("p").class("quiet small").text(&used).text(", so it can be archived but not deleted."))
                .child(reason(&remove, "remove-reason", WHY_IN_THE_TRAIL))
                .child(el("button").class("button plain").text("Archive this product")),
        ),
    };
    section.child(el("h2").text("Take it out of the shop")).maybe(restore).maybe(remove)
}

/// `3 carts and 1 wishlist have it`; empty when nobody has.
fn used_by(stored: &Stored) -> String {
    let some = |number: u32, one: &str, many: &str| match number {
        0 => None,
        1 => Some(["1 ", one].concat()),
        number => Some([&number.to_string(), " ", many].concat()),
    };
    let parts: Vec<String> = [some(stored.carts, "cart", "carts"), some(stored.wishlists, "wishlist", "wishlists")]
        .into_iter()
        .flatten()
        .collect();
    let verb = if stored.carts + stored.wishlists == 1 { " has it" } else { " have it" };
    if parts.is_empty() { String::new() } else { parts.join(" and ") + verb }
}
