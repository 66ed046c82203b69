use super::Head;
use super::markup::{el, heading};
use super::navigation::ways;
use super::search_form::search_form;
use crate::error::AppError;
use leptos::prelude::*;

/// Gives a fault the request id that its page will show.
pub fn traced(error: AppError) -> AppError {
    #[cfg(feature = "ssr")]
    if let AppError::Unavailable { request_id: None } = error {
        let request_id = use_context::<crate::host::RequestId>().map(|id| id.0);
        return AppError::Unavailable { request_id };
    }
    error
}

/// The status of the page being rendered; the browser has no use for it.
pub fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = server_fn::http_export::StatusCode::from_u16(status)
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}

#[cfg(feature = "ssr")]
pub fn forbid_indexing() {
    use server_fn::http_export::{HeaderName, HeaderValue};
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.insert_header(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    }
}

/// A page that could not be shown: what happened, and the way on.
#[component]
pub fn ErrorPage(error: AppError) -> impl IntoView {
    set_status(error.status());
    let (title, html) = error_html(&error);
    view! {
        <Head title/>
        <div class="static" inner_html=html></div>
    }
    .into_any()
}

/// Title and HTML of such a page.
pub fn error_html(error: &AppError) -> (&'static str, String) {
    let (title, advice) = match error {
        AppError::NotFound => {
            ("This page isn’t here", "It may have moved, or the address has a slip in it.".to_owned())
        }
        AppError::Unavailable { .. } => (
            "Something went wrong on our side",
            "Nothing you did caused it. Try again in a moment; if it stays, write to us and mention the number below."
                .to_owned(),
        ),
        AppError::Offline => {
            ("The shop can’t be reached", "Check your connection, then load the page again.".to_owned())
        }
        other => ("This page can’t be shown", other.to_string()),
    };
    let request = match error {
        AppError::Unavailable { request_id } => request_id.as_deref(),
        _ => None,
    };
    let page = el("div")
        .class("wrap narrow page")
        .child(heading(title))
        .child(el("p").class("lead").text(&advice))
        .maybe(request.map(|id| el("p").class("quiet").text("Request ").child(el("code").text(id))))
        .maybe((*error == AppError::NotFound).then(|| search_form("")))
        .sanitised(&ways());
    (title, page.html())
}
