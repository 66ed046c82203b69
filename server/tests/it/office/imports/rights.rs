//! Who may, and with which proof.

use super::*;

#[sqlx::test(migrations = "../migrations")]
async fn editors_and_admins_import_and_nobody_else(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let editor = signed_in(&shop, &EDITOR, "editor").await;
    let sue = Person { username: "sue", email: "sue@example.com", ..EDITOR };
    let ada = Person { username: "ada", email: "ada@example.com", ..EDITOR };
    let support = signed_in(&shop, &sue, "support").await;
    let shopper = signed_in(&shop, &ANN, "shopper").await;
    let stranger = shop.browser();
    let import = upload(&editor, FILE).await;
    let seen = seen(&editor, &import).await;
    let before = state(&shop.pool).await;
    let place = format!("/admin/imports/{import}");
    for (browser, refused) in
        [(&support, StatusCode::FORBIDDEN), (&shopper, StatusCode::FORBIDDEN), (&stranger, StatusCode::UNAUTHORIZED)]
    {
        for form in ["check", "apply", "undo"] {
            let answer = act(browser, form, &[("import", &import), ("seen", &seen)]).await;
            assert_eq!(answer.status, refused, "{form}: {}", answer.body);
        }
        assert_eq!(send_file(browser, "application/json", "x.csv", FILE).await.status, refused);
        for path in ["/admin/imports", &place, "/admin/imports/template.csv", "/admin/products.csv"] {
            let answer = browser.get(path).await;
            let away = answer.status == StatusCode::FORBIDDEN || answer.header("location").starts_with("/login?next=");
            assert!(away, "{path}: {}", answer.status);
            assert!(!answer.body.contains("tarn-mug"), "{path}");
        }
    }
    assert!(send_file(&stranger, "text/html", "x.csv", FILE).await.header("location").starts_with("/login?next="));
    assert_eq!(state(&shop.pool).await, before);
    assert_eq!(number(&shop.pool, "select count(*) from imports").await, 1);
    let admin = signed_in(&shop, &ada, "admin").await;
    assert_eq!(apply(&admin, &import).await, "applied", "also what another has uploaded");
    assert_eq!(admin.get("/admin/imports/018f0000-0000-7000-8000-000000000000").await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.get("/admin/imports/none").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_old_log_in_gives_the_password_again(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let import = upload(&browser, FILE).await;
    let seen = seen(&browser, &import).await;
    let before = state(&shop.pool).await;
    let stale = "update sessions set authenticated_at = now() - interval '16 minutes'";
    run(&shop.pool, stale).await;
    let told = page(&browser, &import, "").await;
    assert!(told.contains("Asked for again"), "{told}");
    let fields = [("import", import.as_str()), ("seen", seen.as_str())];
    assert!(!wrong(&act(&browser, "apply", &fields).await, "password").is_empty());
    let with = |password| [fields[0], fields[1], ("password", password)];
    assert!(!wrong(&act(&browser, "apply", &with("not the password")).await, "password").is_empty());
    assert_eq!(state(&shop.pool).await, before);
    let answer = act(&browser, "apply", &with(EDITOR.password)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(settled(&shop.pool, &import).await, "applied");
    run(&shop.pool, stale).await;
    assert!(!wrong(&act(&browser, "undo", &fields).await, "password").is_empty());
    assert_eq!(undo(&browser, &import).await, "undone");
    assert_eq!(state(&shop.pool).await, before);
}
