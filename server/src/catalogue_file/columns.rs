//! The columns of Shopify's product CSV that the shop reads and writes.

use super::cells;
use super::records::Record;

macro_rules! columns {
    ($($variant:ident = $name:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Column { $($variant,)* }

        impl Column {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As Shopify writes it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

// In the order of an export.
columns! {
    Handle = "Handle",
    Title = "Title",
    Body = "Body (HTML)",
    Vendor = "Vendor",
    Category = "Product Category",
    Type = "Type",
    Tags = "Tags",
    Published = "Published",
    Option1Name = "Option1 Name",
    Option1Value = "Option1 Value",
    Option2Name = "Option2 Name",
    Option2Value = "Option2 Value",
    Option3Name = "Option3 Name",
    Option3Value = "Option3 Value",
    Sku = "Variant SKU",
    Grams = "Variant Grams",
    Quantity = "Variant Inventory Qty",
    Price = "Variant Price",
    CompareAt = "Variant Compare At Price",
    Barcode = "Variant Barcode",
    ImageSrc = "Image Src",
    ImagePosition = "Image Position",
    ImageAlt = "Image Alt Text",
    SeoTitle = "SEO Title",
    SeoDescription = "SEO Description",
    VariantImage = "Variant Image",
    Status = "Status",
}

impl Column {
    pub const OPTION_NAMES: [Self; 3] = [Self::Option1Name, Self::Option2Name, Self::Option3Name];
    pub const OPTION_VALUES: [Self; 3] = [Self::Option1Value, Self::Option2Value, Self::Option3Value];
    /// What a product says once: on its first row, and the same or nothing on the others.
    pub const OF_PRODUCT: [Self; 13] = [
        Self::Title,
        Self::Body,
        Self::Vendor,
        Self::Category,
        Self::Type,
        Self::Tags,
        Self::Published,
        Self::Status,
        Self::Option1Name,
        Self::Option2Name,
        Self::Option3Name,
        Self::SeoTitle,
        Self::SeoDescription,
    ];
    /// What makes a row a variant, rather than one more picture of its product.
    pub const OF_VARIANT: [Self; 8] = [
        Self::Option1Value,
        Self::Option2Value,
        Self::Option3Value,
        Self::Sku,
        Self::Price,
        Self::CompareAt,
        Self::Barcode,
        Self::Quantity,
    ];
    const NEEDED: [Self; 3] = [Self::Handle, Self::Title, Self::Price];
}

/// Where a file has its columns.
#[derive(Debug)]
pub struct Columns {
    at: [Option<usize>; Column::ALL.len()],
    /// Columns of a fourth and further options, which no product has: reading over them would lose what they say.
    beyond: Vec<(usize, String)>,
    /// Cells of a record.
    pub width: usize,
}

impl Columns {
    /// Reads the header.
    ///
    /// # Errors
    /// Column (none when all are meant) and reason, for all that is wrong with it.
    pub fn read(header: &Record) -> Result<Self, Vec<(Option<String>, String)>> {
        let names: Vec<String> =
            (0..header.cells()).map(|at| String::from_utf8_lossy(header.cell(at)).trim().to_owned()).collect();
        let position = |name: &str| names.iter().position(|n| n.eq_ignore_ascii_case(name));
        if Column::NEEDED.iter().all(|column| position(column.name()).is_none()) {
            return Err(vec![(None, no_header(&names))]);
        }
        let mut wrong = Vec::new();
        let mut at = [None; Column::ALL.len()];
        for &column in Column::ALL {
            let name = column.name();
            at[column as usize] = position(name);
            if names.iter().filter(|n| n.eq_ignore_ascii_case(name)).count() > 1 {
                wrong.push((Some(name.to_owned()), "the header names this column twice".to_owned()));
            }
        }
        for column in Column::NEEDED {
            if at[column as usize].is_none() {
                wrong.push((Some(column.name().to_owned()), "the header lacks this column".to_owned()));
            }
        }
        for (name, value) in Column::OPTION_NAMES.into_iter().zip(Column::OPTION_VALUES) {
            if at[name as usize].is_some() != at[value as usize].is_some() {
                let (there, lacking) = if at[name as usize].is_some() { (name, value) } else { (value, name) };
                let reason = format!("the header lacks this column, which {} goes with", there.name());
                wrong.push((Some(lacking.name().to_owned()), reason));
            }
        }
        let beyond = names
            .iter()
            .enumerate()
            .filter(|(_, name)| is_beyond_third_option(name))
            .map(|(at, name)| (at, name.clone()))
            .collect();
        if wrong.is_empty() { Ok(Self { at, beyond, width: names.len() }) } else { Err(wrong) }
    }

    pub fn has(&self, column: Column) -> bool {
        self.at[column as usize].is_some()
    }

    /// Of the record's text; empty for a column that the file lacks.
    pub fn cell<'a>(&self, record: &'a Record, column: Column) -> &'a [u8] {
        self.at[column as usize].map_or(&[], |at| record.cell(at))
    }

    /// Cells of a fourth or further option that say something.
    pub fn beyond_third_option<'a>(&'a self, record: &'a Record) -> impl Iterator<Item = &'a str> {
        self.beyond.iter().filter(|(at, _)| !record.cell(*at).trim_ascii().is_empty()).map(|(_, name)| name.as_str())
    }

    /// The name of the column at an index, for problems that a cell has whatever its column.
    pub fn name_at(&self, index: usize) -> Option<&'static str> {
        Column::ALL.iter().find(|column| self.at[**column as usize] == Some(index)).map(|column| column.name())
    }
}

fn is_beyond_third_option(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("Option") else { return false };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = rest.split_at(digits);
    matches!(rest, " Name" | " Value") && cells::whole_number(number, u64::MAX).is_ok_and(|number| number > 3)
}

fn no_header(names: &[String]) -> String {
    let needed = "the first line must name the columns, among them Handle, Title and Variant Price";
    match names {
        [one] if one.contains("Handle;") || one.contains(";Handle") => {
            format!("{needed}; this file separates its cells by semicolons: save it with commas")
        }
        [one] if one.contains("Handle\t") || one.contains("\tHandle") => {
            format!("{needed}; this file separates its cells by tabs: save it with commas")
        }
        _ => needed.to_owned(),
    }
}
