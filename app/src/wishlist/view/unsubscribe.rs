use super::act::{Act, kept};
use crate::catalog::api::Rendered;
use crate::pages::Asked;
use crate::ui::{El, el, heading, link};

const STOP: &str = "Stop this mail";

/// Where a letter's link leads. Opening it changes nothing, as mail programs open links by themselves; its button does.
pub fn unsubscribe(asked: Asked) -> Rendered {
    let token = asked.parameter("token").filter(|token| !token.is_empty());
    let (title, rest) = match &token {
        Some(token) => (STOP, stop(token, asked)),
        // Also what is left to say once it has been stopped.
        None => ("Mail about your wishlist", choose()),
    };
    let body = el("div").class("wrap narrow page").child(heading(title)).children(rest);
    Rendered { title: title.to_owned(), html: body.html(), ..Rendered::default() }
}

fn stop(token: &str, asked: Asked) -> Vec<El> {
    let what = el("p")
        .class("lead")
        .text("You asked for it on your wishlist. You needn’t log in to stop it, and your wishlist stays as it is.");
    let act = Act::only(asked, "/api/wishlist/unsubscribe");
    let form = act
        .form()
        .class("form")
        .child(kept("token", token))
        .child(act.error_place("token"))
        .child(el("button").class("button").text(STOP));
    vec![what, form]
}

fn choose() -> Vec<El> {
    let what = el("p").class("lead").text(
        "Which mail you get is up to you, thing by thing, on your wishlist: when a price falls, and when something is \
         back in stock.",
    );
    vec![what, el("p").class("way").child(link("/wishlist", "Go to your wishlist"))]
}
