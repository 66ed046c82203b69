use super::chart::chart;
use super::{figure, section};
use crate::admin::overview::host::{Day, Mail, People};
use crate::ui::{El, el, grouped};

/// Who comes by, and whether they get their mail.
pub fn sections(people: &People) -> Vec<El> {
    let days = |number: fn(&Day) -> u32| people.days.iter().map(|day| (day, number(day))).collect::<Vec<_>>();
    let charts = el("div")
        .class("halves")
        .child(section("Sign-ups by day").child(chart("Sign-ups", &days(|day| day.sign_ups))))
        .child(section("Active users by day").child(chart("Active users", &days(|day| day.active))));
    vec![charts, mail(&people.mail)]
}

fn mail(mail: &Mail) -> El {
    let figures = el("dl")
        .class("figures")
        .child(figure("Waiting", &grouped(mail.waiting), None))
        .child(figure("Sent today", &grouped(mail.sent), None))
        .child(figure("Given up", &grouped(mail.given_up), None));
    let oldest = mail
        .oldest
        .as_ref()
        .map(|oldest| el("p").class("hint").text("The oldest that waits was written on ").text(oldest).text(" UTC."));
    section("Mail").child(figures).maybe(oldest)
}
