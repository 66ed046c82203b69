//! What a guest set aside becomes the account's (B5).

use super::cart::{Row, assert_invariants, done, notice, offered, plain, set_price, set_stock, shown, state, told};
use crate::accounts::{ANN, Browser, count, newest_code, next};
use crate::shop::Shop;
use app::cart::api::LineState;
use axum::http::StatusCode;
use futures::future::join_all;
use server::secret::token_hash;
use sqlx::PgPool;
use std::time::Duration;
use uuid::Uuid;

async fn ann_at<'a>(shop: &'a Shop) -> Browser<'a> {
    let browser = shop.browser();
    next(&browser.log_in(ANN.email, ANN.password).await);
    browser
}

/// What a line comes to: pieces, pieces that there weren't, whether it was put together, and the price agreed to.
fn sums(row: &Row) -> (i32, i32, bool, i64) {
    (row.quantity, row.short, row.merged, row.price)
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_log_ins_at_once_put_the_carts_together_once(pool: PgPool) {
    let both = plain(&pool, "both", 2400, 4).await;
    let cheaper = plain(&pool, "cheaper", 2400, 50).await;
    let guests = plain(&pool, "guests", 700, 50).await;
    let fewer = plain(&pool, "fewer", 700, 9).await;
    let anns = plain(&pool, "anns", 300, 50).await;
    let later = plain(&pool, "later", 300, 4).await;
    let out = plain(&pool, "out", 300, 8).await;
    let (one, two) = (Shop::open(pool.clone()).await, Shop::open(pool).await);
    one.account(&ANN, "shopper").await;
    let ann = ann_at(&one).await;
    let guest = two.browser();
    for (variant, hers, his) in
        [(both, 2, 3), (cheaper, 1, 2), (guests, 0, 5), (fewer, 0, 9), (anns, 6, 0), (later, 3, 3), (out, 5, 6)]
    {
        for (browser, pieces) in [(&ann, hers), (&guest, his)] {
            if pieces > 0 {
                done(&browser.add(variant, pieces).await);
            }
            if variant == later {
                done(&browser.on("save_for_later", browser.line(later).await.id).await);
            }
        }
        if variant == cheaper {
            // She agreed to 24.00, the guest to 20.00; it rises afterwards.
            done(&guest.on("remove_line", guest.line(cheaper).await.id).await);
            set_price(&one.pool, cheaper, 2000).await;
            done(&guest.add(cheaper, 2).await);
            set_price(&one.pool, cheaper, 2600).await;
        }
    }
    set_stock(&one.pool, fewer, 4).await;
    set_stock(&one.pool, out, 0).await;
    let old_cookie = guest.cookie("guest").unwrap();

    let tabs: Vec<Browser> = (0..10).map(|n| guest.at(if n % 2 == 0 { &one } else { &two })).collect();
    for answer in join_all(tabs.iter().map(|tab| tab.log_in(ANN.email, ANN.password))).await {
        next(&answer);
    }
    assert_eq!(guest.cookie("guest"), None);
    assert_eq!(guest.rows().await, ann.rows().await);
    assert_eq!(sums(&ann.line(both).await), (4, 1, true, 2400), "no more than there is, and told");
    assert_eq!(sums(&ann.line(cheaper).await), (3, 0, true, 2000), "the lower price stays agreed to");
    assert_eq!(sums(&ann.line(guests).await), (5, 0, false, 700));
    assert_eq!(sums(&ann.line(fewer).await), (4, 5, true, 700));
    assert_eq!(sums(&ann.line(anns).await), (6, 0, false, 300));
    assert_eq!(sums(&ann.saved(later).await), (6, 0, true, 300), "what waits may be more than there is");
    assert_eq!(sums(&ann.line(out).await), (11, 0, true, 300), "of what is sold out nothing is taken away");
    let cart = ann.cart().await;
    assert!(matches!(state(&cart, cheaper), LineState::Raised { from } if from.minor() == 2000));
    let line = shown(&cart, both);
    assert_eq!((line.short, line.merged, line.state), (1, true, LineState::Fine));
    assert_eq!(cart.subtotal.minor(), 4 * 2400 + 5 * 700 + 4 * 700 + 6 * 300);
    assert_eq!(count(&one.pool, "select count(*) from guests").await, 0);
    assert_eq!(count(&one.pool, "select count(*) from carts").await, 1);
    assert_invariants(&one.pool).await;

    // The old cookie is nobody's: neither hers nor a new guest's.
    let thief = one.browser();
    thief.set_cookie("guest", &old_cookie);
    assert_eq!((thief.cart().await.lines.len(), thief.badge().await), (0, 0));
    done(&ann.on("dismiss_note", ann.line(both).await.id).await);
    assert_eq!(sums(&ann.line(both).await), (4, 0, false, 2400));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_log_in_that_dies_half_way_has_moved_nothing(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let ann = ann_at(&shop).await;
    done(&ann.add(mug, 2).await);
    let guest = shop.browser();
    done(&guest.add(mug, 3).await);
    let before = (ann.rows().await, guest.rows().await);
    // The account's cart is in use, so the log-in stands between the two.
    let mut busy = shop.pool.begin().await.unwrap();
    sqlx::query("select from carts where user_id is not null for update").execute(&mut *busy).await.unwrap();
    let kill = async {
        let waiting = "select count(*) from (
                           select pg_terminate_backend(pid) from pg_stat_activity
                           where datname = current_database() and wait_event_type = 'Lock'
                       ) ended";
        while count(&shop.pool, waiting).await == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let (answer, ()) = futures::join!(guest.log_in(ANN.email, ANN.password), kill);
    busy.rollback().await.unwrap();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!guest.is_signed_in().await);
    assert_eq!((ann.rows().await, guest.rows().await), before);
    next(&guest.log_in(ANN.email, ANN.password).await);
    assert_eq!(ann.line(mug).await.quantity, 5);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_signs_up_keeps_their_cart_and_finds_it_on_every_device(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let bowl = plain(&pool, "bowl", 900, 9).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    done(&browser.add(mug, 3).await);
    done(&browser.add(bowl, 1).await);
    done(&browser.on("save_for_later", browser.line(bowl).await.id).await);
    let undo = {
        done(&browser.add(bowl, 2).await);
        offered(&browser.on("remove_line", browser.line(bowl).await.id).await)
    };
    next(&browser.sign_up(&ANN).await);
    assert_eq!(browser.pieces(mug).await, 3, "until the code is entered it is the guest's");
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    next(&browser.verify(&code).await);
    assert_eq!(browser.cookie("guest"), None);
    assert_eq!((browser.pieces(mug).await, browser.saved(bowl).await.quantity), (3, 1));
    done(&browser.undo(&undo).await);
    assert_eq!(browser.pieces(bowl).await, 2, "what the guest removed can still be taken back");

    let phone = ann_at(&shop).await;
    assert_eq!(phone.rows().await, browser.rows().await);
    done(&phone.add(mug, 1).await);
    assert_eq!(browser.line(mug).await.quantity, 4);

    // Logging out leaves it where it is; the browser starts with nothing.
    let before = phone.rows().await;
    next(&browser.post("log_out", &[]).await);
    assert_eq!((browser.rows().await.len(), browser.badge().await), (0, 0));
    done(&browser.add(mug, 2).await);
    assert_eq!((browser.pieces(mug).await, phone.rows().await), (2, before));
    next(&browser.log_in(ANN.email, ANN.password).await);
    assert_eq!(phone.line(mug).await.quantity, 6);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cookie_that_somebody_planted_is_never_a_guests(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    for planted in ["A".repeat(43), "short".to_owned(), "%00".to_owned(), "B".repeat(3000)] {
        let browser = shop.browser();
        browser.set_cookie("guest", &planted);
        // Whatever becomes of it, it is not under that name.
        let first = browser.add(mug, 1).await;
        if first.status != StatusCode::OK {
            told(&first);
            browser.get("/").await;
            assert_eq!(browser.cookie("guest"), None);
            done(&browser.add(mug, 1).await);
        }
        assert_ne!(browser.cookie("guest").unwrap(), planted);
        let hash = token_hash(&planted);
        let adopted: i64 = sqlx::query_scalar("select count(*) from guests where token_hash = $1")
            .bind(&hash[..])
            .fetch_one(&shop.pool)
            .await
            .unwrap();
        assert_eq!(adopted, 0);
        browser.set_cookie("guest", &planted);
        next(&browser.log_in(ANN.email, ANN.password).await);
        assert_eq!(browser.rows().await, []);
    }
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_adds_while_logging_in_loses_nothing(pool: PgPool) {
    let mug = plain(&pool, "mug", 100, 99).await;
    let bowl = plain(&pool, "bowl", 100, 99).await;
    let (one, two) = (Shop::open(pool.clone()).await, Shop::open(pool).await);
    one.account(&ANN, "shopper").await;
    let mut hers = 0;
    for round in 0..6 {
        let browser = one.browser();
        done(&browser.add(mug, 1).await);
        let tab = browser.at(&two);
        // A log-in takes its time over the password; the adding goes on until it is through.
        let adding = async {
            let mut added = 1;
            for _ in 0..12 {
                let answers = join_all((0..4).map(|n| if n % 2 == 0 { browser.add(mug, 1) } else { tab.add(mug, 1) }));
                for answer in answers.await {
                    match answer.status {
                        StatusCode::OK => added += 1,
                        _ => assert!(!told(&answer).is_empty()),
                    }
                }
                tokio::time::sleep(Duration::from_millis(5 + round)).await;
            }
            added
        };
        let (answer, added) = futures::join!(browser.log_in(ANN.email, ANN.password), adding);
        next(&answer);
        hers += added;
        browser.get("/").await;
        assert_eq!(browser.cookie("guest"), None);
        let there = browser.pieces(mug).await;
        assert_eq!(there, hers.min(99), "round {round}: {added} added");
        if hers > 40 {
            hers = 0;
            done(&browser.act("clear", &[]).await);
        }
    }
    // Who had nothing yet becomes a guest in the same moment as the account's owner: with the next page it is theirs.
    let browser = one.browser();
    let (answer, added) = futures::join!(browser.log_in(ANN.email, ANN.password), browser.add(bowl, 2));
    next(&answer);
    done(&added);
    browser.get("/").await;
    assert_eq!((browser.cookie("guest"), browser.pieces(bowl).await), (None, 2));
    assert_eq!(count(&one.pool, "select count(*) from guests").await, 0);
    assert_invariants(&one.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn two_accounts_at_once_with_one_guests_cookie_share_nothing(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 50).await;
    let shop = Shop::open(pool).await;
    let ben = crate::accounts::Person { username: "ben", email: "ben@example.com", ..ANN };
    shop.account(&ANN, "shopper").await;
    shop.account(&ben, "shopper").await;
    for _ in 0..5 {
        let guest = shop.browser();
        done(&guest.add(mug, 3).await);
        let (a, b) = (guest.twin(), guest.twin());
        let (one, two) = futures::join!(a.log_in(ANN.email, ANN.password), b.log_in(ben.email, ben.password));
        next(&one);
        next(&two);
        assert_eq!(a.pieces(mug).await + b.pieces(mug).await, 3, "one of the two has it");
        sqlx::query("delete from cart_lines").execute(&shop.pool).await.unwrap();
    }
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_guest_held_is_held_for_the_account(pool: PgPool) {
    let last = plain(&pool, "last", 2400, 1).await;
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let guest = shop.browser();
    done(&guest.add(last, 1).await);
    next(&guest.log_in(ANN.email, ANN.password).await);
    let rival = shop.browser();
    assert!(told(&rival.add(last, 1).await).contains("somebody else"));
    assert_eq!(state(&guest.cart().await, last), LineState::Fine);
    let said = notice(&guest.on("save_for_later", guest.line(last).await.id).await);
    assert!(said.starts_with("Saved"), "{said}");
    done(&rival.add(last, 1).await);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_left_the_catalogue_comes_along_too(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let bowl = plain(&pool, "bowl", 900, 9).await;
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let (ann, guest) = (ann_at(&shop).await, shop.browser());
    for browser in [&ann, &guest] {
        for variant in [mug, bowl] {
            done(&browser.add(variant, 2).await);
        }
        done(&browser.on("save_for_later", browser.line(bowl).await.id).await);
    }
    sqlx::query("delete from products").execute(&shop.pool).await.unwrap();
    next(&guest.log_in(ANN.email, ANN.password).await);
    let lines: Vec<(Option<Uuid>, bool, i32)> =
        ann.rows().await.iter().map(|row| (row.variant_id, row.saved, row.quantity)).collect();
    assert_eq!(lines, [(None, false, 2), (None, false, 2), (None, true, 2), (None, true, 2)]);
    assert_eq!(ann.cart().await.lines.len(), 2);
    assert_invariants(&shop.pool).await;
}
