//! Who may call what (row 29). A server function or a route that isn't listed here fails the test: whoever adds one
//! says who may call it, and the test asks as a stranger and as a shopper.

use super::ANN;
use super::browser::{Browser, next};
use crate::office::staff::{ADA, EDD, SAM, SUE};
use crate::shop::{Product, Shop, add, add_category};
use axum::http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use sqlx::PgPool;
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    Anybody,
    /// Whoever is logged in, about their own account only.
    SignedIn,
    /// All of the shop's staff.
    Staff,
    /// Editors and admins.
    Catalogue,
    /// Support and admins.
    Support,
    /// Admins.
    Everything,
}
use May::{Anybody, Catalogue, Everything, SignedIn, Staff, Support};

impl May {
    fn is_of_staff(self) -> bool {
        !matches!(self, Anybody | SignedIn)
    }

    fn reaches(self, role: &str) -> bool {
        match self {
            Anybody | SignedIn => true,
            Staff => role != "shopper",
            Catalogue => matches!(role, "editor" | "admin"),
            Support => matches!(role, "support" | "admin"),
            Everything => role == "admin",
        }
    }
}

const FUNCTIONS: &[(&str, &str, May)] = &[
    ("POST", "/api/admin/bulk/apply", Catalogue),
    ("POST", "/api/admin/bulk/begin", Catalogue),
    ("POST", "/api/admin/bulk/category", Catalogue),
    ("POST", "/api/admin/bulk/price", Catalogue),
    ("POST", "/api/admin/bulk/status", Catalogue),
    ("POST", "/api/admin/bulk/stock", Catalogue),
    ("POST", "/api/admin/bulk/tags", Catalogue),
    ("POST", "/api/admin/bulk/undo", Catalogue),
    ("GET", "/api/admin/find", Staff),
    ("GET", "/api/admin/live", Staff),
    ("GET", "/api/admin/page", Staff),
    ("POST", "/api/admin/pictures/describe", Catalogue),
    ("POST", "/api/admin/pictures/place", Catalogue),
    ("POST", "/api/admin/pictures/remove", Catalogue),
    ("POST", "/api/admin/pictures/restore", Catalogue),
    ("POST", "/api/admin/products/discard_draft", Catalogue),
    ("POST", "/api/admin/products/draft", Catalogue),
    ("POST", "/api/admin/products/grid", Catalogue),
    ("POST", "/api/admin/products/describe", Catalogue),
    ("POST", "/api/admin/products/preview", Catalogue),
    ("POST", "/api/admin/products/remove", Catalogue),
    ("POST", "/api/admin/products/restore", Catalogue),
    ("POST", "/api/admin/products/save", Catalogue),
    ("POST", "/api/admin/products/set_price", Catalogue),
    ("POST", "/api/admin/products/set_stock", Catalogue),
    ("POST", "/api/admin/users/block", Support),
    ("POST", "/api/admin/users/clear_limits", Everything),
    ("POST", "/api/admin/users/create", Everything),
    ("POST", "/api/admin/users/delete", Everything),
    ("POST", "/api/admin/users/end_session", Support),
    ("POST", "/api/admin/users/end_sessions", Support),
    ("POST", "/api/admin/users/save", Everything),
    ("POST", "/api/admin/users/set_role", Everything),
    ("POST", "/api/admin/users/start_reset", Support),
    ("POST", "/api/admin/users/unblock", Support),
    ("GET", "/api/account/devices", SignedIn),
    ("GET", "/api/account/flow", Anybody),
    ("GET", "/api/account/profile", SignedIn),
    ("POST", "/api/account/change_email", SignedIn),
    ("POST", "/api/account/change_password", SignedIn),
    ("POST", "/api/account/delete", SignedIn),
    ("POST", "/api/account/end_other_sessions", SignedIn),
    ("POST", "/api/account/end_session", SignedIn),
    ("POST", "/api/account/forgot_password", Anybody),
    ("POST", "/api/account/log_in", Anybody),
    ("POST", "/api/account/log_out", Anybody),
    ("POST", "/api/account/resend", Anybody),
    ("POST", "/api/account/reset_password", Anybody),
    ("POST", "/api/account/save_profile", SignedIn),
    ("POST", "/api/account/sign_up", Anybody),
    ("POST", "/api/account/unlock", Anybody),
    ("POST", "/api/account/verify", Anybody),
    ("POST", "/api/admin/categories/create", Catalogue),
    ("POST", "/api/admin/categories/delete", Catalogue),
    ("POST", "/api/admin/categories/merge", Catalogue),
    ("POST", "/api/admin/categories/put_under", Catalogue),
    ("POST", "/api/admin/categories/save", Catalogue),
    ("POST", "/api/admin/categories/shift", Catalogue),
    ("POST", "/api/admin/imports/apply", Catalogue),
    ("POST", "/api/admin/imports/check", Catalogue),
    ("POST", "/api/admin/imports/undo", Catalogue),
    ("POST", "/api/admin/trail/revert", Staff),
    ("POST", "/api/admin/views/delete", Staff),
    ("POST", "/api/admin/views/save", Staff),
    ("GET", "/api/cart/mini", Anybody),
    ("POST", "/api/cart/accept_price", Anybody),
    ("POST", "/api/cart/add_line", Anybody),
    ("POST", "/api/cart/clear", Anybody),
    ("POST", "/api/cart/dismiss_note", Anybody),
    ("POST", "/api/cart/move_to_cart", Anybody),
    ("POST", "/api/cart/move_to_wishlist", Anybody),
    ("POST", "/api/cart/remove_line", Anybody),
    ("POST", "/api/cart/save_for_later", Anybody),
    ("POST", "/api/cart/set_quantity", Anybody),
    ("POST", "/api/cart/undo", Anybody),
    ("GET", "/api/catalog/home", Anybody),
    ("GET", "/api/catalog/listing", Anybody),
    ("GET", "/api/catalog/navigation", Anybody),
    ("GET", "/api/catalog/page", Anybody),
    ("GET", "/api/catalog/product", Anybody),
    ("GET", "/api/catalog/suggest", Anybody),
    ("POST", "/api/wishlist/all_to_cart", Anybody),
    ("POST", "/api/wishlist/copy_item", Anybody),
    ("POST", "/api/wishlist/create_list", Anybody),
    ("POST", "/api/wishlist/delete_list", Anybody),
    ("POST", "/api/wishlist/drop", Anybody),
    ("POST", "/api/wishlist/move_item", Anybody),
    ("POST", "/api/wishlist/remove_item", Anybody),
    ("POST", "/api/wishlist/rename_list", Anybody),
    ("POST", "/api/wishlist/save", Anybody),
    ("POST", "/api/wishlist/set_alerts", SignedIn),
    ("POST", "/api/wishlist/set_note", Anybody),
    ("POST", "/api/wishlist/share", Anybody),
    ("POST", "/api/wishlist/to_cart", Anybody),
    ("POST", "/api/wishlist/undo", Anybody),
    ("POST", "/api/wishlist/unshare", Anybody),
    ("POST", "/api/wishlist/unsubscribe", Anybody),
];

const PAGES: &[(&str, May)] = &[
    ("/", Anybody),
    ("/products", Anybody),
    ("/products/{product}", Anybody),
    ("/categories/{category}", Anybody),
    ("/search", Anybody),
    ("/cart", Anybody),
    ("/wishlist", Anybody),
    ("/wishlists/{token}", Anybody),
    ("/unsubscribe", Anybody),
    ("/signup", Anybody),
    ("/verify", Anybody),
    ("/login", Anybody),
    ("/forgot-password", Anybody),
    ("/reset-password", Anybody),
    ("/unlock", Anybody),
    ("/account", SignedIn),
    ("/account/security", SignedIn),
    ("/admin", Staff),
    ("/admin/{*place}", Staff),
    ("/admin/audit", Staff),
    ("/admin/categories", Catalogue),
    ("/admin/categories/new", Catalogue),
    ("/admin/find", Staff),
    ("/admin/products", Catalogue),
    ("/admin/products/bulk", Catalogue),
    ("/admin/products/new", Catalogue),
    ("/admin/products/{product}/preview", Catalogue),
    ("/admin/products/{product}/preview/draft", Catalogue),
    ("/admin/users", Support),
    ("/admin/users/new", Everything),
    ("/admin/imports", Catalogue),
    ("/{*path}", Anybody),
];

/// Routes of the host's own; their list is the source's.
const ROUTES: &[(&str, &str, May)] = &[
    ("GET", "/healthz", Anybody),
    ("GET", "/readyz", Anybody),
    ("GET", "/robots.txt", Anybody),
    ("GET", "/sitemap.xml", Anybody),
    ("POST", "/theme", Anybody),
    ("POST", "/api/account/download", SignedIn),
    ("POST", "/api/admin/pictures/upload", Catalogue),
    ("GET", "/admin/audit.csv", Staff),
    ("GET", "/admin/users.csv", Support),
    ("GET", "/admin/products.csv", Catalogue),
    ("GET", "/admin/imports/template.csv", Catalogue),
    ("POST", "/api/admin/imports/upload", Catalogue),
    ("GET", "/api/wishlist/unsubscribe/{token}", Anybody),
    ("POST", "/api/wishlist/unsubscribe/{token}", Anybody),
    ("GET", "/media/{id}/{file}", Anybody),
];

/// The development mailer's, which its own tests keep to the loopback.
const OF_DEVELOPERS: &[(&str, &str)] =
    &[("GET", "/dev/mail"), ("GET", "/dev/mail/{number}"), ("GET", "/dev/mail/{number}/html")];

/// Routes whose path is a constant, by how the source names it.
const CONSTANTS: &[(&str, &str)] = &[
    ("app::admin::pictures::UPLOAD", app::admin::pictures::UPLOAD),
    ("app::admin::imports::view::UPLOAD", app::admin::imports::view::UPLOAD),
];

/// Folders and files of the site, which are anybody's.
const SERVICES: &[&str] = &["\"/pkg\"", "&format!(\"/{name}\")"];

/// Pages about one of many. What is between braces is an id of it.
const ONES: &[(&str, May)] = &[
    ("/admin/categories/{category}", Catalogue),
    ("/admin/imports/{import}", Catalogue),
    ("/admin/products/bulk/{edit}", Catalogue),
    ("/admin/products/{product}", Catalogue),
    ("/admin/products/{product}/preview", Catalogue),
    ("/admin/products/{product}/preview/draft", Catalogue),
    ("/admin/users/{user}", Support),
];

/// Whatever only the staff may call.
pub fn of_staff() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = FUNCTIONS.iter().chain(ROUTES).filter(|(_, _, may)| may.is_of_staff());
    all.map(|(method, path, _)| (*method, *path))
}

/// The paths of the staff's pages. What is between braces is an id, or with an asterisk anything.
pub fn pages_of_staff() -> impl Iterator<Item = &'static str> {
    PAGES.iter().filter(|(_, may)| may.is_of_staff()).chain(ONES).map(|(path, _)| *path)
}

/// One of each that there are pages about, with the name that its pages' paths have for it.
async fn one_of_each(shop: &Shop) -> Vec<(&'static str, Uuid)> {
    let user = shop.account(&ANN, "shopper").await;
    let product = add(&shop.pool, Product::default()).await;
    let category = add_category(&shop.pool, None, "mugs", "Mugs").await;
    let (import, edit) = (Uuid::now_v7(), Uuid::now_v7());
    let statements = [
        "insert into imports (id, actor_id, file_name, bytes, state) values ($1, $2, 'a.csv', 1, 'interrupted')",
        "insert into bulk_edits (id, actor_id, chosen, chosen_count, by_filter)
         values ($1, $2, array[$2], 1, false)",
    ];
    for (statement, id) in statements.into_iter().zip([import, edit]) {
        sqlx::query(statement).bind(id).bind(product).execute(&shop.pool).await.unwrap();
    }
    vec![("{user}", user), ("{product}", product), ("{category}", category), ("{import}", import), ("{edit}", edit)]
}

/// A page's address, about one of those.
fn filled(path: &str, ids: &[(&str, Uuid)]) -> String {
    ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, &id.to_string()))
}

#[sqlx::test(migrations = "../migrations")]
async fn every_server_function_is_listed_and_asks_who_calls(pool: PgPool) {
    let listed: BTreeSet<(String, String)> =
        FUNCTIONS.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    let there: BTreeSet<(String, String)> =
        server_fn_paths().map(|(path, method)| (method.to_string(), path.to_owned())).collect();
    assert_eq!(there, listed, "a server function was added or removed: say here who may call it");

    let shop = Shop::open(pool).await;
    shop.account(&ANN, "shopper").await;
    let all = FUNCTIONS.iter().chain(ROUTES);
    for (method, path, may) in all.clone() {
        let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
        let answer = shop.send(method.parse::<Method>().unwrap(), path, &headers, "").await;
        // A page sends strangers to log in.
        let turned_away = answer.status == StatusCode::UNAUTHORIZED || answer.header("location").starts_with("/login?");
        assert_eq!(turned_away, *may != Anybody, "{method} {path}: {}", answer.status);
    }
    for (method, path, may) in all {
        if *may != Anybody {
            let browser = shop.browser();
            next(&browser.log_in(ANN.email, ANN.password).await);
            let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
            let answer = browser.send(method.parse::<Method>().unwrap(), path, &headers, "").await;
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(answer.status == StatusCode::FORBIDDEN, may.is_of_staff(), "{method} {path}: {}", answer.status);
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn every_page_is_listed_and_asks_who_opens_it(pool: PgPool) {
    let listed: BTreeSet<&str> = PAGES.iter().map(|(path, _)| *path).collect();
    let there = leptos_axum::generate_route_list(app::routes);
    for route in &there {
        assert!(listed.contains(route.path()), "{} was added: say here who may open it", route.path());
    }
    let shop = Shop::open(pool).await;
    for (path, may) in PAGES {
        let answer = shop.get(&path.replace(['{', '*', '}'], "")).await;
        let sent_away = answer.header("location").starts_with("/login?next=");
        assert_eq!(sent_away, *may != Anybody, "{path}: {}", answer.status);
    }
    shop.account(&ANN, "shopper").await;
    let browser = shop.browser();
    next(&browser.log_in(ANN.email, ANN.password).await);
    for (path, may) in PAGES {
        let answer = browser.get(&path.replace(['{', '*', '}'], "")).await;
        assert_eq!(answer.status == StatusCode::FORBIDDEN, may.is_of_staff(), "{path}: {}", answer.status);
    }
}

/// Each role at each endpoint, as the lists above have it: with nothing in its form, which is refused for another reason
/// where the role reaches.
#[sqlx::test(migrations = "../migrations")]
async fn each_role_reaches_what_the_lists_say(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let ids = one_of_each(&shop).await;
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    for (path, _) in ONES {
        let path = filled(path, &ids);
        assert_eq!(shop.get(&path).await.header("location"), format!("/login?next={path}"));
    }
    for (person, role) in [(&ADA, "admin"), (&EDD, "editor"), (&SUE, "support"), (&SAM, "shopper")] {
        shop.account(person, role).await;
        for (method, path, may) in FUNCTIONS.iter().chain(ROUTES).filter(|(_, _, may)| may.is_of_staff()) {
            let browser = shop.browser();
            next(&browser.log_in(person.email, person.password).await);
            let answer = browser.send(method.parse::<Method>().unwrap(), path, &headers, "").await;
            let told = format!("{role}: {method} {path}: {} {}", answer.status, answer.body);
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{told}");
            assert!(!answer.status.is_server_error(), "{told}");
            assert_eq!(answer.status != StatusCode::FORBIDDEN, may.reaches(role), "{told}");
        }
        let browser = shop.browser();
        next(&browser.log_in(person.email, person.password).await);
        for (path, may) in whole_pages() {
            let expected = if may.reaches(role) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            let path = filled(path, &ids);
            assert_eq!(browser.get(&path).await.status, expected, "{role}: {path}");
            // A preview is a page of the shop.
            let maker = if path.contains("/preview") { "catalog" } else { "admin" };
            let scripted = format!("/api/{maker}/page?path={path}&search=");
            let scripted = browser.send(Method::GET, &scripted, &headers, "").await;
            assert_eq!(scripted.status, expected, "{role}: {path}, by its script");
            assert!(expected == StatusCode::OK || !scripted.body.contains("Tarn mug"), "{role}: {path}, by its script");
        }
        if role != "shopper" {
            leads_nowhere_forbidden(&browser, role, &ids).await;
        }
    }
}

/// The staff's pages: each by itself, and those about one of many.
fn whole_pages() -> impl Iterator<Item = &'static (&'static str, May)> {
    PAGES.iter().filter(|(path, may)| may.is_of_staff() && !path.contains('{')).chain(ONES)
}

/// Whatever a page links to is listed above, and is somewhere that whoever sees the link may go.
async fn leads_nowhere_forbidden(browser: &Browser<'_>, role: &str, ids: &[(&str, Uuid)]) {
    let listed: BTreeSet<&str> =
        PAGES.iter().chain(ONES).map(|(path, _)| *path).chain(ROUTES.iter().map(|(_, path, _)| *path)).collect();
    // With their names in the place of ids.
    let about_ones: BTreeSet<String> = ONES.iter().map(|(path, _)| without_ids(path)).collect();
    for (path, _) in whole_pages().filter(|(_, may)| may.reaches(role)) {
        let path = filled(path, ids);
        let page = browser.get(&path).await.body;
        let hrefs = page.split("href=\"/admin").skip(1).filter_map(|rest| rest.split(['"', '?', '#']).next());
        for href in hrefs.map(|rest| ["/admin", rest].concat()).collect::<BTreeSet<_>>() {
            // What is typed of a product that isn't one yet has a page of its own, as that of one that is.
            let about = without_ids(&href.replace("/new/", "/{product}/"));
            assert!(
                listed.contains(href.as_str()) || about_ones.contains(&about),
                "{role}: {path} leads to {href}: say here who may open it"
            );
            let answer = browser.get(&href).await;
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{role}: {path} leads to {href}");
        }
    }
}

/// Each id, and each name that stands for one, as the same.
fn without_ids(path: &str) -> String {
    let part = |part: &str| match part.starts_with('{') || Uuid::try_parse(part).is_ok() {
        true => "{}".to_owned(),
        false => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What stands in the parentheses that `rest` begins within.
fn call(rest: &str) -> &str {
    let mut depth = 0;
    let end = rest.find(|c| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth < 0
    });
    &rest[..end.expect("an end of the call")]
}

/// The methods that a route's handlers are for.
fn methods(handlers: &str) -> Vec<&'static str> {
    let all = [
        ("get(", "GET"),
        ("post(", "POST"),
        ("put(", "PUT"),
        ("patch(", "PATCH"),
        ("delete(", "DELETE"),
        ("any(", "ANY"),
        ("on(", "ANY"),
    ];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let named = |verb: &str| handlers.match_indices(verb).any(|(at, _)| !handlers[..at].ends_with(is_word));
    all.into_iter().filter(|(verb, _)| named(verb)).map(|(_, method)| method).collect()
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().path());
    all.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn every_route_of_the_host_is_listed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let mut found = BTreeSet::new();
    for file in files_below(&folder) {
        let source = std::fs::read_to_string(&file).unwrap();
        // Tests of these files make routers of their own.
        let source = source.split("#[cfg(test)]").next().unwrap();
        let told = |what: &str| format!("{}: {what} was added: say here who may call it", file.display());
        for (at, _) in source.match_indices(".route(") {
            let (path, handlers) = call(&source[at + ".route(".len()..]).split_once(',').unwrap();
            let path = match path.trim().strip_prefix('"') {
                Some(literal) => literal.strip_suffix('"').unwrap(),
                None => {
                    CONSTANTS
                        .iter()
                        .find(|(name, _)| *name == path.trim())
                        .unwrap_or_else(|| panic!("{}", told(path)))
                        .1
                }
            };
            let methods = methods(handlers);
            assert!(!methods.is_empty(), "{}", told(path));
            for method in methods {
                let of_developers = OF_DEVELOPERS.contains(&(method, path));
                let is_listed = ROUTES.iter().any(|(by, listed, _)| (*by, *listed) == (method, path));
                assert!(is_listed || of_developers, "{}", told(&format!("{method} {path}")));
                found.insert((method, path.to_owned()));
            }
        }
        for way in [".route_service(", ".nest_service(", ".nest("] {
            for (at, _) in source.match_indices(way) {
                let path = call(&source[at + way.len()..]).split(',').next().unwrap().trim();
                assert!(SERVICES.contains(&path), "{}", told(path));
            }
        }
    }
    for (method, path) in ROUTES.iter().map(|(method, path, _)| (*method, *path)).chain(OF_DEVELOPERS.iter().copied()) {
        assert!(found.contains(&(method, path.to_owned())), "{method} {path} is listed, and isn’t there");
    }
}
