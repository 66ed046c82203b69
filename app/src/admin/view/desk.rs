use super::Asked;
use crate::account::api::Role;
use crate::account::log_out_form;
use crate::admin::find;
use crate::admin::host::May;
use crate::catalog::api::{PageAnswer, Rendered};
use crate::ui::{El, el, heading, link};

/// The places of the back office, and who has them.
const PLACES: &[(&str, &str, Option<May>)] = &[
    ("/admin", "Overview", None),
    ("/admin/products", "Products", Some(May::Catalogue)),
    ("/admin/categories", "Categories", Some(May::Catalogue)),
    ("/admin/imports", "Imports", Some(May::Catalogue)),
    ("/admin/users", "Users", Some(May::Support)),
    ("/admin/audit", "Trail", None),
];

/// Where somebody of this role has a place, and how it is called.
pub fn places(role: Role) -> impl Iterator<Item = (&'static str, &'static str)> {
    PLACES.iter().filter(move |(_, _, may)| may.is_none_or(|may| role.may(may))).map(|(href, name, _)| (*href, *name))
}

pub fn has_place(role: Role, path: &str) -> bool {
    places(role).any(|(href, _)| href == path)
}

/// Beside the shop's own style, which shoppers download without it.
const STYLE: &str = r#"<link rel="stylesheet" href="/office.css">"#;

/// A page of the back office, before what stands around every one.
pub struct Desk<'a> {
    /// Its heading.
    pub title: &'a str,
    /// The place that it belongs to.
    pub area: &'a str,
    /// Beside the heading: what can be begun here.
    pub right: Option<El>,
    pub body: Vec<El>,
}

impl Desk<'_> {
    pub fn page(self, asked: Asked) -> Rendered {
        let head = el("div").class("desk-head").child(heading(self.title)).maybe(self.right);
        let main = el("main")
            .class("desk")
            .attr("id", "main")
            .attr("tabindex", "-1")
            .child(notice(asked))
            .child(head)
            .children(self.body);
        Rendered {
            title: [self.title, " · Back office"].concat(),
            html: STYLE.to_owned() + &el("div").class("office").child(side(asked, self.area)).child(main).html(),
            answer: PageAnswer::default(),
            ..Rendered::default()
        }
    }
}

/// What came of the form that led here, for a browser by itself.
fn notice(asked: Asked) -> El {
    let flash = asked.flash;
    let undo = flash.undo.as_ref().map(|undo| crate::cart::behaviour::undo_form(undo, &asked.here()));
    let words = flash.notice.as_ref().map(|words| el("p").text(words));
    el("div").class("notice").attr("id", "notice").attr("role", "status").maybe(words).maybe(undo)
}

fn side(asked: Asked, area: &str) -> El {
    let office = asked.office;
    let role = office.me.role;
    let places = places(role)
        .map(|(href, name)| {
            let here = (href == area).then_some("page");
            el("li").child(link(href, name).maybe_attr("aria-current", here))
        })
        .collect();
    // Opens the palette where there is a script; else it leads to the page that does the same.
    let finds = link(find::view::PATH, "Search")
        .class("finds")
        .attr("data-opens", "palette")
        .attr("aria-keyshortcuts", "Control+K Meta+K")
        .child(el("kbd").attr("aria-hidden", "true").text("Ctrl K"));
    let keys = el("button")
        .class("link with-script")
        .attr("type", "button")
        .attr("data-opens", "shortcuts")
        .text("Keyboard shortcuts");
    let me = el("div")
        .class("me small")
        .child(el("p").text(&office.me.name))
        .child(el("p").class("quiet").text(role.name()))
        .child(keys)
        .child(log_out_form("link"));
    el("nav")
        .class("side")
        .attr("aria-label", "Back office")
        .child(link("/", &office.shop.name).class("logo").attr("rel", "external"))
        .child(finds)
        .child(el("ul").children(places))
        .child(me)
}
