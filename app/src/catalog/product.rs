use super::api::{Picture, Product, Variant};
use super::card::card_grid;
use super::gallery::Gallery;
use super::options::Options;
use super::page::{Content, Wanted, page};
use super::place::own_param;
use super::selection::{Availability, asked_for, availability, choose};
use crate::domain::StockState;
use crate::shop::use_shop;
use crate::ui::{El, Head, PageHeading, crumbs, el, live, price_tag};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_url};

#[component]
pub fn ProductPage() -> impl IntoView {
    let slug = own_param("product");
    page(
        move || Wanted::Product { slug: slug.get() },
        RwSignal::new(false),
        |content| match content {
            Content::Product(product) => view! { <ProductView product=*product/> }.into_any(),
            _ => ().into_any(),
        },
    )
}

/// The product and which of its variants is shown. The address holds the choice: it can be shared, and the back
/// button leaves the page rather than the choice.
#[derive(Clone, Copy)]
pub struct Shown {
    product: StoredValue<Product>,
    at: Memo<usize>,
    navigate: StoredValue<Navigate>,
}

type Navigate = Box<dyn Fn(&str) + Send + Sync>;

impl Shown {
    fn new(product: Product) -> Self {
        let product = StoredValue::new(product);
        let url = use_url();
        let at = Memo::new(move |_| product.with_value(|product| asked_for(product, url.read().search())));
        let navigate = use_navigate();
        let navigate: Navigate = Box::new(move |href: &str| {
            navigate(href, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        });
        Self { product, at, navigate: StoredValue::new(navigate) }
    }

    pub fn path(self) -> String {
        self.product.with_value(|product| ["/products/", &product.slug].concat())
    }

    fn variant<T>(self, read: impl FnOnce(&Variant) -> T) -> Option<T> {
        let at = self.at.get();
        self.product.with_value(|product| product.variants.get(at).map(read))
    }

    /// The chosen value of an option.
    pub fn value(self, option: usize) -> String {
        self.variant(|variant| variant.options.get(option).cloned()).flatten().unwrap_or_default()
    }

    pub fn picture(self) -> Option<usize> {
        self.variant(|variant| variant.picture.map(usize::from)).flatten()
    }

    pub fn picture_untracked(self) -> Option<usize> {
        untrack(move || self.picture())
    }

    pub fn availability(self, option: usize, value: &str) -> Availability {
        let at = self.at.get();
        self.product.with_value(|product| availability(&product.variants, at, option, value))
    }

    pub fn choose(self, option: usize, value: &str) {
        let at = self.at.get_untracked();
        let href = self.product.with_value(|product| {
            choose(&product.variants, at, option, value).map(|at| variant_href(product, &product.variants[at]))
        });
        if let Some(href) = href {
            self.navigate.with_value(|navigate| navigate(&href));
        }
    }
}

#[component]
fn ProductView(product: Product) -> impl IntoView {
    settle_address(&product);
    let shown = Shown::new(product.clone());
    let structured = structured(&product);
    let canonical = Some(shown.path());
    let image = product.pictures.first().map(Picture::largest).unwrap_or_default();
    let head_title = if product.seo_title.is_empty() { product.title.clone() } else { product.seo_title };
    let vendor = (!product.vendor.is_empty()).then(|| el("p").class("quiet small").text(&product.vendor).view());
    let description = el("div").class("prose").sanitised(&product.description);
    let related = (!product.related.is_empty()).then(|| {
        let head = el("div").class("shelf-head").child(el("h2").text("Goes well with"));
        el("section").class("shelf").child(head).child(card_grid(&product.related, 0)).view()
    });
    view! {
        <Head title=head_title description=product.seo_description canonical image kind="product"/>
        <div class="wrap">
            {crumbs(&product.crumbs)}
            <article class="product">
                <Gallery shown pictures=product.pictures title=product.title.clone()/>
                <div class="buy">
                    <div class="naming">
                        {vendor}
                        <PageHeading text=product.title/>
                        {price(shown)}
                    </div>
                    <Options shown options=product.options/>
                    <Stock shown/>
                    {description.view()}
                    {facts(shown, product.facts)}
                </div>
            </article>
            {related}
        </div>
        {structured}
    }
    .into_any()
}

fn price(shown: Shown) -> AnyView {
    let currency = use_shop().currency;
    live(move || {
        let tag = shown.variant(|variant| price_tag(&currency, variant.price, variant.compare_at, false));
        tag.map(El::html).unwrap_or_default()
    })
}

/// Says its change aloud, since choosing a value changes it from elsewhere on the page.
#[component]
fn Stock(shown: Shown) -> impl IntoView {
    let stock = move || shown.variant(|variant| variant.stock).unwrap_or(StockState::Out);
    view! {
        <p
            class="stock"
            role="status"
            data-stock=move || match stock() {
                StockState::In => "in",
                StockState::Low(_) => "low",
                StockState::Out => "out",
            }
        >
            {move || stock().words()}
        </p>
    }
}

/// Material, size, care, and the number to name when writing to the shop.
fn facts(shown: Shown, facts: Vec<(String, String)>) -> AnyView {
    live(move || {
        let sku = shown.variant(|variant| variant.sku.clone()).flatten().map(|sku| ("SKU".to_owned(), sku));
        let lines: Vec<El> = facts
            .iter()
            .chain(&sku)
            .map(|(name, value)| el("div").child(el("dt").text(name)).child(el("dd").text(value)))
            .collect();
        if lines.is_empty() { String::new() } else { el("dl").class("facts").children(lines).html() }
    })
}

/// Read by crawlers from the server's HTML; the browser keeps the element and nothing of its making.
fn structured(product: &Product) -> impl IntoView + use<> {
    #[cfg(feature = "ssr")]
    let json = super::structured_data::of(product, &use_shop());
    #[cfg(not(feature = "ssr"))]
    let json = {
        let _ = product;
        ""
    };
    view! { <script type="application/ld+json" nonce=use_nonce() inner_html=json></script> }
}

/// The form that chooses without JavaScript sends option values. Its answer is the address of the variant they mean,
/// which is short and the one that is shared.
fn settle_address(product: &Product) {
    #[cfg(feature = "ssr")]
    {
        let url = use_url();
        let url = url.read_untracked();
        if form_urlencoded::parse(url.search().as_bytes()).any(|(name, _)| name.starts_with("option."))
            && let Some(variant) = product.variants.get(asked_for(product, url.search()))
        {
            leptos_axum::redirect(&variant_href(product, variant), false);
        }
    }
    #[cfg(not(feature = "ssr"))]
    let _ = product;
}

fn variant_href(product: &Product, variant: &Variant) -> String {
    let mut search = form_urlencoded::Serializer::new(String::new());
    search.append_pair("variant", &variant.key);
    ["/products/", &product.slug, "?", &search.finish()].concat()
}
