//! Connections kept at hand: nobody gets one in the middle of an answer, and nobody else goes short of them.

use server::database::{AtHand, Held};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(30);

fn pool(connections: u32, options: PgConnectOptions) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_millis(300));
    pool.connect_lazy_with(options)
}

async fn process(connection: &mut Held) -> i32 {
    sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut **connection).await.unwrap()
}

#[sqlx::test(migrations = false)]
async fn the_next_gets_the_one_that_was_kept(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = pool(4, options);
    let at_hand = AtHand::new(pool.clone());
    let mut first = at_hand.take().await.unwrap();
    let one = process(&mut first).await;
    first.keep();
    assert_eq!(pool.num_idle(), 0, "the pool hasn't seen it");
    let mut next = at_hand.take().await.unwrap();
    assert_eq!(process(&mut next).await, one);
    next.keep();
    // What nobody takes is everybody's again.
    timeout(LONG, async {
        while pool.num_idle() == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(pool.acquire().await.unwrap());
    }
}

#[sqlx::test(migrations = false)]
async fn half_of_a_pool_is_left_to_others(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = pool(4, options);
    let at_hand = AtHand::new(pool.clone());
    let held = [at_hand.take().await.unwrap(), at_hand.take().await.unwrap()];
    assert!(matches!(at_hand.take().await, Err(sqlx::Error::PoolTimedOut)), "no third of four");
    let others = [pool.acquire().await.unwrap(), pool.acquire().await.unwrap()];
    let waiting = tokio::spawn({
        let at_hand = Arc::clone(&at_hand);
        async move { at_hand.take().await.map(drop) }
    });
    for one in held {
        one.keep();
    }
    waiting.await.unwrap().expect("who waits gets one that is kept, though the pool has none");
    drop(others);
}

/// Of a pool of one, none is kept: it would be kept from everybody.
#[sqlx::test(migrations = false)]
async fn an_only_connection_goes_back(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = pool(1, options);
    let at_hand = AtHand::new(pool.clone());
    for _ in 0..3 {
        let mut held = at_hand.take().await.unwrap();
        process(&mut held).await;
        held.keep();
        drop(pool.acquire().await.unwrap());
    }
}

#[sqlx::test(migrations = false)]
async fn one_left_in_the_middle_of_an_answer_is_not_given_on_as_it_is(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = pool(2, options);
    let at_hand = AtHand::new(pool.clone());
    let mut held = at_hand.take().await.unwrap();
    let asked = sqlx::query("select pg_sleep(0.2), 'not for you'").fetch_all(&mut *held);
    assert!(timeout(Duration::from_millis(20), asked).await.is_err());
    drop(held);
    let mut next = at_hand.take().await.unwrap();
    let got: String = sqlx::query_scalar("select 'for you'").fetch_one(&mut *next).await.unwrap();
    assert_eq!(got, "for you");
}

#[sqlx::test(migrations = false)]
async fn a_pool_that_closes_waits_for_none(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = pool(4, options);
    let at_hand = AtHand::new(pool.clone());
    at_hand.take().await.unwrap().keep();
    let held = at_hand.take().await.unwrap();
    let closing = tokio::spawn({
        let pool = pool.clone();
        async move { pool.close().await }
    });
    pool.close_event().await;
    held.keep();
    timeout(LONG, closing).await.expect("all have gone back").unwrap();
    assert!(at_hand.take().await.is_err());
}
