use super::super::query::PATH;
use super::act::{Act, button};
use crate::account::api::Role;
use crate::admin::host::May;
use crate::admin::view::{Asked, Desk};
use crate::catalog::api::Rendered;
use crate::error::AppError;
use crate::ui::{El, el};

const ACTION: &str = "/api/admin/users/create";

/// # Errors
/// `Forbidden` for who may not make accounts.
pub fn page(asked: Asked) -> Result<Rendered, AppError> {
    asked.office.me.must(May::Everything)?;
    let act = Act::new(asked, ACTION);
    let lead = el("p").class("hint").text(
        "They get a mail with a link that sets their password. It works once, for a day. Nobody here sets or sees it.",
    );
    let form = act
        .form()
        .child(act.text("username", "Username", None, "text", ""))
        .child(act.text("email", "E-mail", None, "email", ""))
        .child(act.field("role", "Role", None, roles(asked.typed(ACTION, "role", Role::Shopper.key()))))
        .child(act.password("Asked for when you make somebody a member of the staff."))
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
