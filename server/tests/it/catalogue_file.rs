//! Import and export of the catalogue, against a real database.

use app::domain::Currency;
use server::catalogue_file::{self, CatalogueFile, ImportError, ImportOptions, ImportReport, PictureFolder};
use server::media::MediaStore;
use sqlx::PgPool;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A shop's database and folders, spoken to as the commands do.
pub struct Shop {
    pub pool: PgPool,
    pub media: MediaStore,
    pub folder: Folder,
}

/// A folder that goes with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("shopfront-test-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

pub fn eur() -> Currency {
    Currency::from_code("EUR").unwrap()
}

impl Shop {
    pub fn new(pool: PgPool) -> Self {
        let folder = Folder::new();
        Self { pool, media: MediaStore::new(folder.0.join("media")), folder }
    }

    async fn import_with(&self, file: CatalogueFile, options: &ImportOptions) -> Result<ImportReport, ImportError> {
        catalogue_file::import(&self.pool, &self.media, &eur(), file, options).await
    }

    pub async fn import_path(&self, path: &Path) -> ImportReport {
        self.import_with(CatalogueFile::open(path).unwrap(), &ImportOptions::default()).await.unwrap()
    }

    fn file(&self, csv: impl Into<Vec<u8>>) -> CatalogueFile {
        CatalogueFile {
            input: Box::new(Cursor::new(csv.into())),
            bytes: None,
            pictures: Arc::new(PictureFolder::new(&self.folder.0)),
        }
    }

    async fn import(&self, csv: impl Into<Vec<u8>>) -> Result<ImportReport, ImportError> {
        self.import_with(self.file(csv), &ImportOptions::default()).await
    }
}

fn catalogues() -> Option<PathBuf> {
    let folder = std::env::var_os("SHOPFRONT_CATALOGUES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/catalogue"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: the real catalogues are not at {}; set SHOPFRONT_CATALOGUES", folder.display());
    None
}

#[sqlx::test(migrations = "../migrations")]
async fn the_real_files_load_as_they_are(pool: PgPool) {
    let Some(folder) = catalogues() else { return };
    let shop = Shop::new(pool);
    for (file, products) in [("marketplace-15k.csv", 14_909), ("shopify-apparel.csv", 20), ("shopify-home-and-garden.csv", 20)] {
        let start = std::time::Instant::now();
        let report = shop.import_path(&folder.join(file)).await;
        eprintln!("{file}: {report} {:?}", start.elapsed());
        assert_eq!((report.created, report.updated, report.unchanged), (products, 0, 0), "{file}");
        let start = std::time::Instant::now();
        let again = shop.import_path(&folder.join(file)).await;
        eprintln!("{file}: {again} {:?}", start.elapsed());
        assert_eq!((again.created, again.updated, again.unchanged), (0, 0, products), "{file}, again");
    }
}
