//! Work that outlives its request, or doesn’t.

use super::*;
use sqlx::postgres::PgPoolOptions;

#[sqlx::test(migrations = "../migrations")]
async fn an_import_whose_process_is_gone_can_be_applied_again(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    run(&shop.pool, "update imports set state = 'applying', attempt = attempt + 1, beat_at = now()").await;
    let told = page(&browser, &import, "").await;
    assert!(told.contains("data-polls") && !told.contains("Apply the import"), "at work: {told}");
    // It is at work elsewhere: this is no second one.
    assert_eq!(act(&browser, "apply", &[("import", &import), ("seen", "0")]).await.status, StatusCode::OK);
    assert!(trail(&shop.pool, "import.apply").await.is_empty());

    run(&shop.pool, "update imports set beat_at = now() - interval '21 seconds'").await;
    let told = page(&browser, &import, "").await;
    assert!(told.contains("Interrupted") && told.contains("Nothing was changed"), "{told}");
    assert!(!told.contains("data-polls"));
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(trail(&shop.pool, "import.apply").await.len(), 1);

    run(&shop.pool, "update imports set state = 'undoing', beat_at = now() - interval '21 seconds'").await;
    ImportWork::new(shop.pool.clone(), eur()).tidy().await.unwrap();
    let told = page(&browser, &import, "").await;
    assert!(told.contains("The server stopped") && told.contains("Undo the import"), "{told}");
    assert_eq!(undo(&browser, &import).await, "undone");
}

/// A process that was believed dead, and comes back when another has begun, commits nothing.
#[sqlx::test(migrations = "../migrations")]
async fn who_has_lost_the_claim_ends_nothing(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    let seen = seen(&browser, &import).await;
    let before = state(&shop.pool).await;
    // Another import keeps it waiting.
    let mut busy = shop.pool.begin().await.unwrap();
    sqlx::query("select pg_advisory_xact_lock(hashtext('catalogue import'))").execute(&mut *busy).await.unwrap();
    let answer = act(&browser, "apply", &[("import", &import), ("seen", &seen)]).await;
    assert!(answer.body.contains("being applied"), "{}", answer.body);
    run(&shop.pool, "update imports set attempt = attempt + 1").await;
    busy.rollback().await.unwrap();
    // The next in turn, in this process, is after it.
    let other = upload(&browser, "Handle,Title,Variant Price\nlid,Lid,1\n").await;
    assert_eq!(counts(&shop.pool, &other).await, (1, 0, 0, 0));
    assert_eq!(state(&shop.pool).await, before);
    assert!(trail(&shop.pool, "import.apply").await.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn old_files_are_thrown_away_and_the_history_stays(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let applied = upload(&browser, FILE).await;
    assert_eq!(apply(&browser, &applied).await, "applied");
    let waiting = upload(&browser, &FILE.replace("26.50", "27")).await;
    let work = ImportWork::new(shop.pool.clone(), eur());
    let kept = "select (select count(*) from import_products) + (select count(*) from imports where file is not null)";
    let all = number(&shop.pool, kept).await;
    work.tidy().await.unwrap();
    assert_eq!(number(&shop.pool, kept).await, all);
    let later = "update imports set created_at = created_at - interval '31 days',
                                    applied_at = applied_at - interval '31 days'";
    run(&shop.pool, later).await;
    work.tidy().await.unwrap();
    assert_eq!(number(&shop.pool, kept).await, 3, "those of the one that can be undone");
    let told = page(&browser, &waiting, "").await;
    assert!(told.contains("are gone by now") && !told.contains("Apply the import"), "{told}");
    assert!(page(&browser, &applied, "").await.contains("Undo the import"));
    run(&shop.pool, "update imports set applied_at = applied_at - interval '61 days'").await;
    work.tidy().await.unwrap();
    assert_eq!(number(&shop.pool, kept).await, 0);
    assert!(!wrong(&act(&browser, "undo", &[("import", &applied)]).await, "").is_empty());
    assert_eq!(number(&shop.pool, "select count(*) from imports").await, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_takes_long_to_throw_away_is_given_the_time(pool: PgPool) {
    let options = pool.connect_options().as_ref().clone().options([("statement_timeout", "300ms")]);
    let hurried = PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let waiting = upload(&browser, FILE).await;
    run(
        &shop.pool,
        "update imports set created_at = created_at - interval '31 days';
         create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return null; end $$;
         create trigger import_products_slowly after delete on import_products execute function slowly()",
    )
    .await;
    ImportWork::new(hurried.clone(), eur()).tidy().await.unwrap();
    assert_eq!(number(&shop.pool, "select count(*) from import_products").await, 0);
    assert!(page(&browser, &waiting, "").await.contains("are gone by now"));
    let back: String = sqlx::query_scalar("show statement_timeout").fetch_one(&hurried).await.unwrap();
    assert_eq!(back, "300ms", "for others it is as before");
}
