use super::conflict::conflict;
use super::row::state;
use super::variants::variants;
use crate::admin::pictures;
use crate::admin::products::api::{Typed, TypedVariant};
use crate::admin::products::host::{CategoryName, PATH, Status, Stored, StoredVariant};
use crate::admin::view::form::{Act, kept};
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el, link};

const SAVE: &str = "/api/admin/products/save";

pub async fn new(asked: Asked<'_>) -> Result<Rendered, AppError> {
    let products = &asked.office.products;
    let categories = products.categories().await?;
    let act = Act::only(asked, SAVE);
    let refused = if act.is_refused() { products.refused("").await? } else { None };
    let typed = refused.unwrap_or_else(|| Typed {
        status: Status::Draft.key().to_owned(),
        variants: vec![TypedVariant::default()],
        ..Typed::default()
    });
    let body = vec![form(act, &typed, &[], &categories, "Create product")];
    Ok(Desk { title: "New product", area: PATH, right: None, body }.page(asked))
}

pub async fn page(asked: Asked<'_>, id: &str) -> Result<Rendered, AppError> {
    let products = &asked.office.products;
    let stored = products.product(id).await?;
    let categories = products.categories().await?;
    let act = Act::on(asked, SAVE, "product", &stored.typed.product);
    let refused = if act.is_refused() { products.refused(id).await? } else { None };
    let theirs = refused.as_ref().filter(|typed| typed.version != stored.typed.version);
    let conflict = theirs.map(|mine| conflict(&stored, mine, &categories, asked));
    let label = if conflict.is_some() { "Save mine over it" } else { "Save" };
    // What is saved next is saved over what this page shows as theirs.
    let typed = Typed { version: stored.typed.version.clone(), ..refused.unwrap_or_else(|| stored.typed.clone()) };
    let form = form(act, &typed, &stored.variants, &categories, label);
    let beside = el("aside").class("beside").child(standing(&stored)).child(leaving(asked, &stored));
    let editing = el("div").class("editing").child(form).child(beside);
    let pictures = pictures::view::section(asked, &stored.typed.product, &stored.variants).await?;
    let body = conflict.into_iter().chain([editing, pictures]).collect();
    let back = el("div").class("right").child(link(PATH, "All products").class("button plain"));
    Ok(Desk { title: &stored.typed.title, area: PATH, right: Some(back), body }.page(asked))
}

fn form(act: Act, typed: &Typed, stored: &[StoredVariant], categories: &[CategoryName], label: &str) -> El {
    let text = |value: &str, most: &str| {
        el("input").attr("type", "text").attr("value", value).attr("maxlength", most).attr("autocomplete", "off")
    };
    // A line end right after the tag is the form's own, not the text's.
    let body = el("textarea").attr("rows", "12").text("\n").text(&typed.body);
    let category = choices(
        &typed.category,
        [("", "No category")].into_iter().chain(categories.iter().map(|one| (one.id.as_str(), one.path.as_str()))),
    );
    let status = choices(&typed.status, Status::ALL.map(|status| (status.key(), status.label())).into_iter());
    let slug_hint = if typed.product.is_empty() {
        "What stands in the product’s address after /products/. Left empty, it is made from the title."
    } else {
        "What stands in the product’s address after /products/. The old address keeps leading here when you change it."
    };
    let body_hint = "Text, with an empty line between paragraphs, or HTML: paragraphs, headings, lists, tables, links, \
                     bold and italic. Anything that could run or change the page is taken out when you save.";
    act.form()
        .class("form product-form")
        .maybe((typed.product.is_empty()).then(|| kept("product", "")))
        .child(kept("version", &typed.version))
        .child(act.field("title", "title", "Title", "", text(&typed.title, "500").attr("required", "")))
        .child(act.field("body", "body", "Description", body_hint, body))
        .child(variants(act, typed, stored))
        .child(act.field("category", "category", "Category", "", category))
        .child(act.field("vendor", "vendor", "Vendor", "", text(&typed.vendor, "255")))
        .child(act.field("tags", "tags", "Tags", "Separated by commas.", text(&typed.tags, "5000")))
        .child(act.field("slug", "slug", "Address", slug_hint, text(&typed.slug, "255").attr("spellcheck", "false")))
        .child(act.field("status", "status", "Status", "", status))
        .child(el("button").class("button").text(label))
}

fn choices<'a>(now: &str, options: impl Iterator<Item = (&'a str, &'a str)>) -> El {
    let options = options
        .map(|(value, label)| {
            el("option").attr("value", value).maybe_attr("selected", (value == now).then_some("")).text(label)
        })
        .collect();
    el("select").children(options)
}

/// Whether shoppers see it, and if not, why.
fn standing(stored: &Stored) -> El {
    let reasons = hidden_because(stored);
    let since = match &stored.updated_by {
        Some(name) => ["Saved ", &stored.updated, " by ", name].concat(),
        None => ["Saved ", &stored.updated].concat(),
    };
    let section = el("section").child(state(stored.status)).child(el("p").class("quiet small").text(&since));
    if reasons.is_empty() {
        let path = ["/products/", &stored.typed.slug].concat();
        let out = stored.variants.iter().all(|variant| variant.on_hand == 0);
        return section
            .child(el("p").text(if out { "Shoppers see it as out of stock." } else { "Shoppers see it." }))
            .child(el("p").child(link(&path, "See it in the shop").attr("rel", "external")));
    }
    section
        .child(el("h2").text("Why can’t shoppers see it?"))
        .child(el("ul").class("reasons").children(reasons.into_iter().map(|why| el("li").text(why)).collect()))
}

fn hidden_because(stored: &Stored) -> Vec<&'static str> {
    let status = match stored.status {
        Status::Active => None,
        Status::Draft => Some("It is a draft. Set its status to Active to show it."),
        Status::Archived => Some("It is archived. Restore it, then set its status to Active."),
    };
    let price =
        stored.variants.is_empty().then_some("It has no price, as it has no variants. Import a file that names some.");
    status.into_iter().chain(price).collect()
}

/// The ways out of the shop, and back.
fn leaving(asked: Asked, stored: &Stored) -> El {
    let Typed { product, version, .. } = &stored.typed;
    let section = el("section");
    let used = used_by(stored);
    let remove = Act::on(asked, "/api/admin/products/remove", "product", product);
    let form = remove.form().child(kept("version", version));
    let restore = (stored.status == Status::Archived).then(|| {
        let act = Act::on(asked, "/api/admin/products/restore", "product", product);
        act.form().child(el("button").class("button plain").text("Restore as a draft"))
    });
    let remove = match (used.is_empty(), stored.status) {
        (true, _) => Some(
            form.child(
                el("p").class("quiet small").text("Nobody has it in a cart or on a wishlist. This can’t be undone."),
            )
            .child(el("button").class("button plain delete").text("Delete this product")),
        ),
        (false, Status::Archived) => None,
        (false, _) => Some(
            form.child(el("p").class("quiet small").text(&used).text(", so it can be archived but not deleted."))
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
