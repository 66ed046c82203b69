//! What can be done for, or against, an account.

use super::super::host::User;
use super::act::{WHY_AGAIN, button, disclosure, long_text, password, reason};
use super::new::roles;
use crate::admin::host::May;
use crate::admin::view::Asked;
use crate::admin::view::form::{Act, LEAVES};
use crate::ui::{El, el};

const LONGER: &str = "Staff need a password of 15 characters or more. Whoever has a shorter one is asked for another when \
                      they log in.";

/// All that the one who looks may do.
pub fn acts(user: &User, asked: Asked) -> Option<El> {
    let all = asked.office.me.role.may(May::Everything);
    let mut acts = Vec::new();
    if user.may_help {
        if user.blocked.is_some() {
            acts.push(unblock(user, asked));
        } else {
            acts.push(reset(user, asked));
            acts.push(block(user, asked));
        }
    }
    if all {
        acts.push(role(user, asked));
        acts.push(delete(user, asked));
    }
    let own = user.is_me.then(|| {
        el("p").class("note").text(
            "This is your own account. Blocking or deleting it, or giving it another role, logs you out, and works only \
             while there is another active admin.",
        )
    });
    (!acts.is_empty()).then(|| el("section").child(el("h2").text("What you can do")).maybe(own).children(acts))
}

fn reset(user: &User, asked: Asked) -> El {
    let act = Act::on(asked, "/api/admin/users/start_reset", "user", &user.row.id);
    let (words, label) = match user.has_password {
        true => ("Mails them a link that sets a new password. Until they use it, the old one works.", "Start a reset"),
        false => ("They haven’t set a password yet. The link in a new mail sets it.", "Send the invitation again"),
    };
    act.form().child(el("p").class("hint").text(words)).child(button("button plain", "start-reset", label))
}

fn block(user: &User, asked: Asked) -> El {
    let act = Act::on(asked, "/api/admin/users/block", "user", &user.row.id);
    let form = act
        .form()
        .class("form")
        .child(el("p").text(&ending(user, "Keeps them out from their next request on")))
        .child(long_text(&act, "block-reason", "reason", "Reason", "For the shop’s own eyes. Goes with the account."))
        .child(long_text(&act, "block-note", "note", "Note to them", "Optional. Shown when they try to log in."))
        .child(password(&act, "block-password", WHY_AGAIN, asked))
        .child(button("button danger", "block-user", &["Block ", &user.row.username].concat()));
    disclosure("Block", &act, form)
}

fn unblock(user: &User, asked: Asked) -> El {
    Act::on(asked, "/api/admin/users/unblock", "user", &user.row.id).form().child(button(
        "button plain",
        "unblock-user",
        "Unblock",
    ))
}

fn role(user: &User, asked: Asked) -> El {
    let act = Act::on(asked, "/api/admin/users/set_role", "user", &user.row.id);
    let chosen = act.typed("role", user.row.role.key());
    let form = act
        .form()
        .class("form")
        .child(el("p").text(&ending(user, "Takes effect at once")))
        .child(act.field("set-role-to", "role", "Role", LONGER, roles(chosen)))
        .child(reason(&act, "role-reason", "Optional. Shown in the trail. Goes with the account."))
        .child(password(&act, "role-password", WHY_AGAIN, asked))
        .child(button("button danger", "set-role", "Change the role"));
    disclosure("Change role", &act, form)
}

fn delete(user: &User, asked: Asked) -> El {
    let act = Act::on(asked, "/api/admin/users/delete", "user", &user.row.id);
    let pieces = user.cart.len();
    let lists = user.wishlists.len();
    let words = format!(
        "Deletes the account for good, with {}, {} in its cart and {}, and tells its owner by mail. The trail keeps \
         what was done, and says “deleted account” in place of the name; nothing else stays.",
        some(user.sessions.len(), "session"),
        some(pieces, "line"),
        some(lists, "wishlist")
    );
    let form = act
        .form()
        .class("form")
        .attr(LEAVES, "")
        .child(el("p").text(&words))
        .child(reason(
            &act,
            "delete-reason",
            "Optional. Stays in the trail for good, so leave out whatever is about the person.",
        ))
        .child(password(&act, "delete-password", WHY_AGAIN, asked))
        .child(button("button danger", "delete-user", &["Delete ", &user.row.username].concat()));
    disclosure("Delete", &act, form)
}

/// What an act does, with the sessions that it ends.
fn ending(user: &User, effect: &str) -> String {
    match user.sessions.len() {
        0 => [effect, "."].concat(),
        count => [effect, ", and ends ", &some(count, "session"), "."].concat(),
    }
}

fn some(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}
