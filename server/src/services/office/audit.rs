//! Who did what: written with the act, never changed.

use crate::services::accounts::Caller;
use crate::services::words::misleads;
use serde_json::{Map, Value};
use sqlx::PgConnection;
use std::borrow::Cow;
use uuid::Uuid;

/// Who does something.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: Option<Uuid>,
    /// What they are logged in by; nobody's outside of a request.
    pub session: Option<Uuid>,
    /// What acts where that is nobody; empty for people, whose names go with their accounts.
    pub name: Cow<'static, str>,
    /// Of the request; empty outside of one.
    pub request: String,
}

impl Actor {
    /// Whoever makes the request; a stranger is nobody.
    pub fn of(caller: &Caller) -> Self {
        match &caller.session {
            Some(session) => Self::person(caller, session.user_id),
            None => Self::nobody(&caller.request),
        }
    }

    /// Nobody who is logged in, such as who asks for a code.
    pub fn nobody(request: &str) -> Self {
        Self { id: None, session: None, name: "nobody".into(), request: request.to_owned() }
    }

    /// Somebody who has just shown who they are, and whose session doesn't say so yet.
    pub fn person(caller: &Caller, id: Uuid) -> Self {
        let session = caller.session.as_ref().map(|session| session.id);
        Self { id: Some(id), session, name: "".into(), request: caller.request.clone() }
    }

    /// The operator, before a terminal.
    pub fn command_line() -> Self {
        Self { id: None, session: None, name: "command line".into(), request: String::new() }
    }

    /// As [`Actor::command_line`], with the name that they have on their machine, if it says one: whose shell it is, not
    /// whom the shop knows.
    pub fn at_terminal() -> Self {
        let said = ["SUDO_USER", "USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
        let name = said.map(|name| shown(&name)).filter(|name| !name.is_empty());
        let name = name.map_or(Cow::from("command line"), |name| format!("command line ({name})").into());
        Self { name, ..Self::command_line() }
    }

    /// As the setting `shop.actor` names them for stock movements.
    pub fn key(&self) -> String {
        self.id.map_or_else(|| self.name.to_string(), |id| id.to_string())
    }
}

/// A name that nobody has checked, as far as it can be shown.
fn shown(name: &str) -> String {
    name.trim().chars().filter(|c| !misleads(*c)).take(64).collect()
}

/// The kind of entries about accounts.
const USER: &str = "user";

/// What was done.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// `kind.verb`, such as `user.block`.
    pub act: &'static str,
    pub kind: &'static str,
    pub id: &'a str,
    /// As it was called then; empty for an account, which is called what its owner is called now.
    pub name: &'a str,
    /// What changed, by field: `{}` where that says nothing.
    pub before: Value,
    pub after: Value,
    pub reason: &'a str,
}

impl<'a> Act<'a> {
    /// About an account. What says who its owner is may be among what changed: it goes with the account.
    pub fn on_user(act: &'static str, id: &'a str) -> Self {
        Self { act, kind: USER, id, name: "", before: nothing(), after: nothing(), reason: "" }
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

/// An address or a person's own name as an entry has it: no more of a person than tells one change from another.
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

/// Writes an entry for each of many changes by one act, in their order, by one statement: `changes` are its before and
/// after. Not about accounts, whose names stand apart.
///
/// # Errors
/// The database's.
pub async fn write_each(
    connection: &mut PgConnection,
    actor: &Actor,
    act: Act<'_>,
    changes: &[(Value, Value)],
) -> Result<(), sqlx::Error> {
    let (before, after): (Vec<Value>, Vec<Value>) = changes.iter().cloned().unzip();
    sqlx::query!(
        "insert into audit_log (actor_id, actor, act, subject_kind, subject_id, subject, before, after, reason, request_id)
         select $1, $2, $3, $4, $5, $6, c.before, c.after, $9, $10
         from unnest($7::jsonb[], $8::jsonb[]) with ordinality c(before, after, number)
         order by c.number",
        actor.id,
        &*actor.name,
        act.act,
        act.kind,
        act.id,
        act.name,
        &before,
        &after,
        act.reason,
        actor.request
    )
    .execute(connection)
    .await?;
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
    let beside = Beside { user: Some(user), reason, note };
    insert(connection, actor, act.because(said), beside).await?;
    Ok(())
}

/// As [`write`]; says the entry's number, for what is kept beside the log.
///
/// # Errors
/// The database's.
pub async fn numbered(connection: &mut PgConnection, actor: &Actor, act: Act<'_>) -> Result<i64, sqlx::Error> {
    let user = if act.kind == USER { Uuid::try_parse(act.id).ok() } else { None };
    insert(connection, actor, act, Beside { user, reason: "", note: "" }).await
}

/// What goes with an account.
struct Beside<'a> {
    /// Whose; nobody's where an entry is about something else.
    user: Option<Uuid>,
    reason: &'a str,
    note: &'a str,
}

async fn insert(
    connection: &mut PgConnection,
    actor: &Actor,
    act: Act<'_>,
    beside: Beside<'_>,
) -> Result<i64, sqlx::Error> {
    let is_personal = act.kind == USER;
    let ((before, name_before), (after, name_after)) = match is_personal {
        true => (apart(act.before), apart(act.after)),
        false => ((act.before, nothing()), (act.after, nothing())),
    };
    let entry = sqlx::query_scalar!(
        "insert into audit_log (actor_id, actor, act, subject_kind, subject_id, subject, before, after, reason, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         returning id",
        actor.id,
        &*actor.name,
        act.act,
        act.kind,
        act.id,
        act.name,
        before,
        after,
        act.reason,
        actor.request
    )
    .fetch_one(&mut *connection)
    .await?;
    let is_empty = beside.reason.is_empty()
        && beside.note.is_empty()
        && [&name_before, &name_after].iter().all(|names| **names == nothing());
    if !is_empty {
        // Of an account that is gone there is nothing to keep.
        sqlx::query!(
            "insert into words_about_people (entry_id, user_id, reason, note, before, after)
             select $1, id, $3, $4, $5, $6 from users where id = $2 for key share",
            entry,
            beside.user,
            beside.reason,
            beside.note,
            name_before,
            name_after
        )
        .execute(connection)
        .await?;
    }
    Ok(entry)
}

/// Takes the fields that say who somebody is away from the others. The log's table refuses them.
fn apart(fields: Value) -> (Value, Value) {
    const PERSONAL: [&str; 3] = ["username", "display_name", "email"];
    let Value::Object(fields) = fields else { return (fields, nothing()) };
    let (personal, others): (Map<String, Value>, Map<String, Value>) =
        fields.into_iter().partition(|(name, _)| PERSONAL.contains(&name.as_str()));
    (Value::Object(others), Value::Object(personal))
}

fn nothing() -> Value {
    Value::Object(Map::new())
}

/// The fields of two objects that differ: what an entry keeps of a row before and after.
pub fn difference(before: &Value, after: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else { return (before.clone(), after.clone()) };
    let pick = |from: &Map<String, Value>, other: &Map<String, Value>| {
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
    fn who_somebody_is_stands_apart() {
        let (others, personal) = apart(json!({"email": "a…@example.com", "role": "editor", "username": "ann"}));
        assert_eq!(others, json!({"role": "editor"}));
        assert_eq!(personal, json!({"email": "a…@example.com", "username": "ann"}));
    }

    #[test]
    fn a_machine_s_name_is_shown_without_what_could_mislead() {
        assert_eq!(shown(" deploy\u{202e}\n"), "deploy");
        assert_eq!(shown(&"a".repeat(100)).len(), 64);
        assert!(Actor::at_terminal().name.starts_with("command line"));
    }

    #[test]
    fn only_what_changed_is_kept() {
        let before = json!({"title": "Mug", "price": 2400, "gone": 1});
        let after = json!({"title": "Mug", "price": 2600, "new": 2});
        assert_eq!(difference(&before, &after), (json!({"price": 2400, "gone": 1}), json!({"price": 2600, "new": 2})));
    }
}
