//! Reading and validating: from records to staged rows, with every problem on the way.

use super::cells::{self, NotWhole};
use super::columns::{Column, Columns};
use super::nesting::is_too_deep;
use super::pictures::{self, Address, Wanted};
use super::progress::Progress;
use super::records::{Limits, Record, Records};
use super::report::Problem;
use super::stage::{Chunk, RowWriter, Table};
use app::domain::{Currency, Money};
use std::borrow::Cow;
use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::io::Read;
use uuid::Uuid;

// Limits of the schema, in characters.
const MAX_HANDLE: usize = 255;
const MAX_TITLE: usize = 500;
const MAX_SHORT: usize = 255;
pub(super) const MAX_CATEGORY: usize = 200;
/// The schema's search reads twenty levels; nobody browses ten.
const MAX_CATEGORY_DEPTH: usize = 10;
const MAX_ON_HAND: u64 = 1_000_000_000;
const MAX_POSITION: u64 = 1_000_000;
/// Rows travel to the database in pieces of this many bytes.
const CHUNK_BYTES: usize = 512 * 1024;

/// Problems in the order in which they are found, of which only so many are kept.
pub(super) struct Problems {
    pub listed: Vec<Problem>,
    pub more: u64,
    limit: usize,
}

impl Problems {
    pub fn new(limit: usize) -> Self {
        Self { listed: Vec::new(), more: 0, limit }
    }

    pub fn add(&mut self, problem: Problem) {
        if self.listed.len() < self.limit { self.listed.push(problem) } else { self.more += 1 }
    }

    fn at(&mut self, line: u64, column: Option<&str>, reason: impl Into<String>) {
        self.add(Problem { line, column: column.map(str::to_owned), reason: reason.into() });
    }
}

/// What has been read, besides the rows that were staged.
pub(super) struct Reading {
    pub columns: Option<Columns>,
    pub problems: Problems,
    pub rows: u64,
    /// Numbers of products with a problem.
    pub refused: HashSet<i32>,
    /// Rows with a problem that belong to no product.
    pub stray: u64,
    pub stopped_at: Option<u64>,
    /// Category paths; a staged product names one by its index plus one, and no category by zero.
    pub categories: Vec<Vec<String>>,
    pub pictures: Vec<Wanted>,
}

/// What is remembered of a product while further rows of it may come.
struct Product {
    line: u64,
    /// Hashes of the first row's cells, in the order of [`Column::OF_PRODUCT`]: enough to tell other values, without
    /// holding 300 000 descriptions.
    said: [u64; Column::OF_PRODUCT.len()],
    /// Bits of the options that have a name.
    options: u8,
    /// `Title`, the name of the one option that stands for none.
    titled: bool,
    variants: i32,
}

pub(super) struct Reader<'a> {
    currency: &'a Currency,
    send: &'a mut dyn FnMut(Chunk) -> bool,
    hasher: RandomState,
    reading: Reading,
    /// By number, from 0.
    products: Vec<Product>,
    numbers: HashMap<Box<str>, i32>,
    /// Handles whose first row can't be read: what their other rows lack is not their fault.
    unreadable: HashSet<Box<str>>,
    /// By hash, to the line that has it first.
    skus: HashMap<u64, u64>,
    combinations: HashMap<(i32, u64), u64>,
    /// What the same address in the same product was given as position and alternative text.
    images: HashMap<(i32, u64), (Option<u64>, u64)>,
    category_numbers: HashMap<Vec<String>, i32>,
    picture_numbers: HashMap<String, i32>,
    variants: i32,
    image_rows: i32,
    buffers: [Vec<u8>; 3],
}

/// A row under validation.
struct Row<'a, 'p> {
    columns: &'a Columns,
    record: &'a Record,
    problems: &'p mut Problems,
    sound: bool,
}

impl<'a> Row<'a, '_> {
    /// The cell as an export would have been given it. The record has been checked for UTF-8 before.
    fn raw(&self, column: Column) -> &'a str {
        cells::restore(std::str::from_utf8(self.columns.cell(self.record, column)).unwrap_or_default())
    }

    fn is_blank(&self, column: Column) -> bool {
        self.columns.cell(self.record, column).trim_ascii().is_empty()
    }

    fn refuse(&mut self, column: Column, reason: impl Into<String>) {
        self.sound = false;
        self.problems.at(self.record.line, Some(column.name()), reason);
    }

    /// A text of one line; empty, besides the report, when it can't be taken.
    fn text(&mut self, column: Column, most: usize) -> Cow<'a, str> {
        match cells::one_line(self.raw(column)) {
            Ok(text) if is_longer(&text, most) => {
                let length = text.chars().count();
                self.refuse(column, format!("has {length} characters; at most {most} fit"));
                Cow::Borrowed("")
            }
            Ok(text) => text,
            Err(reason) => {
                self.refuse(column, reason);
                Cow::Borrowed("")
            }
        }
    }

    fn whole(&mut self, column: Column, least: u64, most: u64) -> Option<u64> {
        if self.is_blank(column) {
            return None;
        }
        let text = self.raw(column);
        let reason = match cells::whole_number(text, most) {
            Ok(number) if number >= least => return Some(number),
            Ok(_) | Err(NotWhole::Negative) => format!("is {}; the least is {least}", shown(text)),
            Err(NotWhole::TooLarge) => format!("is {}; the most is {most}", shown(text)),
            Err(NotWhole::NotANumber) => format!("is {}; write a whole number in digits", shown(text)),
        };
        self.refuse(column, reason);
        None
    }

    fn money(&mut self, column: Column, currency: &Currency) -> Option<Money> {
        if self.is_blank(column) {
            return None;
        }
        let text = self.raw(column);
        match Money::parse(text, currency) {
            Ok(money) => Some(money),
            Err(error) => {
                self.refuse(column, format!("is {}. {error}", shown(text)));
                None
            }
        }
    }
}

fn index(number: i32) -> usize {
    usize::try_from(number).unwrap_or(0)
}

fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && text.chars().count() > most
}

/// A cell's text within a sentence.
fn shown(text: &str) -> String {
    const CHARS: usize = 40;
    let mut short: String = text.trim().chars().take(CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.trim().chars().nth(CHARS).is_some() {
        short.push('…');
    }
    format!("“{short}”")
}

impl<'a> Reader<'a> {
    /// Reads a whole file and hands the staged rows to `send` in pieces, until that returns false.
    pub fn read(
        input: impl Read,
        limits: Limits,
        currency: &'a Currency,
        list_problems: usize,
        progress: &dyn Progress,
        send: &'a mut dyn FnMut(Chunk) -> bool,
    ) -> Reading {
        let mut reader = Self {
            currency,
            send,
            hasher: RandomState::new(),
            reading: Reading {
                columns: None,
                problems: Problems::new(list_problems),
                rows: 0,
                refused: HashSet::new(),
                stray: 0,
                stopped_at: None,
                categories: Vec::new(),
                pictures: Vec::new(),
            },
            products: Vec::new(),
            numbers: HashMap::new(),
            unreadable: HashSet::new(),
            skus: HashMap::new(),
            combinations: HashMap::new(),
            images: HashMap::new(),
            category_numbers: HashMap::new(),
            picture_numbers: HashMap::new(),
            variants: 0,
            image_rows: 0,
            buffers: [const { Vec::new() }; 3],
        };
        if let Err(broken) = reader.read_all(Records::new(input, limits), limits, progress) {
            reader.reading.problems.at(broken.line(), None, broken.to_string());
            reader.reading.stopped_at = Some(broken.line());
        }
        reader.finish()
    }

    fn read_all<R: Read>(
        &mut self,
        mut records: Records<R>,
        limits: Limits,
        progress: &dyn Progress,
    ) -> Result<(), super::records::Broken> {
        let mut record = Record::default();
        records.start()?;
        if !records.next(&mut record)? {
            self.reading.problems.at(1, None, "the file is empty");
            return Ok(());
        }
        let columns = match Columns::read(&record) {
            Ok(columns) => columns,
            Err(wrong) => {
                for (column, reason) in wrong {
                    self.reading.problems.at(record.line, column.as_deref(), reason);
                }
                self.reading.stopped_at = Some(record.line);
                return Ok(());
            }
        };
        while records.next(&mut record)? {
            if record.is_blank() {
                continue;
            }
            self.reading.rows += 1;
            if let Some(limit) = limits.rows
                && self.reading.rows > limit
            {
                self.reading.problems.at(record.line, None, format!("the file has more than {limit} rows"));
                self.reading.stopped_at = Some(record.line);
                break;
            }
            self.row(&columns, &record);
            if self.reading.rows.is_multiple_of(256) {
                progress.done(records.consumed());
            }
            if !self.flush(CHUNK_BYTES) {
                // Nobody takes the rows any more; why is told by whoever stopped.
                break;
            }
        }
        if self.reading.rows == 0 && self.reading.problems.listed.is_empty() {
            self.reading.problems.at(1, None, "the file has a header and no products");
        }
        self.reading.columns = Some(columns);
        Ok(())
    }

    fn finish(mut self) -> Reading {
        let is_whole = self.reading.stopped_at.is_none();
        for (number, product) in (0..).zip(&self.products).filter(|(_, product)| is_whole && product.variants == 0) {
            if self.reading.refused.insert(number) {
                let reason = "a product needs a row with a price";
                self.reading.problems.at(product.line, Some(Column::Price.name()), reason);
            }
        }
        self.flush(0);
        self.reading
    }

    /// Hands on the tables of which more than so many bytes are waiting.
    fn flush(&mut self, more_than: usize) -> bool {
        for (table, at) in [(Table::Products, 0), (Table::Variants, 1), (Table::Images, 2)] {
            if self.buffers[at].len() > more_than {
                let rows = std::mem::take(&mut self.buffers[at]);
                if !(self.send)(Chunk { table, rows }) {
                    return false;
                }
            }
        }
        true
    }

    fn row(&mut self, columns: &Columns, record: &Record) {
        let line = record.line;
        if let Some((column, reason)) = unreadable(columns, record) {
            self.reading.problems.at(line, column, reason);
            self.refuse_by_handle(columns, record);
            return;
        }
        let Some(number) = self.product(columns, record) else { return };
        let mut row = Row { columns, record, problems: &mut self.reading.problems, sound: true };
        let beyond: Vec<&str> = columns.beyond_third_option(record).collect();
        for name in beyond {
            row.sound = false;
            row.problems.at(line, Some(name), "a product has at most three options");
        }
        let has_image = !row.is_blank(Column::ImageSrc);
        let has_variant = Column::OF_VARIANT.into_iter().any(|column| !row.is_blank(column));
        if !has_image && !has_variant {
            let is_first = self.products[index(number)].line == record.line;
            row.refuse(
                Column::Price,
                if is_first { "is missing" } else { "this row has neither a variant nor a picture" },
            );
        }
        let sound = row.sound;
        let sound = (!has_variant || self.variant(columns, record, number)) && sound;
        let sound = (!has_image || self.image(columns, record, number)) && sound;
        if !sound {
            self.reading.refused.insert(number);
        }
    }

    /// An unreadable row still belongs to its product, if its handle can be read.
    fn refuse_by_handle(&mut self, columns: &Columns, record: &Record) {
        let handle = std::str::from_utf8(columns.cell(record, Column::Handle)).unwrap_or_default().trim();
        match self.numbers.get(handle) {
            Some(&number) => drop(self.reading.refused.insert(number)),
            None if handle.is_empty() || self.unreadable.insert(handle.into()) => self.reading.stray += 1,
            None => {}
        }
    }

    /// The number of the row's product, which its first row stages. None for a row that belongs to no product that can
    /// be read.
    fn product(&mut self, columns: &Columns, record: &Record) -> Option<i32> {
        let mut row = Row { columns, record, problems: &mut self.reading.problems, sound: true };
        let handle = row.text(Column::Handle, MAX_HANDLE);
        if handle.is_empty() {
            if row.sound {
                row.refuse(Column::Handle, "is missing");
            }
            self.reading.stray += 1;
            return None;
        }
        if self.unreadable.contains(handle.as_ref()) {
            return None;
        }
        let said = Column::OF_PRODUCT.map(|column| row.raw(column).trim());
        if let Some(&number) = self.numbers.get(handle.as_ref()) {
            let product = &self.products[index(number)];
            for ((column, cell), first) in Column::OF_PRODUCT.into_iter().zip(said).zip(product.said) {
                if !cell.is_empty() && self.hasher.hash_one(cell) != first {
                    let reason = format!(
                        "differs from line {}, which has the same handle; repeat it or leave it empty",
                        product.line
                    );
                    row.refuse(column, reason);
                }
            }
            if !row.sound {
                self.reading.refused.insert(number);
            }
            return Some(number);
        }

        let title = row.text(Column::Title, MAX_TITLE);
        if title.is_empty() && row.sound {
            row.refuse(Column::Title, "is missing: the first row of a product names it");
        }
        let given = |column| columns.has(column);
        let is_deep = given(Column::Body) && is_too_deep(row.raw(Column::Body));
        if is_deep {
            row.refuse(Column::Body, "has too many elements in one another, or too many that aren’t closed");
        }
        let body = (given(Column::Body) && !is_deep).then(|| cells::clean_html(row.raw(Column::Body)));
        let vendor = row.text(Column::Vendor, MAX_SHORT);
        let kind = row.text(Column::Type, MAX_SHORT);
        let tags = tags(&mut row);
        let category = category(&mut row);
        let status = status(&mut row);
        let seo_title = row.text(Column::SeoTitle, usize::MAX);
        let seo_description = row.text(Column::SeoDescription, usize::MAX);
        let names = Column::OPTION_NAMES.map(|column| row.text(column, MAX_SHORT));
        let mut options = 0;
        for (at, name) in names.iter().enumerate() {
            if name.is_empty() {
                continue;
            }
            options |= 1 << at;
            if at > 0 && names[at - 1].is_empty() {
                row.refuse(
                    Column::OPTION_NAMES[at],
                    format!("needs {} before it", Column::OPTION_NAMES[at - 1].name()),
                );
            }
            if names[..at].iter().any(|earlier| earlier.to_lowercase() == name.to_lowercase()) {
                row.refuse(Column::OPTION_NAMES[at], format!("is {}, which another option is called", shown(name)));
            }
        }
        // How Shopify writes a product without options.
        let titled =
            options == 1 && names[0] == "Title" && matches!(row.raw(Column::Option1Value).trim(), "Default Title" | "");
        let option_names: Vec<String> = if titled {
            Vec::new()
        } else {
            names.into_iter().filter(|name| !name.is_empty()).map(Cow::into_owned).collect()
        };

        let sound = row.sound;
        let number = i32::try_from(self.products.len()).unwrap_or(i32::MAX);
        let category = category.map(|path| self.category_number(path));
        RowWriter::new(&mut self.buffers[0])
            .number(number)
            .number(i64::try_from(record.line).unwrap_or(i64::MAX))
            .id(Uuid::now_v7())
            .text(&handle)
            .text(&title)
            .optional_text(body.as_deref())
            .optional_text(given(Column::Vendor).then_some(&vendor))
            .optional_text(given(Column::Type).then_some(&kind))
            .list(tags.as_deref())
            .optional_number(category)
            .optional_text(status)
            .list(given(Column::Option1Name).then_some(&option_names))
            .optional_text(given(Column::SeoTitle).then_some(&seo_title))
            .optional_text(given(Column::SeoDescription).then_some(&seo_description))
            .end();
        if !sound {
            self.reading.refused.insert(number);
        }
        let said = said.map(|cell| self.hasher.hash_one(cell));
        self.products.push(Product { line: record.line, said, options, titled, variants: 0 });
        self.numbers.insert(handle.into(), number);
        Some(number)
    }

    fn category_number(&mut self, path: Vec<String>) -> i32 {
        if path.is_empty() {
            return 0;
        }
        let next = i32::try_from(self.reading.categories.len() + 1).unwrap_or(i32::MAX);
        match self.category_numbers.entry(path) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                self.reading.categories.push(entry.key().clone());
                *entry.insert(next)
            }
        }
    }

    /// Stages the row's variant; false when something about it is wrong.
    fn variant(&mut self, columns: &Columns, record: &Record, number: i32) -> bool {
        let mut row = Row { columns, record, problems: &mut self.reading.problems, sound: true };
        let product = &mut self.products[index(number)];
        product.variants += 1;
        let sku = row.text(Column::Sku, MAX_SHORT);
        if !sku.is_empty() {
            match self.skus.entry(self.hasher.hash_one(sku.as_ref())) {
                Entry::Occupied(first) => {
                    row.refuse(Column::Sku, format!("{} is on line {} already", shown(&sku), first.get()));
                }
                Entry::Vacant(entry) => drop(entry.insert(record.line)),
            }
        }
        let price = row.money(Column::Price, self.currency);
        if price.is_none() && row.is_blank(Column::Price) {
            row.refuse(Column::Price, "is missing");
        }
        let compare_at = row.money(Column::CompareAt, self.currency);
        let on_hand = row.whole(Column::Quantity, 0, MAX_ON_HAND);
        let grams = row.whole(Column::Grams, 0, i32::MAX as u64);
        let barcode = row.text(Column::Barcode, MAX_SHORT);

        let mut values = Vec::new();
        for (at, column) in Column::OPTION_VALUES.into_iter().enumerate() {
            let value = row.text(column, MAX_SHORT);
            let named = product.options & (1 << at) != 0;
            if product.titled && at == 0 {
                if !matches!(value.as_ref(), "Default Title" | "") {
                    row.refuse(column, format!("is {}, but the product has no options", shown(&value)));
                }
            } else if named && value.is_empty() {
                // A cell that is refused for another reason reads as empty too.
                if row.is_blank(column) {
                    row.refuse(column, format!("is missing: the product has {}", Column::OPTION_NAMES[at].name()));
                }
            } else if !named && !value.is_empty() {
                row.refuse(column, format!("needs {} on the product’s first row", Column::OPTION_NAMES[at].name()));
            } else if named {
                values.push(value.into_owned());
            }
        }
        let has_options = columns.has(Column::Option1Name);
        if has_options && row.sound {
            match self.combinations.entry((number, self.hasher.hash_one(&values))) {
                Entry::Occupied(first) => {
                    let line = *first.get();
                    let reason = if values.is_empty() {
                        format!("the product has a variant on line {line} and no options to tell this one by")
                    } else {
                        format!("the same options, {}, are on line {line} already", shown(&values.join(" / ")))
                    };
                    row.refuse(Column::Option1Value, reason);
                }
                Entry::Vacant(entry) => drop(entry.insert(record.line)),
            }
        }
        let image = row.text(Column::VariantImage, usize::MAX);
        let local = (!image.is_empty()).then(|| pictures::address(&image));
        if let Some(Err(reason)) = local {
            row.refuse(Column::VariantImage, reason);
        }

        let sound = row.sound;
        let position = product.variants;
        let picture = match local {
            Some(Ok(Address::Local)) => Some(self.picture_number(&image, record.line, false)),
            _ => None,
        };
        let given = |column| columns.has(column);
        RowWriter::new(&mut self.buffers[1])
            .number(self.variants)
            .number(number)
            .number(i64::try_from(record.line).unwrap_or(i64::MAX))
            .id(Uuid::now_v7())
            .number(position)
            .optional_text((!sku.is_empty()).then_some(&sku))
            .optional_number(grams.and_then(|grams| i64::try_from(grams).ok()))
            .optional_number(on_hand.and_then(|on_hand| i64::try_from(on_hand).ok()))
            .number(price.map_or(0, Money::minor))
            .optional_number(compare_at.map(Money::minor))
            .text(&barcode)
            .list(has_options.then_some(&values))
            .optional_text((given(Column::VariantImage) && !image.is_empty()).then_some(source_of(&image)))
            .optional_number(picture)
            .end();
        self.variants += 1;
        sound
    }

    /// Stages the row's picture; false when something about it is wrong.
    fn image(&mut self, columns: &Columns, record: &Record, number: i32) -> bool {
        let mut row = Row { columns, record, problems: &mut self.reading.problems, sound: true };
        let source = row.text(Column::ImageSrc, usize::MAX);
        let address = pictures::address(&source);
        if let Err(reason) = address {
            row.refuse(Column::ImageSrc, reason);
        }
        let position = row.whole(Column::ImagePosition, 1, MAX_POSITION);
        let alt = row.text(Column::ImageAlt, usize::MAX);
        let sound = row.sound;
        if !sound {
            return false;
        }
        // Some shops repeat a product's picture on each of its variants; that is the same picture, unless it says
        // otherwise.
        let said = self.hasher.hash_one(alt.as_ref());
        match self.images.entry((number, self.hasher.hash_one(source.as_ref()))) {
            Entry::Occupied(first) => {
                let &(first_position, first_alt) = first.get();
                if (position.is_none() || position == first_position) && (alt.is_empty() || said == first_alt) {
                    return true;
                }
            }
            Entry::Vacant(entry) => drop(entry.insert((position, said))),
        }
        let picture = (address == Ok(Address::Local)).then(|| self.picture_number(&source, record.line, true));
        RowWriter::new(&mut self.buffers[2])
            .number(self.image_rows)
            .number(number)
            .number(i64::try_from(record.line).unwrap_or(i64::MAX))
            .id(Uuid::now_v7())
            .text(source_of(&source))
            .optional_number(picture)
            .optional_number(position.and_then(|position| i64::try_from(position).ok()))
            .optional_text(columns.has(Column::ImageAlt).then_some(&alt))
            .end();
        self.image_rows += 1;
        true
    }

    fn picture_number(&mut self, name: &str, line: u64, in_src: bool) -> i32 {
        if let Some(&number) = self.picture_numbers.get(name) {
            return number;
        }
        let number = i32::try_from(self.picture_numbers.len()).unwrap_or(i32::MAX);
        self.picture_numbers.insert(name.to_owned(), number);
        self.reading.pictures.push(Wanted { number, name: name.to_owned(), line, in_src });
        number
    }
}

/// The source that is stored for a picture: none for one that has its name from an export only.
fn source_of(name: &str) -> &str {
    if pictures::is_own_name(name) { "" } else { name }
}

/// What keeps a row from being read cell by cell.
fn unreadable(columns: &Columns, record: &Record) -> Option<(Option<&'static str>, String)> {
    if record.cells() != columns.width {
        let (cells, width) = (record.cells(), columns.width);
        return Some((None, format!("has {cells} cells, the header has {width}")));
    }
    (0..record.cells()).find_map(|at| {
        let cell = record.cell(at);
        let reason = if cell.contains(&0) {
            "contains a NUL byte"
        } else if std::str::from_utf8(cell).is_err() {
            "is not UTF-8; save the file as “CSV UTF-8”"
        } else {
            return None;
        };
        Some((columns.name_at(at), reason.to_owned()))
    })
}

fn tags(row: &mut Row<'_, '_>) -> Option<Vec<String>> {
    if !row.columns.has(Column::Tags) {
        return None;
    }
    let text = row.text(Column::Tags, usize::MAX);
    let mut tags: Vec<String> = Vec::new();
    for tag in cells::split(&text, ',') {
        if is_longer(&tag, MAX_SHORT) {
            row.refuse(Column::Tags, format!("{} is longer than {MAX_SHORT} characters", shown(&tag)));
        } else if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Some(tags)
}

/// None when the file says nothing of categories; an empty path for no category.
fn category(row: &mut Row<'_, '_>) -> Option<Vec<String>> {
    if !row.columns.has(Column::Category) {
        return None;
    }
    let text = row.text(Column::Category, usize::MAX);
    let path = cells::split(&text, '>');
    if path.iter().any(String::is_empty) {
        row.refuse(Column::Category, format!("is {}; a name is missing before or after a >", shown(&text)));
    } else if path.len() > MAX_CATEGORY_DEPTH {
        row.refuse(Column::Category, format!("has {} levels; at most {MAX_CATEGORY_DEPTH} fit", path.len()));
    } else if let Some(name) = path.iter().find(|name| is_longer(name, MAX_CATEGORY)) {
        row.refuse(Column::Category, format!("{} is longer than {MAX_CATEGORY} characters", shown(name)));
    } else {
        return Some(path);
    }
    Some(Vec::new())
}

/// None when the row says nothing of it.
fn status(row: &mut Row<'_, '_>) -> Option<&'static str> {
    let published = row.raw(Column::Published).trim().to_ascii_lowercase();
    let published = match published.as_str() {
        "" => None,
        "true" => Some("active"),
        "false" => Some("draft"),
        _ => {
            row.refuse(Column::Published, format!("is {}; write true or false", shown(&published)));
            None
        }
    };
    let status = row.raw(Column::Status).trim().to_ascii_lowercase();
    match status.as_str() {
        "" => published,
        "active" => Some("active"),
        "draft" => Some("draft"),
        "archived" => Some("archived"),
        _ => {
            row.refuse(Column::Status, format!("is {}; write active, draft or archived", shown(&status)));
            None
        }
    }
}
