//! Descriptions as people write them: Markdown, and in it any HTML. What becomes of it is cleaned like an import's, so
//! that everything else reads one kind of HTML, whoever wrote it.

use crate::catalogue_file::{clean_html, is_too_deep};
use pulldown_cmark::{Event, Options, Parser, html};

/// What a description comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    pub html: String,
    /// `None` where nobody has written it here: a file brought the HTML.
    pub source: Option<String>,
}

impl Prose {
    /// What the form shows of it.
    pub fn shown(&self) -> String {
        self.source.clone().unwrap_or_else(|| source_of(&self.html))
    }
}

/// Markdown as HTML that nobody has cleaned yet; `None` for what is nested beyond all use.
pub fn rendered(source: &str) -> Option<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    // Whoever begins a new line means one, as they would in a letter.
    let lines = Parser::new_ext(source, options).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        event => event,
    });
    let mut written = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut written, lines);
    (!is_too_deep(&written)).then_some(written)
}

fn html_of(source: &str) -> Option<String> {
    rendered(source).map(|html| clean_html(&html).into_owned())
}

/// Bytes of HTML of which no Markdown is looked for: each showing of its form would take as long as a save.
const LONGEST: usize = 64 * 1024;

/// Markdown that comes to this HTML; the HTML itself where there is none so simple.
fn source_of(html: &str) -> String {
    if html.len() > LONGEST {
        return html.to_owned();
    }
    // Whether it is faithful, only the way back tells.
    let faithful = |source: &String| html_of(source).is_some_and(|back| squeezed(&back) == squeezed(html));
    written(html).filter(faithful).unwrap_or_else(|| html.to_owned())
}

enum Piece<'a> {
    /// Without its brackets.
    Tag(&'a str),
    Text(&'a str),
}

/// Cleaned HTML in its order. A bracket without an end is text.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((tag, after)) = rest.strip_prefix('<').and_then(|tag| tag.split_once('>')) {
            rest = after;
            return Some(Piece::Tag(tag));
        }
        let end = rest.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(rest.len(), |(at, _)| at);
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Text(text))
    })
}

/// Elements around which white space is not seen.
const BLOCKS: [&str; 17] = [
    "blockquote",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
];

/// HTML without the white space that nobody sees.
fn squeezed(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut at_edge = true;
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) => {
                let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
                let is_block = BLOCKS.contains(&name);
                if is_block {
                    out.truncate(out.trim_end_matches(' ').len());
                }
                out.push('<');
                out.push_str(tag);
                out.push('>');
                at_edge = is_block || at_edge;
            }
            Piece::Text(text) => {
                for c in text.chars() {
                    let is_space = c.is_ascii_whitespace();
                    if !is_space {
                        out.push(c);
                    } else if !at_edge && !out.ends_with(' ') {
                        out.push(' ');
                    }
                    at_edge = at_edge && is_space;
                }
            }
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// A try at Markdown for this HTML, of which the caller sees whether it came out right; `None` for HTML beyond
/// paragraphs, headings, lists, links and emphasis.
fn written(html: &str) -> Option<String> {
    let mut writer = Writer::default();
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) => writer.tag(tag)?,
            Piece::Text(text) => writer.text(text),
        }
    }
    Some(writer.out.trim().to_owned())
}

#[derive(Default)]
struct Writer<'a> {
    out: String,
    /// The lists that are open, with the number of the next item of those that count.
    lists: Vec<Option<u32>>,
    /// Where the links lead that are open.
    hrefs: Vec<&'a str>,
}

impl<'a> Writer<'a> {
    fn tag(&mut self, tag: &'a str) -> Option<()> {
        match tag {
            "p" | "/p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if !self.lists.is_empty() => return None,
            "p" | "/p" | "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" => self.paragraph(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.paragraph();
                let level = tag.as_bytes().get(1).map_or(1, |digit| usize::from(digit - b'0'));
                self.out.push_str(&"#".repeat(level));
                self.out.push(' ');
            }
            "strong" | "/strong" => self.out.push_str("**"),
            "em" | "/em" => self.out.push('*'),
            "del" | "/del" => self.out.push_str("~~"),
            "br" => self.line(),
            "hr" => {
                self.paragraph();
                self.out.push_str("---\n\n");
            }
            "ul" | "ol" => {
                if self.lists.is_empty() {
                    self.paragraph();
                }
                self.lists.push((tag == "ol").then_some(1));
            }
            "/ul" | "/ol" => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.paragraph();
                }
            }
            "li" => self.item()?,
            "/li" => {}
            "/a" => {
                let href = self.hrefs.pop()?;
                self.out.push_str("](");
                self.out.push_str(href);
                self.out.push(')');
            }
            link => {
                let href = link.strip_prefix("a href=\"")?.strip_suffix("\" rel=\"noopener noreferrer\"")?;
                if href.is_empty() || href.contains([' ', '(', ')', '<', '>', '\\', '"']) {
                    return None;
                }
                self.hrefs.push(href);
                self.out.push('[');
            }
        }
        Some(())
    }

    fn paragraph(&mut self) {
        self.out.truncate(self.out.trim_end_matches([' ', '\n']).len());
        if !self.out.is_empty() {
            self.out.push_str("\n\n");
        }
    }

    fn line(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
    }

    fn item(&mut self) -> Option<()> {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.line();
        }
        // Four columns are as deep as any marker asks for.
        let depth = self.lists.len().checked_sub(1)?;
        self.out.push_str(&"    ".repeat(depth));
        match self.lists.last_mut()? {
            Some(number) => {
                self.out.push_str(&format!("{number}. "));
                *number += 1;
            }
            None => self.out.push_str("- "),
        }
        Some(())
    }

    fn text(&mut self, html: &str) {
        // An ampersand means one wherever nothing follows that would make it an entity.
        for c in html.replace("&amp; ", "& ").chars() {
            let begins = self.out.is_empty() || self.out.ends_with('\n');
            if c.is_ascii_whitespace() {
                if !begins && !self.out.ends_with(' ') {
                    self.out.push(' ');
                }
                continue;
            }
            if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '~') || begins && matches!(c, '#' | '+' | '-' | '=') {
                self.out.push('\\');
            }
            self.out.push(c);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_clean_html() {
        for (source, html) in [
            ("One & two\nlines\n\nTwo", "<p>One &amp; two<br>\nlines</p>\n<p>Two</p>"),
            ("**Oak**, *oiled* and ~~cheap~~", "<p><strong>Oak</strong>, <em>oiled</em> and <del>cheap</del></p>"),
            ("## Care\n\n- dry\n- oil", "<h2>Care</h2>\n<ul>\n<li>dry</li>\n<li>oil</li>\n</ul>"),
            ("<p onclick=x>A<script>alert(1)</script></p>", "<p>A</p>"),
            ("[x](javascript:alert(1))", "<p><a rel=\"noopener noreferrer\">x</a></p>"),
            ("", ""),
        ] {
            assert_eq!(html_of(source).unwrap(), html, "{source}");
        }
        let table = html_of("| a | b |\n|---|---|\n| 1 | 2 |").unwrap();
        assert!(table.starts_with("<table>") && table.contains("<td>2</td>"), "{table}");
        assert!(html_of("[Care](https://example.com/a?b=1&c=2)").unwrap().contains("rel=\"noopener noreferrer\""));
    }

    #[test]
    fn plain_html_is_shown_as_markdown() {
        for (html, source) in [
            ("<p>A mug.</p>", "A mug."),
            ("<p>One<br>two</p>\n<p>Salt &amp; pepper, 3 * 4</p>", "One\ntwo\n\nSalt & pepper, 3 \\* 4"),
            (
                "<h2>Care</h2><ul>\n<li><strong>Material:</strong> Oak</li><li>dry</li></ul><p>End</p>",
                "## Care\n\n- **Material:** Oak\n- dry\n\nEnd",
            ),
            ("<ol><li>one<ul><li>deep</li></ul></li><li>two</li></ol>", "1. one\n    - deep\n2. two"),
            (
                "<p>See <a href=\"/products\" rel=\"noopener noreferrer\">all of <em>them</em></a>.</p>",
                "See [all of *them*](/products).",
            ),
            ("<p># not a heading</p>", "\\# not a heading"),
        ] {
            assert_eq!(source_of(html), source, "{html}");
        }
    }

    #[test]
    fn html_that_markdown_cannot_say_stays_html() {
        for html in [
            "A mug.",
            "<p>A <span>mug</span></p>",
            "<pre>a\n  b</pre>",
            "<p><b>Old</b> tags</p>",
            "<table><tbody><tr><td>1</td></tr></tbody></table>",
            "<p><img src=\"/a.webp\"></p>",
            "<p>1. no list</p>",
            "<p><strong>a </strong>b</p>",
            "<p>unclosed",
            "a < b",
        ] {
            assert_eq!(source_of(html), html);
        }
        let long = "<p>A mug.</p>".repeat(10_000);
        assert_eq!(source_of(&long), long);
    }

    #[test]
    fn what_is_shown_comes_to_what_was_stored() {
        for html in
            ["<p>a_b_c \\ `x`</p>", "<p>&lt;b&gt; &amp;amp; ![x]</p>", "<h1>a</h1><hr><p>b</p>", "<p>-</p><p>+ 1</p>"]
        {
            let html = clean_html(html);
            assert_eq!(squeezed(&html_of(&source_of(&html)).unwrap()), squeezed(&html));
        }
    }
}
