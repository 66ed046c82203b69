//! Import and export of the catalogue, against a real database.

use crate::media::encoded;
use app::domain::Currency;
use image::ImageFormat;
use server::catalogue_file::{self, CatalogueFile, ImportError, ImportOptions, ImportReport, Limits, PictureFolders};
use server::demo::{self, Seeded};
use server::media::MediaStore;
use server::services::office::imports;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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
        imports::import(&self.pool, &self.media, &eur(), (file, "products.csv"), options).await
    }

    pub async fn import_path(&self, path: &Path) -> ImportReport {
        self.import_with(CatalogueFile::open(path).unwrap(), &ImportOptions::default()).await.unwrap()
    }

    fn file(&self, csv: impl Into<Vec<u8>>) -> CatalogueFile {
        CatalogueFile {
            input: Box::new(Cursor::new(csv.into())),
            bytes: None,
            pictures: Arc::new(PictureFolders::new([self.folder.0.clone()])),
        }
    }

    async fn import(&self, csv: impl Into<Vec<u8>>) -> Result<ImportReport, ImportError> {
        self.import_with(self.file(csv), &ImportOptions::default()).await
    }

    async fn export(&self) -> PathBuf {
        let path = self.folder.0.join("export.csv");
        catalogue_file::export(&self.pool, &self.media, &eur(), &path).await.unwrap();
        path
    }

    /// Imports the shop's own export, which is to change nothing; gives the exported text.
    async fn assert_same_after_own_export(&self) -> String {
        let path = self.export().await;
        let before = versions(&self.pool).await;
        let options = ImportOptions { dry_run: true, list_changes: 9, ..ImportOptions::default() };
        let dry = self.import_with(CatalogueFile::open(&path).unwrap(), &options).await.unwrap();
        assert_eq!((dry.created, dry.updated), (0, 0), "{dry}");
        self.import_path(&path).await;
        assert_eq!(versions(&self.pool).await, before);
        std::fs::read_to_string(path).unwrap()
    }

    /// Exports, empties the shop, imports, and compares all that a person could see.
    async fn assert_round_trip(&self) {
        self.assert_same_after_own_export().await;
        let before = contents(&self.pool).await;
        assert!(!before.is_empty());
        empty(&self.pool).await;
        self.import_path(&self.folder.0.join("export.csv")).await;
        let after = contents(&self.pool).await;
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after);
        }
        assert_eq!(before.len(), after.len());
    }
}

pub fn catalogues() -> Option<PathBuf> {
    let folder = std::env::var_os("SHOPFRONT_CATALOGUES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/catalogue"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: the real catalogues are not at {}; set SHOPFRONT_CATALOGUES", folder.display());
    None
}

/// Everything that a shopper or an editor sees of the catalogue, as text, without ids and times.
async fn contents(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "with recursive paths (id, path) as (
             select id, array[name] from categories where parent_id is null
             union all
             select c.id, p.path || c.name from categories c join paths p on p.id = c.parent_id
         )
         select concat_ws('|', 'product', p.slug, p.title, p.body_html, p.vendor, p.type, p.tags, x.path, p.status,
                          p.option_names, p.seo_title, p.seo_description, p.price_min, p.price_max, p.compare_at,
                          p.on_hand)
         from products p left join paths x on x.id = p.category_id
         union all
         select concat_ws('|', 'variant', p.slug, v.position, coalesce(v.sku, '-'), v.barcode, v.price,
                          coalesce(v.compare_at::text, '-'), v.on_hand, coalesce(v.grams::text, '-'), v.option_values,
                          coalesce(i.position::text, '-'))
         from variants v
         join products p on p.id = v.product_id
         left join product_images i on i.id = v.image_id
         union all
         select concat_ws('|', 'image', p.slug, i.position, i.source, i.alt, m.width, m.height, m.widths)
         from product_images i join products p on p.id = i.product_id left join media m on m.id = i.media_id
         union all
         select concat_ws('|', 'category', c.slug, x.path) from categories c join paths x on x.id = c.id
         union all
         select concat_ws('|', 'word', word, products) from search_words
         order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

/// What changes with every write, even one that writes what was there.
async fn versions(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "select concat_ws('|', id, version, updated_at, ctid) from products
         union all
         select concat_ws('|', id, version, updated_at, ctid) from variants
         union all
         select concat_ws('|', id, ctid) from product_images
         union all
         select concat_ws('|', id, version, updated_at, ctid) from categories
         order by 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn empty(pool: &PgPool) {
    sqlx::query(
        "truncate products, product_images, variants, categories, media, stock_movements, search_words, settings cascade",
    )
    .execute(pool)
    .await
    .unwrap();
}

fn counts(report: &ImportReport) -> (u64, u64, u64, u64) {
    (report.created, report.updated, report.unchanged, report.refused)
}

/// The problems of a refused file, as they are printed.
async fn refusals(shop: &Shop, csv: impl Into<Vec<u8>>) -> Vec<String> {
    match shop.import(csv).await {
        Err(ImportError::Refused(report)) => report.problems.iter().map(ToString::to_string).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

const SHIRTS: &str = r#"Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Position,Image Alt Text,Variant Image,Status
shirt,Shirt,<p>Cotton.</p>,Loom,Clothing > Shirts,Shirt,"cotton, summer",Size,S,Colour,Red,S-RED,200,3,20.00,25.00,111,https://example.org/red.jpg,1,A red shirt,https://example.org/red.jpg,active
shirt,,,,,,,,M,,Red,M-RED,210,0,20.00,,112,https://example.org/blue.jpg,2,A blue shirt,https://example.org/red.jpg,
shirt,,,,,,,,S,,Blue,S-BLUE,200,5,22.50,,,,,,https://example.org/blue.jpg,
cap,Cap,A cap,Loom,Clothing > Hats,Cap,cotton,Title,Default Title,,,CAP,,7,9.90,,,,,,,draft
"#;

#[sqlx::test(migrations = "../migrations")]
async fn the_real_files_load_as_they_are(pool: PgPool) {
    let Some(folder) = catalogues() else { return };
    let shop = Shop::new(pool);
    for (file, products) in
        [("marketplace-15k.csv", 14_909), ("shopify-apparel.csv", 20), ("shopify-home-and-garden.csv", 20)]
    {
        let report = shop.import_path(&folder.join(file)).await;
        assert_eq!(counts(&report), (products, 0, 0, 0), "{file}");
        let before = versions(&shop.pool).await;
        let again = shop.import_path(&folder.join(file)).await;
        assert_eq!(counts(&again), (0, 0, products, 0), "{file}, again");
        assert_eq!(versions(&shop.pool).await, before);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_real_files_come_back_from_an_export(pool: PgPool) {
    let Some(folder) = catalogues() else { return };
    let shop = Shop::new(pool);
    for file in ["marketplace-15k.csv", "shopify-apparel.csv", "shopify-home-and-garden.csv"] {
        shop.import_path(&folder.join(file)).await;
    }
    shop.assert_round_trip().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_demo_comes_back_from_an_export(pool: PgPool) {
    let shop = Shop::new(pool);
    let Seeded::Imported(report) = demo::seed_demo(&shop.pool, &shop.media, &eur(), true).await.unwrap() else {
        panic!("the shop was empty")
    };
    assert!(report.created >= 60, "{report}");
    let again = demo::seed_demo(&shop.pool, &shop.media, &eur(), true).await.unwrap();
    assert_eq!(again, Seeded::NotEmpty);
    let before = versions(&shop.pool).await;
    let Seeded::Imported(report) = demo::seed_demo(&shop.pool, &shop.media, &eur(), false).await.unwrap() else {
        panic!("it was asked for")
    };
    assert_eq!((report.created, report.updated), (0, 0));
    assert_eq!(versions(&shop.pool).await, before);
    let sentences: Vec<String> = sqlx::query_scalar("select value ->> 'sentence' from settings where key = 'home'")
        .fetch_all(&shop.pool)
        .await
        .unwrap();
    assert_eq!(sentences.len(), 1);
    shop.assert_round_trip().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_an_editor_may_have_written_comes_back_from_an_export(pool: PgPool) {
    let shop = Shop::new(pool);
    shop.import(SHIRTS).await.unwrap();
    sqlx::raw_sql(
        r#"update products
           set title = '=1+1', vendor = '@home', type = '''=x', seo_title = '-5', tags = array['a, b', 'c\d'];
           update categories set name = '> 2 l' where name = 'Shirts';
           update categories set name = '+' where name = 'Hats';
           update variants
           set sku = '+' || sku, barcode = '@"quoted"', option_values = array['-1', '=2']
           where sku = 'S-RED';
           update product_images set alt = '@alt, "quoted"', position = position * 10;
           update variants set position = position * 10;"#,
    )
    .execute(&shop.pool)
    .await
    .unwrap();
    let csv = shop.assert_same_after_own_export().await;
    for record in csv::Reader::from_reader(csv.as_bytes()).records() {
        for cell in &record.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    // What is compared next is their order alone.
    sqlx::raw_sql("update product_images set position = position / 10; update variants set position = position / 10;")
        .execute(&shop.pool)
        .await
        .unwrap();
    // The slugs of renamed categories stay, and are not in the file.
    let visible = async || -> Vec<String> {
        let rows = contents(&shop.pool).await.into_iter();
        rows.filter(|row| !row.starts_with("word") && !row.starts_with("category")).collect()
    };
    let before = visible().await;
    let path = shop.export().await;
    empty(&shop.pool).await;
    shop.import_path(&path).await;
    assert_eq!(visible().await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_second_run_changes_nothing_and_tells_nobody(pool: PgPool) {
    let shop = Shop::new(pool);
    let report = shop.import(SHIRTS).await.unwrap();
    assert_eq!((counts(&report), report.categories_created, report.rows), ((2, 0, 0, 0), 3, 4));
    let before = (versions(&shop.pool).await, contents(&shop.pool).await);
    let mut listener = PgListener::connect_with(&shop.pool).await.unwrap();
    listener.listen("catalogue").await.unwrap();
    let report = shop.import(SHIRTS).await.unwrap();
    assert_eq!(counts(&report), (0, 0, 2, 0));
    assert_eq!((versions(&shop.pool).await, contents(&shop.pool).await), before);
    sqlx::query("notify catalogue, 'the end'").execute(&shop.pool).await.unwrap();
    assert_eq!(listener.recv().await.unwrap().payload(), "the end", "nothing was announced before");
}

#[sqlx::test(migrations = "../migrations")]
async fn two_imports_at_once_take_turns(pool: PgPool) {
    let shop = Shop::new(pool);
    let (one, other) = tokio::join!(shop.import(SHIRTS), shop.import(SHIRTS));
    let mut both = [counts(&one.unwrap()), counts(&other.unwrap())];
    both.sort_unstable();
    assert_eq!(both, [(0, 0, 2, 0), (2, 0, 0, 0)]);
}

const WHAT_CHANGES: &str = "\
line 2: shirt changes
    Variant: (nothing) → L-RED
    Variant: M-RED → (nothing)
    https://example.org/red.jpg, Image Alt Text: A red shirt → A shirt
    Image Src: (nothing) → https://example.org/green.jpg
    https://example.org/blue.jpg, Image Position: 2 → 3
line 5: cap changes
    CAP, Variant Inventory Qty: 7 → 6
    CAP, Variant Price: 9.90 → 8.00
line 6: new product mug, “Mug”
Nothing was changed, this was a dry run. A run will be: 1 created, 2 updated, 0 unchanged, 0 refused; 2 categories created (5 rows).";

#[sqlx::test(migrations = "../migrations")]
async fn a_dry_run_says_what_a_run_does(pool: PgPool) {
    let shop = Shop::new(pool);
    shop.import(SHIRTS).await.unwrap();
    let changed = SHIRTS
        .replace("9.90", "8.00")
        .replace("CAP,,7", "CAP,,6")
        .replace("A red shirt", "A shirt")
        .replace("M,,Red,M-RED", "L,,Red,L-RED")
        .replace("112,https://example.org/blue.jpg", "112,https://example.org/green.jpg")
        + "mug,Mug,,,Table > Mugs,,,,,,,MUG,,1,5,,,,,,,active\n";
    let before = (versions(&shop.pool).await, contents(&shop.pool).await);
    let options = ImportOptions { dry_run: true, list_changes: 10, ..ImportOptions::default() };
    let dry = shop.import_with(shop.file(changed.clone()), &options).await.unwrap();
    assert_eq!((versions(&shop.pool).await, contents(&shop.pool).await), before);
    assert_eq!(dry.to_string(), WHAT_CHANGES);
    let wet = shop.import(changed).await.unwrap();
    assert_eq!((counts(&dry), dry.categories_created), (counts(&wet), wet.categories_created));
    let after = contents(&shop.pool).await;
    assert!(after.iter().any(|row| row.starts_with("product|mug|Mug")));
    assert!(after.iter().any(|row| row.starts_with("variant|cap|1|CAP||800|")), "{after:#?}");
    assert!(!after.iter().any(|row| row.contains("M-RED")));
}

const BAD_ROWS: &str = "\
line 3, Variant Price: is “-1.00”. An amount can’t be negative
line 4, Variant Price: is “1,234.50”. Write the amount without thousands separators, such as 1234.50
line 5, Handle: is missing
line 6, Title: is missing: the first row of a product names it
line 8, Title: differs from line 7, which has the same handle; repeat it or leave it empty
line 9, Option1 Value: the same options, “S”, are on line 7 already
line 11, Variant SKU: “TWICE” is on line 10 already
line 12, Variant SKU: “CAP” belongs to another product, cap
line 13: has 4 cells, the header has 16
line 14: has 18 cells, the header has 16
line 15, Option1 Value: is missing: the product has Option1 Name
line 16, Option1 Value: needs Option1 Name on the product’s first row
line 17, Option2 Name: needs Option1 Name before it
line 18, Option2 Name: is “size”, which another option is called
line 19, Option4 Name: a product has at most three options
line 20, Variant Inventory Qty: is “-1”; the least is 0
line 21, Variant Inventory Qty: is “2147483648”; the most is 1000000000
line 22, Variant Inventory Qty: is “9223372036854775808”; the most is 1000000000
line 23, Variant Inventory Qty: is “1e9”; write a whole number in digits
line 24, Variant Inventory Qty: is “１”; write a whole number in digits
line 26, Variant Grams: is “-3”; the least is 0
line 27, Status: is “live”; write active, draft or archived
line 28, Published: is “maybe”; write true or false
line 29, Product Category: is “A > > B”; a name is missing before or after a >
line 30, Handle: has more than letters, digits, hyphens, dots and underscores, or begins with a sign
line 31, Variant Price: is missing
line 32, Image Src: must begin with http:// or https://, or name a file beside the CSV file
line 33, Image Position: is “0”; the least is 1
line 35, Variant Price: this row has neither a variant nor a picture
line 36, Variant Price: a product needs a row with a price
line 38, Option1 Value: the product has a variant on line 37 and no options to tell this one by
line 39, Option1 Value: is “Large”, but the product has no options
line 40, Title: has 501 characters; at most 500 fit";

#[sqlx::test(migrations = "../migrations")]
async fn one_bad_row_stops_all_and_every_bad_row_is_named(pool: PgPool) {
    let shop = Shop::new(pool);
    shop.import(SHIRTS).await.unwrap();
    let before = (versions(&shop.pool).await, contents(&shop.pool).await);
    let csv = r#"Handle,Title,Product Category,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option4 Name,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Image Src,Image Position,Status
good,Good,A > B,true,,,,,,GOOD,,5,1.00,,,
negative,Negative,,true,,,,,,,,,-1.00,,,
comma,Comma,,true,,,,,,,,,"1,234.50",,,
,No handle,,true,,,,,,,,,1,,,
untitled,,,true,,,,,,,,,1,,,
same,Same,,true,Size,S,,,,,,,1,,,
same,Other,,true,,M,,,,,,,1,,,
same,,,,,S,,,,,,,1,,,
twice-1,Twice,,true,,,,,,TWICE,,,1,,,
twice-2,Twice,,true,,,,,,TWICE,,,1,,,
theirs,Theirs,,true,,,,,,CAP,,,1,,,
few,Few,,true
many,Many,,true,,,,,,,,,1,,,,,
named,Named,,true,Size,,,,,,,,1,,,
valued,Valued,,true,,S,,,,,,,1,,,
gap,Gap,,true,,,Colour,Red,,,,,1,,,
dup,Dup,,true,Size,S,size,S,,,,,1,,,
four,Four,,true,,,,,Fit,,,,1,,,
q1,Q,,true,,,,,,,,-1,1,,,
q2,Q,,true,,,,,,,,2147483648,1,,,
q3,Q,,true,,,,,,,,9223372036854775808,1,,,
q4,Q,,true,,,,,,,,1e9,1,,,
q5,Q,,true,,,,,,,,１,1,,,
q6,Q,,true,,,,,,,, 1 ,1,,,
q7,Q,,true,,,,,,,-3,,1,,,
status,Status,,true,,,,,,,,,1,,,live
published,Published,,maybe,,,,,,,,,1,,,
path,Path,A > > B,true,,,,,,,,,1,,,
-bad handle-,Handle,,true,,,,,,,,,1,,,
free,Free,,true,,,,,,,,,,,,
scheme,Scheme,,true,,,,,,,,,1,ftp://example.org/a.jpg,,
position,Position,,true,,,,,,,,,1,https://example.org/a.jpg,0,
picture,Picture,,true,,,,,,,,,1,https://example.org/a.jpg,1,
picture,,,,,,,,,,,,,,,
only,Only,,true,,,,,,,,,,https://example.org/a.jpg,1,
titled,Titled,,true,Title,Default Title,,,,,,,1,,,
titled,,,,,Default Title,,,,,,,1,,,
titled,,,,,Large,,,,,,,1,,,
"#;
    let csv = format!("{csv}long,{},,true,,,,,,,,,1,,,\n", "x".repeat(501));
    assert_eq!(refusals(&shop, csv).await.join("\n"), BAD_ROWS);
    assert_eq!((versions(&shop.pool).await, contents(&shop.pool).await), before);
}

const BROKEN_FILES: &str = "\
empty:
    line 1: the file is empty
only a byte order mark:
    line 1: the file is empty
only a header:
    line 1: the file has a header and no products
a header and blank lines:
    line 1: the file has a header and no products
no header:
    line 1: the first line must name the columns, among them Handle, Title and Variant Price
semicolons:
    line 1: the first line must name the columns, among them Handle, Title and Variant Price; this file separates its cells by semicolons: save it with commas
a missing column:
    line 1, Variant Price: the header lacks this column
a column twice:
    line 1, Title: the header names this column twice
values without names:
    line 1, Option1 Name: the header lacks this column, which Option1 Value goes with
UTF-16:
    line 1: this is a UTF-16 file; save it as “CSV UTF-8”
UTF-16 without a mark:
    line 1: this is a UTF-16 file; save it as “CSV UTF-8”
Latin-1:
    line 3, Title: is not UTF-8; save the file as “CSV UTF-8”
NUL:
    line 2, Title: contains a NUL byte
an open quote:
    line 3: a quoted cell is opened here and never closed
text after a quote:
    line 3: after the closing quote of a cell there is more text; a quote inside a cell is written twice
a control character:
    line 2, Title: contains a control character
";

#[sqlx::test(migrations = "../migrations")]
async fn files_that_are_broken_as_a_whole_are_refused(pool: PgPool) {
    let shop = Shop::new(pool);
    let header = "Handle,Title,Variant Price\n";
    let after_header = |text: &[u8]| [header.as_bytes(), text].concat();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(header.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("only a byte order mark", b"\xef\xbb\xbf".to_vec()),
        ("only a header", header.into()),
        ("a header and blank lines", after_header(b"\n,,\n\n")),
        ("no header", b"a,A,1\n".to_vec()),
        ("semicolons", b"Handle;Title;Variant Price\na;A;1\n".to_vec()),
        ("a missing column", b"Handle,Title\na,A\n".to_vec()),
        ("a column twice", b"Handle,Title,Variant Price,title\na,A,1,A\n".to_vec()),
        ("values without names", b"Handle,Title,Variant Price,Option1 Value\na,A,1,S\n".to_vec()),
        ("UTF-16", utf16.clone()),
        ("UTF-16 without a mark", utf16[2..].to_vec()),
        ("Latin-1", after_header(b"a,A,1\nb,Caf\xe9,1\n")),
        ("NUL", after_header(b"a,A\0,1\n")),
        ("an open quote", after_header(b"a,A,1\nb,\"B,1\nc,C,1\n")),
        ("text after a quote", after_header(b"a,A,1\nb,\"B\"B,1\n")),
        ("a control character", after_header(b"a,A\x07,1\n")),
    ];
    let mut told = String::new();
    for (name, csv) in cases {
        told.push_str(&format!("{name}:\n"));
        for problem in refusals(&shop, csv).await {
            told.push_str(&format!("    {problem}\n"));
        }
    }
    assert_eq!(told, BROKEN_FILES);
    assert_eq!(contents(&shop.pool).await, Vec::<String>::new());
}

#[sqlx::test(migrations = "../migrations")]
async fn byte_order_marks_line_ends_and_column_order_make_no_difference(pool: PgPool) {
    let shop = Shop::new(pool);
    shop.import("Handle,Title,Variant Price\na,\"A, \"\"B\"\"\",1\n").await.unwrap();
    for same in [
        "\u{feff}Handle,Title,Variant Price\r\na,\"A, \"\"B\"\"\",1\r\n",
        "Variant Price,Title,Unknown,Handle\n1.0,\"A, \"\"B\"\"\",x,a",
        "handle,TITLE, Variant Price \r a ,\"A, \"\"B\"\"\", 1 ",
    ] {
        let report = shop.import(same).await.unwrap();
        assert_eq!(counts(&report), (0, 0, 1, 0), "{same:?}");
    }
}

/// A line without end, and how much of it was read.
struct Endless {
    head: Cursor<&'static [u8]>,
    given: Arc<AtomicU64>,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = match self.head.read(buffer)? {
            0 => {
                buffer.fill(b'x');
                buffer.len()
            }
            read => read,
        };
        self.given.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn an_endless_line_is_given_up_after_a_mebibyte(pool: PgPool) {
    let shop = Shop::new(pool);
    for head in [&b"Handle,Title,Variant Price\na,"[..], b"Handle,Title,Variant Price\na,\"", b"Handle"] {
        let given = Arc::new(AtomicU64::new(0));
        let input = Box::new(Endless { head: Cursor::new(head), given: Arc::clone(&given) });
        let file = CatalogueFile { input, ..shop.file("") };
        let error = shop.import_with(file, &ImportOptions::default()).await.unwrap_err().to_string();
        assert!(error.contains("this row is longer than 1048576 bytes"), "{error}");
        assert!(given.load(Ordering::Relaxed) < 2 * 1024 * 1024);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn limits_and_long_reports_are_kept(pool: PgPool) {
    let shop = Shop::new(pool);
    let mut csv = "Handle,Title,Variant Price\n".to_owned();
    for number in 0..50 {
        csv.push_str(&format!("p{number},P,-1\n"));
    }
    let refused = async |options: ImportOptions| -> ImportReport {
        match shop.import_with(shop.file(csv.clone()), &options).await {
            Err(ImportError::Refused(report)) => *report,
            other => panic!("{other:?}"),
        }
    };
    let report = refused(ImportOptions { list_problems: 10, ..ImportOptions::default() }).await;
    assert_eq!((report.problems.len(), report.more_problems, report.refused), (10, 40, 50));
    assert!(report.to_string().contains("… and 40 more problems"));
    let limits = Limits { rows: Some(20), ..Limits::default() };
    let report = refused(ImportOptions { limits, ..ImportOptions::default() }).await;
    assert_eq!(report.problems.last().unwrap().to_string(), "line 22: the file has more than 20 rows");
    let limits = Limits { file_bytes: Some(100), ..Limits::default() };
    let report = refused(ImportOptions { limits, ..ImportOptions::default() }).await;
    assert!(report.to_string().contains("the file is larger than 100 bytes"), "{report}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_column_that_the_file_lacks_leaves_what_the_shop_has(pool: PgPool) {
    let shop = Shop::new(pool);
    shop.import(SHIRTS).await.unwrap();
    let before = contents(&shop.pool).await;
    let header = "Handle,Title,Variant SKU,Variant Price\n";
    let prices = format!("{header}shirt,Shirt,S-RED,20\nshirt,,M-RED,21\nshirt,,S-BLUE,22.5\n");
    assert_eq!(counts(&shop.import(prices).await.unwrap()), (0, 1, 0, 0));
    let after = contents(&shop.pool).await;
    let changed: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
    assert_eq!(changed, ["variant|shirt|2|M-RED|112|2100|-|0|210|{M,Red}|1"]);
    // A cell that is there and empty is another thing.
    let vendor = "Handle,Title,Vendor,Variant SKU,Variant Price\ncap,Cap,,CAP,9.9\n";
    assert_eq!(counts(&shop.import(vendor).await.unwrap()), (0, 1, 0, 0));
    let new = format!("{header}shirt,Shirt,NEW,20\ncap,Cap,CAP,1\ncap,,CAP-2,1\n");
    assert_eq!(
        refusals(&shop, new).await,
        [
            "line 2, Variant SKU: names no variant of this product, which has options; a new one needs the option columns",
            "line 4, Variant SKU: is a second variant of a product that has no options to tell them by",
        ]
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn variants_are_known_by_sku_and_else_by_options(pool: PgPool) {
    let shop = Shop::new(pool);
    let header = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price\n";
    let first = "a,A,Size,S,1,5,1\na,,,M,2,5,1\na,,,L,3,5,1\nb,B,Size,S,4,5,1\n";
    shop.import(format!("{header}{first}")).await.unwrap();
    let ids = async || -> BTreeMap<String, uuid::Uuid> {
        let rows: Vec<(String, uuid::Uuid)> = sqlx::query_as(
            "select p.slug || ' ' || v.sku || ' ' || v.option_values[1], v.id
             from variants v join products p on p.id = v.product_id",
        )
        .fetch_all(&shop.pool)
        .await
        .unwrap();
        rows.into_iter().collect()
    };
    let before = ids().await;
    // 1 and 2 swap their sizes, L gets b's former SKU's neighbour, and 4 leaves b for a.
    let second = "a,A,Size,M,1,5,1\na,,,S,2,7,1\na,,,L,30,5,1\na,,,XL,4,5,1\nb,B,Size,S,3,5,1\n";
    let report = shop.import(format!("{header}{second}")).await.unwrap();
    assert_eq!(counts(&report), (0, 2, 0, 0));
    let after = ids().await;
    assert_eq!(after["a 1 M"], before["a 1 S"]);
    assert_eq!(after["a 2 S"], before["a 2 M"]);
    assert_eq!(after["a 30 L"], before["a 3 L"]);
    assert_eq!(after["b 3 S"], before["b 4 S"]);
    assert_eq!(after.len(), 5);
    // One movement for the one quantity that changed, and one for the new variant.
    let movements: Vec<(String, String, i32)> =
        sqlx::query_as("select reason, actor, delta from stock_movements order by id")
            .fetch_all(&shop.pool)
            .await
            .unwrap();
    assert_eq!(movements.len(), 6);
    assert!(movements.iter().all(|(reason, actor, _)| reason == "import" && actor.starts_with("command line")));
    let off: i64 = sqlx::query_scalar(
        "select count(*) from variants v
         where on_hand <> (select coalesce(sum(delta), 0) from stock_movements m where m.variant_id = v.id)",
    )
    .fetch_one(&shop.pool)
    .await
    .unwrap();
    assert_eq!(off, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_handle_may_come_back_later_with_the_same_values(pool: PgPool) {
    let shop = Shop::new(pool);
    let header = "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant Price\n";
    let report = shop.import(format!("{header}a,A,V,Size,S,1\nb,B,V,,,1\na,A,V,Size,M,1\n")).await.unwrap();
    assert_eq!(counts(&report), (2, 0, 0, 0));
    assert_eq!(
        refusals(&shop, format!("{header}a,A,V,Size,S,1\nb,B,V,,,1\na,A,W,Size,M,1\n")).await,
        ["line 4, Vendor: differs from line 2, which has the same handle; repeat it or leave it empty"]
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn html_is_made_harmless(pool: PgPool) {
    let shop = Shop::new(pool);
    shop.import(
        r#"Handle,Title,Body (HTML),Variant Price
a,<b>A</b>,"<p onclick=""x()"">Hi<script>alert(1)</script><a href=""javascript:x"">link</a></p>",1
"#,
    )
    .await
    .unwrap();
    let (title, body): (String, String) =
        sqlx::query_as("select title, body_html from products").fetch_one(&shop.pool).await.unwrap();
    assert_eq!(title, "<b>A</b>", "a title is text; the page escapes it");
    assert_eq!(body, r#"<p>Hi<a rel="noopener noreferrer">link</a></p>"#);
}

#[sqlx::test(migrations = "../migrations")]
async fn status_is_status_else_published_else_active(pool: PgPool) {
    let shop = Shop::new(pool);
    let header = "Handle,Title,Published,Status,Variant Price\n";
    let rows = "a,A,true,draft,1\nb,B,FALSE,,1\nc,C,TRUE,,1\nd,D,,,1\ne,E,true,Archived,1\n";
    shop.import(format!("{header}{rows}")).await.unwrap();
    let statuses = async || -> Vec<String> {
        sqlx::query_scalar("select status from products order by slug").fetch_all(&shop.pool).await.unwrap()
    };
    assert_eq!(statuses().await, ["draft", "draft", "active", "active", "archived"]);
    // A row that says nothing of it leaves it.
    shop.import(format!("{header}e,E,,,1\n")).await.unwrap();
    assert_eq!(statuses().await[4], "archived");
}

#[sqlx::test(migrations = "../migrations")]
async fn search_words_are_those_of_what_shoppers_find(pool: PgPool) {
    let shop = Shop::new(pool);
    shop.import(SHIRTS.replace("Loom", "Café 2000")).await.unwrap();
    let words: Vec<String> = sqlx::query_scalar("select word || ' ' || products from search_words order by word")
        .fetch_all(&shop.pool)
        .await
        .unwrap();
    assert_eq!(words, ["cafe 1", "clothing 1", "cotton 1", "shirt 1", "shirts 1", "summer 1"], "the cap is a draft");
}

#[sqlx::test(migrations = "../migrations")]
async fn pictures_come_from_the_file_s_folder_and_nowhere_else(pool: PgPool) {
    let shop = Shop::new(pool);
    let folder = &shop.folder.0;
    std::fs::create_dir(folder.join("pictures")).unwrap();
    std::fs::write(folder.join("pictures/a.png"), encoded(500, 400, ImageFormat::Png)).unwrap();
    std::fs::write(folder.join("pictures/b.jpg"), encoded(300, 300, ImageFormat::Jpeg)).unwrap();
    std::fs::write(folder.join("text.png"), "not a picture").unwrap();
    let outside = Folder::new();
    let elsewhere = outside.0.join("x.png");
    std::fs::write(&elsewhere, encoded(10, 10, ImageFormat::Png)).unwrap();
    std::os::unix::fs::symlink(&elsewhere, folder.join("link.png")).unwrap();
    let stored = || std::fs::read_dir(shop.folder.0.join("media")).map(Iterator::count).unwrap_or_default();
    let header = "Handle,Title,Variant Price,Image Src,Image Alt Text,Variant Image\n";

    let bad = format!(
        "{header}a,A,1,pictures/none.png,,\nb,B,1,text.png,,\nc,C,1,../x.png,,\nd,D,1,{},,\ne,E,1,link.png,,\n\
         f,F,1,pictures,,\ng,G,1,,,pictures/none.jpg\nh,H,1,pictures/a.png,,\n",
        elsewhere.display()
    );
    assert_eq!(
        refusals(&shop, bad).await,
        [
            "line 2, Image Src: pictures/none.png: there is no such file".to_owned(),
            "line 3, Image Src: text.png: the file is not a JPEG, PNG or WebP picture".to_owned(),
            "line 4, Image Src: ../x.png: leads out of the folder of the CSV file".to_owned(),
            format!("line 5, Image Src: {}: leads out of the folder of the CSV file", elsewhere.display()),
            "line 6, Image Src: link.png: leads out of the folder of the CSV file".to_owned(),
            "line 7, Image Src: pictures: is not a file".to_owned(),
            "line 8, Variant Image: pictures/none.jpg: there is no such file".to_owned(),
        ]
    );
    assert_eq!(stored(), 0, "the good picture of the refused file is gone again");

    let good = format!(
        "{header}a,A,1,pictures/a.png,First,pictures/b.jpg\na,,,https://example.org/c.jpg,Away,\n\
         b,B,1,pictures/a.png,Same,\n"
    );
    let dry = ImportOptions { dry_run: true, list_changes: 9, ..ImportOptions::default() };
    assert_eq!(counts(&shop.import_with(shop.file(good.clone()), &dry).await.unwrap()), (2, 0, 0, 0));
    assert_eq!(stored(), 0, "a dry run writes no files");
    assert_eq!(counts(&shop.import(good.clone()).await.unwrap()), (2, 0, 0, 0));
    assert_eq!(stored(), 2);
    assert_eq!(counts(&shop.import(good.clone()).await.unwrap()), (0, 0, 2, 0));
    let images: Vec<String> = contents(&shop.pool).await.into_iter().filter(|row| row.starts_with("image")).collect();
    assert_eq!(
        images,
        [
            "image|a|1|pictures/a.png|First|500|400|{240,480,500}",
            "image|a|2|https://example.org/c.jpg|Away",
            "image|a|3|pictures/b.jpg||300|300|{240,300}",
            "image|b|1|pictures/a.png|Same|500|400|{240,480,500}",
        ]
    );

    // Another picture under the same name is another picture.
    std::fs::write(folder.join("pictures/b.jpg"), encoded(320, 300, ImageFormat::Jpeg)).unwrap();
    let report = shop.import_with(shop.file(good.clone()), &dry).await.unwrap();
    assert!(report.to_string().contains("Image Src: pictures/b.jpg → pictures/b.jpg (another picture)"), "{report}");
    assert_eq!(counts(&shop.import(good).await.unwrap()), (0, 1, 1, 0));

    // A picture that came in through a form has no name.
    sqlx::raw_sql("update product_images set source = '' where source = 'pictures/b.jpg'")
        .execute(&shop.pool)
        .await
        .unwrap();
    shop.assert_round_trip().await;
}

#[test]
fn every_picture_that_the_demo_names_is_shipped() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    let mut named = vec!["pictures/home-wide.webp".to_owned(), "pictures/home-tall.webp".to_owned()];
    for (file, columns) in [("catalogue.csv", &["Image Src", "Variant Image"][..]), ("categories.csv", &["Picture"])] {
        let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
        let header = reader.headers().unwrap().clone();
        for record in reader.records() {
            let record = record.unwrap();
            let cells =
                header.iter().zip(&record).filter(|(column, cell)| columns.contains(column) && !cell.is_empty());
            named.extend(cells.map(|(_, cell)| cell.to_owned()));
        }
    }
    named.sort();
    named.dedup();
    assert!(named.len() > 60, "the demo is a shop with pictures");
    let missing: Vec<_> = named.iter().filter(|name| !folder.join(name).is_file()).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
