//! The tree of categories: each act, what it leaves behind, and that it stays a tree.

use super::staff::{ADA, EDD, SAM, SUE, act, beside, done, signed_in};
use crate::accounts::Browser;
use crate::shop::{Product, Shop, add, add_category, until_somebody_waits};
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use sqlx::PgPool;
use std::time::{Duration, Instant};
use uuid::Uuid;

async fn create(browser: &Browser<'_>, name: &str, parent: &str) -> String {
    let acted = done(browser, "categories/create", &[("name", name), ("parent", parent)]).await;
    acted.next.path.strip_prefix("/admin/categories/").expect("the new category’s page").to_owned()
}

async fn one<T>(pool: &PgPool, query: &'static str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
{
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

/// Of a form that puts an end to a category that nobody has edited.
fn as_shown(category: &str) -> [(&str, &str); 3] {
    [("category", category), ("version", "1"), ("seen", "2")]
}

/// Names in the order of siblings, each with its parent's.
async fn tree(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select concat_ws(' < ', c.name, p.name) from categories c left join categories p on p.id = c.parent_id
         order by p.name nulls first, c.position, c.name",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn acts(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("select act || ' ' || subject from audit_log where subject_kind = 'category' order by id")
        .fetch_all(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn categories_are_made_changed_and_ordered(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let table = create(&edd, " Table ", "").await;
    let mugs = create(&edd, "Mugs", &table).await;
    create(&edd, "Bowls", &table).await;
    let fields = [("name", "Plates"), ("parent", &table), ("position", "1")];
    done(&edd, "categories/create", &fields).await;
    assert_eq!(tree(&pool).await, ["Table", "Plates < Table", "Mugs < Table", "Bowls < Table"]);

    let again = act(&edd, "categories/create", &[("name", "Mugs"), ("parent", &table)]).await;
    assert!(beside(&again, "name").contains("There is a category of this name"));
    let taken = act(&edd, "categories/create", &[("name", "Cups"), ("slug", "mugs")]).await;
    assert!(beside(&taken, "slug").contains("Another category has this address"));
    let wrong = act(&edd, "categories/create", &[("name", " "), ("slug", "a/b"), ("position", "0")]).await;
    assert!(!beside(&wrong, "name").is_empty() && !beside(&wrong, "slug").is_empty());
    let nowhere = act(&edd, "categories/create", &[("name", "Cups"), ("parent", &Uuid::nil().to_string())]).await;
    assert!(!beside(&nowhere, "parent").is_empty());

    done(&edd, "categories/shift", &[("category", &mugs), ("way", "up"), ("page", "/admin/categories")]).await;
    assert_eq!(tree(&pool).await[1..], ["Mugs < Table", "Plates < Table", "Bowls < Table"]);
    done(&edd, "categories/shift", &[("category", &mugs), ("way", "up"), ("page", "/admin/categories")]).await;
    let shown = edd.get("/admin/categories").await.body;
    assert!(shown.find(">Mugs<") < shown.find(">Plates<") && shown.contains("Move down: Table › Mugs"));

    let fields = [("category", &*mugs), ("version", "1"), ("name", "Mugs & <cups>"), ("slug", "cups"), ("page", "/")];
    done(&edd, "categories/save", &fields).await;
    let stale = act(&edd, "categories/save", &fields).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(edd.get(&format!("/admin/categories/{mugs}")).await.body.contains("Mugs &amp; &lt;cups&gt;"));
    assert_eq!(
        acts(&pool).await,
        [
            "category.create Table",
            "category.create Mugs",
            "category.create Bowls",
            "category.create Plates",
            "category.reorder Mugs",
            "category.update Mugs & <cups>"
        ]
    );
    let after: String = one(&pool, "select after ->> 'slug' from audit_log where act = 'category.update'").await;
    assert_eq!(after, "cups");
}

#[sqlx::test(migrations = "../migrations")]
async fn without_javascript_a_stale_form_comes_back_with_both_versions(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let mugs = create(&edd, "Mugs", "").await;
    let page = format!("/admin/categories/{mugs}");
    let fields = [("category", &*mugs), ("version", "1"), ("slug", "mugs"), ("page", &page)];
    done(&edd, "categories/save", &[&fields[..], &[("name", "Cups")]].concat()).await;
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([&fields[..], &[("name", "Beakers")]].concat())
        .finish();
    let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    let answer = edd.send(Method::POST, "/api/admin/categories/save", &headers, &body).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, &*page));
    let shown = edd.get(&page).await.body;
    assert!(shown.contains("Someone else changed this") && shown.contains(r#"value="Beakers""#));
    assert!(shown.contains("It is now: Cups") && shown.contains(r#"name="version" value="2""#));
}

#[sqlx::test(migrations = "../migrations")]
async fn old_addresses_lead_to_new_ones(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let mugs = add_category(&pool, None, "mugs", "Mugs").await;
    let cups = add_category(&pool, None, "cups", "Cups").await.to_string();
    add(&pool, Product { category: Some(mugs), ..Product::default() }).await;
    let mugs = mugs.to_string();
    let edd = signed_in(&shop, &EDD, "editor").await;
    let fields = [("category", &*mugs), ("version", "1"), ("name", "Mugs"), ("slug", "beakers"), ("page", "/")];
    done(&edd, "categories/save", &fields).await;
    let moved = shop.get_until("/categories/mugs?sort=name", |answer| answer.status.is_redirection()).await;
    assert_eq!(moved.header("location"), "/categories/beakers?sort=name");
    let fields = [("category", &*mugs), ("version", "2"), ("seen", "1"), ("into", &cups)];
    done(&edd, "categories/merge", &fields).await;
    for old in ["/categories/mugs", "/categories/beakers"] {
        let moved = shop.get_until(old, |answer| answer.header("location") == "/categories/cups").await;
        assert_eq!(moved.header("location"), "/categories/cups", "{old}");
    }
    assert!(shop.get("/categories/cups").await.body.contains("Tarn mug"));
    assert_eq!(shop.get("/categories/never").await.status, StatusCode::NOT_FOUND);
    // A new one takes the name back.
    create(&edd, "Mugs", "").await;
    let there = shop.get_until("/categories/mugs", |answer| answer.status == StatusCode::OK).await;
    assert_eq!(there.status, StatusCode::OK);
    assert_eq!(shop.get("/categories/mugs?page=9").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_category_is_never_put_under_itself(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let table = create(&edd, "Table", "").await;
    let mugs = create(&edd, "Mugs", &table).await;
    let large = create(&edd, "Large", &mugs).await;
    for under in [&table, &mugs, &large] {
        let answer = act(&edd, "categories/put_under", &[("category", &table), ("parent", under)]).await;
        assert!(beside(&answer, "parent").contains("can’t be put under itself"));
    }
    let merged = act(&edd, "categories/merge", &[("category", &table), ("version", "1"), ("into", &large)]).await;
    assert!(beside(&merged, "into").contains("nor below it"));
    let fields = [("category", &*large), ("from", &mugs), ("parent", ""), ("page", "/admin/categories")];
    done(&edd, "categories/put_under", &fields).await;
    assert_eq!(tree(&pool).await, ["Table", "Large", "Mugs < Table"]);
    // Its old siblings may have one of its name.
    let other = create(&edd, "Mugs", "").await;
    let twice = act(&edd, "categories/put_under", &[("category", &other), ("parent", &table)]).await;
    assert!(beside(&twice, "parent").contains("There is a category of this name"));
}

#[sqlx::test(migrations = "../migrations")]
async fn moves_at_the_same_moment_make_no_circle(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let (mut a, mut b) = (create(&edd, "A", "").await, create(&edd, "B", "").await);
    for _ in 0..5 {
        let under = |category: String, parent: String| {
            let edd = &edd;
            async move {
                let fields = [("category", &*category), ("parent", &*parent), ("page", "/admin/categories")];
                act(edd, "categories/put_under", &fields).await.status
            }
        };
        let tries = (0..8).map(|at| match at % 2 {
            0 => under(a.clone(), b.clone()),
            _ => under(b.clone(), a.clone()),
        });
        let answers = join_all(tries).await;
        assert!(answers.contains(&StatusCode::OK) && answers.contains(&StatusCode::BAD_REQUEST), "{answers:?}");
        let top: i64 = one(&pool, "select count(*) from categories where parent_id is null").await;
        assert_eq!(top, 1, "one is under the other");
        for (category, from) in [(&a, &b), (&b, &a)] {
            act(&edd, "categories/put_under", &[("category", category), ("from", from), ("parent", "")]).await;
        }
        std::mem::swap(&mut a, &mut b);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_category_waits_for_its_products_before_it_keeps_others_from_itself(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let mugs = add_category(&pool, None, "mugs", "Mugs").await;
    add(&pool, Product { category: Some(mugs), ..Product::default() }).await;
    // As a form or a bulk edit does: the product first, then where it goes.
    let mut other = pool.begin().await.unwrap();
    sqlx::query("select from products for no key update").execute(&mut *other).await.unwrap();
    let mugs = mugs.to_string();
    let fields = [("category", &*mugs), ("version", "1"), ("seen", "1"), ("products", "none")];
    let going = act(&edd, "categories/delete", &fields);
    let putting = async {
        until_somebody_waits(&pool).await;
        sqlx::query("select from categories for key share nowait").execute(&mut *other).await.expect("it is free");
        other.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(going, putting);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

/// From now on a product takes as long to be indexed as thousands of long descriptions do: longer than a page may take.
async fn index_slowly(pool: &PgPool) {
    let slowly = "create or replace function index_product() returns trigger language plpgsql as $$
                  begin perform pg_sleep(5); return new; end $$";
    sqlx::raw_sql(slowly).execute(pool).await.unwrap();
}

async fn until_one_is_indexed(pool: &PgPool) {
    let patience = Instant::now() + Duration::from_secs(10);
    let indexed = "select exists (
                       select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'
                   )";
    while !sqlx::query_scalar::<_, bool>(indexed).fetch_one(pool).await.unwrap() {
        assert!(Instant::now() < patience, "none is indexed");
        tokio::task::yield_now().await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_large_category_is_renamed_before_it_is_said_and_others_are_told_to_wait(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let mugs = add_category(&pool, None, "mugs", "Mugs").await;
    let cups = add_category(&pool, None, "cups", "Cups").await.to_string();
    add(&pool, Product { category: Some(mugs), ..Product::default() }).await;
    let mugs = mugs.to_string();
    let variant: String = one(&pool, "select id::text from variants").await;
    let (edd, ada) = (signed_in(&shop, &EDD, "editor").await, signed_in(&shop, &ADA, "admin").await);
    index_slowly(&pool).await;
    let name = [("category", &*mugs), ("version", "1"), ("name", "Beakers"), ("slug", "mugs"), ("page", "/")];
    let meanwhile = async {
        until_one_is_indexed(&pool).await;
        let stock = [("variant", &*variant), ("version", "1"), ("seen", "10"), ("stock", "+3")];
        let place = [("category", &*cups), ("from", ""), ("parent", &*mugs), ("page", "/")];
        tokio::join!(act(&ada, "products/set_stock", &stock), act(&ada, "categories/put_under", &place))
    };
    let (renamed, (stock, place)) = tokio::join!(act(&edd, "categories/save", &name), meanwhile);
    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.body);
    for answer in [stock, place] {
        assert_eq!(beside(&answer, ""), "Somebody is changing this at the moment. Try again in a moment");
    }
    assert_eq!(tree(&pool).await, ["Beakers", "Cups"]);
    assert_eq!(one::<i32>(&pool, "select on_hand from variants").await, 10);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_large_category_is_back_before_it_is_said(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let mugs = add_category(&pool, None, "mugs", "Mugs").await;
    let cups = add_category(&pool, None, "cups", "Cups").await.to_string();
    add(&pool, Product { category: Some(mugs), ..Product::default() }).await;
    let mugs = mugs.to_string();
    let edd = signed_in(&shop, &EDD, "editor").await;
    let fields = [("category", &*mugs), ("version", "1"), ("seen", "1"), ("into", &*cups)];
    done(&edd, "categories/merge", &fields).await;
    let entry: String = one(&pool, "select max(id)::text from audit_log").await;
    index_slowly(&pool).await;
    done(&edd, "trail/revert", &[("entry", &*entry), ("page", "/admin/audit")]).await;
    let there: String = one(&pool, "select c.name from products p join categories c on c.id = p.category_id").await;
    assert_eq!(there, "Mugs");
}

#[sqlx::test(migrations = "../migrations")]
async fn the_database_refuses_a_circle_and_does_not_go_round_in_one(pool: PgPool) {
    let table = add_category(&pool, None, "table", "Table").await;
    let mugs = add_category(&pool, Some(table), "mugs", "Mugs").await;
    let large = add_category(&pool, Some(mugs), "large", "Large").await;
    let mut hurried = pool.begin().await.unwrap();
    sqlx::raw_sql("set local statement_timeout = '5s'; savepoint before").execute(&mut *hurried).await.unwrap();
    let close = || sqlx::query("update categories set parent_id = $2 where id = $1").bind(table).bind(large);
    let refused = close().execute(&mut *hurried).await.unwrap_err();
    assert_eq!(refused.as_database_error().and_then(|error| error.constraint()), Some("categories_not_below_itself"));
    // One from before that was refused.
    let allowed = "rollback to before; alter table categories disable trigger categories_circle";
    sqlx::raw_sql(allowed).execute(&mut *hurried).await.unwrap();
    close().execute(&mut *hurried).await.expect("its products are indexed once");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_a_category_had_is_somewhere_when_it_goes(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let table = add_category(&pool, None, "table", "Table").await;
    let mugs = add_category(&pool, Some(table), "mugs", "Mugs").await;
    // Called as the one above it, whose place it takes.
    let inner = add_category(&pool, Some(mugs), "inner-mugs", "Mugs").await;
    let cups = add_category(&pool, None, "cups", "Cups").await;
    add(&pool, Product { category: Some(mugs), ..Product::default() }).await;
    add(&pool, Product { slug: "scree-cup", category: Some(inner), ..Product::default() }).await;
    add(&pool, Product { slug: "adit-cup", category: Some(table), status: "draft", ..Product::default() }).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let (table, mugs, cups) = (table.to_string(), mugs.to_string(), cups.to_string());

    let shown = edd.get(&format!("/admin/categories/{mugs}")).await.body;
    assert!(shown.contains("Where its 1 product goes") && shown.contains("move up by one level"));
    let unasked = act(&edd, "categories/delete", &[("category", &mugs)]).await;
    assert!(beside(&unasked, "products").contains("Choose where"));
    let delete = async |fields: [(&str, &str); 3], to: &str| {
        act(&edd, "categories/delete", &[&fields[..], &[("products", to)]].concat()).await
    };
    let itself = delete(as_shown(&mugs), &mugs).await;
    assert!(!beside(&itself, "products").is_empty());
    let deleted = delete(as_shown(&mugs), &cups).await;
    assert!(deleted.body.contains("Deleted Mugs. 1 product went to Cups"), "{}", deleted.body);
    assert_eq!(tree(&pool).await, ["Cups", "Table", "Mugs < Table"]);

    done(&edd, "categories/merge", &[&as_shown(&table)[..], &[("into", &cups)]].concat()).await;
    assert_eq!(tree(&pool).await, ["Cups", "Mugs < Cups"]);
    let lost: i64 = one(&pool, "select count(*) from products where category_id is null").await;
    assert_eq!(lost, 0);
    let version: i64 = one(&pool, "select min(version) from products where slug <> 'scree-cup'").await;
    assert_eq!(version, 2, "whoever edits one of them is told");
    let page = shop.get_until("/categories/cups", |answer| answer.body.contains("Tarn mug")).await;
    assert!(page.body.contains("Tarn mug"), "the shop shows it at once");

    let gone = delete(as_shown(&cups), "none").await;
    assert!(gone.body.contains("Deleted Cups. 2 products are in no category now"), "{}", gone.body);
    assert_eq!(tree(&pool).await, ["Mugs"]);
    let products: i64 = one(&pool, "select count(*) from products").await;
    assert_eq!(products, 3);
    assert_eq!(acts(&pool).await, ["category.delete Mugs", "category.merge Table", "category.delete Cups"]);
    let moved: String =
        one(&pool, "select after ->> 'products_to' from audit_log where act = 'category.delete' order by id limit 1")
            .await;
    assert_eq!(moved, "Cups");
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_ends_a_category_that_has_become_another_since_they_looked(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let mugs = add_category(&pool, None, "mugs", "Mugs").await;
    let cups = add_category(&pool, None, "cups", "Cups").await.to_string();
    let edd = signed_in(&shop, &EDD, "editor").await;
    let id = mugs.to_string();
    let page = edd.get(&format!("/admin/categories/{id}")).await.body;
    assert!(page.contains(r#"name="seen" value="0""#) && page.contains(r#"name="products" value="""#), "{page}");
    // As that page has it: nobody was asked where products go.
    let empty = [("category", id.as_str()), ("version", "1"), ("seen", "0"), ("products", "")];
    add(&pool, Product { category: Some(mugs), ..Product::default() }).await;
    assert!(beside(&act(&edd, "categories/delete", &empty).await, "products").contains("Choose where"));
    for (form, field) in [("delete", ("products", "none")), ("delete", ("products", &cups)), ("merge", ("into", &cups))]
    {
        let fields = [&empty[..3], &[field]].concat();
        let answer = act(&edd, &format!("categories/{form}"), &fields).await;
        assert!(beside(&answer, "").contains("It has 1 product now"), "{form}: {}", answer.body);
        let renamed = [("category", id.as_str()), ("version", "0"), ("seen", "1"), field];
        let answer = act(&edd, &format!("categories/{form}"), &renamed).await;
        assert!(beside(&answer, "").contains("Someone else changed this category"), "{form}: {}", answer.body);
    }
    let there: i64 = one(&pool, "select count(*) from products where category_id is not null").await;
    assert_eq!(there, 1);

    // Somebody else has moved it.
    let table = add_category(&pool, None, "table", "Table").await.to_string();
    let moves = async |from: &str, parent: &str| {
        act(&edd, "categories/put_under", &[("category", &id), ("from", from), ("parent", parent)]).await
    };
    assert_eq!(moves("", &table).await.status, StatusCode::OK);
    assert!(beside(&moves("", &cups).await, "parent").contains("it is under Table now"));
    assert_eq!(moves(&table, &cups).await.status, StatusCode::OK);

    // What is typed in its form has nothing to do with where it is.
    let fields = [("category", id.as_str()), ("version", "1"), ("name", "Beakers"), ("slug", "mugs"), ("page", "/")];
    done(&edd, "categories/save", &fields).await;
    assert_eq!(act(&edd, "categories/save", &fields).await.status, StatusCode::CONFLICT);
}

#[sqlx::test(migrations = "../migrations")]
async fn without_javascript_a_long_text_that_cannot_come_back_is_not_saved_as_nothing(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let mugs = create(&edd, "Mugs", "").await;
    let page = format!("/admin/categories/{mugs}");
    let fields = [("category", &*mugs), ("version", "1"), ("name", "Mugs"), ("slug", "mugs"), ("page", &page)];
    done(&edd, "categories/save", &[&fields[..], &[("description", "Theirs")]].concat()).await;
    let mine = "ä".repeat(2000);
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([&fields[..], &[("description", &mine)]].concat())
        .finish();
    let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    edd.send(Method::POST, "/api/admin/categories/save", &headers, &body).await;
    let shown = edd.get(&page).await.body;
    assert!(shown.contains("Someone else changed this") && shown.contains(">Theirs</textarea>"), "{shown}");
    assert!(shown.contains("was too long to bring back"), "{shown}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_step_that_is_sent_twice_is_one(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let bowls = create(&edd, "Bowls", "").await;
    create(&edd, "Cups", "").await;
    create(&edd, "Mugs", "").await;
    let page = edd.get("/admin/categories").await.body;
    let form = page.split(&format!("id=\"down-{bowls}\"")).next().unwrap();
    let from = form.rsplit("name=\"from\" value=\"").next().and_then(|from| from.split('"').next());
    assert_eq!(from, Some("1"));
    let fields = [("category", bowls.as_str()), ("from", "1"), ("way", "down")];
    join_all((0..20).map(|_| done(&edd, "categories/shift", &fields))).await;
    assert_eq!(tree(&pool).await, ["Cups", "Bowls", "Mugs"]);
    done(&edd, "categories/shift", &[("category", &bowls), ("from", "2"), ("way", "down")]).await;
    assert_eq!(tree(&pool).await, ["Cups", "Mugs", "Bowls"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn only_those_who_keep_the_catalogue_reach_it(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let mugs = create(&ada, "Mugs", "").await;
    let page = format!("/admin/categories/{mugs}");
    for (person, role) in [(SUE, "support"), (SAM, "shopper")] {
        let browser = signed_in(&shop, &person, role).await;
        for path in ["/admin/categories", "/admin/categories/new", &page] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{role} {path}");
        }
        for form in ["create", "save", "put_under", "shift", "merge", "delete"] {
            let fields = [("category", &*mugs), ("name", "X"), ("slug", "x"), ("products", "none"), ("way", "up")];
            let answer = act(&browser, &format!("categories/{form}"), &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role} {form}");
        }
    }
    assert_eq!(tree(&pool).await, ["Mugs"]);
    assert_eq!(ada.get("/admin/categories/nonsense").await.status, StatusCode::NOT_FOUND);
}
