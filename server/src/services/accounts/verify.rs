//! Taking codes, and sending them again.

use super::codes::{Issue, Issued, PAUSE, Post, mailbox};
use super::flows::Kept;
use super::log_in::write_on_own;
use super::{PgAccounts, names, people, sessions};
use crate::error::ServiceError;
use crate::mail::Letter;
use crate::secret::token_hash;
use app::account::api::Purpose;
use app::domain::OneTimeCode;
use app::error::AppError;
use app::form::Next;
use sqlx::PgConnection;
use uuid::Uuid;

/// The same for a code that is wrong, expired, burnt, used or another's, and for an address without an account.
pub const WRONG_CODE: &str = "This code isn’t right, or it is too old. Check the newest mail, or ask for a new code";
const LINK_IS_OVER: &str = "This link has been used, or is too old. Ask for your address to be changed again";
/// Characters of a token in a link.
pub const TOKEN_LENGTH: usize = 43;
const NOTHING_UNDER_WAY: &str = "This browser hasn’t asked for a code, or long ago. Please start again";

impl PgAccounts {
    pub(super) async fn enter_code(&self, code: &str) -> Result<Next, ServiceError> {
        if code.trim().len() == TOKEN_LENGTH {
            return self.confirm_by_link(code.trim()).await;
        }
        let code = OneTimeCode::parse(code).map_err(|error| AppError::invalid("code", error))?;
        let wrong = || AppError::invalid("code", WRONG_CODE).into();
        let Some(token) = &self.caller.flow else { return Err(wrong()) };
        let flow = token_hash(token);
        let mut transaction = self.service.pool.begin().await?;
        let Some(kept) = self.service.kept_flow(&mut transaction, &flow).await? else { return Err(wrong()) };
        match kept.purpose {
            Purpose::Reset => return Err(wrong()),
            Purpose::ChangeEmail if kept.user != self.caller.session.as_ref().map(|session| session.user_id) => {
                return Err(AppError::SignIn.into());
            }
            Purpose::SignUp | Purpose::ChangeEmail => {}
        }
        let of = (kept.purpose, kept.email_key.as_str(), &flow);
        let user = self.service.redeem(&mut transaction, &self.caller, of, &code).await?;
        let Some(user) = user else {
            // The guess counts.
            transaction.commit().await?;
            tracing::info!(client = %self.caller.client, "a wrong code was entered");
            return Err(wrong());
        };
        let mut notice = match kept.purpose {
            Purpose::ChangeEmail => {
                self.finish_email_change(&mut transaction, user, &kept).await?;
                "Your e-mail address is changed".to_owned()
            }
            Purpose::SignUp | Purpose::Reset => String::new(),
        };
        let fresh = if kept.purpose == Purpose::SignUp {
            notice = finish_sign_up(&mut transaction, user, &kept).await?;
            write_on_own(&mut transaction, &self.caller, "user.verified", user).await?;
            let fresh = sessions::open(&mut transaction, &self.caller, user, kept.pending.stay).await?;
            if fresh.is_some() {
                write_on_own(&mut transaction, &self.caller, "session.log_in", user).await?;
            }
            fresh
        } else {
            None
        };
        self.service.drop_flow(&mut transaction, &flow).await?;
        transaction.commit().await?;
        if let Some(fresh) = &fresh {
            self.caller.enter(fresh, self.service.https);
        }
        self.caller.end_flow(self.service.https);
        tracing::info!(%user, "an address was verified");
        Ok(Next::saying(kept.next_path, notice))
    }

    /// A new address that the staff has entered: the token in its mail shows whose it is, in whichever browser.
    async fn confirm_by_link(&self, token: &str) -> Result<Next, ServiceError> {
        let wrong = || AppError::invalid("", LINK_IS_OVER).into();
        let flow = token_hash(token);
        let mut transaction = self.service.pool.begin().await?;
        let Some(kept) = self.service.kept_flow(&mut transaction, &flow).await? else { return Err(wrong()) };
        let (Purpose::ChangeEmail, true, Some(user)) = (kept.purpose, kept.pending.link, kept.user) else {
            return Err(wrong());
        };
        // Once, also when it is used twice at the same time.
        if !self.service.drop_flow(&mut transaction, &flow).await? {
            return Err(wrong());
        }
        self.finish_email_change(&mut transaction, user, &kept).await?;
        transaction.commit().await?;
        tracing::info!(%user, "an address was verified by link");
        let page = if self.caller.session.is_some() { "/account" } else { "/login" };
        Ok(Next::saying(page, "Your e-mail address is changed"))
    }

    pub(super) async fn send_again(&self) -> Result<Next, ServiceError> {
        let nothing = || AppError::invalid("", NOTHING_UNDER_WAY).into();
        let Some(token) = &self.caller.flow else { return Err(nothing()) };
        let flow = token_hash(token);
        let mut transaction = self.service.pool.begin().await?;
        let Some(kept) = self.service.kept_flow(&mut transaction, &flow).await? else { return Err(nothing()) };
        let known = people::by_key(&mut transaction, Some(&kept.email_key), None).await?;
        let post = match (kept.purpose, known) {
            (Purpose::ChangeEmail, known) => {
                let session = self.caller.signed_in()?;
                if kept.user != Some(session.user_id) {
                    return Err(nothing());
                }
                self.new_address_post(session.user_id, &kept.email, known)
            }
            (_, None) => Post::Nothing,
            (Purpose::SignUp, Some(known)) if known.verified || known.blocked => {
                Post::Instead { to: mailbox(&known.email), letter: Letter::AlreadySignedUp }
            }
            (Purpose::SignUp, Some(known)) => Post::Code { user: known.id, to: mailbox(&kept.email) },
            (Purpose::Reset, Some(known)) => Post::Code { user: known.id, to: mailbox(&known.email) },
        };
        let issue = Issue { purpose: kept.purpose, flow, email_key: &kept.email_key, post };
        match self.service.send_code(&mut transaction, &self.caller, issue).await? {
            Issued::Sent => {}
            Issued::TooSoon => {
                drop(transaction);
                let left = self.current_flow().await?.map_or(0, |flow| flow.resend_in);
                return Err(AppError::TooMany { retry_after: left.clamp(1, PAUSE.unsigned_abs()) }.into());
            }
        }
        transaction.commit().await?;
        let page = if kept.purpose == Purpose::Reset { "/reset-password" } else { "/verify" };
        Ok(Next::saying(page, "We’ve sent a new code. Older ones don’t work any more"))
    }
}

/// Makes the account what its own sign-up said. Says what its owner is told.
async fn finish_sign_up(connection: &mut PgConnection, user: Uuid, kept: &Kept) -> Result<String, ServiceError> {
    let varied = verified(connection, user, kept).await?;
    let name = name_of(connection, user).await?;
    Ok(match varied {
        false => format!("Welcome, {name}"),
        true => {
            format!("Welcome. Somebody took your username in the meantime, so yours is {name}: change it here at will")
        }
    })
}

async fn name_of(connection: &mut PgConnection, user: Uuid) -> Result<String, sqlx::Error> {
    sqlx::query_scalar!("select username from users where id = $1", user).fetch_one(connection).await
}

/// Marks the account's address as its owner's, and gives it the name that it was asked for. Says whether that name had
/// to be varied.
pub async fn verified(connection: &mut PgConnection, user: Uuid, kept: &Kept) -> Result<bool, ServiceError> {
    let wanted = match &kept.pending.username {
        Some(wanted) => wanted.clone(),
        None => {
            sqlx::query_scalar!("select username from users where id = $1", user).fetch_one(&mut *connection).await?
        }
    };
    let varied = names::claim_or_vary(connection, user, &wanted).await?;
    sqlx::query!(
        "update users
         set verified_at = now(), password_hash = coalesce($2, password_hash), email = coalesce($3, email),
             version = version + 1, updated_at = now()
         where id = $1 and verified_at is null",
        user,
        kept.pending.password_hash,
        kept.pending.address
    )
    .execute(connection)
    .await?;
    Ok(varied)
}
