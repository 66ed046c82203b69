//! Pictures worked on by a browser without a script: one form sends all that is typed, whichever button is pressed.

use super::pictures::{FORM, Sent, UPLOAD, added, form_with, number, pictures, png};
use super::staff::{self, EDD, signed_in};
use crate::accounts::Browser;
use crate::shop::{Product, Shop, add};
use axum::http::{Method, StatusCode};
use sqlx::PgPool;
use uuid::Uuid;

/// The page of a product with pictures, as it was opened.
struct Page<'a> {
    browser: Browser<'a>,
    product: Uuid,
    path: String,
    body: String,
}

/// The editor's page of a product to which so many pictures have been added.
async fn open(shop: &Shop, product: Uuid, number: u32) -> Page<'_> {
    let browser = signed_in(shop, &EDD, "editor").await;
    let files: Vec<(String, Vec<u8>)> = (0..number).map(|at| (format!("{at}.png"), png(300 + 10 * at))).collect();
    let files: Vec<Sent<'_>> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    added(&browser, product, &files).await;
    let path = format!("/admin/products/{product}");
    let body = browser.get(&path).await.body;
    Page { browser, product, path, body }
}

impl Page<'_> {
    /// The values of all fields of a name.
    fn of(&self, name: &str) -> Vec<String> {
        let begins = format!("name=\"{name}\" value=\"");
        let parts = self.body.split(&begins).skip(1);
        parts.map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
    }

    /// Sends the form with these texts, as the page that was opened has it otherwise; answers the page that follows.
    async fn send(&self, alts: &[&str], more: &[(&str, &str)], files: &[Sent<'_>]) -> String {
        let (ids, seen) = (self.of("described"), self.of("seen"));
        // The product's own form has fields of that name as well.
        let seen = &seen[seen.len() - ids.len()..];
        let mut texts = Vec::new();
        for ((id, seen), alt) in ids.iter().zip(seen).zip(alts) {
            texts.extend([("described", id.as_str()), ("seen", seen.as_str()), ("alt", *alt)]);
        }
        texts.extend(more);
        let headers = [("accept", "text/html"), ("content-type", FORM)];
        let body = form_with(&texts, self.product, files);
        let answer = self.browser.send(Method::POST, UPLOAD, &headers, body).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, self.path.as_str()),
            "{}",
            answer.body
        );
        self.browser.get(&self.path).await.body
    }
}

/// Of all pictures, in their order.
async fn texts(pool: &PgPool) -> String {
    let texts = "select string_agg(alt, '|' order by position) from product_images";
    sqlx::query_scalar(texts).fetch_one(pool).await.unwrap()
}

/// What is said beside the text of a picture, and what stands in it.
fn beside(page: &str, picture: &str) -> (String, String) {
    let between = |text: &str, begins: &str, ends: char| -> String {
        text.split_once(begins).expect(begins).1.split(ends).next().unwrap_or_default().to_owned()
    };
    let error = between(page, &format!("id=\"alt-{picture}-error\""), '<');
    let field = page.split("<input").find(|field| field.contains(&format!("id=\"alt-{picture}\""))).expect("the text");
    (error.split_once('>').expect("its end").1.to_owned(), between(field, "value=\"", '"'))
}

#[sqlx::test(migrations = "../migrations")]
async fn an_upload_without_a_script_loses_no_text(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let page = open(&shop, mug, 3).await;
    // As its page has it: what is typed about a picture belongs to the form that uploads.
    assert_eq!(page.body.matches("name=\"alt\"").count(), 3);
    // Picture, seen, text, box and four buttons of each, and the button that Enter presses.
    assert_eq!(page.body.matches("form=\"picture-upload\"").count(), 3 * 8 + 1, "{}", page.body);
    let ids = page.of("described");
    // Of what is typed the good is saved and the rest shown again; a picture that nobody has described stays as it is.
    let more = [("decorative", "yes")];
    let shown = page.send(&["A grey mug", "", "A lamp"], &more, &[("d.png", &png(430))]).await;
    assert!(shown.contains("Saved picture 1. Added a picture"), "{shown}");
    assert_eq!(texts(&shop.pool).await, "A grey mug|||");
    assert!(shown.contains("Clear this, or untick") && shown.contains("value=\"A lamp\""), "{shown}");
    assert!(!shown.contains("Say what the picture shows"), "{shown}");
    // A refused file takes no text with it.
    let shown = page.send(&["A grey mug", "From above", ""], &[], &[("e.svg", b"<svg/>")]).await;
    assert!(shown.contains("Saved picture 1 and picture 2") && shown.contains("e.svg: the file is not"), "{shown}");
    assert_eq!(texts(&shop.pool).await, "A grey mug|From above||");
    // The button beside a text saves it without a file, and says what it lacks.
    let shown = page.send(&["A grey mug", "From above", ""], &[("save", &ids[2])], &[]).await;
    assert!(shown.contains("Say what the picture shows") && !shown.contains("Choose a picture first"), "{shown}");
    let shown = page.send(&["A grey mug", "From above", "Inside"], &[("save", &ids[2])], &[("", b"")]).await;
    assert!(shown.contains("Saved picture 1, picture 2 and picture 3"), "{shown}");
    assert_eq!(texts(&shop.pool).await, "A grey mug|From above|Inside|");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_done_to_a_picture_loses_no_text_of_another(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let page = open(&shop, mug, 3).await;
    let ids = page.of("described");
    let order = async || -> Vec<String> { pictures(&shop.pool, mug).await.into_iter().map(|(id, _)| id).collect() };

    let shown = page.send(&["One", "", ""], &[("down", &ids[1])], &[]).await;
    assert!(shown.contains("Saved picture 1. Picture 3 of 3"), "{shown}");
    assert_eq!(order().await, [&*ids[0], &ids[2], &ids[1]]);
    let shown = page.send(&["One", "Two", ""], &[("up", &ids[1])], &[]).await;
    assert!(shown.contains("Picture 2 of 3"), "{shown}");
    assert_eq!(texts(&shop.pool).await, "One|Two|");

    // With its own text, which comes back with it.
    let shown = page.send(&["One", "Two", "Three"], &[("remove", &ids[2])], &[]).await;
    assert!(shown.contains("Removed picture 3. You can undo that below the pictures"), "{shown}");
    assert_eq!(texts(&shop.pool).await, "One|Two");
    let undo = format!("formnovalidate=\"\" name=\"undo\" value=\"{}\"", ids[2]);
    assert!(shown.contains(&undo), "{shown}");
    let after = Page { body: shown, ..page };
    let shown = after.send(&["One", "Two, from above"], &[("undo", &ids[2])], &[]).await;
    assert!(shown.contains("Saved picture 2. Picture 3 is back"), "{shown}");
    assert_eq!(texts(&shop.pool).await, "One|Two, from above|Three");
    assert!(!shown.contains("name=\"undo\""), "{shown}");
    // What can't be done any more is told, and what was typed is saved all the same.
    let shown = after.send(&["Once", "Two, from above"], &[("undo", &ids[2])], &[]).await;
    assert!(shown.contains("This has been brought back already"), "{shown}");
    let shown = after.send(&["One again"], &[("up", &Uuid::now_v7().to_string())], &[]).await;
    assert!(shown.contains("This isn’t there any more"), "{shown}");
}

#[sqlx::test(migrations = "../migrations")]
async fn texts_that_are_refused_stand_beside_their_fields_as_typed(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let page = open(&shop, mug, 3).await;
    let ids = page.of("described");
    let long = "a".repeat(501);
    let shown = page.send(&["One", &long, "A\u{202e}b"], &[("up", &ids[2])], &[]).await;
    assert!(shown.contains("Saved picture 1. Picture 2 of 3"), "{shown}");
    assert_eq!(texts(&shop.pool).await, "One||");
    let refused = "Use at most 500 ordinary characters";
    assert_eq!(beside(&shown, &ids[0]), (String::new(), "One".to_owned()));
    assert_eq!(beside(&shown, &ids[1]), (refused.to_owned(), long));
    assert_eq!(beside(&shown, &ids[2]).0, refused);
    // Also one that is longer than what brings it back.
    let endless = "b".repeat(20_000);
    let shown = page.send(&["One", &endless, "Three"], &[("down", &ids[0])], &[]).await;
    assert_eq!(beside(&shown, &ids[1]).0, refused);
    assert_eq!(texts(&shop.pool).await, "Three|One|", "the others are saved, and the button does what it says");
    // That of a picture which goes is told in words.
    let shown = page.send(&["One", &"c".repeat(501), "Three"], &[("remove", &ids[1])], &[]).await;
    assert!(shown.contains(&format!("The text “{}…” isn’t saved: {refused}", "c".repeat(80))), "{shown}");
    assert_eq!(texts(&shop.pool).await, "Three|One");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_has_no_more_texts_than_a_product_has_pictures(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let page = open(&shop, mug, 2).await;
    let (ids, seen) = (page.of("described"), page.of("seen"));
    let seen = &seen[seen.len() - 2..];
    // A picture that comes twice is no way around what was seen of it.
    let twice = [("described", ids[0].as_str()), ("seen", seen[0].as_str()), ("alt", "Other")];
    let shown = page.send(&["One"], &twice, &[]).await;
    assert!(shown.contains("Saved picture 1") && shown.contains("It says “One” now"), "{shown}");
    assert_eq!(texts(&shop.pool).await, "One|");
    // As many as there may be, and one more behind them.
    let unknown = Uuid::now_v7().to_string();
    let mut more = vec![("described", unknown.as_str()); 98];
    more.extend([("described", ids[1].as_str()), ("seen", seen[1].as_str()), ("alt", "Too many")]);
    let shown = page.send(&["One", "Two"], &more, &[]).await;
    assert!(shown.contains("A product has at most 100 pictures: the texts behind those aren’t saved"), "{shown}");
    assert!(shown.contains("Saved picture 1 and picture 2"), "{shown}");
    assert_eq!(texts(&shop.pool).await, "One|Two");
}

#[sqlx::test(migrations = "../migrations")]
async fn texts_of_many_pictures_are_one_change_of_the_product_and_an_entry_each(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product { colours: &["Sage", "Clay"], ..Product::default() }).await;
    let page = open(&shop, mug, 2).await;
    let ids = page.of("described");
    let colours: Vec<String> =
        sqlx::query_scalar("select id::text from variants order by position").fetch_all(&shop.pool).await.unwrap();
    let before = number(&shop.pool, "select version from products").await;
    // Behind the last one, and so its own.
    let ticked = [("variants[]", colours[0].as_str()), ("variants[]", &colours[1])];
    page.send(&["One", "Two"], &ticked, &[]).await;
    assert_eq!(texts(&shop.pool).await, "One|Two");
    assert_eq!(number(&shop.pool, "select version from products").await, before + 1);
    let showing = "select count(*) from variants v join product_images i on i.id = v.image_id where i.alt = 'Two'";
    assert_eq!(number(&shop.pool, showing).await, 2);
    let told: Vec<(String, String)> = sqlx::query_as(
        "select after ->> 'picture_id', after ->> 'shows' from audit_log where act = 'product.describe_picture' order by id",
    )
    .fetch_all(&shop.pool)
    .await
    .unwrap();
    assert_eq!(told, [(ids[0].clone(), "One".to_owned()), (ids[1].clone(), "Two".to_owned())]);
    // A colour that goes from one picture to another with both of them described is no conflict with oneself.
    let page = Page { body: page.browser.get(&page.path).await.body, ..page };
    let given = [("variants[]", colours[1].as_str())];
    let (seen, all) = (page.of("seen"), page.of("described"));
    let seen = &seen[seen.len() - 2..];
    let mut form = vec![("described", all[0].as_str()), ("seen", seen[0].as_str()), ("alt", "First")];
    form.push(("variants[]", colours[0].as_str()));
    form.extend([("described", all[1].as_str()), ("seen", seen[1].as_str()), ("alt", "Second")]);
    form.extend(given);
    let shown = page.send(&[], &form, &[]).await;
    assert!(shown.contains("Saved picture 1 and picture 2"), "{shown}");
    let firsts = "select count(*) from variants v join product_images i on i.id = v.image_id where i.alt = 'First'";
    assert_eq!(number(&shop.pool, firsts).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_script_is_told_of_refused_texts_too(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mug = add(&shop.pool, Product::default()).await;
    let page = open(&shop, mug, 2).await;
    let (ids, seen) = (page.of("described"), page.of("seen"));
    let seen = &seen[seen.len() - 2..];
    let headers = [("accept", "application/json"), ("content-type", FORM)];
    let send = async |first: &str, second: &str, more: &[(&str, &str)], files: &[Sent<'_>]| {
        let mut texts = vec![("described", ids[0].as_str()), ("seen", seen[0].as_str()), ("alt", first)];
        texts.extend([("described", ids[1].as_str()), ("seen", seen[1].as_str()), ("alt", second)]);
        texts.extend(more);
        page.browser.send(Method::POST, UPLOAD, &headers, form_with(&texts, mug, files)).await
    };
    let refused = "Use at most 500 ordinary characters";
    let (first, second) = (format!("alt.{}", ids[0]), format!("alt.{}", ids[1]));
    let answer = send("a\0b", "", &[("save", &ids[0])], &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!(staff::beside(&answer, &first), refused);
    // Beside whatever else is refused; the good is saved.
    let answer = send("One", "A\u{202e}b", &[], &[("e.svg", b"<svg/>")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!((staff::beside(&answer, &first), staff::beside(&answer, &second)), (String::new(), refused.to_owned()));
    assert!(staff::beside(&answer, "pictures").starts_with("e.svg: "), "{}", answer.body);
    assert_eq!(texts(&shop.pool).await, "One|");
}
