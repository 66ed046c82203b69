use super::{PAGE_DATA, PageData, at, block, number, small, text, undo};
use crate::account::api::{Me, Role, Visitor};
use crate::domain::Currency;
use crate::form::Flash;
use crate::shop::{Shop, Theme};
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Array, Object};

impl PageData {
    /// From the page in the browser; a page without is a stranger's.
    pub fn here() -> Self {
        let data = block(PAGE_DATA);
        let (shop, visitor, flash) = (at(&data, "shop"), at(&at(&data, "visitor"), "me"), at(&data, "flash"));
        let currency = at(&shop, "currency");
        Self {
            shop: Shop {
                name: text(&shop, "name"),
                tagline: text(&shop, "tagline"),
                currency: Currency {
                    code: text(&currency, "code"),
                    symbol: text(&currency, "symbol"),
                    exponent: small(&currency, "exponent").unwrap_or_default() as u8,
                },
                base_url: text(&shop, "base_url"),
            },
            theme: Theme::parse(&text(&data, "theme").to_ascii_lowercase()),
            visitor: Visitor {
                me: visitor.is_object().then(|| Me {
                    username: text(&visitor, "username"),
                    name: text(&visitor, "name"),
                    role: role(&text(&visitor, "role")),
                }),
            },
            count: number(&data, "count"),
            flash: Flash {
                notice: at(&flash, "notice").as_string(),
                undo: undo(&at(&flash, "undo")),
                action: text(&flash, "action"),
                values: pairs(&at(&flash, "values")).collect(),
                errors: pairs(&at(&flash, "errors")).collect(),
                ..Flash::default()
            },
        }
    }
}

fn role(name: &str) -> Role {
    match name {
        "Admin" => Role::Admin,
        "Editor" => Role::Editor,
        "Support" => Role::Support,
        _ => Role::Shopper,
    }
}

fn pairs(value: &JsValue) -> impl Iterator<Item = (String, String)> + use<> {
    let entries = value.dyn_ref::<Object>().map(Object::entries).unwrap_or_default();
    entries.to_vec().into_iter().filter_map(|pair| {
        let pair = Array::from(&pair);
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    })
}
