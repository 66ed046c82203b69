use crate::form::Flash;
use crate::pages::Asked;
use crate::ui::{El, el};

/// A form that acts on an item or a list.
///
/// A page has many with the same action, and a browser without JavaScript comes back from a refused one with the page
/// anew: the form is known again by what it acts on.
pub struct Act<'a> {
    asked: Asked<'a>,
    action: &'static str,
    /// The hidden field that names what it acts on.
    subject: Option<(&'static str, &'a str)>,
    refused: Option<&'a Flash>,
    /// How its script is told to send it.
    sent: &'static str,
}

impl<'a> Act<'a> {
    fn new(asked: Asked<'a>, action: &'static str, subject: Option<(&'static str, &'a str)>) -> Self {
        Self { asked, action, subject, refused: None, sent: "" }.or(action)
    }

    pub fn on_item(asked: Asked<'a>, action: &'static str, item: &'a str) -> Self {
        Self::new(asked, action, Some(("item", item)))
    }

    pub fn on_list(asked: Asked<'a>, action: &'static str, list: &'a str) -> Self {
        Self::new(asked, action, Some(("list", list)))
    }

    pub fn on_variant(asked: Asked<'a>, action: &'static str, variant: &'a str) -> Self {
        Self::new(asked, action, Some(("variant", variant)))
    }

    /// The only one of its action on its page.
    pub fn only(asked: Asked<'a>, action: &'static str) -> Self {
        Self::new(asked, action, None)
    }

    /// Where one of its buttons posts it elsewhere.
    pub fn or(self, action: &str) -> Self {
        let flash = self.asked.flash;
        let same = self.subject.is_none_or(|(name, id)| flash.values.get(name).is_some_and(|value| value == id));
        let refused = flash.action == action && !flash.errors.is_empty() && same;
        Self { refused: if refused { Some(flash) } else { self.refused }, ..self }
    }

    /// Sent by its script as soon as a field changes.
    pub fn sent_on_change(self) -> Self {
        Self { sent: "change", ..self }
    }

    pub fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// What is in a field: what was typed, of a refused form, whose empty fields aren't told back.
    pub fn typed(&self, name: &str, otherwise: &'a str) -> &'a str {
        match self.refused {
            Some(flash) => flash.values.get(name).map_or("", String::as_str),
            None => otherwise,
        }
    }

    fn error(&self, name: &str) -> &str {
        self.refused.and_then(|flash| flash.errors.get(name)).map_or("", String::as_str)
    }

    /// The form with its hidden fields, and the place for what is wrong with all of it.
    pub fn form(&self) -> El {
        el("form")
            .attr("method", "post")
            .attr("action", self.action)
            .attr("novalidate", "")
            .attr("data-act", self.sent)
            .child(kept("page", &self.asked.here()))
            .maybe(self.subject.map(|(name, id)| kept(name, id)))
            .child(self.error_place("").attr("role", "alert"))
    }

    /// Where it says what is wrong with a field, the empty name being the form's own: there before there is anything
    /// to say, for its script to find.
    pub fn error_place(&self, name: &str) -> El {
        el("p").class("error").attr("data-error", name).text(self.error(name))
    }

    /// A field between its label and its place for errors. `control`: without what all controls have.
    pub fn field(&self, id: &str, name: &str, label: El, control: El) -> El {
        let error_id = [id, "-error"].concat();
        let wrong = !self.error(name).is_empty();
        let control = control
            .class("field")
            .attr("id", id)
            .attr("name", name)
            .attr("aria-describedby", &error_id)
            .maybe_attr("aria-invalid", wrong.then_some("true"))
            .maybe_attr("autofocus", wrong.then_some(""));
        el("div")
            .class("form-field")
            .child(label.attr("for", id))
            .child(self.error_place(name).attr("id", &error_id))
            .child(control)
    }
}

/// A field that nobody sees.
pub fn kept(name: &str, value: &str) -> El {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value)
}

/// A button. Its id keeps the focus from going to another form's when its own has done what it could. `about`: what
/// its label doesn't tell the ear.
pub fn button(class: &str, id: &str, label: &str, about: &str) -> El {
    el("button").class(class).attr("id", id).maybe_attr("aria-label", aloud(label, about).as_deref()).text(label)
}

/// What opens a form that isn't always wanted. `key`: with another one it is another, and closed.
pub fn disclosure(key: &str, label: &str, about: &str, open: bool) -> El {
    el("details")
        .attr("data-key", key)
        .maybe_attr("open", open.then_some(""))
        .child(el("summary").maybe_attr("aria-label", aloud(label, about).as_deref()).text(label))
}

/// In one piece: a name that is put together has a space before its colon.
fn aloud(label: &str, about: &str) -> Option<String> {
    (!about.is_empty()).then(|| [label, ": ", about].concat())
}
