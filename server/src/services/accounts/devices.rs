//! Where somebody is logged in, in words.

use super::PgAccounts;
use super::sessions::{self, Session};
use crate::error::ServiceError;
use crate::http::client::partly_hidden;
use crate::services::office::audit::{self, Act, Actor};
use crate::services::words::{ago, day};
use app::account::api::Device;
use app::form::Next;
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

impl PgAccounts {
    pub(super) async fn load_devices(&self) -> Result<Vec<Device>, ServiceError> {
        let session = self.caller.signed_in()?;
        let now = OffsetDateTime::now_utc();
        let rows = sqlx::query!(
            "select id, user_agent, host(address) as address, created_at, last_seen_at
             from sessions
             where user_id = $1 and expires_at > now() and (idle_limit is null or last_seen_at > now() - idle_limit)
             order by id = $2 desc, last_seen_at desc
             limit 100",
            session.user_id,
            session.id
        )
        .fetch_all(&self.service.pool)
        .await?;
        let device = |id: Uuid, agent: &str, address: Option<&str>, created_at, last_seen_at| {
            let this_one = id == session.id;
            Device {
                id: id.to_string(),
                name: name(agent),
                this_one,
                last_seen: if this_one { "now".to_owned() } else { ago(now, last_seen_at) },
                signed_in: day(created_at),
                address: sessions::address(address).map(partly_hidden).unwrap_or_default(),
            }
        };
        Ok(rows
            .iter()
            .map(|row| device(row.id, &row.user_agent, row.address.as_deref(), row.created_at, row.last_seen_at))
            .collect())
    }

    /// Another's session is as unknown here as one that never was.
    pub(super) async fn sign_device_out(&self, session: &str) -> Result<Next, ServiceError> {
        let own = self.caller.signed_in()?;
        let id: Uuid = session.parse().map_err(|_| ServiceError::NotFound)?;
        let mut transaction = self.service.pool.begin().await?;
        if !sessions::end(&mut transaction, own.user_id, id).await? {
            return Err(ServiceError::NotFound);
        }
        self.write_ended(&mut transaction, own, 1).await?;
        transaction.commit().await?;
        tracing::info!(user = %own.user_id, "a device was logged out");
        if id == own.id {
            self.caller.leave(self.service.https);
            return Ok(Next::saying("/", "You’re logged out"));
        }
        Ok(Next::saying("/account/security", "The device is logged out"))
    }

    pub(super) async fn sign_others_out(&self) -> Result<Next, ServiceError> {
        let own = self.caller.signed_in()?;
        let mut transaction = self.service.pool.begin().await?;
        let ended = sessions::end_all(&mut transaction, own.user_id, Some(own.id)).await?;
        self.write_ended(&mut transaction, own, ended).await?;
        transaction.commit().await?;
        tracing::info!(user = %own.user_id, ended, "other devices were logged out");
        Ok(Next::saying("/account/security", "All other devices are logged out"))
    }

    async fn write_ended(&self, connection: &mut PgConnection, own: &Session, ended: u64) -> Result<(), sqlx::Error> {
        let id = own.user_id.to_string();
        let act = Act::on_user("session.end", &id).changing(json!({}), json!({ "ended": ended }));
        audit::write(connection, &Actor::of(&self.caller), act).await
    }
}

/// `Firefox on Windows`, as far as a browser says. The order matters: most call themselves by others' names too.
pub fn name(agent: &str) -> String {
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|known| known.1);
    let browser = find(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Vivaldi/", "Vivaldi"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Macintosh", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(known), None) | (None, Some(known)) => known.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_as_people_know_them() {
        for (agent, expected) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Windows"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.5.0", "curl"),
            ("", "Unknown device"),
        ] {
            assert_eq!(name(agent), expected);
        }
    }
}
