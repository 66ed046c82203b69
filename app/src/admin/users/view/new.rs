use super::super::query::PATH;
use super::act::{button, password, text};
use crate::account::api::Role;
use crate::admin::host::May;
use crate::admin::view::form::{Act, GUARDED};
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el};

const ACTION: &str = "/api/admin/users/create";

/// # Errors
/// `Forbidden` for who may not make accounts.
pub fn page(asked: Asked) -> Result<Rendered, AppError> {
    asked.office.me.must(May::Everything)?;
    let act = Act::only(asked, ACTION);
    let lead = el("p").class("hint").text(
        "They get a mail with a link that sets their password. It works once, for a day. Nobody here sets or sees it.",
    );
    let form = act
        .form()
        .class("form")
        .attr(GUARDED, "")
        .child(text(&act, "new-username", "username", "Username", "", "text", ""))
        .child(text(&act, "new-email", "email", "E-mail", "", "email", ""))
        .child(act.field("new-role", "role", "Role", "", roles(act.typed("role", Role::Shopper.key()))))
        .child(password(&act, "new-password", "Asked for when you make somebody a member of the staff.", asked))
        .child(button("button", "create-user", "Make the account and send the invitation"));
    Ok(Desk { title: "New user", area: PATH, right: None, body: vec![lead, form] }.page(asked))
}

pub fn roles(chosen: &str) -> El {
    let reach = |role: Role| match role {
        Role::Shopper => "Shopper: shops, nothing else",
        Role::Support => "Support: sees users, ends sessions, starts resets, blocks shoppers",
        Role::Editor => "Editor: products, categories, imports",
        Role::Admin => "Admin: everything",
    };
    let option = |role: Role| {
        el("option")
            .attr("value", role.key())
            .maybe_attr("selected", (role.key() == chosen).then_some(""))
            .text(reach(role))
    };
    el("select").children(Role::ALL.into_iter().map(option).collect())
}
