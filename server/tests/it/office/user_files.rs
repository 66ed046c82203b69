//! Accounts that change between one piece of their file and the next.

use super::staff::{ADA, signed_in};
use crate::accounts::Browser;
use crate::shop::{Shop, secret};
use app::account::api::Role;
use app::admin::host::Staff;
use app::admin::users::query::Query;
use server::http::Answer as Additions;
use server::services::accounts::sessions::find;
use server::services::accounts::{AccountService, Caller};
use server::services::office::users::PgUsers;
use sqlx::PgPool;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// More than two pieces of a file.
const MANY: &str = "
    insert into users (id, username, username_key, email, email_key, password_hash, verified_at, created_at, last_seen_at)
    select gen_random_uuid(), 'user' || n, 'user' || n, 'u' || n || '@example.com', 'u' || n || '@example.com', 'x', now(),
           now() - make_interval(mins => n), now() - make_interval(mins => n)
    from generate_series(1, 4100) n";

/// Accounts as the browser's owner, an admin, may look after them.
async fn users_of(shop: &Shop, browser: &Browser<'_>) -> PgUsers {
    let token = browser.cookie("session").unwrap();
    let session = find(&mut shop.pool.acquire().await.unwrap(), &token).await.unwrap();
    let caller = Caller {
        session,
        client: IpAddr::V4(Ipv4Addr::LOCALHOST),
        user_agent: String::new(),
        flow: None,
        guest: None,
        request: String::new(),
        answer: Additions::default(),
    };
    let accounts = Arc::new(AccountService::new(shop.pool.clone(), secret(), "Fieldstone", false));
    let me = Staff { name: ADA.username.to_owned(), role: Role::Admin, fresh: true };
    PgUsers::new(shop.pool.clone(), accounts, "Fieldstone", caller, me)
}

fn names(lines: &[u8]) -> Vec<String> {
    let mut records = csv::ReaderBuilder::new().has_headers(false).from_reader(lines);
    records.records().map(|record| record.unwrap()[0].to_owned()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_goes_on_behind_who_is_deleted_or_seen_meanwhile(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let browser = signed_in(&shop, &ADA, "admin").await;
    sqlx::raw_sql(MANY).execute(&pool).await.unwrap();
    let users = users_of(&shop, &browser).await;
    for (search, meanwhile) in [
        ("sort=username", "delete from users where username = $1"),
        ("sort=-created", "delete from users where username = $1"),
        ("sort=-seen", "update users set last_seen_at = now() where username = $1"),
        ("sort=-status", "update users set blocked_at = now() where username = $1"),
    ] {
        let query = Query::parse(search);
        let all: i64 = sqlx::query_scalar("select count(*) from users").fetch_one(&pool).await.unwrap();
        let all = usize::try_from(all).unwrap();
        let mut seen = Vec::new();
        let mut beyond = None;
        while let Some((lines, next)) = users.export(&query, beyond).await.unwrap() {
            assert!(seen.len() <= 4100, "{search}: it ends");
            let before = seen.len();
            seen.extend(names(&lines));
            if before == 0 {
                sqlx::query(meanwhile).bind(seen.last().unwrap()).execute(&pool).await.unwrap();
            }
            beyond = Some(next);
        }
        let each: BTreeSet<&String> = seen.iter().collect();
        assert_eq!((seen.len(), each.len()), (all, all), "{search}: each of them, once");
    }
}
