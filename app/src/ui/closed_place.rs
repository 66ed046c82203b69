use super::{Head, PageHeading};
use leptos::prelude::*;

/// A place that the shop will have and has not opened.
#[component]
pub fn ClosedPlace(title: &'static str, sentence: &'static str) -> impl IntoView {
    view! {
        <Head title=title canonical=None/>
        <div class="wrap narrow page">
            <PageHeading text=title/>
            <p class="lead">{sentence}</p>
            <p class="ways"><a class="button plain" href="/products">"See all products"</a></p>
        </div>
    }
    .into_any()
}
