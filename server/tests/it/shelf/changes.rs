//! What changes while it is in a cart (B6): the shopper is told, and the server's number counts.

use super::cart::{assert_invariants, done, offered, plain, set_price, set_status, set_stock, shown, state, told};
use crate::shop::Shop;
use app::cart::api::LineState;
use axum::http::StatusCode;
use sqlx::PgPool;

#[sqlx::test(migrations = "../migrations")]
async fn a_price_that_rose_counts_once_it_is_agreed_to_and_one_that_fell_at_once(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let bowl = plain(&pool, "bowl", 1000, 9).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    done(&browser.add(mug, 2).await);
    done(&browser.add(bowl, 1).await);
    let line = browser.line(mug).await.id.to_string();
    set_price(&shop.pool, mug, 2500).await;
    let cart = browser.cart().await;
    assert!(matches!(state(&cart, mug), LineState::Raised { from } if from.minor() == 2400));
    assert_eq!((shown(&cart, mug).total, shown(&cart, mug).price.minor()), (None, 2500));
    assert_eq!((cart.subtotal.minor(), cart.pieces, browser.badge().await), (1000, 1, 3));

    // Between the look at it and the answer it has risen again: nobody agrees to what they haven't seen.
    set_price(&shop.pool, mug, 2600).await;
    for seen in ["2500", "2400", "0", "-2600"] {
        let answer = browser.act("accept_price", &[("line", &line), ("seen", seen)]).await;
        assert!(told(&answer).contains("changed again"), "{seen}");
    }
    for seen in ["", "26.00", "x", "99999999999999999999"] {
        let answer = browser.act("accept_price", &[("line", &line), ("seen", seen)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{seen}");
    }
    assert_eq!(browser.line(mug).await.price, 2400);
    done(&browser.act("accept_price", &[("line", &line), ("seen", "2600")]).await);
    let cart = browser.cart().await;
    assert_eq!((state(&cart, mug), cart.subtotal.minor()), (LineState::Fine, 2 * 2600 + 1000));

    set_price(&shop.pool, mug, 2000).await;
    let cart = browser.cart().await;
    assert_eq!(shown(&cart, mug).was.unwrap().minor(), 2600);
    assert_eq!((cart.subtotal.minor(), cart.savings.minor()), (2 * 2000 + 1000, 2 * 600));
    // Another piece of it is no consent to a higher price either.
    set_price(&shop.pool, mug, 2700).await;
    done(&browser.add(mug, 1).await);
    assert!(matches!(state(&browser.cart().await, mug), LineState::Raised { from } if from.minor() == 2600));
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_fewer_or_gone_is_flagged_and_left_out_until_it_is_back(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let bowl = plain(&pool, "bowl", 1000, 9).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    done(&browser.add(mug, 5).await);
    done(&browser.add(bowl, 1).await);
    let line = browser.line(mug).await.id;

    set_stock(&shop.pool, mug, 3).await;
    let cart = browser.cart().await;
    assert_eq!((state(&cart, mug), cart.subtotal.minor()), (LineState::Reduced { left: 3 }, 1000));
    assert_eq!((shown(&cart, mug).quantity, shown(&cart, mug).most), (5, 3));
    done(&browser.set(line, "3").await);
    assert_eq!(browser.cart().await.subtotal.minor(), 3 * 2400 + 1000);

    set_stock(&shop.pool, mug, 0).await;
    let cart = browser.cart().await;
    assert_eq!((state(&cart, mug), shown(&cart, mug).total, cart.pieces), (LineState::SoldOut, None, 1));
    assert!(told(&browser.set(line, "2").await).contains("none left"));
    assert!(told(&browser.add(mug, 1).await).contains("out of stock"));
    set_stock(&shop.pool, mug, 9).await;
    assert_eq!(state(&browser.cart().await, mug), LineState::Fine);

    set_status(&shop.pool, mug, "archived").await;
    let cart = browser.cart().await;
    assert_eq!((state(&cart, mug), shown(&cart, mug).slug, cart.subtotal.minor()), (LineState::Gone, None, 1000));
    told(&browser.set(line, "2").await);
    assert!(told(&browser.add(mug, 1).await).contains("sold any more"));
    done(&browser.on("save_for_later", line).await);
    assert!(told(&browser.on("move_to_cart", line).await).contains("sold any more"));
    set_status(&shop.pool, mug, "active").await;
    done(&browser.on("move_to_cart", line).await);
    assert_eq!(browser.cart().await.subtotal.minor(), 3 * 2400 + 1000);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_line_outlives_its_variant_and_says_so(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 1).await;
    let bowl = plain(&pool, "bowl", 1000, 9).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    done(&browser.add(mug, 1).await);
    done(&browser.add(bowl, 2).await);
    let line = browser.line(mug).await.id;
    let undo = offered(&browser.on("remove_line", browser.line(bowl).await.id).await);
    sqlx::query("delete from products").execute(&shop.pool).await.unwrap();
    let gone = |cart: &app::cart::api::Cart| {
        cart.lines.iter().chain(&cart.saved).all(|line| line.state == LineState::Gone && line.variant.is_empty())
    };
    let cart = browser.cart().await;
    assert!(gone(&cart), "{cart:?}");
    assert_eq!((cart.lines.len(), cart.lines[0].title.as_str(), cart.subtotal.minor()), (1, "The mug", 0));
    told(&browser.set(line, "2").await);
    done(&browser.on("dismiss_note", line).await);
    told(&browser.act("accept_price", &[("line", &line.to_string()), ("seen", "2400")]).await);
    done(&browser.on("save_for_later", line).await);
    assert!(told(&browser.on("move_to_cart", line).await).contains("sold any more"));
    assert!(told(&browser.on("move_to_wishlist", line).await).contains("sold any more"));
    // Also what was removed while it was still sold.
    done(&browser.undo(&undo).await);
    let cart = browser.cart().await;
    assert!(gone(&cart) && cart.lines[0].title == "The bowl", "{cart:?}");
    let undo = offered(&browser.on("remove_line", line).await);
    done(&browser.undo(&undo).await);
    done(&browser.act("clear", &[]).await);
    let cart = browser.cart().await;
    assert_eq!((cart.lines.len(), cart.saved.len()), (0, 1));
    done(&browser.on("remove_line", line).await);
    assert_eq!(browser.rows().await, []);
    assert_invariants(&shop.pool).await;
}
