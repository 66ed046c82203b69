//! What is done about accounts. `user` is an account's id, `page` where the form stands; a `password` is that of whoever
//! acts, asked for again where an act is dangerous.

use crate::cart::api::Acted;
#[cfg(feature = "ssr")]
use crate::cart::api::Done;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::form::Next;
use leptos::prelude::*;

/// Stays on the page. What these acts do is undone by their opposites, not by a notice.
#[cfg(feature = "ssr")]
async fn stayed(done: Done, page: String) -> Result<Acted, AppError> {
    crate::admin::api::acted(done, "", page).await
}

/// Leads to another page, which says the notice.
#[cfg(feature = "ssr")]
pub fn leading(done: Done, path: String) -> Acted {
    let next = Next { path, notice: done.notice, undo: None };
    crate::pages::going(Acted { next, ..Acted::default() })
}

/// How a dangerous act is answered. `own`: it was about the account of whoever did it, who is logged out now.
#[cfg(feature = "ssr")]
async fn settled(done: Done, own: bool, page: String) -> Result<Acted, AppError> {
    if own {
        return Ok(leading(done, "/".to_owned()));
    }
    proven(done, page).await
}

/// Stays on the page, which asks for no password: it has been given by now, whatever the page was made with.
#[cfg(feature = "ssr")]
async fn proven(done: Done, page: String) -> Result<Acted, AppError> {
    let mut office = crate::admin::host::office()?;
    office.me.fresh = true;
    provide_context(office);
    stayed(done, page).await
}

/// Makes an account and mails its owner a link that sets the password.
#[server(prefix = "/api/admin/users", endpoint = "create")]
pub async fn create_user(
    #[server(default)] username: String,
    #[server(default)] email: String,
    #[server(default)] role: String,
    #[server(default)] password: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let (done, id) = office.users.create(username, email, role, password).await?;
    Ok(leading(done, [super::query::PATH, "/", &id].concat()))
}

/// `version`: of the account that the form showed.
#[server(prefix = "/api/admin/users", endpoint = "save")]
pub async fn save_user(
    #[server(default)] user: String,
    #[server(default)] version: String,
    #[server(default)] username: String,
    #[server(default)] display_name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let wanted = super::host::Wanted { username, display_name, email };
    match office.users.save(user, version, wanted, password).await? {
        (done, true) => proven(done, page).await,
        (done, false) => stayed(done, page).await,
    }
}

#[server(prefix = "/api/admin/users", endpoint = "set_role")]
pub async fn set_user_role(
    #[server(default)] user: String,
    #[server(default)] role: String,
    #[server(default)] reason: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let (done, own) = office.users.set_role(user, role, reason, password).await?;
    settled(done, own, page).await
}

/// `reason`: for the shop's own eyes; `note`: what the person is told.
#[server(prefix = "/api/admin/users", endpoint = "block")]
pub async fn block_user(
    #[server(default)] user: String,
    #[server(default)] reason: String,
    #[server(default)] note: String,
    #[server(default)] password: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let (done, own) = office.users.block(user, reason, note, password).await?;
    settled(done, own, page).await
}

#[server(prefix = "/api/admin/users", endpoint = "unblock")]
pub async fn unblock_user(#[server(default)] user: String, #[server(default)] page: String) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    stayed(office.users.unblock(user).await?, page).await
}

/// Mails the owner a link that sets a new password.
#[server(prefix = "/api/admin/users", endpoint = "start_reset")]
pub async fn start_user_reset(
    #[server(default)] user: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    stayed(office.users.start_reset(user).await?, page).await
}

#[server(prefix = "/api/admin/users", endpoint = "end_session")]
pub async fn end_user_session(
    #[server(default)] user: String,
    #[server(default)] session: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    stayed(office.users.end_session(user, session).await?, page).await
}

#[server(prefix = "/api/admin/users", endpoint = "end_sessions")]
pub async fn end_user_sessions(
    #[server(default)] user: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    stayed(office.users.end_sessions(user).await?, page).await
}

/// Lets the account try again at once.
#[server(prefix = "/api/admin/users", endpoint = "clear_limits")]
pub async fn clear_user_limits(
    #[server(default)] user: String,
    #[server(default)] page: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    stayed(office.users.clear_limits(user).await?, page).await
}

#[server(prefix = "/api/admin/users", endpoint = "delete")]
pub async fn delete_user(
    #[server(default)] user: String,
    #[server(default)] reason: String,
    #[server(default)] password: String,
) -> Result<Acted, AppError> {
    let office = crate::admin::host::office()?;
    let (done, own) = office.users.delete(user, reason, password).await?;
    Ok(leading(done, if own { "/" } else { super::query::PATH }.to_owned()))
}
