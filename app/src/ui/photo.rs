use super::markup::{El, el};
use crate::catalog::api::Picture;

impl Picture {
    /// The file of one width; a foreign picture has only one.
    pub fn source(&self, width: Option<u16>) -> String {
        match width {
            Some(width) => {
                let mut url = self.base.clone();
                url.push('/');
                url.push_str(&width.to_string());
                url.push_str(".webp");
                url
            }
            None => self.base.clone(),
        }
    }

    pub fn largest(&self) -> String {
        self.source(self.widths.last().copied())
    }

    /// For browsers that choose by `srcset`, the fallback is the middle of what there is.
    fn fallback(&self) -> String {
        self.source(self.widths.get(self.widths.len() / 2).copied())
    }

    /// `None` for a foreign picture.
    pub fn srcset(&self) -> Option<String> {
        if self.widths.is_empty() {
            return None;
        }
        let mut set = String::new();
        for width in &self.widths {
            if !set.is_empty() {
                set.push_str(", ");
            }
            set.push_str(&self.source(Some(*width)));
            set.push(' ');
            set.push_str(&width.to_string());
            set.push('w');
        }
        Some(set)
    }
}

/// How a picture stands in its place.
#[derive(Clone, Copy)]
pub struct Photo<'a> {
    /// As the layout has it.
    pub sizes: &'static str,
    /// The one picture that a page is waited for; all others load when they come near.
    pub eager: bool,
    /// Empty beside a name that says the same.
    pub alt: &'a str,
}

impl Picture {
    pub fn photo(&self, photo: Photo) -> El {
        let srcset = self.srcset();
        el("img")
            .maybe_attr("sizes", srcset.is_some().then_some(photo.sizes))
            .maybe_attr("srcset", srcset.as_deref())
            .attr("width", &self.width.max(1).to_string())
            .attr("height", &self.height.max(1).to_string())
            .attr("alt", photo.alt)
            .maybe_attr("loading", (!photo.eager).then_some("lazy"))
            .maybe_attr("fetchpriority", photo.eager.then_some("high"))
            .attr("decoding", "async")
            // Last, so that nothing is fetched before it is known how.
            .attr("src", &self.fallback())
    }
}

/// The picture, or what stands where one would: a drawn outline on the same plate, for any kind of thing.
pub fn photo_or_outline(picture: Option<&Picture>, photo: Photo) -> El {
    match picture {
        Some(picture) => picture.photo(photo),
        None => el("svg").class("placeholder").attr("viewBox", "0 0 200 200").attr("aria-hidden", "true").sanitised(
            r#"<path d="M20 150h160"/><path d="M78 62h44c0 14 16 24 16 46 0 24-14 42-38 42s-38-18-38-42c0-22 16-32 16-46Z"/><path d="M74 62c0-4 12-7 26-7s26 3 26 7-12 7-26 7-26-3-26-7Z"/>"#,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_pictures_come_in_widths_and_foreign_ones_as_they_are() {
        let ours = Picture {
            base: "/media/0190".to_owned(),
            widths: vec![320, 640, 1000],
            width: 1000,
            height: 1000,
            alt: String::new(),
        };
        assert_eq!(ours.largest(), "/media/0190/1000.webp");
        assert_eq!(ours.fallback(), "/media/0190/640.webp");
        assert_eq!(
            ours.srcset().as_deref(),
            Some("/media/0190/320.webp 320w, /media/0190/640.webp 640w, /media/0190/1000.webp 1000w")
        );
        let foreign = Picture { base: "https://cdn.example/mug.jpg".to_owned(), widths: Vec::new(), ..ours };
        assert_eq!(foreign.largest(), "https://cdn.example/mug.jpg");
        assert_eq!(foreign.srcset(), None);
    }
}
