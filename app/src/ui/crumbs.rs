use crate::catalog::api::Crumb;
use leptos::prelude::*;

/// The way here, without the page itself, which its heading names.
#[component]
pub fn Crumbs(crumbs: Vec<Crumb>) -> impl IntoView {
    (!crumbs.is_empty()).then(|| {
        view! {
            <nav class="crumbs" aria-label="Breadcrumb">
                <ol>
                    {crumbs
                        .into_iter()
                        .map(|crumb| view! { <li><a href=crumb.href>{crumb.name}</a></li> })
                        .collect_view()}
                </ol>
            </nav>
        }
    })
}
