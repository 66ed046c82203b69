//! HTML that nothing in the browser reacts to, written as text.
//!
//! As views, each kind of element would be built, hydrated and compared by code of its own, which every shopper
//! downloads and runs; as text they are one string set at once.

use leptos::prelude::*;

/// An element under construction. Everything given to it is text and is escaped; the one way around that is
/// [`El::sanitised`].
pub struct El {
    tag: &'static str,
    attributes: String,
    content: String,
}

pub fn el(tag: &'static str) -> El {
    El { tag, attributes: String::new(), content: String::new() }
}

impl El {
    pub fn attr(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
        escape(value, &mut self.attributes);
        self.attributes.push('"');
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
        escape(text, &mut self.content);
        self
    }

    pub fn child(mut self, child: El) -> Self {
        child.write(&mut self.content);
        self
    }

    pub fn maybe(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    pub fn children(mut self, children: Vec<El>) -> Self {
        for child in children {
            child.write(&mut self.content);
        }
        self
    }

    /// HTML of our own making, or that the importer has sanitised.
    pub fn sanitised(mut self, html: &str) -> Self {
        self.content.push_str(html);
        self
    }

    fn write(self, out: &mut String) {
        out.push('<');
        out.push_str(self.tag);
        out.push_str(&self.attributes);
        out.push('>');
        if !matches!(self.tag, "img" | "input" | "source") {
            out.push_str(&self.content);
            out.push_str("</");
            out.push_str(self.tag);
            out.push('>');
        }
    }

    pub fn html(self) -> String {
        let mut out = String::with_capacity(self.content.len() + self.attributes.len() + 16);
        self.write(&mut out);
        out
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

/// Text for the ear only.
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

fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
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
}
