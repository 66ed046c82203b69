//! What nobody will come back for goes; what somebody may, stays.

use super::cart::{assert_invariants, done, plain, service};
use crate::accounts::{ANN, count, next};
use crate::shop::Shop;
use sqlx::PgPool;

async fn run(pool: &PgPool, statement: &'static str) {
    sqlx::query(statement).execute(pool).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn guests_who_stay_away_are_forgotten_and_accounts_never(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let last = plain(&pool, "last", 2400, 1).await;
    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let (ann, away, back, adding) = (shop.browser(), shop.browser(), shop.browser(), shop.browser());
    next(&ann.log_in(ANN.email, ANN.password).await);
    for browser in [&ann, &away, &back, &adding] {
        done(&browser.add(mug, 1).await);
    }
    done(&away.add(last, 1).await);
    run(&shop.pool, "update guests set seen_at = now() - interval '31 days'").await;
    run(&shop.pool, "update carts set touched_at = now() - interval '400 days'").await;
    // One has looked at a page since, another has put something in.
    let page = back.get("/products").await;
    let renewed = page.header("set-cookie");
    assert!(renewed.contains(&back.cookie("guest").unwrap()) && renewed.contains("Max-Age=2592000"), "{renewed}");
    done(&adding.add(mug, 1).await);
    service(&shop.pool).tidy().await.unwrap();
    assert_eq!(away.rows().await, []);
    assert_eq!((ann.pieces(mug).await, back.pieces(mug).await, adding.pieces(mug).await), (1, 1, 2));
    assert_eq!(count(&shop.pool, "select count(*) from carts").await, 3);
    done(&back.add(last, 1).await);
    assert!(back.get("/products").await.header("set-cookie").is_empty(), "once a day is enough");
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn however_many_are_kept_those_behind_them_still_go(pool: PgPool) {
    run(
        &pool,
        "with guest as (
             insert into guests (id, token_hash, seen_at)
             select gen_random_uuid(), sha256(n::text::bytea), now() - interval '50 days' + n * interval '1 second'
             from generate_series(1, 3100) n
             returning id, seen_at
         )
         insert into carts (id, guest_id, touched_at)
         select gen_random_uuid(), id, case when seen_at < now() - interval '50 days' + interval '1001 seconds'
                                            then now() else now() - interval '40 days' end
         from guest",
    )
    .await;
    let (one, two) = (service(&pool), service(&pool));
    let (a, b) = futures::join!(one.tidy(), two.tidy());
    a.unwrap();
    b.unwrap();
    assert_eq!(count(&pool, "select count(*) from guests").await, 1000);
    assert_eq!(count(&pool, "select count(*) from carts").await, 1000);
    assert_invariants(&pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_makes_sense_for_a_moment_only_goes_with_it(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 9).await;
    let last = plain(&pool, "last", 2400, 1).await;
    let shop = Shop::open(pool).await;
    let browser = shop.browser();
    let mug_id = mug.to_string();
    for _ in 0..2 {
        let key = uuid::Uuid::now_v7().to_string();
        done(&browser.act("add_line", &[("variant", &mug_id), ("key", &key)]).await);
        done(&browser.on("remove_line", browser.line(mug).await.id).await);
    }
    done(&browser.add(last, 1).await);
    let left = "select (select count(*) from undos) * 100 + (select count(*) from cart_acts) * 10
                       + (select count(*) from holds)";
    service(&shop.pool).tidy().await.unwrap();
    assert_eq!(count(&shop.pool, left).await, 221, "what is of use stays");
    for yesterdays in [
        "update undos set created_at = now() - interval '25 hours' where id = (select max(id::text)::uuid from undos)",
        "update cart_acts set created_at = now() - interval '25 hours'
         where key = (select max(key::text)::uuid from cart_acts)",
        "update holds set until = now()",
    ] {
        run(&shop.pool, yesterdays).await;
    }
    service(&shop.pool).tidy().await.unwrap();
    assert_eq!(count(&shop.pool, left).await, 110);
    assert_eq!(browser.pieces(last).await, 1);
    assert_invariants(&shop.pool).await;
}
