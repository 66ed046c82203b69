//! What an import did to a variant is taken back from that variant, whatever it is called by then.

use super::*;
use crate::office::{imports, terminal};

const FILE: &str = "\
Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price
tarn-mug,Tarn mug,Colour,Moss,TARN-MUG-0,26.00
tarn-mug,,,Rust,TARN-MUG-1,24.00
";

const ENTRY: &str = "select max(id)::text from audit_log where act = 'product.update' and part_of is not null";

/// Calls Moss Fern, and Rust what Moss was called; then takes the import's entry back.
async fn renamed_and_reverted(browser: &Browser<'_>, pool: &PgPool, product: &str) {
    let before = ids(pool).await;
    let moss = before.iter().find(|(name, _)| name == "Moss").unwrap().1.clone();
    assert_eq!(rows(pool).await, "Moss 2600 10, Rust 2400 10");
    let entry = text(pool, ENTRY).await;
    let meant = "select concat_ws(' ', before -> 'variants_id', after -> 'variants_id')
                 from audit_log where part_of is not null";
    let only = format!("{{\"Moss\": \"{moss}\"}}");
    assert_eq!(text(pool, meant).await, format!("{only} {only}"), "the one that changed, and no other");
    let mut form = open(browser, &format!("/admin/products/{product}")).await;
    set(&mut form, "options[0][values][0]", "Fern");
    set(&mut form, "options[0][values][1]", "Moss");
    saved(browser, &form).await;
    assert_eq!(rows(pool).await, "Fern 2600 10, Moss 2400 10");
    assert!(ids(pool).await.contains(&("Fern".to_owned(), moss)));
    done(browser, "trail/revert", &[("entry", &entry), ("page", "/admin/audit")]).await;
    assert_eq!(rows(pool).await, "Fern 2400 10, Moss 2400 10");
    let again = act(browser, "trail/revert", &[("entry", &entry), ("page", "/admin/audit")]).await;
    assert!(beside(&again, "").contains("price of Fern has been changed since"), "{}", again.body);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_import_in_the_browser_says_which_variant_it_changed(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product { colours: &["Moss", "Rust"], ..Product::default() }).await.to_string();
    let browser = signed_in(&shop, &EDD, "editor").await;
    let import = imports::upload(&browser, FILE).await;
    assert_eq!(imports::apply(&browser, &import).await, "applied");
    renamed_and_reverted(&browser, &shop.pool, &mug).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_import_before_a_terminal_says_which_variant_it_changed(pool: PgPool) {
    let mug = add(&pool, Product { colours: &["Moss", "Rust"], ..Product::default() }).await.to_string();
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    terminal::run(&shop.pool, "import", "spring.csv", Some(FILE)).await;
    renamed_and_reverted(&browser, &shop.pool, &mug).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_entry_of_an_import_from_before_variants_were_named_by_ids_goes_by_their_names(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product { colours: &["Moss", "Rust"], price: 2600, ..Product::default() }).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let entry: i64 = sqlx::query_scalar(
        r#"insert into audit_log (actor, act, subject_kind, subject_id, subject, before, after, part_of)
           values ('x', 'product.update', 'product', $1, 'Tarn mug', '{"price of Rust": 2400}',
                   '{"price of Rust": 2600}', 1)
           returning id"#,
    )
    .bind(mug.to_string())
    .fetch_one(&shop.pool)
    .await
    .unwrap();
    done(&browser, "trail/revert", &[("entry", &entry.to_string()), ("page", "/admin/audit")]).await;
    assert_eq!(rows(&shop.pool).await, "Moss 2600 10, Rust 2400 10");
}
