//! Saving, and what is kept of what isn’t saved.

use super::*;

#[sqlx::test(migrations = "../migrations")]
async fn pieces_that_are_sold_meanwhile_stay_sold(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { colours: &["Sage", "Rust"], ..Product::default() }).await.to_string();
    let browser = signed_in(&shop, &EDD, "editor").await;
    let mut form = open(&browser, &format!("/admin/products/{id}")).await;
    sqlx::query("update variants set on_hand = on_hand - 4").execute(&shop.pool).await.unwrap();
    cell(&mut form, "Sage", "add", "-1");
    saved(&browser, &form).await;
    assert_eq!(rows(&shop.pool).await, "Sage 2400 5, Rust 2400 6");
}

#[sqlx::test(migrations = "../migrations")]
async fn two_versions_of_a_grid_are_compared_and_the_second_can_be_saved(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product { colours: &["Sage", "Rust"], ..Product::default() }).await.to_string();
    let path = format!("/admin/products/{id}");
    let (first, second) = (signed_in(&shop, &EDD, "editor").await, signed_in(&shop, &ADA, "admin").await);
    let mut mine = open(&second, &path).await;
    set(&mut mine, "options[0][values][0]", "Moss");
    cell(&mut mine, "Rust", "price", "30");
    // They remove what I am changing, and make another.
    let mut theirs = open(&first, &path).await;
    set(&mut theirs, "options[0][more]", "Chalk");
    let theirs = press(&first, theirs, "missing").await;
    let theirs = press(&first, theirs, "drop-0-1").await;
    saved(&first, &theirs).await;
    assert_eq!(rows(&shop.pool).await, "Sage 2400 10, Chalk 2400 0");

    set(&mut mine, "page", &path);
    assert_eq!(save(&second, &mine).await.status, StatusCode::CONFLICT);
    let answer = by_itself(&second, "save", &pairs(&mine)).await;
    assert_eq!(answer.header("location"), path);
    let page = second.get(&path).await.body;
    let versus = page.split("data-key=\"versus\"").nth(1).unwrap().split("</section>").next().unwrap();
    for words in ["Options", "Colour: Sage, Chalk", "Colour: Moss, Rust", "Variant of Rust", "Variant of Chalk"] {
        assert!(versus.contains(words), "{words}: {versus}");
    }
    saved(&second, &fields(&page)).await;
    assert_eq!(rows(&shop.pool).await, "Moss 2400 10, Rust 3000 0, Chalk 2400 0");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_typed_while_another_act_has_the_product_is_kept(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product::default()).await.to_string();
    let path = format!("/admin/products/{id}");
    let browser = signed_in(&shop, &EDD, "editor").await;
    let mut form = open(&browser, &path).await;
    set(&mut form, "title", "Scree mug");
    set(&mut form, "page", &path);
    let mut other = shop.pool.begin().await.unwrap();
    sqlx::query("select from products for update").execute(&mut *other).await.unwrap();
    assert!(beside(&save(&browser, &form).await, "").contains("Somebody is changing this at the moment"));
    let answer = by_itself(&browser, "save", &pairs(&form)).await;
    assert_eq!(answer.header("location"), path);
    other.rollback().await.unwrap();
    let shown = browser.get(&path).await.body;
    assert!(shown.contains("Somebody is changing this at the moment"), "{shown}");
    saved(&browser, &fields(&shown)).await;
    assert_eq!(text(&shop.pool, "select title from products").await, "Scree mug");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_typed_is_kept_for_whoever_typed_it(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product::default()).await.to_string();
    let path = format!("/admin/products/{id}");
    let browser = signed_in(&shop, &EDD, "editor").await;
    let other = signed_in(&shop, &ADA, "admin").await;
    let support = signed_in(&shop, &SUE, "support").await;
    let mut form = open(&browser, &path).await;
    set(&mut form, "tab", "one");
    let said =
        async |form: &Fields| done(&browser, "products/draft", &pairs(form)).await.next.notice.unwrap_or_default();
    assert!(said(&form).await.starts_with("Draft kept "));
    assert!(!browser.get(&path).await.body.contains("You have unsaved changes"), "nothing was changed");
    set(&mut form, "title", "Tarn <jug>\0");
    assert!(!said(&form).await.contains("another tab"));
    let audit = "select count(*)::text from audit_log where subject_kind = 'product'";
    assert_eq!(text(&shop.pool, audit).await, "0");

    let page = browser.get(&path).await.body;
    assert!(page.contains("You have unsaved changes from") && page.contains("data-undecided"), "{page}");
    assert_eq!(get(&fields(&page), "title"), "Tarn mug", "a choice, no surprise");
    let mut again = open(&browser, &format!("{path}?draft=1")).await;
    assert_eq!((get(&again, "title"), get(&again, "continues")), ("Tarn <jug>", "one"));
    assert!(!other.get(&path).await.body.contains("You have unsaved changes"));
    assert_eq!(get(&open(&other, &format!("{path}?draft=1")).await, "title"), "Tarn mug");
    for form in ["draft", "discard_draft", "grid"] {
        let answer = act(&support, &format!("products/{form}"), &[("product", &id)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
    }

    // Of two tabs the last one's is kept, and told so; to go on with what is kept is no news.
    set(&mut again, "tab", "two");
    assert!(!said(&again).await.contains("another tab"));
    set(&mut form, "title", "Tarn cup");
    assert!(said(&form).await.contains("another tab"));
    set(&mut again, "continues", "");
    assert!(said(&again).await.contains("another tab"));

    done(&browser, "products/discard_draft", &[("product", &id)]).await;
    assert!(!browser.get(&path).await.body.contains("You have unsaved changes"));
    // What is saved is no draft, and a request that comes late brings none back.
    said(&again).await;
    saved(&browser, &again).await;
    assert_eq!(said(&again).await, "");
    assert!(!browser.get(&path).await.body.contains("You have unsaved changes"));
    // Who has gone back to the form, and is refused, has it kept all the same.
    let mut back = again.clone();
    set(&mut back, "title", "Tarn bowl");
    assert_eq!(save(&browser, &back).await.status, StatusCode::CONFLICT);
    assert_eq!(get(&open(&browser, &format!("{path}?draft=1")).await, "title"), "Tarn bowl");
    done(&browser, "products/discard_draft", &[("product", &id)]).await;
    // An id that is written otherwise names nothing: drafts and the trail know but one.
    let upper = id.to_uppercase();
    assert_eq!(act(&browser, "products/discard_draft", &[("product", &upper)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(text(&shop.pool, "select title from products").await, "Tarn <jug>");
    // Another tab's does.
    set(&mut form, "title", "Tarn vase");
    said(&form).await;
    let page = browser.get(&path).await.body;
    assert!(page.contains("you will see both versions first"), "{page}");
    let stale = open(&browser, &format!("{path}?draft=1")).await;
    assert_eq!(save(&browser, &stale).await.status, StatusCode::CONFLICT);

    sqlx::query("update product_drafts set at = at - interval '29 days'").execute(&shop.pool).await.unwrap();
    tidy_drafts(&shop.pool).await.unwrap();
    assert!(browser.get(&path).await.body.contains("You have unsaved changes"));
    sqlx::query("update product_drafts set at = at - interval '2 days'").execute(&shop.pool).await.unwrap();
    tidy_drafts(&shop.pool).await.unwrap();
    assert!(!browser.get(&path).await.body.contains("You have unsaved changes"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_product_can_wait_for_its_pictures_as_a_draft(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDD, "editor").await;
    let page = browser.get("/admin/products/new").await.body;
    assert!(page.contains("Pictures come next") && page.contains("name=\"then\" value=\"pictures\""), "{page}");
    let standing = "select string_agg(title || ' ' || status, ', ' order by title) from products";
    let mut form = open(&browser, "/admin/products/new").await;
    set(&mut form, "status", "active");
    set(&mut form, "then", "pictures");
    // What is wrong is said as ever, and what was typed stays.
    assert_eq!(wrong(&save(&browser, &form).await), ["title", "variants[0][price]"]);
    set(&mut form, "variants[0][price]", "24");
    set(&mut form, "title", "Bowl");
    let path = saved(&browser, &form).await;
    let plain = path.strip_suffix("#pictures").expect("its pictures").to_owned();
    assert_eq!(text(&shop.pool, standing).await, "Bowl draft");
    let page = browser.get(&plain).await.body;
    assert!(page.contains("id=\"pictures\"") && page.contains("It has no pictures yet"), "{page}");
    assert!(!page.contains("name=\"then\""), "there is nothing to come any more: {page}");

    set(&mut form, "title", "Mug");
    let answer = by_itself(&browser, "save", &pairs(&form)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let path = answer.header("location");
    assert!(path.starts_with("/admin/products/") && path.ends_with("#pictures"), "{path}");
    assert_eq!(text(&shop.pool, standing).await, "Bowl draft, Mug draft");

    // It is about new ones alone: another is saved with the status that its form has.
    let mut form = open(&browser, &plain).await;
    set(&mut form, "status", "active");
    set(&mut form, "then", "pictures");
    assert_eq!(saved(&browser, &form).await, plain);
    assert_eq!(text(&shop.pool, standing).await, "Bowl active, Mug draft");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_tab_with_odd_characters_keeps_nothing_and_breaks_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product::default()).await.to_string();
    let path = format!("/admin/products/{id}");
    let browser = signed_in(&shop, &EDD, "editor").await;
    let mut form = open(&browser, &path).await;
    set(&mut form, "title", "Tarn jug");
    let drafts = "select count(*)::text from product_drafts where typed is not null";
    // As one that is too long.
    for tab in ["a\0b", "\u{1b}", "a\u{85}", &"x".repeat(65)] {
        set(&mut form, "tab", tab);
        for button in ["draft", "grid", "preview"] {
            let answer = act(&browser, &format!("products/{button}"), &pairs(&form)).await;
            assert_eq!(answer.status, StatusCode::OK, "{button} {tab:?}: {}", answer.body);
            assert_eq!(text(&shop.pool, drafts).await, "0", "{button} {tab:?}");
        }
    }
    set(&mut form, "tab", "one");
    done(&browser, "products/draft", &pairs(&form)).await;
    assert_eq!(text(&shop.pool, drafts).await, "1");
    set(&mut form, "tab", "a\0b");
    saved(&browser, &form).await;
    assert_eq!(text(&shop.pool, "select title from products").await, "Tarn jug");
    assert_eq!(text(&shop.pool, drafts).await, "0", "what is saved is no draft");
}

#[sqlx::test(migrations = "../migrations")]
async fn tags_of_odd_characters_are_refused_in_words(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let id = add(&shop.pool, Product::default()).await.to_string();
    let browser = signed_in(&shop, &EDD, "editor").await;
    let mut form = open(&browser, &format!("/admin/products/{id}")).await;
    for tags in ["kit\u{1}chen", "kitchen, \u{202e}new", "kit\0chen"] {
        set(&mut form, "tags", tags);
        assert_eq!(beside(&save(&browser, &form).await, "tags"), "Use ordinary characters only", "{tags:?}");
    }
    set(&mut form, "tags", &"x".repeat(256));
    assert!(beside(&save(&browser, &form).await, "tags").contains("at most 255 characters"));
    // All of them together may be longer.
    set(&mut form, "tags", &["x".repeat(200), "y".repeat(200)].join(", "));
    saved(&browser, &form).await;
}
