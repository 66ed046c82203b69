//! What every page of the browser reads of the server's JSON.
//!
//! By hand, for these few types only: serde's readers, with the number formats that their messages need, and the client
//! of server functions are a tenth of what a shopper downloads. Pages that load on demand use those.

#[cfg(not(feature = "ssr"))]
mod here;

use crate::account::api::Visitor;
use crate::cart::api::{Acted, MiniCart};
use crate::catalog::api::{Rendered, Suggestions, VariantView};
use crate::error::{AppError, FieldError};
use crate::form::{Flash, Next, Undo};
use crate::shop::{Shop, Theme};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Array, Function, JSON, Object, Reflect, encode_uri_component};
use leptos::web_sys::{RequestInit, Response};
use wasm_bindgen_futures::JsFuture;

/// The id of the block in which the server leaves [`PageData`].
pub const PAGE_DATA: &str = "page-data";

/// Bytes. Browsers refuse requests that outlive their page once those under way have 64 KiB together.
const KEPT_ALIVE: usize = 48 * 1024;

/// What the server tells the browser about shop and visitor.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub struct PageData {
    pub shop: Shop,
    pub theme: Theme,
    pub visitor: Visitor,
    pub flash: Flash,
    /// Pieces in the visitor's cart.
    pub count: u32,
}

/// A page that the server function at `endpoint` makes.
///
/// # Errors
/// As that function.
pub async fn fetch_page(endpoint: &str, path: &str, search: &str) -> Result<Rendered, AppError> {
    let page = get(&[endpoint, "?path=", &encoded(path), "&search=", &encoded(search)].concat()).await?;
    Ok(Rendered {
        title: text(&page, "title"),
        canonical: at(&page, "canonical").as_string(),
        html: text(&page, "html"),
        count: number(&page, "count"),
        ..Rendered::default()
    })
}

/// What a list under a field shows. `asked`: a server function's address, up to what was typed.
///
/// # Errors
/// As that function.
pub async fn fetch_suggestions(asked: &str, typed: &str) -> Result<Suggestions, AppError> {
    let offered = get(&[asked, &encoded(typed)].concat()).await?;
    Ok(Suggestions { html: text(&offered, "html"), hrefs: texts(&offered, "hrefs") })
}

/// The variants that a product's page holds, in the block of this id.
pub fn variants(id: &str) -> Vec<VariantView> {
    let variants = block(id);
    if !variants.is_array() {
        return Vec::new();
    }
    Array::from(&variants)
        .iter()
        .map(|variant| VariantView {
            id: text(&variant, "id"),
            href: text(&variant, "href"),
            options: texts(&variant, "options"),
            price: text(&variant, "price"),
            stock: text(&variant, "stock"),
            level: text(&variant, "level"),
            picture: small(&variant, "picture"),
            sku: text(&variant, "sku"),
        })
        .collect()
}

/// The cart as it opens beside a page.
///
/// # Errors
/// As the server function `load_mini_cart`.
pub async fn fetch_mini_cart() -> Result<MiniCart, AppError> {
    let mini = get("/api/cart/mini").await?;
    Ok(MiniCart { count: number(&mini, "count"), html: text(&mini, "html") })
}

/// Posts a form that acts on the cart or a wishlist.
///
/// # Errors
/// As the form's server function.
pub async fn act(action: &str, body: &str) -> Result<Acted, AppError> {
    let headers = Object::new();
    for (name, value) in [
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-shopfront-act", "1"),
    ] {
        let _ = Reflect::set(&headers, &name.into(), &value.into());
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    // The page has shown it already: whoever goes on meanwhile doesn't call it off. A longer body no browser keeps alive.
    if body.len() <= KEPT_ALIVE {
        let _ = Reflect::set(&init, &"keepalive".into(), &true.into());
    }
    answer(action, &init).await.map(|answer| acted(&answer))
}

/// A name that nothing else has; empty where the browser can't make one.
pub fn new_name() -> String {
    let crypto = Reflect::get(&window(), &"crypto".into()).unwrap_or(JsValue::NULL);
    let make = Reflect::get(&crypto, &"randomUUID".into()).ok().and_then(|make| make.dyn_into::<Function>().ok());
    make.and_then(|make| make.call0(&crypto).ok()?.as_string()).unwrap_or_default()
}

/// JSON by GET.
async fn get(url: &str) -> Result<JsValue, AppError> {
    let headers = Object::new();
    let _ = Reflect::set(&headers, &"accept".into(), &"application/json".into());
    let init = RequestInit::new();
    init.set_headers(&headers);
    answer(url, &init).await
}

async fn answer(url: &str, init: &RequestInit) -> Result<JsValue, AppError> {
    let answer = JsFuture::from(window().fetch_with_str_and_init(url, init)).await.map_err(|_| AppError::Offline)?;
    let answer: Response = answer.unchecked_into();
    let json = async || {
        let json = answer.json().map_err(|_| AppError::Offline)?;
        JsFuture::from(json).await.map_err(|_| AppError::Offline)
    };
    match answer.status() {
        200 => json().await,
        401 => Err(AppError::SignIn),
        403 => Err(AppError::Forbidden),
        404 => Err(AppError::NotFound),
        400 => Err(AppError::Invalid { fields: json().await.map(|error| field_errors(&error)).unwrap_or_default() }),
        409 => Err(AppError::Conflict { current: String::new() }),
        429 => {
            let error = json().await.unwrap_or(JsValue::NULL);
            Err(AppError::TooMany { retry_after: number(&at(&error, "TooMany"), "retry_after") })
        }
        _ => Err(AppError::Unavailable { request_id: answer.headers().get("x-request-id").ok().flatten() }),
    }
}

fn field_errors(error: &JsValue) -> Vec<FieldError> {
    let fields = at(&at(error, "Invalid"), "fields");
    let fields = if fields.is_array() { Array::from(&fields).to_vec() } else { Vec::new() };
    fields.iter().map(|one| FieldError { field: text(one, "field"), message: text(one, "message") }).collect()
}

/// What an act on the cart or a wishlist came to.
fn acted(answer: &JsValue) -> Acted {
    let notice = at(answer, "notice").as_string();
    let next = Next { path: text(answer, "path"), notice, undo: undo(&at(answer, "undo")) };
    let goes = at(answer, "goes").is_truthy();
    Acted { next, goes, count: number(answer, "count"), html: text(answer, "html") }
}

fn undo(value: &JsValue) -> Option<Undo> {
    value.is_object().then(|| Undo { action: text(value, "action"), id: text(value, "id") })
}

fn encoded(text: &str) -> String {
    encode_uri_component(text).into()
}

fn block(id: &str) -> JsValue {
    let json = document().get_element_by_id(id).and_then(|block| block.text_content()).unwrap_or_default();
    JSON::parse(&json).unwrap_or(JsValue::NULL)
}

fn at(value: &JsValue, name: &str) -> JsValue {
    if value.is_object() { Reflect::get(value, &name.into()).unwrap_or(JsValue::NULL) } else { JsValue::NULL }
}

fn text(value: &JsValue, name: &str) -> String {
    at(value, name).as_string().unwrap_or_default()
}

fn texts(value: &JsValue, name: &str) -> Vec<String> {
    let list = at(value, name);
    if list.is_array() { Array::from(&list).iter().filter_map(|text| text.as_string()).collect() } else { Vec::new() }
}

fn number(value: &JsValue, name: &str) -> u32 {
    at(value, name).as_f64().map(|number| number as u32).unwrap_or_default()
}

fn small(value: &JsValue, name: &str) -> Option<u16> {
    at(value, name).as_f64().map(|number| number as u16)
}
