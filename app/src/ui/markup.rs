//! HTML that nothing in the browser reacts to, written as text.
//!
//! As views, each kind of element would be built, hydrated and compared by code of its own, which every shopper
//! downloads and runs; as text they are one string set at once.

use leptos::prelude::*;

/// An element under construction. Everything given to it is text and is escaped; the one way around that is
/// [`El::sanitised`].
///
/// One string, written in the order in which it is read: a page has hundreds of elements, and making and growing
/// strings was what it cost most.
pub struct El {
    tag: &'static str,
    html: String,
    /// Where its attributes end. What is behind them is `>` and the content, once there is any.
    head: usize,
}

/// Bytes that most elements fit in.
const ROOM: usize = 224;

pub fn el(tag: &'static str) -> El {
    let mut html = String::with_capacity(ROOM);
    html.push('<');
    html.push_str(tag);
    El { tag, head: html.len(), html }
}

impl El {
    pub fn attr(mut self, name: &'static str, value: &str) -> Self {
        if self.html.len() == self.head {
            write_attribute(name, value, &mut self.html);
            self.head = self.html.len();
        } else {
            let mut attribute = String::new();
            write_attribute(name, value, &mut attribute);
            self.html.insert_str(self.head, &attribute);
            self.head += attribute.len();
        }
        self
    }

    pub fn maybe_attr(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    pub fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    pub fn text(mut self, text: &str) -> Self {
        escape(text, self.content());
        self
    }

    pub fn child(mut self, child: El) -> Self {
        let child = child.html();
        self.content().push_str(&child);
        self
    }

    pub fn maybe(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    pub fn children(self, children: Vec<El>) -> Self {
        children.into_iter().fold(self, El::child)
    }

    /// HTML of our own making, or that the importer has sanitised.
    pub fn sanitised(mut self, html: &str) -> Self {
        self.content().push_str(html);
        self
    }

    fn content(&mut self) -> &mut String {
        if self.html.len() == self.head {
            self.html.push('>');
        }
        &mut self.html
    }

    pub fn html(mut self) -> String {
        self.content();
        if !matches!(self.tag, "img" | "input" | "source") {
            self.html.push_str("</");
            self.html.push_str(self.tag);
            self.html.push('>');
        }
        self.html
    }

    /// The element as part of a view, in a wrapper that the layout does not see.
    pub fn view(self) -> AnyView {
        let html = self.html();
        view! { <div class="static" inner_html=html></div> }.into_any()
    }
}

/// Text that is written anew when what it reads changes.
pub fn live(html: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    view! { <div class="static" inner_html=html></div> }.into_any()
}

/// Text for the ear only. In a name it stands apart, with a space before it: it begins with a word or a bracket, and not
/// with a comma or a colon.
pub fn hidden(text: &str) -> El {
    el("span").class("visually-hidden").text(text)
}

/// The `h1` of a page; see [`super::Arrival`].
pub fn heading(text: &str) -> El {
    el("h1").attr("tabindex", "-1").text(text)
}

pub fn link(href: &str, text: &str) -> El {
    el("a").attr("href", href).text(text)
}

/// Text as HTML, also within an attribute.
#[cfg(feature = "ssr")]
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape(text, &mut html);
    html
}

fn write_attribute(name: &'static str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, out);
    out.push('"');
}

fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        out.push_str(match from.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &from[1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_wherever_it_is_put() {
        let hostile = r#"</a><script>alert('1')</script>" onload="x & y"#;
        let html = el("a").attr("href", hostile).text(hostile).html();
        assert_eq!(html.matches('<').count(), 2, "{html}");
        assert_eq!(html.matches('"').count(), 2, "{html}");
        assert!(html.contains("x &amp; y"));
    }

    #[test]
    fn elements_nest_and_void_ones_have_no_end() {
        let html = el("ul")
            .class("grid")
            .children(vec![el("li").child(el("img").attr("src", "/a.webp")), el("li").maybe(None)])
            .html();
        assert_eq!(html, r#"<ul class="grid"><li><img src="/a.webp"></li><li></li></ul>"#);
    }

    #[test]
    fn attributes_may_come_after_the_content() {
        let late = el("p").text("a < b").attr("id", "x").maybe(Some(el("b"))).class("y").html();
        assert_eq!(late, r#"<p id="x" class="y">a &lt; b<b></b></p>"#);
    }
}
