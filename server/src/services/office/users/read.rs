//! One account, with all that is its own.

use super::list::status_of;
use super::{PgUsers, may_help};
use crate::error::ServiceError;
use crate::http::client::partly_hidden;
use crate::services::accounts::{STOP_AFTER, devices, role_of, sessions};
use crate::services::words::{ago, day, moment};
use app::admin::host::May;
use app::admin::trail::host::Change;
use app::admin::users::host::{Blocked, Entry, List, Piece, Row, Session, User};
use app::domain::Email;
use app::error::in_words;
use serde_json::Value;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use time::OffsetDateTime;
use uuid::Uuid;

impl PgUsers {
    pub(super) async fn load(&self, user: &str) -> Result<User, ServiceError> {
        self.me.must(May::Support)?;
        let id: Uuid = user.parse().map_err(|_| ServiceError::NotFound)?;
        let mut connection = self.pool.acquire().await?;
        let row = sqlx::query!(
            r#"select username, display_name, email, role, version, blocked_at, blocked_reason, blocked_note,
                      wrong_codes, created_at, last_seen_at, password_hash is not null as "has_password!",
                      case when password_hash is not null then verified_at end as verified_at,
                      (select f.email from flows f
                       where f.user_id = u.id and f.purpose = 'change_email' and f.expires_at > now()
                       order by f.created_at desc limit 1) as pending_email
               from users u where id = $1"#,
            id
        )
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
        let now = OffsetDateTime::now_utc();
        let role = role_of(&row.role);
        let blocked = row.blocked_at.map(|since| Blocked {
            since: moment(since),
            reason: row.blocked_reason,
            note: row.blocked_note,
        });
        Ok(User {
            version: row.version,
            verified: row.verified_at.map(day),
            pending_email: row.pending_email,
            has_password: row.has_password,
            is_me: self.is_me(id),
            may_help: may_help(self.me.role, role),
            sessions: sessions_of(&mut connection, id, now).await?,
            cart: cart_of(&mut connection, id).await?,
            wishlists: wishlists_of(&mut connection, id).await?,
            limits: self.limits_of(&mut connection, id, &row.email).await?,
            codes_stopped: row.wrong_codes >= STOP_AFTER,
            trail: trail_of(&mut connection, id).await?,
            row: Row {
                id: id.to_string(),
                role,
                status: status_of(row.verified_at.is_some(), blocked.is_some()),
                verified: row.verified_at.map(day).unwrap_or_default(),
                created: day(row.created_at),
                last_seen: row.last_seen_at.map(|seen| ago(now, seen)).unwrap_or_default(),
                username: row.username,
                display_name: row.display_name,
                email: row.email,
            },
            blocked,
        })
    }

    async fn limits_of(
        &self,
        connection: &mut PgConnection,
        user: Uuid,
        email: &str,
    ) -> Result<Vec<String>, ServiceError> {
        let email_key = Email::parse(email).map(|email| email.key()).unwrap_or_default();
        let (password, mail) = self.accounts.waits(connection, user, &email_key).await?;
        let password =
            password.map(|wait| format!("Too many wrong passwords: the next try is possible in {}.", in_words(wait)));
        let mail =
            mail.map(|wait| format!("Too many codes were asked for: the next mail can go in {}.", in_words(wait)));
        Ok(password.into_iter().chain(mail).collect())
    }
}

async fn sessions_of(
    connection: &mut PgConnection,
    user: Uuid,
    now: OffsetDateTime,
) -> Result<Vec<Session>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, user_agent, host(address) as address, last_seen_at
         from sessions
         where user_id = $1 and expires_at > now() and (idle_limit is null or last_seen_at > now() - idle_limit)
         order by last_seen_at desc
         limit 100",
        user
    )
    .fetch_all(connection)
    .await?;
    let session = |id: Uuid, agent: &str, address: Option<&str>, seen| Session {
        id: id.to_string(),
        device: devices::name(agent),
        address: sessions::address(address).map(partly_hidden).unwrap_or_default(),
        last_seen: ago(now, seen),
    };
    Ok(rows.iter().map(|row| session(row.id, &row.user_agent, row.address.as_deref(), row.last_seen_at)).collect())
}

async fn cart_of(connection: &mut PgConnection, user: Uuid) -> Result<Vec<Piece>, sqlx::Error> {
    sqlx::query_as!(
        Piece,
        "select l.name, l.quantity, l.saved
         from carts c join cart_lines l on l.cart_id = c.id
         where c.user_id = $1
         order by l.saved, l.created_at, l.id
         limit 300",
        user
    )
    .fetch_all(connection)
    .await
}

async fn wishlists_of(connection: &mut PgConnection, user: Uuid) -> Result<Vec<List>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select w.id, w.name as list, i.name as "item?"
           from wishlists w left join wishlist_items i on i.wishlist_id = w.id
           where w.user_id = $1
           order by w.created_at, w.id, i.created_at, i.id
           limit 1000"#,
        user
    )
    .fetch_all(connection)
    .await?;
    let mut lists: Vec<(Uuid, List)> = Vec::new();
    for row in rows {
        if lists.last().is_none_or(|(id, _)| *id != row.id) {
            lists.push((row.id, List { name: row.list, items: Vec::new() }));
        }
        if let Some((_, list)) = lists.last_mut() {
            list.items.extend(row.item);
        }
    }
    Ok(lists.into_iter().map(|(_, list)| list).collect())
}

/// The last twenty entries about the account.
async fn trail_of(connection: &mut PgConnection, user: Uuid) -> Result<Vec<Entry>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select at as "at!", actor as "actor!", act as "act!", before as "before!", after as "after!",
                  reason as "reason!"
           from trail
           where subject_kind = 'user' and subject_id = $1
           order by id desc
           limit 20"#,
        user.to_string()
    )
    .fetch_all(connection)
    .await?;
    let entry = |at, actor, act, before: &Value, after: &Value, reason| Entry {
        at: moment(at),
        actor,
        act,
        changes: changes(before, after),
        reason,
    };
    Ok(rows.into_iter().map(|row| entry(row.at, row.actor, row.act, &row.before, &row.after, row.reason)).collect())
}

fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let fields: BTreeSet<&String> =
        [before, after].into_iter().filter_map(Value::as_object).flat_map(|fields| fields.keys()).collect();
    let text = |value: Option<&Value>| match value? {
        Value::Null => None,
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        other => Some(other.to_string()),
    };
    let change = |field: &String| Change {
        field: field.clone(),
        before: text(before.get(field)),
        after: text(after.get(field)),
    };
    fields.into_iter().map(change).filter(|change| change.before.is_some() || change.after.is_some()).collect()
}
