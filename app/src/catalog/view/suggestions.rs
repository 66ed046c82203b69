use crate::catalog::api::{Suggestion, Suggestions};
use crate::domain::Currency;
use crate::error::AppError;
use crate::host::Catalog;
use crate::shop::Shop;
use crate::ui::{El, Photo, el};

/// The lines of the type-ahead for what was typed.
///
/// # Errors
/// Whatever the catalogue answers.
pub async fn suggestions(catalog: &dyn Catalog, shop: &Shop, typed: &str) -> Result<Suggestions, AppError> {
    let lines = catalog.suggest(typed).await?;
    Ok(Suggestions {
        html: lines.iter().enumerate().map(|(at, line)| option(at, line, &shop.currency).html()).collect(),
        hrefs: lines.into_iter().map(|line| line.href).collect(),
    })
}

fn option(at: usize, line: &Suggestion, currency: &Currency) -> El {
    let photo = Photo { sizes: "3rem", eager: false, alt: "" };
    let words = el("span")
        .class("words")
        .text(&line.label)
        .text(" ")
        .maybe((!line.note.is_empty()).then(|| el("span").class("quiet").text(&line.note)));
    el("li")
        .attr("id", &["search-", &at.to_string()].concat())
        .attr("role", "option")
        .attr("aria-selected", "false")
        .attr("data-at", &at.to_string())
        .child(el("span").class("thumb").maybe(line.picture.as_ref().map(|picture| picture.photo(photo))))
        .child(words)
        .maybe(line.price.map(|price| el("span").class("num").text(&currency.format(price))))
}
