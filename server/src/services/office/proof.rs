use crate::error::ServiceError;
use crate::services::accounts::{AccountService, Caller, PgAccounts};
use app::admin::host::Staff;
use std::sync::Arc;

/// Asks whoever acts for their password before a dangerous act, unless they gave it lately.
#[derive(Clone)]
pub struct Proof {
    accounts: Arc<AccountService>,
    caller: Caller,
    fresh: bool,
}

impl Proof {
    pub fn new(accounts: &Arc<AccountService>, caller: &Caller, me: &Staff) -> Self {
        Self { accounts: Arc::clone(accounts), caller: caller.clone(), fresh: me.fresh }
    }

    /// # Errors
    /// Beside `password`, when it is wrong; `TooMany` after too many wrong ones.
    pub async fn of(&self, password: &str) -> Result<(), ServiceError> {
        if self.fresh {
            return Ok(());
        }
        self.anew(password).await
    }

    /// As [`of`](Self::of), also of who gave it lately: for what is about their own way in.
    ///
    /// # Errors
    /// As of [`of`](Self::of).
    pub async fn anew(&self, password: &str) -> Result<(), ServiceError> {
        PgAccounts::new(Arc::clone(&self.accounts), self.caller.clone()).prove(password).await
    }
}
