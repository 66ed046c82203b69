//! Text typed by anyone is inert wherever it shows (row 46 of the bar).

mod fixture;
mod html;

use super::staff::{ADA, SAM, done, signed_in};
use crate::accounts::{Browser, pages_of_staff};
use crate::shop::{Answer, Product, Shop, add};
use axum::http::{Method, StatusCode};
use fixture::{Typed, file_name, one, typed};
use html::{Parsed, parsed};
use serde_json::Value;
use sqlx::PgPool;

/// An attribute that no page of ours has: where there is one, somebody's text has become a tag.
const MARK: &str = "zq7";

/// What would act wherever it isn't text: within an attribute, a `textarea`, a `title`, a script, and between elements.
/// 180 characters, so that it goes into names that have at most 200.
fn hostile(name: &str) -> String {
    format!(
        "{name}\"' onmouseover=zq7()></textarea></title></script><script zq7>alert(1)</script>\
         <img zq7 src=x onerror=alert(1)><svg zq7 onload=a()><meta zq7 http-equiv=refresh content=0><!--{{{{zq7}}}}"
    )
}

/// The same for what has at most 60 characters.
fn short(name: &str) -> String {
    format!("{name}\"'></title></textarea></script><img zq7 onerror=a>")
}

fn pairs<'a, const N: usize>(fields: &'a [(&'a str, String); N]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn query(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Of a hidden field.
fn value_of(page: &str, name: &str) -> String {
    let after =
        page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    after.split('"').next().unwrap().to_owned()
}

/// What a page says, if nothing in it is live.
fn inert(of: &str, html: &str) -> Parsed {
    let parsed = parsed(html);
    assert!(parsed.live.is_empty(), "{of}: {:#?}", parsed.live);
    assert!(parsed.is_whole, "{of} never comes to an end: {html}");
    parsed
}

fn assert_says(of: &str, page: &Parsed, expected: &[&str]) {
    for name in expected {
        assert!(page.says(&hostile(name)) || page.says(&short(name)), "{of} doesn’t say {name}: {:#?}", page.texts);
    }
}

async fn json(browser: &Browser<'_>, path: &str) -> Answer {
    browser.send(Method::GET, path, &[("accept", "application/json")], "").await
}

/// The HTML in a server function's answer; none in a refusal.
fn html_in(of: &str, answer: &Answer) -> String {
    assert!(!answer.status.is_server_error(), "{of}: {} {}", answer.status, answer.body);
    assert!(!answer.header("content-type").starts_with("text/html"), "{of}: a browser would take it for a page");
    if answer.status != StatusCode::OK {
        return String::new();
    }
    let answer: Value = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{of}: {}", answer.body));
    answer["html"].as_str().expect("HTML").to_owned()
}

/// A page, opened by its address and by its script. `maker`: whose page it is, unless it has no script's way.
async fn look(browser: &Browser<'_>, maker: &str, path: &str, search: &str, expected: &[&str]) {
    let address = if search.is_empty() { path.to_owned() } else { format!("{path}?{search}") };
    let answer = browser.get(&address).await;
    assert!(!answer.status.is_server_error(), "{address}: {}", answer.status);
    assert!(expected.is_empty() || answer.status == StatusCode::OK, "{address}: {}", answer.status);
    assert_says(&address, &inert(&address, &answer.body), expected);
    if maker.is_empty() {
        return;
    }
    let scripted = format!("/api/{maker}/page?path={}&search={}", encoded(path), encoded(search));
    let html = html_in(&scripted, &json(browser, &scripted).await);
    assert_says(&scripted, &inert(&scripted, &html), expected);
}

/// What an address of a table may say, all hostile at once and by parts, since one may keep another from being read.
fn searches() -> Vec<String> {
    const WORDS: &[&str] = &["q", "who", "words"];
    const FILTERS: &[&str] = &[
        "status", "category", "stock", "sale", "picture", "role", "act", "kind", "of", "part_of", "from", "to", "show",
        "open", "col", "sort", "size", "min", "max", "tag", "vendor", "option.x",
    ];
    const PLACES: &[&str] = &["page", "after", "before", "draft", "preview", "list", "next", "token"];
    let text = hostile("ASKED");
    let all = |names: &[&str], value: &str| query(&names.iter().map(|name| (*name, value)).collect::<Vec<_>>());
    let mut searches: Vec<String> = [WORDS, FILTERS, PLACES].into_iter().map(|names| all(names, &text)).collect();
    // By name, for parameters whose own name is shown or made part of an address.
    searches.push(query(&[(&text, &text), ("q", "mug")]));
    searches.push(all(PLACES, "javascript:alert('zq7')"));
    searches
}

/// What pages of the back office must say of what was typed.
fn said(typed: &Typed) -> Vec<(String, &'static str, Vec<&'static str>)> {
    let of = |name: &str| typed.ids.iter().find(|(one, _)| *one == name).map(|(_, id)| id.clone()).unwrap();
    let (product, category, user) = (of("{product}"), of("{category}"), of("{user}"));
    let columns = "col=vendor&col=tags&col=category&col=sku";
    vec![
        ("/admin/products".into(), columns, vec!["TITLE", "VENDOR", "TAG", "BULKTAG", "CATNAME", "VIEWP", "IMPTITLE"]),
        (
            format!("/admin/products/{product}"),
            "",
            vec!["TITLE", "VENDOR", "TAG", "SKU", "OPTNAME", "OPTVALUE", "CATNAME", "ALT", "BODY"],
        ),
        (
            format!("/admin/products/{product}"),
            "draft=1",
            vec![
                "DRAFTOLD",
                "DRAFTOLDS",
                "DRAFTOLDV",
                "DRAFTOLDT",
                "DRAFTOLDB",
                "DRAFTOLDO",
                "DRAFTOLDM",
                "DRAFTOLDK",
                "DRAFTOLDP",
                "DRAFTOLDA",
            ],
        ),
        ("/admin/products/new".into(), "draft=1", vec!["DRAFTNEW", "DRAFTNEWS", "DRAFTNEWV", "DRAFTNEWT", "DRAFTNEWO"]),
        ("/admin/categories".into(), "", vec!["CATNAME"]),
        (format!("/admin/categories/{category}"), "", vec!["CATNAME", "CATDESC"]),
        ("/admin/users".into(), "", vec!["SAMNAME", "VIEWU"]),
        (format!("/admin/users/{user}"), "", vec!["SAMNAME", "BLOCKWHY", "BLOCKNOTE", "ROLEWHY", "LIST", "TITLE"]),
        (
            "/admin/audit".into(),
            "",
            vec!["TITLE", "VIEWT", "GONETITLE", "GONEWHY", "ROLEWHY", "JOYWHY", "BULKWHY", "IMPORTWHY", "BLOCKWHY"],
        ),
        ("/admin/products/bulk".into(), "", vec!["BULKTAG"]),
        (format!("/admin/products/bulk/{}", of("{edit}")), "", vec!["BULKTAG", "TITLE"]),
        (format!("/admin/products/bulk/{}", typed.previewed), "", vec!["TAGNEXT", "TITLE"]),
        (format!("/admin/imports/{}", of("{import}")), "", vec!["IMPTITLE"]),
        (format!("/admin/imports/{}", typed.refused), "show=refused", vec![]),
        ("/admin/find".into(), "q=TITLE", vec!["TITLE"]),
        ("/admin".into(), "", vec![]),
    ]
}

#[sqlx::test(migrations = "../migrations")]
async fn whatever_is_typed_is_text_on_every_page_of_the_office(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let typed = typed(&shop).await;
    let user = &typed.ids.iter().find(|(name, _)| *name == "{user}").unwrap().1;
    let fields = [("user", user.clone()), ("reason", hostile("BLOCKWHY")), ("note", hostile("BLOCKNOTE"))];
    done(&typed.ada, "users/block", &pairs(&fields)).await;

    for (path, search, expected) in said(&typed) {
        look(&typed.ada, "admin", &path, search, &expected).await;
    }
    for path in ["/admin/imports".to_owned(), format!("/admin/imports/{}", typed.refused)] {
        let page = inert(&path, &typed.ada.get(&path).await.body);
        assert!(page.says(&file_name("FILE-2")), "{path}: {:#?}", page.texts);
    }
    let anything = encoded(&hostile("PLACE"));
    for path in pages_of_staff() {
        let path = typed.ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
        let path = path.replace("{*place}", &anything);
        assert!(!path.contains('{'), "{path}: say in the fixture what it is about");
        // A preview is a page of the shop.
        let maker = if path.contains("/preview") { "catalog" } else { "admin" };
        look(&typed.ada, maker, &path, "", &[]).await;
        for search in searches() {
            look(&typed.ada, maker, &path, &search, &[]).await;
        }
    }
    let preview = format!("/admin/products/{}/preview", typed.ids[0].1);
    look(&typed.ada, "catalog", &preview, "", &["TITLE", "OPTNAME", "OPTVALUE", "ALT"]).await;
    look(&typed.ada, "catalog", &format!("{preview}/draft"), "", &["DRAFTOLD", "DRAFTOLDV"]).await;
    for words in ["TITLE", "SAMNAME", "CATNAME", &hostile("WORDS")] {
        let path = format!("/api/admin/find?words={}", encoded(words));
        inert(&path, &html_in(&path, &json(&typed.ada, &path).await));
    }
    for path in ["/admin/products.csv", "/admin/users.csv", "/admin/audit.csv"] {
        let file = typed.ada.get(path).await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8", "{path}");
        assert!(file.header("content-disposition").starts_with("attachment"), "{path}: it never opens as a page");
        assert_eq!(file.header("x-content-type-options"), "nosniff", "{path}");
        let mut cells = csv::Reader::from_reader(file.body.as_bytes());
        let cells: Vec<String> =
            cells.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        assert!(cells.iter().any(|cell| cell.contains(MARK)), "{path}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn whatever_is_typed_is_text_on_every_page_of_the_shop(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let typed = typed(&shop).await;
    let product = format!("/products/{}", typed.slug);
    let category = format!("/categories/{}", typed.category_slug);
    let list = format!("list={}", typed.list);
    let picture = |page: &Answer| parsed(&page.body).says(&hostile("ALT"));
    shop.get_until(&product, picture).await;
    shop.get_until("/products/imported", |page| page.status == StatusCode::OK).await;
    shop.get_until(&category, |page| parsed(&page.body).says(&hostile("TITLE"))).await;
    let stranger = shop.browser();
    for browser in [&stranger, &typed.sam, &typed.ada] {
        look(browser, "catalog", &product, "", &["TITLE", "OPTNAME", "OPTVALUE", "ALT", "CATNAME", "FACT"]).await;
        look(browser, "catalog", "/products/imported", "", &["IMPTITLE"]).await;
        look(browser, "catalog", "/products", "", &["TITLE"]).await;
        look(browser, "catalog", &category, "", &["CATNAME", "TITLE"]).await;
        look(browser, "catalog", "/search", "q=TITLE", &["TITLE"]).await;
        look(browser, "", "/search", &query(&[("q", &hostile("ASKED"))]), &["ASKED"]).await;
        look(browser, "catalog", &typed.shared, "", &["LIST", "TITLE"]).await;
        for path in
            ["/", "/products", &product, &category, "/search", "/cart", "/wishlist", &typed.shared, "/unsubscribe"]
        {
            for search in searches() {
                look(browser, "catalog", path, &search, &[]).await;
            }
        }
        for path in ["/signup", "/login", "/verify", "/forgot-password", "/reset-password", "/unlock", "/account"] {
            for search in searches() {
                look(browser, "", path, &search, &[]).await;
            }
        }
        look(browser, "", &format!("/{}", encoded(&hostile("PLACE"))), "", &[]).await;
        look(browser, "catalog", &format!("/products/{}", encoded(&hostile("PLACE"))), "", &[]).await;
        for path in [format!("/api/catalog/suggest?q={}", encoded("TITLE")), "/api/cart/mini".to_owned()] {
            inert(&path, &html_in(&path, &json(browser, &path).await));
        }
    }
    look(&typed.sam, "catalog", "/cart", "", &["TITLE", "OPTVALUE"]).await;
    look(&typed.sam, "catalog", "/wishlist", &list, &["LIST", "TITLE", "NOTE"]).await;
    look(&typed.sam, "", "/account", "", &["SAMNAME"]).await;
    look(&typed.sam, "", "/account/security", "", &[]).await;

    // What is told to machines is told as it was typed.
    let page = parsed(&stranger.get(&product).await.body);
    let told = page.texts.iter().find(|text| text.contains("schema.org")).expect("structured data");
    let told: Value = serde_json::from_str(told).expect("JSON that no text has broken");
    assert_eq!(told["@graph"][0]["name"], hostile("TITLE"));
    assert_eq!(told["@graph"][0]["brand"]["name"], hostile("VENDOR"));
    for path in ["/sitemap.xml", "/sitemap.xml?part=0", "/robots.txt"] {
        let answer = shop.get(path).await;
        assert!(!answer.body.contains("zq7 ") && !answer.body.contains("zq7>"), "{path}: {}", answer.body);
    }
}

/// A form that is refused, as a browser by itself sends it; answers with the page that it comes back to.
async fn refused(browser: &Browser<'_>, action: &str, page: &str, fields: &[(&str, &str)]) -> Parsed {
    let body = query(&[&[("page", page)], fields].concat());
    let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
    let answer = browser.send(Method::POST, action, &headers, &body).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", answer.body);
    assert_eq!(answer.header("location").split(['?', '#']).next(), Some(page), "{action}");
    let page = browser.get(answer.header("location")).await;
    assert_eq!(page.status, StatusCode::OK, "{action}");
    inert(action, &page.body)
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_refused_comes_back_as_text(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let product = add(&shop.pool, Product { title: &hostile("THEIRS"), ..Product::default() }).await;
    let category = crate::shop::add_category(&shop.pool, None, "mugs", &hostile("THEIRS")).await.to_string();
    let text = hostile("REFUSED");
    let asked = |page: &Parsed| assert_says("a refused form", page, &["REFUSED"]);

    let fields = [("name", ""), ("slug", text.as_str()), ("description", &text), ("parent", &text)];
    asked(&refused(&ada, "/api/admin/categories/create", "/admin/categories/new", &fields).await);
    let fields = [("username", text.as_str()), ("email", &text), ("role", &text)];
    asked(&refused(&ada, "/api/admin/users/create", "/admin/users/new", &fields).await);
    let fields = [("title", text.as_str()), ("slug", &text), ("vendor", &text), ("tags", &text), ("category", &text)];
    asked(&refused(&ada, "/api/admin/products/save", "/admin/products/new", &fields).await);

    // What somebody else has saved meanwhile stands beside it.
    let page = format!("/admin/products/{product}");
    let id = product.to_string();
    let slug = ("slug", "tarn-mug");
    let stale =
        [("product", id.as_str()), ("version", "0"), ("title", &text), slug, ("status", "active"), ("body", &text)];
    let shown = refused(&ada, "/api/admin/products/save", &page, &stale).await;
    assert_says("a conflict", &shown, &["REFUSED", "THEIRS"]);
    let page = format!("/admin/categories/{category}");
    let stale =
        [("category", category.as_str()), ("version", "0"), ("name", &text), ("slug", "mugs"), ("description", &text)];
    let shown = refused(&ada, "/api/admin/categories/save", &page, &stale).await;
    assert_says("a conflict", &shown, &["REFUSED", "THEIRS"]);

    let body = format!(
        "--xXx\r\nContent-Disposition: form-data; name=\"product\"\r\n\r\n{id}\r\n\
         --xXx\r\nContent-Disposition: form-data; name=\"page\"\r\n\r\n/admin/products/{id}\r\n\
         --xXx\r\nContent-Disposition: form-data; name=\"pictures\"; filename=\"{}\"\r\n\r\nno picture\r\n--xXx--\r\n",
        file_name("PICTURE")
    );
    let headers = [("accept", "text/html"), ("content-type", "multipart/form-data; boundary=xXx")];
    let answer = ada.send(Method::POST, app::admin::pictures::UPLOAD, &headers, &body).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = inert("a refused picture", &ada.get(answer.header("location")).await.body);
    assert!(page.says(&file_name("PICTURE")), "{:#?}", page.texts);

    let stranger = shop.browser();
    stranger.get("/signup").await;
    let fields = [("username", text.as_str()), ("email", &text), ("password", "short")];
    asked(&refused(&stranger, "/api/account/sign_up", "/signup", &fields).await);
    let fields = [("login", text.as_str()), ("password", "a heron at the weir")];
    asked(&refused(&stranger, "/api/account/log_in", "/login", &fields).await);

    // Who is blocked is told why, in the words of whoever did it.
    let sam = shop.account(&SAM, "shopper").await.to_string();
    done(&ada, "users/block", &[("user", &sam), ("reason", "x"), ("note", &text)]).await;
    let fields = [("login", SAM.email), ("password", SAM.password)];
    asked(&refused(&stranger, "/api/account/log_in", "/login", &fields).await);
}

/// What a spreadsheet takes for a formula.
const BEGINNINGS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

#[sqlx::test(migrations = "../migrations")]
async fn no_cell_of_an_export_is_a_formula(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    for (at, first) in BEGINNINGS.into_iter().enumerate() {
        let text = format!("{first}cmd|' /C calc'!A0");
        let slug = format!("p{at}");
        let product = Product {
            slug: &slug,
            title: &text,
            vendor: &text,
            tags: &[&text],
            colours: &[&text],
            ..Product::default()
        };
        let id = add(&shop.pool, product).await;
        for statement in [
            "update variants set sku = $2, barcode = $2 where product_id = $1",
            "update products set seo_title = $2, seo_description = $2, type = $2, body_html = $2, option_names = array[$2]
             where id = $1",
            "insert into product_images (id, product_id, position, alt, source)
             values (gen_random_uuid(), $1, 1, $2, 'https://example.org/b.jpg')",
            "insert into users (id, username, username_key, email, email_key, display_name)
             values ($1, left(md5($1::text), 20), left(md5($1::text), 20), $2 || $1::text, $2 || $1::text, $2)",
            "insert into audit_log (actor, act, subject_kind, subject_id, subject, before, after, reason, request_id)
             values ($2, 'product.create', $2, $1::text, $2, jsonb_build_object($2, $2), jsonb_build_object($2, $2), $2, $2)",
        ] {
            sqlx::query(statement).bind(id).bind(&text).execute(&shop.pool).await.unwrap();
        }
    }
    for path in ["/admin/products.csv", "/admin/users.csv", "/admin/audit.csv"] {
        let file = ada.get(path).await;
        assert_eq!(file.status, StatusCode::OK, "{path}");
        let mut records = csv::Reader::from_reader(file.body.as_bytes());
        let mut neutral = std::collections::BTreeSet::new();
        for cell in records.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
            assert!(!cell.starts_with(BEGINNINGS), "{path}: {cell:?}");
            neutral.extend(
                cell.strip_prefix('\'').filter(|rest| rest.contains("cmd|")).and_then(|rest| rest.chars().next()),
            );
        }
        assert_eq!(neutral, BEGINNINGS.into_iter().collect(), "{path} has each of them, as text");
    }
    // The log knows each of them as it was.
    let kept: String =
        one(&shop.pool, "select subject from audit_log where act = 'product.create' and subject like $1", "=%").await;
    assert!(kept.starts_with("=cmd"));
}
