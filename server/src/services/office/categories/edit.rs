//! What a category is called and says.

use super::tree::{number, path, siblings};
use super::{PgCategories, act, chosen, id, in_words, lock};
use crate::catalogue_file::{Tree, one_line, whole_number};
use crate::error::ServiceError;
use crate::services::office::audit::{self, Act, Actor, difference};
use crate::services::office::trail::{Row, WayBack, changed_since, taking_back, without_field};
use app::admin::categories::host::Wanted;
use app::admin::host::May;
use app::cart::api::Done;
use app::error::{AppError, FieldError};
use async_trait::async_trait;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

pub const ADDRESS: &str = "Use letters, digits, and - _ . between them";
/// More than there are siblings anywhere.
const MOST_SIBLINGS: u64 = 1_000_000;

/// What was typed, once it is fit to be stored.
struct Texts {
    name: String,
    /// Empty for one made from the name.
    slug: String,
    description: String,
}

fn texts(wanted: &Wanted) -> Result<Texts, AppError> {
    let mut fields = Vec::new();
    let mut wrong = |field: &str, message: &str| {
        fields.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    };
    let name = match one_line(&wanted.name) {
        Ok(name) if name.is_empty() => Err("Enter a name"),
        Ok(name) if name.chars().count() > 200 => Err("A name has at most 200 characters"),
        Ok(name) => Ok(name.into_owned()),
        Err(_) => Err("Take out the characters that can’t be seen"),
    };
    let name = name.unwrap_or_else(|message| {
        wrong("name", message);
        String::new()
    });
    let slug = wanted.slug.trim();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !slug.chars().all(fits) || slug.starts_with(['-', '_', '.']) {
        wrong("slug", ADDRESS);
    } else if slug.chars().count() > 255 {
        wrong("slug", "An address has at most 255 characters");
    }
    let description: String = wanted.description.trim().replace("\r\n", "\n");
    if description.chars().any(|c| c.is_control() && c != '\n') {
        wrong("description", "Take out the characters that can’t be seen");
    } else if description.chars().count() > 2000 {
        wrong("description", "A description has at most 2,000 characters");
    }
    match fields.is_empty() {
        true => Ok(Texts { name, slug: slug.to_owned(), description }),
        false => Err(AppError::Invalid { fields }),
    }
}

/// The place that was typed, from 1; `None` for the last.
fn place(typed: &str) -> Result<Option<usize>, AppError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    match whole_number(typed, MOST_SIBLINGS) {
        Ok(place) if place > 0 => Ok(usize::try_from(place).ok()),
        _ => Err(AppError::invalid("position", "Write a whole number, 1 for the first")),
    }
}

impl PgCategories {
    pub(super) async fn make(&self, wanted: &Wanted) -> Result<(Done, String), ServiceError> {
        let texts = texts(wanted)?;
        let place = place(&wanted.position)?;
        let parent = match wanted.parent.as_str() {
            "" => None,
            parent => Some(chosen("parent", parent)?),
        };
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction).await?;
        let mut path = path(&mut transaction, parent).await?;
        path.push(texts.name.clone());
        let slug = match texts.slug.is_empty() {
            true => Tree::load(&mut transaction).await?.free_slug(&path),
            false => texts.slug,
        };
        let mut order = siblings(&mut transaction, parent).await?;
        let id = Uuid::now_v7();
        sqlx::query!(
            "insert into categories (id, parent_id, slug, name, description) values ($1, $2, $3, $4, $5)",
            id,
            parent,
            slug,
            texts.name,
            texts.description
        )
        .execute(&mut *transaction)
        .await
        .map_err(|error| in_words(error, "name"))?;
        let at = place.map_or(order.len(), |place| (place - 1).min(order.len()));
        order.insert(at, id);
        number(&mut transaction, &order).await?;
        let id = id.to_string();
        let after = json!({"path": path.join(" › "), "slug": slug, "description": texts.description});
        self.log(&mut transaction, act("category.create", &id, &texts.name, json!({}), after)).await?;
        transaction.commit().await?;
        Ok((Done::saying(format!("Created {}", texts.name)), id))
    }

    pub(super) async fn edit(&self, category: &str, version: &str, wanted: &Wanted) -> Result<Done, ServiceError> {
        let id = id(category)?;
        let texts = texts(wanted)?;
        if texts.slug.is_empty() {
            return Err(AppError::invalid("slug", "Enter an address").into());
        }
        let version: i64 = version.parse().unwrap_or_default();
        let mut transaction = self.pool.begin().await?;
        lock(&mut transaction).await?;
        let stored = stored(&mut transaction, id).await?;
        if stored.version != version {
            return Err(AppError::Conflict { current: stored.version.to_string() }.into());
        }
        let (before, after) = difference(
            &fields(&stored.name, &stored.slug, &stored.description),
            &fields(&texts.name, &texts.slug, &texts.description),
        );
        if before == after {
            return Ok(Done::saying("Nothing has changed"));
        }
        write(&mut transaction, id, &texts.name, &texts.slug, &texts.description).await?;
        self.log(&mut transaction, act("category.update", category, &texts.name, before, after)).await?;
        transaction.commit().await?;
        Ok(Done::saying(format!("Saved {}", texts.name)))
    }
}

struct Stored {
    name: String,
    slug: String,
    description: String,
    /// The one that forms have, which moving it doesn't raise.
    version: i64,
}

async fn stored(connection: &mut PgConnection, id: Uuid) -> Result<Stored, ServiceError> {
    sqlx::query_as!(
        Stored,
        r#"select name, slug, description, version - moves as "version!" from categories where id = $1 for update"#,
        id
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::NotFound)
}

fn fields(name: &str, slug: &str, description: &str) -> Value {
    json!({"name": name, "slug": slug, "description": description})
}

async fn write(
    connection: &mut PgConnection,
    id: Uuid,
    name: &str,
    slug: &str,
    description: &str,
) -> Result<(), ServiceError> {
    sqlx::query!(
        "update categories set name = $2, slug = $3, description = $4, version = version + 1, updated_at = now()
         where id = $1",
        id,
        name,
        slug,
        description
    )
    .execute(connection)
    .await
    .map_err(|error| in_words(error, "name"))?;
    Ok(())
}

/// `category.update`, taken back by what its entry says was there before.
pub struct CategoryUpdate;

#[async_trait]
impl WayBack for CategoryUpdate {
    fn needs(&self) -> May {
        May::Catalogue
    }

    async fn revert(&self, connection: &mut PgConnection, actor: &Actor, entry: &Row) -> Result<(), ServiceError> {
        lock(connection).await?;
        let id = id(&entry.subject_id).map_err(gone)?;
        let stored = stored(connection, id).await.map_err(gone)?;
        let now = fields(&stored.name, &stored.slug, &stored.description);
        let mut then = now.clone();
        for name in ["name", "slug", "description"] {
            let (Some(before), Some(after)) = (entry.before.get(name), entry.after.get(name)) else { continue };
            if now.get(name) != Some(after) {
                return Err(changed_since(label(name)));
            }
            then[name] = before.clone();
        }
        let text = |name: &str| then.get(name).and_then(Value::as_str).unwrap_or_default();
        write(connection, id, text("name"), text("slug"), text("description")).await.map_err(without_field)?;
        let (before, after) = difference(&now, &then);
        let reason = taking_back(entry);
        let act = Act { reason: &reason, ..act("category.update", &entry.subject_id, text("name"), before, after) };
        Ok(audit::write(connection, actor, act).await?)
    }
}

/// Said of a category that there isn't.
pub fn gone(error: ServiceError) -> ServiceError {
    match error {
        ServiceError::NotFound => AppError::invalid("", "This category isn’t there any more").into(),
        error => error,
    }
}

/// Said where a category can't go back to.
pub fn gone_from() -> ServiceError {
    AppError::invalid("", "The category that it was under isn’t there any more").into()
}

fn label(field: &str) -> &str {
    if field == "slug" { "address" } else { field }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_beside_each_field() {
        let wanted = |name: &str, slug: &str, description: &str| Wanted {
            name: name.to_owned(),
            slug: slug.to_owned(),
            description: description.to_owned(),
            ..Wanted::default()
        };
        let wrong = |wanted: Wanted| match texts(&wanted) {
            Ok(_) => Vec::new(),
            Err(AppError::Invalid { fields }) => fields.into_iter().map(|field| field.field).collect(),
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(wrong(wanted(" Mugs ", "mugs-2", "Two\r\nlines")), Vec::<String>::new());
        assert_eq!(wrong(wanted(" ", "a/b", "a\u{0}")), ["name", "slug", "description"]);
        assert_eq!(wrong(wanted(&"n".repeat(201), "-a", "")), ["name", "slug"]);
        assert_eq!(wrong(wanted("a", "é", "")), Vec::<String>::new());
    }

    #[test]
    fn places_are_whole_numbers_from_one() {
        for (typed, expected) in
            [("", Ok(None)), (" 1 ", Ok(Some(1))), ("0", Err(())), ("-1", Err(())), ("1e9", Err(()))]
        {
            assert_eq!(place(typed).map_err(|_| ()), expected, "{typed}");
        }
    }
}
