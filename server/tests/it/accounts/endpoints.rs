//! Who may call what (row 29). A server function or a route that isn't listed here fails the test: whoever adds one
//! says who may call it, and the test asks as a stranger and as a shopper.

use super::ANN;
use super::browser::{Browser, next};
use crate::office::staff::{ADA, EDD, SAM, SUE};
use crate::shop::Shop;
use axum::http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use sqlx::PgPool;
use std::collections::BTreeSet;

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
    ("GET", "/api/admin/find", Staff),
    ("GET", "/api/admin/live", Staff),
    ("GET", "/api/admin/page", Staff),
    ("POST", "/api/admin/pictures/describe", Catalogue),
    ("POST", "/api/admin/pictures/place", Catalogue),
    ("POST", "/api/admin/pictures/remove", Catalogue),
    ("POST", "/api/admin/pictures/restore", Catalogue),
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
    ("/admin/products/new", Catalogue),
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
];

/// Only the development mailer's, which its own tests keep to the loopback.
const SOURCES: &[&str] = &[include_str!("../../../src/http/mod.rs")];

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
    let headers = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
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
        for (path, may) in PAGES.iter().filter(|(path, may)| may.is_of_staff() && !path.contains('{')) {
            let expected = if may.reaches(role) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(browser.get(path).await.status, expected, "{role}: {path}");
            let scripted = browser.send(Method::GET, &format!("/api/admin/page?path={path}"), &headers, "").await;
            assert_eq!(scripted.status, expected, "{role}: {path}, by its script");
        }
        if role != "shopper" {
            leads_nowhere_forbidden(&browser, role).await;
        }
    }
}

/// Whatever a page links to is listed above, and is somewhere that whoever sees the link may go.
async fn leads_nowhere_forbidden(browser: &Browser<'_>, role: &str) {
    let listed: BTreeSet<&str> =
        PAGES.iter().map(|(path, _)| *path).chain(ROUTES.iter().map(|(_, path, _)| *path)).collect();
    let own = |(path, may): &&(&str, May)| may.is_of_staff() && may.reaches(role) && !path.contains('{');
    for (path, _) in PAGES.iter().filter(own) {
        let page = browser.get(path).await.body;
        let hrefs = page.split("href=\"/admin").skip(1).filter_map(|rest| rest.split(['"', '?', '#']).next());
        for href in hrefs.map(|rest| ["/admin", rest].concat()).collect::<BTreeSet<_>>() {
            let last = href.rsplit('/').next().unwrap_or_default();
            // One product, category or account of many.
            let is_one = uuid::Uuid::try_parse(last).is_ok();
            assert!(
                is_one || listed.contains(href.as_str()),
                "{role}: {path} leads to {href}: say here who may open it"
            );
            let answer = browser.get(&href).await;
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{role}: {path} leads to {href}");
        }
    }
}

#[test]
fn every_route_of_the_host_is_listed() {
    for source in SOURCES {
        let mut rest = *source;
        while let Some((_, after)) = rest.split_once(".route(\"") {
            let (path, after) = after.split_once('"').unwrap();
            assert!(ROUTES.iter().any(|(_, listed, _)| *listed == path), "{path} was added: say here who may call it");
            rest = after;
        }
    }
}
