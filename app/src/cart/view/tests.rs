#![allow(clippy::unwrap_used)]

use super::{mini, page};
use crate::cart::api::{Cart, Line, LineState, Shelf};
use crate::catalog::api::Picture;
use crate::domain::{Currency, Money, StockState};
use crate::form::Flash;
use crate::pages::Asked;
use crate::shop::Shop;

const HOSTILE: &str = r#"</a><script>alert('1')</script>" onload="x & y"#;

fn money(minor: i64) -> Money {
    Money::from_minor(minor).unwrap()
}

fn line(id: &str, title: &str, quantity: u32, price: i64) -> Line {
    Line {
        id: id.to_owned(),
        variant: ["variant-", id].concat(),
        slug: Some(["slug-", id].concat()),
        key: ["KEY&", id].concat(),
        title: title.to_owned(),
        options: vec!["Sage".to_owned()],
        picture: None,
        quantity,
        most: 99,
        price: money(price),
        was: None,
        compare_at: None,
        total: money(price).checked_mul(quantity),
        state: LineState::Fine,
        stock: StockState::In,
        short: 0,
        merged: false,
        wished: false,
    }
}

fn flagged(id: &str, state: LineState, quantity: u32, most: u32) -> Line {
    Line { state, most, total: None, ..line(id, ["Thing ", id].concat().as_str(), quantity, 500) }
}

/// One line of each kind.
fn full() -> Cart {
    let lines = vec![
        Line { wished: true, ..line("fine", "Tarn mug", 2, 2400) },
        Line { was: Some(money(500)), ..line("fell", "Adit vase", 1, 400) },
        Line { short: 2, most: 5, stock: StockState::Low(5), ..line("short", "Scree bowl", 5, 100) },
        Line { short: 2, merged: true, most: 5, ..line("capped", "Beck carafe", 5, 100) },
        Line { merged: true, ..line("both", "Lode candlestick", 5, 100) },
        Line { short: 3, ..line("most", "Rowan spoons", 99, 100) },
        Line { short: 3, merged: true, ..line("brimful", "Rowan spoons", 99, 100) },
        flagged("raised", LineState::Raised { from: money(400) }, 1, 9),
        flagged("reduced", LineState::Reduced { left: 3 }, 5, 3),
        flagged("out", LineState::SoldOut, 2, 0),
        flagged("held", LineState::Held, 1, 1),
        Line { slug: None, ..flagged("archived", LineState::Gone, 1, 0) },
        Line { slug: None, variant: String::new(), ..flagged("vanished", LineState::Gone, 1, 0) },
    ];
    let saved = vec![
        line("later", "Croft table lamp", 2, 14_900),
        Line { stock: StockState::Out, ..flagged("later-out", LineState::SoldOut, 1, 0) },
    ];
    Cart { lines, saved, pieces: 216, subtotal: money(26_400), savings: money(300), is_guests: false }
}

fn shop() -> Shop {
    Shop {
        name: "Fieldstone".to_owned(),
        tagline: String::new(),
        currency: Currency::from_code("EUR").unwrap(),
        base_url: String::new(),
    }
}

fn shown_after(cart: &Cart, flash: &Flash) -> String {
    let (shop, shelf) = (shop(), Shelf::default());
    page(cart, Asked { path: "/cart", search: "", shop: &shop, shelf: &shelf, flash }).html
}

fn shown(cart: &Cart) -> String {
    shown_after(cart, &Flash::default())
}

/// From a line's beginning to the next one's.
fn of_line<'a>(html: &'a str, id: &str) -> &'a str {
    let from = html.find(&format!(r#"data-key="{id}""#)).unwrap();
    let rest = &html[from..];
    &rest[..rest.find("</li>").unwrap()]
}

fn forms(html: &str) -> impl Iterator<Item = &str> {
    html.split("<form").skip(1).map(|form| form.split("</form>").next().unwrap())
}

fn refused(action: &str, line: &str, quantity: &str, field: &str, words: &str) -> Flash {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Flash {
        action: action.to_owned(),
        values: [pair("line", line), pair("quantity", quantity)].into(),
        errors: [pair(field, words)].into(),
        ..Flash::default()
    }
}

#[test]
fn each_line_says_how_it_stands_and_offers_a_way_out() {
    let html = shown(&full());
    for (id, words) in [
        ("fine", "€48.00"),
        ("fell", "The price fell since you added this: now €4.00, was €5.00."),
        ("short", "You asked for 2 more than there are."),
        ("short", "Only 5 left"),
        ("capped", "We put your two carts together. There are only 5, so 2 fewer than you had."),
        ("both", "This was in both of your carts; together you have 5."),
        ("most", "You asked for 3 more than a cart holds of one thing."),
        ("brimful", "together. A cart holds 99 of one thing at most, so 3 fewer than you had."),
        ("raised", "The price went from €4.00 to €5.00 since you added this."),
        ("raised", "Accept €5.00"),
        ("raised", r#"name="seen" value="500""#),
        ("reduced", "Only 3 left: you have 5."),
        ("reduced", "Set to 3"),
        ("reduced", r#"name="quantity" value="3""#),
        ("out", "Out of stock"),
        ("held", "The last one is in somebody else’s cart just now. It may come back."),
        ("archived", "Not sold any more"),
        ("vanished", "Not sold any more"),
        ("later", "In stock"),
        ("later", "Move to cart"),
        ("later-out", "Out of stock"),
    ] {
        let line = of_line(&html, id);
        assert!(line.contains(words), "{id}: {words}: {line}");
    }
    for (id, count) in [("fine", 1), ("reduced", 1), ("out", 1), ("archived", 1), ("vanished", 0), ("later", 1)] {
        assert_eq!(of_line(&html, id).matches(">Move to wishlist<").count(), count, "{id}");
    }
    assert!(!of_line(&html, "later-out").contains("Move to cart"));
    assert!(of_line(&html, "fine").contains(r#"aria-pressed="true""#));
    assert!(of_line(&html, "fine").contains(r#"aria-label="Remove: "#), "a name in one piece");
}

#[test]
fn what_is_not_counted_says_so() {
    let cart = full();
    let html = shown(&cart);
    for line in &cart.lines {
        let off = line.state != LineState::Fine;
        assert_eq!(of_line(&html, &line.id).contains("Not in the total"), off, "{}", line.id);
        assert_eq!(of_line(&html, &line.id).contains("data-off"), off, "{}", line.id);
    }
    for words in ["216 items", "€264.00", "You save €3.00", "6 lines aren’t counted", "Remove all 227 items?"] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn every_form_works_by_itself() {
    let html = shown(&full());
    assert!(forms(&html).count() > 40);
    let steppers = full().lines.iter().filter(|line| line.most > 0).count();
    assert_eq!(forms(&html).filter(|form| form.contains(r#"data-act="quantity""#)).count(), steppers);
    for form in forms(&html) {
        for part in
            [r#"method="post""#, r#"action="/api/cart/"#, "data-act=", r#"name="page" value="/cart""#, "<button"]
        {
            assert!(form.contains(part), "{part}: {form}");
        }
        assert!(form.contains(r#"name="line""#) || form.contains("/api/cart/clear"), "{form}");
    }
    let ids: Vec<&str> = html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let unique: std::collections::HashSet<&&str> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
}

#[test]
fn only_what_can_be_looked_at_is_a_link() {
    let html = shown(&full());
    assert!(of_line(&html, "fine").contains(r#"href="/products/slug-fine?variant=KEY%26fine""#));
    assert!(!of_line(&html, "archived").contains("href="));
}

#[test]
fn a_refused_quantity_comes_back_beside_its_line() {
    let flash = refused("/api/cart/set_quantity", "fine", "two", "quantity", "Enter a whole number, such as 2");
    let html = shown_after(&full(), &flash);
    assert_eq!(html.matches("Enter a whole number").count(), 1);
    let line = of_line(&html, "fine");
    assert!(line.contains(r#"value="two""#));
    assert!(line.contains(r#"id="quantity-fine-error" role="alert" data-error="quantity">Enter a whole number"#));
    assert!(of_line(&html, "fell").contains(r#"id="quantity-fell" name="quantity" value="1""#));
}

#[test]
fn no_refusal_is_lost() {
    let sold_out = refused("/api/cart/set_quantity", "out", "1", "quantity", "There are none left");
    let changed = refused("/api/cart/accept_price", "raised", "", "", "The price has just changed");
    let back = refused("/api/cart/move_to_cart", "later", "", "", "Somebody has it");
    for (flash, line, words) in [(&sold_out, "out", "There are none left"), (&changed, "raised", "The price has just")]
    {
        let html = shown_after(&full(), flash);
        assert_eq!(html.matches(words).count(), 1, "{words}");
        assert!(of_line(&html, line).contains(words), "{words}");
    }
    assert!(of_line(&shown_after(&full(), &back), "later").contains("Somebody has it"));
    let gone = refused("/api/cart/move_to_cart", "gone", "", "", "Somebody has it");
    assert!(shown_after(&full(), &gone).contains(r#"<p class="form-error" role="alert">Somebody has it"#));
    assert!(shown_after(&Cart::default(), &gone).contains("Somebody has it"));
}

#[test]
fn text_of_others_is_inert() {
    let mut cart = full();
    for line in cart.lines.iter_mut().chain(&mut cart.saved) {
        line.title = HOSTILE.to_owned();
        line.options = vec![HOSTILE.to_owned()];
        line.key = HOSTILE.to_owned();
        line.slug = Some(HOSTILE.to_owned());
        line.picture = Some(Picture {
            base: HOSTILE.to_owned(),
            widths: Vec::new(),
            width: 1,
            height: 1,
            alt: HOSTILE.to_owned(),
        });
    }
    let flash = refused("/api/cart/set_quantity", "fine", HOSTILE, "quantity", HOSTILE);
    for html in [shown_after(&cart, &flash), mini(&cart, &shop())] {
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains(r#"" onload"#), "{html}");
    }
}

#[test]
fn an_empty_cart_invites_and_shows_what_is_saved() {
    let cart = Cart { lines: Vec::new(), pieces: 0, subtotal: Money::ZERO, savings: Money::ZERO, ..full() };
    let html = shown(&cart);
    for words in ["Nothing in it yet", r#"href="/products""#, r#"href="/wishlist""#, "Your cart is empty", "Saved for"]
    {
        assert!(html.contains(words), "{words}");
    }
    assert!(!html.contains("Summary") && !html.contains("/login"));
    let guests = shown(&Cart { is_guests: true, ..cart.clone() });
    assert!(guests.contains("Had something in it?") && guests.contains(r#"href="/login?next=%2Fcart""#), "{guests}");
    assert!(mini(&cart, &shop()).contains("what you saved for later"));
    assert!(!mini(&Cart::default(), &shop()).contains("what you saved for later"));
}

#[test]
fn the_sheet_shows_twenty_lines_and_counts_the_rest() {
    let lines = (0..25).map(|at| line(&at.to_string(), "Tarn mug", 2, 2400)).collect();
    let html = mini(&Cart { lines, ..full() }, &shop());
    assert_eq!(html.matches("brief-line\"").count(), 20);
    assert!(html.contains("and 5 more"));
    assert!(html.contains("2\u{a0}×\u{a0}€24.00"));
    let html = mini(&full(), &shop());
    for words in ["Only 3 left: you have 5. Not in the total.", "€4.00", "€264.00", "View cart"] {
        assert!(html.contains(words), "{words}");
    }
    assert!(!html.contains(" more</p>"));
}
