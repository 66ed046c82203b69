//! What is imported and exported before a terminal, as the back office tells of it.

use super::imports::{EDITOR, settled, signed_in, state, undo};
use crate::command_line::shopfront;
use crate::shop::{Product, Shop, add};
use axum::http::StatusCode;
use server::demo;
use server::media::MediaStore;
use sqlx::PgPool;

const FILE: &str = "\
Handle,Title,Variant Price,Variant Inventory Qty
tarn-mug,Tarn beaker,26.50,10
pot,Pot,40.00,3
";

/// Runs the binary on a file of this text; it must succeed.
pub(super) async fn run(pool: &PgPool, command: &'static str, name: &str, text: Option<&str>) {
    let folder = crate::catalogue_file::Folder::new();
    let path = folder.0.join(name);
    if let Some(text) = text {
        std::fs::write(&path, text).unwrap();
    }
    let (pool, path) = (pool.clone(), path.to_str().unwrap().to_owned());
    let output = tokio::task::spawn_blocking(move || shopfront(Some(&pool), &[command, &path])).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

async fn number(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn an_import_by_the_command_line_is_told_and_undone_in_the_browser(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open(pool).await;
    let edith = signed_in(&shop, &EDITOR, "editor").await;
    let before = state(&shop.pool).await;
    run(&shop.pool, "import", "spring.csv", Some(FILE)).await;
    assert_ne!(state(&shop.pool).await, before);

    let history = edith.get("/admin/imports").await.body;
    assert!(history.contains("spring.csv") && history.contains("command line"), "{history}");
    let import: String = sqlx::query_scalar("select id::text from imports").fetch_one(&shop.pool).await.unwrap();
    assert_eq!(settled(&shop.pool, &import).await, "applied");
    let page = edith.get(&format!("/admin/imports/{import}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Tarn beaker") && page.body.contains("26.50"), "{}", page.body);

    // One entry for all, and one for each of its products.
    let told: Vec<(String, String, bool)> = sqlx::query_as(
        "select act, subject, part_of is not null from audit_log where actor_id is null and act ~ '^(import|product)[.]' order by id",
    )
    .fetch_all(&shop.pool)
    .await
    .unwrap();
    let told: Vec<_> = told.iter().map(|(act, subject, part)| (act.as_str(), subject.as_str(), *part)).collect();
    assert_eq!(
        told,
        [
            ("import.apply", "spring.csv", false),
            ("product.update", "Tarn beaker", true),
            ("product.create", "Pot", true)
        ]
    );
    let trail = edith.get("/admin/audit").await.body;
    assert!(trail.contains("Applied an import") && trail.contains("command line"), "{trail}");
    let made = "select after ->> 'price' || ' ' || (after ->> 'stock') from audit_log where act = 'product.create'";
    let made: String = sqlx::query_scalar(made).fetch_one(&shop.pool).await.unwrap();
    assert_eq!(made, "4000 3");

    assert_eq!(undo(&edith, &import).await, "undone");
    assert_eq!(state(&shop.pool).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_changes_nothing_is_not_in_the_history(pool: PgPool) {
    run(&pool, "import", "spring.csv", Some(FILE)).await;
    run(&pool, "import", "again.csv", Some(FILE)).await;
    let refused = tokio::task::spawn_blocking({
        let pool = pool.clone();
        move || {
            let folder = crate::catalogue_file::Folder::new();
            let path = folder.0.join("bad.csv");
            std::fs::write(&path, FILE.replace("40.00", "a lot")).unwrap();
            shopfront(Some(&pool), &["import", path.to_str().unwrap()]).status.success()
        }
    });
    assert!(!refused.await.unwrap());
    assert_eq!(number(&pool, "select count(*) from imports").await, 1);
    assert_eq!(number(&pool, "select count(*) from audit_log where part_of is null").await, 1);
    run(&pool, "export", "all.csv", None).await;
    let exports = "select count(*) from audit_log
                   where act = 'product.export' and subject = 'all.csv' and after ->> 'products' = '2'
                     and actor like 'command line%'";
    assert_eq!(number(&pool, exports).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_demo_is_nobody_s_import(pool: PgPool) {
    let folder = crate::catalogue_file::Folder::new();
    let media = MediaStore::new(folder.0.join("media"));
    demo::seed_demo(&pool, &media, &crate::catalogue_file::eur(), false).await.unwrap();
    assert!(number(&pool, "select count(*) from products").await > 0);
    assert!(number(&pool, "select count(*) from audit_log").await <= 1);
    assert_eq!(number(&pool, "select count(*) from imports").await, 0);
}
