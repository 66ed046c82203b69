use crate::admin::bulk::view::pick;
use crate::admin::products::host::{PATH, Row, RowVariant, Status, Stock};
use crate::admin::view::Asked;
use crate::admin::view::PAGE;
use crate::admin::view::columns::Columns;
use crate::admin::view::form::{Act, REFRESHED, kept};
use crate::admin::view::table::cell;
use crate::domain::Money;
use crate::ui::{El, Photo, el, hidden, link, photo_or_outline};

/// A product's row, and what is open below it. `category`: as a path of names; `across`: the table's columns.
pub fn rows_of(asked: Asked, row: &Row, category: &str, columns: &Columns, across: usize) -> Vec<El> {
    let opened = row.opened.as_ref().map(|variants| opened(asked, row, variants, across));
    [main_row(asked, row, category, columns)].into_iter().chain(opened).collect()
}

fn main_row(asked: Asked, row: &Row, category: &str, columns: &Columns) -> El {
    let href = [PATH, "/", &row.id].concat();
    let photo = Photo { sizes: "2rem", eager: false, alt: "" };
    let picture = el("div").class("thumb").child(photo_or_outline(row.picture.as_ref(), photo));
    let shown = |key: &str, cell: El| columns.has(key).then_some(cell);
    let was = row.compare_at.map(|was| asked.office.shop.currency.format(was)).unwrap_or_default();
    el("tr")
        .attr("data-key", &row.id)
        .child(pick(row))
        .maybe(shown("picture", el("td").child(picture)))
        .child(el("td").class("wraps").child(link(&href, &row.title).class("name")).maybe(several(asked, row)))
        .maybe(shown("sku", cell("SKU", "quiet sku").text(&row.sku)))
        .maybe(shown("status", cell("Status", "").child(state(row.status))))
        .maybe(shown("category", cell("Category", "quiet").text(category)))
        .maybe(shown("vendor", cell("Vendor", "quiet").text(&row.vendor)))
        .maybe(shown("tags", cell("Tags", "quiet").text(&row.tags.join(", "))))
        .maybe(shown("variants", cell("Variants", "num quiet").text(&row.variants.to_string())))
        .maybe(shown("price", cell("Price", "num").children(price(asked, row))))
        .maybe(shown("compare_at", cell("Price before", "num quiet").text(&was)))
        .maybe(shown("stock", cell("Stock", "num").children(stock(asked, row))))
        .maybe(shown("created", cell("Created", "quiet").text(&row.created)))
        .maybe(shown("updated", cell("Updated", "quiet").text(&row.updated)))
}

pub fn state(status: Status) -> El {
    let mark = match status {
        Status::Active => "good",
        Status::Draft => "open",
        Status::Archived => "",
    };
    el("span").class("state").attr("data-state", mark).text(status.label())
}

/// Opens and closes the variants below the row.
fn several(asked: Asked, row: &Row) -> Option<El> {
    let is_open = row.opened.is_some();
    let href = asked.opening(if is_open { "" } else { &row.id });
    let words = [&row.variants.to_string(), " variants"].concat();
    let link = link(&href, &words)
        .class("quiet small variants-of")
        .attr("data-noscroll", "")
        .attr("aria-expanded", if is_open { "true" } else { "false" })
        .child(hidden(&[" of ", &row.title].concat()));
    (row.variants > 1).then(|| el("span").text(" ").child(link))
}

/// The variants of a product, each with its own price and stock to change.
fn opened(asked: Asked, row: &Row, variants: &[RowVariant], across: usize) -> El {
    let line = |variant: &RowVariant| {
        let of = [&row.title, ", ", &variant.name].concat();
        let cell = Cell { asked, version: row.version, variant: &variant.id, of: &of };
        let named = |label: &str| el("span").class("quiet small").attr("aria-hidden", "true").text(label);
        let sku = (!variant.sku.is_empty()).then(|| el("span").class("quiet sku").text(&variant.sku));
        el("li")
            .attr("data-key", &variant.id)
            .child(el("span").class("which").text(&variant.name).text(" ").maybe(sku))
            .child(el("span").class("num").child(named("Price")).child(cell.price(variant.price)))
            .child(
                el("span")
                    .class("num")
                    .child(named("Stock"))
                    .child(counted(variant.stock, cell.stock(&variant.on_hand.to_string()))),
            )
    };
    let list = el("ul")
        .attr("aria-label", &["Variants of ", &row.title].concat())
        .children(variants.iter().map(line).collect());
    el("tr")
        .class("opened")
        .attr("data-key", &["variants of ", &row.id].concat())
        .child(el("td").attr("colspan", &across.to_string()).child(list))
}

/// The price of an only variant is changed where it stands; a range says nothing that could be.
fn price(asked: Asked, row: &Row) -> Vec<El> {
    let currency = &asked.office.shop.currency;
    let Some((low, high)) = row.price else { return vec![el("span").class("quiet").text("None")] };
    let Some(variant) = &row.variant else {
        let range = |low: Money, high: Money| [&currency.format(low), " – ", &currency.format(high)].concat();
        let words = if low == high { currency.format(low) } else { range(low, high) };
        return vec![el("span").text(&words)];
    };
    vec![Cell { asked, version: row.version, variant, of: &row.title }.price(low)]
}

fn stock(asked: Asked, row: &Row) -> Vec<El> {
    let now = row.on_hand.to_string();
    let shown = match &row.variant {
        Some(variant) => Cell { asked, version: row.version, variant, of: &row.title }.stock(&now),
        None => el("span").text(&now),
    };
    vec![counted(row.stock, shown)]
}

/// Pieces, marked where they are few.
fn counted(stock: Option<Stock>, shown: El) -> El {
    let (class, words) = match stock {
        Some(Stock::Out) => ("out", Some("Out of stock")),
        Some(Stock::Low) => ("low", Some("Low")),
        None => ("", None),
    };
    el("span").class(class).child(shown).maybe(words.map(hidden))
}

/// A cell that is a form. It sends what it showed, so that nobody changes what they haven't seen.
struct Cell<'a> {
    asked: Asked<'a>,
    /// The product's.
    version: i64,
    variant: &'a str,
    /// What it belongs to, for the ear.
    of: &'a str,
}

impl Cell<'_> {
    fn price(&self, now: Money) -> El {
        let currency = &self.asked.office.shop.currency;
        let now = currency.plain(now);
        // As wide as what stands there, so that the currency stands where it does in a price that is no field.
        let wide = now.chars().count().max(5).to_string();
        let sign = el("span").class("currency").attr("aria-hidden", "true").text(&currency.symbol);
        let field = |input: El| el("span").class("amount").child(sign).child(input.attr("size", &wide));
        self.form("/api/admin/products/set_price", "price", "Price", &now, "decimal", field)
    }

    fn stock(&self, now: &str) -> El {
        self.form("/api/admin/products/set_stock", "stock", "Stock", now, "text", |input| input)
    }

    /// `field`: what stands in the field's place, the field in it.
    fn form(
        &self,
        action: &'static str,
        name: &'static str,
        label: &str,
        now: &str,
        keyboard: &str,
        field: impl FnOnce(El) -> El,
    ) -> El {
        let act = Act::on(self.asked, action, "variant", self.variant);
        let id = [name, "-", self.variant].concat();
        let error_id = [&id, "-error"].concat();
        let input = el("input")
            .class("cell-edit num")
            .attr("value", act.typed(name, now))
            .attr("inputmode", keyboard)
            .attr("autocomplete", "off")
            .attr("aria-label", &[label, " of ", self.of].concat());
        let save = el("button").class("link").text("Save").child(hidden(&[" ", label, " of ", self.of].concat()));
        act.field_form()
            .class("cell")
            .attr(REFRESHED, PAGE)
            .child(kept("version", &self.version.to_string()))
            .child(kept("seen", now))
            .child(field(act.control(&id, name, &error_id, input)))
            .child(save)
            .child(act.error_place(name).attr("id", &error_id))
    }
}
