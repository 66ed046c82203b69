//! The rows of a page: one query for all its cards, one for a product.

use super::snapshot::Seq;
use app::catalog::api::{Card, Picture};
use app::domain::{Money, StockState};
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::types::Json;
use std::borrow::Cow;
use std::collections::HashMap;
use uuid::Uuid;

/// A picture as the queries aggregate it.
#[derive(Debug, Deserialize)]
pub struct PictureRow {
    pub id: Option<Uuid>,
    pub alt: String,
    /// Without a text on purpose.
    #[serde(default)]
    pub decorative: bool,
    pub source: String,
    pub widths: Option<Vec<u16>>,
    pub width: Option<u16>,
    pub height: Option<u16>,
}

/// Hosts that foreign pictures may be shown from, as the content security policy has them.
#[derive(Clone, Debug, Default)]
pub struct ImageHosts(pub Vec<String>);

impl ImageHosts {
    /// HTML without the addresses of pictures that no browser may fetch by the policy; what they are said to show stays.
    pub fn shown<'a>(&self, html: &'a str) -> Cow<'a, str> {
        if !html.contains("<img") {
            return Cow::Borrowed(html);
        }
        let hosts = self.clone();
        let mut cleaner = ammonia::Builder::default();
        cleaner.attribute_filter(move |element, name, value| {
            let own = value.starts_with('/') && !value.starts_with("//");
            let shows = element != "img" || name != "src" || own || hosts.allow(value);
            shows.then_some(Cow::Borrowed(value))
        });
        Cow::Owned(cleaner.clean(html).to_string())
    }

    pub fn allow(&self, url: &str) -> bool {
        let Some(host) = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()) else {
            return false;
        };
        self.0.iter().filter_map(|allowed| allowed.strip_prefix("https://")).any(|allowed| {
            match allowed.strip_prefix("*.") {
                Some(domain) => host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.') && sub.len() > 1),
                None => host.eq_ignore_ascii_case(allowed),
            }
        })
    }
}

pub fn media_base(id: Uuid) -> String {
    format!("/media/{id}")
}

/// `None` for a foreign picture whose host isn't allowed: the page shows its placeholder.
pub fn picture(row: PictureRow, title: &str, hosts: &ImageHosts) -> Option<Picture> {
    let alt = if row.alt.is_empty() && !row.decorative { title.to_owned() } else { row.alt };
    match (row.id, row.widths, row.width, row.height) {
        (Some(id), Some(widths), Some(width), Some(height)) => {
            Some(Picture { base: media_base(id), widths, width, height, alt })
        }
        _ if hosts.allow(&row.source) => {
            // The size of a foreign picture is not known; its plate is square and the picture is fitted into it.
            Some(Picture { base: row.source, widths: Vec::new(), width: 800, height: 800, alt })
        }
        _ => None,
    }
}

/// Cards in the order of `seqs`; what has meanwhile left the catalogue is left out.
///
/// # Errors
/// When the database can't be read.
pub async fn cards(pool: &PgPool, hosts: &ImageHosts, seqs: &[Seq]) -> Result<Vec<Card>, sqlx::Error> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: Vec<i32> = seqs.iter().filter_map(|seq| i32::try_from(*seq).ok()).collect();
    let rows = sqlx::query!(
        r#"
        select p.seq, p.slug, p.title, p.price_min as "price_min!", p.price_max as "price_max!", p.compare_at, p.on_hand,
               p.option_names = '{}' as "plain!",
               (
                   select jsonb_agg(i)
                   from (
                       select m.id, i.alt, i.source, m.widths, m.width, m.height
                       from product_images i left join media m on m.id = i.media_id
                       where i.product_id = p.id
                       order by i.position
                       limit 2
                   ) i
               ) as "pictures: Json<Vec<PictureRow>>",
               case when p.option_names <> '{}' then (
                   select array_agg(c.value order by c.first)
                   from (
                       select v.option_values[n.at] as value, min(v.position) as first
                       from unnest(p.option_names) with ordinality n(name, at)
                       join variants v on v.product_id = p.id
                       where lower(n.name) in ('colour', 'color') and v.option_values[n.at] is not null
                       group by 1
                   ) c
               ) end as "colours: Vec<String>"
        from products p
        where p.seq = any($1) and p.status = 'active' and p.price_min is not null
        "#,
        &numbers,
    )
    .fetch_all(pool)
    .await?;
    let mut by_seq: HashMap<i32, Card> = rows
        .into_iter()
        .filter_map(|row| {
            let price = Money::from_minor(row.price_min)?;
            let pictures = row.pictures.map(|Json(pictures)| pictures).unwrap_or_default();
            let mut pictures = pictures.into_iter().map(|picture_row| picture(picture_row, &row.title, hosts));
            let card = Card {
                picture: pictures.next().flatten(),
                second: pictures.next().flatten(),
                slug: row.slug,
                title: row.title,
                price,
                compare_at: row.compare_at.and_then(Money::from_minor).filter(|before| *before > price),
                from: row.price_max > row.price_min,
                stock: StockState::of(row.on_hand),
                plain: row.plain,
                colours: row.colours.filter(|colours| colours.len() > 1).unwrap_or_default(),
            };
            Some((row.seq, card))
        })
        .collect();
    Ok(numbers.iter().filter_map(|seq| by_seq.remove(seq)).collect())
}

#[derive(Debug, Deserialize)]
pub struct VariantRow {
    pub id: Uuid,
    pub sku: Option<String>,
    pub price: i64,
    pub compare_at: Option<i64>,
    pub on_hand: i32,
    pub option_values: Vec<String>,
    /// Position of its picture among the product's, from 1.
    pub picture: Option<i32>,
}

pub struct ProductRow {
    pub seq: i32,
    pub slug: String,
    pub title: String,
    pub vendor: String,
    pub body_html: String,
    pub category_id: Option<Uuid>,
    pub option_names: Vec<String>,
    pub seo_title: String,
    pub seo_description: String,
    pub pictures: Vec<PictureRow>,
    pub variants: Vec<VariantRow>,
}

/// `hidden_too`: also one that is a draft or archived.
///
/// # Errors
/// When the database can't be read.
pub async fn product(pool: &PgPool, slug: &str, hidden_too: bool) -> Result<Option<ProductRow>, sqlx::Error> {
    let row = sqlx::query!(
        r#"
        select p.seq, p.slug, p.title, p.vendor, p.body_html, p.category_id, p.option_names, p.seo_title,
               p.seo_description,
               (
                   select jsonb_agg(i)
                   from (
                       select m.id, i.alt, i.decorative, i.source, m.widths, m.width, m.height
                       from product_images i left join media m on m.id = i.media_id
                       where i.product_id = p.id
                       order by i.position
                   ) i
               ) as "pictures: Json<Vec<PictureRow>>",
               (
                   select jsonb_agg(v)
                   from (
                       select v.id, v.sku, v.price, v.compare_at, v.on_hand, v.option_values,
                              case when v.image_id is not null then (
                                  select count(*) from product_images i, product_images own
                                  where own.id = v.image_id and i.product_id = p.id and i.position <= own.position
                              ) end as picture
                       from variants v
                       where v.product_id = p.id
                       order by v.position
                   ) v
               ) as "variants: Json<Vec<VariantRow>>"
        from products p
        where p.slug = $1 and (p.status = 'active' or $2)
        "#,
        slug,
        hidden_too,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| ProductRow {
        seq: row.seq,
        slug: row.slug,
        title: row.title,
        vendor: row.vendor,
        body_html: row.body_html,
        category_id: row.category_id,
        option_names: row.option_names,
        seo_title: row.seo_title,
        seo_description: row.seo_description,
        pictures: row.pictures.map(|Json(pictures)| pictures).unwrap_or_default(),
        variants: row.variants.map(|Json(variants)| variants).unwrap_or_default(),
    }))
}

/// What a product is called now that was once called `slug`.
///
/// # Errors
/// When the database can't be read.
pub async fn renamed(pool: &PgPool, slug: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select p.slug from product_slugs s join products p on p.id = s.product_id
         where s.slug = $1 and p.status = 'active' and p.price_min is not null",
        slug
    )
    .fetch_optional(pool)
    .await
}

/// Media by id, for pictures that belong to no product.
///
/// # Errors
/// When the database can't be read.
pub async fn media(pool: &PgPool, ids: &[Uuid]) -> Result<HashMap<Uuid, Picture>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows =
        sqlx::query!("select id, width, height, widths from media where id = any($1)", ids).fetch_all(pool).await?;
    let size = |pixels: i32| u16::try_from(pixels).unwrap_or(u16::MAX);
    Ok(rows
        .into_iter()
        .map(|row| {
            let picture = Picture {
                base: media_base(row.id),
                widths: row.widths.into_iter().map(size).collect(),
                width: size(row.width),
                height: size(row.height),
                alt: String::new(),
            };
            (row.id, picture)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_hosts_show_foreign_pictures() {
        let hosts = ImageHosts(vec!["https://cdn.example".to_owned(), "https://*.shop.example".to_owned()]);
        assert!(hosts.allow("https://cdn.example/a.jpg"));
        assert!(hosts.allow("https://a.shop.example/a.jpg?x=1"));
        for url in [
            "http://cdn.example/a.jpg",
            "https://cdn.example.evil/a.jpg",
            "https://evilshop.example/a.jpg",
            "https://shop.example/a.jpg",
            "https://cdn.example@evil/a.jpg",
            "javascript:alert(1)",
        ] {
            assert!(!hosts.allow(url), "{url}");
        }
    }
    #[test]
    fn a_description_shows_only_pictures_that_a_browser_may_fetch() {
        let hosts = ImageHosts(vec!["https://cdn.example".to_owned()]);
        for src in ["https://cdn.example/a.jpg", "/media/a.webp"] {
            let html = format!("<p>A <img src=\"{src}\" alt=\"mug\"></p>");
            assert_eq!(hosts.shown(&html), html);
        }
        for src in ["http://evil.example/a.gif", "//evil.example/a.gif"] {
            let html = format!("<p>A <img src=\"{src}\" alt=\"mug\"></p>");
            assert_eq!(hosts.shown(&html), "<p>A <img alt=\"mug\"></p>");
        }
        assert!(matches!(hosts.shown("<p>A mug</p>"), Cow::Borrowed(_)));
    }
}
