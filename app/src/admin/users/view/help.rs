//! What can be done for, or against, an account.

use super::super::host::User;
use super::act::{Act, button, disclosure, kept};
use super::new::roles;
use crate::admin::host::May;
use crate::admin::view::Asked;
use crate::ui::{El, el};

const WHY_AGAIN: &str = "Asked for again, since you gave it more than 15 minutes ago.";

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
    let act = Act::new(asked, "/api/admin/users/start_reset");
    let (words, label) = match user.has_password {
        true => ("Mails them a link that sets a new password. Until they use it, the old one works.", "Start a reset"),
        false => ("They haven’t set a password yet. The link in a new mail sets it.", "Send the invitation again"),
    };
    act.form().child(kept("user", &user.row.id)).child(el("p").class("hint").text(words)).child(button(
        "button plain",
        "start-reset",
        label,
    ))
}

fn block(user: &User, asked: Asked) -> El {
    let act = Act::new(asked, "/api/admin/users/block");
    let form = act
        .form()
        .child(kept("user", &user.row.id))
        .child(el("p").text(&format!("Ends {}, and keeps them out from their next request on.", sessions(user))))
        .child(act.long_text("reason", "Reason", "For the shop’s own eyes; stays in the trail."))
        .child(act.long_text("note", "Note to them", "Optional. Shown when they try to log in."))
        .child(act.password(WHY_AGAIN))
        .child(button("button danger", "block-user", &["Block ", &user.row.username].concat()));
    disclosure("Block", act, vec![form])
}

fn unblock(user: &User, asked: Asked) -> El {
    Act::new(asked, "/api/admin/users/unblock").form().child(kept("user", &user.row.id)).child(button(
        "button plain",
        "unblock-user",
        "Unblock",
    ))
}

fn role(user: &User, asked: Asked) -> El {
    const ACTION: &str = "/api/admin/users/set_role";
    let act = Act::new(asked, ACTION);
    let chosen = asked.typed(ACTION, "role", user.row.role.key());
    let form = act
        .form()
        .child(kept("user", &user.row.id))
        .child(el("p").text(&format!("Ends {}: they log in anew, with what the role allows.", sessions(user))))
        .child(act.field("role", "Role", None, roles(chosen)))
        .child(act.password(WHY_AGAIN))
        .child(button("button danger", "set-role", "Change the role"));
    disclosure("Change role", act, vec![form])
}

fn delete(user: &User, asked: Asked) -> El {
    let act = Act::new(asked, "/api/admin/users/delete");
    let pieces = user.cart.len();
    let lists = user.wishlists.len();
    let words = format!(
        "Deletes the account for good, with {}, {} in its cart and {}, and tells its owner by mail. What it is called \
         stays in the trail; nothing else does.",
        sessions(user),
        some(pieces, "line"),
        some(lists, "wishlist")
    );
    let form = act
        .form()
        .child(kept("user", &user.row.id))
        .child(el("p").text(&words))
        .child(act.password(WHY_AGAIN))
        .child(button("button danger", "delete-user", &["Delete ", &user.row.username].concat()));
    disclosure("Delete", act, vec![form])
}

fn sessions(user: &User) -> String {
    some(user.sessions.len(), "session")
}

fn some(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}
