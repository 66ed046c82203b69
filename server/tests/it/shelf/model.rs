//! Any sequence of acts by three browsers, of guests or of one account's owner, against a cart that is simple enough to
//! be read.

use super::cart::{assert_invariants, plain};
use crate::accounts::{ANN, Browser};
use crate::shop::Shop;
use app::cart::api::{Acted, LineState};
use axum::http::StatusCode;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::PgPool;
use std::collections::BTreeMap;
use uuid::Uuid;

const SEQUENCES: usize = 60;
const GOODS: usize = 3;
const VISITORS: usize = 3;

/// `who`: which browser. `what`: which goods. `line`: which of the cart's lines, counted round.
#[derive(Clone, Debug)]
enum Act {
    Add {
        who: usize,
        what: usize,
        pieces: u32,
    },
    Set {
        who: usize,
        line: usize,
        pieces: u32,
    },
    Remove {
        who: usize,
        line: usize,
    },
    Clear {
        who: usize,
    },
    /// Of all that anybody was ever offered to take back.
    Undo {
        who: usize,
        which: usize,
    },
    SaveForLater {
        who: usize,
        line: usize,
    },
    MoveToCart {
        who: usize,
        line: usize,
    },
    AcceptPrice {
        who: usize,
        line: usize,
        seen: i64,
    },
    DismissNote {
        who: usize,
        line: usize,
    },
    LogIn {
        who: usize,
    },
    LogOut {
        who: usize,
    },
    Price {
        what: usize,
        price: i64,
    },
    Stock {
        what: usize,
        on_hand: u32,
    },
    Status {
        what: usize,
        active: bool,
    },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let pieces = || prop_oneof![4 => 1u32..6, 1 => 90u32..120];
    let price = || prop_oneof![Just(100i64), Just(200), Just(300)];
    let (who, what, line) = (0..VISITORS, 0..GOODS, 0usize..6);
    let act = prop_oneof![
        8 => (who.clone(), what.clone(), pieces()).prop_map(|(who, what, pieces)| Act::Add { who, what, pieces }),
        3 => (who.clone(), line.clone(), pieces()).prop_map(|(who, line, pieces)| Act::Set { who, line, pieces }),
        2 => (who.clone(), line.clone()).prop_map(|(who, line)| Act::Remove { who, line }),
        1 => who.clone().prop_map(|who| Act::Clear { who }),
        3 => (who.clone(), 0usize..4).prop_map(|(who, which)| Act::Undo { who, which }),
        3 => (who.clone(), line.clone()).prop_map(|(who, line)| Act::SaveForLater { who, line }),
        3 => (who.clone(), line.clone()).prop_map(|(who, line)| Act::MoveToCart { who, line }),
        2 => (who.clone(), line.clone(), price()).prop_map(|(who, line, seen)| Act::AcceptPrice { who, line, seen }),
        1 => (who.clone(), line).prop_map(|(who, line)| Act::DismissNote { who, line }),
        2 => who.clone().prop_map(|who| Act::LogIn { who }),
        1 => who.prop_map(|who| Act::LogOut { who }),
        2 => (what.clone(), price()).prop_map(|(what, price)| Act::Price { what, price }),
        3 => (what.clone(), prop_oneof![0u32..4, Just(98), Just(150)])
            .prop_map(|(what, on_hand)| Act::Stock { what, on_hand }),
        1 => (what, any::<bool>()).prop_map(|(what, active)| Act::Status { what, active }),
    ];
    prop::collection::vec(act, 1..=25)
}

/// Ann is 0, guests are numbered as they come.
type Owner = usize;
const ANN_IS: Owner = 0;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    saved: bool,
    what: usize,
    quantity: u32,
    short: u32,
    merged: bool,
    agreed: i64,
}

#[derive(Clone, Debug)]
struct Goods {
    price: i64,
    on_hand: u32,
    active: bool,
    held_by: Option<Owner>,
}

impl Goods {
    /// What a cart may have of it.
    fn most(&self) -> u32 {
        if self.active { self.on_hand.min(99) } else { 0 }
    }

    /// What lines that come together are cut down to.
    fn limit(&self, saved: bool) -> u32 {
        if saved || self.on_hand == 0 { 99 } else { self.on_hand.min(99) }
    }
}

/// Refused, in words.
#[derive(Debug, PartialEq, Eq)]
struct No;

struct Model {
    holds: bool,
    goods: Vec<Goods>,
    carts: BTreeMap<Owner, Vec<Line>>,
    visitors: [Option<Owner>; VISITORS],
    guests: usize,
    /// What can be taken back, by whom; gone once it was.
    offers: Vec<Option<(Owner, Vec<Line>)>>,
}

impl Model {
    fn new(holds: bool) -> Self {
        let goods = vec![Goods { price: 200, on_hand: 5, active: true, held_by: None }; GOODS];
        Self { holds, goods, carts: BTreeMap::new(), visitors: [None; VISITORS], guests: 0, offers: Vec::new() }
    }

    fn lines(&self, who: usize) -> &[Line] {
        self.visitors[who].and_then(|owner| self.carts.get(&owner)).map_or(&[], Vec::as_slice)
    }

    /// The line that an act means.
    fn pick(&self, who: usize, line: usize) -> Option<&Line> {
        let lines = self.lines(who);
        (!lines.is_empty()).then(|| &lines[line % lines.len()])
    }

    fn line(&mut self, owner: Owner, what: usize, saved: bool) -> Option<&mut Line> {
        self.carts.entry(owner).or_default().iter_mut().find(|line| line.what == what && line.saved == saved)
    }

    fn take(&mut self, owner: Owner, what: usize, saved: bool) -> Option<Line> {
        let lines = self.carts.entry(owner).or_default();
        let at = lines.iter().position(|line| line.what == what && line.saved == saved)?;
        let goods = &mut self.goods[what];
        if !saved && goods.held_by == Some(owner) {
            goods.held_by = None;
        }
        Some(lines.remove(at))
    }

    /// Whether the owner may have the last piece, and then has it.
    fn hold(&mut self, owner: Owner, what: usize) -> Result<(), No> {
        let goods = &mut self.goods[what];
        if !self.holds || goods.most() != 1 {
            return Ok(());
        }
        if goods.held_by.is_some_and(|holder| holder != owner) {
            return Err(No);
        }
        goods.held_by = Some(owner);
        Ok(())
    }

    /// Says how many pieces were put in.
    fn add(&mut self, owner: Owner, what: usize, asked: u32) -> Result<u32, No> {
        let (most, price) = (self.goods[what].most(), self.goods[what].price);
        if most == 0 {
            return Err(No);
        }
        if self.line(owner, what, false).is_some_and(|line| line.quantity >= most) {
            return Err(No);
        }
        self.hold(owner, what)?;
        if let Some(line) = self.line(owner, what, false) {
            let (before, wanted) = (line.quantity, line.quantity + asked);
            line.quantity = wanted.min(most);
            line.short = wanted - line.quantity;
            line.merged = false;
            return Ok(line.quantity - before);
        }
        let quantity = asked.min(most);
        let line = Line { saved: false, what, quantity, short: asked - quantity, merged: false, agreed: price };
        self.carts.entry(owner).or_default().push(line);
        Ok(quantity)
    }

    fn act(&mut self, act: &Act) -> Result<(), No> {
        match *act {
            Act::Price { what, price } => self.goods[what].price = price,
            Act::Stock { what, on_hand } => self.goods[what].on_hand = on_hand,
            Act::Status { what, active } => self.goods[what].active = active,
            Act::Add { who, what, pieces } => {
                let owner = self.visitors[who].unwrap_or(self.guests + 1);
                self.add(owner, what, pieces)?;
                if self.visitors[who].is_none() {
                    self.guests += 1;
                    self.visitors[who] = Some(owner);
                }
            }
            Act::Clear { who } => {
                let lines = self.lines(who).to_vec();
                if let (Some(owner), Some(_)) = (self.visitors[who], lines.iter().find(|line| !line.saved)) {
                    let removed = lines.iter().filter(|line| !line.saved);
                    let removed = removed.filter_map(|line| self.take(owner, line.what, false)).collect();
                    self.offers.push(Some((owner, removed)));
                }
            }
            Act::Undo { who, which } => return self.undo(who, which),
            Act::LogIn { who } => {
                if let Some(guest) = self.visitors[who].filter(|owner| *owner != ANN_IS) {
                    self.merge(guest);
                }
                self.visitors[who] = Some(ANN_IS);
            }
            Act::LogOut { who } => self.visitors[who] = self.visitors[who].filter(|owner| *owner != ANN_IS),
            Act::Set { who, line, .. }
            | Act::Remove { who, line }
            | Act::SaveForLater { who, line }
            | Act::MoveToCart { who, line }
            | Act::AcceptPrice { who, line, .. }
            | Act::DismissNote { who, line } => {
                if let (Some(owner), Some(line)) = (self.visitors[who], self.pick(who, line).cloned()) {
                    return self.on_line(act, owner, line);
                }
            }
        }
        Ok(())
    }

    fn on_line(&mut self, act: &Act, owner: Owner, Line { what, saved, .. }: Line) -> Result<(), No> {
        let most = self.goods[what].most();
        match *act {
            Act::Set { pieces, .. } => {
                if most == 0 {
                    return Err(No);
                }
                if !saved {
                    self.hold(owner, what)?;
                }
                let line = self.line(owner, what, saved).unwrap();
                (line.quantity, line.short, line.merged) = (pieces.min(most), pieces.saturating_sub(most), false);
            }
            Act::Remove { .. } => {
                let removed = self.take(owner, what, saved).unwrap();
                self.offers.push(Some((owner, vec![removed])));
            }
            Act::SaveForLater { .. } if !saved => {
                let moved = self.take(owner, what, false).unwrap();
                if let Some(line) = self.line(owner, what, true) {
                    line.quantity = (line.quantity + moved.quantity).min(99);
                    line.agreed = line.agreed.min(moved.agreed);
                    (line.short, line.merged) = (0, false);
                } else {
                    let line = Line { saved: true, short: 0, merged: false, ..moved };
                    self.carts.entry(owner).or_default().push(line);
                }
            }
            Act::MoveToCart { .. } if saved => {
                let moved = self.line(owner, what, true).unwrap().clone();
                // Refused, it leaves no trace, not even on the line that it was to join.
                let before = (self.carts.clone(), self.goods.clone());
                let alone = self.line(owner, what, false).is_none();
                let Ok(put) = self.add(owner, what, moved.quantity) else {
                    (self.carts, self.goods) = before;
                    return Err(No);
                };
                let line = self.line(owner, what, false).unwrap();
                line.agreed = if alone { moved.agreed } else { line.agreed.min(moved.agreed) };
                if put == moved.quantity {
                    self.take(owner, what, true);
                } else {
                    self.line(owner, what, true).unwrap().quantity -= put;
                }
            }
            Act::AcceptPrice { seen, .. } => {
                if self.goods[what].price != seen {
                    return Err(No);
                }
                self.line(owner, what, saved).unwrap().agreed = seen;
            }
            Act::DismissNote { .. } => {
                let line = self.line(owner, what, saved).unwrap();
                (line.short, line.merged) = (0, false);
            }
            _ => {}
        }
        Ok(())
    }

    fn undo(&mut self, who: usize, which: usize) -> Result<(), No> {
        let Some(count) = self.offers.len().checked_sub(1) else { return Ok(()) };
        let which = which % (count + 1);
        let visitor = self.visitors[who];
        let Some((owner, removed)) = self.offers[which].take_if(|(owner, _)| Some(*owner) == visitor) else {
            return Err(No);
        };
        for back in removed {
            let (limit, what, saved) = (self.goods[back.what].limit(back.saved), back.what, back.saved);
            if let Some(line) = self.line(owner, what, saved) {
                let wanted = line.quantity + back.quantity;
                line.quantity = wanted.min(limit).max(line.quantity);
                line.short = wanted - line.quantity;
                line.agreed = line.agreed.min(back.agreed);
                line.merged = false;
            } else {
                self.carts.entry(owner).or_default().push(Line { short: 0, merged: false, ..back });
            }
            if !saved {
                let _ = self.hold(owner, what);
            }
        }
        Ok(())
    }

    fn merge(&mut self, guest: Owner) {
        for theirs in self.carts.remove(&guest).unwrap_or_default() {
            let (limit, what) = (self.goods[theirs.what].limit(theirs.saved), theirs.what);
            if let Some(line) = self.line(ANN_IS, what, theirs.saved) {
                let sum = line.quantity + theirs.quantity;
                line.quantity = sum.min(limit);
                line.short = sum - line.quantity;
                line.agreed = line.agreed.min(theirs.agreed);
                line.merged = true;
            } else {
                let quantity = theirs.quantity.min(limit);
                let short = theirs.quantity - quantity;
                let line = Line { quantity, short, merged: short > 0, ..theirs };
                self.carts.entry(ANN_IS).or_default().push(line);
            }
        }
        let becomes_ann = |owner: &mut Owner| {
            if *owner == guest {
                *owner = ANN_IS;
            }
        };
        self.goods.iter_mut().filter_map(|goods| goods.held_by.as_mut()).for_each(becomes_ann);
        self.offers.iter_mut().flatten().for_each(|(owner, _)| becomes_ann(owner));
    }

    fn state(&self, owner: Owner, line: &Line) -> &'static str {
        let goods = &self.goods[line.what];
        if !goods.active {
            "gone"
        } else if goods.on_hand == 0 {
            "sold out"
        } else if goods.on_hand == 1 && goods.held_by.is_some_and(|holder| holder != owner) {
            "held"
        } else if line.quantity > goods.most() {
            "reduced"
        } else if goods.price > line.agreed {
            "raised"
        } else {
            "fine"
        }
    }

    /// Lines with their state, then pieces, subtotal and savings of what counts, and the number in the header.
    fn seen(&self, who: usize) -> (Vec<(Line, &'static str)>, [i64; 4]) {
        let Some(owner) = self.visitors[who] else { return Default::default() };
        let mut lines: Vec<_> = self.lines(who).iter().map(|line| (line.clone(), self.state(owner, line))).collect();
        lines.sort();
        let mut sums = [0; 4];
        for (line, state) in lines.iter().filter(|(line, _)| !line.saved) {
            let (quantity, price) = (i64::from(line.quantity), self.goods[line.what].price);
            sums[3] += quantity;
            if *state == "fine" {
                sums[0] += quantity;
                sums[1] += quantity * price;
                sums[2] += quantity * (line.agreed - price);
            }
        }
        (lines, sums)
    }
}

/// What the shop says, in the model's words.
async fn seen(browser: &Browser<'_>, goods: &[Uuid]) -> (Vec<(Line, &'static str)>, [i64; 4]) {
    let (rows, cart) = (browser.rows().await, browser.cart().await);
    let mut lines = Vec::new();
    for (shown, saved) in cart.lines.iter().map(|line| (line, false)).chain(cart.saved.iter().map(|line| (line, true)))
    {
        let row = rows.iter().find(|row| row.id.to_string() == shown.id).expect("the line as a row");
        let what = goods.iter().position(|id| Some(*id) == row.variant_id).expect("goods of the test");
        assert_eq!((shown.quantity, shown.short, shown.merged), (row.quantity as u32, row.short as u32, row.merged));
        assert_eq!((shown.variant.clone(), saved), (goods[what].to_string(), row.saved));
        let state = match shown.state {
            LineState::Fine => "fine",
            LineState::Raised { from } => {
                assert_eq!(from.minor(), row.price);
                "raised"
            }
            LineState::Reduced { left } => {
                assert_eq!(left, shown.most);
                "reduced"
            }
            LineState::SoldOut => "sold out",
            LineState::Held => "held",
            LineState::Gone => "gone",
        };
        assert_eq!(shown.total.is_some(), state == "fine");
        let line =
            Line { saved, what, quantity: shown.quantity, short: shown.short, merged: shown.merged, agreed: row.price };
        lines.push((line, state));
    }
    lines.sort();
    let badge = browser.badge().await;
    (lines, [i64::from(cart.pieces), cart.subtotal.minor(), cart.savings.minor(), i64::from(badge)])
}

struct World {
    shop: Shop,
    holds: bool,
    goods: Vec<Uuid>,
}

impl World {
    async fn begin(&self) {
        sqlx::raw_sql(
            "delete from guests; delete from carts; delete from undos; delete from sessions;
             update products set status = 'active'; update variants set price = 200, on_hand = 5;",
        )
        .execute(&self.shop.pool)
        .await
        .unwrap();
    }

    /// Does the same here and in the model; says where they part.
    async fn run(&self, acts: &[Act]) -> Result<(), String> {
        self.begin().await;
        let browsers: Vec<Browser> = (0..VISITORS).map(|_| self.shop.browser()).collect();
        let mut model = Model::new(self.holds);
        let mut undos = Vec::new();
        for (at, act) in acts.iter().enumerate() {
            let asked = self.ask(&browsers, &model, act, &undos).await;
            let expected = model.act(act);
            if let Some((_, status, body)) = &asked {
                let agreed = match expected {
                    Ok(()) => *status == StatusCode::OK,
                    Err(No) => matches!(*status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND),
                };
                if !agreed {
                    return Err(format!("{at}: {act:?}: {status} {body}, not {expected:?}"));
                }
                if model.offers.len() > undos.len() {
                    let acted: Acted = serde_json::from_str(body).map_err(|error| error.to_string())?;
                    undos.push(acted.next.undo.ok_or_else(|| format!("{at}: {act:?}: no offer"))?.id);
                }
            }
            let whose = match asked {
                Some((who, ..)) if at + 1 < acts.len() => who..who + 1,
                _ => 0..VISITORS,
            };
            for who in whose {
                let (there, expected) = (seen(&browsers[who], &self.goods).await, model.seen(who));
                if there != expected {
                    return Err(format!("{at}: {act:?}: browser {who} has\n{there:?}, not\n{expected:?}"));
                }
            }
        }
        Ok(())
    }

    /// The act as its browser sends it, and the answer; `None` where there is nothing to send.
    async fn ask(
        &self,
        browsers: &[Browser<'_>],
        model: &Model,
        act: &Act,
        undos: &[String],
    ) -> Option<(usize, StatusCode, String)> {
        let pool = &self.shop.pool;
        let change = match *act {
            Act::Price { what, price } => Some((what, format!("update variants set price = {price} where id = $1"))),
            Act::Stock { what, on_hand } => {
                Some((what, format!("update variants set on_hand = {on_hand} where id = $1")))
            }
            Act::Status { what, active } => {
                let status = if active { "active" } else { "archived" };
                let product = "(select product_id from variants where id = $1)";
                Some((what, format!("update products set status = '{status}' where id = {product}")))
            }
            _ => None,
        };
        if let Some((what, change)) = change {
            sqlx::query(sqlx::AssertSqlSafe(change)).bind(self.goods[what]).execute(pool).await.unwrap();
            return None;
        }
        let line = async |who: usize, line: usize| -> Option<(usize, Uuid)> {
            let picked = model.pick(who, line)?;
            let variant = Some(self.goods[picked.what]);
            let rows = browsers[who].rows().await;
            Some((who, rows.iter().find(|row| row.variant_id == variant && row.saved == picked.saved)?.id))
        };
        let (who, answer) = match *act {
            Act::Add { who, what, pieces } => (who, browsers[who].add(self.goods[what], pieces).await),
            Act::Set { who, line: at, pieces } => {
                let (who, id) = line(who, at).await?;
                (who, browsers[who].set(id, &pieces.to_string()).await)
            }
            Act::AcceptPrice { who, line: at, seen } => {
                let (who, id) = line(who, at).await?;
                let fields = [("line", id.to_string()), ("seen", seen.to_string())];
                let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
                (who, browsers[who].act("accept_price", &fields).await)
            }
            Act::Clear { who } => (who, browsers[who].act("clear", &[]).await),
            Act::Undo { who, which } => {
                let undo = undos.get(which % undos.len().max(1))?;
                (who, browsers[who].undo(undo).await)
            }
            Act::LogIn { who } => (who, browsers[who].log_in(ANN.email, ANN.password).await),
            Act::LogOut { who } => (who, browsers[who].post("log_out", &[]).await),
            Act::Remove { who, line: at } => {
                let (who, id) = line(who, at).await?;
                (who, browsers[who].on("remove_line", id).await)
            }
            Act::SaveForLater { who, line: at } => {
                let (who, id) = line(who, at).await?;
                (who, browsers[who].on("save_for_later", id).await)
            }
            Act::MoveToCart { who, line: at } => {
                let (who, id) = line(who, at).await?;
                (who, browsers[who].on("move_to_cart", id).await)
            }
            Act::DismissNote { who, line: at } => {
                let (who, id) = line(who, at).await?;
                (who, browsers[who].on("dismiss_note", id).await)
            }
            Act::Price { .. } | Act::Stock { .. } | Act::Status { .. } => return None,
        };
        Some((who, answer.status, answer.body))
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn any_sequence_of_acts_keeps_quantities_caps_and_totals_right(pool: PgPool) {
    let mut goods = Vec::new();
    for n in 0..GOODS {
        goods.push(plain(&pool, &format!("thing-{n}"), 200, 5).await);
    }
    let mut worlds = Vec::new();
    for (minutes, holds) in [("20", true), ("0", false)] {
        let shop = Shop::open_with(pool.clone(), &["--hold-minutes", minutes]).await;
        worlds.push(World { shop, holds, goods: goods.clone() });
    }
    worlds[0].shop.account(&ANN, "shopper").await;
    let mut runner = TestRunner::default();
    for n in 0..SEQUENCES {
        let world = &worlds[n % 2];
        let mut tree = acts().new_tree(&mut runner).unwrap();
        let Err(mut error) = world.run(&tree.current()).await else {
            assert_invariants(&pool).await;
            continue;
        };
        // A runner of proptest's own can't wait for answers; this is what it does.
        let mut shortest = tree.current();
        let mut goes_on = tree.simplify();
        while goes_on {
            goes_on = match world.run(&tree.current()).await {
                Err(why) => {
                    (error, shortest) = (why, tree.current());
                    tree.simplify()
                }
                Ok(()) => tree.complicate(),
            };
        }
        panic!("holding: {}\n{shortest:#?}\n{error}", world.holds);
    }
}
