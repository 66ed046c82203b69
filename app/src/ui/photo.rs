use crate::catalog::api::Picture;
use leptos::prelude::*;

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

/// `sizes` as the layout has them. An `eager` picture is the one that a page is waited for; all others load when they
/// come near. The alternative text is the caller's, since a picture beside its own name has none.
#[component]
pub fn Photo(
    picture: Picture,
    sizes: &'static str,
    #[prop(optional)] eager: bool,
    #[prop(optional, into)] alt: String,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let srcset = picture.srcset();
    view! {
        <img
            class=class
            src=picture.fallback()
            sizes=srcset.is_some().then_some(sizes)
            srcset=srcset
            width=picture.width.max(1).to_string()
            height=picture.height.max(1).to_string()
            alt=alt
            loading=(!eager).then_some("lazy")
            fetchpriority=eager.then_some("high")
            decoding="async"
        />
    }
}

/// Stands where a picture would: a drawn outline on the same plate, for any kind of thing.
#[component]
pub fn Placeholder() -> impl IntoView {
    view! {
        <svg
            class="placeholder"
            viewBox="0 0 200 200"
            aria-hidden="true"
            inner_html=r#"<path d="M20 150h160"/><path d="M78 62h44c0 14 16 24 16 46 0 24-14 42-38 42s-38-18-38-42c0-22 16-32 16-46Z"/><path d="M74 62c0-4 12-7 26-7s26 3 26 7-12 7-26 7-26-3-26-7Z"/>"#
        ></svg>
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
