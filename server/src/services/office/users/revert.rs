//! Taking back what was decided about an account: by the same rules as deciding it anew.

use super::{in_words, may_help};
use crate::error::ServiceError;
use crate::services::accounts::role_of;
use crate::services::accounts::staff::{set_blocked, was_blocked};
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::trail::{Row, TAKES_BACK, WayBack, changed_since, taking_back};
use app::account::api::Role;
use app::admin::host::May;
use app::error::AppError;
use async_trait::async_trait;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// `user.set_role`, back to the role before.
pub struct RoleChange;

/// `user.block`: lets in again.
pub struct Block;

/// `user.unblock`: blocks again, for the reason that there was.
pub struct Unblock;

/// The account that an entry is about, locked.
struct Account {
    id: Uuid,
    role: Role,
    verified: bool,
    blocked: bool,
}

/// Locks the account; then whoever acts must still be logged in, or of two who act against each other both would.
async fn held(connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(Account, Role), ServiceError> {
    let gone = || AppError::invalid("", "This account isn’t there any more");
    let id: Uuid = entry.subject_id.parse().map_err(|_| gone())?;
    let row = sqlx::query!(
        r#"select role, verified_at is not null as "verified!", blocked_at is not null as "blocked!"
           from users where id = $1 for update"#,
        id
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or_else(gone)?;
    let mine = sqlx::query_scalar!(
        "select u.role from sessions s join users u on u.id = s.user_id where s.id = $1",
        actor.session
    )
    .fetch_optional(connection)
    .await?
    .ok_or(AppError::SignIn)?;
    let account = Account { id, role: role_of(&row.role), verified: row.verified, blocked: row.blocked };
    Ok((account, role_of(&mine)))
}

/// As [`held`], for acts that support may do, too: for shoppers.
async fn helped(connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<Account, ServiceError> {
    let (account, mine) = held(connection, actor, entry).await?;
    if may_help(mine, account.role) { Ok(account) } else { Err(AppError::Forbidden.into()) }
}

fn role_in(fields: &Value) -> Option<Role> {
    Role::parse(fields.get("role")?.as_str()?)
}

/// Whether an entry tells that a block began, or ended.
fn tells(entry: &Row, blocked: bool) -> bool {
    let said = |fields: &Value| fields.get("blocked").and_then(Value::as_bool);
    (said(&entry.before), said(&entry.after)) == (Some(!blocked), Some(blocked))
}

#[async_trait]
impl WayBack for RoleChange {
    fn needs(&self) -> May {
        May::Everything
    }

    fn is_dangerous(&self) -> bool {
        true
    }

    fn fits(&self, entry: &Row) -> bool {
        role_in(&entry.before).is_some() && role_in(&entry.after).is_some()
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        let (account, mine) = held(connection, actor, entry).await?;
        if !mine.may(May::Everything) {
            return Err(AppError::Forbidden.into());
        }
        let (Some(then), true) = (role_in(&entry.before), role_in(&entry.after) == Some(account.role)) else {
            return Err(changed_since("role"));
        };
        if !account.verified {
            return Err(AppError::invalid("", "Nobody has shown that its address is theirs").into());
        }
        sqlx::query!("update users set role = $2, updated_at = now() where id = $1", account.id, then.key())
            .execute(&mut *connection)
            .await
            .map_err(in_words)?;
        let reason = taking_back(entry);
        let act = Act::on_user("user.set_role", &entry.subject_id)
            .changing(json!({ "role": account.role.key() }), json!({ "role": then.key() }))
            .because(&reason);
        Ok(audit::write(connection, actor, act).await?)
    }
}

#[async_trait]
impl WayBack for Block {
    fn needs(&self) -> May {
        May::Support
    }

    fn fits(&self, entry: &Row) -> bool {
        tells(entry, true)
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        let account = helped(connection, actor, entry).await?;
        if !account.blocked {
            return Err(AppError::invalid("", "This account isn’t blocked any more").into());
        }
        set_blocked(connection, account.id, None).await?;
        let (before, after) = was_blocked(true, false);
        let reason = taking_back(entry);
        let act = Act::on_user("user.unblock", &entry.subject_id).changing(before, after).because(&reason);
        Ok(audit::write(connection, actor, act).await?)
    }
}

#[async_trait]
impl WayBack for Unblock {
    fn needs(&self) -> May {
        May::Support
    }

    fn is_dangerous(&self) -> bool {
        true
    }

    fn fits(&self, entry: &Row) -> bool {
        tells(entry, false)
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        let account = helped(connection, actor, entry).await?;
        if account.blocked {
            return Err(AppError::invalid("", "This account is blocked already").into());
        }
        let said = sqlx::query!(
            "select w.reason, w.note
             from audit_log l join words_about_people w on w.entry_id = l.id
             where l.subject_kind = 'user' and l.subject_id = $1 and l.act = 'user.block' and l.id < $2
               -- A block that took back an unblocking has the reason of the one before.
               and not starts_with(w.reason, $3)
             order by l.id desc limit 1",
            entry.subject_id,
            entry.id,
            TAKES_BACK
        )
        .fetch_optional(&mut *connection)
        .await?;
        let taken = taking_back(entry);
        let (reason, note) = match said {
            Some(said) if !said.reason.is_empty() => (said.reason, said.note),
            Some(said) => (taken.clone(), said.note),
            None => (taken.clone(), String::new()),
        };
        set_blocked(connection, account.id, Some((&reason, &note))).await.map_err(in_words)?;
        let (before, after) = was_blocked(false, true);
        let why = if reason == taken { taken } else { format!("{taken}. {reason}") };
        let act = Act::on_user("user.block", &entry.subject_id).changing(before, after).because(&why);
        Ok(audit::write_about(connection, actor, account.id, act, &note).await?)
    }
}
