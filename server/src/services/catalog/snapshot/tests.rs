use super::*;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn sizes_stand_as_people_expect() {
    let mut sizes = ["xl", "10 cm", "s", "red", "9 cm", "medium", "blue"];
    sizes.sort_by_key(|size| natural_order(size));
    assert_eq!(sizes, ["s", "medium", "xl", "9 cm", "10 cm", "blue", "red"]);
}

/// All that a snapshot says, however it came to say it. Prices of products that are gone are nobody's.
fn said(snapshot: &Snapshot) -> impl PartialEq + std::fmt::Debug + use<> {
    let set = |set: &RoaringBitmap| set.iter().collect::<Vec<Seq>>();
    let prices: BTreeMap<Seq, i64> = snapshot.active.iter().map(|seq| (seq, snapshot.prices[seq as usize])).collect();
    let options: BTreeMap<(String, String), Vec<Seq>> = snapshot
        .options
        .iter()
        .flat_map(|group| group.values.iter().map(|one| ((group.key.clone(), one.key.clone()), set(&one.products))))
        .collect();
    let sets = [&snapshot.active, &snapshot.in_stock, &snapshot.on_sale, &snapshot.featured].map(set);
    (sets, prices, snapshot.by_price.clone(), snapshot.by_name.clone(), options)
}

async fn add(pool: &PgPool, title: &str) -> Seq {
    let seq: i32 = sqlx::query_scalar(
        "with made as (
             insert into products (id, slug, title, status, option_names)
             values (gen_random_uuid(), gen_random_uuid()::text, $1, 'active', '{Colour}')
             returning id, seq
         ), variant as (
             insert into variants (id, product_id, position, price, on_hand, option_values)
             select gen_random_uuid(), id, 1, 2400, 5, '{Moss}' from made
         )
         select seq from made",
    )
    .bind(title)
    .fetch_one(pool)
    .await
    .unwrap();
    Seq::try_from(seq).unwrap()
}

async fn run(pool: &PgPool, statement: &'static str, seq: Seq, value: &str) {
    sqlx::query(statement).bind(i32::try_from(seq).unwrap()).bind(value).execute(pool).await.unwrap();
}

const RENAME: &str = "update products set title = $2 where seq = $1";

#[sqlx::test(migrations = "../migrations")]
async fn a_name_that_is_not_told_of_yet_puts_no_other_into_the_wrong_place(pool: PgPool) {
    let mut products = Vec::new();
    for title in ["Bowl", "Cup", "Dish"] {
        products.push(add(&pool, title).await);
    }
    let first = Snapshot::load(&pool).await.unwrap();
    // Two changes: the notice of the later one is read first, in a database that has both.
    run(&pool, RENAME, products[2], "Ashtray").await;
    let new = add(&pool, "Cruet").await;
    let second = first.refreshed(&pool, &[new]).await.unwrap();
    let third = second.refreshed(&pool, &[products[2]]).await.unwrap();
    assert_eq!(third.by_name, [products[2], products[0], new, products[1]]);
    assert_eq!(said(&third), said(&Snapshot::load(&pool).await.unwrap()));
}

#[sqlx::test(migrations = "../migrations")]
async fn any_changes_read_in_any_pieces_come_to_the_whole(pool: PgPool) {
    for seed in 0..12 {
        let mut random = StdRng::seed_from_u64(seed);
        sqlx::query("delete from products").execute(&pool).await.unwrap();
        let mut products = Vec::new();
        for number in 0..8 {
            products.push(add(&pool, &format!("Mug {number}")).await);
        }
        let mut snapshot = Snapshot::load(&pool).await.unwrap();
        // Changed, and not read since.
        let mut untold = BTreeSet::new();
        for _ in 0..30 {
            let seq = products[random.random_range(0..products.len())];
            untold.insert(seq);
            let title = format!("Mug {}", random.random_range(0..20));
            match random.random_range(0..7) {
                0 | 1 => run(&pool, RENAME, seq, &title).await,
                2 => run(&pool, "update products set status = $2 where seq = $1", seq, "archived").await,
                3 => run(&pool, "update products set status = $2 where seq = $1", seq, "active").await,
                4 => {
                    let price = random.random_range(100..900).to_string();
                    let sql = "update variants set price = $2::bigint, on_hand = 0
                               where product_id = (select id from products where seq = $1)";
                    run(&pool, sql, seq, &price).await;
                }
                5 => run(&pool, "delete from products where seq = $1 and $2 <> ''", seq, "-").await,
                _ => {
                    let new = add(&pool, &title).await;
                    products.push(new);
                    untold.insert(new);
                }
            }
            if random.random_bool(0.4) {
                let mut some: Vec<Seq> = untold.iter().copied().collect();
                some.shuffle(&mut random);
                some.truncate(random.random_range(1..=some.len()));
                snapshot = snapshot.refreshed(&pool, &some).await.unwrap();
                untold.retain(|seq| !some.contains(seq));
                let mut names = snapshot.by_name.clone();
                names.sort_unstable();
                assert!(snapshot.active.iter().eq(names), "seed {seed}: each active product has one place");
            }
        }
        let rest: Vec<Seq> = untold.into_iter().collect();
        snapshot = snapshot.refreshed(&pool, &rest).await.unwrap();
        assert_eq!(said(&snapshot), said(&Snapshot::load(&pool).await.unwrap()), "seed {seed}");
    }
}
