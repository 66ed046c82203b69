use super::{figure, section};
use crate::admin::overview::host::{Goods, Wanted};
use crate::admin::view::Asked;
use crate::admin::view::table::{cell, heading_cell, table};
use crate::ui::{El, el, grouped, link};

/// The catalogue, and what people want of it.
pub fn sections(asked: Asked, goods: &Goods) -> Vec<El> {
    let currency = &asked.office.shop.currency;
    let low = ["Low stock, ", &goods.low_stock.to_string(), " or fewer"].concat();
    let products = |name: &str, number: u32, search: &str| {
        figure(name, &grouped(number), Some(&["/admin/products?", search].concat()))
    };
    let states = el("dl")
        .class("figures")
        .child(products("Active products", goods.active, "status=active"))
        .child(products("Drafts", goods.draft, "status=draft"))
        .child(products("Archived", goods.archived, "status=archived"))
        .child(products(&low, goods.low, "status=active&stock=low"))
        .child(products("Out of stock", goods.out, "status=active&stock=out"))
        .child(figure("Value of stock", &currency.format(goods.stock_value), None))
        .child(figure("Open carts", &grouped(goods.carts), None))
        .child(figure("Value of open carts", &currency.format(goods.cart_value), None));
    let counted = el("p").class("hint").text("Counted at ").text(&goods.counted_at).text(" UTC, at today’s prices.");
    let wanted = el("div").class("halves").child(most("Most carted", "In carts", &goods.most_carted)).child(most(
        "Most wished for",
        "On lists",
        &goods.most_wished,
    ));
    vec![section("Catalogue").child(states).child(counted), wanted]
}

fn most(heading: &str, unit: &str, wanted: &[Wanted]) -> El {
    if wanted.is_empty() {
        return section(heading).child(el("p").class("quiet").text("Nothing yet."));
    }
    let head = vec![heading_cell("", "Product"), heading_cell("num", unit)];
    let row = |product: &Wanted| {
        let name = link(&["/admin/products/", &product.id].concat(), &product.title).class("name");
        el("tr")
            .attr("data-key", &product.id)
            .child(cell("Product", "wraps").child(name))
            .child(cell(unit, "num").text(&grouped(product.number)))
    };
    section(heading).child(table(heading, head, wanted.iter().map(row).collect()))
}
