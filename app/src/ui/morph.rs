use super::dom::{all, closest, focus_quietly};
use super::unsaved::{GUARDED_FORMS, SENT, as_made, is_acting, is_left_alone};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement, Node};
use std::iter::successors;

/// Said to the window when another page, or another state of it, has been put in place.
pub const SHOWN: &str = "shown";
/// What stands for one thing among others.
const LINE: &str = "[data-key]:not(form, section)";
/// What takes the focus there. What Tab passes over is there for the pointer.
const NEAR: &str = "a:not([tabindex='-1']), summary, button";
/// What offers another content of a guarded form.
const OFFERS: &str = "data-offers";

/// Makes what stands in `root` into `html`, by the fewest changes that are easily found: what stays keeps its focus,
/// its scroll position, its loaded picture and, for dialogs and details, whether it is open.
///
/// A guarded form that somebody has changed is left alone, and so is what it sends along: which version it was made from.
/// In other forms what was typed, chosen or ticked stays unless the page has something else to say there than before; but
/// for the form that was just sent, and for those that only ask, whose state is the page's address.
pub fn morph(root: &Element, html: &str) {
    let focused = document().active_element().filter(|active| root.contains(Some(active)));
    let lines = focused.as_ref().map(lines_around).unwrap_or_default();
    let wanted = document().create_element("div");
    let Ok(wanted) = wanted else { return };
    wanted.set_inner_html(html);
    let typing = all(root, GUARDED_FORMS).iter().any(is_left_alone);
    children(root, &wanted, typing);
    if let Some(focused) = focused
        && (!root.contains(Some(&focused)) || closest(&focused, "[hidden]").is_some())
    {
        refocus(root, &focused, &lines);
    }
    say_shown();
}

pub fn say_shown() {
    if let Ok(event) = Event::new(SHOWN) {
        let _ = window().dispatch_event(&event);
    }
}

/// `typing`: whether a form is left alone, and with it what would offer another content of it.
fn children(old: &Node, new: &Node, typing: bool) {
    let stays = |node: &Node| typing && node.dyn_ref::<Element>().is_some_and(|element| element.has_attribute(OFFERS));
    let mut have = old.first_child();
    let mut want = new.first_child();
    while let Some(wanted) = want {
        want = wanted.next_sibling();
        if stays(&wanted) {
            continue;
        }
        match kept(have.clone(), &wanted) {
            Some(kept) => {
                while let Some(passed) = have.take().filter(|passed| *passed != kept) {
                    have = passed.next_sibling();
                    if !stays(&passed) {
                        let _ = old.remove_child(&passed);
                    }
                }
                have = kept.next_sibling();
                node(&kept, &wanted, typing);
            }
            None => {
                let _ = old.insert_before(&wanted, have.as_ref());
            }
        }
    }
    while let Some(left) = have {
        have = left.next_sibling();
        if !stays(&left) {
            let _ = old.remove_child(&left);
        }
    }
}

/// The next of `have` and its followers that can become `wanted`.
fn kept(mut have: Option<Node>, wanted: &Node) -> Option<Node> {
    while let Some(candidate) = have {
        if alike(&candidate, wanted) {
            return Some(candidate);
        }
        have = candidate.next_sibling();
    }
    None
}

/// Whether one can become the other. What has a key or an id is only ever itself, and a form that does something else is
/// another: whoever presses its button twice means the first one.
fn alike(a: &Node, b: &Node) -> bool {
    if a.node_name() != b.node_name() {
        return false;
    }
    match (a.dyn_ref::<Element>(), b.dyn_ref::<Element>()) {
        (Some(a), Some(b)) => {
            ["id", "data-key", "name", "action"].into_iter().all(|name| a.get_attribute(name) == b.get_attribute(name))
        }
        _ => true,
    }
}

fn node(old: &Node, new: &Node, typing: bool) {
    let (Some(old), Some(new)) = (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) else {
        if old.node_value() != new.node_value() {
            old.set_node_value(new.node_value().as_deref());
        }
        return;
    };
    if typing && old.matches(GUARDED_FORMS).unwrap_or_default() && is_left_alone(old) {
        return;
    }
    let value_changes = old.get_attribute("value") != new.get_attribute("value");
    let tick_changes = old.has_attribute("checked") != new.has_attribute("checked");
    let chosen = old.dyn_ref::<HtmlSelectElement>().map(as_made);
    attributes(old, new);
    if let (Some(old), Some(new)) = (old.dyn_ref::<HtmlInputElement>(), new.dyn_ref::<HtmlInputElement>()) {
        if tick_changes || follows(old.form()) {
            old.set_checked(new.checked());
        }
        // What is being typed meanwhile stays, unless the page has something else to say there.
        if value_changes {
            old.set_value(&new.value());
        }
        return;
    }
    children(old, new, typing);
    if let (Some(old), Some(new)) = (old.dyn_ref::<HtmlSelectElement>(), new.dyn_ref::<HtmlSelectElement>())
        && (chosen != Some(as_made(new)) || follows(old.form()))
    {
        old.set_value(&new.value());
    }
}

/// Whether a form is as its page says, whatever has been done to it since.
fn follows(form: Option<HtmlFormElement>) -> bool {
    form.is_none_or(|form| is_acting(&form) || form.method() == "get")
}

fn attributes(old: &Element, new: &Element) {
    let lasting =
        |name: &str| name == SENT || (name == "open" && matches!(old.tag_name().as_str(), "DIALOG" | "DETAILS"));
    for name in old.get_attribute_names().iter().filter_map(|name| name.as_string()) {
        if !new.has_attribute(&name) && !lasting(&name) {
            let _ = old.remove_attribute(&name);
        }
    }
    for name in new.get_attribute_names().iter().filter_map(|name| name.as_string()) {
        let value = new.get_attribute(&name);
        if old.get_attribute(&name) != value && !lasting(&name) {
            let _ = old.set_attribute(&name, &value.unwrap_or_default());
        }
    }
}

/// Keys of the line that an element stands in, and of those to go on with if that is gone: the lines behind it, those before
/// it, and what it is part of. A form has a key too, but only among its line's.
fn lines_around(focused: &Element) -> Vec<String> {
    let Some(line) = closest(focused, LINE) else { return Vec::new() };
    let behind = successors(line.next_element_sibling(), Element::next_element_sibling);
    let before = successors(line.previous_element_sibling(), Element::previous_element_sibling);
    let around = line.parent_element().and_then(|parent| closest(&parent, LINE));
    let lines = [line.clone()].into_iter().chain(behind).chain(before).chain(around);
    lines.filter_map(|line| line.get_attribute("data-key")).collect()
}

/// Gives the focus to what took the place of an element that had it, or else to what is near: in the same line, or the next
/// one that is still there, or at the page's top. Never to what only looks like it in another line, where the next key
/// would act on something else. What is hidden, or in details that are closed, doesn't take it.
fn refocus(root: &Element, gone: &Element, lines: &[String]) {
    // What is hidden keeps the focus until the page is drawn, and would seem to take it.
    if let Some(gone) = gone.dyn_ref::<HtmlElement>() {
        let _ = gone.blur();
    }
    let there = all(root, LINE);
    let find = |key: &String| there.iter().find(|line| line.get_attribute("data-key").as_ref() == Some(key)).cloned();
    let own = lines.first().and_then(find);
    // An id is the only one of its kind on the page.
    let anywhere = lines.is_empty() || gone.has_attribute("id");
    let among = if anywhere { Some(root.clone()) } else { own };
    let twins = among.map(|among| all(&among, &gone.tag_name())).unwrap_or_default();
    let twins = twins.into_iter().filter(|one| is_twin(one, gone));
    let near = lines.iter().find_map(find).map(|line| all(&line, NEAR)).unwrap_or_default();
    let takes = |place: Element| {
        focus_quietly(&place);
        document().active_element().as_ref() == Some(&place)
    };
    let _ = twins.chain(near).chain(all(root, "h1")).any(takes);
}

/// Whether one does what the other did. What has an id is known by it, whatever it is called by now; of what has no name of
/// any kind the words decide.
fn is_twin(one: &Element, gone: &Element) -> bool {
    let same = |name: &&str| one.get_attribute(name) == gone.get_attribute(name);
    if gone.has_attribute("id") {
        return same(&"id");
    }
    let named = ["name", "href", "aria-label"];
    named.iter().chain(&["id", "value"]).all(same)
        && (named.iter().any(|name| gone.has_attribute(name)) || one.text_content() == gone.text_content())
}
