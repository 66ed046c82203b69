//! Many at once, before two processes on one database (B1–B4).

use super::cart::{assert_invariants, done, offered, plain, set_stock, state, told};
use crate::accounts::{ANN, Browser, count, next};
use crate::shop::{Answer, Shop};
use app::cart::api::LineState;
use axum::http::StatusCode;
use futures::future::join_all;
use sqlx::PgPool;
use std::cell::Cell;
use uuid::Uuid;

async fn two_shops(pool: PgPool, flags: &[&str]) -> (Shop, Shop) {
    (Shop::open_with(pool.clone(), flags).await, Shop::open_with(pool, flags).await)
}

fn accepted(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == StatusCode::OK).count()
}

/// Lets every hold end.
async fn let_go(pool: &PgPool) {
    sqlx::query("update holds set until = now() - interval '1 second'").execute(pool).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn one_of_a_hundred_gets_the_last_piece_and_the_others_are_told(pool: PgPool) {
    let last = plain(&pool, "last", 2400, 1).await;
    let (one, two) = two_shops(pool, &[]).await;
    let takers: Vec<Browser> = (0..100).map(|n| if n % 2 == 0 { one.browser() } else { two.browser() }).collect();
    let answers = join_all(takers.iter().map(|taker| taker.add(last, 1))).await;
    assert_eq!(accepted(&answers), 1);
    for answer in answers.iter().filter(|answer| answer.status != StatusCode::OK) {
        assert!(told(answer).contains("somebody else’s cart"), "{}", answer.body);
    }
    assert_eq!(count(&one.pool, "select sum(quantity) from cart_lines").await, 1);
    assert_eq!(count(&one.pool, "select count(*) from guests").await, 1, "who was refused is no guest");
    assert_invariants(&one.pool).await;

    let winner = &takers[answers.iter().position(|answer| answer.status == StatusCode::OK).unwrap()];
    assert_eq!(state(&winner.cart().await, last), LineState::Fine);
    done(&winner.on("dismiss_note", winner.line(last).await.id).await);
    let_go(&one.pool).await;
    let answers = join_all(takers.iter().map(|taker| taker.add(last, 1))).await;
    assert!(accepted(&answers) <= 1, "it is another's now, unless the one who had it was first to ask again");
    assert_invariants(&one.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn when_its_time_is_over_another_may_take_the_last_piece(pool: PgPool) {
    let last = plain(&pool, "last", 2400, 1).await;
    let shop = Shop::open(pool).await;
    let (first, second, third) = (shop.browser(), shop.browser(), shop.browser());
    done(&first.add(last, 1).await);
    told(&second.add(last, 1).await);
    let_go(&shop.pool).await;
    assert_eq!(state(&first.cart().await, last), LineState::Fine, "while nobody else wants it");
    done(&second.add(last, 1).await);
    let cart = first.cart().await;
    assert_eq!((state(&cart, last), cart.subtotal.minor()), (LineState::Held, 0));
    assert_eq!(state(&second.cart().await, last), LineState::Fine);
    told(&third.add(last, 1).await);
    // Neither asking for it again nor for one of it takes it from whoever has it.
    told(&first.add(last, 1).await);
    assert!(told(&first.set(first.line(last).await.id, "1").await).contains("somebody else"));
    // Whoever lets it go lets it go at once.
    for act in ["remove_line", "save_for_later"] {
        done(&second.on(act, second.line(last).await.id).await);
        assert_eq!(state(&first.cart().await, last), LineState::Fine, "{act}");
        done(&second.add(last, 1).await);
    }
    done(&second.act("clear", &[]).await);
    done(&third.add(last, 1).await);
    // Of more than one there is no last.
    set_stock(&shop.pool, last, 2).await;
    assert_eq!(state(&first.cart().await, last), LineState::Fine);
    done(&second.add(last, 1).await);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_comes_back_is_held_again_unless_another_has_it(pool: PgPool) {
    let last = plain(&pool, "last", 2400, 1).await;
    let shop = Shop::open(pool).await;
    let (first, second) = (shop.browser(), shop.browser());
    done(&first.add(last, 1).await);
    let undo = offered(&first.on("remove_line", first.line(last).await.id).await);
    done(&first.undo(&undo).await);
    told(&second.add(last, 1).await);
    let undo = offered(&first.act("clear", &[]).await);
    done(&second.add(last, 1).await);
    done(&first.undo(&undo).await);
    assert_eq!(state(&first.cart().await, last), LineState::Held);
    assert_eq!(state(&second.cart().await, last), LineState::Fine);
    assert_invariants(&shop.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_who_make_do_with_the_last_piece_one_gets_it(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 90).await;
    let (one, two) = two_shops(pool, &[]).await;
    let takers: Vec<Browser> = (0..30).map(|n| if n % 2 == 0 { one.browser() } else { two.browser() }).collect();
    for answer in join_all(takers.iter().map(|taker| taker.add(mug, 3))).await {
        done(&answer);
    }
    set_stock(&one.pool, mug, 1).await;
    let sets = takers.iter().map(async |taker| taker.set(taker.line(mug).await.id, "1").await);
    let answers = join_all(sets).await;
    assert_eq!(accepted(&answers), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::BAD_REQUEST).count(), 29);
    assert_eq!(count(&one.pool, "select count(*) from cart_lines where quantity = 1").await, 1);
    assert_invariants(&one.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn without_holding_everybody_may_have_the_last_piece_in_their_cart(pool: PgPool) {
    let last = plain(&pool, "last", 2400, 1).await;
    let (one, two) = two_shops(pool, &["--hold-minutes", "0"]).await;
    let takers: Vec<Browser> = (0..10).map(|n| if n % 2 == 0 { one.browser() } else { two.browser() }).collect();
    let answers = join_all(takers.iter().map(|taker| taker.add(last, 1))).await;
    assert_eq!(accepted(&answers), 10);
    for taker in &takers {
        assert_eq!(state(&taker.cart().await, last), LineState::Fine);
        done(&taker.set(taker.line(last).await.id, "1").await);
    }
    assert_eq!(count(&one.pool, "select count(*) from holds").await, 0);
    assert_invariants(&one.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_hundred_clicks_of_one_shopper_get_the_last_piece_once(pool: PgPool) {
    let last = plain(&pool, "last", 2400, 1).await;
    let other = plain(&pool, "other", 100, 9).await;
    let (one, two) = two_shops(pool, &[]).await;
    let here = one.browser();
    done(&here.add(other, 1).await);
    let there = here.at(&two);
    let answers = join_all((0..100).map(|n| if n % 2 == 0 { here.add(last, 1) } else { there.add(last, 1) })).await;
    assert_eq!(accepted(&answers), 1);
    for answer in answers.iter().filter(|answer| answer.status != StatusCode::OK) {
        assert!(told(answer).contains("in your cart already"), "{}", answer.body);
    }
    assert_eq!(here.pieces(last).await, 1);
    assert_invariants(&one.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn fifty_clicks_at_once_are_fifty_pieces_of_one_line(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 500).await;
    let scarce = plain(&pool, "scarce", 2400, 30).await;
    let (one, two) = two_shops(pool, &[]).await;
    one.account(&ANN, "shopper").await;
    let ann = one.browser();
    next(&ann.log_in(ANN.email, ANN.password).await);
    let guest = one.browser();
    done(&guest.add(mug, 1).await);
    done(&guest.on("remove_line", guest.line(mug).await.id).await);
    // The first of an account's makes its cart: also at once.
    for here in [&ann, &guest] {
        let there = here.at(&two);
        let both = async |variant: Uuid| -> Vec<Answer> {
            let adds = (0..50).map(|n| if n % 2 == 0 { here.add(variant, 1) } else { there.add(variant, 1) });
            join_all(adds).await
        };
        let answers = both(mug).await;
        assert_eq!(accepted(&answers), 50);
        assert_eq!(here.pieces(mug).await, 50);
        assert_eq!(here.rows().await.len(), 1);
        // What is answered as added has arrived, and nothing else.
        let answers = both(scarce).await;
        assert_eq!((accepted(&answers), here.pieces(scarce).await), (30, 30));
        let answers = both(mug).await;
        assert_eq!((accepted(&answers), here.pieces(mug).await), (49, 99));
        assert_eq!(here.badge().await, 99 + 30);
    }
    assert_invariants(&one.pool).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_submit_twenty_times_has_one_effect(pool: PgPool) {
    let mug = plain(&pool, "mug", 2400, 50).await;
    let bowl = plain(&pool, "bowl", 900, 50).await;
    let (one, two) = two_shops(pool, &[]).await;
    let here = one.browser();
    done(&here.add(bowl, 2).await);
    let there = here.at(&two);
    let twenty = async |act: &str, fields: &[(&str, &str)]| -> Vec<Answer> {
        let answers = (0..20).map(|n| if n % 2 == 0 { here.act(act, fields) } else { there.act(act, fields) });
        let answers = join_all(answers).await;
        for answer in &answers {
            assert!(answer.status.as_u16() < 500, "{act}: {} {}", answer.status, answer.body);
        }
        answers
    };
    let (mug_id, key) = (mug.to_string(), Uuid::now_v7().to_string());
    let answers = twenty("add_line", &[("variant", &mug_id), ("quantity", "2"), ("key", &key)]).await;
    assert_eq!((accepted(&answers), here.pieces(mug).await), (20, 2));

    let line = here.line(mug).await.id.to_string();
    let answers = twenty("remove_line", &[("line", &line)]).await;
    assert_eq!((accepted(&answers), here.pieces(mug).await), (20, 0));
    let undo = offered(&answers[0]);
    assert!(answers.iter().all(|answer| offered(answer) == undo));
    let answers = twenty("undo", &[("undo", &undo)]).await;
    assert_eq!((accepted(&answers), here.pieces(mug).await), (1, 2));

    let answers = twenty("save_for_later", &[("line", &line)]).await;
    assert_eq!((accepted(&answers), here.pieces(mug).await, here.saved(mug).await.quantity), (20, 0, 2));
    let answers = twenty("move_to_cart", &[("line", &line)]).await;
    assert_eq!((accepted(&answers), here.pieces(mug).await, here.rows().await.len()), (20, 2, 2));

    // Where a line joins another, only the first still finds it.
    done(&here.on("save_for_later", here.line(mug).await.id).await);
    done(&here.add(mug, 3).await);
    let answers = twenty("save_for_later", &[("line", &here.line(mug).await.id.to_string())]).await;
    assert_eq!((accepted(&answers), here.saved(mug).await.quantity), (1, 5));
    done(&here.add(mug, 1).await);
    let answers = twenty("move_to_cart", &[("line", &here.saved(mug).await.id.to_string())]).await;
    assert_eq!((accepted(&answers), here.pieces(mug).await), (1, 6));

    let answers = twenty("clear", &[]).await;
    assert_eq!((accepted(&answers), here.rows().await.len()), (20, 0));
    let offers: Vec<_> = answers.iter().filter_map(|answer| done(answer).next.undo).collect();
    assert_eq!(offers.len(), 1);
    done(&here.undo(&offers[0].id).await);
    assert_eq!((here.pieces(mug).await, here.pieces(bowl).await), (6, 2));
    assert_invariants(&one.pool).await;
}

/// All kinds of acts at once from two tabs, again and again while `goes_on`. Says how many offers were taken back.
async fn storm(tabs: [&Browser<'_>; 2], order: &[Uuid], goes_on: &Cell<bool>) -> usize {
    let [here, there] = tabs;
    let (mut undos, mut undone): (Vec<String>, usize) = Default::default();
    loop {
        let rows = here.rows().await;
        let adds = join_all(order.iter().map(|variant| there.add(*variant, 1)));
        let removes = join_all(rows.iter().take(2).map(|row| here.on("remove_line", row.id)));
        let sets = join_all(rows.iter().map(|row| there.set(row.id, "2")));
        let moves = rows.iter().skip(1);
        let moves = moves.map(|row| here.on(if row.saved { "move_to_cart" } else { "save_for_later" }, row.id));
        let clears = join_all([here.act("clear", &[]), there.act("clear", &[])]);
        let undo = join_all(undos.iter().map(|undo| here.undo(undo)));
        let (a, b, c, d, e, back) = futures::join!(adds, removes, sets, join_all(moves), clears, undo);
        undone += accepted(&back);
        undos.clear();
        for answer in [a, b, c, d, e, back].into_iter().flatten() {
            match answer.status {
                StatusCode::OK => undos.extend(done(&answer).next.undo.map(|undo| undo.id)),
                StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {}
                other => panic!("{other}: {}", answer.body),
            }
        }
        if !goes_on.get() {
            return undone;
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn carts_that_want_the_same_things_in_opposite_order_never_block_each_other(pool: PgPool) {
    let mut variants = Vec::new();
    for (n, on_hand) in [1, 1, 1, 1, 50, 50].into_iter().enumerate() {
        variants.push(plain(&pool, &format!("thing-{n}"), 100, on_hand).await);
    }
    let (one, two) = two_shops(pool, &[]).await;
    one.account(&ANN, "shopper").await;
    let ann = one.browser();
    next(&ann.log_in(ANN.email, ANN.password).await);
    let stranger = two.browser();
    done(&stranger.add(variants[5], 1).await);
    let backwards: Vec<Uuid> = variants.iter().rev().copied().collect();
    let (anns_other, strangers_other) = (ann.at(&two), stranger.at(&one));
    let mut undone = [0; 3];
    for _ in 0..12 {
        // A guest who wants all of it as well becomes Ann in the middle of it.
        let guest = two.browser();
        done(&guest.add(variants[4], 2).await);
        let (guests_other, leaving) = (guest.at(&one), guest.twin());
        let goes_on = Cell::new(true);
        let log_in = async {
            let answer = leaving.log_in(ANN.email, ANN.password).await;
            goes_on.set(false);
            answer
        };
        let (answer, a, b, c) = futures::join!(
            log_in,
            storm([&ann, &anns_other], &variants, &goes_on),
            storm([&stranger, &strangers_other], &backwards, &goes_on),
            storm([&guest, &guests_other], &backwards, &goes_on),
        );
        next(&answer);
        undone = [undone[0] + a, undone[1] + b, undone[2] + c];
        assert_invariants(&one.pool).await;
        let_go(&one.pool).await;
    }
    assert!(undone.iter().all(|undone| *undone > 10), "there was something to take back: {undone:?}");
}
