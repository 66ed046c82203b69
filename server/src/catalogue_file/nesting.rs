//! How deep HTML is nested, told before anything builds a tree of it: for each element a parser looks through those that
//! are open, so thousands in one another take it minutes.

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::{LocalName, local_name};
use std::cell::{Cell, RefCell};

/// Elements in one another, at most. No page that anybody reads has a tenth of it.
const DEEPEST: usize = 500;

/// Whether HTML is nested beyond all use. An end tag that doesn't end the innermost element counts for nothing, as what
/// it misses may stay open: so what is very untidy counts as deep as well, and hidden depth is not to be had.
pub fn is_too_deep(html: &str) -> bool {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Nesting::default(), TokenizerOpts::default());
    // Nothing here runs scripts, which alone would make it stop before the end.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.is_too_deep.get()
}

#[derive(Default)]
struct Nesting {
    open: RefCell<Vec<LocalName>>,
    is_too_deep: Cell<bool>,
}

impl TokenSink for Nesting {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else { return TokenSinkResult::Continue };
        // Deep enough, whatever follows.
        if self.is_too_deep.get() {
            return TokenSinkResult::Continue;
        }
        match tag.kind {
            TagKind::StartTag => self.begin(tag),
            TagKind::EndTag => {
                self.end_of(&tag.name);
                TokenSinkResult::Continue
            }
        }
    }
}

impl Nesting {
    fn begin(&self, tag: Tag) -> TokenSinkResult<()> {
        if is_void(&tag.name) {
            return TokenSinkResult::Continue;
        }
        let within = match tag.name {
            local_name!("textarea") | local_name!("title") => TokenSinkResult::RawData(RawKind::Rcdata),
            local_name!("script") => TokenSinkResult::RawData(RawKind::ScriptData),
            local_name!("plaintext") => TokenSinkResult::Plaintext,
            local_name!("style")
            | local_name!("xmp")
            | local_name!("iframe")
            | local_name!("noembed")
            | local_name!("noframes") => TokenSinkResult::RawData(RawKind::Rawtext),
            _ => TokenSinkResult::Continue,
        };
        let mut open = self.open.borrow_mut();
        // Many write lists and paragraphs without the ends of their parts.
        if ends_by_itself(&tag.name) && open.last() == Some(&tag.name) {
            open.pop();
        }
        open.push(tag.name);
        self.is_too_deep.set(open.len() > DEEPEST);
        within
    }

    fn end_of(&self, name: &LocalName) {
        let mut open = self.open.borrow_mut();
        let inner = open.iter().rev().take_while(|one| *one != name && ends_by_itself(one)).count();
        let outer = open.len() - inner;
        if outer > 0 && open[outer - 1] == *name {
            open.truncate(outer - 1);
        }
    }
}

/// Whether the end tag may be left out where another of them begins, or what they are in ends.
fn ends_by_itself(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("p")
            | local_name!("li")
            | local_name!("dt")
            | local_name!("dd")
            | local_name!("tr")
            | local_name!("td")
            | local_name!("th")
            | local_name!("tbody")
            | local_name!("thead")
            | local_name!("tfoot")
            | local_name!("option")
    )
}

/// Whether an element never has anything in it.
fn is_void(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("area")
            | local_name!("base")
            | local_name!("br")
            | local_name!("col")
            | local_name!("embed")
            | local_name!("hr")
            | local_name!("img")
            | local_name!("input")
            | local_name!("link")
            | local_name!("meta")
            | local_name!("param")
            | local_name!("source")
            | local_name!("track")
            | local_name!("wbr")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_not_deep() {
        for part in [
            "<div><p>A <b>mug</b><br></p></div>",
            "<ul><li>one<li>two</ul>",
            "<p>one<p>two",
            "<table><tr><td>1<td>2<tr><td>3</table>",
            "<img src=x><hr>",
            "<!-- <div> -->",
            "<a title='<div>'>x</a>",
            "<textarea><div></textarea>",
            "a < b",
        ] {
            assert!(!is_too_deep(&part.repeat(2_000)), "{part}");
        }
    }

    #[test]
    fn depth_is_seen_through_what_would_hide_it() {
        for part in [
            "<div>",
            "<div/>",
            "<b><i>",
            "<div></x></x>",
            "<div><!-- </div> -->",
            "<div><a title='</div>'></a>",
            "<div><textarea></div></textarea>",
            "<div><object></div></object>",
            "<p><b id=1></p>",
            "< <div>",
        ] {
            assert!(is_too_deep(&part.repeat(2_000)), "{part}");
        }
        assert!(!is_too_deep(&["<div>".repeat(DEEPEST), "</div>".repeat(DEEPEST)].concat()));
    }
}
