use super::place::Place;
use crate::domain::PageNumber;
use leptos::prelude::*;

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
#[component]
pub fn Pagination(place: Place, page: u32, pages: u32) -> impl IntoView {
    let link = move |to: u32, rel: Option<&'static str>, name: String, words: String| {
        let href = PageNumber::new(to.into()).map(|to| place.href(&place.query().at_page(to))).unwrap_or_default();
        view! {
            <a href=href rel=rel aria-label=name aria-current=(to == page).then_some("page") data-noscroll="">
                {words}
            </a>
        }
    };
    (pages > 1).then(|| {
        view! {
            <nav class="pages" aria-label="Pages">
                {(page > 1).then(|| link(page - 1, Some("prev"), "Previous page".to_owned(), "Previous".to_owned()))}
                <ol>
                    {steps(page, pages)
                        .into_iter()
                        .map(|step| match step {
                            Step::Page(to) => {
                                let number = to.to_string();
                                view! { <li>{link(to, None, "Page ".to_owned() + &number, number)}</li> }.into_any()
                            }
                            Step::Gap => view! { <li class="gap" aria-hidden="true">"…"</li> }.into_any(),
                        })
                        .collect_view()}
                </ol>
                {(page < pages).then(|| link(page + 1, Some("next"), "Next page".to_owned(), "Next".to_owned()))}
            </nav>
        }
    })
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
