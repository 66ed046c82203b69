//! What the categories' pages need from the host.

use crate::cart::api::Done;
use crate::error::AppError;
use async_trait::async_trait;

/// The categories, for those who may change the catalogue. Arguments arrive as forms send them; a category that there
/// isn't is `NotFound`.
#[async_trait]
pub trait Categories: Send + Sync {
    /// All of them: each before those below it, siblings in their order.
    async fn tree(&self) -> Result<Vec<Category>, AppError>;
    /// Answers with the new category's id, too.
    async fn create(&self, wanted: Wanted) -> Result<(Done, String), AppError>;
    /// # Errors
    /// `Conflict` unless `version` is the category's.
    async fn save(&self, category: String, version: String, wanted: Wanted) -> Result<Done, AppError>;
    /// Puts it under another one, or, for none, at the top.
    /// `from`: the one that the form showed it under.
    async fn put_under(&self, category: String, from: String, parent: String) -> Result<Done, AppError>;
    /// One place up or down among its siblings. `from`: the place that the form showed, or nothing; what has left it since
    /// stays where it is.
    async fn shift(&self, category: String, from: String, way: String) -> Result<Done, AppError>;
    /// Its products, what is below it and its address become another's. Of more than [`DANGEROUS`] products it takes the
    /// password of whoever acts, unless they gave it lately; [`Categories::delete`] too.
    async fn merge(&self, category: String, seen: Seen, into: String, password: String) -> Result<Done, AppError>;
    /// `products`: the category that its products go to, or [`NOWHERE`]; nothing where it has none.
    async fn delete(&self, category: String, seen: Seen, products: String, password: String) -> Result<Done, AppError>;
}

/// A category as a form showed it that puts an end to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub version: String,
    /// How many.
    pub products: String,
}

/// Beyond so many products, what moves them asks for the password.
pub const DANGEROUS: u32 = 100;

/// Chosen for products that are to be in no category.
pub const NOWHERE: &str = "none";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Category {
    pub id: String,
    /// Empty at the top.
    pub parent: String,
    pub slug: String,
    pub name: String,
    pub description: String,
    /// Of its name, address and description.
    pub version: i64,
    /// 0 at the top.
    pub depth: usize,
    /// `Table › Mugs`.
    pub path: String,
    /// Products right in it, and with those of all categories below.
    pub products: u32,
    pub all_products: u32,
    /// Among its siblings, from 1.
    pub place: usize,
    pub is_first: bool,
    pub is_last: bool,
}

/// What a form says about a category.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub name: String,
    /// Empty for one made from the name.
    pub slug: String,
    pub description: String,
    /// Only for a new one: the category above, and the place among its siblings, empty for the last.
    pub parent: String,
    pub position: String,
}

/// The category at `at` of a tree and all below it, as a range of the tree.
pub fn branch(tree: &[Category], at: usize) -> std::ops::Range<usize> {
    let depth = tree.get(at).map_or(0, |category| category.depth);
    let below = tree.iter().skip(at + 1).take_while(|other| other.depth > depth).count();
    at..at + 1 + below
}
