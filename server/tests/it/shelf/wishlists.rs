//! Lists, what is on them, and who may see them (rows 30 and B4 of the bar).

use crate::accounts::{ANN, Browser, Person};
use crate::shop::{Answer, Product, Shop, add, secret};
use app::cart::api::Acted;
use app::error::AppError;
use app::host::Wishlists;
use app::wishlist::api::{Item, Wishlist};
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use server::http::Answer as Additions;
use server::services::accounts::{Caller, sessions};
use server::services::catalog::ImageHosts;
use server::services::shelf::{PgShelf, ShelfService};
use sqlx::PgPool;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// A form, as the shop's script posts it.
pub async fn act(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/wishlist/{form}"), &headers, &body).await
}

/// What an accepted act said.
pub async fn done(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> String {
    acted(&act(browser, form, fields).await).next.notice.unwrap_or_default()
}

fn acted(answer: &Answer) -> Acted {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("an Acted")
}

/// The name under which an act can be taken back.
fn undo_of(answer: &Answer) -> String {
    acted(answer).next.undo.expect("an offer to undo").id
}

pub fn refusal(answer: &Answer) -> AppError {
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.body);
    serde_json::from_str(&answer.body).expect("an AppError")
}

/// What is said beside a field.
fn beside(answer: &Answer, field: &str) -> String {
    match refusal(answer) {
        AppError::Invalid { fields } => {
            fields.into_iter().find(|one| one.field == field).map(|one| one.message).unwrap_or_default()
        }
        other => panic!("{other:?}"),
    }
}

pub fn service(pool: &PgPool) -> Arc<ShelfService> {
    let currency = app::domain::Currency::from_code("EUR").unwrap();
    let life = Duration::from_secs(24 * 60 * 60);
    let hold = Duration::from_secs(20 * 60);
    Arc::new(ShelfService::new(pool.clone(), secret(), currency, ImageHosts::default(), false, hold, life))
}

/// The lists as the browser's owner may use them.
async fn shelf_of(shop: &Shop, browser: &Browser<'_>) -> PgShelf {
    let session = match browser.cookie("session") {
        Some(token) => sessions::find(&mut shop.pool.acquire().await.unwrap(), &token).await.unwrap(),
        None => None,
    };
    let caller = Caller {
        session,
        client: IpAddr::V4(Ipv4Addr::LOCALHOST),
        user_agent: String::new(),
        flow: None,
        guest: browser.cookie("guest"),
        request: String::new(),
        answer: Additions::default(),
    };
    PgShelf::new(service(&shop.pool), caller)
}

pub async fn wishlist(shop: &Shop, browser: &Browser<'_>, list: &str) -> Wishlist {
    shelf_of(shop, browser).await.wishlist(list, "").await.unwrap()
}

/// The only item of the default list.
pub async fn only_item(shop: &Shop, browser: &Browser<'_>) -> Item {
    let mut items = wishlist(shop, browser, "").await.items;
    assert_eq!(items.len(), 1);
    items.remove(0)
}

/// Names of all lists, each with how much is on it.
async fn lists(shop: &Shop, browser: &Browser<'_>) -> Vec<(String, u32)> {
    let lists = wishlist(shop, browser, "").await.lists;
    lists.into_iter().map(|list| (list.name, list.items)).collect()
}

async fn new_list(browser: &Browser<'_>, name: &str) -> String {
    let path = acted(&act(browser, "create_list", &[("name", name)]).await).next.path;
    path.strip_prefix("/wishlist?list=").expect("the new list’s page").to_owned()
}

fn named(lists: &[(&str, u32)]) -> Vec<(String, u32)> {
    lists.iter().map(|(name, items)| ((*name).to_owned(), *items)).collect()
}

async fn log_in(browser: &Browser<'_>) {
    let answer = browser.log_in(ANN.email, ANN.password).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

async fn variant(pool: &PgPool, sku: &str) -> String {
    let id: Uuid =
        sqlx::query_scalar("select id from variants where sku = $1").bind(sku).fetch_one(pool).await.unwrap();
    id.to_string()
}

async fn mug_and_bowl(pool: &PgPool) {
    add(pool, Product { colours: &["Sage", "Rust"], ..Product::default() }).await;
    add(pool, Product { slug: "bowl", title: "Scree bowl", price: 900, ..Product::default() }).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stranger_starts_a_wishlist_and_saves_each_thing_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    add(&shop.pool, Product { slug: "old", status: "archived", ..Product::default() }).await;
    sqlx::query("update variants set on_hand = 0 where sku = 'TARN-MUG-0'").execute(&shop.pool).await.unwrap();
    let browser = shop.browser();
    let empty = wishlist(&shop, &browser, "").await;
    assert_eq!((empty.lists.len(), empty.lists[0].name.as_str(), empty.lists[0].id.as_str()), (1, "Wishlist", ""));
    for wrong in [[("product", "old")], [("product", "none")], [("variant", "x")], [("product", "a\0b")]] {
        assert!(!beside(&act(&browser, "save", &wrong).await, "").is_empty());
    }
    assert_eq!(browser.cookie("guest"), None, "who saves nothing needs no cookie");
    let said = done(&browser, "save", &[("product", "tarn-mug")]).await;
    assert_eq!(said, "Saved to Wishlist: Tarn mug, Rust", "of a product, what there is");
    let saved = [("product", "bowl")];
    let again = join_all((0..20).map(|_| done(&browser, "save", &saved))).await;
    assert!(again.iter().all(|said| said == "Saved to Wishlist: Scree bowl"), "{again:?}");
    let now = wishlist(&shop, &browser, "").await;
    assert_eq!(now.items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), ["Scree bowl", "Tarn mug"]);
    assert!(!now.may_alert);
    assert!(shelf_of(&shop, &shop.browser()).await.wishlist("", "").await.unwrap().items.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn what_has_left_the_shop_stays_on_the_list_and_says_so(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    let browser = shop.browser();
    done(&browser, "save", &[("product", "tarn-mug")]).await;
    sqlx::query("update variants set price = 2000").execute(&shop.pool).await.unwrap();
    let item = only_item(&shop, &browser).await;
    assert_eq!((item.price.minor(), item.price_then.minor(), item.gone), (2000, 2400, false));
    sqlx::query("update products set status = 'archived'").execute(&shop.pool).await.unwrap();
    let item = only_item(&shop, &browser).await;
    assert!(item.gone && item.slug.is_none());
    sqlx::query("delete from products").execute(&shop.pool).await.unwrap();
    let item = only_item(&shop, &browser).await;
    assert_eq!((item.title.as_str(), item.gone, item.variant.as_str()), ("Tarn mug, Sage", true, ""));
}

#[sqlx::test(migrations = "../migrations")]
async fn lists_are_made_and_named_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    // A first one, so that all that follow come from one guest.
    let kitchen = new_list(&browser, "Kitchen").await;
    let same = join_all((0..20).map(|_| new_list(&browser, " kitchen "))).await;
    assert!(same.iter().all(|id| *id == kitchen), "{same:?}");
    let default = new_list(&browser, "wishlist").await;
    assert_eq!(lists(&shop, &browser).await, named(&[("Wishlist", 0), ("Kitchen", 0)]));
    let long = "ä".repeat(61);
    for wrong in ["", " ", "a\nb", "a\0b", &long] {
        assert!(!beside(&act(&browser, "create_list", &[("name", wrong)]).await, "name").is_empty(), "{wrong:?}");
    }
    let taken = act(&browser, "rename_list", &[("list", &kitchen), ("name", "WISHLIST")]).await;
    assert!(!beside(&taken, "name").is_empty());
    done(&browser, "rename_list", &[("list", &default), ("name", "Dreams")]).await;
    assert_eq!(lists(&shop, &browser).await, named(&[("Dreams", 0), ("Kitchen", 0)]));
    assert!(!beside(&act(&browser, "delete_list", &[("list", &default)]).await, "").is_empty());
    for number in 0..48 {
        new_list(&browser, &format!("List {number}")).await;
    }
    assert!(beside(&act(&browser, "create_list", &[("name", "One more")]).await, "name").contains("50 lists"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_deleted_list_comes_back_whole_but_its_link(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    let browser = shop.browser();
    let kitchen = new_list(&browser, "Kitchen").await;
    done(&browser, "save", &[("product", "bowl"), ("list", &kitchen)]).await;
    let item = wishlist(&shop, &browser, &kitchen).await.items.remove(0).id;
    done(&browser, "set_note", &[("item", &item), ("note", "the big one")]).await;
    done(&browser, "share", &[("list", &kitchen)]).await;
    let link = wishlist(&shop, &browser, &kitchen).await.shared.expect("a link");
    let deleted = [("list", kitchen.as_str())];
    let answers = join_all((0..5).map(|_| act(&browser, "delete_list", &deleted))).await;
    let undos: Vec<String> = answers.iter().map(undo_of).collect();
    assert!(undos.iter().all(|undo| *undo == undos[0]), "{undos:?}");
    assert_eq!(lists(&shop, &browser).await, named(&[("Wishlist", 0)]));
    let other = new_list(&browser, "kitchen").await;
    done(&browser, "undo", &[("undo", &undos[0])]).await;
    assert_eq!(lists(&shop, &browser).await, named(&[("Wishlist", 0), ("kitchen", 0), ("Kitchen (2)", 1)]));
    let back = wishlist(&shop, &browser, &kitchen).await;
    assert_eq!((back.items[0].note.as_str(), back.shared.is_none()), ("the big one", true));
    assert_eq!(shop.get(&link).await.status, StatusCode::NOT_FOUND);
    assert_ne!(other, kitchen);
    done(&browser, "share", &[("list", &kitchen)]).await;
    assert_ne!(wishlist(&shop, &browser, &kitchen).await.shared.expect("a link"), link);
    assert!(!beside(&act(&browser, "undo", &[("undo", &undos[0])]).await, "").is_empty(), "once");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_removed_twice_is_offered_back_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    let browser = shop.browser();
    let kitchen = new_list(&browser, "Kitchen").await;
    for sku in ["TARN-MUG-0", "TARN-MUG-1"] {
        let variant = variant(&shop.pool, sku).await;
        done(&browser, "save", &[("variant", &variant), ("list", &kitchen)]).await;
    }
    done(&browser, "save", &[("product", "tarn-mug")]).await;
    done(&browser, "save", &[("product", "bowl")]).await;
    let answers = join_all((0..5).map(|_| act(&browser, "drop", &[("product", "tarn-mug")]))).await;
    let undos: Vec<String> = answers.iter().map(undo_of).collect();
    assert!(undos.iter().all(|undo| *undo == undos[0]), "{undos:?}");
    assert_eq!(acted(&answers[0]).next.notice.unwrap(), "Removed from your wishlists: Tarn mug, Sage and 2 more");
    assert_eq!(lists(&shop, &browser).await, named(&[("Wishlist", 1), ("Kitchen", 0)]));
    // One of its lists is gone by then.
    act(&browser, "delete_list", &[("list", &kitchen)]).await;
    done(&browser, "undo", &[("undo", &undos[0])]).await;
    assert_eq!(lists(&shop, &browser).await, named(&[("Wishlist", 3)]));
    assert_eq!(done(&browser, "drop", &[("product", "none")]).await, "");
    assert_eq!(done(&shop.browser(), "drop", &[("product", "bowl")]).await, "");

    let bowl =
        wishlist(&shop, &browser, "").await.items.into_iter().find(|item| item.title == "Scree bowl").unwrap().id;
    let first = undo_of(&act(&browser, "remove_item", &[("item", &bowl)]).await);
    assert_eq!(undo_of(&act(&browser, "remove_item", &[("item", &bowl)]).await), first);
    let offered = [("undo", first.as_str())];
    let undone = join_all((0..5).map(|_| act(&browser, "undo", &offered))).await;
    assert_eq!(undone.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    assert_eq!(lists(&shop, &browser).await, named(&[("Wishlist", 3)]));
}

#[sqlx::test(migrations = "../migrations")]
async fn things_go_from_list_to_list_and_none_keeps_two(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    let browser = shop.browser();
    let kitchen = new_list(&browser, "Kitchen").await;
    done(&browser, "save", &[("product", "bowl")]).await;
    let item = only_item(&shop, &browser).await.id;
    let fields = [("item", item.as_str()), ("list", kitchen.as_str())];
    assert_eq!(done(&browser, "copy_item", &fields).await, "Copied to Kitchen: Scree bowl");
    done(&browser, "copy_item", &fields).await;
    assert_eq!(lists(&shop, &browser).await, named(&[("Wishlist", 1), ("Kitchen", 1)]));
    let copy = wishlist(&shop, &browser, &kitchen).await.items.remove(0).id;
    done(&browser, "set_note", &[("item", &copy), ("note", "kept")]).await;
    assert_eq!(done(&browser, "move_item", &fields).await, "Moved to Kitchen: Scree bowl");
    assert_eq!(lists(&shop, &browser).await, named(&[("Wishlist", 0), ("Kitchen", 1)]));
    assert_eq!(wishlist(&shop, &browser, &kitchen).await.items[0].note, "kept");
    done(&browser, "move_item", &[("item", &copy), ("list", "")]).await;
    assert_eq!(only_item(&shop, &browser).await.id, copy);
}

#[sqlx::test(migrations = "../migrations")]
async fn notes_are_of_ordinary_characters_and_not_endless(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    let browser = shop.browser();
    done(&browser, "save", &[("product", "bowl")]).await;
    let item = only_item(&shop, &browser).await.id;
    done(&browser, "set_note", &[("item", &item), ("note", " for <b>Ada</b>\r\n\r\n6 pieces ")]).await;
    assert_eq!(only_item(&shop, &browser).await.note, "for <b>Ada</b>\n\n6 pieces");
    for wrong in ["ä".repeat(501), "a\0b".to_owned(), "a\u{202e}b".to_owned()] {
        let refused = act(&browser, "set_note", &[("item", &item), ("note", &wrong)]).await;
        assert!(!beside(&refused, "note").is_empty());
    }
    done(&browser, "set_note", &[("item", &item), ("note", &"ä".repeat(500))]).await;
    done(&browser, "set_note", &[("item", &item), ("note", "")]).await;
    assert_eq!(only_item(&shop, &browser).await.note, "");
}

#[sqlx::test(migrations = "../migrations")]
async fn another_s_lists_and_things_are_as_unknown_as_none(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    shop.account(&ANN, "shopper").await;
    let owner = shop.browser();
    let kitchen = new_list(&owner, "Kitchen").await;
    done(&owner, "save", &[("product", "bowl"), ("list", &kitchen)]).await;
    done(&owner, "share", &[("list", &kitchen)]).await;
    let before = wishlist(&shop, &owner, &kitchen).await;
    let item = before.items[0].id.clone();
    let mine = shop.browser();
    log_in(&mine).await;
    done(&mine, "save", &[("product", "tarn-mug")]).await;
    let my_item = only_item(&shop, &mine).await.id;
    let guest = shop.browser();
    done(&guest, "save", &[("product", "tarn-mug")]).await;
    let nobody = Uuid::now_v7().to_string();
    for (item, list) in [(item.as_str(), kitchen.as_str()), (&nobody, &nobody), ("1", "x' or true")] {
        for browser in [&mine, &guest, &shop.browser()] {
            let of_items = ["remove_item", "move_item", "copy_item", "set_note", "to_cart", "set_alerts"];
            for form in of_items {
                let fields = [("item", item), ("list", ""), ("note", "x"), ("price", "on")];
                let status = act(browser, form, &fields).await.status;
                let signed_out = form == "set_alerts" && !std::ptr::eq(browser, &mine);
                let expected = if signed_out { StatusCode::UNAUTHORIZED } else { StatusCode::NOT_FOUND };
                assert_eq!(status, expected, "{form}");
            }
            for form in ["rename_list", "delete_list", "all_to_cart", "share", "unshare", "save"] {
                let fields = [("list", list), ("name", "Mine"), ("product", "bowl")];
                assert_eq!(act(browser, form, &fields).await.status, StatusCode::NOT_FOUND, "{form}");
            }
            assert_eq!(shelf_of(&shop, browser).await.wishlist(list, "").await, Err(AppError::NotFound));
        }
        let onto = act(&mine, "move_item", &[("item", &my_item), ("list", list)]).await;
        assert_eq!(onto.status, StatusCode::NOT_FOUND);
    }
    let undo = undo_of(&act(&owner, "remove_item", &[("item", &item)]).await);
    assert_eq!(act(&mine, "undo", &[("undo", &undo)]).await.status, StatusCode::BAD_REQUEST);
    done(&owner, "undo", &[("undo", &undo)]).await;
    assert_eq!(wishlist(&shop, &owner, &kitchen).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_thing_goes_into_the_cart_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    let browser = shop.browser();
    done(&browser, "save", &[("product", "bowl")]).await;
    let item = only_item(&shop, &browser).await.id;
    let bought = [("item", item.as_str())];
    let answers = join_all((0..10).map(|_| done(&browser, "to_cart", &bought))).await;
    assert_eq!(answers.iter().filter(|said| *said == "Added to your cart: Scree bowl").count(), 1, "{answers:?}");
    let quantity: i32 = sqlx::query_scalar("select quantity from cart_lines").fetch_one(&shop.pool).await.unwrap();
    assert_eq!((quantity, lists(&shop, &browser).await), (1, named(&[("Wishlist", 0)])));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_can_not_be_moved_into_the_cart_stays_and_is_told(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    add(&shop.pool, Product { slug: "old", title: "Old vase", ..Product::default() }).await;
    add(&shop.pool, Product { slug: "out", title: "Rare lamp", ..Product::default() }).await;
    let browser = shop.browser();
    for product in ["old", "out", "bowl", "tarn-mug"] {
        done(&browser, "save", &[("product", product)]).await;
    }
    sqlx::query("update products set status = 'archived' where slug = 'old'").execute(&shop.pool).await.unwrap();
    sqlx::query("update variants set on_hand = 0 where sku = 'OUT-0'").execute(&shop.pool).await.unwrap();
    let out = wishlist(&shop, &browser, "").await.items.into_iter().find(|item| item.title == "Rare lamp").unwrap();
    assert_eq!(beside(&act(&browser, "to_cart", &[("item", &out.id)]).await, ""), "This is out of stock");
    let said = done(&browser, "all_to_cart", &[]).await;
    assert_eq!(
        said,
        "Added to your cart: 2 items. Still on the list: Old vase (not sold any more), Rare lamp (out of stock)"
    );
    assert_eq!(lists(&shop, &browser).await, named(&[("Wishlist", 2)]));
    assert!(done(&browser, "all_to_cart", &[]).await.starts_with("Nothing could be added to your cart. Still"));
    let lines: i64 = sqlx::query_scalar("select count(*) from cart_lines").fetch_one(&shop.pool).await.unwrap();
    assert_eq!(lines, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_list_is_seen_by_its_link_until_its_owner_stops_that(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    shop.account(&ANN, "shopper").await;
    let owner = shop.browser();
    log_in(&owner).await;
    done(&owner, "save", &[("product", "bowl")]).await;
    let item = only_item(&shop, &owner).await.id;
    done(&owner, "set_note", &[("item", &item), ("note", "a secret")]).await;
    done(&owner, "set_alerts", &[("item", &item), ("price", "on")]).await;
    join_all((0..5).map(|_| done(&owner, "share", &[("list", "")]))).await;
    let link = wishlist(&shop, &owner, "").await.shared.expect("a link");
    let token = link.strip_prefix("/wishlists/").unwrap();
    assert_eq!(token.len(), 43, "256 bits");
    let stored: String = sqlx::query_scalar("select w::text from wishlists w").fetch_one(&shop.pool).await.unwrap();
    assert!(!stored.contains(token));
    let seen = shelf_of(&shop, &shop.browser()).await.shared(token).await.unwrap();
    let Item { id, note, added, alert_price, title, .. } = &seen.items[0];
    assert_eq!((id.as_str(), note.as_str(), added.as_str(), *alert_price), ("", "", "", false));
    assert_eq!((seen.name.as_str(), title.as_str()), ("Wishlist", "Scree bowl"));
    // As often as it is asked for: no copy is kept.
    for _ in 0..2 {
        let page = shop.get(&link).await;
        assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    }
    let by_script = format!("/api/catalog/page?path={link}&search=");
    let json = [("accept", "application/json")];
    assert_eq!(shop.send(Method::GET, &by_script, &json, "").await.status, StatusCode::OK);
    done(&owner, "unshare", &[]).await;
    assert_eq!(wishlist(&shop, &owner, "").await.shared, None);
    assert_eq!(shop.get(&link).await.status, StatusCode::NOT_FOUND);
    assert_eq!(shop.send(Method::GET, &by_script, &json, "").await.status, StatusCode::NOT_FOUND);
    done(&owner, "share", &[]).await;
    assert_ne!(wishlist(&shop, &owner, "").await.shared.expect("a link"), link);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_guest_s_lists_are_the_account_s_after_the_log_in(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    shop.account(&ANN, "shopper").await;
    let first = shop.browser();
    log_in(&first).await;
    done(&first, "save", &[("product", "bowl")]).await;
    let bowl = only_item(&shop, &first).await.id;
    done(&first, "set_alerts", &[("item", &bowl), ("stock", "on")]).await;
    new_list(&first, "Kitchen").await;

    let guest = shop.browser();
    done(&guest, "save", &[("product", "bowl")]).await;
    done(&guest, "save", &[("product", "tarn-mug")]).await;
    let noted = wishlist(&shop, &guest, "").await.items.into_iter().find(|item| item.title == "Scree bowl").unwrap();
    done(&guest, "set_note", &[("item", &noted.id), ("note", "as a guest")]).await;
    let kitchen = new_list(&guest, "KITCHEN").await;
    done(&guest, "save", &[("product", "tarn-mug"), ("list", &kitchen)]).await;
    let desk = new_list(&guest, "Desk").await;
    let shown = new_list(&guest, "Gifts").await;
    done(&guest, "save", &[("product", "bowl"), ("list", &shown)]).await;
    done(&guest, "share", &[("list", &shown)]).await;
    let link = wishlist(&shop, &guest, &shown).await.shared.expect("a link");
    new_list(&first, "Gifts").await;
    log_in(&guest).await;

    let expected = [("Wishlist", 2), ("Desk", 0), ("Gifts", 0), ("Gifts (2)", 1), ("Kitchen", 1)];
    assert_eq!(lists(&shop, &first).await, named(&expected));
    assert_eq!(lists(&shop, &guest).await, named(&expected));
    let merged = wishlist(&shop, &first, "").await.items.into_iter().find(|item| item.id == bowl).unwrap();
    assert_eq!((merged.note.as_str(), merged.alert_stock), ("as a guest", true));
    assert_eq!(wishlist(&shop, &first, &shown).await.shared.as_deref(), Some(link.as_str()));
    assert!(wishlist(&shop, &first, &desk).await.items.is_empty());
    let guests: i64 = sqlx::query_scalar("select count(*) from guests").fetch_one(&shop.pool).await.unwrap();
    assert_eq!(guests, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_account_takes_a_guest_s_lists_as_they_are(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    shop.account(&ANN, "shopper").await;
    let browser = shop.browser();
    done(&browser, "save", &[("product", "bowl")]).await;
    done(&browser, "rename_list", &[("list", ""), ("name", "Dreams")]).await;
    done(&browser, "share", &[]).await;
    let before = wishlist(&shop, &browser, "").await;
    let saving = async {
        for _ in 0..10 {
            let answer = act(&browser, "save", &[("product", "tarn-mug")]).await;
            // A guest who is somebody by now is told so, rather than answered and forgotten.
            let told = answer.status == StatusCode::BAD_REQUEST && answer.body.contains("has moved since");
            assert!(told || answer.status == StatusCode::OK, "{}", answer.body);
        }
    };
    futures::join!(log_in(&browser), saving);
    let after = wishlist(&shop, &browser, "").await;
    assert_eq!((after.lists[0].name.as_str(), after.lists[0].is_default), ("Dreams", true));
    assert_eq!(after.shared, before.shared);
    assert!(after.items.iter().any(|item| item.id == before.items[0].id));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_thousand_things_are_enough(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    let browser = shop.browser();
    done(&browser, "save", &[("product", "bowl")]).await;
    let item = only_item(&shop, &browser).await.id;
    sqlx::query(
        "insert into wishlist_items (id, wishlist_id, price, name)
         select gen_random_uuid(), w.id, 100, 'Thing ' || n from wishlists w, generate_series(1, 999) n",
    )
    .execute(&shop.pool)
    .await
    .unwrap();
    assert!(beside(&act(&browser, "save", &[("product", "tarn-mug")]).await, "").contains("1,000"));
    done(&browser, "save", &[("product", "bowl")]).await;
    let kitchen = new_list(&browser, "Kitchen").await;
    let fields = [("item", item.as_str()), ("list", kitchen.as_str())];
    assert!(beside(&act(&browser, "copy_item", &fields).await, "").contains("1,000"));
    let undo = undo_of(&act(&browser, "remove_item", &[("item", &item)]).await);
    done(&browser, "save", &[("product", "tarn-mug")]).await;
    assert!(beside(&act(&browser, "undo", &[("undo", &undo)]).await, "").contains("1,000"));
    done(&browser, "drop", &[("product", "tarn-mug")]).await;
    done(&browser, "undo", &[("undo", &undo)]).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn people_take_their_cart_and_lists_along(pool: PgPool) {
    let shop = Shop::open(pool).await;
    mug_and_bowl(&shop.pool).await;
    let browser = shop.signed_up(&Person { ..ANN }).await;
    done(&browser, "save", &[("product", "bowl")]).await;
    let item = only_item(&shop, &browser).await.id;
    done(&browser, "set_note", &[("item", &item), ("note", "the big one")]).await;
    done(&browser, "save", &[("product", "tarn-mug")]).await;
    let mug = wishlist(&shop, &browser, "").await.items.remove(0);
    done(&browser, "to_cart", &[("item", &mug.id)]).await;
    let answer = browser.post("download", &[("password", ANN.password)]).await;
    let data: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    let data = &data["cart_and_wishlists"];
    assert_eq!((&data["cart"][0]["name"], &data["cart"][0]["quantity"]), (&"Tarn mug, Sage".into(), &1.into()));
    assert_eq!(data["wishlists"][0]["items"][0]["note"], "the big one");
}
