//! Fields that the forms of accounts have in common.

use crate::admin::view::Asked;
use crate::admin::view::form::Act;
use crate::ui::{El, el};

pub fn text(act: &Act, id: &str, name: &str, label: &str, hint: &str, kind: &str, value: &str) -> El {
    let input = el("input")
        .attr("type", kind)
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("value", act.typed(name, value));
    act.field(id, name, label, hint, input)
}

pub fn long_text(act: &Act, id: &str, name: &str, label: &str, hint: &str) -> El {
    act.field(id, name, label, hint, el("textarea").attr("rows", "2").text(act.typed(name, "")))
}

pub const WHY_AGAIN: &str = "Asked for again, since you gave it more than 15 minutes ago.";

pub const WHY_IN_THE_TRAIL: &str = "Optional. Shown in the trail.";

/// Why somebody acts, which they may leave out.
pub fn reason(act: &Act, id: &str, hint: &str) -> El {
    long_text(act, id, "reason", "Reason", hint)
}

/// The password of whoever acts; out of sight while it was given lately.
pub fn password(act: &Act, id: &str, why: &str, asked: Asked) -> El {
    el("div").maybe_attr("hidden", asked.office.me.fresh.then_some("")).child(password_anew(act, id, why))
}

/// The same, however lately it was given.
pub fn password_anew(act: &Act, id: &str, why: &str) -> El {
    let input = el("input").attr("type", "password").attr("autocomplete", "current-password");
    act.field(id, "password", "Your own password", why, input)
}

pub fn button(class: &str, id: &str, label: &str) -> El {
    el("button").class(class).attr("id", id).text(label)
}

/// What opens a form that isn't always wanted; open when it comes back refused.
pub fn disclosure(label: &str, act: &Act, form: El) -> El {
    el("details")
        .class("opens")
        .attr("data-key", label)
        .maybe_attr("open", act.is_refused().then_some(""))
        .child(el("summary").text(label))
        .child(form)
}
