//! Products as a file, for the staff.

use super::Host;
use super::users_csv::refused;
use crate::catalogue_file::{export_head, template};
use crate::services::accounts::Caller;
use crate::services::office::{office_of, products_of};
use app::admin::products::host::{PATH, Query};
use app::admin::products::view::query;
use app::admin::view::Asked;
use app::error::AppError;
use app::form::Flash;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{Response, Uri, header};
use axum::response::IntoResponse;
use futures::stream::{StreamExt, once, try_unfold};

/// `GET /admin/products.csv`, of the products that the table of the same query shows, on all its pages. It is read and
/// sent in pieces, so that it takes no more memory for more products, nor a connection while a slow client reads.
pub async fn products_csv(State(host): State<Host>, Extension(caller): Extension<Caller>, uri: Uri) -> Response<Body> {
    let search = uri.query().unwrap_or_default();
    let (Some(products), Some(query)) = (products_of(&caller, &host), asked_for(&caller, &host, search)) else {
        // Strangers have been sent to log in.
        return refused(&AppError::Forbidden);
    };
    // The first piece at once: a refusal is an answer of its own.
    let first = match products.export(&query, i32::MIN).await {
        Ok(first) => first,
        Err(error) => return refused(&error),
    };
    if let Err(error) = products.begin_export(&query).await {
        return refused(&error);
    }
    let Ok(head) = export_head() else { return refused(&AppError::Unavailable { request_id: None }) };
    let (lines, at) = first.map_or((Vec::new(), None), |(lines, at)| (lines, Some(at)));
    let rest = try_unfold((products, query, at), |(products, query, at)| async move {
        let Some(at) = at else { return Ok(None) };
        let piece = products.export(&query, at).await?;
        Ok::<_, AppError>(piece.map(|(lines, at)| (lines, (products, query, Some(at)))))
    });
    let file = once(async { Ok([head, lines].concat()) }).chain(rest);
    file_named("products.csv", Body::from_stream(file))
}

fn asked_for(caller: &Caller, host: &Host, search: &str) -> Option<Query> {
    let office = office_of(caller, host)?;
    Some(query(Asked { path: PATH, search, office: &office, flash: &Flash::default() }))
}

/// `GET /admin/imports/template.csv`.
pub async fn import_template(State(host): State<Host>, Extension(caller): Extension<Caller>) -> Response<Body> {
    let may = products_of(&caller, &host).ok_or(AppError::Forbidden).and_then(|products| products.may_export());
    match (may, template()) {
        (Ok(()), Ok(file)) => file_named("products-template.csv", file.into()),
        (Err(error), _) => refused(&error),
        (_, Err(_)) => refused(&AppError::Unavailable { request_id: None }),
    }
}

fn file_named(name: &str, body: Body) -> Response<Body> {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, body).into_response()
}
