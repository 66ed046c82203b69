//! What nobody can make a cart do.

use super::cart::{assert_invariants, done, notice, offered, plain, set_status, told};
use crate::accounts::{ANN, count, next};
use crate::shop::{Product, Shop, add};
use axum::http::{Method, StatusCode};
use sqlx::PgPool;
use uuid::Uuid;

const HUGE: [&str; 3] = ["2147483648", "9223372036854775808", "99999999999999999999999999"];

/// Everything that acts on carts may change, as text, but for when it was seen.
async fn everything(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select t from (
             select 'line ' || l::text as t from cart_lines l
             union all select 'cart ' || c.id || ' ' || c.owner_id from carts c
             union all select 'guest ' || g.id from guests g
             union all select 'hold ' || h.variant_id || ' ' || h.cart_id from holds h
             union all select 'undo ' || u::text from undos u
             union all select 'list ' || w::text from wishlists w
         ) t order by t",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_typed_as_a_quantity_is_one_or_a_clear_error(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 7).await;
    let shop = Shop::open(pool).await;
    let mug_id = mug.to_string();
    for (typed, becomes) in [(" 1 ", 1), ("１", 1), ("3", 3), ("", 1), ("007", 7)] {
        let browser = shop.browser();
        done(&browser.act("add_line", &[("variant", &mug_id), ("quantity", typed)]).await);
        assert_eq!(browser.line(mug).await.quantity, becomes, "{typed:?}");
    }
    for typed in HUGE {
        let browser = shop.browser();
        let said = notice(&browser.act("add_line", &[("variant", &mug_id), ("quantity", typed)]).await);
        assert!(said.contains("there are only 7"), "{typed}: {said}");
        assert_eq!(browser.line(mug).await.quantity, 7);
    }
    let browser = shop.browser();
    done(&browser.add(mug, 2).await);
    let line = browser.line(mug).await.id;
    let wrong = ["0", "-1", "−1", "1e9", "1.5", "+1", "NaN", "two", "0x10", "1 1"];
    for typed in wrong {
        let said = told(&browser.act("add_line", &[("variant", &mug_id), ("quantity", typed)]).await);
        assert!(said.starts_with("Enter "), "{typed}: {said}");
        let said = told(&browser.set(line, typed).await);
        assert!(said.starts_with("Enter "), "{typed}: {said}");
        assert_eq!(browser.line(mug).await.quantity, 2, "{typed}");
    }
    assert!(told(&browser.set(line, "").await).starts_with("Enter how many"));
    for (typed, becomes) in [(" 1 ", 1), ("１", 1), ("5", 5)] {
        done(&browser.set(line, typed).await);
        assert_eq!(browser.line(mug).await.quantity, becomes, "{typed:?}");
    }
    for typed in HUGE {
        let said = notice(&browser.set(line, typed).await);
        assert!(said.contains("only 7"), "{typed}: {said}");
        assert_eq!(browser.line(mug).await.quantity, 7);
        done(&browser.set(line, "2").await);
    }
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn fields_that_nobody_asked_for_change_nothing(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 7).await;
    let shop = Shop::open(pool).await;
    let user = shop.account(&ANN, "shopper").await;
    let (browser, other) = (shop.browser(), shop.browser());
    done(&other.add(mug, 1).await);
    let others_cart: Uuid = sqlx::query_scalar("select id from carts").fetch_one(&shop.pool).await.unwrap();
    let (mug_id, cart, user, own) =
        (mug.to_string(), others_cart.to_string(), user.to_string(), Uuid::now_v7().to_string());
    let foreign = [
        ("price", "1"),
        ("cart_id", &cart),
        ("cart", &cart),
        ("user_id", &user),
        ("owner_id", &user),
        ("guest_id", &user),
        ("saved", "true"),
        ("merged", "true"),
        ("short", "5"),
        ("name", "Free"),
        ("id", &own),
        ("most", "99"),
    ];
    done(&browser.act("add_line", &[&[("variant", mug_id.as_str()), ("quantity", "2")][..], &foreign].concat()).await);
    let line = browser.line(mug).await;
    assert_eq!((line.price, line.quantity, line.saved, line.merged, line.short), (2400, 2, false, false, 0));
    assert_ne!(line.id.to_string(), own);
    let id = line.id.to_string();
    done(&browser.act("set_quantity", &[&[("line", id.as_str()), ("quantity", "3")][..], &foreign].concat()).await);
    let line = browser.line(mug).await;
    assert_eq!((line.price, line.quantity, line.saved, line.merged, line.short), (2400, 3, false, false, 0));
    assert_eq!(other.line(mug).await.quantity, 1);
    assert_eq!(count(&shop.pool, "select count(*) from carts where user_id is not null").await, 0);
    assert_eq!(browser.cart().await.subtotal.minor(), 3 * 2400);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn another_ones_line_is_not_there(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 7).await;
    let bowl = plain(&pool, "bowl", 900, 7).await;
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let ann = shop.browser();
    next(&ann.log_in(ANN.email, ANN.password).await);
    let guest = shop.browser();
    for owner in [&ann, &guest] {
        done(&owner.add(mug, 2).await);
        done(&owner.add(bowl, 1).await);
        done(&owner.on("save_for_later", owner.line(bowl).await.id).await);
    }
    let undo = {
        done(&ann.add(bowl, 3).await);
        offered(&ann.on("remove_line", ann.line(bowl).await.id).await)
    };
    let lines: Vec<Uuid> = ann.rows().await.iter().chain(&guest.rows().await).map(|row| row.id).collect();
    let stranger = shop.browser();
    let other = shop.browser();
    done(&other.add(mug, 1).await);
    let before = everything(&shop.pool).await;
    for line in lines {
        let line = line.to_string();
        for thief in [&stranger, &other] {
            for (act, more) in [
                ("set_quantity", ("quantity", "5")),
                ("remove_line", ("", "")),
                ("save_for_later", ("", "")),
                ("move_to_cart", ("", "")),
                ("move_to_wishlist", ("", "")),
                ("accept_price", ("seen", "2400")),
                ("dismiss_note", ("", "")),
            ] {
                let answer = thief.act(act, &[("line", &line), more]).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}: {}", answer.body);
            }
        }
    }
    told(&other.undo(&undo).await);
    assert_eq!(stranger.undo(&undo).await.status, StatusCode::NOT_FOUND);
    done(&stranger.act("clear", &[]).await);
    assert_eq!(everything(&shop.pool).await, before);
    // Ids that are none are nobody's either.
    for odd in ["", "1", "' or 1=1 --", "00000000-0000-0000-0000-000000000000"] {
        let answer = other.act("remove_line", &[("line", odd)]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{odd}");
    }
    done(&ann.undo(&undo).await);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn forms_of_other_sites_and_links_change_nothing(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 7).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    done(&browser.add(mug, 2).await);
    let line = browser.line(mug).await.id.to_string();
    let mug_id = mug.to_string();
    let acts = [
        ("add_line", ("variant", mug_id.as_str())),
        ("set_quantity", ("line", &line)),
        ("remove_line", ("line", &line)),
        ("clear", ("", "")),
        ("save_for_later", ("line", &line)),
        ("move_to_cart", ("line", &line)),
        ("move_to_wishlist", ("line", &line)),
        ("accept_price", ("line", &line)),
        ("dismiss_note", ("line", &line)),
        ("undo", ("undo", &line)),
    ];
    let before = everything(&shop.pool).await;
    for (act, field) in acts {
        for accept in ["application/json", "text/html"] {
            for foreign in [
                &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
                &[("sec-fetch-site", "same-site")],
                &[("origin", "https://evil.example")],
                &[("origin", "null")],
            ] {
                let headers = [&[("accept", accept)], foreign].concat();
                let answer = browser.act_with(&headers, act, &[field, ("quantity", "3")]).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{act} {foreign:?}");
            }
        }
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            let path = format!("/api/cart/{act}?{}={}&quantity=3", field.0, field.1);
            let answer = browser.send(method.clone(), &path, &[("accept", "application/json")], "").await;
            assert!(answer.status.is_client_error(), "{method} {act}: {}", answer.status);
        }
    }
    for path in ["/cart", "/cart?remove=1", "/", "/products/mug"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    let mini = browser.send(Method::GET, "/api/cart/mini", &[("accept", "application/json")], "").await;
    assert_eq!(mini.status, StatusCode::OK);
    assert_eq!(everything(&shop.pool).await, before);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_not_sold_can_not_be_added_and_leaves_nothing_behind(pool: PgPool) {
    let gone = plain(&pool, "gone", 2400, 7).await;
    let draft = plain(&pool, "draft", 2400, 7).await;
    let out = plain(&pool, "out", 2400, 0).await;
    set_status(&pool, gone, "archived").await;
    set_status(&pool, draft, "draft").await;
    add(&pool, Product { slug: "kinds", title: "Kinds", colours: &["Sage", "Rust"], ..Product::default() }).await;
    let shop = Shop::open(pool).await;
    let (gone, draft, out, nothing) =
        (gone.to_string(), draft.to_string(), out.to_string(), Uuid::now_v7().to_string());
    for (field, words) in [
        (("variant", gone.as_str()), "sold any more"),
        (("variant", &draft), "sold any more"),
        (("variant", &nothing), "sold any more"),
        (("variant", "x' or 1=1"), "sold any more"),
        (("product", "nowhere"), "sold any more"),
        (("product", "gone"), "sold any more"),
        (("variant", &out), "out of stock"),
        (("product", "out"), "out of stock"),
        (("product", "kinds"), "choose one"),
        (("", ""), "sold any more"),
    ] {
        let browser = shop.browser();
        let answer = browser.act("add_line", &[field]).await;
        let said = told(&answer);
        assert!(said.contains(words), "{field:?}: {said}");
        assert!(browser.cookie("guest").is_none(), "{field:?}: who was refused is no guest");
    }
    let bad = shop.browser().act("add_line", &[("variant", &out), ("key", "not a uuid")]).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    assert_eq!(count(&shop.pool, "select (select count(*) from guests) + (select count(*) from carts)").await, 0);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_full_cart_takes_more_of_what_it_has(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 50).await;
    let bowl = plain(&pool, "bowl", 900, 50).await;
    let extra = plain(&pool, "extra", 900, 50).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    done(&browser.add(mug, 1).await);
    done(&browser.add(bowl, 1).await);
    done(&browser.on("save_for_later", browser.line(bowl).await.id).await);
    sqlx::query(
        "with product as (
             insert into products (id, slug, title, status) values (gen_random_uuid(), 'many', 'Many', 'active')
             returning id
         ), variant as (
             insert into variants (id, product_id, position, price, on_hand, option_values)
             select gen_random_uuid(), product.id, n, 100, 5, array[n::text] from product, generate_series(1, 298) n
             returning id
         )
         insert into cart_lines (id, cart_id, variant_id, quantity, price, name)
         select gen_random_uuid(), c.id, v.id, 1, 100, 'Many' from carts c, variant v",
    )
    .execute(&shop.pool)
    .await
    .unwrap();
    assert!(told(&browser.add(extra, 1).await).contains("full"));
    done(&browser.add(mug, 1).await);
    assert_eq!(browser.line(mug).await.quantity, 2);
    done(&browser.on("move_to_cart", browser.saved(bowl).await.id).await);
    assert_eq!(browser.pieces(bowl).await, 1);
    // What was removed comes back only into a cart that has room for it.
    let undo = offered(&browser.act("clear", &[]).await);
    for n in 0..2 {
        done(&browser.add([mug, extra][n], 1).await);
    }
    assert!(told(&browser.undo(&undo).await).contains("full"));
    assert_eq!(browser.rows().await.len(), 2);
    done(&browser.on("remove_line", browser.line(extra).await.id).await);
    done(&browser.undo(&undo).await);
    assert_eq!((browser.rows().await.len(), browser.line(mug).await.quantity), (300, 3));
    assert_invariants(&shop.pool).await;
}
