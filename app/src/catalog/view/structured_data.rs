//! What a product says to machines, after schema.org.

use crate::catalog::api::{Product, Variant};
use crate::domain::StockState;
use crate::page_json::in_script;
use crate::shop::Shop;
use serde_json::{Value, json};

/// JSON-LD, safe inside a `<script>`: a product's text can hold `</script>` or `<!--`, and JSON allows `<` to be
/// written as an escape.
pub fn of(product: &Product, shop: &Shop) -> String {
    let url = format!("{}/products/{}", shop.base_url, product.slug);
    let crumbs: Vec<Value> = product
        .crumbs
        .iter()
        .map(|crumb| (crumb.name.clone(), format!("{}{}", shop.base_url, crumb.href)))
        .chain([(product.title.clone(), url.clone())])
        .enumerate()
        .map(|(at, (name, item))| json!({"@type": "ListItem", "position": at + 1, "name": name, "item": item}))
        .collect();
    let images: Vec<String> = product.pictures.iter().map(|picture| absolute(&picture.largest(), shop)).collect();
    let mut thing = json!({
        "@type": "Product",
        "name": product.title,
        "url": url,
        "description": product.seo_description,
        "image": images,
        "offers": offers(&product.variants, &url, shop),
    });
    if !product.vendor.is_empty() {
        thing["brand"] = json!({"@type": "Brand", "name": product.vendor});
    }
    if let [only] = product.variants.as_slice()
        && let Some(sku) = &only.sku
    {
        thing["sku"] = json!(sku);
    }
    let graph = json!({
        "@context": "https://schema.org",
        "@graph": [thing, {"@type": "BreadcrumbList", "itemListElement": crumbs}],
    });
    in_script(&graph.to_string())
}

fn offers(variants: &[Variant], url: &str, shop: &Shop) -> Value {
    let offers: Vec<Value> = variants.iter().map(|variant| offer(variant, url, shop)).collect();
    let prices = || variants.iter().map(|variant| variant.price);
    match (offers.as_slice(), prices().min(), prices().max()) {
        ([only], ..) => only.clone(),
        (_, Some(low), Some(high)) => json!({
            "@type": "AggregateOffer",
            "priceCurrency": shop.currency.code,
            "lowPrice": shop.currency.plain(low),
            "highPrice": shop.currency.plain(high),
            "offerCount": variants.len(),
            "offers": offers,
        }),
        _ => Value::Null,
    }
}

fn offer(variant: &Variant, url: &str, shop: &Shop) -> Value {
    let availability = match variant.stock {
        StockState::In => "https://schema.org/InStock",
        StockState::Low(_) => "https://schema.org/LimitedAvailability",
        StockState::Out => "https://schema.org/OutOfStock",
    };
    let key: String = form_urlencoded::byte_serialize(variant.key.as_bytes()).collect();
    let mut offer = json!({
        "@type": "Offer",
        "url": format!("{url}?variant={key}"),
        "price": shop.currency.plain(variant.price),
        "priceCurrency": shop.currency.code,
        "availability": availability,
    });
    if let Some(sku) = &variant.sku {
        offer["sku"] = json!(sku);
    }
    offer
}

fn absolute(url: &str, shop: &Shop) -> String {
    if url.starts_with('/') { format!("{}{url}", shop.base_url) } else { url.to_owned() }
}
