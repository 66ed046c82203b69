//! One shopper's acts, one after the other.

use super::cart::{assert_invariants, done, notice, offered, plain, set_price, set_stock, shown, state, told};
use crate::accounts::count;
use crate::queries::Heard;
use crate::shop::{Answer, Product, Shop, add};
use app::cart::api::{LineState, MiniCart};
use app::form::Flash;
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::PgPool;
use uuid::Uuid;

/// What the next page is told of a form that a browser posted by itself.
fn flash(answer: &Answer) -> Flash {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let flash = cookies.filter_map(|cookie| cookie.strip_prefix("flash=")).next().expect("a flash");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(flash.split(';').next().unwrap()).unwrap()).unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_asks_for_more_gets_what_there_is_and_is_told(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 5).await;
    let many = plain(&pool, "many", 100, 500).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    assert_eq!(notice(&browser.add(mug, 1).await), "Added to your cart: The mug");
    assert_eq!(notice(&browser.add(mug, 2).await), "Added to your cart: 2 × The mug");
    assert_eq!(notice(&browser.add(mug, 4).await), "Added 2 × The mug: there are only 5");
    let line = browser.line(mug).await;
    assert_eq!((line.quantity, line.short), (5, 2));
    assert!(told(&browser.add(mug, 1).await).contains("only 5"));
    // There are fewer by now: the number told is how many there are.
    set_stock(&shop.pool, mug, 3).await;
    assert!(told(&browser.add(mug, 1).await).contains("only 3"));
    assert_eq!(browser.line(mug).await.quantity, 5, "what is in the cart stays, and is flagged");
    let said = notice(&browser.set(line.id, "4").await);
    assert!(said.contains("only 3"), "{said}");
    assert_eq!((browser.line(mug).await.quantity, browser.line(mug).await.short), (3, 1));
    done(&browser.on("dismiss_note", line.id).await);
    assert_eq!(browser.line(mug).await.short, 0);
    set_stock(&shop.pool, mug, 0).await;
    assert!(told(&browser.set(line.id, "1").await).contains("none left"));

    let said = notice(&browser.add(many, 150).await);
    assert!(said.contains("holds 99"), "{said}");
    assert!(told(&browser.add(many, 1).await).contains("holds 99"));
    let line = browser.line(many).await;
    assert_eq!(line.quantity, 99);
    assert!(notice(&browser.set(line.id, "100").await).contains("holds 99"));
    done(&browser.set(line.id, "98").await);
    assert_eq!(browser.badge().await, 98 + 3);
    assert_eq!(browser.cart().await.subtotal.minor(), 98 * 100, "what is sold out is not in the total");
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn scripts_browsers_and_programs_are_answered_each_in_their_way(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 5).await;
    let shop = Shop::open(pool).await;
    let mug_id = mug.to_string();
    let two = [("variant", mug_id.as_str()), ("quantity", "2"), ("page", "/products/mug")];

    // The first answer of all: the guest has only just come to be.
    let scripted = shop.browser();
    let answer = scripted.scripted("add_line", &two).await;
    let acted = done(&answer);
    assert_eq!((acted.count, acted.html.as_str()), (2, ""));
    assert_eq!(acted.next.notice.as_deref(), Some("Added to your cart: 2 × The mug"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("guest=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"));
    assert_eq!(scripted.cookie("guest").unwrap().len(), 43, "256 bits");
    let acted = done(&scripted.scripted("add_line", &[two[0], ("page", "/cart")]).await);
    assert!(acted.count == 3 && acted.html.contains("Your cart"), "{acted:?}");
    let fresh = done(&shop.browser().scripted("add_line", &[two[0], ("page", "/cart")]).await);
    assert!(fresh.count == 1 && !fresh.html.is_empty());
    let line = scripted.line(mug).await.id.to_string();
    let acted = done(&scripted.scripted("remove_line", &[("line", &line), ("page", "/cart?x=1")]).await);
    assert_eq!((acted.count, acted.next.notice.as_deref()), (0, Some("Removed: The mug")));
    assert_eq!(acted.next.undo.unwrap().action, "/api/cart/undo");

    let program = shop.browser();
    let acted = done(&program.act("add_line", &two).await);
    assert_eq!((acted.next.path.as_str(), acted.count, acted.html.as_str()), ("/cart", 0, ""));

    let form = shop.browser();
    let answer = form.submit("add_line", &two).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/cart"));
    assert_eq!(flash(&answer).notice.as_deref(), Some("Added to your cart: 2 × The mug"));
    assert!(form.cookie("guest").is_some());
    let answer = form.submit("add_line", &[two[0], ("quantity", "two"), ("page", "/products/mug?variant=x")]).await;
    assert_eq!(answer.header("location"), "/products/mug?variant=x");
    let told = flash(&answer);
    assert_eq!((told.action.as_str(), told.errors.contains_key("quantity")), ("/api/cart/add_line", true));
    assert_eq!(told.values["quantity"], "two");
    let line = form.line(mug).await.id.to_string();
    let answer = form.submit("remove_line", &[("line", &line), ("page", "/cart")]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/cart"));
    let undo = flash(&answer).undo.unwrap();
    assert_eq!(undo.action, "/api/cart/undo");
    let answer = form.submit("undo", &[("undo", &undo.id), ("page", "//evil.example")]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(form.line(mug).await.quantity, 2);

    let mini = form.send(Method::GET, "/api/cart/mini", &[("accept", "application/json")], "").await;
    assert_eq!(mini.header("cache-control"), "no-store");
    assert_eq!(serde_json::from_str::<MiniCart>(&mini.body).unwrap().count, 2);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_product_without_choices_is_added_by_its_name(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 5).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    done(&browser.act("add_line", &[("product", "mug")]).await);
    assert_eq!(browser.line(mug).await.quantity, 1);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_saved_for_later_waits_beside_the_cart(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 5).await;
    let bowl = plain(&pool, "bowl", 900, 9).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    done(&browser.add(mug, 3).await);
    done(&browser.add(bowl, 1).await);
    let line = browser.line(mug).await.id;
    assert_eq!(notice(&browser.on("save_for_later", line).await), "Saved for later: The mug");
    let cart = browser.cart().await;
    assert_eq!((cart.lines.len(), cart.saved.len(), cart.subtotal.minor()), (1, 1, 900));
    assert_eq!(browser.badge().await, 1);
    // Another three of it, and those later too: together they are one line, and dearer for nobody.
    set_price(&shop.pool, mug, 2000).await;
    done(&browser.add(mug, 3).await);
    done(&browser.on("save_for_later", browser.line(mug).await.id).await);
    let saved = browser.saved(mug).await;
    assert_eq!((saved.quantity, saved.price), (6, 2000));
    // More than there are: what there is goes into the cart, the rest goes on waiting.
    let said = notice(&browser.on("move_to_cart", saved.id).await);
    assert_eq!(said, "Added 5 × The mug: there are only 5");
    assert_eq!((browser.line(mug).await.quantity, browser.saved(mug).await.quantity), (5, 1));
    assert!(told(&browser.on("move_to_cart", saved.id).await).contains("only 5"));
    assert_eq!((browser.line(mug).await.short, browser.saved(mug).await.quantity), (1, 1), "nothing has changed");
    set_stock(&shop.pool, mug, 6).await;
    done(&browser.on("move_to_cart", saved.id).await);
    assert_eq!((browser.line(mug).await.quantity, browser.rows().await.len()), (6, 2));

    // Alone, the line stays the line that it was, with the price that was agreed to.
    let bowl_line = browser.line(bowl).await.id;
    done(&browser.on("save_for_later", bowl_line).await);
    set_price(&shop.pool, bowl, 800).await;
    done(&browser.on("move_to_cart", bowl_line).await);
    let line = browser.line(bowl).await;
    assert_eq!((line.id, line.price), (bowl_line, 900));
    assert_eq!(shown(&browser.cart().await, bowl).was.unwrap().minor(), 900, "now 8.00, was 9.00");
    done(&browser.on("save_for_later", bowl_line).await);
    set_price(&shop.pool, bowl, 1000).await;
    done(&browser.on("move_to_cart", bowl_line).await);
    assert!(matches!(state(&browser.cart().await, bowl), LineState::Raised { from } if from.minor() == 900));
    done(&browser.on("save_for_later", bowl_line).await);
    set_stock(&shop.pool, bowl, 0).await;
    assert!(told(&browser.on("move_to_cart", bowl_line).await).contains("out of stock"));
    assert_eq!(browser.saved(bowl).await.quantity, 1);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_removed_comes_back_once(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 5).await;
    let bowl = plain(&pool, "bowl", 900, 9).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    done(&browser.add(mug, 3).await);
    done(&browser.add(bowl, 4).await);
    let before = browser.rows().await;
    let line = browser.line(mug).await.id;
    let first = offered(&browser.on("remove_line", line).await);
    assert_eq!(offered(&browser.on("remove_line", line).await), first, "whoever asks twice gets the same offer");
    assert_eq!(notice(&browser.undo(&first).await), "It’s back in your cart");
    assert_eq!(browser.rows().await, before);
    assert!(told(&browser.undo(&first).await).contains("already"));
    assert_eq!(browser.rows().await, before);

    let all = browser.act("clear", &[]).await;
    assert_eq!(notice(&all), "Your cart is empty. Removed: 7 items");
    assert_eq!(done(&browser.act("clear", &[]).await).next.undo, None, "nothing is left to take back");
    // What came meanwhile stays; together they are no more than there is, and at no price that wasn't agreed to.
    set_price(&shop.pool, mug, 3000).await;
    done(&browser.add(mug, 4).await);
    done(&browser.undo(&offered(&all)).await);
    let line = browser.line(mug).await;
    assert_eq!((line.quantity, line.short, line.price), (5, 2, 2400));
    assert_eq!(browser.line(bowl).await.quantity, 4);

    done(&browser.on("remove_line", browser.line(bowl).await.id).await);
    let one = browser.act("clear", &[]).await;
    assert_eq!(notice(&one), "Your cart is empty. Removed: The mug");
    // What is saved for later isn't in the cart.
    done(&browser.add(bowl, 1).await);
    done(&browser.on("save_for_later", browser.line(bowl).await.id).await);
    done(&browser.act("clear", &[]).await);
    let saved = browser.saved(bowl).await;
    let undo = offered(&browser.on("remove_line", saved.id).await);
    assert!(browser.rows().await.is_empty());
    done(&browser.undo(&undo).await);
    assert_eq!(browser.saved(bowl).await, saved);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_act_that_is_named_is_done_once_but_a_refused_one_may_be_tried_again(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 5).await;
    let last = plain(&pool, "last", 2400, 1).await;
    let shop = Shop::open(pool).await;
    let (browser, rival) = (shop.browser(), shop.browser());
    let key = Uuid::now_v7().to_string();
    let (mug_id, last_id) = (mug.to_string(), last.to_string());
    let fields = [("variant", mug_id.as_str()), ("quantity", "2"), ("key", &key)];
    let first = notice(&browser.act("add_line", &fields).await);
    assert_eq!(notice(&browser.act("add_line", &fields).await), first);
    assert_eq!(browser.pieces(mug).await, 2);
    done(&browser.on("remove_line", browser.line(mug).await.id).await);
    done(&browser.act("add_line", &fields).await);
    assert_eq!(browser.pieces(mug).await, 0, "a late copy of an act that was done");

    // Refused once more, as there are no more.
    let key = Uuid::now_v7().to_string();
    done(&browser.add(mug, 5).await);
    for _ in 0..2 {
        told(&browser.act("add_line", &[("variant", &mug_id), ("key", &key)]).await);
    }
    set_stock(&shop.pool, mug, 6).await;
    done(&browser.act("add_line", &[("variant", &mug_id), ("key", &key)]).await);
    assert_eq!(browser.pieces(mug).await, 6);

    done(&rival.add(last, 1).await);
    let key = Uuid::now_v7().to_string();
    let fields = [("variant", last_id.as_str()), ("key", &key)];
    assert!(told(&browser.act("add_line", &fields).await).contains("somebody else"));
    done(&rival.on("remove_line", rival.line(last).await.id).await);
    done(&browser.act("add_line", &fields).await);
    assert_eq!(browser.pieces(last).await, 1);
    // A late copy takes the piece from nobody, and back for nobody.
    done(&browser.on("remove_line", browser.line(last).await.id).await);
    done(&browser.act("add_line", &fields).await);
    assert_invariants(&shop.pool).await;
    done(&rival.add(last, 1).await);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_things_are_called_is_text_wherever_it_shows(pool: PgPool) {
    let title = r#"</script><script>alert(1)</script><img src=x onerror=alert(1)>"'"#;
    let product = add(&pool, Product { title, ..Product::default() }).await;
    let variant: Uuid = sqlx::query_scalar("select id from variants where product_id = $1")
        .bind(product)
        .fetch_one(&pool)
        .await
        .unwrap();
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    let variant_id = variant.to_string();
    let inert = |body: &str| {
        assert!(body.contains("alert(1)"), "it is shown: {body}");
        assert!(!body.contains("<script>alert") && !body.contains("<img src=x"), "{body}");
    };
    browser.submit("add_line", &[("variant", &variant_id)]).await;
    inert(&browser.get("/cart").await.body);
    let line = browser.line(variant).await.id.to_string();
    let evil = r#""><script>alert(1)</script>"#;
    browser.submit("set_quantity", &[("line", &line), ("quantity", evil), ("page", "/cart")]).await;
    let page = browser.get("/cart").await.body;
    assert!(!page.contains("<script>alert"), "{page}");
    browser.submit("remove_line", &[("line", &line), ("page", "/cart")]).await;
    inert(&browser.get("/cart").await.body);
    let acted = done(&browser.scripted("add_line", &[("variant", &variant_id), ("page", "/cart")]).await);
    assert!(!acted.html.contains("<script>alert") && !acted.html.contains("<img src=x"), "{}", acted.html);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn putting_something_in_costs_a_handful_of_statements(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 50).await;
    let shop = Shop::open(pool).await;
    shop.account(&crate::accounts::ANN, "shopper").await;
    let ann = shop.browser();
    crate::accounts::next(&ann.log_in(crate::accounts::ANN.email, crate::accounts::ANN.password).await);
    let mug_id = mug.to_string();
    let fields = [("variant", mug_id.as_str()), ("page", "/products/mug")];
    let guest = shop.browser();
    for browser in [&ann, &guest] {
        done(&browser.scripted("add_line", &fields).await);
    }
    let (heard, _guard) = Heard::start();
    for (browser, what, most) in [(&ann, "session, line, count", 3), (&guest, "guest, line, count", 3)] {
        done(&browser.scripted("add_line", &fields).await);
        let statements = heard.take_statements();
        assert!(statements.len() <= most, "{what}: {statements:#?}");
    }
    assert_eq!(count(&shop.pool, "select sum(quantity) from cart_lines").await, 4);
    assert_invariants(&shop.pool).await;
}
