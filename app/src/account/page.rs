//! What the pages of accounts have in common.

use super::api::{Device, Flow, Profile, Visitor, load_devices, load_flow, load_profile};
use super::use_visitor;
use crate::error::AppError;
use crate::form::use_flash;
use crate::page_json::PageJson;
use crate::ui::{El, ErrorPage, Head, PageHeading, el, link, never_store, reload_when_restored, traced};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq)]
pub enum Wanted {
    Flow,
    Profile,
    Devices,
}

/// One type for all, as in the catalogue.
#[derive(Clone, Serialize, Deserialize)]
pub enum Content {
    Flow(Option<Flow>),
    Profile(Box<Profile>),
    Devices(Vec<Device>),
}

async fn load(wanted: Wanted, visitor: RwSignal<Visitor>) -> Result<Content, AppError> {
    // What is known to be refused is not asked for.
    let stranger = visitor.with_untracked(|visitor| visitor.me.is_none());
    if !cfg!(feature = "ssr") && stranger && wanted != Wanted::Flow {
        return Err(AppError::SignIn);
    }
    match wanted {
        Wanted::Flow => load_flow().await.map(Content::Flow),
        Wanted::Profile => load_profile().await.map(|profile| Content::Profile(Box::new(profile))),
        Wanted::Devices => load_devices().await.map(Content::Devices),
    }
    .map_err(traced)
}

/// Shows what is wanted once it is there. The view is given what asks for it again.
pub fn page(wanted: Wanted, view: fn(Content, Callback<()>) -> AnyView) -> AnyView {
    never_store();
    let visitor = use_visitor();
    let content = Resource::<_, PageJson>::new_with_options(move || wanted, move |wanted| load(wanted, visitor), false);
    let again = Callback::new(move |()| content.refetch());
    view! {
        <Transition strict=true>
            {move || Suspend::new(async move {
                match content.await {
                    Ok(content) => view(content, again),
                    Err(error) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// One column under a heading.
pub fn frame(title: &'static str, body: AnyView) -> AnyView {
    never_store();
    reload_when_restored();
    // Where a page is loaded anew to say what was wrong, its title is what is heard first.
    let refused = use_flash().with_untracked(|flash| !flash.errors.is_empty());
    let head_title = if refused { ["Error: ", title].concat() } else { title.to_owned() };
    view! {
        <Head title=head_title/>
        <div class="wrap narrow page account">
            <PageHeading text=title/>
            {body}
        </div>
    }
    .into_any()
}

/// A page that has nothing to ask for: why, and the ways on.
pub fn nothing_here(title: &'static str, why: &str, ways: &[(&str, &str)]) -> AnyView {
    let ways = ways.iter().map(|(href, name)| el("li").child(link(href, name))).collect();
    let body = el("p").class("lead").text(why).view();
    let ways = el("ul").class("ways").children(ways).view();
    frame(title, view! { {body} {ways} }.into_any())
}

/// The page that the visitor was on the way to; empty for none.
pub fn next_page() -> String {
    use_query_map().with_untracked(|query| query.get("next")).unwrap_or_default()
}

/// A link that keeps the visitor's way.
pub fn onward(path: &str, next: &str, text: &str) -> El {
    if next.is_empty() {
        return link(path, text);
    }
    let mut search = form_urlencoded::Serializer::new(String::new());
    search.append_pair("next", next);
    link(&[path, "?", &search.finish()].concat(), text)
}

pub fn hidden_field(name: &str, value: &str) -> El {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value)
}

/// Tells password managers whose password it is that is typed on this page.
pub fn whose(username: &str) -> El {
    el("input")
        .class("visually-hidden")
        .attr("type", "text")
        .attr("autocomplete", "username")
        .attr("value", username)
        .attr("readonly", "")
        .attr("tabindex", "-1")
        .attr("aria-hidden", "true")
}

/// For who is logged in already on a page that is for who isn't.
pub fn already(title: &'static str) -> Option<AnyView> {
    let name = use_visitor().with_untracked(|visitor| visitor.me.as_ref().map(|me| me.name.clone()))?;
    let words = el("p").class("lead").text("You are signed in as ").child(el("strong").text(&name)).text(".").view();
    let ways = el("ul")
        .class("ways")
        .child(el("li").child(link("/account", "Your account")))
        .child(el("li").child(super::log_out_form("link")));
    Some(frame(title, view! { {words} {ways.view()} }.into_any()))
}
