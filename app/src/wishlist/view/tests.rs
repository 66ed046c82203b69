#![allow(clippy::unwrap_used)]

use super::*;
use crate::cart::api::Shelf;
use crate::catalog::api::Picture;
use crate::domain::{Currency, Money, StockState};
use crate::form::Flash;
use crate::pages::Asked;
use crate::shop::Shop;
use crate::wishlist::api::{Item, ListName, SharedList, Sort, Wishlist};
use std::collections::BTreeMap;

const HOSTILE: &str = "\"><script>alert('1')</script></textarea>";

fn money(minor: i64) -> Money {
    Money::from_minor(minor).unwrap()
}

fn thing(id: &str) -> Item {
    Item {
        id: id.to_owned(),
        variant: ["variant-", id].concat(),
        slug: Some("tarn-mug".to_owned()),
        key: "MUG & 1".to_owned(),
        title: "Tarn mug".to_owned(),
        options: vec!["Sage".to_owned(), "Small".to_owned()],
        picture: None,
        note: String::new(),
        price: money(2000),
        price_then: money(2400),
        compare_at: None,
        stock: StockState::In,
        gone: false,
        added: "24 November 2026".to_owned(),
        alert_price: false,
        alert_stock: false,
    }
}

fn gone(id: &str) -> Item {
    Item { gone: true, slug: None, variant: String::new(), stock: StockState::Out, ..thing(id) }
}

fn name(id: &str, name: &str, items: u32) -> ListName {
    ListName { id: id.to_owned(), name: name.to_owned(), items, is_default: id.is_empty() || id == "first" }
}

fn wishlist(items: Vec<Item>) -> Wishlist {
    Wishlist {
        lists: vec![name("first", "Wishlist", 1), name("kitchen", "Kitchen", 4)],
        at: 0,
        items,
        sort: Sort::Added,
        shared: None,
        may_alert: true,
    }
}

fn refused(action: &str, values: &[(&str, &str)], errors: &[(&str, &str)]) -> Flash {
    let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    Flash { action: action.to_owned(), values: map(values), errors: map(errors), ..Flash::default() }
}

/// What is made for whoever asks at `path`.
fn asking(path: &str, flash: &Flash, page: impl Fn(Asked) -> crate::catalog::api::Rendered) -> String {
    let shop = Shop {
        name: "Fieldstone".to_owned(),
        tagline: String::new(),
        currency: Currency::from_code("EUR").unwrap(),
        base_url: "https://shop.example".to_owned(),
    };
    let (path, search) = path.split_once('?').unwrap_or((path, ""));
    let page = page(Asked { path, search, shop: &shop, shelf: &Shelf::default(), flash });
    assert_eq!(page.canonical, None, "search engines have no business here");
    assert_unique_ids(&page.html);
    assert_forms_are_whole(&page.html);
    page.html
}

fn own(wishlist: &Wishlist) -> String {
    asking("/wishlist?list=first", &Flash::default(), |asked| page(wishlist, asked))
}

fn own_after(flash: &Flash, wishlist: &Wishlist) -> String {
    asking("/wishlist?list=first", flash, |asked| page(wishlist, asked))
}

fn for_others(items: Vec<Item>) -> String {
    let list = SharedList { name: "Kitchen".to_owned(), items };
    asking("/wishlists/token", &Flash::default(), |asked| shared(&list, asked))
}

fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let opening = [" ", name, "=\""].concat();
    html.split(&opening).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

fn assert_unique_ids(html: &str) {
    let mut ids = attributes(html, "id");
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "{html}");
    for described in attributes(html, "aria-describedby").into_iter().chain(attributes(html, "for")) {
        assert!(ids.contains(&described), "{described} is nowhere");
    }
}

/// The forms of a page, by action.
fn forms<'a>(html: &'a str, action: &str) -> Vec<&'a str> {
    let all = html.split("<form").skip(1).map(|form| form.split("</form>").next().unwrap());
    let opening = ["action=\"", action, "\""].concat();
    all.filter(|form| form.split('>').next().unwrap().contains(&opening)).collect()
}

fn has_hidden(form: &str, name: &str, value: &str) -> bool {
    form.contains(&format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"))
}

/// Every form that acts says where it stands and, but for one that makes something, on what it acts.
fn assert_forms_are_whole(html: &str) {
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap();
        if !form.contains("method=\"post\"") {
            continue;
        }
        assert!(form.contains("data-act=") && form.contains("name=\"page\""), "{form}");
        let subject = ["item", "list", "variant", "token"].iter().any(|name| {
            form.contains(&format!("type=\"hidden\" name=\"{name}\" value=\""))
                && !form.contains(&format!("type=\"hidden\" name=\"{name}\" value=\"\""))
        });
        assert!(subject || form.contains("create_list"), "{form}");
        assert!(form.contains("data-error=\"\""), "{form}");
    }
}

/// The line of one thing.
fn line<'a>(html: &'a str, id: &str) -> &'a str {
    let lines = html.split("<li class=\"wish\"").skip(1);
    lines.into_iter().find(|line| line.contains(&format!("data-key=\"{id}\""))).unwrap()
}

#[test]
fn lists_are_links_with_their_counts_and_the_shown_one_is_marked() {
    let html = own(&Wishlist { at: 1, sort: Sort::Name, ..wishlist(Vec::new()) });
    let nav = html.split("aria-label=\"Your lists\"").nth(1).unwrap().split("</nav>").next().unwrap();
    assert!(nav.contains("href=\"/wishlist?list=first&amp;sort=name\""), "{nav}");
    let shown = nav.split("<a ").find(|link| link.contains("aria-current=\"page\"")).unwrap();
    assert!(shown.contains("Kitchen") && shown.contains("4 things"), "{shown}");
    assert_eq!(nav.matches("aria-current").count(), 1);
    assert!(html.contains("<h1 tabindex=\"-1\">Kitchen</h1>"));
}

#[test]
fn of_many_lists_the_shown_one_is_among_the_first() {
    let lists: Vec<_> = (0..50).map(|at| name(&format!("list-{at}"), &format!("List {at}"), 0)).collect();
    let html = own(&Wishlist { lists, at: 33, ..wishlist(Vec::new()) });
    let (first, rest) = html.split_once("<details class=\"more\"").unwrap();
    assert!(first.contains("List 33<") && first.contains("List 7<") && !first.contains("List 8<"));
    assert!(rest.contains("41 more lists") && rest.contains("List 49<"));
}

#[test]
fn a_thing_says_what_has_become_of_it() {
    let dearer = Item { price: money(2800), ..thing("b") };
    let same = Item { price_then: money(2000), ..thing("c") };
    let html = own(&wishlist(vec![thing("a"), dearer, same]));
    let a = line(&html, "a");
    assert!(a.contains("€20.00") && a.contains("€4.00 less than when you added it"), "{a}");
    assert!(a.contains("href=\"/products/tarn-mug?variant=MUG+%26+1\""));
    assert!(a.contains("Sage, Small") && a.contains("In stock") && a.contains("Added 24 November 2026"));
    assert!(line(&html, "b").contains("€4.00 more than when you added it"));
    assert!(!line(&html, "c").contains("when you added it"));
}

#[test]
fn forms_name_what_they_act_on() {
    let html = own(&wishlist(vec![thing("a"), Item { stock: StockState::Out, ..thing("b") }]));
    for (action, expected) in [
        ("to_cart", vec!["a"]),
        ("remove_item", vec!["a", "b"]),
        ("move_item", vec!["a", "b"]),
        ("set_note", vec!["a", "b"]),
        ("set_alerts", vec!["a", "b"]),
    ] {
        let forms = forms(&html, &["/api/wishlist/", action].concat());
        assert_eq!(forms.len(), expected.len(), "{action}");
        for (form, item) in forms.iter().zip(expected) {
            assert!(has_hidden(form, "item", item) && has_hidden(form, "page", "/wishlist?list=first"), "{form}");
        }
    }
    for action in ["all_to_cart", "share", "rename_list"] {
        let forms = forms(&html, &["/api/wishlist/", action].concat());
        assert!(forms.len() == 1 && has_hidden(forms[0], "list", "first"), "{action}");
    }
    let elsewhere = forms(&html, "/api/wishlist/move_item")[0];
    assert!(elsewhere.contains("formaction=\"/api/wishlist/copy_item\""));
    assert!(elsewhere.contains("value=\"kitchen\"") && !elsewhere.contains("value=\"first\""), "not to where it is");
    let order = forms(&html, "/wishlist")[0];
    assert!(
        order.contains("method=\"get\"") && order.contains("class=\"filters\"") && has_hidden(order, "list", "first")
    );
}

#[test]
fn what_makes_no_sense_is_not_offered() {
    let alone = Wishlist { lists: vec![name("first", "Wishlist", 1)], ..wishlist(vec![gone("a")]) };
    let html = own(&alone);
    for action in ["to_cart", "all_to_cart", "move_item", "set_alerts", "delete_list"] {
        assert!(forms(&html, &["/api/wishlist/", action].concat()).is_empty(), "{action}");
    }
    assert_eq!(forms(&html, "/api/wishlist/remove_item").len(), 1);
    assert!(!html.contains("name=\"sort\""), "one thing has no order");
}

#[test]
fn what_is_gone_stays_and_says_so() {
    let html = own(&wishlist(vec![gone("a")]));
    let a = line(&html, "a");
    assert!(a.contains("data-gone") && a.contains("Not sold any more") && a.contains("€24.00 when you added it"));
    assert!(!a.contains("/products/") && !a.contains("Move to cart") && !a.contains("€20.00"), "{a}");
    let shared = for_others(vec![gone("a")]);
    assert!(shared.contains("Not sold any more") && !shared.contains("/products/") && !shared.contains("add_line"));
}

#[test]
fn mail_is_offered_to_who_can_get_it() {
    let out = Item { stock: StockState::Out, alert_price: true, ..thing("b") };
    let back = Item { alert_stock: true, ..thing("c") };
    let html = own(&wishlist(vec![thing("a"), out, back]));
    let checks = |id: &str| {
        let form = forms(line(&html, id), "/api/wishlist/set_alerts")[0].to_owned();
        assert!(form.contains("data-act=\"change\"") && form.contains("without-script"), "{form}");
        let of = |name: &str| {
            form.split("<input")
                .find(|input| input.contains(&format!("name=\"{name}\"")))
                .map(|input| input.contains("checked"))
        };
        (of("price"), of("stock"))
    };
    assert_eq!(checks("a"), (Some(false), None));
    assert_eq!(checks("b"), (Some(true), Some(false)));
    assert_eq!(checks("c"), (Some(false), Some(true)));
    let html = own(&Wishlist { may_alert: false, ..wishlist(vec![thing("a"), thing("b")]) });
    assert!(!html.contains("set_alerts"));
    assert_eq!(html.matches("href=\"/login?next=%2Fwishlist\"").count(), 1);
}

#[test]
fn a_list_is_shared_renamed_and_deleted() {
    let kitchen = Wishlist { at: 1, ..wishlist(vec![thing("a"), thing("b"), thing("c"), gone("d")]) };
    let html = own(&kitchen);
    let delete = forms(&html, "/api/wishlist/delete_list")[0];
    assert!(delete.contains("Delete this list and its 4 things") && has_hidden(delete, "list", "kitchen"));
    assert!(forms(&html, "/api/wishlist/rename_list")[0].contains("value=\"Kitchen\""));
    assert!(html.contains("not your notes nor your name") && forms(&html, "/api/wishlist/unshare").is_empty());
    let html = own(&Wishlist { shared: Some("/wishlists/token".to_owned()), ..kitchen });
    let unshare = forms(&html, "/api/wishlist/unshare")[0];
    assert!(unshare.contains("readonly") && unshare.contains("value=\"https://shop.example/wishlists/token\""));
    assert!(html.contains("not your notes nor your name") && forms(&html, "/api/wishlist/share").is_empty());
}

#[test]
fn a_list_that_is_not_stored_yet_has_no_forms_about_it() {
    let html = own(&Wishlist { lists: vec![name("", "", 0)], ..wishlist(Vec::new()) });
    assert!(html.contains(">Wishlist</h1>") && html.contains("href=\"/products\"") && html.contains("heart"));
    let posts: Vec<_> = html.split("<form").skip(1).collect();
    assert!(posts.len() == 1 && posts[0].contains("create_list"), "{html}");
}

#[test]
fn an_empty_list_invites_from_where_hearts_go() {
    let html = own(&Wishlist { at: 1, ..wishlist(Vec::new()) });
    assert!(html.contains("goes to “Wishlist”") && html.contains("href=\"/products\""));
    assert!(html.contains(">Delete this list<"));
}

#[test]
fn what_anybody_typed_is_inert() {
    let hostile = || HOSTILE.to_owned();
    let item = Item { title: hostile(), options: vec![hostile()], note: hostile(), key: hostile(), ..thing("a") };
    let picture = Picture { base: hostile(), widths: Vec::new(), width: 1, height: 1, alt: hostile() };
    let items = vec![Item { picture: Some(picture), ..item }];
    let lists = vec![name("first", HOSTILE, 1), name("kitchen", HOSTILE, 1)];
    let typed = refused("/api/wishlist/set_note", &[("item", "a"), ("note", HOSTILE)], &[("note", HOSTILE)]);
    let own = own_after(&typed, &Wishlist { lists, ..wishlist(items.clone()) });
    let list = SharedList { name: hostile(), items };
    let path = ["/unsubscribe?token=", HOSTILE].concat();
    let others = asking("/wishlists/token", &Flash::default(), |asked| shared(&list, asked));
    for html in [own, others, asking(&path, &Flash::default(), unsubscribe)] {
        assert!(!html.contains("<script") && html.contains("&lt;script"), "{html}");
        assert_eq!(html.matches("<textarea").count(), html.matches("</textarea>").count());
    }
}

#[test]
fn a_refused_form_says_so_beside_its_field_and_keeps_what_was_typed() {
    let items = || vec![Item { note: "Blue".to_owned(), ..thing("a") }, thing("b")];
    let flash = refused("/api/wishlist/set_note", &[("item", "b"), ("note", "Long")], &[("note", "Shorten it")]);
    let html = own_after(&flash, &wishlist(items()));
    let of = |id| forms(line(&html, id), "/api/wishlist/set_note")[0];
    assert!(of("b").contains("id=\"note-b-error\">Shorten it</p>"), "{}", of("b"));
    assert!(of("b").contains("aria-invalid=\"true\"") && of("b").contains(">Long</textarea>"));
    assert!(!of("a").contains("Shorten it") && of("a").contains(">Blue</textarea>"));
    assert_eq!(html.matches(" open=\"\"").count(), 1, "its form is in sight, no other is");
    assert!(line(&html, "b").contains(" open=\"\""));

    let flash = refused("/api/wishlist/copy_item", &[("item", "a"), ("list", "kitchen")], &[("list", "It is there")]);
    let html = own_after(&flash, &wishlist(items()));
    assert!(forms(line(&html, "a"), "/api/wishlist/move_item")[0].contains("It is there"));
    assert_eq!(html.matches("It is there").count(), 1);

    let flash = refused("/api/wishlist/create_list", &[("name", "Wishlist")], &[("name", "Choose another name")]);
    let html = own_after(&flash, &wishlist(items()));
    let create = forms(&html, "/api/wishlist/create_list")[0];
    assert!(create.contains("id=\"new-list-error\">Choose another name</p>"), "{create}");
    assert!(create.contains("value=\"Wishlist\""));
    assert_eq!(html.matches("Choose another name").count(), 1);

    let flash = refused("/api/wishlist/rename_list", &[("list", "first")], &[("name", "Enter a name")]);
    let html = own_after(&flash, &wishlist(items()));
    assert!(forms(&html, "/api/wishlist/rename_list")[0].contains("Enter a name"));
    assert_eq!(html.matches("Enter a name").count(), 1);

    let flash = refused("/api/wishlist/all_to_cart", &[("list", "first")], &[("", "Wait a minute")]);
    let html = own_after(&flash, &wishlist(items()));
    assert!(forms(&html, "/api/wishlist/all_to_cart")[0].contains("role=\"alert\">Wait a minute</p>"), "{html}");
}

#[test]
fn others_see_nothing_of_the_owner_s_but_the_name_of_the_list() {
    let item = Item { note: "Private".to_owned(), alert_price: true, ..thing("item-a") };
    let html = for_others(vec![item, Item { stock: StockState::Out, ..thing("b") }]);
    assert!(html.contains(">Kitchen</h1>") && html.contains("A list that somebody shared with you."));
    assert!(html.contains("Tarn mug") && html.contains("€20.00") && html.contains("In stock"));
    for private in ["Private", "November", "when you added it", "€24.00", "data-key=\"item-a\"", "/api/wishlist"] {
        assert!(!html.contains(private), "{private}");
    }
    let adds = forms(&html, "/api/cart/add_line");
    assert_eq!(adds.len(), 1, "what is out of stock can’t be bought");
    assert!(has_hidden(adds[0], "variant", "variant-item-a") && has_hidden(adds[0], "quantity", "1"));
    assert!(has_hidden(adds[0], "page", "/wishlists/token"));
}

#[test]
fn a_refused_add_says_so_beside_its_thing() {
    let list = SharedList { name: "Kitchen".to_owned(), items: vec![thing("a"), thing("b")] };
    let flash = refused("/api/cart/add_line", &[("variant", "variant-b")], &[("quantity", "None are left")]);
    let html = asking("/wishlists/token", &flash, |asked| shared(&list, asked));
    let adds = forms(&html, "/api/cart/add_line");
    assert!(adds[1].contains("None are left") && !adds[0].contains("None are left"));
}

#[test]
fn mail_is_stopped_by_a_button_and_not_by_a_link() {
    let none = Flash::default();
    let html = asking("/unsubscribe?token=a%26b", &none, unsubscribe);
    let form = forms(&html, "/api/wishlist/unsubscribe")[0];
    assert!(has_hidden(form, "token", "a&amp;b") && has_hidden(form, "page", "/unsubscribe?token=a%26b"), "{form}");
    assert!(html.contains(">Stop this mail</h1>") && form.contains(">Stop this mail</button>"));
    let flash = refused("/api/wishlist/unsubscribe", &[], &[("", "This link is not whole")]);
    let html = asking("/unsubscribe?token=a", &flash, unsubscribe);
    assert!(html.contains(">This link is not whole</p>"));
    for path in ["/unsubscribe", "/unsubscribe?token="] {
        let html = asking(path, &none, unsubscribe);
        assert!(!html.contains("<form") && html.contains("href=\"/wishlist\""), "{html}");
    }
}
