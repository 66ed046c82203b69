use super::markup::{el, link};
use super::{Head, PageHeading};
use leptos::prelude::*;

/// A place that the shop will have and has not opened.
#[component]
pub fn ClosedPlace(title: &'static str, sentence: &'static str) -> impl IntoView {
    view! {
        <Head title/>
        <div class="wrap narrow page">
            <PageHeading text=title/>
            {el("p").class("lead").text(sentence).view()}
            {link("/products", "See all products").class("button plain").view()}
        </div>
    }
    .into_any()
}
