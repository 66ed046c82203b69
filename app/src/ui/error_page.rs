use super::answer::{see_other, set_status};
use super::here::use_here;
use super::markup::{El, el, heading, link};
use super::navigation::ways;
use super::search_form::search_form;
use super::{Arrival, Head};
use crate::account::login_href;
use crate::error::AppError;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Gives a fault the request id that its page will show.
pub fn traced(error: AppError) -> AppError {
    #[cfg(feature = "ssr")]
    if let AppError::Unavailable { request_id: None } = error {
        let request_id = use_context::<crate::host::RequestId>().map(|id| id.0);
        return AppError::Unavailable { request_id };
    }
    error
}

/// A page that could not be shown: what happened, and the way on.
#[component]
pub fn ErrorPage(error: AppError) -> impl IntoView {
    if error == AppError::SignIn {
        return log_in_first();
    }
    set_status(error.status());
    Arrival::here().at(&use_location().pathname.read_untracked());
    let (title, html) = error_html(&error, Where::Shop);
    view! {
        <Head title/>
        <div class="static" inner_html=html></div>
    }
    .into_any()
}

/// Where a page could not be shown, and so where the way on leads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Where {
    Shop,
    Office,
}

/// Title and HTML of such a page.
pub fn error_html(error: &AppError, place: Where) -> (&'static str, String) {
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
        .maybe((*error == AppError::NotFound && place == Where::Shop).then(|| search_form("")));
    let page = match place {
        Where::Shop => page.sanitised(&ways()),
        Where::Office => page.child(office_ways()),
    };
    (title, page.html())
}

fn office_ways() -> El {
    let places = [("/admin", "Overview"), ("/admin/products", "Products"), ("/admin/find", "Search the back office")];
    let ways = places.map(|(href, words)| el("li").child(link(href, words)));
    el("ul").class("ways").children(ways.into_iter().collect())
}

/// Sends the visitor to where they log in, and come back here from.
fn log_in_first() -> AnyView {
    let href = login_href(&untrack(use_here()));
    see_other(&href);
    let page = el("div")
        .class("wrap narrow page")
        .child(heading("Log in first"))
        .child(el("p").class("lead").child(link(&href, "Log in")).text(" to see this page."));
    // A new page: whoever was logged in here is no longer. In place of this one, so that the way back does not end here.
    Effect::new(move |_| {
        let _ = location().replace(&href);
    });
    view! {
        <Head title="Log in first"/>
        {page.view()}
    }
    .into_any()
}
