//! Logging in and out.

use super::codes::{Issue, Post, mailbox};
use super::flows::{Kept, Pending, next_path};
use super::people::{self, Person};
use super::throttle::{self, Limit, Subject, WRONG_FOR_ACCOUNT, WRONG_FROM_CLIENT};
use super::{Caller, PgAccounts, sessions};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor};
use app::account::api::Purpose;
use app::domain::{Email, Password, Username};
use app::error::{AppError, FieldError};
use app::form::Next;
use sqlx::PgConnection;
use uuid::Uuid;

const WRONG: &str = "The name or the password isn’t right. Check both, or choose a new password by mail";

impl PgAccounts {
    pub(super) async fn enter(
        &self,
        login: &str,
        password: &str,
        stay: bool,
        next: &str,
    ) -> Result<Next, ServiceError> {
        let login = login.trim();
        let mut fields = Vec::new();
        for (field, value, message) in [
            ("login", login, "Enter your e-mail address or your username"),
            ("password", password, "Enter your password"),
        ] {
            if value.is_empty() {
                fields.push(FieldError { field: field.to_owned(), message: message.to_owned() });
            }
        }
        if !fields.is_empty() {
            return Err(AppError::Invalid { fields }.into());
        }
        // Longer than any address: looked up all the same, as nobody's.
        let login: String = login.chars().take(Email::LONGEST + 1).collect();
        let email_key = Email::parse(&login).ok().map(|email| email.key());
        let username_key = email_key.is_none().then(|| Username::key_of(&login));
        let limits;
        let person = {
            let mut connection = self.service.pool.acquire().await?;
            let person = people::by_key(&mut connection, email_key.as_deref(), username_key.as_deref()).await?;
            // An account counts as one, by whatever name it is tried. A name that is nobody's counts as itself, so that
            // it is answered as somebody's would be.
            limits = self.guess_limits(match &person {
                Some(person) => self.service.account_subject(person.id),
                None => {
                    let typed = email_key.or(username_key).unwrap_or_default();
                    self.service.secret.mac("throttle login", &[typed.as_bytes()])
                }
            });
            self.may_guess(&mut connection, &limits).await?;
            person
        };
        let hash = person.as_ref().and_then(|person| person.password_hash.clone());
        let meant = person.as_ref().map(|person| person.id);
        let typed = Password::typed(password);
        let is_long = typed.as_ref().is_some_and(Password::is_long_enough_for_staff);
        let verdict = self.service.hasher.verify(typed.clone(), hash).await?;
        let Some(person) = person.filter(|_| verdict.right) else {
            let mut transaction = self.service.pool.begin().await?;
            throttle::count(&mut transaction, &limits).await?;
            self.write_refused(&mut transaction, meant, "wrong password").await?;
            transaction.commit().await?;
            tracing::info!(client = %self.caller.client, "a log-in failed");
            return Err(AppError::invalid("password", WRONG).into());
        };
        let rehashed = match typed {
            Some(typed) if verdict.outdated => Some(self.service.hasher.hash(typed).await?),
            _ => None,
        };
        let mut transaction = self.service.pool.begin().await?;
        // Guesses in parallel: the right one counts only if it comes before the limit.
        self.may_guess(&mut transaction, &limits).await?;
        if person.blocked {
            self.write_refused(&mut transaction, meant, "blocked").await?;
            transaction.commit().await?;
            tracing::info!(user = %person.id, "a blocked user was refused");
            return Err(blocked(&person.blocked_note).into());
        }
        if !person.verified {
            return self.ask_for_code(transaction, person, stay, next).await;
        }
        if person.staff && !is_long {
            self.write_refused(&mut transaction, meant, "password too short for the staff").await?;
            return self.ask_for_longer(transaction, person).await;
        }
        if let Some(hash) = rehashed {
            sqlx::query!(
                "update users set password_hash = $2 where id = $1 and password_hash = $3",
                person.id,
                hash,
                person.password_hash
            )
            .execute(&mut *transaction)
            .await?;
        }
        let Some(fresh) = sessions::open(&mut transaction, &self.caller, person.id, stay).await? else {
            return Err(blocked("").into());
        };
        write_on_own(&mut transaction, &self.caller, "session.log_in", person.id).await?;
        transaction.commit().await?;
        self.caller.enter(&fresh, self.service.https);
        tracing::info!(user = %person.id, client = %self.caller.client, "logged in");
        Ok(Next::to(next_path(next, "/account")))
    }

    /// The password was right, but the address has not been shown to be theirs.
    async fn ask_for_code(
        &self,
        mut transaction: sqlx::PgTransaction<'_>,
        person: Person,
        stay: bool,
        next: &str,
    ) -> Result<Next, ServiceError> {
        let service = &self.service;
        let Ok(email) = Email::parse(&person.email) else { return Err(ServiceError::NotFound) };
        let email_key = email.key();
        let flow = self.caller.flow_hash(service.https);
        let kept = Kept {
            purpose: Purpose::SignUp,
            user: Some(person.id),
            email: person.email.clone(),
            email_key: email_key.clone(),
            pending: Pending {
                // What was shown here is what the code makes good, whoever signs up with this address meanwhile.
                username: Some(person.username),
                password_hash: person.password_hash,
                address: Some(person.email.clone()),
                stay,
                ..Pending::default()
            },
            next_path: next_path(next, "/account"),
        };
        service.keep_flow(&mut transaction, &flow, &kept).await?;
        let post = Post::Code { user: person.id, to: mailbox(&person.email) };
        let issue = Issue { purpose: Purpose::SignUp, flow, email_key: &email_key, post };
        service.send_code(&mut transaction, &self.caller, issue).await?;
        transaction.commit().await?;
        tracing::info!(user = %person.id, "an unverified user was asked for a code");
        Ok(Next::saying("/verify", "Before you can log in, enter the code from our mail"))
    }

    /// Somebody became a member of the staff with a password that was set under the shoppers' rule. How long it is only
    /// shows when it is given, so it is now that it counts no longer; who gave it is let on to set another, by the way
    /// that whoever has forgotten theirs goes.
    async fn ask_for_longer(
        &self,
        mut transaction: sqlx::PgTransaction<'_>,
        person: Person,
    ) -> Result<Next, ServiceError> {
        let user = person.id;
        let Ok(email) = Email::parse(&person.email) else { return Err(ServiceError::NotFound) };
        self.ask_for_reset(&mut transaction, &email, Some(person)).await?;
        transaction.commit().await?;
        tracing::info!(%user, "a member of the staff was asked for a longer password");
        let words = format!(
            "You work here now, and that takes a password of at least {} characters. Enter the code from our mail, and \
             choose one",
            Password::SHORTEST_OF_STAFF
        );
        Ok(Next::saying("/reset-password", words))
    }

    pub(super) async fn leave(&self) -> Result<Next, ServiceError> {
        if let Some(session) = &self.caller.session {
            let mut transaction = self.service.pool.begin().await?;
            if sessions::end(&mut transaction, session.user_id, session.id).await? {
                write_on_own(&mut transaction, &self.caller, "session.log_out", session.user_id).await?;
            }
            transaction.commit().await?;
            tracing::info!(user = %session.user_id, "logged out");
        }
        self.caller.leave(self.service.https);
        Ok(Next::saying("/", "You’re logged out"))
    }

    /// The account of the session, once its password has been given again. Wrong ones count as failed log-ins do.
    pub(super) async fn with_password(&self, field: &str, password: &str) -> Result<Person, ServiceError> {
        let session = self.caller.signed_in()?;
        if password.is_empty() {
            return Err(AppError::invalid(field, "Enter your current password").into());
        }
        let limits = self.guess_limits(self.service.account_subject(session.user_id));
        let person = {
            let mut connection = self.service.pool.acquire().await?;
            self.may_guess(&mut connection, &limits).await?;
            people::by_id(&mut connection, session.user_id).await?.ok_or(AppError::SignIn)?
        };
        let verdict = self.service.hasher.verify(Password::typed(password), person.password_hash.clone()).await?;
        if !verdict.right {
            let mut transaction = self.service.pool.begin().await?;
            throttle::count(&mut transaction, &limits).await?;
            self.write_refused(&mut transaction, Some(person.id), "wrong password, asked for again").await?;
            transaction.commit().await?;
            tracing::info!(user = %session.user_id, "a wrong current password was given");
            return Err(AppError::invalid(field, "This isn’t your current password").into());
        }
        let mut connection = self.service.pool.acquire().await?;
        self.may_guess(&mut connection, &limits).await?;
        Ok(person)
    }

    /// For an act that asks for the password again: from here on it counts as given lately, whatever becomes of the act.
    ///
    /// # Errors
    /// As [`with_password`](Self::with_password), for the field `password`; `SignIn` if the session has ended meanwhile.
    pub(crate) async fn prove(&self, password: &str) -> Result<(), ServiceError> {
        self.with_password("password", password).await?;
        let session = self.caller.signed_in()?;
        let mut connection = self.service.pool.acquire().await?;
        let fresh = sessions::renew(&mut connection, session).await?.ok_or(AppError::SignIn)?;
        self.caller.enter(&fresh, self.service.https);
        Ok(())
    }

    /// An entry for whoever was meant. For a name that is nobody's there is one as well, which costs the same; what was
    /// typed is in neither, since people type passwords there too.
    async fn write_refused(
        &self,
        connection: &mut PgConnection,
        meant: Option<Uuid>,
        reason: &str,
    ) -> Result<(), sqlx::Error> {
        let id = meant.map(|id| id.to_string()).unwrap_or_default();
        let act = Act::on_user("session.refused", &id).because(reason);
        audit::write(connection, &Actor::of(&self.caller), act).await
    }

    fn guess_limits(&self, account: Subject) -> [(Limit, Subject); 2] {
        [(WRONG_FOR_ACCOUNT, account), self.caller.counted(&self.service.secret, WRONG_FROM_CLIENT)]
    }

    async fn may_guess(&self, connection: &mut PgConnection, limits: &[(Limit, Subject)]) -> Result<(), ServiceError> {
        match throttle::wait(connection, limits).await? {
            None => Ok(()),
            Some(retry_after) => {
                tracing::warn!(client = %self.caller.client, "too many wrong passwords");
                Err(AppError::TooMany { retry_after }.into())
            }
        }
    }
}

/// An entry about what people do with their own account.
///
/// # Errors
/// The database's.
pub async fn write_on_own(
    connection: &mut PgConnection,
    caller: &Caller,
    act: &'static str,
    user: Uuid,
) -> Result<(), sqlx::Error> {
    let id = user.to_string();
    audit::write(connection, &Actor::person(caller, user), Act::on_user(act, &id)).await
}

/// Said only to who gave the right password.
fn blocked(note: &str) -> AppError {
    let end = if note.is_empty() { "Write to us if you think that’s a mistake" } else { note };
    AppError::invalid("", format!("This account is blocked. {end}"))
}
