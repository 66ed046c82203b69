//! Browsing against a real catalogue: counts, search, and changes that show at once, everywhere.

use crate::shop::{Product, Shop, add, add_category};
use app::catalog::api::Listing;
use axum::http::{Method, StatusCode};
use sqlx::PgPool;

async fn listing(shop: &Shop, category: Option<&str>, search: &str) -> Listing {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let category = category.map(|slug| format!("category={}&", encode(slug))).unwrap_or_default();
    let path = format!("/api/catalog/listing?{category}search={}", encode(search));
    let answer = shop.send(Method::GET, &path, &[("accept", "application/json")], "").await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn titles(listing: &Listing) -> Vec<&str> {
    listing.cards.iter().map(|card| card.title.as_str()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_listing_counts_what_its_filters_leave(pool: PgPool) {
    let table = add_category(&pool, None, "table", "Table").await;
    let mugs = add_category(&pool, Some(table), "mugs", "Mugs").await;
    let vases = add_category(&pool, Some(table), "vases", "Vases").await;
    for (slug, title, category, price, compare_at, on_hand, colours) in [
        ("a", "Alder mug", mugs, 2400, None, 10, &["Sage", "Rust"][..]),
        ("b", "Beck mug", mugs, 1800, Some(2000), 0, &["Sage"]),
        ("c", "Cairn vase", vases, 6800, None, 2, &["Rust"]),
    ] {
        add(
            &pool,
            Product {
                slug,
                title,
                category: Some(category),
                price,
                compare_at,
                on_hand,
                colours,
                ..Product::default()
            },
        )
        .await;
    }
    add(&pool, Product { slug: "d", title: "Draft mug", category: Some(mugs), status: "draft", ..Product::default() })
        .await;
    let shop = Shop::open(pool).await;

    let all = listing(&shop, Some("table"), "sort=name").await;
    assert_eq!((all.total, titles(&all)), (3, vec!["Alder mug", "Beck mug", "Cairn vase"]));
    let counts = |listing: &Listing, group: usize| -> Vec<(String, u32)> {
        listing.facets.options[group].values.iter().map(|v| (v.label.clone(), v.count)).collect()
    };
    assert_eq!(counts(&all, 0), [("Rust".to_owned(), 2), ("Sage".to_owned(), 2)]);
    assert_eq!((all.facets.in_stock, all.facets.on_sale), (2, 1));

    let sage = listing(&shop, Some("table"), "option.colour=sage").await;
    assert_eq!(sage.total, 2);
    assert_eq!(counts(&sage, 0), [("Rust".to_owned(), 2), ("Sage".to_owned(), 2)], "its own filter is left out");
    assert_eq!(sage.facets.categories.as_ref().unwrap().values.len(), 1, "only mugs come in sage");

    let cheap = listing(&shop, None, "max=20&on_sale=true").await;
    assert_eq!(titles(&cheap), ["Beck mug"]);
    assert_eq!(cheap.cards[0].compare_at.map(|money| money.minor()), Some(2000));
    assert_eq!(titles(&listing(&shop, None, "sort=price_desc&in_stock=true").await), ["Cairn vase", "Alder mug"]);
    assert_eq!(shop.get("/categories/nowhere").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_person_agrees_with_the_ranking(pool: PgPool) {
    for (slug, title, body, tags) in [
        ("1", "Shirt rack", "<p>Holds one cotton shirt.</p>", &[][..]),
        ("2", "Cotton shirt, long sleeves", "", &[]),
        ("3", "Cotton shirt", "", &[]),
        ("4", "Tea towel", "<p>As soft as a cotton shirt.</p>", &[]),
        ("5", "Linen shirt", "", &["cotton"]),
        ("6", "Crème brûlée dish", "", &[]),
    ] {
        add(&pool, Product { slug, title, body, tags, ..Product::default() }).await;
    }
    let shop = Shop::open(pool).await;
    let found = listing(&shop, None, "q=cotton shirt").await;
    assert_eq!(titles(&found)[..2], ["Cotton shirt", "Cotton shirt, long sleeves"]);
    assert_eq!(found.total, 5);
    assert_eq!(titles(&listing(&shop, None, "q=Cotton Shirts").await)[0], "Cotton shirt", "stems, any case");
    assert_eq!(titles(&listing(&shop, None, "q=creme brulee").await), ["Crème brûlée dish"], "accents don't matter");

    let mended = listing(&shop, None, "q=cottn shrit").await;
    assert_eq!(mended.corrected.as_deref(), Some("cotton shirt"));
    assert_eq!(titles(&mended)[0], "Cotton shirt");

    let none = listing(&shop, None, "q=zeppelin towel").await;
    assert_eq!(none.total, 0);
    assert_eq!(none.near.iter().map(|card| card.title.as_str()).collect::<Vec<_>>(), ["Tea towel"]);
    for odd in ["&&&", "':*", "\\", "a & | !", "\u{0}", "%", "the"] {
        listing(&shop, None, &format!("q={}", odd.replace('&', "%26"))).await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_type_ahead_follows_the_letters(pool: PgPool) {
    let table = add_category(&pool, None, "table", "Table").await;
    add(&pool, Product { slug: "croft", title: "Croft table lamp", category: Some(table), ..Product::default() }).await;
    add(&pool, Product { slug: "tarn", title: "Tarn mug", category: Some(table), ..Product::default() }).await;
    let shop = Shop::open(pool).await;
    let ask = async |typed: &str| {
        let path = format!("/api/catalog/suggest?q={typed}");
        let answer = shop.send(Method::GET, &path, &[("accept", "application/json")], "").await;
        let offered: app::catalog::api::Suggestions = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(offered.html.matches("role=\"option\"").count(), offered.hrefs.len());
        offered.hrefs
    };
    assert_eq!(ask("t").await, Vec::<String>::new());
    assert_eq!(ask("ta").await, ["/categories/table", "/products/tarn", "/products/croft"]);
    assert_eq!(ask("croft%20la").await, ["/products/croft"]);
    assert_eq!(ask("crfot").await, ["/products/croft"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_shows_in_every_process(pool: PgPool) {
    add(&pool, Product::default()).await;
    let one = Shop::open(pool.clone()).await;
    let two = Shop::open(pool.clone()).await;
    for shop in [&one, &two] {
        // Twice, so that the page is served from the cache before it changes.
        for _ in 0..2 {
            assert!(shop.get("/products/tarn-mug").await.body.contains("€24.00"));
            assert!(shop.get("/products").await.body.contains("€24.00"));
        }
    }
    sqlx::query("update variants set price = 1999, on_hand = 0").execute(&pool).await.unwrap();
    for shop in [&one, &two] {
        for path in ["/products/tarn-mug", "/products", "/"] {
            let answer = shop.get_until(path, |answer| answer.body.contains("€19.99")).await;
            assert!(answer.body.contains("€19.99") && !answer.body.contains("€24.00"), "{path}");
        }
    }
    assert_eq!(listing(&two, None, "in_stock=true").await.total, 0);

    add(&pool, Product { slug: "new", title: "Another mug", ..Product::default() }).await;
    let answer = two.get_until("/products?sort=name", |answer| answer.body.contains("Another mug")).await;
    assert!(answer.body.find("Another mug") < answer.body.find("Tarn mug"), "names are in order");
    sqlx::query("update products set status = 'archived' where slug = 'tarn-mug'").execute(&pool).await.unwrap();
    for shop in [&one, &two] {
        let gone = shop.get_until("/products/tarn-mug", |answer| answer.status == StatusCode::NOT_FOUND).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        assert!(!shop.get_until("/products", |a| !a.body.contains("Tarn mug")).await.body.contains("Tarn mug"));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn deep_pages_show_every_product_once(pool: PgPool) {
    for n in 0..60 {
        let (slug, title) = (format!("p{n:02}"), format!("Mug {n:02}"));
        add(&pool, Product { slug: &slug, title: &title, price: 100 + (n * 7) % 13, ..Product::default() }).await;
    }
    let shop = Shop::open(pool).await;
    for sort in ["newest", "price_asc", "price_desc", "name", "relevance"] {
        let mut seen = std::collections::BTreeSet::new();
        for page in 1..=3 {
            let listing = listing(&shop, None, &format!("q=mug&sort={sort}&page={page}")).await;
            assert_eq!((listing.total, listing.pages), (60, 3));
            seen.extend(listing.cards.into_iter().map(|card| card.slug));
        }
        assert_eq!(seen.len(), 60, "{sort}");
    }
    assert_eq!(shop.get("/products?page=4").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn stock_is_the_sum_of_its_movements_and_never_negative(pool: PgPool) {
    let id = add(&pool, Product { on_hand: 20, ..Product::default() }).await;
    let takers: Vec<_> = (0..50)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move {
                sqlx::query("update variants set on_hand = on_hand - 1 where product_id = $1")
                    .bind(id)
                    .execute(&pool)
                    .await
            })
        })
        .collect();
    let mut taken = 0;
    for taker in takers {
        match taker.await.unwrap() {
            Ok(_) => taken += 1,
            Err(error) => {
                let constraint = error.as_database_error().and_then(|error| error.constraint()).map(str::to_owned);
                assert_eq!(constraint.as_deref(), Some("variants_on_hand_range"), "{error}");
            }
        }
    }
    assert_eq!(taken, 20);
    let (on_hand, summed, listed): (i32, i64, i32) = sqlx::query_as(
        "select v.on_hand, (select sum(delta) from stock_movements m where m.variant_id = v.id), p.on_hand
         from variants v join products p on p.id = v.product_id",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((on_hand, summed, listed), (0, 0, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn renaming_a_category_is_found_by_search(pool: PgPool) {
    let table = add_category(&pool, None, "table", "Table").await;
    let mugs = add_category(&pool, Some(table), "mugs", "Mugs").await;
    add(&pool, Product { title: "Tarn", category: Some(mugs), ..Product::default() }).await;
    let shop = Shop::open(pool.clone()).await;
    assert_eq!(listing(&shop, None, "q=crockery").await.total, 0);
    sqlx::query("update categories set name = 'Crockery' where slug = 'table'").execute(&pool).await.unwrap();
    let answer = shop.get_until("/search?q=crockery", |answer| answer.body.contains("Tarn")).await;
    assert!(answer.body.contains("Tarn"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_product_page_says_what_a_shopper_and_a_machine_need(pool: PgPool) {
    let table = add_category(&pool, None, "table", "Table").await;
    let body = "<p>A straight mug.</p><ul><li><strong>Material:</strong> Stoneware</li></ul>";
    let product = Product {
        body,
        category: Some(table),
        compare_at: Some(3000),
        on_hand: 3,
        colours: &["Sage", "Rust"],
        ..Product::default()
    };
    add(&pool, product).await;
    let shop = Shop::open_with(pool, &["--base-url", "https://shop.example"]).await;
    let page = shop.get("/products/tarn-mug?variant=TARN-MUG-1").await;
    assert_eq!(page.status, StatusCode::OK);
    for expected in [
        "€24.00",
        "€30.00",
        "Only 3 left",
        "<dt>Material",
        "application/ld+json",
        "https://schema.org/LimitedAvailability",
        "property=\"og:title\"",
        "rel=\"canonical\"",
        "https://shop.example/products/tarn-mug",
        "/categories/table",
    ] {
        assert!(page.body.contains(expected), "{expected}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_no_database_takes_is_not_asked_of_it(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open(pool).await;
    let pages =
        ["/", "/products", "/search", "/products/tarn-mug", "/cart", "/wishlist", "/unsubscribe", "/login", "/verify"];
    let parameters =
        ["q", "category", "option.colour", "option.%00", "min", "max", "sort", "page", "list", "token", "next"];
    for path in pages {
        for name in parameters.iter().chain(&["variant", "in_stock"]) {
            let answer = shop.get(&format!("{path}?{name}=%00a%00%01")).await;
            assert!(!answer.status.is_server_error(), "{path} {name}: {}", answer.status);
        }
    }
    for path in [
        "/products/%00",
        "/categories/%00",
        "/wishlists/%00",
        "/api/catalog/suggest?q=ta%00rn",
        "/api/catalog/product?slug=%00",
        "/api/catalog/listing?category=%00&search=",
        "/api/catalog/page?path=%2Fproducts%2F%00&search=",
        "/api/catalog/page?path=%2Fwishlists%2F%00&search=",
        "/api/catalog/page?path=%2Fwishlist&search=list%3D%2500%26sort%3D%00",
    ] {
        let answer = shop.send(Method::GET, path, &[("accept", "application/json")], "").await;
        assert!(!answer.status.is_server_error(), "{path}: {} {}", answer.status, answer.body);
    }
    assert_eq!(titles(&listing(&shop, None, "q=%00ta%01rn").await), ["Tarn mug"]);
}
