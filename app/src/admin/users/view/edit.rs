use super::super::host::User;
use super::act::{Act, button, kept};
use crate::admin::view::Asked;
use crate::ui::{El, el};

pub const ACTION: &str = "/api/admin/users/save";

const EMAIL_HINT: &str = "A new address counts once its owner has opened the link that we mail there. Until then the \
                          old one stays, and is told.";

/// What the account is called and where its mail goes. After a conflict it holds what was typed, and says beside it what
/// it is now; saved again, what was typed counts.
pub fn form(user: &User, asked: Asked) -> El {
    let act = Act::new(asked, ACTION);
    let version = user.version.to_string();
    let late = act.is_refused() && asked.typed(ACTION, "version", &version) != version;
    let now = |name: &str, current: &str| {
        (late && asked.typed(ACTION, name, current) != current)
            .then(|| if current.is_empty() { "Now empty".to_owned() } else { format!("Now: {current}") })
    };
    let row = &user.row;
    let username = now("username", &row.username);
    let display_name = now("display_name", &row.display_name);
    let email = match now("email", &row.email) {
        Some(now) => [&now, ". ", EMAIL_HINT].concat(),
        None => EMAIL_HINT.to_owned(),
    };
    let advice = late.then(|| {
        el("p")
            .class("versus")
            .text("What you typed is still here; what it is now stands beside it. Save again to keep what you typed.")
    });
    act.form()
        .maybe(advice)
        .child(kept("user", &row.id))
        .child(kept("version", &version))
        .child(act.text("username", "Username", username.as_deref(), "text", &row.username))
        .child(act.text("display_name", "Display name", display_name.as_deref(), "text", &row.display_name))
        .child(act.text("email", "E-mail", Some(&email), "email", &row.email))
        .child(button("button", "save-user", "Save"))
}
