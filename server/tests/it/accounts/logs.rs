use super::browser::{next, other_than, refused, said};
use super::{ANN, later, letters, newest_code};
use crate::shop::Shop;
use server::mail::Letter;
use sqlx::PgPool;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

/// Every field of every event and span, as a log at its most talkative would have it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct All<'a>(&'a mut String);

impl Visit for All<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!("{}={value:?} ", field.name()));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        // The shop itself never logs less than `info` by default; drivers' own lines are not asked for.
        if *event.metadata().level() > tracing::Level::DEBUG {
            return;
        }
        let mut all = self.0.lock().unwrap();
        event.record(&mut All(&mut all));
        all.push('\n');
    }

    fn on_new_span(&self, span: &tracing::span::Attributes<'_>, _: &tracing::span::Id, _: Context<'_, S>) {
        let mut all = self.0.lock().unwrap();
        span.record(&mut All(&mut all));
        all.push('\n');
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_log_tells_what_happened_and_no_secret(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let log = Log::default();
    // With a single subscriber tracing asks whichever thread meets a line first, and other tests' threads have none.
    let _second = tracing::Dispatch::new(Registry::default().with(Log::default()));
    let guard = tracing::subscriber::set_default(Registry::default().with(log.clone()));
    let wrong = "a wrong password too";
    let new = "otters along the bank";
    let browser = shop.signed_up(&ANN).await;
    let mut secrets = vec![ANN.password.to_owned(), wrong.to_owned(), new.to_owned(), ANN.email.to_owned()];
    secrets.extend(newest_code(&shop.pool, ANN.email).await);
    secrets.extend(browser.cookie("session"));
    next(&browser.post("change_password", &[("current_password", ANN.password), ("password", new)]).await);
    secrets.extend(browser.cookie("session"));
    said(&shop.browser().log_in(ANN.email, wrong).await, "password");
    said(&shop.browser().log_in("x\r\n\u{1b}[31mforged", wrong).await, "password");
    browser.get("/nowhere/%0d%0aforged%1b[31m").await;
    next(&browser.log_in(ANN.email, new).await);
    secrets.extend(browser.cookie("session"));
    next(&browser.post("log_out", &[]).await);
    next(&browser.forgot(ANN.email).await);
    secrets.extend(browser.cookie("flow"));
    let code = newest_code(&shop.pool, ANN.email).await.unwrap();
    sqlx::query("update users set wrong_codes = 99").execute(&shop.pool).await.unwrap();
    said(&browser.post("reset_password", &[("code", &other_than(&code)), ("password", new)]).await, "code");
    let Some(Letter::CodesStopped { path }) = letters(&shop.pool, ANN.email).await.pop() else { panic!() };
    secrets.push(path.trim_start_matches("/unlock?token=").to_owned());
    secrets.extend([code.clone(), other_than(&code)]);
    browser.get(&path).await;
    next(&browser.post("unlock", &[("token", path.trim_start_matches("/unlock?token="))]).await);
    later(&shop.pool, 61.0).await;
    refused(&browser.post("delete", &[("password", new)]).await);
    drop(guard);

    let log = log.0.lock().unwrap();
    for happened in [
        "logged in",
        "a log-in failed",
        "logged out",
        "a password was changed",
        "a password reset began",
        "codes stopped",
        "an address was verified",
    ] {
        assert!(log.contains(happened), "{happened}: {log}");
    }
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} is in the log:\n{log}");
    }
    assert!(!log.contains(['\r', '\u{1b}']) && !log.lines().any(|line| line.starts_with("forged")));
}
