//! What the back office's forms share: hidden fields, and places for what is wrong.

use super::Asked;
use crate::cart::behaviour::FIELD;
use crate::ui::{El, el};

/// On a form with something to lose: who leaves its page with what they typed unsaved is asked first.
pub const GUARDED: &str = "data-guard";
/// On a form that came with what was typed before and isn't saved.
pub const UNSAVED: &str = "data-unsaved";
/// On a form after whose act its page is another one: what is typed elsewhere on the page is asked about before the act.
pub const LEAVES: &str = "data-leaves";
/// On a form that may be refused for what has changed meanwhile: its page is asked for anew from the server function that
/// makes it, while what was typed stays.
pub const REFRESHED: &str = "data-refreshed";
/// On what offers another content of a guarded form, and stays away while somebody types there.
pub const OFFERS: &str = "data-offers";

/// A form that acts. A page may have many with the same action; a browser by itself comes back from a refused one with
/// the page anew, where it is known again by what it acts on.
#[derive(Clone, Copy)]
pub struct Act<'a> {
    asked: Asked<'a>,
    action: &'static str,
    /// Of those of its buttons that send it elsewhere.
    also: Option<&'static str>,
    subject: Option<(&'static str, &'a str)>,
}

impl<'a> Act<'a> {
    /// The only form of its action on its page.
    pub fn only(asked: Asked<'a>, action: &'static str) -> Self {
        Self { asked, action, also: None, subject: None }
    }

    /// `subject`: the hidden field that names what it acts on.
    pub fn on(asked: Asked<'a>, action: &'static str, subject: &'static str, id: &'a str) -> Self {
        Self { asked, action, also: None, subject: Some((subject, id)) }
    }

    /// Comes back from this action too, which one of its buttons has.
    pub fn or(self, action: &'static str) -> Self {
        Self { also: Some(action), ..self }
    }

    pub fn is_refused(&self) -> bool {
        let flash = self.asked.flash;
        let same = self.subject.is_none_or(|(name, id)| flash.values.get(name).is_some_and(|value| value == id));
        let ours = flash.action == self.action || self.also.is_some_and(|also| flash.action == also);
        ours && !flash.errors.is_empty() && same
    }

    pub fn error(&self, field: &str) -> &'a str {
        let errors = &self.asked.flash.errors;
        errors.get(field).filter(|_| self.is_refused()).map_or("", String::as_str)
    }

    /// What is in a field: what was typed, of a refused form, whose empty fields aren't told back.
    pub fn typed(&self, field: &str, otherwise: &'a str) -> &'a str {
        match self.is_refused() && !self.asked.flash.lost.contains(field) {
            true => self.asked.flash.values.get(field).map_or("", String::as_str),
            false => otherwise,
        }
    }

    /// The form with its hidden fields, and the place for what is wrong with all of it.
    pub fn form(&self) -> El {
        self.form_for("")
    }

    /// Around one field that is saved when it is left.
    pub fn field_form(&self) -> El {
        self.form_for(FIELD)
    }

    /// `how` its script sends it.
    fn form_for(&self, how: &str) -> El {
        el("form")
            .attr("method", "post")
            .attr("action", self.action)
            .attr("novalidate", "")
            .attr("data-act", how)
            .maybe_attr(UNSAVED, self.is_refused().then_some(""))
            .child(self.asked.page_field())
            .maybe(self.subject.map(|(name, id)| kept(name, id)))
            .child(self.error_place("").attr("role", "alert"))
    }

    /// Where it says what is wrong with a field: there before there is anything to say, for its script to find.
    pub fn error_place(&self, field: &str) -> El {
        el("p").class("error").attr("data-error", field).text(self.error(field))
    }

    /// An input, select or textarea that is described by the elements of these ids, its place for errors among them.
    pub fn control(&self, id: &str, name: &str, described: &str, control: El) -> El {
        let wrong = !self.error(name).is_empty();
        control
            .attr("id", id)
            .attr("name", name)
            .attr("aria-describedby", described)
            .maybe_attr("aria-invalid", wrong.then_some("true"))
            .maybe_attr("autofocus", wrong.then_some(""))
    }

    /// A field between its label and its place for errors. `hint`: what to know before typing; empty for nothing.
    pub fn field(&self, id: &str, name: &str, label: &str, hint: &str, control: El) -> El {
        let (hint_id, error_id) = ([id, "-hint"].concat(), [id, "-error"].concat());
        let hint = (!hint.is_empty()).then(|| el("p").class("hint").attr("id", &hint_id).text(hint));
        let described = if hint.is_some() { [&hint_id, " ", &error_id].concat() } else { error_id.clone() };
        el("div")
            .class("form-field")
            .child(el("label").attr("for", id).text(label))
            .maybe(hint)
            .child(self.error_place(name).attr("id", &error_id))
            .child(self.control(id, name, &described, control.class("field")))
    }
}

/// A field that nobody sees.
pub fn kept(name: &str, value: &str) -> El {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value)
}

/// The first of a form's buttons, which Enter in any of its fields presses, where the next one would do something else.
pub fn default_button(label: &str) -> El {
    el("button").class("visually-hidden").attr("tabindex", "-1").attr("aria-hidden", "true").text(label)
}
