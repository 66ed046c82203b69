use super::super::host::User;
use super::act::{button, password, password_anew, text};
use crate::admin::view::Asked;
use crate::admin::view::PAGE;
use crate::admin::view::form::{Act, GUARDED, REFRESHED, kept};
use crate::ui::{El, el};

const ACTION: &str = "/api/admin/users/save";

const EMAIL_HINT: &str = "A new address counts once its owner has opened the link that we mail there. Until then the \
                          old one stays, and is told.";

/// What the account is called and where its mail goes. After a conflict it holds what was typed, and says beside it what
/// it is now; saved again, what was typed counts.
pub fn form(user: &User, asked: Asked) -> El {
    let row = &user.row;
    let version = user.version.to_string();
    let act = Act::on(asked, ACTION, "user", &row.id);
    let late = act.is_refused() && act.typed("version", &version) != version;
    let now = |name: &str, current: &str| match late && act.typed(name, current) != current {
        true if current.is_empty() => "Now empty".to_owned(),
        true => ["Now: ", current].concat(),
        false => String::new(),
    };
    let email = match now("email", &row.email) {
        now if now.is_empty() => EMAIL_HINT.to_owned(),
        now => [&now, ". ", EMAIL_HINT].concat(),
    };
    let advice = late.then(|| {
        el("p")
            .text("What you typed is still here; what it is now stands beside it. Save again to keep what you typed.")
    });
    let proof = match user.is_me {
        true => password_anew(&act, "edit-password", "Asked for when you change your own e-mail."),
        false => password(&act, "edit-password", "Asked for when you change the e-mail.", asked),
    };
    let (username, shown) = (now("username", &row.username), now("display_name", &row.display_name));
    act.form()
        .class("form")
        .attr(GUARDED, "")
        .attr(REFRESHED, PAGE)
        .maybe(advice)
        .child(kept("version", &version))
        .child(text(&act, "edit-username", "username", "Username", &username, "text", &row.username))
        .child(text(&act, "edit-shown", "display_name", "Display name", &shown, "text", &row.display_name))
        .child(text(&act, "edit-email", "email", "E-mail", &email, "email", &row.email))
        .child(proof)
        .child(button("button", "save-user", "Save"))
}
