//! Who did what: written with the act, never changed.

use crate::services::accounts::Caller;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// Who does something.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: Option<Uuid>,
    pub name: String,
    /// Of the request; empty outside of one.
    pub request: String,
}

impl Actor {
    /// Whoever makes the request; a stranger is nobody.
    pub fn of(caller: &Caller) -> Self {
        match &caller.session {
            Some(session) => Self::person(caller, session.user_id, &session.username),
            None => Self::nobody(&caller.request),
        }
    }

    /// Nobody who is logged in, such as who asks for a code.
    pub fn nobody(request: &str) -> Self {
        Self { id: None, name: "nobody".to_owned(), request: request.to_owned() }
    }

    /// Somebody who has just shown who they are, and whose session doesn't say so yet.
    pub fn person(caller: &Caller, id: Uuid, name: &str) -> Self {
        Self { id: Some(id), name: name.to_owned(), request: caller.request.clone() }
    }

    /// The operator, before a terminal.
    pub fn command_line() -> Self {
        Self { id: None, name: "command line".to_owned(), request: String::new() }
    }
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// `kind.verb`, such as `user.block`.
    pub act: &'static str,
    pub kind: &'static str,
    pub id: &'a str,
    /// As it was called then.
    pub name: &'a str,
    /// What changed, by field: `{}` where that says nothing.
    pub before: Value,
    pub after: Value,
    pub reason: &'a str,
}

impl<'a> Act<'a> {
    /// About an account.
    pub fn on_user(act: &'static str, id: &'a str, name: &'a str) -> Self {
        let nothing = || Value::Object(serde_json::Map::new());
        Self { act, kind: "user", id, name, before: nothing(), after: nothing(), reason: "" }
    }

    pub fn changing(self, before: Value, after: Value) -> Self {
        Self { before, after, ..self }
    }

    pub fn because<'b>(self, reason: &'b str) -> Act<'b>
    where
        'a: 'b,
    {
        Act { reason, ..self }
    }
}

/// An address or a person's own name as an entry keeps it: what is written there is never taken away, so it holds no
/// more of a person than tells one change from another.
pub fn partly(text: &str) -> String {
    let mut start: String = text.chars().take(1).collect();
    if !start.is_empty() {
        start.push('…');
    }
    match text.rsplit_once('@') {
        Some((_, domain)) => [&start, "@", domain].concat(),
        None => start,
    }
}

/// Writes an entry within the caller's transaction.
///
/// # Errors
/// The database's.
pub async fn write(connection: &mut PgConnection, actor: &Actor, act: Act<'_>) -> Result<(), sqlx::Error> {
    numbered(connection, actor, act).await?;
    Ok(())
}

/// What the log itself says where there are words about a person.
const WITH_THE_ACCOUNT: &str = "Kept with the account";

/// Writes an entry about an account, and beside the log what was written about its owner: the log keeps what it has
/// for good, and words about a person go with their account. `note`: what they were told.
///
/// # Errors
/// The database's.
pub async fn write_about(
    connection: &mut PgConnection,
    actor: &Actor,
    user: Uuid,
    act: Act<'_>,
    note: &str,
) -> Result<(), sqlx::Error> {
    let reason = act.reason;
    let said = if reason.is_empty() && note.is_empty() { "" } else { WITH_THE_ACCOUNT };
    let entry = numbered(connection, actor, act.because(said)).await?;
    if !said.is_empty() {
        sqlx::query!(
            "insert into words_about_people (entry_id, user_id, reason, note) values ($1, $2, $3, $4)",
            entry,
            user,
            reason,
            note
        )
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Writes an entry; says its number.
async fn numbered(connection: &mut PgConnection, actor: &Actor, act: Act<'_>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into audit_log (actor_id, actor, act, subject_kind, subject_id, subject, before, after, reason, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         returning id",
        actor.id,
        actor.name,
        act.act,
        act.kind,
        act.id,
        act.name,
        act.before,
        act.after,
        act.reason,
        actor.request
    )
    .fetch_one(connection)
    .await
}

/// The fields of two objects that differ: what an entry keeps of a row before and after.
pub fn difference(before: &Value, after: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else { return (before.clone(), after.clone()) };
    let pick = |from: &serde_json::Map<String, Value>, other: &serde_json::Map<String, Value>| {
        Value::Object(
            from.iter()
                .filter(|(name, value)| other.get(*name) != Some(value))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    };
    (pick(old, new), pick(new, old))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn people_are_kept_in_part() {
        for (text, kept) in [("ann@example.com", "a…@example.com"), ("Ann Lee", "A…"), ("", "")] {
            assert_eq!(partly(text), kept);
        }
    }

    #[test]
    fn only_what_changed_is_kept() {
        let before = json!({"title": "Mug", "price": 2400, "gone": 1});
        let after = json!({"title": "Mug", "price": 2600, "new": 2});
        assert_eq!(difference(&before, &after), (json!({"price": 2400, "gone": 1}), json!({"price": 2600, "new": 2})));
    }
}
