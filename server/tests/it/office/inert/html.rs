//! HTML as a browser's parser sees it: what in it could act, and what it says.

use super::MARK;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// An element behind all else: whoever keeps the parser in a comment, a script or a field hides it.
const END: &str = "the-end";

/// What a page comes to.
#[derive(Default)]
pub struct Parsed {
    /// Each run of text, a script's too, and each attribute's value.
    pub texts: Vec<String>,
    /// Tags that came out of somebody's text.
    pub live: Vec<String>,
    /// Whether the parser was among elements at the end.
    pub is_whole: bool,
}

impl Parsed {
    pub fn says(&self, text: &str) -> bool {
        self.texts.iter().any(|one| one.contains(text))
    }
}

pub fn parsed(html: &str) -> Parsed {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(format!("{html}<{END}>")));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    // Nothing here runs scripts, which alone would make it stop before the end.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().0
}

/// With whether the last token was text.
#[derive(Default)]
struct Sink(RefCell<(Parsed, bool)>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        let (parsed, in_text) = &mut *state;
        match token {
            Token::CharacterTokens(text) => {
                match parsed.texts.last_mut().filter(|_| *in_text) {
                    Some(last) => last.push_str(&text),
                    None => parsed.texts.push(text.to_string()),
                }
                *in_text = true;
                TokenSinkResult::Continue
            }
            Token::TagToken(tag) => {
                *in_text = false;
                parsed.is_whole |= &*tag.name == END;
                parsed.texts.extend(tag.attrs.iter().map(|attribute| attribute.value.to_string()));
                if is_live(&tag) {
                    parsed.live.push(format!("{tag:?}"));
                }
                within(&tag)
            }
            Token::CommentToken(_) => {
                *in_text = false;
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

/// How a parser reads on within an element.
fn within(tag: &Tag) -> TokenSinkResult<()> {
    match (&tag.kind, &*tag.name) {
        (TagKind::EndTag, _) => TokenSinkResult::Continue,
        (_, "textarea" | "title") => TokenSinkResult::RawData(RawKind::Rcdata),
        (_, "script") => TokenSinkResult::RawData(RawKind::ScriptData),
        (_, "style" | "xmp" | "iframe" | "noembed" | "noframes") => TokenSinkResult::RawData(RawKind::Rawtext),
        (_, "plaintext") => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}

/// Whether a tag has what no page of ours has: the mark of the texts, what a browser would run, or a way elsewhere.
fn is_live(tag: &Tag) -> bool {
    tag.attrs.iter().any(|attribute| {
        let name = attribute.name.local.to_lowercase();
        let value: String = attribute.value.chars().filter(|c| !c.is_control() && *c != ' ').collect();
        let value = value.to_lowercase();
        let runs = || ["javascript:", "vbscript:", "data:text/html"].iter().any(|scheme| value.starts_with(scheme));
        match name.as_str() {
            MARK | "srcdoc" => true,
            "href" | "xlink:href" | "src" | "action" | "formaction" | "poster" | "data" => runs(),
            "http-equiv" => value == "refresh",
            "style" => value.contains(MARK),
            _ => name.starts_with("on"),
        }
    })
}

#[test]
fn what_is_live_is_seen() {
    for live in [
        "<p zq7>",
        "<img src=x onerror=alert(1)>",
        "<textarea></textarea><svg onload=a()></textarea>",
        "<script>\"</script><script zq7>alert(1)</script>",
        "<a href=' java\nscript:a()'>x</a>",
        "<a href='&#106;avascript:a()'>x</a>",
        "<meta http-equiv=Refresh content=0>",
        "<p title=\"\" onmouseover=a() \"\">",
    ] {
        assert_eq!(parsed(live).live.len(), 1, "{live}");
    }
    for inert in [
        "<textarea>\n</b><p zq7></textarea>",
        "<title><p zq7></title>",
        "<p title=\"&quot; onmouseover=a()\">&lt;p zq7&gt;</p>",
        "<script>\"\\u003c/script><p zq7>\"</script>",
        "<a href=\"/search?q=javascript:a()\">javascript:a()</a>",
    ] {
        let parsed = parsed(inert);
        assert!(parsed.live.is_empty() && parsed.is_whole, "{inert}: {:?}", parsed.live);
    }
    for open in ["<p><!--", "<script><!--<script></script>", "<textarea>", "<p title=\""] {
        assert!(!parsed(open).is_whole, "{open}");
    }
    assert!(parsed("<p>a &lt;b&gt; &amp; \"c\"</p>").says("a <b> & \"c\""));
}
