use super::api::Picture;
use super::product::Shown;
use crate::ui::{Glyph, Icon, Photo, Placeholder, close_dialog, open_dialog};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys;

const SIZES: &str = "(min-width: 90rem) 46rem, (min-width: 56.25rem) 54vw, 100vw";

/// Pictures side by side, snapping one at a time. Each is a link to its large file and each thumbnail to its picture,
/// so nothing here needs JavaScript; with it the large one opens in place and a chosen variant shows its own picture.
#[component]
pub fn Gallery(shown: Shown, pictures: Vec<Picture>, title: String) -> impl IntoView {
    let strip = NodeRef::<html::Ul>::new();
    let large = RwSignal::new(None::<usize>);
    let count = pictures.len();
    // The chosen variant's picture comes first, since without JavaScript nothing scrolls to it.
    let first = shown.picture_untracked().filter(|first| *first < count).unwrap_or_default();
    let order: Vec<usize> = (0..count).map(|at| (at + first) % count).collect();
    Effect::new(move |before: Option<Option<usize>>| {
        let now = shown.picture();
        if let Some(picture) = now
            && before.is_some_and(|before| before != now)
        {
            show_in_strip(strip, (picture + count - first) % count.max(1));
        }
        now
    });
    let pictures = StoredValue::new(order.into_iter().map(|at| named(&pictures[at], &title, at)).collect::<Vec<_>>());
    if count == 0 {
        return view! { <div class="gallery"><div class="plate"><Placeholder/></div></div> }.into_any();
    }
    view! {
        <div class="gallery">
            <ul class="strip" node_ref=strip tabindex="0" aria-label="Pictures">
                {pictures
                    .get_value()
                    .into_iter()
                    .enumerate()
                    .map(|(at, picture)| view! { <StripPicture at picture large/> })
                    .collect_view()}
            </ul>
            {(count > 1)
                .then(|| {
                    view! {
                        <ul class="thumbs" aria-label="Choose a picture">
                            {pictures
                                .get_value()
                                .into_iter()
                                .enumerate()
                                .map(|(at, picture)| view! { <ThumbLink at picture strip/> })
                                .collect_view()}
                        </ul>
                    }
                })}
            <Enlarged pictures large/>
        </div>
    }
    .into_any()
}

/// A picture without words of its own is at least told apart from the others.
fn named(picture: &Picture, title: &str, at: usize) -> Picture {
    let mut picture = picture.clone();
    if picture.alt.is_empty() {
        picture.alt = [title, ", picture ", &(at + 1).to_string()].concat();
    }
    picture
}

fn picture_id(at: usize) -> String {
    "picture-".to_owned() + &(at + 1).to_string()
}

fn show_in_strip(strip: NodeRef<html::Ul>, at: usize) {
    if let Some(strip) = strip.get_untracked() {
        let width = f64::from(strip.client_width());
        let at = u32::try_from(at).unwrap_or_default();
        strip.scroll_to_with_x_and_y(width * f64::from(at), 0.0);
    }
}

fn plain_click(event: &ev::MouseEvent) -> bool {
    event.button() == 0 && !event.meta_key() && !event.ctrl_key() && !event.shift_key() && !event.alt_key()
}

#[component]
fn StripPicture(at: usize, picture: Picture, large: RwSignal<Option<usize>>) -> impl IntoView {
    let alt = picture.alt.clone();
    let href = picture.largest();
    let enlarge = move |event: ev::MouseEvent| {
        if plain_click(&event) {
            event.prevent_default();
            large.set(Some(at));
        }
    };
    view! {
        <li class="plate" id=picture_id(at)>
            // `rel=external` keeps the router from taking the file for a page.
            <a href=href rel="external" on:click=enlarge>
                <Photo picture sizes=SIZES eager=at == 0 alt/>
                <span class="enlarge"><Icon glyph=Glyph::Enlarge/><span class="visually-hidden">", enlarge"</span></span>
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn ThumbLink(at: usize, picture: Picture, strip: NodeRef<html::Ul>) -> impl IntoView {
    let alt = ["Show ", &picture.alt].concat();
    let show = move |event: ev::MouseEvent| {
        if plain_click(&event) {
            event.prevent_default();
            show_in_strip(strip, at);
        }
    };
    view! {
        <li class="plate">
            <a href=["#", &picture_id(at)].concat() on:click=show><Photo picture sizes="5rem" alt/></a>
        </li>
    }
}

/// The large picture, over the page. Only the one asked for is loaded.
#[component]
fn Enlarged(pictures: StoredValue<Vec<Picture>>, large: RwSignal<Option<usize>>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let count = pictures.with_value(Vec::len);
    Effect::new(move |_| {
        if large.get().is_some() {
            open_dialog(dialog);
        } else {
            close_dialog(dialog);
        }
    });
    let step = move |by: usize| large.update(|large| *large = large.map(|at| (at + by) % count.max(1)));
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowRight" => step(1),
        "ArrowLeft" => step(count.saturating_sub(1)),
        _ => {}
    };
    let picture = move || {
        let at = large.get()?;
        pictures.with_value(|pictures| {
            pictures.get(at).map(|picture| view! { 
                <img
                    src=picture.largest()
                    alt=picture.alt.clone()
                    width=picture.width.to_string()
                    height=picture.height.to_string()
                />
             })
        })
    };
    view! {
        <dialog
            class="enlarged"
            aria-label="Enlarged picture"
            node_ref=dialog
            on:close=move |_: web_sys::Event| large.set(None)
            on:keydown=on_key
        >
            <div class="enlarged-picture" on:click=move |_| large.set(None)>{picture}</div>
            <div class="enlarged-acts">
                {(count > 1)
                    .then(|| {
                        view! {
                            <button class="button plain" on:click=move |_| step(count - 1)>"Previous"</button>
                            <button class="button plain" on:click=move |_| step(1)>"Next"</button>
                        }
                    })}
                <button class="button plain" on:click=move |_| large.set(None)>"Close"</button>
            </div>
        </dialog>
    }
    .into_any()
}
