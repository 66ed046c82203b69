//! A shop in which everybody has typed what would act if it could, wherever they can type.

use super::super::imports::{seen, send_file, settled};
use super::super::pictures::{added, describe, pictures, png};
use super::super::staff::{ADA, SAM, done, signed_in};
use super::{hostile, pairs, short, value_of};
use crate::accounts::{Browser, Person};
use crate::shop::{Product, Shop, add};
use app::form::Next;
use axum::http::{Method, StatusCode};
use sqlx::PgPool;
use uuid::Uuid;

const JOY: Person = Person { username: "joy", email: "joy@example.com", password: "a dipper at the ford" };
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// What was made, by the names that pages' paths have for it.
pub struct Typed<'a> {
    pub ada: Browser<'a>,
    pub sam: Browser<'a>,
    pub ids: Vec<(&'static str, String)>,
    /// Refused as a whole.
    pub refused: String,
    /// Looked at and not applied.
    pub previewed: String,
    pub slug: String,
    pub category_slug: String,
    pub list: String,
    /// A list that anybody may see.
    pub shared: String,
}

pub async fn one<T>(pool: &PgPool, query: &'static str, id: &str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
{
    sqlx::query_scalar(query).bind(id).fetch_one(pool).await.unwrap()
}

pub async fn typed(shop: &Shop) -> Typed<'_> {
    let ada = signed_in(shop, &ADA, "admin").await;
    let made = [("name", hostile("CATNAME")), ("description", hostile("CATDESC"))];
    let category = last(&done(&ada, "categories/create", &pairs(&made)).await.next.path);
    let product = product(&ada, &category).await;
    let bulk = tags(&ada, &product, "BULKTAG", "").await;
    let page = ada.get(&format!("/admin/products/bulk/{bulk}")).await.body;
    let fields = [("edit", bulk.clone()), ("seen", value_of(&page, "seen")), ("reason", hostile("BULKWHY"))];
    done(&ada, "bulk/apply", &pairs(&fields)).await;
    let previewed = tags(&ada, &product, "TAGNEXT", "BULKTAG").await;
    let (import, refused) = imports(&ada).await;
    let user = people(shop, &ada).await;
    let gone = add(&shop.pool, Product { slug: "gone", title: &hostile("GONETITLE"), ..Product::default() }).await;
    let fields = [("product", gone.to_string()), ("version", "1".to_owned()), ("reason", hostile("GONEWHY"))];
    done(&ada, "products/remove", &pairs(&fields)).await;
    for (page, name) in [("/admin/products", "VIEWP"), ("/admin/users", "VIEWU"), ("/admin/audit", "VIEWT")] {
        let search = super::query(&[("q", "VIEWQ")]);
        let fields = [("name", short(name)), ("search", search), ("page", page.to_owned())];
        done(&ada, "views/save", &pairs(&fields)).await;
    }
    let slug: String = one(&shop.pool, "select slug from products where id = $1::uuid", &product).await;
    let (sam, list, shared) = shopper(shop).await;
    drafts(shop, &ada, &product).await;
    Typed {
        ada,
        sam,
        refused,
        previewed,
        slug,
        category_slug: one(&shop.pool, "select slug from categories where id = $1::uuid", &category).await,
        list,
        shared,
        ids: vec![
            ("{product}", product),
            ("{category}", category),
            ("{user}", user),
            ("{import}", import),
            ("{edit}", bulk),
        ],
    }
}

/// The id at the end of a path.
fn last(path: &str) -> String {
    path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn product(ada: &Browser<'_>, category: &str) -> String {
    // Facts are taken out of a description as text, and shown apart from it.
    let fact = hostile("FACT").replace('<', "&lt;").replace('>', "&gt;");
    let body = format!(
        "{}\n\n[x](javascript:alert(1)) <javascript:alert(1)> ![x](javascript:alert(1))\n\n\
         <a href=\"javascript:a()\">x</a>\n\n- **Facts:** {fact}",
        hostile("BODY")
    );
    let value = hostile("OPTVALUE");
    let fields = [
        ("title", hostile("TITLE")),
        ("status", "active".to_owned()),
        ("category", category.to_owned()),
        ("vendor", hostile("VENDOR")),
        ("tags", hostile("TAG")),
        ("body", body),
        ("options[0][name]", hostile("OPTNAME")),
        ("options[0][more]", format!("{value}, Plain")),
        ("variants[0][of][0]", value),
        ("variants[0][sku]", hostile("SKU")),
        ("variants[0][price]", "24".to_owned()),
        ("variants[0][add]", "7".to_owned()),
        ("variants[1][of][0]", "Plain".to_owned()),
        ("variants[1][price]", "25".to_owned()),
        ("variants[1][add]", "7".to_owned()),
    ];
    let product = last(&done(ada, "products/save", &pairs(&fields)).await.next.path);
    let id: Uuid = product.parse().unwrap();
    added(ada, id, &[("a.png", &png(300))]).await;
    let (picture, _) = pictures(&ada.shop().pool, id).await.remove(0);
    describe(ada, id, &picture, &[("alt", &hostile("ALT"))]).await;
    product
}

/// A bulk edit of tags, previewed.
async fn tags(ada: &Browser<'_>, product: &str, add: &str, remove: &str) -> String {
    let begun = done(ada, "bulk/begin", &[("products[]", product), ("act", "tags")]).await;
    let edit = last(&begun.next.path);
    let remove = if remove.is_empty() { String::new() } else { short(remove) };
    let fields = [("edit", edit.clone()), ("add", short(add)), ("remove", remove)];
    done(ada, "bulk/tags", &pairs(&fields)).await;
    edit
}

async fn imports(ada: &Browser<'_>) -> (String, String) {
    let pool = &ada.shop().pool;
    let fine = [
        ("Handle", "imported".to_owned()),
        ("Title", hostile("IMPTITLE")),
        ("Body (HTML)", hostile("IMPBODY")),
        ("Vendor", hostile("IMPVENDOR")),
        ("Product Category", "IMPCAT\"' onmouseover='zq7()".to_owned()),
        ("Type", hostile("IMPTYPE")),
        ("Tags", hostile("IMPTAG")),
        ("Option1 Name", hostile("IMPOPTION")),
        ("Option1 Value", hostile("IMPVALUE")),
        ("Variant SKU", hostile("IMPSKU")),
        ("Variant Price", "24".to_owned()),
        ("Variant Barcode", hostile("IMPBARCODE")),
        ("SEO Title", hostile("IMPSEO")),
        ("SEO Description", hostile("IMPWORDS")),
        ("Status", "active".to_owned()),
    ];
    let mut wrong = fine.clone();
    wrong[0].1 = hostile("IMPHANDLE");
    wrong[10].1 = hostile("IMPPRICE");
    wrong[14].1 = hostile("IMPSTATUS");
    let mut wrong = wrong.to_vec();
    wrong.push(("Image Src", "javascript:alert('zq7')".to_owned()));
    wrong.push(("Image Alt Text", hostile("IMPALT")));
    let import = upload(ada, "FILE", &fine).await;
    let fields = [("import", import.clone()), ("seen", seen(ada, &import).await), ("reason", hostile("IMPORTWHY"))];
    done(ada, "imports/apply", &pairs(&fields)).await;
    assert_eq!(settled(pool, &import).await, "applied");
    let refused = upload(ada, "FILE-2", &wrong).await;
    let refusals: i32 = one(pool, "select refused from imports where id = $1::uuid", &refused).await;
    assert!(refusals > 0);
    (import, refused)
}

/// The name that a file has of its sender. What is before a slash is a folder, and a quote would end it.
pub fn file_name(name: &str) -> String {
    format!("{name}'><img zq7 src=x onerror=alert(1)>.csv")
}

async fn upload(ada: &Browser<'_>, name: &str, cells: &[(&str, String)]) -> String {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(cells.iter().map(|(column, _)| column)).unwrap();
    file.write_record(cells.iter().map(|(_, cell)| cell)).unwrap();
    let file = String::from_utf8(file.into_inner().unwrap()).unwrap();
    let answer = send_file(ada, "application/json", &file_name(name), &file).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let import = last(&serde_json::from_str::<Next>(&answer.body).unwrap().path);
    settled(&ada.shop().pool, &import).await;
    import
}

async fn people(shop: &Shop, ada: &Browser<'_>) -> String {
    let user = shop.account(&SAM, "shopper").await.to_string();
    let joy = shop.account(&JOY, "shopper").await.to_string();
    let version: String = one(&shop.pool, "select version::text from users where id = $1::uuid", &user).await;
    let named = [
        ("user", user.clone()),
        ("version", version),
        ("username", SAM.username.to_owned()),
        ("email", SAM.email.to_owned()),
        ("display_name", short("SAMNAME")),
    ];
    done(ada, "users/save", &pairs(&named)).await;
    for role in ["support", "shopper"] {
        let fields = [("user", user.clone()), ("role", role.to_owned()), ("reason", hostile("ROLEWHY"))];
        done(ada, "users/set_role", &pairs(&fields)).await;
    }
    done(ada, "users/delete", &pairs(&[("user", joy), ("reason", hostile("JOYWHY"))])).await;
    user
}

/// Sam, with a cart and a list that is shared.
async fn shopper(shop: &Shop) -> (Browser<'_>, String, String) {
    let sam = shop.browser();
    // The first of two counts, which is how a browser would call itself.
    let headers = [("accept", "application/json"), FORM, ("user-agent", "AGENT\"'><img zq7 src=x onerror=alert(1)>")];
    let body = super::query(&[("login", SAM.email), ("password", SAM.password)]);
    assert_eq!(sam.send(Method::POST, "/api/account/log_in", &headers, &body).await.status, StatusCode::OK);
    let act = async |form: &str, fields: &[(&str, &str)]| -> Next {
        let answer = sam.send(Method::POST, &format!("/api/{form}"), &headers[..2], super::query(fields)).await;
        assert_eq!(answer.status, StatusCode::OK, "{form}: {}", answer.body);
        serde_json::from_str::<app::cart::api::Acted>(&answer.body).unwrap().next
    };
    let path = act("wishlist/create_list", &[("name", &short("LIST"))]).await.path;
    let list = path.strip_prefix("/wishlist?list=").unwrap().to_owned();
    let variant: Uuid =
        sqlx::query_scalar("select id from variants where sku like 'SKU%'").fetch_one(&shop.pool).await.unwrap();
    let variant = variant.to_string();
    act("wishlist/save", &[("variant", &variant), ("list", &list)]).await;
    let item: Uuid = sqlx::query_scalar("select id from wishlist_items").fetch_one(&shop.pool).await.unwrap();
    act("wishlist/set_note", &[("item", &item.to_string()), ("note", &hostile("NOTE"))]).await;
    act("wishlist/share", &[("list", &list)]).await;
    let page = sam.get(&path).await.body;
    let token = page.split("/wishlists/").nth(1).expect("a link").split('"').next().unwrap().to_owned();
    let key = Uuid::now_v7().to_string();
    act("cart/add_line", &[("variant", &variant), ("quantity", "1"), ("key", &key)]).await;
    (sam, list, format!("/wishlists/{token}"))
}

async fn drafts(shop: &Shop, ada: &Browser<'_>, product: &str) {
    let version: i64 =
        one(&shop.pool, "select version - picture_acts from products where id = $1::uuid", product).await;
    let new = ("", "DRAFTNEW".to_owned(), String::new());
    for (id, name, version) in [new, (product, "DRAFTOLD".to_owned(), version.to_string())] {
        let field = |part: &str| hostile(&format!("{name}{part}"));
        let fields = [
            ("product", id.to_owned()),
            ("version", version),
            ("title", field("")),
            ("slug", field("S")),
            ("vendor", field("V")),
            ("tags", field("T")),
            ("body", field("B")),
            ("category", field("C")),
            ("status", field("Z")),
            ("options[0][name]", field("O")),
            ("options[0][more]", field("M")),
            ("variants[0][id]", field("I")),
            ("variants[0][of][0]", field("F")),
            ("variants[0][sku]", field("K")),
            ("variants[0][price]", field("P")),
            ("variants[0][compare_at]", field("W")),
            ("variants[0][add]", field("A")),
            ("tab", "one".to_owned()),
        ];
        done(ada, "products/draft", &pairs(&fields)).await;
    }
}
