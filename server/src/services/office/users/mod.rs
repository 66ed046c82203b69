//! Accounts, as the staff looks after them. Support helps shoppers; whatever is about the staff itself, admins do.

mod change;
mod help;
mod invite;
mod list;
mod read;
mod revert;

pub use revert::{Block, RoleChange, Unblock};

use crate::error::ServiceError;
use crate::services::accounts::{AccountService, Caller, role_of};
use crate::services::office::audit::{self, Act, Actor};
use crate::services::office::proof::Proof;
use crate::services::office::rights;
use app::account::api::Role;
use app::admin::host::{May, Staff};
use app::admin::users::host::{Listing, User, Users, Wanted};
use app::admin::users::query::Query;
use app::cart::api::Done;
use app::domain::Email;
use app::error::AppError;
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};
use std::future::Future;
use std::sync::Arc;
use uuid::Uuid;

/// Accounts as one member of the staff may look after them.
#[derive(Clone)]
pub struct PgUsers {
    pool: PgPool,
    accounts: Arc<AccountService>,
    shop_name: String,
    caller: Caller,
    me: Staff,
}

/// An account under a lock, as an act finds it.
struct Target {
    id: Uuid,
    username: String,
    display_name: String,
    email: String,
    role: Role,
    version: i64,
    verified: bool,
    blocked: bool,
    has_password: bool,
}

/// Said where the constraint `users_last_admin` says no.
const LAST_ADMIN: &str = "This is the last active admin who can log in. Make another one first, who counts once they have \
                          set a password";

impl PgUsers {
    pub fn new(pool: PgPool, accounts: Arc<AccountService>, shop_name: &str, caller: Caller, me: Staff) -> Self {
        Self { pool, accounts, shop_name: shop_name.to_owned(), caller, me }
    }

    async fn whole<T, W>(&self, work: impl FnOnce(Self) -> W) -> Result<T, AppError>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, ServiceError>> + Send + 'static,
    {
        crate::services::office::whole(work(self.clone())).await
    }

    /// The account, locked for the transaction. Whoever acts must still be logged in once it is: two who block each
    /// other wait here, and the second is nobody by then.
    async fn target(&self, connection: &mut PgConnection, user: &str) -> Result<Target, ServiceError> {
        let id: Uuid = user.parse().map_err(|_| ServiceError::NotFound)?;
        let row = sqlx::query!(
            r#"select id, username, display_name, email, role, version, verified_at is not null as "verified!",
                      blocked_at is not null as "blocked!", password_hash is not null as "has_password!"
               from users where id = $1 for update"#,
            id
        )
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(ServiceError::NotFound)?;
        self.still_here(connection).await?;
        Ok(Target {
            id: row.id,
            username: row.username,
            display_name: row.display_name,
            email: row.email,
            role: role_of(&row.role),
            version: row.version,
            verified: row.verified,
            blocked: row.blocked,
            has_password: row.has_password,
        })
    }

    /// The session was read when the request came in; its owner may have been blocked or demoted since.
    async fn still_here(&self, connection: &mut PgConnection) -> Result<(), ServiceError> {
        let session = self.caller.signed_in()?.id;
        let here = sqlx::query_scalar!(r#"select exists (select 1 from sessions where id = $1) as "here!""#, session)
            .fetch_one(connection)
            .await?;
        if here { Ok(()) } else { Err(AppError::SignIn.into()) }
    }

    /// For what goes on long after its request came in, such as a file that is sent in pieces.
    async fn must_still(&self, what: May) -> Result<(), ServiceError> {
        let mut connection = self.pool.acquire().await?;
        rights::must_still(&mut connection, &Actor::of(&self.caller), what).await
    }

    /// As [`target`](Self::target), for acts that support may do, too: for shoppers.
    async fn helped(&self, connection: &mut PgConnection, user: &str) -> Result<Target, ServiceError> {
        self.me.must(May::Support)?;
        let target = self.target(connection, user).await?;
        if may_help(self.me.role, target.role) { Ok(target) } else { Err(AppError::Forbidden.into()) }
    }

    /// For a dangerous act: the password was given lately, or is right.
    async fn prove(&self, password: &str) -> Result<(), ServiceError> {
        Proof::new(&self.accounts, &self.caller, &self.me).of(password).await
    }

    /// For another address, whose mailbox can take the account over. Says whether this is one. Before the transaction:
    /// whoever holds a connection waits for no second one.
    async fn prove_address(&self, user: &str, email: &str, password: &str) -> Result<bool, ServiceError> {
        let id: Uuid = user.parse().map_err(|_| ServiceError::NotFound)?;
        let now = sqlx::query_scalar!("select email from users where id = $1", id)
            .fetch_optional(&self.pool)
            .await?
            .ok_or(ServiceError::NotFound)?;
        // What is no address is refused anyway, and beside its own field.
        if email.trim() == now || Email::parse(email).is_err() {
            return Ok(false);
        }
        let proof = Proof::new(&self.accounts, &self.caller, &self.me);
        if self.is_me(id) {
            proof.anew(password).await?
        } else {
            proof.of(password).await?
        }
        Ok(true)
    }

    fn is_me(&self, user: Uuid) -> bool {
        self.caller.session.as_ref().is_some_and(|session| session.user_id == user)
    }

    /// Whether the act was about the account of whoever did it, whose browser forgets it then.
    fn left(&self, user: Uuid) -> bool {
        let own = self.is_me(user);
        if own {
            self.caller.leave(self.accounts.is_https());
        }
        own
    }

    async fn write(&self, connection: &mut PgConnection, act: Act<'_>) -> Result<(), sqlx::Error> {
        audit::write(connection, &Actor::of(&self.caller), act).await
    }
}

/// Whether somebody may end sessions, start resets, block: support only for shoppers, or whoever has their password
/// would have the staff's.
fn may_help(mine: Role, role: Role) -> bool {
    mine.may(May::Everything) || mine.may(May::Support) && role == Role::Shopper
}

/// A refusal by the database in words, where it has some.
fn in_words(error: sqlx::Error) -> ServiceError {
    let error = ServiceError::from(error);
    match error.constraint() {
        Some("users_last_admin") => AppError::invalid("", LAST_ADMIN).into(),
        _ => error,
    }
}

#[async_trait]
impl Users for PgUsers {
    async fn list(&self, query: &Query) -> Result<Listing, AppError> {
        Ok(self.load_list(query).await?)
    }

    async fn user(&self, user: &str) -> Result<User, AppError> {
        Ok(self.load(user).await?)
    }

    async fn create(
        &self,
        username: String,
        email: String,
        role: String,
        password: String,
    ) -> Result<(Done, String), AppError> {
        self.whole(|this| async move { this.invite(&username, &email, &role, &password).await }).await
    }

    async fn save(
        &self,
        user: String,
        version: String,
        wanted: Wanted,
        password: String,
    ) -> Result<(Done, bool), AppError> {
        self.whole(|this| async move { this.change(&user, &version, &wanted, &password).await }).await
    }

    async fn set_role(
        &self,
        user: String,
        role: String,
        reason: String,
        password: String,
    ) -> Result<(Done, bool), AppError> {
        self.whole(|this| async move { this.change_role(&user, &role, &reason, &password).await }).await
    }

    async fn block(
        &self,
        user: String,
        reason: String,
        note: String,
        password: String,
    ) -> Result<(Done, bool), AppError> {
        self.whole(|this| async move { this.keep_out(&user, &reason, &note, &password).await }).await
    }

    async fn unblock(&self, user: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.let_in(&user).await }).await
    }

    async fn start_reset(&self, user: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.send_reset(&user).await }).await
    }

    async fn end_session(&self, user: String, session: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.log_out(&user, &session).await }).await
    }

    async fn end_sessions(&self, user: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.log_out_everywhere(&user).await }).await
    }

    async fn clear_limits(&self, user: String) -> Result<Done, AppError> {
        self.whole(|this| async move { this.forget_tries(&user).await }).await
    }

    async fn delete(&self, user: String, reason: String, password: String) -> Result<(Done, bool), AppError> {
        self.whole(|this| async move { this.remove(&user, &reason, &password).await }).await
    }
}
