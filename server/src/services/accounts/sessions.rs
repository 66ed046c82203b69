//! Who is logged in, and where. A session is a row of ours, not of a crate's store: it is written in the transaction of
//! the act that makes it, one query reads it with its user, and nothing but that act can make one.

use super::{Caller, new_token, role_of};
use crate::secret::token_hash;
use crate::services::shelf;
use app::account::api::Role;
use sqlx::PgConnection;
use std::net::IpAddr;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// The session of a request, with what every page needs of its user.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: Uuid,
    pub user_id: Uuid,
    pub role: Role,
    pub username: String,
    pub display_name: String,
    /// Whether the cookie outlives the browser.
    pub stay: bool,
    /// The last time that the password was given.
    pub authenticated_at: OffsetDateTime,
}

/// A shopper's, at most; staff have a day, and an hour's pause.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const LONGEST_OF_STAFF: Duration = Duration::from_secs(24 * 60 * 60);

/// The live session that a cookie names. In passing, at most once a minute, it is noted as seen.
///
/// # Errors
/// The database's: then nobody knows whether the visitor is logged in.
pub async fn find(connection: &mut PgConnection, token: &str) -> Result<Option<Session>, sqlx::Error> {
    let Some((session, seen_long_ago)) = read(&mut *connection, token).await? else { return Ok(None) };
    if seen_long_ago {
        // Updates only: a session that was ended meanwhile stays ended.
        let seen = sqlx::query!(
            "with seen as (
                 update sessions set last_seen_at = now()
                 where id = $1 and last_seen_at < now() - interval '1 minute' returning user_id
             )
             update users set last_seen_at = now() from seen where users.id = seen.user_id",
            session.id
        );
        if let Err(error) = seen.execute(connection).await {
            tracing::warn!(%error, "a session could not be noted as seen");
        }
    }
    Ok(Some(session))
}

/// As [`find`], for what a browser asks by itself: nobody has to be sitting before it, so a pause goes on.
///
/// # Errors
/// As `find`.
pub async fn peek(connection: &mut PgConnection, token: &str) -> Result<Option<Session>, sqlx::Error> {
    Ok(read(connection, token).await?.map(|(session, _)| session))
}

/// The session, and whether it was noted as seen more than a minute ago.
async fn read(connection: &mut PgConnection, token: &str) -> Result<Option<(Session, bool)>, sqlx::Error> {
    // Nothing of ours is longer; hashing is for what could be.
    if token.len() != 43 {
        return Ok(None);
    }
    let found = sqlx::query!(
        r#"select s.id, s.user_id, s.stay, s.authenticated_at, u.username, u.display_name, u.role,
                  s.last_seen_at < now() - interval '1 minute' as "seen_long_ago!"
           from sessions s join users u on u.id = s.user_id
           where s.token_hash = $1 and s.expires_at > now()
             and (s.idle_limit is null or s.last_seen_at > now() - s.idle_limit)
             and u.blocked_at is null"#,
        &token_hash(token)
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|found| {
        let session = Session {
            id: found.id,
            user_id: found.user_id,
            role: role_of(&found.role),
            username: found.username,
            display_name: found.display_name,
            stay: found.stay,
            authenticated_at: found.authenticated_at,
        };
        (session, found.seen_long_ago)
    }))
}

/// A new session's cookie.
pub struct Fresh {
    pub token: String,
    /// `None`: as long as the browser is open.
    pub max_age: Option<Duration>,
    /// Of a log-in: what the visitor had as a guest is the account's now.
    pub is_new: bool,
}

/// Opens a session for `user`, in place of the one that the browser has. `None` if the user is blocked or gone.
///
/// # Errors
/// The database's.
pub async fn open(
    connection: &mut PgConnection,
    caller: &Caller,
    user: Uuid,
    stay: bool,
) -> Result<Option<Fresh>, sqlx::Error> {
    if let Some(old) = &caller.session {
        end(connection, old.user_id, old.id).await?;
    }
    let token = new_token();
    let role = sqlx::query_scalar!(
        "insert into sessions (id, token_hash, user_id, user_agent, address, stay, expires_at, idle_limit)
         select $1, $2, u.id, $4, $5::text::inet, $6,
                now() + case when u.role = 'shopper' then make_interval(secs => $7) else make_interval(secs => $8) end,
                case when u.role <> 'shopper' then interval '1 hour' when $6 then null else interval '24 hours' end
         from users u where u.id = $3 and u.blocked_at is null
         returning (select role from users where id = $3)",
        Uuid::now_v7(),
        &token_hash(&token),
        user,
        caller.user_agent,
        caller.client.to_string() as String,
        stay,
        LONGEST.as_secs_f64(),
        LONGEST_OF_STAFF.as_secs_f64()
    )
    .fetch_optional(&mut *connection)
    .await?
    .flatten();
    let Some(role) = role else { return Ok(None) };
    sqlx::query!("update users set last_seen_at = now() where id = $1", user).execute(&mut *connection).await?;
    if let Some(guest) = &caller.guest {
        shelf::merge(connection, user, guest).await?;
    }
    Ok(Some(Fresh { token, max_age: stay.then(|| longest(role_of(&role))), is_new: true }))
}

/// Gives a live session a new cookie, as whenever its owner has shown their password again. `None` if it has been ended
/// meanwhile.
///
/// # Errors
/// The database's.
pub async fn renew(connection: &mut PgConnection, session: &Session) -> Result<Option<Fresh>, sqlx::Error> {
    let token = new_token();
    let renewed = sqlx::query!(
        "update sessions set token_hash = $2, authenticated_at = now(), last_seen_at = now() where id = $1",
        session.id,
        &token_hash(&token)
    )
    .execute(connection)
    .await?;
    let fresh = Fresh { token, max_age: session.stay.then(|| longest(session.role)), is_new: false };
    Ok((renewed.rows_affected() == 1).then_some(fresh))
}

fn longest(role: Role) -> Duration {
    if role == Role::Shopper { LONGEST } else { LONGEST_OF_STAFF }
}

/// Ends one session of `user`'s; says whether there was such a one.
///
/// # Errors
/// The database's.
pub async fn end(connection: &mut PgConnection, user: Uuid, session: Uuid) -> Result<bool, sqlx::Error> {
    let ended =
        sqlx::query!("delete from sessions where id = $1 and user_id = $2", session, user).execute(connection).await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends the sessions of `user` but for `kept`; says how many.
///
/// # Errors
/// The database's.
pub async fn end_all(connection: &mut PgConnection, user: Uuid, kept: Option<Uuid>) -> Result<u64, sqlx::Error> {
    let ended = sqlx::query!("delete from sessions where user_id = $1 and id is distinct from $2", user, kept)
        .execute(connection)
        .await?;
    Ok(ended.rows_affected())
}

/// The client's address as the sessions table gives it back.
pub fn address(text: Option<&str>) -> Option<IpAddr> {
    text?.parse().ok()
}
