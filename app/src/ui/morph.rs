use super::dom::{all, closest, focus_quietly};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlInputElement, HtmlSelectElement, Node};

/// Makes what stands in `root` into `html`, by the fewest changes that are easily found: what stays keeps its focus,
/// its scroll position, its loaded picture and, for dialogs and details, whether it is open.
pub fn morph(root: &Element, html: &str) {
    let focused = document().active_element().filter(|active| root.contains(Some(active)));
    let line = focused.as_ref().and_then(|focused| closest(focused, "[data-key]")?.get_attribute("data-key"));
    let wanted = document().create_element("div");
    let Ok(wanted) = wanted else { return };
    wanted.set_inner_html(html);
    children(root, &wanted);
    if let Some(focused) = focused
        && !root.contains(Some(&focused))
    {
        refocus(root, &focused, line);
    }
}

fn children(old: &Node, new: &Node) {
    let mut have = old.first_child();
    let mut want = new.first_child();
    while let Some(wanted) = want {
        want = wanted.next_sibling();
        match kept(have.clone(), &wanted) {
            Some(kept) => {
                while let Some(passed) = have.take().filter(|passed| *passed != kept) {
                    have = passed.next_sibling();
                    let _ = old.remove_child(&passed);
                }
                have = kept.next_sibling();
                node(&kept, &wanted);
            }
            None => {
                let _ = old.insert_before(&wanted, have.as_ref());
            }
        }
    }
    while let Some(left) = have {
        have = left.next_sibling();
        let _ = old.remove_child(&left);
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

/// Whether one can become the other. What has a key or an id is only ever itself.
fn alike(a: &Node, b: &Node) -> bool {
    if a.node_name() != b.node_name() {
        return false;
    }
    match (a.dyn_ref::<Element>(), b.dyn_ref::<Element>()) {
        (Some(a), Some(b)) => {
            ["id", "data-key", "name"].into_iter().all(|name| a.get_attribute(name) == b.get_attribute(name))
        }
        _ => true,
    }
}

fn node(old: &Node, new: &Node) {
    let (Some(old), Some(new)) = (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) else {
        if old.node_value() != new.node_value() {
            old.set_node_value(new.node_value().as_deref());
        }
        return;
    };
    let value_changes = old.get_attribute("value") != new.get_attribute("value");
    attributes(old, new);
    if let (Some(old), Some(new)) = (old.dyn_ref::<HtmlInputElement>(), new.dyn_ref::<HtmlInputElement>()) {
        old.set_checked(new.checked());
        // What is being typed meanwhile stays, unless the page has something else to say there.
        if value_changes {
            old.set_value(&new.value());
        }
        return;
    }
    children(old, new);
    if let (Some(old), Some(new)) = (old.dyn_ref::<HtmlSelectElement>(), new.dyn_ref::<HtmlSelectElement>()) {
        old.set_value(&new.value());
    }
}

fn attributes(old: &Element, new: &Element) {
    let lasting = |name: &str| name == "open" && matches!(old.tag_name().as_str(), "DIALOG" | "DETAILS");
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

/// Gives the focus to what took the place of an element that had it, or else to what is near: in the same line, whose
/// key this is, or at the page's top.
fn refocus(root: &Element, gone: &Element, line: Option<String>) {
    let twin = all(root, &gone.tag_name()).into_iter().find(|one| {
        ["id", "name", "value", "href", "aria-label"]
            .into_iter()
            .all(|name| one.get_attribute(name) == gone.get_attribute(name))
    });
    let near = || {
        let line = line?;
        let line =
            all(root, "[data-key]").into_iter().find(|one| one.get_attribute("data-key").as_ref() == Some(&line))?;
        all(&line, "a, summary, button").into_iter().next()
    };
    if let Some(place) = twin.or_else(near).or_else(|| all(root, "h1").into_iter().next()) {
        focus_quietly(&place);
    }
}
