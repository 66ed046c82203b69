//! CSV records (RFC 4180) from a stream, in bounded memory.
//!
//! Written by hand, because a reader of other people's files must say *where* one is broken: the usual crate reads over
//! an unterminated quote, grows with a line that never ends, and doesn't tell the line that a record began on.

use std::io::{self, Read};

/// What a file may ask of the reader.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one record; what is longer is no product, but a file without line ends or an open quote.
    pub record_bytes: usize,
    /// Bytes of the whole file.
    pub file_bytes: Option<u64>,
    /// Records after the header.
    pub rows: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { record_bytes: 1024 * 1024, file_bytes: None, rows: None }
    }
}

/// Why nothing after a line can be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("this is a UTF-16 file; save it as “CSV UTF-8”")]
    Utf16 { line: u64 },
    #[error("a quoted cell is opened here and never closed")]
    OpenQuote { line: u64 },
    #[error("after the closing quote of a cell there is more text; a quote inside a cell is written twice")]
    TextAfterQuote { line: u64 },
    #[error("this row is longer than {limit} bytes; is a quoted cell not closed, or a line end missing?")]
    RecordTooLong { line: u64, limit: usize },
    #[error("the file is larger than {limit} bytes")]
    FileTooLong { line: u64, limit: u64 },
    #[error("reading the file failed: {error}")]
    Io { line: u64, error: io::Error },
}

impl Broken {
    pub fn line(&self) -> u64 {
        match self {
            Self::Utf16 { line }
            | Self::OpenQuote { line }
            | Self::TextAfterQuote { line }
            | Self::RecordTooLong { line, .. }
            | Self::FileTooLong { line, .. }
            | Self::Io { line, .. } => *line,
        }
    }
}

/// One record: the bytes of its cells behind one another, so that reading on needs no new memory.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// The line in the file on which the record begins, from 1.
    pub line: u64,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    pub fn cells(&self) -> usize {
        self.ends.len()
    }

    /// Empty for a cell that the record doesn't have.
    pub fn cell(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends.get(index - 1).copied().unwrap_or(self.bytes.len()) };
        let end = self.ends.get(index).copied().unwrap_or(self.bytes.len());
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Whether there is anything but spaces: spreadsheets leave rows of bare commas behind.
    pub fn is_blank(&self) -> bool {
        self.bytes.iter().all(|byte| byte.is_ascii_whitespace())
    }

    fn clear(&mut self, line: u64) {
        self.line = line;
        self.bytes.clear();
        self.ends.clear();
    }
}

const CHUNK: usize = 64 * 1024;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the start of a cell.
    Start,
    Plain,
    Quoted,
    /// Behind a quote inside a quoted cell: its end, or the first half of a doubled quote.
    Quote,
}

pub(super) struct Records<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    /// Bytes taken from the input.
    consumed: u64,
    line: u64,
    limits: Limits,
}

impl<R: Read> Records<R> {
    pub fn new(input: R, limits: Limits) -> Self {
        Self { input, buffer: vec![0; CHUNK], at: 0, filled: 0, ended: false, consumed: 0, line: 1, limits }
    }

    pub fn consumed(&self) -> u64 {
        self.consumed
    }

    /// Passes over a UTF-8 byte order mark, and tells UTF-16 by its own or by the zeros between Latin letters.
    ///
    /// # Errors
    /// For UTF-16 and when the input fails.
    pub fn start(&mut self) -> Result<(), Broken> {
        while self.filled < 4 && self.fill()? {}
        let head = &self.buffer[..self.filled.min(4)];
        if head.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.at = 3;
        } else if head.starts_with(&[0xff, 0xfe])
            || head.starts_with(&[0xfe, 0xff])
            || (head.len() >= 2 && (head[0] == 0) != (head[1] == 0))
        {
            return Err(Broken::Utf16 { line: 1 });
        }
        Ok(())
    }

    /// Reads the next record; false at the end. Empty lines are no records.
    ///
    /// # Errors
    /// When no further record can be told from the input.
    pub fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        record.clear(self.line);
        let mut state = State::Start;
        let mut quoted_from = self.line;
        loop {
            if self.at == self.filled && !self.fill()? {
                return match state {
                    State::Quoted => Err(Broken::OpenQuote { line: quoted_from }),
                    State::Start if record.ends.is_empty() => Ok(false),
                    _ => {
                        record.ends.push(record.bytes.len());
                        Ok(true)
                    }
                };
            }
            let rest = &self.buffer[self.at..self.filled];
            // Runs of ordinary bytes are copied at once; only the byte that ends one is looked at.
            let run = match state {
                State::Quoted => rest.iter().position(|&byte| byte == b'"' || byte == b'\n'),
                State::Plain => rest.iter().position(|&byte| matches!(byte, b',' | b'\n' | b'\r')),
                State::Start | State::Quote => Some(0),
            }
            .unwrap_or(rest.len());
            if record.bytes.len() + run > self.limits.record_bytes || record.ends.len() > self.limits.record_bytes {
                return Err(Broken::RecordTooLong { line: record.line, limit: self.limits.record_bytes });
            }
            record.bytes.extend_from_slice(&rest[..run]);
            self.at += run;
            let Some(&byte) = rest.get(run) else { continue };
            match (state, byte) {
                (State::Quoted, b'"') => state = State::Quote,
                (State::Quoted, _) => {
                    self.line += 1;
                    record.bytes.push(byte);
                }
                (State::Start, b'"') => {
                    quoted_from = self.line;
                    state = State::Quoted;
                }
                (State::Quote, b'"') => {
                    record.bytes.push(byte);
                    state = State::Quoted;
                }
                (State::Start | State::Plain | State::Quote, b',') => {
                    record.ends.push(record.bytes.len());
                    state = State::Start;
                }
                (State::Start | State::Plain | State::Quote, b'\n' | b'\r') => {
                    self.end_line(byte)?;
                    if state == State::Start && record.ends.is_empty() {
                        record.clear(self.line);
                        continue;
                    }
                    record.ends.push(record.bytes.len());
                    return Ok(true);
                }
                (State::Quote, _) => return Err(Broken::TextAfterQuote { line: self.line }),
                (State::Start | State::Plain, _) => {
                    record.bytes.push(byte);
                    state = State::Plain;
                }
            }
            self.at += 1;
        }
    }

    /// Takes a line end: `\n`, `\r\n`, or the bare `\r` of old spreadsheets.
    fn end_line(&mut self, byte: u8) -> Result<(), Broken> {
        self.at += 1;
        self.line += 1;
        if byte == b'\r' && (self.at < self.filled || self.fill()?) && self.buffer[self.at] == b'\n' {
            self.at += 1;
        }
        Ok(())
    }

    fn fill(&mut self) -> Result<bool, Broken> {
        if self.ended {
            return Ok(false);
        }
        if self.at == self.filled {
            self.at = 0;
            self.filled = 0;
        }
        let read = loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Broken::Io { line: self.line, error }),
                Ok(read) => break read,
            }
        };
        self.filled += read;
        self.consumed += read as u64;
        self.ended = read == 0;
        if let Some(limit) = self.limits.file_bytes
            && self.consumed > limit
        {
            return Err(Broken::FileTooLong { line: self.line, limit });
        }
        Ok(read > 0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gives one byte at a time, so that every state meets the end of what has been read.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(1).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    type Rows = Vec<(u64, Vec<Vec<u8>>)>;

    fn read(input: impl Read) -> Result<Rows, Broken> {
        let mut records = Records::new(input, Limits::default());
        records.start()?;
        let mut record = Record::default();
        let mut rows = Vec::new();
        while records.next(&mut record)? {
            rows.push((record.line, (0..record.cells()).map(|at| record.cell(at).to_vec()).collect()));
        }
        Ok(rows)
    }

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let rows = read(text.as_bytes()).unwrap().into_iter();
        rows.map(|(line, cells)| (line, cells.into_iter().map(|cell| String::from_utf8(cell).unwrap()).collect()))
            .collect()
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn records_know_the_line_that_they_begin_on() {
        assert_eq!(
            rows("a,b\n\n\"1\n2\",\"x \"\"y\"\"\"\r\n,\r5\" pipe,\"\""),
            [row(1, &["a", "b"]), row(3, &["1\n2", "x \"y\""]), row(5, &["", ""]), row(6, &["5\" pipe", ""])]
        );
    }

    #[test]
    fn what_can_t_be_told_apart_is_broken() {
        assert!(matches!(read(&b"a\n\"b\n\nc"[..]), Err(Broken::OpenQuote { line: 2 })));
        assert!(matches!(read(&b"a\n\"b\nc\"d"[..]), Err(Broken::TextAfterQuote { line: 3 })));
        assert!(matches!(read(&b"\xfe\xff\0a"[..]), Err(Broken::Utf16 { line: 1 })));
        assert!(matches!(read(&b"\0a\0,"[..]), Err(Broken::Utf16 { line: 1 })));
    }

    proptest! {
        #[test]
        fn what_a_writer_writes_is_read_back(
            cells in prop::collection::vec(prop::collection::vec("[a\"',\r\n é]{0,6}", 3), 1..6),
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &cells {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let read_back: Vec<Vec<String>> = read(&bytes[..])
                .unwrap()
                .into_iter()
                .map(|(_, cells)| cells.into_iter().map(|cell| String::from_utf8(cell).unwrap()).collect())
                .collect();
            prop_assert_eq!(read_back, cells);
        }

        #[test]
        fn pieces_make_no_difference(bytes in prop::collection::vec(prop::sample::select(&b"a,\"\r\n\0\xff\xef\xbb\xbf"[..]), 0..40)) {
            let whole = read(&bytes[..]).map_err(|error| error.to_string());
            let dripped = read(Drip(&bytes)).map_err(|error| error.to_string());
            prop_assert_eq!(whole, dripped);
        }
    }
}
