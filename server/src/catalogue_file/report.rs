//! What an import did, would do, or refused.

use crate::media::MediaError;
use std::fmt;

/// A bad row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// In the file, from 1; the line on which the row begins.
    pub line: u64,
    /// None when the row as a whole is meant.
    pub column: Option<String>,
    /// A clause for people, without a full stop.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// What becomes of one product of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Of the product's first row.
    pub line: u64,
    pub handle: String,
    pub kind: ChangeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Created {
        title: String,
    },
    /// Never empty.
    Updated(Vec<FieldChange>),
}

/// One value of a product that is in the shop already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The variant's SKU or option values, or the picture's name; none for the product's own values.
    pub part: Option<String>,
    /// As the file names it; `Variant` for a variant that comes or goes as a whole.
    pub column: String,
    /// As people read it; empty for what was or will be nothing.
    pub old: String,
    pub new: String,
}

/// The outcome of an import, in products.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    pub dry_run: bool,
    /// Rows behind the header, without blank ones.
    pub rows: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// Products with a bad row, and rows that name no product. When there is one, nothing is changed.
    pub refused: u64,
    pub categories_created: u64,
    /// In the order of the file, at most [`super::ImportOptions::list_problems`].
    pub problems: Vec<Problem>,
    /// Problems beyond those listed.
    pub more_problems: u64,
    /// In the order of the file, at most [`super::ImportOptions::list_changes`].
    pub changes: Vec<Change>,
    /// The line behind which the file could not be read.
    pub stopped_at: Option<u64>,
}

impl ImportReport {
    /// Whether the file is refused: then the shop is as it was.
    pub fn is_refused(&self) -> bool {
        !self.problems.is_empty()
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        if self.more_problems > 0 {
            writeln!(f, "… and {} more problems", self.more_problems)?;
        }
        if let Some(line) = self.stopped_at {
            writeln!(f, "Nothing after line {line} was read.")?;
        }
        if !self.is_refused() {
            for change in &self.changes {
                writeln!(f, "{change}")?;
            }
            let unlisted = (self.created + self.updated).saturating_sub(self.changes.len() as u64);
            if unlisted > 0 && !self.changes.is_empty() {
                writeln!(f, "… and {unlisted} more products")?;
            }
        }
        f.write_str(match (self.is_refused(), self.dry_run) {
            (true, _) => "Nothing was changed: mend these lines and import the file again. Without them: ",
            (false, true) => "Nothing was changed, this was a dry run. A run will be: ",
            (false, false) => "",
        })?;
        write!(
            f,
            "{} created, {} updated, {} unchanged, {} refused",
            self.created, self.updated, self.unchanged, self.refused
        )?;
        if self.categories_created > 0 {
            write!(f, "; {} categories created", self.categories_created)?;
        }
        write!(f, " ({} rows).", self.rows)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ChangeKind::Created { title } => write!(f, "line {}: new product {}, “{title}”", self.line, self.handle),
            ChangeKind::Updated(fields) => {
                write!(f, "line {}: {} changes", self.line, self.handle)?;
                for field in fields {
                    write!(f, "\n    {field}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(part) = &self.part {
            write!(f, "{part}, ")?;
        }
        write!(f, "{}: {} → {}", self.column, excerpt(&self.old), excerpt(&self.new))
    }
}

/// Enough of a text to know it again, on one line.
fn excerpt(text: &str) -> String {
    const CHARS: usize = 80;
    if text.is_empty() {
        return "(nothing)".to_owned();
    }
    let line: String = text.chars().take(CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(CHARS).is_some() { format!("{line}…") } else { line }
}

/// Why an import ended without changing anything. Bad rows are one of the reasons.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{0}")]
    Refused(Box<ImportReport>),
    #[error(
        "the catalogue changed while the file was being imported, and nothing was changed by the import; run it again"
    )]
    Overtaken,
    #[error("reading the file failed: {0}")]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Media(MediaError),
    #[error("database: {0}")]
    Database(sqlx::Error),
    #[error("the file’s reader stopped unexpectedly")]
    Reader,
}

impl From<MediaError> for ImportError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Database(error) => error.into(),
            error => Self::Media(error),
        }
    }
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        // A unique key taken since the plan was made, a deadlock, or a lock that didn't come: the file is not at fault.
        let code = error.as_database_error().and_then(|error| error.code());
        match code.as_deref() {
            Some("23505" | "23503" | "40001" | "40P01" | "55P03") => Self::Overtaken,
            _ => Self::Database(error),
        }
    }
}
