//! The cart's verbs, and what must hold of the database whatever was done.

use crate::accounts::{Browser, refused};
use crate::shop::{Answer, Product, add, secret};
use app::cart::api::{Acted, Cart, Line, LineState};
use app::error::AppError;
use app::host::Carts;
use axum::http::{Method, StatusCode};
use server::http::Answer as Additions;
use server::secret::token_hash;
use server::services::accounts::{Caller, sessions};
use server::services::catalog::ImageHosts;
use server::services::shelf::{PgShelf, ShelfService};
use sqlx::PgPool;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
fn euro() -> app::domain::Currency {
    app::domain::Currency::from_code("EUR").unwrap()
}

const DAYS_30: Duration = Duration::from_secs(30 * 86_400);

/// A line as the database has it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    pub id: Uuid,
    pub variant_id: Option<Uuid>,
    pub saved: bool,
    pub quantity: i32,
    pub short: i32,
    pub merged: bool,
    pub price: i64,
}

/// As the shop under test has it, for what is asked of it directly.
pub fn service(pool: &PgPool) -> Arc<ShelfService> {
    let hold = Duration::from_secs(20 * 60);
    Arc::new(ShelfService::new(pool.clone(), secret(), euro(), ImageHosts::default(), false, hold, DAYS_30))
}

/// A plain product's only variant.
pub async fn plain(pool: &PgPool, slug: &str, price: i64, on_hand: i32) -> Uuid {
    let title = format!("The {slug}");
    let product = add(pool, Product { slug, title: &title, price, on_hand, ..Product::default() }).await;
    sqlx::query_scalar("select id from variants where product_id = $1").bind(product).fetch_one(pool).await.unwrap()
}

pub async fn set_price(pool: &PgPool, variant: Uuid, price: i64) {
    sqlx::query("update variants set price = $2 where id = $1").bind(variant).bind(price).execute(pool).await.unwrap();
}

pub async fn set_stock(pool: &PgPool, variant: Uuid, on_hand: i32) {
    sqlx::query("update variants set on_hand = $2 where id = $1")
        .bind(variant)
        .bind(on_hand)
        .execute(pool)
        .await
        .unwrap();
}

pub async fn set_status(pool: &PgPool, variant: Uuid, status: &str) {
    sqlx::query("update products set status = $2 where id = (select product_id from variants where id = $1)")
        .bind(variant)
        .bind(status)
        .execute(pool)
        .await
        .unwrap();
}

impl Browser<'_> {
    /// A form of the cart's, as a program posts it.
    pub async fn act(&self, act: &str, fields: &[(&str, &str)]) -> Answer {
        self.act_with(&[("accept", "application/json")], act, fields).await
    }

    /// As the shop's script posts it.
    pub async fn scripted(&self, act: &str, fields: &[(&str, &str)]) -> Answer {
        self.act_with(&[("accept", "application/json"), ("x-shopfront-act", "1")], act, fields).await
    }

    /// As a browser without JavaScript posts it.
    pub async fn submit(&self, act: &str, fields: &[(&str, &str)]) -> Answer {
        self.act_with(&[("accept", "text/html"), ("sec-fetch-site", "same-origin")], act, fields).await
    }

    pub async fn act_with(&self, headers: &[(&str, &str)], act: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [headers, &[FORM]].concat();
        self.send(Method::POST, &format!("/api/cart/{act}"), &headers, &body).await
    }

    pub async fn add(&self, variant: Uuid, pieces: u32) -> Answer {
        self.act("add_line", &[("variant", &variant.to_string()), ("quantity", &pieces.to_string())]).await
    }

    /// An act on one line that needs nothing else.
    pub async fn on(&self, act: &str, line: Uuid) -> Answer {
        self.act(act, &[("line", &line.to_string())]).await
    }

    pub async fn set(&self, line: Uuid, quantity: &str) -> Answer {
        self.act("set_quantity", &[("line", &line.to_string()), ("quantity", quantity)]).await
    }

    pub async fn undo(&self, undo: &str) -> Answer {
        self.act("undo", &[("undo", undo)]).await
    }

    /// Whose the things in this browser are, as the database has it.
    async fn owner(&self) -> Option<Uuid> {
        let pool = &self.shop().pool;
        for (cookie, query) in [
            ("session", "select user_id from sessions where token_hash = $1"),
            ("guest", "select id from guests where token_hash = $1"),
        ] {
            if let Some(token) = self.cookie(cookie) {
                let hash = token_hash(&token);
                let owner = sqlx::query_scalar(query).bind(&hash[..]).fetch_optional(pool).await.unwrap();
                if owner.is_some() {
                    return owner;
                }
            }
        }
        None
    }

    /// The cart as the database has it, what was saved for later last.
    pub async fn rows(&self) -> Vec<Row> {
        let Some(owner) = self.owner().await else { return Vec::new() };
        sqlx::query_as(
            "select l.id, l.variant_id, l.saved, l.quantity, l.short, l.merged, l.price
             from cart_lines l join carts c on c.id = l.cart_id
             where c.owner_id = $1 order by l.saved, l.created_at, l.id",
        )
        .bind(owner)
        .fetch_all(&self.shop().pool)
        .await
        .unwrap()
    }

    /// The line of a variant in the cart.
    pub async fn line(&self, variant: Uuid) -> Row {
        let rows = self.rows().await;
        let found = rows.iter().find(|row| row.variant_id == Some(variant) && !row.saved);
        found.unwrap_or_else(|| panic!("no line of {variant} in {rows:?}")).clone()
    }

    /// The line of a variant saved for later.
    pub async fn saved(&self, variant: Uuid) -> Row {
        let rows = self.rows().await;
        let found = rows.iter().find(|row| row.variant_id == Some(variant) && row.saved);
        found.unwrap_or_else(|| panic!("{variant} isn't saved in {rows:?}")).clone()
    }

    /// Pieces of a variant in the cart.
    pub async fn pieces(&self, variant: Uuid) -> i32 {
        let rows = self.rows().await;
        rows.iter().filter(|row| row.variant_id == Some(variant) && !row.saved).map(|row| row.quantity).sum()
    }

    /// The cart as its page is told of it.
    pub async fn cart(&self) -> Cart {
        self.shelf().await.cart().await.unwrap()
    }

    /// What the header says is in the cart.
    pub async fn badge(&self) -> u32 {
        self.shelf().await.shelf().await.unwrap().count
    }

    async fn shelf(&self) -> PgShelf {
        let pool = &self.shop().pool;
        let session = match self.cookie("session") {
            Some(token) => sessions::find(&mut pool.acquire().await.unwrap(), &token).await.unwrap(),
            None => None,
        };
        let caller = Caller {
            request: String::new(),
            session,
            client: IpAddr::V4(Ipv4Addr::LOCALHOST),
            user_agent: String::new(),
            flow: None,
            guest: self.cookie("guest"),
            answer: Additions::default(),
        };
        PgShelf::new(service(pool), caller)
    }
}

/// The line of a variant, as the cart's page is told of it.
pub fn shown(cart: &Cart, variant: Uuid) -> Line {
    let variant = variant.to_string();
    cart.lines.iter().find(|line| line.variant == variant).expect("a line of it").clone()
}

pub fn state(cart: &Cart, variant: Uuid) -> LineState {
    shown(cart, variant).state
}

/// The answer to an act that was done.
pub fn done(answer: &Answer) -> Acted {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("an Acted")
}

/// What an act that was done says.
pub fn notice(answer: &Answer) -> String {
    done(answer).next.notice.unwrap_or_default()
}

/// The name under which an act can be taken back.
pub fn offered(answer: &Answer) -> String {
    done(answer).next.undo.expect("an offer to take it back").id
}

/// What somebody whose act was refused is told.
pub fn told(answer: &Answer) -> String {
    match refused(answer) {
        AppError::Invalid { fields } if !fields.is_empty() => fields[0].message.clone(),
        other => panic!("refused without words: {other:?}"),
    }
}

/// What every query counts is how often something is so that must never be.
const NEVER: [(&str, &str); 10] = [
    (
        "two lines of one variant",
        "select count(*) from (
             select from cart_lines where variant_id is not null group by cart_id, variant_id, saved having count(*) > 1
         ) twice",
    ),
    ("a quantity out of range", "select count(*) from cart_lines where quantity not between 1 and 99 or short < 0"),
    ("a cart without one owner", "select count(*) from carts where num_nonnulls(user_id, guest_id) <> 1"),
    (
        "an owner with two carts",
        "select count(*) from (select from carts group by coalesce(user_id, guest_id) having count(*) > 1) twice",
    ),
    (
        "a cart of nobody",
        "select count(*) from carts c
         where not exists (select from users u where u.id = c.user_id)
           and not exists (select from guests g where g.id = c.guest_id)",
    ),
    (
        "a line of no cart",
        "select count(*) from cart_lines l where not exists (select from carts c where c.id = l.cart_id)",
    ),
    (
        "two live holds on one piece",
        "select count(*) from (
             select from holds where until > now() group by variant_id having count(*) > 1
         ) twice",
    ),
    (
        "a live hold of a cart that hasn't the piece",
        "select count(*) from holds h
         where h.until > now() and not exists (
             select from cart_lines l where l.cart_id = h.cart_id and l.variant_id = h.variant_id and not l.saved
         )",
    ),
    (
        "stock that isn't the sum of its movements",
        "select count(*) from variants v
         where v.on_hand <> (select coalesce(sum(m.delta), 0) from stock_movements m where m.variant_id = v.id)",
    ),
    (
        // What a guest had is the account's once they are put together, and nobody's else.
        "an offer to take back what nobody has removed",
        "select count(*) from undos o
         where not exists (select from users u where u.id = o.owner_id)
           and not exists (select from guests g where g.id = o.owner_id)",
    ),
];

pub async fn assert_invariants(pool: &PgPool) {
    for (what, query) in NEVER {
        let times: i64 = sqlx::query_scalar(query).fetch_one(pool).await.unwrap();
        assert_eq!(times, 0, "{what}");
    }
}
