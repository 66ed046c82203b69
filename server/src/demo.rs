//! The demo shop: Fieldstone's catalogue and pictures, which travel inside the binary.

use crate::catalogue_file::{
    self, CatalogueFile, ImportError, ImportOptions, ImportReport, PictureSource, Tree, refresh_statistics,
};
use crate::media::{MediaError, MediaStore};
use app::domain::Currency;
use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use std::io::Cursor;
use std::sync::Arc;
use uuid::Uuid;

/// `catalogue.csv`, `categories.csv` and the folder `pictures`.
static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/demo");

/// What became of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seeded {
    /// The shop has products, and was asked to be left alone then.
    NotEmpty,
    Imported(Box<ImportReport>),
}

#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("the demo catalogue was not imported: {0}")]
    Import(#[from] ImportError),
    #[error("a picture of the demo was not stored: {0}")]
    Media(#[from] MediaError),
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("this binary was built without the demo’s {0}")]
    Missing(&'static str),
    #[error("the demo’s categories can’t be read: {0}")]
    Categories(#[from] csv::Error),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Category {
    path: String,
    description: String,
    picture: String,
}

/// The home page's own words and pictures, as the setting `home` has them.
#[derive(Serialize)]
struct Home {
    sentence: &'static str,
    link_label: &'static str,
    link_href: &'static str,
    story: [&'static str; 3],
    wide: Option<Uuid>,
    tall: Option<Uuid>,
}

/// Pictures that are not drawn yet are left out, so that the demo can be seeded while it is being made; that a finished
/// demo lacks none is for its test to say.
struct Embedded;

impl PictureSource for Embedded {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(FILES.get_file(name).map(|file| file.contents().to_vec()))
    }
}

/// Imports the demo: products, categories with their descriptions and pictures, and the home page's words. A second time
/// changes nothing; with `if_empty`, so does a first time in a shop that has products.
///
/// # Errors
/// [`SeedError`]; the shop is then as it was.
pub async fn seed_demo(
    pool: &PgPool,
    media: &MediaStore,
    currency: &Currency,
    if_empty: bool,
) -> Result<Seeded, SeedError> {
    let mut transaction = pool.begin().await?;
    // Several processes may start on one empty database: the second waits here, and finds products.
    sqlx::query("select pg_advisory_xact_lock(hashtext('seed demo'))").execute(&mut *transaction).await?;
    let has_products: bool =
        sqlx::query_scalar("select exists (select from products)").fetch_one(&mut *transaction).await?;
    if if_empty && has_products {
        return Ok(Seeded::NotEmpty);
    }
    let catalogue = FILES.get_file("catalogue.csv").ok_or(SeedError::Missing("catalogue.csv"))?.contents();
    let file = CatalogueFile {
        input: Box::new(Cursor::new(catalogue)),
        bytes: Some(catalogue.len() as u64),
        pictures: Arc::new(Embedded),
    };
    let options = ImportOptions { actor: "demo".to_owned(), ..ImportOptions::default() };
    let (report, files) = catalogue_file::import_in(&mut transaction, media, currency, file, &options).await?;
    describe_categories(&mut transaction, media).await?;
    furnish_home(&mut transaction, media).await?;
    catalogue_file::commit(transaction, files).await?;
    if report.created > 0 {
        refresh_statistics(pool).await;
    }
    Ok(Seeded::Imported(Box::new(report)))
}

async fn describe_categories(conn: &mut PgConnection, media: &MediaStore) -> Result<(), SeedError> {
    let categories = FILES.get_file("categories.csv").ok_or(SeedError::Missing("categories.csv"))?.contents();
    let mut tree = Tree::load(conn).await?;
    let mut described = Vec::new();
    for category in csv::Reader::from_reader(categories).deserialize() {
        let category: Category = category?;
        if let Some(id) = tree.at_path(&category.path) {
            described.push((id, category));
        }
    }
    tree.insert_added(conn).await?;
    for (position, (id, category)) in (1i32..).zip(described) {
        let picture = ingest(conn, media, &category.picture).await?;
        sqlx::query(
            "update categories
             set description = $2, picture_id = $3, position = $4, version = version + 1, updated_at = now()
             where id = $1 and (description, picture_id, position) is distinct from ($2, $3, $4)",
        )
        .bind(id)
        .bind(&category.description)
        .bind(picture)
        .bind(position)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

async fn furnish_home(conn: &mut PgConnection, media: &MediaStore) -> Result<(), SeedError> {
    let home = Home {
        sentence: "Plain things, well made, for the table, the desk and the light.",
        link_label: "See what is new",
        link_href: "/products?sort=newest",
        story: [
            "Fieldstone began with a kitchen drawer that would not close. Half of what was in it had been bought twice: \
             once cheaply, and then again. We keep a shop for the second time.",
            "What we sell comes from a few small workshops: a pottery, a joinery, a foundry, a mill, a bindery. \
             Each makes one kind of thing and has made it for years.",
            "We tell you what a thing is made of, how big it is and how to look after it. The rest you will know when it \
             is in your hand.",
        ],
        wide: ingest(conn, media, "pictures/home-wide.webp").await?,
        tall: ingest(conn, media, "pictures/home-tall.webp").await?,
    };
    sqlx::query(
        "insert into settings (key, value)
         values ('home', $1)
         on conflict (key) do update set value = excluded.value, version = settings.version + 1
             where settings.value <> excluded.value",
    )
    .bind(sqlx::types::Json(home))
    .execute(conn)
    .await?;
    Ok(())
}

async fn ingest(conn: &mut PgConnection, media: &MediaStore, name: &str) -> Result<Option<Uuid>, SeedError> {
    match FILES.get_file(name) {
        Some(file) => Ok(Some(media.ingest(conn, file.contents().to_vec()).await?.id)),
        None => Ok(None),
    }
}
