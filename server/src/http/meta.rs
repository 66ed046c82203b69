//! What machines ask for, and the theme switch.

use super::Host;
use super::local::local_path;
use crate::config::Access;
use crate::database;
use app::shop::Theme;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Response, StatusCode};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use std::fmt::Write;
use std::time::Duration;

/// URLs in one part of the sitemap; the protocol allows 50 000.
const SITEMAP_PART: i32 = 40_000;
/// Of a shop that is for its members.
const EMPTY_SITEMAP: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"></urlset>\n";

pub async fn healthz() -> &'static str {
    "ok\n"
}

pub async fn readyz(State(host): State<Host>) -> (StatusCode, &'static str) {
    match tokio::time::timeout(Duration::from_secs(2), database::is_migrated(&host.pool)).await {
        Ok(Ok(true)) => (StatusCode::OK, "ok\n"),
        Ok(Ok(false)) => (StatusCode::SERVICE_UNAVAILABLE, "migrations are missing\n"),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database can't be reached\n"),
    }
}

pub async fn robots(State(host): State<Host>, headers: HeaderMap) -> impl IntoResponse {
    let everybody = || {
        format!(
            "User-agent: *\nDisallow: /api/\nDisallow: /admin\nDisallow: /account\nDisallow: /cart\nDisallow: /search\n\n\
             Sitemap: {}/sitemap.xml\n",
            base_url(&host, &headers)
        )
    };
    let body = match host.access {
        Access::Public => everybody(),
        Access::Members => "User-agent: *\nDisallow: /\n".to_owned(),
    };
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")], body)
}

#[derive(Deserialize)]
pub struct SitemapPart {
    part: Option<i32>,
}

/// An index of parts, each a range of product numbers, so that no answer reads more than its own.
pub async fn sitemap(
    State(host): State<Host>,
    Query(SitemapPart { part }): Query<SitemapPart>,
    headers: HeaderMap,
) -> axum::response::Response {
    let base = base_url(&host, &headers);
    let body = match part {
        _ if host.access == Access::Members => Ok(Some(EMPTY_SITEMAP.to_owned())),
        None => sitemap_index(&host, &base).await,
        Some(part) => sitemap_part(&host, &base, part).await,
    };
    match body {
        Ok(Some(body)) => {
            ([(header::CONTENT_TYPE, "application/xml"), (header::CACHE_CONTROL, "public, max-age=3600")], body)
                .into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "the sitemap could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn sitemap_index(host: &Host, base: &str) -> Result<Option<String>, sqlx::Error> {
    let highest: Option<i32> = sqlx::query_scalar!("select max(seq) from products").fetch_one(&host.pool).await?;
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for part in 0..=highest.unwrap_or(0) / SITEMAP_PART {
        let _ = writeln!(body, "<sitemap><loc>{base}/sitemap.xml?part={part}</loc></sitemap>");
    }
    body.push_str("</sitemapindex>\n");
    Ok(Some(body))
}

async fn sitemap_part(host: &Host, base: &str, part: i32) -> Result<Option<String>, sqlx::Error> {
    let Some(first) = part.checked_mul(SITEMAP_PART).filter(|first| *first >= 0) else { return Ok(None) };
    let products = sqlx::query!(
        "select slug, updated_at from products where status = 'active' and seq >= $1 and seq < $2 order by seq",
        first,
        first.saturating_add(SITEMAP_PART)
    )
    .fetch_all(&host.pool)
    .await?;
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    if part == 0 {
        let categories = sqlx::query_scalar!("select slug from categories order by slug").fetch_all(&host.pool).await?;
        let _ = writeln!(body, "<url><loc>{base}/</loc></url>\n<url><loc>{base}/products</loc></url>");
        for slug in categories {
            let _ = writeln!(body, "<url><loc>{base}/categories/{}</loc></url>", encoded(&slug));
        }
    } else if products.is_empty() {
        return Ok(None);
    }
    for product in products {
        let _ = writeln!(
            body,
            "<url><loc>{base}/products/{}</loc><lastmod>{}</lastmod></url>",
            encoded(&product.slug),
            product.updated_at.date()
        );
    }
    body.push_str("</urlset>\n");
    Ok(Some(body))
}

#[derive(Deserialize)]
pub struct ThemeForm {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

pub async fn theme(State(host): State<Host>, Form(form): Form<ThemeForm>) -> Response<axum::body::Body> {
    let secure = if host.shop.base_url.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!(
        "{}={}; Path=/; Max-Age=31536000; SameSite=Lax{secure}",
        Theme::COOKIE,
        Theme::parse(&form.theme).key()
    );
    let mut response = Redirect::to(local_path(&form.back)).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The shop's address as configured, or as this request reached it.
fn base_url(host: &Host, headers: &HeaderMap) -> String {
    if !host.shop.base_url.is_empty() {
        return host.shop.base_url.clone();
    }
    let name = headers.get(header::HOST).and_then(|name| name.to_str().ok()).unwrap_or("localhost");
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(*c)).collect();
    format!("http://{name}")
}

fn encoded(segment: &str) -> impl std::fmt::Display + '_ {
    /// RFC 3986's unreserved characters stay as they are.
    const SEGMENT: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    percent_encoding::utf8_percent_encode(segment, SEGMENT)
}
