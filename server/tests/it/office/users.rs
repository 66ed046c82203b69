//! Accounts as the staff looks after them (rows 25–29, 31, 43 and 46 of the bar), and the trail of it all.

use crate::accounts::{ANN, Browser, Person, letters, newest_code, next, seen};
use crate::shop::{Answer, Product, Shop, add, secret};
use crate::smtp_sink::Sink;
use app::cart::api::Acted;
use app::error::AppError;
use axum::http::{Method, StatusCode};
use futures::future::join_all;
use serde_json::{Value, json};
use server::mail::{Composer, Letter, Mailer, Pace, Smtp, Worker};
use server::metrics::Metrics;
use server::services::accounts::AccountService;
use sqlx::PgPool;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::watch;
use uuid::Uuid;

const ADA: Person = Person { username: "ada", email: "ada@example.com", password: "a heron at the weir" };
const BEA: Person = Person { username: "bea", email: "bea@example.com", ..ADA };
const SUE: Person = Person { username: "sue", email: "sue@example.com", ..ADA };
const EDD: Person = Person { username: "edd", email: "edd@example.com", ..ADA };

async fn signed_in<'a>(shop: &'a Shop, person: &Person, role: &str) -> (Browser<'a>, String) {
    let id = shop.account(person, role).await;
    let browser = shop.browser();
    assert_eq!(browser.log_in(person.email, person.password).await.status, StatusCode::OK);
    (browser, id.to_string())
}

/// A form, as the shop's script posts it.
async fn act(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    post(browser, "application/json", form, fields).await
}

async fn post(browser: &Browser<'_>, accept: &str, form: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("accept", accept), ("content-type", "application/x-www-form-urlencoded")];
    browser.send(Method::POST, &format!("/api/admin/users/{form}"), &headers, &body).await
}

async fn done(browser: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Acted {
    let answer = act(browser, form, fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{form}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("an Acted")
}

fn beside(answer: &Answer, field: &str) -> String {
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.body);
    match serde_json::from_str(&answer.body).expect("an AppError") {
        AppError::Invalid { fields } => {
            fields.into_iter().find(|one| one.field == field).map(|one| one.message).unwrap_or_default()
        }
        other => panic!("{other:?}"),
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Entry {
    actor: String,
    subject: String,
    before: Value,
    after: Value,
    reason: String,
    request_id: String,
}

/// The entries with this act, the oldest first.
async fn trail(pool: &PgPool, act: &str) -> Vec<Entry> {
    sqlx::query_as("select * from trail where act = $1 order by id").bind(act).fetch_all(pool).await.unwrap()
}

async fn version(pool: &PgPool, id: &str) -> String {
    let id: Uuid = id.parse().unwrap();
    let version: i64 =
        sqlx::query_scalar("select version from users where id = $1").bind(id).fetch_one(pool).await.unwrap();
    version.to_string()
}

/// The password was given so long ago that dangerous acts ask for it.
async fn grow_stale(pool: &PgPool) {
    sqlx::query("update sessions set authenticated_at = now() - interval '16 minutes'").execute(pool).await.unwrap();
}

const ACTS: [(&str, bool); 10] = [
    ("block", true),
    ("unblock", true),
    ("start_reset", true),
    ("end_session", true),
    ("end_sessions", true),
    ("clear_limits", false),
    ("set_role", false),
    ("save", false),
    ("delete", false),
    ("create", false),
];

#[sqlx::test(migrations = "../migrations")]
async fn each_role_reaches_as_far_as_it_says(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let shopper = shop.account(&ANN, "shopper").await.to_string();
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let (support, _) = signed_in(&shop, &SUE, "support").await;
    let (editor, staff) = signed_in(&shop, &EDD, "editor").await;
    let customer = shop.browser();
    customer.log_in(ANN.email, ANN.password).await;
    let stranger = shop.browser();
    let nobody = Uuid::nil().to_string();
    let tries = |user: &str| {
        let fields = [("user", user), ("session", &nobody), ("reason", "x"), ("role", "king"), ("version", "0")];
        fields.map(|(name, value)| (name, value.to_owned()))
    };
    for (form, for_support) in ACTS {
        for user in [&shopper, &staff] {
            let fields = tries(user);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let status = async |browser: &Browser<'_>| act(browser, form, &fields).await.status;
            assert_eq!(status(&stranger).await, StatusCode::UNAUTHORIZED, "{form}");
            assert_eq!(status(&customer).await, StatusCode::FORBIDDEN, "{form}");
            assert_eq!(status(&editor).await, StatusCode::FORBIDDEN, "{form}");
            if !(for_support && *user == shopper) {
                assert_eq!(status(&support).await, StatusCode::FORBIDDEN, "{form} {user}");
            }
        }
    }
    // Nothing that was refused has an effect.
    let untouched: i64 = sqlx::query_scalar("select count(*) from users where version = 1 and blocked_at is null")
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert_eq!(untouched, 4);
    done(&support, "block", &[("user", &shopper), ("reason", "fraud")]).await;
    done(&support, "unblock", &[("user", &shopper)]).await;
    done(&support, "start_reset", &[("user", &shopper)]).await;
    done(&support, "end_sessions", &[("user", &shopper)]).await;
    done(&admin, "end_sessions", &[("user", &staff)]).await;
    let customer = shop.browser();
    customer.log_in(ANN.email, ANN.password).await;
    let editor = shop.browser();
    editor.log_in(EDD.email, EDD.password).await;
    let one = format!("/admin/users/{shopper}");
    for (path, of_support, of_admin) in [
        ("/admin/users", StatusCode::OK, StatusCode::OK),
        (&one, StatusCode::OK, StatusCode::OK),
        ("/admin/users/new", StatusCode::FORBIDDEN, StatusCode::OK),
        ("/admin/users.csv", StatusCode::OK, StatusCode::OK),
        ("/admin/users/nobody", StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(stranger.get(path).await.header("location"), format!("/login?next={path}"));
        assert_eq!(customer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(editor.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(support.get(path).await.status, of_support, "{path}");
        let answer = admin.get(path).await;
        assert_eq!((answer.status, answer.header("cache-control")), (of_admin, "no-store"), "{path}");
    }
    let page = support.get(&one).await.body;
    assert!(!page.contains("/api/admin/users/delete") && page.contains("/api/admin/users/block"));
    assert!(support.get("/admin/users").await.body.contains("href=\"/admin/users\""), "in the menu");
    assert!(!editor.get("/admin").await.body.contains("href=\"/admin/users\""));
}

#[sqlx::test(migrations = "../migrations")]
async fn two_admins_against_each_other_leave_one(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (ada, ada_id) = signed_in(&shop, &ADA, "admin").await;
    let (bea, bea_id) = signed_in(&shop, &BEA, "admin").await;
    let tries = (0..200_usize).map(|at| {
        let (browser, other) = if at % 2 == 0 { (&ada, &bea_id) } else { (&bea, &ada_id) };
        async move {
            let fields = [("user", other.as_str()), ("reason", "a coup"), ("role", "shopper")];
            let form = ["block", "set_role", "delete"][at / 2 % 3];
            (at % 2, act(browser, form, &fields).await.status.as_u16())
        }
    });
    let answers = join_all(tries).await;
    // Whoever was first may go on: delete whom they have blocked.
    let winners: BTreeSet<usize> = answers.iter().filter(|(_, status)| *status == 200).map(|(side, _)| *side).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|(_, status)| [200, 400, 401, 403, 404].contains(status)), "{answers:?}");
    let left: i64 = sqlx::query_scalar("select count(*) from users where role = 'admin' and blocked_at is null")
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert_eq!(left, 1);
    let (last, id) = if ada.is_signed_in().await { (ada, ada_id) } else { (bea, bea_id) };
    for (form, field) in [("block", ("reason", "x")), ("set_role", ("role", "editor")), ("delete", ("", ""))] {
        let refused = act(&last, form, &[("user", &id), field]).await;
        assert!(beside(&refused, "").contains("last active admin"), "{form}: {}", refused.body);
    }
    assert!(last.get(&format!("/admin/users/{id}")).await.body.contains("This is your own account"));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_admin_may_leave_when_another_stays(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (ada, id) = signed_in(&shop, &ADA, "admin").await;
    shop.account(&BEA, "admin").await;
    let acted = done(&ada, "set_role", &[("user", &id), ("role", "shopper")]).await;
    assert_eq!((acted.next.path.as_str(), acted.goes), ("/", true));
    assert!(ada.cookie("session").is_none() && !ada.is_signed_in().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn who_is_blocked_is_out_at_the_next_request_and_told_why(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let (customer, id) = signed_in(&shop, &ANN, "shopper").await;
    assert!(beside(&act(&admin, "block", &[("user", &id)]).await, "reason").contains("why"));
    let fields = [("user", id.as_str()), ("reason", "Chargebacks"), ("note", "Write to us about order 7.")];
    done(&admin, "block", &fields).await;
    assert_eq!(customer.get("/account").await.header("location"), "/login?next=/account");
    let told = customer.log_in(ANN.email, ANN.password).await.body;
    assert!(told.contains("Write to us about order 7.") && !told.contains("Chargebacks"), "{told}");
    let page = admin.get(&format!("/admin/users/{id}")).await.body;
    assert!(page.contains("Chargebacks") && page.contains("Unblock"), "{page}");
    done(&admin, "unblock", &[("user", &id)]).await;
    assert_eq!(customer.log_in(ANN.email, ANN.password).await.status, StatusCode::OK);

    let entry = &trail(&shop.pool, "user.block").await[0];
    assert_eq!((entry.actor.as_str(), entry.subject.as_str()), ("ada", "ann.lee"));
    assert_eq!(entry.before, json!({ "blocked": false }));
    assert_eq!(entry.after, json!({ "blocked": true, "note": "Write to us about order 7." }));
    assert!(entry.reason == "Chargebacks" && !entry.request_id.is_empty());
    let kept: String = sqlx::query_scalar("select after::text || reason from audit_log where act = 'user.block'")
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert_eq!(kept, r#"{"blocked": true}Kept with the account"#);
    for path in ["/admin/audit", "/admin/audit.csv", &format!("/admin/users/{id}")] {
        let told = admin.get(path).await.body;
        assert!(told.contains("Chargebacks") && told.contains("Write to us about order 7."), "{path}: {told}");
    }
    assert_eq!(trail(&shop.pool, "session.refused").await[0].reason, "blocked");
}

#[sqlx::test(migrations = "../migrations")]
async fn who_is_invited_sets_a_password_by_mail_and_logs_in(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let sink = Sink::open().await;
    let composer =
        Composer::new("Fieldstone", "https://shop.example", "Fieldstone <shop@shop.example>".parse().unwrap());
    let mailer = Some(Mailer::Smtp(Smtp::new(&sink.url()).unwrap()));
    let worker = Worker::new(&shop.pool, secret(), composer, mailer, Arc::new(Metrics::default()), Pace::default());
    let (leave, told) = watch::channel(false);
    let worker = tokio::spawn(worker.run(told));

    let wrong = act(&admin, "create", &[("username", "a"), ("email", "b"), ("role", "king")]).await;
    for field in ["username", "email", "role"] {
        assert!(!beside(&wrong, field).is_empty(), "{field}");
    }
    let taken = [("username", "ADA"), ("email", "new@example.com"), ("role", "editor")];
    assert!(beside(&act(&admin, "create", &taken).await, "username").contains("Choose another"));
    let fields = [("username", "edd"), ("email", EDD.email), ("role", "editor")];
    let acted = done(&admin, "create", &fields).await;
    assert!(acted.goes && acted.next.path.starts_with("/admin/users/"));
    assert!(beside(&act(&admin, "create", &fields).await, "email").contains("There is an account"));

    let mail = sink.takes(1).await;
    assert_eq!(mail[0].to, [EDD.email]);
    let text = &mail[0].parts()[0].1;
    let link = text.lines().find_map(|line| line.trim().strip_prefix("https://shop.example/reset-password?token="));
    let link = link.expect("a link").to_owned();
    assert!(!serde_json::to_string(&acted).unwrap().contains(&link), "who invites never sees it");
    let owner = shop.browser();
    assert_eq!(owner.get(&format!("/reset-password?token={link}")).await.status, StatusCode::OK);
    let short = owner.post("reset_password", &[("code", &link), ("password", "fourteen chars")]).await;
    assert!(beside(&short, "password").contains("15"));
    let set = owner.post("reset_password", &[("code", &link), ("password", EDD.password)]).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    assert_eq!(owner.log_in("edd", EDD.password).await.status, StatusCode::OK);
    assert_eq!(owner.get("/admin").await.status, StatusCode::OK);
    leave.send_replace(true);
    worker.await.unwrap();

    let made = &trail(&shop.pool, "user.create").await[1];
    assert_eq!((made.actor.as_str(), made.subject.as_str()), ("ada", "edd"));
    assert_eq!(made.after, json!({ "role": "editor", "email": "e…@example.com" }));
    assert_eq!(trail(&shop.pool, "user.password_reset").await[0].actor, "edd");
}

#[sqlx::test(migrations = "../migrations")]
async fn dangerous_acts_ask_for_the_password_again(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let ann = shop.account(&ANN, "shopper").await.to_string();
    let place = format!("/admin/users/{ann}");
    assert!(admin.get(&place).await.body.contains("<div hidden=\"\">"), "nobody is asked who gave it just now");
    grow_stale(&shop.pool).await;
    assert!(!admin.get(&place).await.body.contains("<div hidden=\"\">"));
    let user = ("user", ann.as_str());
    let staff = [("username", "edd"), ("email", EDD.email), ("role", "editor")];
    let acts: [(&str, &[(&str, &str)]); 4] = [
        ("block", &[user, ("reason", "x")]),
        ("set_role", &[user, ("role", "editor")]),
        ("delete", &[user]),
        ("create", &staff),
    ];
    for (form, fields) in acts {
        assert!(!beside(&act(&admin, form, fields).await, "password").is_empty(), "{form}");
    }
    let wrong = [user, ("reason", "x"), ("password", "not the password")];
    assert!(beside(&act(&admin, "block", &wrong).await, "password").contains("isn’t"));
    assert_eq!(trail(&shop.pool, "session.refused").await[0].subject, "ada");
    let before = admin.cookie("session");
    let right = [user, ("reason", "x"), ("password", ADA.password)];
    done(&admin, "block", &right).await;
    assert_ne!(admin.cookie("session"), before, "another id, and lately given from here on");
    done(&admin, "delete", &[user]).await;
    let shopper = [("username", "fay"), ("email", "fay@example.com"), ("role", "shopper")];
    grow_stale(&shop.pool).await;
    done(&admin, "create", &shopper).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn edits_are_traced_and_late_ones_are_conflicts(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let ann = shop.account(&ANN, "shopper").await.to_string();
    let place = format!("/admin/users/{ann}");
    let seen = version(&shop.pool, &ann).await;
    let typed = |username: &'static str, shown: &'static str, version: String| {
        let fields =
            [("user", ann.clone()), ("version", version), ("email", ANN.email.to_owned()), ("page", place.clone())];
        fields
            .into_iter()
            .chain([("username", username.to_owned()), ("display_name", shown.to_owned())])
            .collect::<Vec<_>>()
    };
    let save = async |accept: &str, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        post(&admin, accept, "save", &fields).await
    };
    let first = save("application/json", &typed("annie", "Ann <b>Lee</b>", seen.clone())).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let entry = &trail(&shop.pool, "user.update").await[0];
    assert_eq!(entry.before, json!({ "username": "ann.lee", "display_name": "" }));
    assert_eq!(entry.after, json!({ "username": "annie", "display_name": "A…" }), "no more than tells names apart");
    assert!(admin.get(&place).await.body.contains("Ann &lt;b&gt;Lee&lt;/b&gt;"));

    let late = typed("annabel", "Ann", seen.clone());
    assert_eq!(save("application/json", &late).await.status, StatusCode::CONFLICT);
    let redirect = save("text/html", &late).await;
    assert_eq!(redirect.header("location"), place);
    let page = admin.get(&place).await.body;
    for part in ["Someone else changed this", "value=\"annabel\"", "Now: annie", "Now: Ann &lt;b&gt;"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let now = version(&shop.pool, &ann).await;
    assert!(page.contains(&format!("name=\"version\" value=\"{now}\"")), "saved again, what was typed counts");
    assert_eq!(save("application/json", &typed("annabel", "Ann", now)).await.status, StatusCode::OK);
    let now = version(&shop.pool, &ann).await;
    let taken = save("application/json", &typed("ada", "Ann", now.clone())).await;
    assert!(beside(&taken, "username").contains("Choose another"));
    let nothing = save("application/json", &typed("annabel", "Ann", now.clone())).await;
    assert!(nothing.body.contains("as it was"), "{}", nothing.body);
    assert_eq!(version(&shop.pool, &ann).await, now);

    // What is done for the account is no other version of what the form has.
    done(&admin, "set_role", &[("user", &ann), ("role", "support")]).await;
    done(&admin, "block", &[("user", &ann), ("reason", "x")]).await;
    assert_eq!(save("application/json", &typed("annabel", "Anna", now)).await.status, StatusCode::OK);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_address_counts_once_its_owner_says_so(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let ann = shop.account(&ANN, "shopper").await.to_string();
    let save = async |email: &str| {
        let version = version(&shop.pool, &ann).await;
        let fields = [("user", ann.as_str()), ("version", &version), ("username", ANN.username), ("email", email)];
        act(&admin, "save", &fields).await
    };
    assert!(beside(&save(ADA.email).await, "email").contains("There is an account"));
    let new = "ann@elsewhere.example";
    assert_eq!(save(new).await.status, StatusCode::OK);
    assert!(admin.get(&format!("/admin/users/{ann}")).await.body.contains("not confirmed yet"));
    assert!(matches!(letters(&shop.pool, ANN.email).await.last(), Some(Letter::EmailChangeByStaff { .. })));
    // Until then the new address is nobody's, and the old one has the resets.
    shop.browser().forgot(new).await;
    assert_eq!(newest_code(&shop.pool, new).await, None);
    done(&admin, "start_reset", &[("user", &ann)]).await;
    let Some(Letter::ResetLink { path: reset }) = letters(&shop.pool, ANN.email).await.pop() else { panic!() };
    let links = letters(&shop.pool, new).await;
    let [Letter::NewEmailLink { path }] = &links[..] else { panic!("{links:?}") };
    let token = path.strip_prefix("/verify?token=").unwrap();
    let owner = shop.browser();
    assert!(owner.get(path).await.body.contains(&format!("name=\"code\" value=\"{token}\"")));
    // A link for the one is none for the other.
    let reset = reset.strip_prefix("/reset-password?token=").unwrap();
    assert!(beside(&owner.verify(reset).await, "").contains("too old"));
    let swapped = owner.post("reset_password", &[("code", token), ("password", "another good phrase")]).await;
    assert!(!beside(&swapped, "code").is_empty());
    let tries = join_all((0..10).map(|_| owner.verify(token))).await;
    assert_eq!(tries.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    assert_eq!(shop.browser().log_in(new, ANN.password).await.status, StatusCode::OK);
    assert!(matches!(letters(&shop.pool, ANN.email).await.last(), Some(Letter::EmailChanged { .. })));
    let changed = &trail(&shop.pool, "user.email_changed").await[0];
    assert_eq!(changed.before, json!({ "email": "a…@example.com" }));
    assert_eq!(changed.after, json!({ "email": "a…@elsewhere.example" }));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_link_that_is_asked_for_twice_is_mailed_once(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let ann = shop.account(&ANN, "shopper").await.to_string();
    let many = async |form: &'static str, fields: &[(&str, &str)]| {
        let answers = join_all((0..20).map(|_| act(&admin, form, fields))).await;
        let wrong = answers.iter().find(|answer| answer.status != StatusCode::OK);
        assert!(wrong.is_none(), "{form}: {}", wrong.map_or("", |answer| &answer.body));
    };
    many("start_reset", &[("user", &ann)]).await;
    let mailed = letters(&shop.pool, ANN.email).await;
    assert!(matches!(&mailed[..], [Letter::ResetLink { .. }]), "{mailed:?}");
    assert_eq!(trail(&shop.pool, "user.reset_started").await.len(), 1);
    sqlx::query("update flows set created_at = created_at - interval '61 seconds'").execute(&shop.pool).await.unwrap();
    many("start_reset", &[("user", &ann)]).await;
    assert_eq!(letters(&shop.pool, ANN.email).await.len(), 2, "a minute later it is another");

    let version = version(&shop.pool, &ann).await;
    let moving = |email: &'static str| {
        [("user", ann.as_str()), ("version", version.as_str()), ("username", ANN.username), ("email", email)]
    };
    let new = "ann@elsewhere.example";
    many("save", &moving(new)).await;
    let mailed = letters(&shop.pool, new).await;
    assert!(matches!(&mailed[..], [Letter::NewEmailLink { .. }]), "{mailed:?}");
    let told = letters(&shop.pool, ANN.email).await;
    assert!(matches!(&told[2..], [Letter::EmailChangeByStaff { .. }]), "{told:?}");
    assert_eq!(trail(&shop.pool, "user.email_asked").await.len(), 1);
    // Whoever has mistyped it doesn't wait; and back again, since the first link died with that.
    many("save", &moving("anna@elsewhere.example")).await;
    assert_eq!(letters(&shop.pool, "anna@elsewhere.example").await.len(), 1);
    many("save", &moving(new)).await;
    assert_eq!(letters(&shop.pool, new).await.len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_page_of_an_account_shows_what_is_its_own(pool: PgPool) {
    add(&pool, Product::default()).await;
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let (customer, ann) = signed_in(&shop, &ANN, "shopper").await;
    let form = [("accept", "application/json"), ("content-type", "application/x-www-form-urlencoded")];
    for path in ["/api/cart/add_line", "/api/wishlist/save"] {
        let answer = customer.send(Method::POST, path, &form, "product=tarn-mug&quantity=3&page=/cart").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }
    for _ in 0..5 {
        shop.browser().log_in(ANN.email, "not the password").await;
    }
    assert_eq!(shop.browser().log_in(ANN.email, ANN.password).await.status, StatusCode::TOO_MANY_REQUESTS);
    let place = format!("/admin/users/{ann}");
    let page = admin.get(&place).await.body;
    for part in
        ["Firefox on Linux", "127.0.0.…", "Tarn mug", "In the cart", "Too many wrong passwords", "Was refused a log-in"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    done(&admin, "clear_limits", &[("user", &ann)]).await;
    assert!(!admin.get(&place).await.body.contains("Too many wrong passwords"));

    let session: Uuid = sqlx::query_scalar("select id from sessions where user_id = $1")
        .bind(ann.parse::<Uuid>().unwrap())
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    let other = [("user", Uuid::nil().to_string()), ("session", session.to_string())];
    let other: Vec<(&str, &str)> = other.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(act(&admin, "end_session", &other).await.status, StatusCode::NOT_FOUND);
    done(&admin, "end_session", &[("user", &ann), ("session", &session.to_string())]).await;
    assert!(!customer.is_signed_in().await);
    assert_eq!(trail(&shop.pool, "session.end").await[0].actor, "ada");
}

#[sqlx::test(migrations = "../migrations")]
async fn who_is_deleted_leaves_no_more_in_the_trail_than_that_it_was_somebody(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let (customer, ann) = signed_in(&shop, &ANN, "shopper").await;
    let words = [("user", ann.as_str()), ("reason", "Ann Lee of 4 Mill Lane"), ("note", "Dear Ann")];
    done(&admin, "block", &words).await;
    done(&admin, "unblock", &[("user", &ann)]).await;
    assert!(admin.get("/admin/audit").await.body.contains("Mill Lane"), "while there is the account");
    assert_eq!(done(&admin, "delete", &[("user", &ann)]).await.next.path, "/admin/users");
    assert!(!customer.is_signed_in().await);
    assert_eq!(letters(&shop.pool, ANN.email).await, [Letter::AccountRemoved]);
    assert_eq!(trail(&shop.pool, "user.delete").await[0].subject, format!("deleted account {}", &ann[30..]));
    let told: Vec<String> =
        sqlx::query_scalar("select to_jsonb(audit_log)::text from audit_log").fetch_all(&shop.pool).await.unwrap();
    for gone in [ANN.email, ANN.username, "Mill Lane", "Dear Ann"] {
        assert!(!told.iter().any(|entry| entry.contains(gone)), "{gone}: {told:?}");
    }
    let left: i64 = sqlx::query_scalar("select count(*) from words_about_people where user_id = $1::uuid")
        .bind(&ann)
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert_eq!(left, 0);
    assert!(!admin.get("/admin/audit").await.body.contains("Mill Lane"));
    assert_eq!(admin.get(&format!("/admin/users/{ann}")).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrations = "../migrations")]
async fn log_ins_and_passwords_leave_a_trail_that_tells_no_secret(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.signed_up(&ANN).await;
    let new = "otters along the bank";
    browser.post("change_password", &[("current_password", ANN.password), ("password", new)]).await;
    browser.post("log_out", &[]).await;
    shop.browser().log_in(ANN.email, "not the password").await;
    shop.browser().log_in("my own password", "not the password").await;
    shop.browser().log_in("nobody@example.com", "not the password").await;
    browser.log_in(ANN.username, new).await;
    let acts: Vec<(String, String, String)> =
        sqlx::query_as("select act, actor, subject from trail order by id").fetch_all(&shop.pool).await.unwrap();
    let acts: Vec<_> = acts.iter().map(|(act, actor, of)| (act.as_str(), actor.as_str(), of.as_str())).collect();
    let own = |act| (act, "ann.lee", "ann.lee");
    assert_eq!(
        acts,
        [
            own("user.verified"),
            own("session.log_in"),
            own("user.password_changed"),
            own("session.log_out"),
            ("session.refused", "nobody", "ann.lee"),
            ("session.refused", "nobody", ""),
            ("session.refused", "nobody", ""),
            own("session.log_in"),
        ]
    );
    let told: Vec<String> =
        sqlx::query_scalar("select to_jsonb(audit_log)::text from audit_log").fetch_all(&shop.pool).await.unwrap();
    for secret in [ANN.email, "my own password", "nobody@example.com", new] {
        assert!(!told.iter().any(|entry| entry.contains(secret)), "{secret}: {told:?}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_command_line_leaves_a_trail_that_nobody_changes(pool: PgPool) {
    let accounts = AccountService::new(pool.clone(), secret(), "Fieldstone", false);
    accounts.create(ANN.username, ANN.email, false, None).await.unwrap();
    accounts.block("ANN.LEE", "fraud", "").await.unwrap();
    accounts.unblock(ANN.username).await.unwrap();
    accounts.end_sessions_of(ANN.username).await.unwrap();
    for act in ["user.create", "user.block", "user.unblock", "session.end"] {
        let entries = trail(&pool, act).await;
        let [entry] = &entries[..] else { panic!("{act}: {entries:?}") };
        assert_eq!((entry.actor.as_str(), entry.subject.as_str()), ("command line", "ann.lee"), "{act}");
    }
    let mut connection = pool.acquire().await.unwrap();
    // Nor does who says to be a copy, for whom ordinary triggers don't work.
    for role in ["set session_replication_role = origin", "set session_replication_role = replica"] {
        sqlx::query(role).execute(&mut *connection).await.unwrap();
        for (statement, refusal) in [
            ("update audit_log set actor = 'x'", "append-only"),
            ("delete from audit_log", "append-only"),
            ("truncate audit_log", "append-only"),
            ("update words_about_people set reason = 'x'", "go with the account"),
            ("delete from words_about_people", "go with the account"),
            ("truncate words_about_people", "go with the account"),
        ] {
            let error = sqlx::query(statement).execute(&mut *connection).await.unwrap_err();
            assert!(error.to_string().contains(refusal), "{role}: {statement}: {error}");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn accounts_are_found_by_any_part_sorted_and_paged(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    sqlx::query(
        "insert into users (id, username, username_key, email, email_key, display_name, password_hash, verified_at, blocked_at, created_at)
         select gen_random_uuid(), 'user' || n, 'user' || n, 'u' || n || '@example.com', 'u' || n || '@example.com',
                case n when 7 then '100% wool_' else '' end, case when n <> 10 then 'x' end, case when n <> 8 then now() end,
                case n when 9 then now() end, now() - make_interval(mins => n)
         from generate_series(1, 130) n",
    )
    .execute(&shop.pool)
    .await
    .unwrap();
    let names = |page: &str| -> Vec<String> {
        page.split("class=\"name\">").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    };
    let table = async |search: &str| admin.get(&format!("/admin/users?{search}")).await.body;
    for (search, expected) in [
        ("q=USER12%40", vec![]),
        ("q=u12%40EXAMPLE", vec!["user12"]),
        ("q=100%25", vec!["user7"]),
        ("q=wool_", vec!["user7"]),
        ("q=w%25l", vec![]),
        ("role=admin", vec!["ada"]),
        ("status=blocked", vec!["user9"]),
        ("status=unverified", vec!["user8", "user10"]),
        ("status=blocked&role=admin", vec![]),
    ] {
        assert_eq!(names(&table(search).await), expected, "{search}");
    }
    let page = table("").await;
    assert!(page.contains("131 users") && page.contains("aria-sort=\"descending\""), "{page}");
    let href = |page: &str, rel: &str| {
        let (before, _) = page.split_once(&format!("\" rel=\"{rel}\""))?;
        Some(before.rsplit_once("href=\"")?.1.replace("&amp;", "&"))
    };
    for sort in ["-created", "created", "username", "-username", "seen", "-seen"] {
        let mut seen = Vec::new();
        let mut page = table(&format!("sort={sort}&size=25")).await;
        let first = names(&page);
        loop {
            seen.extend(names(&page));
            let Some(next) = href(&page, "next") else { break };
            page = admin.get(&next).await.body;
        }
        assert_eq!(seen.len(), 131, "{sort}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 131, "{sort}");
        while let Some(before) = href(&page, "prev") {
            page = admin.get(&before).await.body;
        }
        assert_eq!(names(&page), first, "{sort}: the way back ends where it began");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_of_accounts_has_the_filter_and_no_formula(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    shop.account(&ANN, "shopper").await;
    for (at, name) in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "a,\"b\""].iter().enumerate() {
        sqlx::query(
            "insert into users (id, username, username_key, email, email_key, display_name)
             values ($1, $2, $2, $2 || '@example.com', $2 || '@example.com', $3)",
        )
        .bind(Uuid::now_v7())
        .bind(format!("user{at}"))
        .bind(name)
        .execute(&shop.pool)
        .await
        .unwrap();
    }
    let file = admin.get("/admin/users.csv?sort=username").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"users.csv\"");
    assert_eq!(file.header("cache-control"), "no-store");
    let mut records = csv::Reader::from_reader(file.body.as_bytes());
    let shown: Vec<String> = records.records().map(|record| record.unwrap()[1].to_owned()).collect();
    assert_eq!(shown, ["", "", "'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "a,\"b\""]);
    let narrowed = admin.get("/admin/users.csv?q=ann&role=shopper&size=25&after=x").await.body;
    assert_eq!(narrowed.lines().count(), 2, "{narrowed}");
    let entry = &trail(&shop.pool, "user.export").await[1];
    assert_eq!(entry.after, json!({ "role": "shopper", "status": null, "searched": true }));
}

#[sqlx::test(migrations = "../migrations")]
async fn who_comes_to_the_staff_with_a_short_password_sets_a_longer_one(pool: PgPool) {
    const SHORT: Person = Person { username: "fay", email: "fay@example.com", password: "otter weir 12" };
    let shop = Shop::open(pool).await;
    let (admin, _) = signed_in(&shop, &ADA, "admin").await;
    let fay = shop.account(&SHORT, "shopper").await.to_string();
    let browser = shop.browser();
    browser.get("/login").await;
    assert_eq!(next(&browser.log_in(SHORT.email, SHORT.password).await).path, "/account");
    done(&admin, "set_role", &[("user", &fay), ("role", "editor")]).await;
    assert!(!browser.is_signed_in().await);

    let asked = next(&browser.log_in(SHORT.email, SHORT.password).await);
    assert_eq!(asked.path, "/reset-password");
    assert!(asked.notice.unwrap().contains("at least 15 characters"));
    assert!(browser.cookie("session").is_none() && !browser.is_signed_in().await);
    assert_eq!(trail(&shop.pool, "session.refused").await[0].reason, "password too short for the staff");
    // Who guesses is told what everybody else is.
    let wrong = browser.log_in(SHORT.email, "another of 12").await;
    let nobodys = browser.log_in("nobody@example.com", "another of 12").await;
    assert_eq!(seen(&wrong), seen(&nobodys));

    let code = newest_code(&shop.pool, SHORT.email).await.unwrap();
    let reset = async |password: &str| browser.post("reset_password", &[("code", &code), ("password", password)]).await;
    assert!(beside(&reset("fourteen chars").await, "password").contains("15"));
    assert_eq!(next(&reset("otters in the weir").await).path, "/login");
    assert_eq!(browser.log_in(SHORT.email, SHORT.password).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.log_in(SHORT.email, "otters in the weir").await.status, StatusCode::OK);
    assert_eq!(browser.get("/admin").await.status, StatusCode::OK);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_people_do_to_their_own_account_is_in_the_trail(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = shop.signed_up(&ANN).await;
    let post = async |form: &str, fields: &[(&str, &str)]| {
        let answer = browser.post(form, fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{form}: {}", answer.body);
    };
    post("save_profile", &[("username", "ann.lee"), ("display_name", "")]).await;
    post("save_profile", &[("username", "ann.marsh"), ("display_name", "Ann Marsh")]).await;
    post("change_email", &[("email", "new@example.com"), ("password", ANN.password)]).await;
    post("download", &[("password", ANN.password)]).await;
    let stranger = shop.browser();
    for address in [ANN.email, "nobody@example.com"] {
        next(&stranger.forgot(address).await);
    }
    let renamed = trail(&shop.pool, "user.update").await;
    assert_eq!(renamed.len(), 1, "nothing has changed the first time: {renamed:?}");
    assert_eq!((renamed[0].actor.as_str(), renamed[0].subject.as_str()), ("ann.marsh", "ann.marsh"));
    assert_eq!(renamed[0].before, json!({ "username": "ann.lee", "display_name": "" }));
    assert_eq!(renamed[0].after, json!({ "username": "ann.marsh", "display_name": "A…" }));
    assert_eq!(trail(&shop.pool, "user.email_asked").await[0].after, json!({ "email": "n…@example.com" }));
    assert_eq!(trail(&shop.pool, "user.data_taken").await.len(), 1);
    let asked = trail(&shop.pool, "user.reset_asked").await;
    let who: Vec<(&str, &str)> = asked.iter().map(|one| (one.actor.as_str(), one.subject.as_str())).collect();
    assert_eq!(who, [("nobody", "ann.marsh"), ("nobody", "")]);
    assert!(asked.iter().all(|one| !one.request_id.is_empty()));
}
