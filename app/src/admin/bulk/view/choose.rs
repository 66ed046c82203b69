//! What is to be done with the chosen products: a form for each, which leads to its preview.

use super::super::host::{Edit, Kind, PATH, PRICE_CHANGES, STOCK_CHANGES, State};
use super::counted;
use crate::admin::products::host::{PATH as PRODUCTS, Status};
use crate::admin::view::form::Act;
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::domain::repricing::Rounding;
use crate::error::AppError;
use crate::ui::{El, el, link};

pub async fn page(edit: &Edit, asked: Asked<'_>) -> Result<Rendered, AppError> {
    let categories = asked.office.products.categories().await?;
    let categories: Vec<(&str, &str)> = categories.iter().map(|one| (one.id.as_str(), one.path.as_str())).collect();
    let how = if edit.by_filter { ", all that matched the filter when you chose them" } else { "" };
    let said = el("p").text(&[&counted(edit.chosen, "product", "products"), " chosen", how, "."].concat());
    let next = el("p").class("hint").text("You see what would change before anything does.");
    let back = (edit.state == State::Ready)
        .then(|| el("p").child(link(&[PATH, "/", &edit.id].concat(), "Back to the preview made before")));
    let forms = Kind::ALL.map(|kind| disclosed(kind, edit, asked, &categories)).into_iter();
    let body = [Some(said), Some(next), back].into_iter().flatten().chain(forms).collect();
    let right = el("div").class("right").child(link(PRODUCTS, "All products").class("button plain"));
    Ok(Desk { title: "Edit in bulk", area: PRODUCTS, right: Some(right), body }.page(asked))
}

/// Open: the one that was asked for, or that came back refused.
fn disclosed(kind: Kind, edit: &Edit, asked: Asked, categories: &[(&str, &str)]) -> El {
    let act = Act::on(asked, action(kind), "edit", &edit.id);
    let is_open = act.is_refused() || asked.flash.errors.is_empty() && asked.parameter("act") == kind.key();
    let fields = match kind {
        Kind::Status => vec![status(&act)],
        Kind::Category => vec![category(&act, categories)],
        Kind::Tags => tags(&act),
        Kind::Price => price(&act, asked),
        Kind::Stock => stock(&act),
    };
    let form = act.form().class("form").children(fields).child(el("button").class("button").text("Preview"));
    el("details")
        .class("opens")
        .attr("data-key", kind.key())
        .maybe_attr("open", is_open.then_some(""))
        .child(el("summary").text(kind.label()))
        .child(form)
}

fn action(kind: Kind) -> &'static str {
    match kind {
        Kind::Status => "/api/admin/bulk/status",
        Kind::Category => "/api/admin/bulk/category",
        Kind::Tags => "/api/admin/bulk/tags",
        Kind::Price => "/api/admin/bulk/price",
        Kind::Stock => "/api/admin/bulk/stock",
    }
}

fn select<'a>(now: &str, options: impl IntoIterator<Item = (&'a str, &'a str)>) -> El {
    let option = |(value, label): (&str, &str)| {
        el("option").attr("value", value).maybe_attr("selected", (value == now).then_some("")).text(label)
    };
    el("select").children(options.into_iter().map(option).collect())
}

fn text(value: &str, keyboard: &str) -> El {
    el("input").attr("type", "text").attr("value", value).attr("inputmode", keyboard).attr("autocomplete", "off")
}

fn status(act: &Act) -> El {
    let control = select(act.typed("status", ""), Status::ALL.map(|status| (status.key(), status.label())));
    act.field("bulk-status", "status", "New status", "", control)
}

fn category(act: &Act, categories: &[(&str, &str)]) -> El {
    let all = [("", "No category")].into_iter().chain(categories.iter().copied());
    act.field("bulk-category", "category", "New category", "", select(act.typed("category", ""), all))
}

fn tags(act: &Act) -> Vec<El> {
    let field = |id, name, label, hint| act.field(id, name, label, hint, text(act.typed(name, ""), "text"));
    vec![
        field("bulk-add", "add", "Tags to add", "Separated by commas."),
        field(
            "bulk-remove",
            "remove",
            "Tags to remove",
            "Separated by commas. Capitals and small letters are the same.",
        ),
    ]
}

fn price(act: &Act, asked: Asked) -> Vec<El> {
    let change = select(act.typed("change", ""), PRICE_CHANGES);
    let roundings = Rounding::all(&asked.office.shop.currency);
    let rounding = select(act.typed("rounding", ""), roundings.iter().map(|(key, label, _)| (*key, label.as_str())));
    let sale = el("input")
        .attr("type", "checkbox")
        .attr("value", "yes")
        .maybe_attr("checked", (!act.typed("sale", "").is_empty()).then_some(""));
    let sale = act.control("bulk-sale", "sale", "bulk-sale-hint bulk-sale-error", sale);
    let starts = el("div")
        .class("form-field")
        .child(el("label").class("check").child(sale).text(" Start a sale"))
        .child(el("p").class("hint").attr("id", "bulk-sale-hint").text(
            "The price of now becomes the price before. What is on sale already keeps the price before that it has.",
        ))
        .child(act.error_place("sale").attr("id", "bulk-sale-error"));
    let by_hint = "A percentage or an amount, such as 10 or 2.50. Not needed to end a sale.";
    vec![
        act.field("bulk-price", "change", "What to do with the price", "", change),
        act.field("bulk-by", "by", "By how much", by_hint, text(act.typed("by", ""), "decimal")),
        act.field("bulk-rounding", "rounding", "Rounding", "", rounding),
        starts,
    ]
}

fn stock(act: &Act) -> Vec<El> {
    let change = select(act.typed("change", ""), STOCK_CHANGES);
    let hint = "Of every variant. Where there are fewer than are to be taken away, nothing is.";
    vec![
        act.field("bulk-stock", "change", "What to do with the stock", "", change),
        act.field("bulk-pieces", "pieces", "Pieces", hint, text(act.typed("pieces", ""), "numeric")),
    ]
}
