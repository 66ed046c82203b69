//! Whom a name means that the trail is searched for: the log itself has no names of people.

use crate::error::ServiceError;
use crate::services::words;
use sqlx::{PgPool, Postgres, QueryBuilder};
use uuid::Uuid;

/// People who are named one by one in a query; more of them are so many that a search needn't go far.
const FEW: i64 = 500;

/// As the database's `deleted_account` calls who has no account any more; six letters of an id follow.
const DELETED: &str = "deleted account ";
const LETTERS: usize = 6;

/// The people whom a name means.
#[derive(Clone, Debug)]
pub enum People {
    These(Vec<Uuid>),
    /// All whose name is like this.
    Like(String),
}

impl Default for People {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

impl People {
    /// Those with this text in their username, or the one who is shown as this now that they have no account.
    pub async fn called(pool: &PgPool, text: &str) -> Result<Self, ServiceError> {
        if let Some(end) = end_of_deleted(text) {
            return Ok(Self::These(deleted(pool, &end).await?));
        }
        let like = part(text);
        let found = sqlx::query_scalar!(
            // The index has all that a search of accounts looks at; the second condition keeps those of that name.
            "select id from users
             where (username || ' ' || display_name || ' ' || email) ilike $1 and username ilike $1
             limit $2",
            like,
            FEW + 1
        )
        .fetch_all(pool)
        .await?;
        let is_few = i64::try_from(found.len()).is_ok_and(|count| count <= FEW);
        Ok(if is_few { Self::These(found) } else { Self::Like(like) })
    }

    /// That one of them did it.
    pub fn push_actor(&self, query: &mut QueryBuilder<Postgres>) {
        match self {
            Self::These(ids) if ids.is_empty() => query.push("false"),
            Self::These(ids) => query.push("l.actor_id = any(").push_bind(ids.clone()).push(")"),
            Self::Like(like) => query
                .push("l.actor_id in (select id from users where username ilike ")
                .push_bind(like.clone())
                .push(")"),
        };
    }

    /// That it is about the account of one of them.
    pub fn push_subject(&self, query: &mut QueryBuilder<Postgres>) {
        match self {
            Self::These(ids) if ids.is_empty() => query.push("false"),
            Self::These(ids) => {
                let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
                query.push("l.subject_kind = 'user' and l.subject_id = any(").push_bind(ids).push(")")
            }
            Self::Like(like) => query
                .push("l.subject_kind = 'user' and l.subject_id in (select id::text from users where username ilike ")
                .push_bind(like.clone())
                .push(")"),
        };
    }
}

/// The letters by which a deleted account is told from others.
fn end_of_deleted(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let end = text.strip_prefix(DELETED)?;
    (end.len() == LETTERS && end.chars().all(|c| c.is_ascii_hexdigit())).then(|| end.to_owned())
}

async fn deleted(pool: &PgPool, end: &str) -> Result<Vec<Uuid>, ServiceError> {
    let ids = sqlx::query_scalar!(
        "select subject_id from audit_log where act = 'user.delete' and part_of is null and right(subject_id, length($1)) = $1",
        end
    )
    .fetch_all(pool)
    .await?;
    Ok(ids.iter().filter_map(|id| Uuid::try_parse(id).ok()).collect())
}

/// A pattern for any text that has this one in it.
pub fn part(text: &str) -> String {
    ["%", &words::literal(text), "%"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_patterns_are_letters_like_others() {
        assert_eq!(part("50%_\\"), "%50\\%\\_\\\\%");
    }

    #[test]
    fn a_deleted_account_is_known_by_its_letters() {
        assert_eq!(end_of_deleted(" Deleted account 3F2a9c").as_deref(), Some("3f2a9c"));
        for other in ["deleted account", "deleted account 3f2a9", "deleted account 3f2a9_", "ann.lee"] {
            assert_eq!(end_of_deleted(other), None, "{other}");
        }
    }
}
