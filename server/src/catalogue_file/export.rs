//! Writing the catalogue as Shopify's product CSV.

use super::categories::Tree;
use super::cells;
use super::columns::Column;
use super::pictures;
use crate::media::{MediaError, MediaStore};
use app::domain::{Currency, Money};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row};
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};
use tokio::fs::{self, File};
use tokio::io::{AsyncWriteExt, BufWriter};
use uuid::Uuid;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportReport {
    pub products: u64,
    pub rows: u64,
    /// Files in the folder `FILE.media`.
    pub pictures: u64,
    /// Handles of products that the format has no row for, because they have no variant and so no price.
    pub left_out: Vec<String>,
}

impl fmt::Display for ExportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for handle in &self.left_out {
            writeln!(f, "{handle} has no variant and is left out")?;
        }
        write!(f, "{} products in {} rows", self.products, self.rows)?;
        if self.pictures > 0 {
            write!(f, ", {} pictures", self.pictures)?;
        }
        f.write_str(".")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("{}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("picture {id}: {error}")]
    Picture { id: Uuid, error: MediaError },
    #[error("writing a row failed: {0}")]
    Csv(#[from] csv::Error),
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ExportError + '_ {
    |error| ExportError::Io { path: path.to_owned(), error }
}

/// Products per query: what an export holds in memory.
const BATCH: i64 = 500;

/// Writes the whole catalogue to `path`, in the order in which products were created, and its own pictures to the folder
/// of the same name that ends in `.media`. All of it is one moment's state. The file appears when it is complete.
///
/// # Errors
/// Of the database and of writing; then there is no file, or the one from before.
pub async fn export(
    pool: &PgPool,
    media: &MediaStore,
    currency: &Currency,
    path: &Path,
) -> Result<ExportReport, ExportError> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let result = async {
        let mut export = Export {
            currency,
            media,
            folder: path.with_extension("media"),
            file: BufWriter::new(File::create(&part).await.map_err(at(&part))?),
            part: &part,
            taken: HashMap::new(),
            report: ExportReport::default(),
        };
        export.write_all(pool).await?;
        let mut file = export.file;
        file.flush().await.map_err(at(&part))?;
        file.get_ref().sync_all().await.map_err(at(&part))?;
        fs::rename(&part, path).await.map_err(at(path))?;
        Ok(export.report)
    }
    .await;
    if result.is_err() {
        // What is half written is no use; that it can't be removed is less news than what happened.
        drop(fs::remove_file(&part).await);
    }
    result
}

struct Image {
    id: Uuid,
    name: String,
    position: i32,
    alt: String,
}

struct Export<'a> {
    currency: &'a Currency,
    media: &'a MediaStore,
    folder: PathBuf,
    file: BufWriter<File>,
    part: &'a Path,
    /// File names that are in use, by the medium that has them.
    taken: HashMap<String, Uuid>,
    report: ExportReport,
}

impl Export<'_> {
    async fn write_all(&mut self, pool: &PgPool) -> Result<(), ExportError> {
        let mut transaction = pool.begin().await?;
        sqlx::raw_sql("set transaction isolation level repeatable read, read only").execute(&mut *transaction).await?;
        let tree = Tree::load(&mut transaction).await?;
        let head = export_head()?;
        self.write(&head).await?;
        let mut after = i32::MIN;
        loop {
            let products = sqlx::query(
                "select id, seq, slug, title, body_html, vendor, type, tags, category_id, status, option_names,
                        seo_title, seo_description
                 from products
                 where seq > $1
                 order by seq
                 limit $2",
            )
            .bind(after)
            .bind(BATCH)
            .fetch_all(&mut *transaction)
            .await?;
            let Some(last) = products.last() else { break };
            after = last.try_get("seq")?;
            self.write_batch(&mut transaction, &tree, &products).await?;
        }
        transaction.rollback().await?;
        Ok(())
    }

    async fn write_batch(
        &mut self,
        conn: &mut PgConnection,
        tree: &Tree,
        products: &[PgRow],
    ) -> Result<(), ExportError> {
        let ids: Vec<Uuid> = products.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?;
        let mut names = HashMap::new();
        let images = images_of(conn, &ids).await?;
        for row in &images {
            names.insert(row.try_get("id")?, self.picture(row).await?);
        }
        let batch = Batch {
            currency: self.currency,
            tree,
            variants: variants_of(conn, &ids).await?,
            images: named(&images, names)?,
        };
        let mut lines = Vec::new();
        for product in products {
            match batch.lines(product)? {
                Some(of_product) => {
                    self.report.products += 1;
                    lines.extend(of_product);
                }
                None => self.report.left_out.push(product.try_get("slug")?),
            }
        }
        self.report.rows += lines.len() as u64;
        self.write(&written(&lines)?).await
    }

    /// The cell of a picture; one of the shop's own is copied beside the CSV file.
    async fn picture(&mut self, row: &PgRow) -> Result<String, ExportError> {
        let source: String = row.try_get("source")?;
        let Some(id) = row.try_get::<Option<Uuid>, _>("media_id")? else { return Ok(source) };
        if is_foreign(&source) {
            return Ok(source);
        }
        // The source is a path from somebody's file, so it may name nothing outside the folder; and two pictures from
        // different files may have had the same name.
        let is_inside =
            !source.is_empty() && Path::new(&source).components().all(|part| matches!(part, Component::Normal(_)));
        let name = if is_inside && self.taken.get(&source).is_none_or(|&taken| taken == id) {
            source
        } else {
            pictures::own_name(id)
        };
        if self.taken.insert(name.clone(), id).is_none() {
            let target = self.folder.join(&name);
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).await.map_err(at(folder))?;
            }
            let width = u32::try_from(row.try_get::<i32, _>("width")?).unwrap_or(0);
            let stored = self.media.read(id, width).await.map_err(|error| ExportError::Picture { id, error })?;
            let missing = || at(&target)(io::ErrorKind::NotFound.into());
            fs::write(&target, stored.ok_or_else(missing)?).await.map_err(at(&target))?;
            self.report.pictures += 1;
        }
        Ok(name)
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.file.write_all(bytes).await.map_err(at(self.part))
    }
}

fn written<S: AsRef<[u8]>>(lines: &[Vec<S>]) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for line in lines {
        writer.write_record(line)?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

async fn variants_of(conn: &mut PgConnection, products: &[Uuid]) -> Result<HashMap<Uuid, Vec<PgRow>>, ExportError> {
    let rows = sqlx::query(
        "select product_id, sku, grams, on_hand, price, compare_at, barcode, option_values, image_id
         from variants
         where product_id = any($1)
         order by product_id, position",
    )
    .bind(products)
    .fetch_all(conn)
    .await?;
    let mut variants: HashMap<Uuid, Vec<PgRow>> = HashMap::new();
    for row in rows {
        variants.entry(row.try_get("product_id")?).or_default().push(row);
    }
    Ok(variants)
}

async fn images_of(conn: &mut PgConnection, products: &[Uuid]) -> Result<Vec<PgRow>, sqlx::Error> {
    sqlx::query(
        "select i.product_id, i.id, i.source, i.position, i.alt, m.id as media_id, m.width
         from product_images i
         left join media m on m.id = i.media_id
         where i.product_id = any($1)
         order by i.product_id, i.position",
    )
    .bind(products)
    .fetch_all(conn)
    .await
}

/// Pictures by their products. `names`: what their cells say.
fn named(rows: &[PgRow], mut names: HashMap<Uuid, String>) -> Result<HashMap<Uuid, Vec<Image>>, sqlx::Error> {
    let mut images: HashMap<Uuid, Vec<Image>> = HashMap::new();
    for row in rows {
        let id = row.try_get("id")?;
        let name = names.remove(&id).unwrap_or_default();
        let image = Image { id, name, position: row.try_get("position")?, alt: row.try_get("alt")? };
        images.entry(row.try_get("product_id")?).or_default().push(image);
    }
    Ok(images)
}

/// Whether a picture is named by its address, which is another shop's.
fn is_foreign(source: &str) -> bool {
    matches!(pictures::address(source), Ok(pictures::Address::Foreign))
}

/// What the lines of some products are made of.
struct Batch<'a> {
    currency: &'a Currency,
    tree: &'a Tree,
    variants: HashMap<Uuid, Vec<PgRow>>,
    images: HashMap<Uuid, Vec<Image>>,
}

impl Batch<'_> {
    /// `None` for a product without a variant.
    fn lines(&self, product: &PgRow) -> Result<Option<Vec<Vec<String>>>, ExportError> {
        let id: Uuid = product.try_get("id")?;
        let Some(variants) = self.variants.get(&id) else { return Ok(None) };
        let images = self.images.get(&id).map(Vec::as_slice).unwrap_or_default();
        let handle: String = product.try_get("slug")?;
        let mut lines = Vec::new();
        for at in 0..variants.len().max(images.len()) {
            let mut line = vec![String::new(); Column::ALL.len()];
            let mut set = |column: Column, text: String| line[column as usize] = cells::neutralise(&text).into_owned();
            set(Column::Handle, handle.clone());
            let mut option_names: Vec<String> = product.try_get("option_names")?;
            let is_plain = option_names.is_empty();
            if at == 0 {
                let status: String = product.try_get("status")?;
                let category: Option<Uuid> = product.try_get("category_id")?;
                let tags: Vec<String> = product.try_get("tags")?;
                set(Column::Title, product.try_get("title")?);
                set(Column::Body, product.try_get("body_html")?);
                set(Column::Vendor, product.try_get("vendor")?);
                set(Column::Category, category.map(|id| self.tree.path(id)).unwrap_or_default());
                set(Column::Type, product.try_get("type")?);
                set(Column::Tags, cells::join(&tags, ',', ", "));
                set(Column::Published, (status == "active").to_string());
                set(Column::Status, status);
                set(Column::SeoTitle, product.try_get("seo_title")?);
                set(Column::SeoDescription, product.try_get("seo_description")?);
                if is_plain {
                    option_names.push("Title".to_owned());
                }
                for (column, name) in Column::OPTION_NAMES.into_iter().zip(option_names) {
                    set(column, name);
                }
            }
            if let Some(variant) = variants.get(at) {
                let money = |minor: i64| Money::from_minor(minor).map(|money| self.currency.plain(money));
                let mut values: Vec<String> = variant.try_get("option_values")?;
                if is_plain {
                    values = vec!["Default Title".to_owned()];
                }
                for (column, value) in Column::OPTION_VALUES.into_iter().zip(values) {
                    set(column, value);
                }
                let grams: Option<i32> = variant.try_get("grams")?;
                let compare_at: Option<i64> = variant.try_get("compare_at")?;
                let image: Option<Uuid> = variant.try_get("image_id")?;
                set(Column::Sku, variant.try_get::<Option<String>, _>("sku")?.unwrap_or_default());
                set(Column::Grams, grams.map(|grams| grams.to_string()).unwrap_or_default());
                set(Column::Quantity, variant.try_get::<i32, _>("on_hand")?.to_string());
                set(Column::Price, money(variant.try_get("price")?).unwrap_or_default());
                set(Column::CompareAt, compare_at.and_then(money).unwrap_or_default());
                set(Column::Barcode, variant.try_get("barcode")?);
                let image = images.iter().find(|i| Some(i.id) == image).map(|image| image.name.clone());
                set(Column::VariantImage, image.unwrap_or_default());
            }
            if let Some(image) = images.get(at) {
                set(Column::ImageSrc, image.name.clone());
                set(Column::ImagePosition, image.position.to_string());
                set(Column::ImageAlt, image.alt.clone());
            }
            lines.push(line);
        }
        Ok(Some(lines))
    }
}

/// The first line of an export.
///
/// # Errors
/// Of writing to memory.
pub(crate) fn export_head() -> Result<Vec<u8>, ExportError> {
    written(&[Column::ALL.iter().map(|column| column.name()).collect()])
}

/// Lines of the products with these numbers, in their order, for a file that comes without pictures: the shop's own are
/// called by their media, whose names are never those of two.
///
/// # Errors
/// Of the database.
pub(crate) async fn export_some(
    conn: &mut PgConnection,
    currency: &Currency,
    numbers: &[i32],
) -> Result<Vec<u8>, ExportError> {
    let tree = Tree::load(conn).await?;
    let products = sqlx::query(
        "select id, slug, title, body_html, vendor, type, tags, category_id, status, option_names, seo_title,
                seo_description
         from products
         where seq = any($1)
         order by seq",
    )
    .bind(numbers)
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<Uuid> = products.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?;
    let mut names = HashMap::new();
    let images = images_of(conn, &ids).await?;
    for row in &images {
        let source: String = row.try_get("source")?;
        let name = match row.try_get::<Option<Uuid>, _>("media_id")? {
            Some(id) if !is_foreign(&source) => pictures::own_name(id),
            _ => source,
        };
        names.insert(row.try_get("id")?, name);
    }
    let images = named(&images, names)?;
    let batch = Batch { currency, tree: &tree, variants: variants_of(conn, &ids).await?, images };
    let mut lines = Vec::new();
    for product in &products {
        lines.extend(batch.lines(product)?.unwrap_or_default());
    }
    written(&lines)
}

/// A file to begin with: the columns, and a product that shows what belongs into them.
///
/// # Errors
/// Of writing to memory.
pub(crate) fn template() -> Result<Vec<u8>, ExportError> {
    let example = Column::ALL
        .iter()
        .map(|column| match column {
            Column::Handle => "example-mug",
            Column::Title => "Example mug",
            Column::Body => "<p>A mug that shows what belongs where.</p>",
            Column::Vendor => "Example pottery",
            Column::Category => "Kitchen > Mugs",
            Column::Type => "Mug",
            Column::Tags => "stoneware, blue",
            Column::Published => "false",
            Column::Option1Name => "Colour",
            Column::Option1Value => "Blue",
            Column::Sku => "EXAMPLE-MUG-BLUE",
            Column::Grams => "380",
            Column::Quantity => "12",
            Column::Price => "24",
            Column::CompareAt => "28",
            Column::Status => "draft",
            _ => "",
        })
        .collect();
    written(&[Column::ALL.iter().map(|column| column.name()).collect(), example])
}
