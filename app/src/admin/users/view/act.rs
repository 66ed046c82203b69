use crate::admin::view::Asked;
use crate::ui::{El, el};

/// A form that acts on an account.
#[derive(Clone, Copy)]
pub struct Act<'a> {
    asked: Asked<'a>,
    action: &'static str,
    /// Before the ids of its fields.
    id: &'static str,
}

impl<'a> Act<'a> {
    pub fn new(asked: Asked<'a>, action: &'static str) -> Self {
        Self { asked, action, id: action.rsplit('/').next().unwrap_or_default() }
    }

    /// The form with what all of them have: where it stands, and a place for what is wrong with all of it.
    pub fn form(self) -> El {
        el("form")
            .class("form")
            .attr("method", "post")
            .attr("action", self.action)
            .attr("novalidate", "")
            .attr("data-act", "")
            .child(self.asked.page_field())
            .child(self.error("").attr("role", "alert"))
    }

    pub fn is_refused(self) -> bool {
        self.asked.flash.action == self.action && !self.asked.flash.errors.is_empty()
    }

    /// There before there is anything to say, for the form's script to find.
    fn error(self, name: &str) -> El {
        el("p").class("error").attr("data-error", name).text(self.asked.wrong(self.action, name))
    }

    /// A field between its label and its place for errors. `control`: without what all controls have.
    pub fn field(self, name: &str, label: &str, hint: Option<&str>, control: El) -> El {
        let id = [self.id, "-", name].concat();
        let error_id = [&id, "-error"].concat();
        let hint_id = [&id, "-hint"].concat();
        let described = match hint {
            Some(_) => [&error_id, " ", &hint_id].concat(),
            None => error_id.clone(),
        };
        let wrong = !self.asked.wrong(self.action, name).is_empty();
        let control = control
            .class("field")
            .attr("id", &id)
            .attr("name", name)
            .attr("aria-describedby", &described)
            .maybe_attr("aria-invalid", wrong.then_some("true"))
            .maybe_attr("autofocus", wrong.then_some(""));
        el("div")
            .class("form-field")
            .child(el("label").attr("for", &id).text(label))
            .maybe(hint.map(|hint| el("p").class("hint").attr("id", &hint_id).text(hint)))
            .child(self.error(name).attr("id", &error_id))
            .child(control)
    }

    pub fn text(self, name: &str, label: &str, hint: Option<&str>, kind: &str, value: &str) -> El {
        let input = el("input")
            .attr("type", kind)
            .attr("autocomplete", "off")
            .attr("spellcheck", "false")
            .attr("value", self.asked.typed(self.action, name, value));
        self.field(name, label, hint, input)
    }

    pub fn long_text(self, name: &str, label: &str, hint: &str) -> El {
        let area = el("textarea").attr("rows", "2").text(self.asked.typed(self.action, name, ""));
        self.field(name, label, Some(hint), area)
    }

    /// The password of whoever acts; out of sight while it was given lately.
    pub fn password(self, why: &str) -> El {
        let input = el("input").attr("type", "password").attr("autocomplete", "current-password");
        let field = self.field("password", "Your own password", Some(why), input);
        el("div").maybe_attr("hidden", self.asked.office.me.fresh.then_some("")).child(field)
    }
}

/// A field that nobody sees.
pub fn kept(name: &str, value: &str) -> El {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value)
}

pub fn button(class: &str, id: &str, label: &str) -> El {
    el("button").class(class).attr("id", id).text(label)
}

/// What opens a form that isn't always wanted.
pub fn disclosure(label: &str, act: Act, content: Vec<El>) -> El {
    el("details")
        .class("opens")
        .attr("data-key", label)
        .maybe_attr("open", act.is_refused().then_some(""))
        .child(el("summary").text(label))
        .children(content)
}
