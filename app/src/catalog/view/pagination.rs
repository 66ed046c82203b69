use super::place::Place;
use crate::domain::PageNumber;
use crate::ui::{El, el, link};

/// A numbered page or a gap between numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Page(u32),
    Gap,
}

/// First, last, and the current page with its neighbours. A gap never stands for a single page: that page is named
/// instead.
fn steps(current: u32, last: u32) -> Vec<Step> {
    let mut out = Vec::new();
    let mut before = 0;
    for page in 1..=last {
        let near = page.abs_diff(current) <= 1;
        let bridges = (page == 2 && current == 4) || (page + 1 == last && current + 3 == last);
        if page == 1 || page == last || near || bridges {
            if page > before + 1 {
                out.push(Step::Gap);
            }
            out.push(Step::Page(page));
            before = page;
        }
    }
    out
}

/// Numbered pages as plain links. The listing itself scrolls to its top when the page changes.
pub fn pagination(place: &Place, page: u32, pages: u32) -> Option<El> {
    if pages < 2 {
        return None;
    }
    let query = place.query();
    let step_to = |to: u32, words: &str, name: &str| {
        let href = PageNumber::new(to.into()).map(|to| place.href(&query.at_page(to))).unwrap_or_default();
        link(&href, words).attr("aria-label", name)
    };
    let numbers = steps(page, pages)
        .into_iter()
        .map(|step| match step {
            Step::Page(to) => {
                let number = to.to_string();
                let link = step_to(to, &number, &["Page ", &number].concat());
                el("li").child(link.maybe_attr("aria-current", (to == page).then_some("page")))
            }
            Step::Gap => el("li").class("gap").attr("aria-hidden", "true").text("…"),
        })
        .collect();
    let previous = (page > 1).then(|| step_to(page - 1, "Previous", "Previous page").attr("rel", "prev"));
    let next = (page < pages).then(|| step_to(page + 1, "Next", "Next page").attr("rel", "next"));
    Some(
        el("nav")
            .class("pages")
            .attr("aria-label", "Pages")
            .maybe(previous)
            .child(el("ol").children(numbers))
            .maybe(next),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(current: u32, last: u32) -> String {
        let words: Vec<String> = steps(current, last)
            .into_iter()
            .map(|step| match step {
                Step::Page(page) => page.to_string(),
                Step::Gap => "…".to_owned(),
            })
            .collect();
        words.join(" ")
    }

    #[test]
    fn ends_and_neighbours_are_always_there() {
        assert_eq!(shown(1, 1), "1");
        assert_eq!(shown(1, 2), "1 2");
        assert_eq!(shown(1, 9), "1 2 … 9");
        assert_eq!(shown(5, 9), "1 … 4 5 6 … 9");
        assert_eq!(shown(9, 9), "1 … 8 9");
        assert_eq!(shown(300, 625), "1 … 299 300 301 … 625");
    }

    #[test]
    fn a_gap_is_worth_at_least_two_pages() {
        assert_eq!(shown(3, 9), "1 2 3 4 … 9");
        assert_eq!(shown(4, 9), "1 2 3 4 5 … 9");
        assert_eq!(shown(6, 9), "1 … 5 6 7 8 9");
        for last in 1..40 {
            for current in 1..=last {
                let all = steps(current, last);
                for pair in all.windows(3) {
                    if let [Step::Page(a), Step::Gap, Step::Page(b)] = pair {
                        assert!(b - a > 2, "{current} of {last}");
                    }
                }
            }
        }
    }
}
