use super::answer::{see_other, set_status};
use super::here::use_here;
use super::markup::{el, link};
use super::navigation::{CategoryLinks, ways};
use super::{Head, PageHeading, SearchForm};
use crate::account::login_href;
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

/// A page that could not be shown: what happened, and the way on.
#[component]
pub fn ErrorPage(error: AppError) -> impl IntoView {
    if error == AppError::SignIn {
        return log_in_first();
    }
    set_status(error.status());
    let missing = error == AppError::NotFound;
    let (title, advice) = match &error {
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
    let request_id = match error {
        AppError::Unavailable { request_id } => request_id,
        _ => None,
    };
    view! {
        <Head title=title canonical=None/>
        <div class="wrap narrow page">
            <PageHeading text=title/>
            {el("p").class("lead").text(&advice).view()}
            {request_id.map(|id| el("p").class("quiet").text("Request ").child(el("code").text(&id)).view())}
            {missing.then(|| view! { <SearchForm/> })}
            <CategoryLinks render=ways/>
        </div>
    }
    .into_any()
}

/// Sends the visitor to where they log in, and come back here from.
fn log_in_first() -> AnyView {
    let href = login_href(&untrack(use_here()));
    see_other(&href);
    let view = el("p").class("lead").child(link(&href, "Log in")).text(" to see this page.").view();
    // A new page: whoever was logged in here is no longer. In place of this one, so that the way back does not end here.
    Effect::new(move |_| {
        let _ = location().replace(&href);
    });
    view! {
        <Head title="Log in first" canonical=None/>
        <div class="wrap narrow page">
            <PageHeading text="Log in first"/>
            {view}
        </div>
    }
    .into_any()
}
