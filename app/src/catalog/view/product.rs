use super::asked_for::asked_for;
use super::card::{card_grid, heart};
use super::gallery::gallery;
use super::options::options;
use super::structured_data;
use crate::catalog::api::{ADD, PageAnswer, Picture, Product, Rendered, SOLD_OUT, VARIANTS, Variant, VariantView};
use crate::domain::StockState;
use crate::page_json::in_script;
use crate::pages::Asked;
use crate::shop::Shop;
use crate::ui::{El, crumbs, el, heading, price_tag, stepper};

pub fn page(product: &Product, asked: Asked) -> Rendered {
    let path = ["/products/", &product.slug].concat();
    let page = at(&path, product, asked, true);
    let structured =
        el("script").attr("type", "application/ld+json").sanitised(&structured_data::of(product, asked.shop));
    Rendered { canonical: Some(path), html: page.html + &structured.html(), ..page }
}

/// The page where it can only be looked at, without what tells the world about it.
pub fn preview(product: &Product, asked: Asked) -> Rendered {
    at(asked.path, product, asked, false)
}

/// `sells`: whether it can be bought here.
fn at(path: &str, product: &Product, asked: Asked, sells: bool) -> Rendered {
    let Asked { search, shop, .. } = asked;
    let variants: Vec<VariantView> = product.variants.iter().map(|variant| view(path, variant, shop)).collect();
    let at = asked_for(product, search);
    let title = if product.seo_title.is_empty() { &product.title } else { &product.seo_title };
    let by_values = form_urlencoded::parse(search.as_bytes()).any(|(name, _)| name.starts_with("option."));
    // The form that chooses without JavaScript sends option values. Its answer is the address of the variant they
    // mean, which is short and the one that is shared.
    let redirect = by_values.then(|| variants.get(at).map(|variant| variant.href.clone())).flatten();
    let article = el("article")
        .class("product")
        .child(gallery(&product.pictures, &product.title, variants.get(at).and_then(|variant| variant.picture)))
        .child(buy(product, path, &variants, at, asked, sells));
    let related = (!product.related.is_empty()).then(|| {
        let head = el("div").class("shelf-head").child(el("h2").text("Goes well with"));
        el("section").class("shelf").child(head).child(card_grid(&product.related, 0, asked))
    });
    let body = el("div").class("wrap").maybe(crumbs(&product.crumbs)).child(article).maybe(related);
    Rendered {
        title: title.clone(),
        canonical: None,
        count: 0,
        html: body.html() + &choices(&variants).html(),
        answer: PageAnswer {
            description: product.seo_description.clone(),
            image: product.pictures.first().map(Picture::largest).unwrap_or_default(),
            kind: "product",
            redirect,
            ..PageAnswer::default()
        },
    }
}

fn buy(product: &Product, path: &str, variants: &[VariantView], at: usize, asked: Asked, sells: bool) -> El {
    let shown = variants.get(at);
    let vendor = (!product.vendor.is_empty()).then(|| el("p").class("quiet small").text(&product.vendor));
    let price = shown.map(|variant| el("div").class("static").attr("data-place", "price").sanitised(&variant.price));
    let naming = el("div").class("naming").maybe(vendor).child(heading(&product.title)).maybe(price);
    // Says its change aloud, since choosing a value changes it from elsewhere on the page.
    let stock = shown.map(|variant| {
        el("p").class("stock").attr("role", "status").attr("data-stock", &variant.level).text(&variant.stock)
    });
    el("div")
        .class("buy")
        .child(naming)
        .maybe(options(path, &product.options, variants, at))
        .maybe(stock)
        .maybe(shown.map(|variant| if sells { add_form(product, variant, asked) } else { no_form() }))
        .child(el("div").class("prose").sanitised(&product.description))
        .maybe(facts(&product.facts, shown.map_or("", |variant| &variant.sku)))
}

/// One strong button. The form knows the variant that is shown; choosing another changes it.
fn add_form(product: &Product, variant: &VariantView, asked: Asked) -> El {
    const ACTION: &str = "/api/cart/add_line";
    let flash = asked.flash;
    let ours = flash.action == ACTION;
    let typed = flash.values.get("quantity").filter(|_| ours).map_or("1", String::as_str);
    let wrong = |field: &str| flash.errors.get(field).filter(|_| ours).map_or("", String::as_str);
    let hidden_field =
        |name: &'static str, value: &str| el("input").attr("type", "hidden").attr("name", name).attr("value", value);
    let out = variant.is_out();
    let label = el("label").attr("for", "quantity").text("Quantity");
    let error =
        el("p").class("error").attr("id", "quantity-error").attr("data-error", "quantity").text(wrong("quantity"));
    let whole = el("p").class("error").attr("role", "alert").attr("data-error", "").text(wrong(""));
    let button = el("button")
        .class("button wide")
        .maybe_attr("disabled", out.then_some(""))
        .attr("data-place", "add")
        .text(if out { SOLD_OUT } else { ADD });
    el("form")
        .class("add")
        .attr("method", "post")
        .attr("action", ACTION)
        .attr("novalidate", "")
        .attr("data-act", "add")
        .child(hidden_field("page", &asked.here()))
        .child(hidden_field("variant", &variant.id).attr("data-place", "variant"))
        .child(whole)
        .child(
            el("div").class("form-field").child(label).child(error).child(stepper("quantity", "quantity", typed, None)),
        )
        .child(el("div").class("add-row").child(button).child(heart(
            &product.slug,
            &product.title,
            asked.shelf.wished.contains(&product.slug),
        )))
}

/// What stands in the form's place where nothing is sold. The script that shows another variant looks for no such button.
fn no_form() -> El {
    let label = el("label").attr("for", "quantity").text("Quantity");
    let quantity =
        el("input").class("field").attr("id", "quantity").attr("type", "text").attr("value", "1").attr("disabled", "");
    let button = el("button").class("button wide").attr("type", "button").attr("disabled", "").text(ADD);
    el("div")
        .class("add")
        .child(el("div").class("form-field").child(label).child(quantity))
        .child(el("div").class("add-row").child(button))
}

/// Material, size, care, and the number to name when writing to the shop.
fn facts(facts: &[(String, String)], sku: &str) -> Option<El> {
    let line = |name: &str, value: El| el("div").child(el("dt").text(name)).child(value);
    let mut lines: Vec<El> = facts.iter().map(|(name, value)| line(name, el("dd").text(value))).collect();
    if !sku.is_empty() {
        lines.push(line("SKU", el("dd").attr("data-place", "sku").text(sku)));
    }
    (!lines.is_empty()).then(|| el("dl").class("facts").children(lines))
}

fn view(path: &str, variant: &Variant, shop: &Shop) -> VariantView {
    let level = match variant.stock {
        StockState::In => "in",
        StockState::Low(_) => "low",
        StockState::Out => "out",
    };
    let mut search = form_urlencoded::Serializer::new(String::new());
    search.append_pair("variant", &variant.key);
    VariantView {
        id: variant.id.clone(),
        href: [path, "?", &search.finish()].concat(),
        options: variant.options.clone(),
        price: price_tag(&shop.currency, variant.price, variant.compare_at, false).html(),
        stock: variant.stock.words(),
        level: level.to_owned(),
        picture: variant.picture,
        sku: variant.sku.clone().unwrap_or_default(),
    }
}

/// What the browser chooses among, in a block that it reads and never runs.
fn choices(variants: &[VariantView]) -> El {
    let json = serde_json::to_string(variants).unwrap_or_default();
    el("script").attr("type", "application/json").attr("id", VARIANTS).sanitised(&in_script(&json))
}
