//! What is typed, as shoppers would see it.

use super::*;
use crate::shop::add_category;

#[sqlx::test(migrations = "../migrations")]
async fn what_is_typed_is_seen_as_shoppers_would(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { colours: &["Sage", "Rust"], ..Product::default() }).await.to_string();
    let path = format!("/admin/products/{id}");
    let (saved, draft) = (format!("{path}/preview"), format!("{path}/preview/draft"));
    let browser = signed_in(&shop, &EDD, "editor").await;
    let mut form = open(&browser, &path).await;
    // With nothing typed, what is saved is looked at, and nothing is kept.
    let answer = by_itself(&browser, "preview", &pairs(&form)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, saved.as_str()), "{}", answer.body);
    assert_eq!(text(&shop.pool, "select count(*)::text from product_drafts").await, "0");
    let answer = browser.get(&draft).await;
    assert!(answer.body.contains("You have no unsaved changes") && answer.body.contains("€24.00"), "{}", answer.body);

    set(&mut form, "title", "Tarn <jug>");
    set(&mut form, "body", "Of *oak*.");
    set(&mut form, "options[0][values][0]", "Moss");
    set(&mut form, "options[0][more]", "Chalk");
    cell(&mut form, "Sage", "price", "31.50");
    cell(&mut form, "Sage", "compare_at", "40");
    cell(&mut form, "Rust", "price", "a lot");
    let answer = by_itself(&browser, "preview", &pairs(&form)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, draft.as_str()), "{}", answer.body);
    let answer = browser.get(&draft).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!((answer.header("cache-control"), answer.header("x-robots-tag")), ("no-store", "noindex"));
    let page = &answer.body;
    for shown in [
        "Preview of your unsaved changes",
        "Nobody but you, edd, can see them",
        "It can’t be saved like this",
        "Price of Rust: ",
        "Tarn &lt;jug&gt;",
        "<p>Of <em>oak</em>.</p>",
        "€31.50",
        "€40.00",
        "Moss",
        &format!("{draft}?variant="),
        &format!("href=\"{path}?draft=1\""),
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(!page.contains("data-act=\"add\"") && !page.contains("ld+json"), "nothing to buy, nothing to index");
    assert!(!page.contains("value=\"Rust\""), "a variant without a price isn't sold");
    assert_eq!(text(&shop.pool, "select title from products").await, "Tarn mug", "nothing is saved");
    assert!(browser.get(&saved).await.body.contains("€24.00"), "what is saved is still to be seen");

    // A script is led there as well. With the saved form again, what was kept before stays.
    set(&mut form, "title", "Tarn vase");
    assert_eq!(done(&browser, "products/preview", &pairs(&form)).await.next.path, draft);
    let untouched = open(&browser, &path).await;
    assert_eq!(done(&browser, "products/preview", &pairs(&untouched)).await.next.path, saved);
    let offers = browser.get(&path).await.body;
    assert!(offers.contains("You have unsaved changes") && offers.contains(&format!("href=\"{draft}\"")), "{offers}");
    assert!(!offers.contains("products/preview\""), "no button replaces what is kept before somebody has chosen");
    assert!(browser.get(&draft).await.body.contains("Tarn vase"));

    // It is its writer's alone.
    let ada = signed_in(&shop, &ADA, "admin").await;
    let theirs = ada.get(&draft).await.body;
    assert!(theirs.contains("You have no unsaved changes") && !theirs.contains("Tarn vase"), "{theirs}");
    let support = signed_in(&shop, &SUE, "support").await;
    assert_eq!(support.get(&draft).await.status, StatusCode::FORBIDDEN);
    assert_eq!(act(&support, "products/preview", &pairs(&form)).await.status, StatusCode::FORBIDDEN);
    assert!(shop.get(&draft).await.header("location").starts_with("/login?next="));
    assert_eq!(browser.get("/admin/products/x/preview/draft").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_product_that_is_not_there_yet_is_seen_too(pool: PgPool) {
    let category = add_category(&pool, None, "jugs", "Jugs").await.to_string();
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let draft = "/admin/products/new/preview/draft";
    assert_eq!(browser.get(draft).await.status, StatusCode::NOT_FOUND, "nothing is kept");
    let mut form = open(&browser, "/admin/products/new").await;
    for (name, value) in [("body", "## Care\n\n- dry"), ("category", &category), ("variants[0][price]", "20")] {
        set(&mut form, name, value);
    }
    let answer = by_itself(&browser, "preview", &pairs(&form)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, draft));
    let page = browser.get(draft).await.body;
    for shown in
        ["Title: Enter a title", "Without a title", "its status is Draft", "€20.00", "<li>dry</li>", "/categories/jugs"]
    {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(page.contains("href=\"/admin/products/new?draft=1\""), "{page}");
    assert_eq!(text(&shop.pool, "select count(*)::text from products").await, "0");
}
