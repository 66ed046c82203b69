//! The tables that a file is read into, and the stream of rows that fills them.
//!
//! Staged in the database rather than held in memory, so that 300 000 products cost the same few megabytes as ten, and
//! so that comparing them with the shop is a handful of joins instead of a query a product.

use sqlx::PgConnection;
use uuid::Uuid;

/// Between the values of a list within one staged cell: a control character, which no value may contain.
pub(super) const SEPARATOR: char = '\u{1f}';

/// # Errors
/// Of the database.
pub(super) async fn create_tables(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    // A value that is null here is one that the file doesn't name, and the shop keeps its own.
    sqlx::raw_sql(
        "create temp table staged_products (
             number integer primary key,
             line bigint not null,
             new_id uuid not null,
             handle text not null,
             title text not null,
             body_html text,
             vendor text,
             type text,
             tags text,
             category integer,
             status text,
             option_names text,
             seo_title text,
             seo_description text
         ) on commit drop;

         create temp table staged_variants (
             number integer primary key,
             product integer not null,
             line bigint not null,
             new_id uuid not null,
             position integer not null,
             sku text,
             grams integer,
             on_hand integer,
             price bigint not null,
             compare_at bigint,
             barcode text,
             option_values text,
             image text,
             picture integer
         ) on commit drop;

         create temp table staged_images (
             number integer primary key,
             product integer not null,
             line bigint not null,
             new_id uuid not null,
             source text not null,
             picture integer,
             position integer,
             alt text
         ) on commit drop;

         create temp table staged_pictures (
             number integer primary key,
             media_id uuid
         ) on commit drop;",
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Products,
    Variants,
    Images,
}

impl Table {
    fn copy(self) -> &'static str {
        match self {
            Self::Products => "copy staged_products from stdin",
            Self::Variants => "copy staged_variants from stdin",
            Self::Images => "copy staged_images from stdin",
        }
    }
}

/// Rows for one table, in COPY's text format.
pub(super) struct Chunk {
    pub table: Table,
    pub rows: Vec<u8>,
}

impl Chunk {
    /// # Errors
    /// Of the database.
    pub async fn write(self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut copy = conn.copy_in_raw(self.table.copy()).await?;
        match copy.send(self.rows).await {
            Ok(_) => copy.finish().await.map(drop),
            Err(error) => {
                copy.abort("the rows could not be sent").await?;
                Err(error)
            }
        }
    }
}

/// One row in COPY's text format, written behind those before it.
pub(super) struct RowWriter<'a> {
    buffer: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> RowWriter<'a> {
    pub fn new(buffer: &'a mut Vec<u8>) -> Self {
        Self { buffer, first: true }
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.separate();
        for &byte in text.as_bytes() {
            match byte {
                b'\\' => self.buffer.extend_from_slice(b"\\\\"),
                b'\t' => self.buffer.extend_from_slice(b"\\t"),
                b'\n' => self.buffer.extend_from_slice(b"\\n"),
                b'\r' => self.buffer.extend_from_slice(b"\\r"),
                byte => self.buffer.push(byte),
            }
        }
        self
    }

    pub fn list(&mut self, parts: Option<&[String]>) -> &mut Self {
        let joined = parts.map(|parts| parts.join(SEPARATOR.encode_utf8(&mut [0; 4])));
        self.optional_text(joined.as_deref())
    }

    pub fn optional_text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub fn number(&mut self, number: impl Into<i64>) -> &mut Self {
        let number: i64 = number.into();
        self.text(&number.to_string())
    }

    pub fn optional_number(&mut self, number: Option<impl Into<i64>>) -> &mut Self {
        match number {
            Some(number) => self.number(number),
            None => self.null(),
        }
    }

    pub fn id(&mut self, id: Uuid) -> &mut Self {
        self.text(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }

    pub fn end(&mut self) {
        self.buffer.push(b'\n');
    }

    fn null(&mut self) -> &mut Self {
        self.separate();
        self.buffer.extend_from_slice(b"\\N");
        self
    }

    fn separate(&mut self) {
        if !self.first {
            self.buffer.push(b'\t');
        }
        self.first = false;
    }
}
