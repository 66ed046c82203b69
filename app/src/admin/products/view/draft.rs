use crate::admin::products::api::{Typed, draft_preview_of, page_of, with_draft};
use crate::admin::products::host::{Draft, PREVIEWED};
use crate::admin::view::Asked;
use crate::admin::view::form::{Act, OFFERS};
use crate::ui::{El, el, hidden, link};

/// What the form shows.
pub struct Shown {
    pub typed: Typed,
    /// The draft that it shows, for whoever has chosen it or comes back from a refusal.
    pub applied: Option<Kept>,
    /// A draft that it could show.
    pub offered: Option<Kept>,
}

pub struct Kept {
    at: String,
    pub tab: String,
    /// Of the product, that the draft began with.
    version: String,
}

pub fn shown(asked: Asked, act: Act, draft: Option<Draft>, stored: &Typed) -> Shown {
    let Some(Draft { typed, at, tab }) = draft else {
        return Shown { typed: stored.clone(), applied: None, offered: None };
    };
    let kept = Kept { at, tab, version: typed.version.clone() };
    if act.is_refused() || shows_draft(asked) {
        return Shown { typed, applied: Some(kept), offered: None };
    }
    let same = Typed { version: stored.version.clone(), ..typed } == *stored;
    Shown { typed: stored.clone(), applied: None, offered: (!same).then_some(kept) }
}

/// A preview without a script is made of the draft.
fn shows_draft(asked: Asked) -> bool {
    ["draft", PREVIEWED].into_iter().any(|name| !asked.parameter(name).is_empty())
}

/// The choice between what is saved and what was typed. `version`: of the product now.
pub fn offer(asked: Asked, shown: &Shown, version: &str) -> Option<El> {
    let product = &shown.typed.product;
    let discard = || {
        Act::on(asked, "/api/admin/products/discard_draft", "product", product)
            .form()
            .child(el("button").class("button plain").text("Discard them"))
    };
    let box_of = |words: &str| {
        el("section")
            .class("note draft")
            .attr("data-key", "draft")
            .attr(OFFERS, "")
            .attr("aria-label", "Unsaved changes")
            .child(el("p").text(words))
    };
    if let Some(kept) = &shown.offered {
        let older = match kept.version == version || version.is_empty() {
            true => "",
            false => " The product was saved since: when you save them, you will see both versions first.",
        };
        let words = ["You have unsaved changes from ", &kept.at, ".", older].concat();
        let go_on = link(&with_draft(product), "Continue with them").class("button").attr("rel", "external");
        let look = link(&draft_preview_of(product), "Preview them").attr("rel", "external");
        return Some(box_of(&words).child(el("div").class("pair").child(go_on).child(look).child(discard())));
    }
    let kept = shown.applied.as_ref().filter(|_| shows_draft(asked))?;
    let words = ["The form shows your unsaved changes from ", &kept.at, "."].concat();
    Some(
        box_of(&words)
            .child(discard())
            .child(link(&page_of(product), "Look at what is saved").attr("rel", "external").attr("data-drops", "")),
    )
}

/// Beside the button that saves: when a draft was kept, for the eye at any time, for the ear once.
pub fn status(shown: &Shown) -> Vec<El> {
    let words = shown.applied.as_ref().map(|kept| ["Draft kept ", &kept.at].concat()).unwrap_or_default();
    vec![
        el("span").class("quiet small").attr("id", "draft-kept").attr("aria-hidden", "true").text(&words),
        hidden("").attr("id", "draft-said").attr("role", "status").attr("aria-live", "polite"),
    ]
}
