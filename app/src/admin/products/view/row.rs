use crate::admin::products::host::{PATH, Row, Status};
use crate::admin::view::Asked;
use crate::admin::view::form::{Act, kept};
use crate::admin::view::table::cell;
use crate::domain::{Money, StockState};
use crate::ui::{El, Photo, el, hidden, link, photo_or_outline};

/// `category`: as a path of names.
pub fn row(asked: Asked, row: &Row, category: &str) -> El {
    let href = [PATH, "/", &row.id].concat();
    let photo = Photo { sizes: "2rem", eager: false, alt: "" };
    let picture = el("div").class("thumb").child(photo_or_outline(row.picture.as_ref(), photo));
    el("tr")
        .attr("data-key", &row.id)
        .child(el("td").child(picture))
        .child(el("td").class("wraps").child(link(&href, &row.title).class("name")).maybe(several(row)))
        .child(cell("SKU", "quiet").text(&row.sku))
        .child(cell("Status", "").child(state(row.status)))
        .child(cell("Category", "quiet").text(category))
        .child(cell("Price", "num").children(price(asked, row)))
        .child(cell("Stock", "num").children(stock(asked, row)))
        .child(cell("Updated", "quiet").text(&row.updated))
}

pub fn state(status: Status) -> El {
    let mark = match status {
        Status::Active => "good",
        Status::Draft => "open",
        Status::Archived => "",
    };
    el("span").class("state").attr("data-state", mark).text(status.label())
}

fn several(row: &Row) -> Option<El> {
    (row.variants > 1)
        .then(|| el("span").class("quiet small").text(&[" ", &row.variants.to_string(), " variants"].concat()))
}

/// A plain product's price is changed where it stands; a range says nothing that could be.
fn price(asked: Asked, row: &Row) -> Vec<El> {
    let currency = &asked.office.shop.currency;
    let Some((low, high)) = row.price else { return vec![el("span").class("quiet").text("None")] };
    let Some(variant) = &row.variant else {
        let range = |low: Money, high: Money| [&currency.format(low), " – ", &currency.format(high)].concat();
        let words = if low == high { currency.format(low) } else { range(low, high) };
        return vec![el("span").text(&words)];
    };
    let now = currency.plain(low);
    vec![edited(asked, row, variant, "/api/admin/products/set_price", "price", "Price", &now, "decimal")]
}

fn stock(asked: Asked, row: &Row) -> Vec<El> {
    let now = row.on_hand.to_string();
    let (class, words) = match StockState::of(row.on_hand) {
        StockState::Out => ("out", Some("Out of stock")),
        StockState::Low(_) => ("low", Some("Low")),
        StockState::In => ("", None),
    };
    let said = words.map(hidden);
    match &row.variant {
        Some(variant) => {
            let form = edited(asked, row, variant, "/api/admin/products/set_stock", "stock", "Stock", &now, "text");
            vec![el("span").class(class).child(form).maybe(said)]
        }
        None => vec![el("span").class(class).text(&now).maybe(said)],
    }
}

/// A cell that is a form. It sends what it showed, so that nobody changes what they haven't seen.
#[allow(clippy::too_many_arguments)]
fn edited(
    asked: Asked,
    row: &Row,
    variant: &str,
    action: &'static str,
    name: &'static str,
    label: &str,
    now: &str,
    keyboard: &str,
) -> El {
    let act = Act::on(asked, action, "variant", variant);
    let id = [name, "-", variant].concat();
    let error_id = [&id, "-error"].concat();
    let input = el("input")
        .class("cell-edit num")
        .attr("value", act.typed(name, now))
        .attr("inputmode", keyboard)
        .attr("autocomplete", "off")
        .attr("aria-label", &[label, " of ", &row.title].concat());
    let save = el("button").class("link").text("Save").child(hidden(&[" ", label, " of ", &row.title].concat()));
    act.form()
        .class("cell")
        .child(kept("version", &row.version.to_string()))
        .child(kept("seen", now))
        .child(act.control(&id, name, &error_id, input))
        .child(save)
        .child(act.error_place(name).attr("id", &error_id))
}
