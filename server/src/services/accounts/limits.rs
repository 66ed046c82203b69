//! What is counted against an account, and what of it holds right now.

use super::AccountService;
use super::throttle::{self, Limit, MAIL_IN_A_DAY, MAIL_IN_AN_HOUR, Subject, WRONG_FOR_ACCOUNT};
use crate::error::ServiceError;
use app::error::AppError;
use sqlx::PgConnection;
use uuid::Uuid;

impl AccountService {
    pub(super) fn account_subject(&self, user: Uuid) -> Subject {
        self.secret.mac("throttle account", &[user.as_bytes()])
    }

    fn mail_limits(&self, email_key: &str) -> [(Limit, Subject); 2] {
        let subject = self.secret.mac("throttle address", &[email_key.as_bytes()]);
        [(MAIL_IN_AN_HOUR, subject), (MAIL_IN_A_DAY, subject)]
    }

    /// Counts a mail with a code or a link to an address.
    ///
    /// # Errors
    /// `TooMany` when the address has had its mails for the hour or the day; the database's.
    pub(crate) async fn count_mail(&self, connection: &mut PgConnection, email_key: &str) -> Result<(), ServiceError> {
        let limits = self.mail_limits(email_key);
        if let Some(retry_after) = throttle::wait(connection, &limits).await? {
            return Err(AppError::TooMany { retry_after }.into());
        }
        throttle::count(connection, &limits).await?;
        Ok(())
    }

    /// Seconds until the account may try a password again, and until its address gets mail again.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn waits(
        &self,
        connection: &mut PgConnection,
        user: Uuid,
        email_key: &str,
    ) -> Result<(Option<u32>, Option<u32>), sqlx::Error> {
        let password = throttle::wait(connection, &[(WRONG_FOR_ACCOUNT, self.account_subject(user))]).await?;
        let mail = throttle::wait(connection, &self.mail_limits(email_key)).await?;
        Ok((password, mail))
    }

    /// Lets the account try again at once, and its address be mailed. Codes that were stopped stay so: only their owner
    /// lets them work again.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn clear_waits(
        &self,
        connection: &mut PgConnection,
        user: Uuid,
        email_key: &str,
    ) -> Result<(), sqlx::Error> {
        let mut subjects = vec![self.account_subject(user).to_vec()];
        subjects.extend(self.mail_limits(email_key).map(|(_, subject)| subject.to_vec()));
        let kinds = [WRONG_FOR_ACCOUNT, MAIL_IN_AN_HOUR, MAIL_IN_A_DAY].map(|limit| limit.kind.to_owned());
        sqlx::query!(
            "delete from throttles where kind = any($1::text[]) and subject = any($2::bytea[])",
            &kinds[..],
            &subjects
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}
