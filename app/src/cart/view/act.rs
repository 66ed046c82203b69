use crate::cart::api::Line;
use crate::form::Flash;
use crate::pages::Asked;
use crate::ui::{El, el};

pub const SET_QUANTITY: &str = "/api/cart/set_quantity";
pub const REMOVE: &str = "/api/cart/remove_line";
pub const WISH: &str = "/api/cart/move_to_wishlist";

/// A form that acts on a line. Its key keeps a form that goes from turning into its neighbour, under a finger that is
/// about to press again.
pub fn act_on(line: &Line, action: &str, asked: Asked) -> El {
    form(action, "", asked).child(kept("line", &line.id))
}

/// As [`act_on`], for the one that its script merges with those that follow soon.
pub fn quantity_act(line: &Line, asked: Asked) -> El {
    form(SET_QUANTITY, "quantity", asked).child(kept("line", &line.id))
}

/// A form that acts on the whole cart.
pub fn act(action: &str, asked: Asked) -> El {
    form(action, "", asked)
}

/// `sent`: how its script is told to send it.
fn form(action: &str, sent: &str, asked: Asked) -> El {
    el("form")
        .attr("method", "post")
        .attr("action", action)
        .attr("novalidate", "")
        .attr("data-act", sent)
        .attr("data-key", action)
        .child(kept("page", &asked.here()))
        .child(el("p").class("error").attr("role", "alert").attr("data-error", ""))
}

/// A field that nobody sees.
pub fn kept(name: &str, value: &str) -> El {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value)
}

/// A button of a line. Its id keeps the focus from going to another line's when its own has gone; the ear is told which
/// line it is of.
pub fn button(class: &str, verb: &str, label: &str, line: &Line) -> El {
    el("button")
        .class(class)
        .attr("id", &[verb, "-", &line.id].concat())
        .attr("aria-label", &[label, ": ", &line.title].concat())
        .text(label)
}

/// What a browser without JavaScript is told about a form of this line that was refused just now.
fn refused<'a>(line: &Line, asked: Asked<'a>) -> Option<&'a Flash> {
    let flash = asked.flash;
    let ours = flash.values.get("line").is_some_and(|id| *id == line.id);
    (ours && !flash.errors.is_empty()).then_some(flash)
}

/// Whether one of these lines is where a refused form's errors are shown.
pub fn is_placed(lines: &[Line], asked: Asked) -> bool {
    lines.iter().any(|line| refused(line, asked).is_some())
}

/// What was typed as the line's quantity, and why it was refused.
pub fn refused_quantity<'a>(line: &Line, asked: Asked<'a>) -> Option<(&'a str, &'a str)> {
    let flash = refused(line, asked).filter(|flash| flash.action == SET_QUANTITY)?;
    // Of an empty field nothing is told back.
    Some((flash.values.get("quantity").map_or("", String::as_str), flash.errors.get("quantity")?))
}

/// What was wrong with any other form of the line, or with a form that has left it since.
pub fn other_error(line: &Line, has_quantity: bool, asked: Asked) -> Option<El> {
    let flash = refused(line, asked)?;
    let said = |field: &str| has_quantity && field == "quantity" && flash.action == SET_QUANTITY;
    let (_, words) = flash.errors.iter().find(|(field, _)| !said(field))?;
    Some(el("p").class("error").attr("role", "alert").text(words))
}
