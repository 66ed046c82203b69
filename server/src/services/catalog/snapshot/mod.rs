//! What browsing counts with: the active catalogue as sets of product numbers.
//!
//! Live facet counts, exact totals and deep pages each touch every product that matches. PostgreSQL would read those
//! rows for every page; bitmaps over a dense product number answer in microseconds, at some 30 bytes a product. The
//! rows of a page themselves are always read from the database.

use roaring::RoaringBitmap;
use sqlx::{PgPool, Row};
use std::collections::HashMap;
use uuid::Uuid;

/// A product's number, `products.seq`. Rising with age, so it is also the order of "newest".
pub type Seq = u32;

#[derive(Clone, Debug)]
pub struct Category {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub parent: Option<usize>,
    /// In the order that menus show them.
    pub children: Vec<usize>,
    pub picture: Option<Uuid>,
    /// Its own products and those of all categories below.
    pub products: RoaringBitmap,
}

#[derive(Clone, Debug)]
pub struct OptionValue {
    /// Lower case, as in URLs.
    pub key: String,
    pub label: String,
    pub products: RoaringBitmap,
}

/// An option that occurs in the catalogue, such as "Colour".
#[derive(Clone, Debug)]
pub struct OptionGroup {
    pub key: String,
    pub label: String,
    pub values: Vec<OptionValue>,
}

#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub active: RoaringBitmap,
    pub in_stock: RoaringBitmap,
    pub on_sale: RoaringBitmap,
    pub featured: RoaringBitmap,
    /// Lowest price by product number, minor units.
    pub prices: Vec<i64>,
    /// Product numbers, cheapest first, equal prices by number.
    pub by_price: Vec<Seq>,
    /// Product numbers in the order of their plain titles.
    pub by_name: Vec<Seq>,
    /// What tells one title from another, by product number.
    pub titles: Vec<i64>,
    pub categories: Vec<Category>,
    pub category_by_slug: HashMap<String, usize>,
    pub roots: Vec<usize>,
    pub options: Vec<OptionGroup>,
}

/// A product as the sets need it.
struct Member {
    seq: Seq,
    category_id: Option<Uuid>,
    /// A hash of it: whether a product has got another name, and so another place, is all that is asked.
    title: i64,
    price: i64,
    in_stock: bool,
    on_sale: bool,
    featured: bool,
    /// (name, value) pairs of all its variants.
    options: Vec<(String, String)>,
}

const MEMBERS: &str = "
    select p.seq, p.category_id, hashtextextended(p.title, 0) as title, p.price_min, p.on_hand > 0 as in_stock,
           coalesce(p.compare_at > p.price_min, false) as on_sale, 'featured' = any(p.tags) as featured,
           case when p.option_names <> '{}' then (
               select array_agg(distinct n.name || chr(31) || v.option_values[n.at])
               from variants v, unnest(p.option_names) with ordinality n(name, at)
               where v.product_id = p.id and v.option_values[n.at] is not null
           ) end as options
    from products p
    where p.status = 'active' and p.price_min is not null";

/// From an index alone: those without a price, which its rows don't tell, are left out here.
const NAMES: &str = "select seq from products where status = 'active' order by plain_text(title), seq";

impl Snapshot {
    /// Reads the whole catalogue: about a second for 300 000 products.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn load(pool: &PgPool) -> Result<Self, sqlx::Error> {
        let mut snapshot = Self::default();
        let mut transaction = one_moment(pool).await?;
        snapshot.load_categories(&mut transaction).await?;
        let by_id: HashMap<Uuid, usize> = snapshot.categories.iter().enumerate().map(|(at, c)| (c.id, at)).collect();
        {
            use futures::TryStreamExt;
            let mut rows = sqlx::query(MEMBERS).fetch(&mut *transaction);
            while let Some(row) = rows.try_next().await? {
                snapshot.insert(&member(&row)?, &by_id);
            }
        }
        snapshot.sort_prices();
        snapshot.read_names(&mut transaction).await?;
        transaction.commit().await?;
        snapshot.sort_options();
        Ok(snapshot)
    }

    /// The same snapshot with some products read again.
    ///
    /// Others may have changed by then, too, whose turn comes with a later notice. So nothing is taken from the database
    /// that is only true together with them, such as a place among names: where one name is new, the order of all is read.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn refreshed(&self, pool: &PgPool, seqs: &[Seq]) -> Result<Self, sqlx::Error> {
        let mut next = self.clone();
        let by_id: HashMap<Uuid, usize> = next.categories.iter().enumerate().map(|(at, c)| (c.id, at)).collect();
        let numbers: Vec<i32> = seqs.iter().filter_map(|seq| i32::try_from(*seq).ok()).collect();
        for seq in seqs {
            next.remove(*seq);
        }
        let mut transaction = one_moment(pool).await?;
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{MEMBERS} and p.seq = any($1)")))
            .bind(&numbers)
            .fetch_all(&mut *transaction)
            .await?;
        let mut is_renamed = false;
        for row in &rows {
            let member = member(row)?;
            is_renamed |= self.title_of(member.seq) != Some(member.title);
            next.insert(&member, &by_id);
        }
        if is_renamed {
            next.read_names(&mut transaction).await?;
        } else if next.active.len() != next.by_name.len() as u64 {
            next.by_name.retain(|seq| next.active.contains(*seq));
        }
        transaction.commit().await?;
        next.sort_prices();
        next.sort_options();
        Ok(next)
    }

    /// A hash of the title that a product had when it was read; `None` for one that wasn't active.
    fn title_of(&self, seq: Seq) -> Option<i64> {
        self.titles.get(seq as usize).copied().filter(|_| self.active.contains(seq))
    }

    /// Puts the active products into the order of their names. One that has left the catalogue since it was read has no
    /// place any more, and stands last until its notice comes.
    async fn read_names(&mut self, connection: &mut sqlx::PgConnection) -> Result<(), sqlx::Error> {
        use futures::TryStreamExt;
        let mut left = self.active.clone();
        self.by_name = Vec::with_capacity(usize::try_from(left.len()).unwrap_or_default());
        let mut rows = sqlx::query_scalar::<_, i32>(NAMES).fetch(connection);
        while let Some(seq) = rows.try_next().await? {
            if let Ok(seq) = Seq::try_from(seq)
                && left.remove(seq)
            {
                self.by_name.push(seq);
            }
        }
        self.by_name.extend(left);
        Ok(())
    }

    /// From the root down to and including the category.
    pub fn path(&self, category: usize) -> Vec<usize> {
        let mut path = vec![category];
        while let Some(parent) = path.last().and_then(|at| self.categories[*at].parent) {
            path.push(parent);
        }
        path.reverse();
        path
    }

    async fn load_categories(&mut self, connection: &mut sqlx::PgConnection) -> Result<(), sqlx::Error> {
        let rows = sqlx::query(
            "select id, parent_id, slug, name, description, picture_id from categories
             order by position, plain_text(name), id",
        )
        .fetch_all(connection)
        .await?;
        let mut parents = Vec::with_capacity(rows.len());
        for row in &rows {
            parents.push(row.try_get::<Option<Uuid>, _>("parent_id")?);
            self.categories.push(Category {
                id: row.try_get("id")?,
                slug: row.try_get("slug")?,
                name: row.try_get("name")?,
                description: row.try_get("description")?,
                parent: None,
                children: Vec::new(),
                picture: row.try_get("picture_id")?,
                products: RoaringBitmap::new(),
            });
        }
        let by_id: HashMap<Uuid, usize> = self.categories.iter().enumerate().map(|(at, c)| (c.id, at)).collect();
        for (at, parent) in parents.into_iter().enumerate() {
            let parent = parent.and_then(|id| by_id.get(&id).copied());
            self.categories[at].parent = parent;
            match parent {
                Some(parent) => self.categories[parent].children.push(at),
                None => self.roots.push(at),
            }
        }
        self.category_by_slug = self.categories.iter().enumerate().map(|(at, c)| (c.slug.clone(), at)).collect();
        Ok(())
    }

    fn insert(&mut self, member: &Member, by_id: &HashMap<Uuid, usize>) {
        let seq = member.seq;
        let at = seq as usize;
        self.active.insert(seq);
        if member.in_stock {
            self.in_stock.insert(seq);
        }
        if member.on_sale {
            self.on_sale.insert(seq);
        }
        if member.featured {
            self.featured.insert(seq);
        }
        if self.prices.len() <= at {
            self.prices.resize(at + 1, 0);
            self.titles.resize(at + 1, 0);
        }
        self.prices[at] = member.price;
        self.titles[at] = member.title;
        self.by_price.push(seq);
        let mut category = member.category_id.and_then(|id| by_id.get(&id).copied());
        while let Some(at) = category {
            self.categories[at].products.insert(seq);
            category = self.categories[at].parent;
        }
        for (name, value) in &member.options {
            let key = name.to_lowercase();
            let group = match self.options.iter().position(|group| group.key == key) {
                Some(at) => &mut self.options[at],
                None => {
                    self.options.push(OptionGroup { key, label: name.clone(), values: Vec::new() });
                    let last = self.options.len() - 1;
                    &mut self.options[last]
                }
            };
            let key = value.to_lowercase();
            match group.values.iter_mut().find(|known| known.key == key) {
                Some(known) => {
                    known.products.insert(seq);
                }
                None => {
                    let products = RoaringBitmap::from_iter([seq]);
                    group.values.push(OptionValue { key, label: value.clone(), products });
                }
            }
        }
    }

    fn remove(&mut self, seq: Seq) {
        if !self.active.remove(seq) {
            return;
        }
        for set in [&mut self.in_stock, &mut self.on_sale, &mut self.featured] {
            set.remove(seq);
        }
        for category in &mut self.categories {
            category.products.remove(seq);
        }
        for group in &mut self.options {
            for value in &mut group.values {
                value.products.remove(seq);
            }
            group.values.retain(|value| !value.products.is_empty());
        }
        self.options.retain(|group| !group.values.is_empty());
        self.by_price.retain(|other| *other != seq);
    }

    fn sort_prices(&mut self) {
        let prices = &self.prices;
        // Nearly sorted after a refresh, which a merge sort finishes in one pass.
        self.by_price.sort_by_key(|seq| (prices[*seq as usize], *seq));
    }

    fn sort_options(&mut self) {
        for group in &mut self.options {
            group.values.sort_by_cached_key(|value| natural_order(&value.key));
        }
        self.options.sort_by_key(|group| {
            let products: u64 = group.values.iter().map(|value| value.products.len()).sum();
            (std::cmp::Reverse(products), group.key.clone())
        });
    }
}

/// A transaction that sees one moment of the catalogue, whatever is changed between its queries.
async fn one_moment(pool: &PgPool) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::raw_sql(
        "set transaction isolation level repeatable read, read only;
         set local statement_timeout = '60s';
         set local enable_seqscan = on",
    )
    .execute(&mut *transaction)
    .await?;
    Ok(transaction)
}

/// Sizes in the order that people know, numbers by size, the rest by letter.
fn natural_order(value: &str) -> (u8, u64, String) {
    const SIZES: [&[&str]; 9] = [
        &["xxs", "2xs"],
        &["xs", "extra small"],
        &["s", "small"],
        &["m", "medium", "regular"],
        &["l", "large"],
        &["xl", "extra large"],
        &["xxl", "2xl"],
        &["xxxl", "3xl"],
        &["one size"],
    ];
    if let Some(rank) = SIZES.iter().position(|names| names.contains(&value)) {
        return (0, rank as u64, String::new());
    }
    let digits: String = value.chars().take_while(char::is_ascii_digit).take(18).collect();
    match digits.parse() {
        Ok(number) => (1, number, value.to_owned()),
        Err(_) => (2, 0, value.to_owned()),
    }
}

fn member(row: &sqlx::postgres::PgRow) -> Result<Member, sqlx::Error> {
    let options: Option<Vec<String>> = row.try_get("options")?;
    Ok(Member {
        seq: Seq::try_from(row.try_get::<i32, _>("seq")?).unwrap_or_default(),
        category_id: row.try_get("category_id")?,
        title: row.try_get("title")?,
        price: row.try_get("price_min")?,
        in_stock: row.try_get("in_stock")?,
        on_sale: row.try_get("on_sale")?,
        featured: row.try_get("featured")?,
        options: options
            .unwrap_or_default()
            .into_iter()
            .filter_map(|pair| pair.split_once('\u{1f}').map(|(name, value)| (name.to_owned(), value.to_owned())))
            .collect(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
