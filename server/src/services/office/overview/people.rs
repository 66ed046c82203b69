//! Who comes by, and the mail.

use crate::error::ServiceError;
use crate::services::office::trail::moment;
use app::admin::overview::host::{Day, Mail, People};
use sqlx::PgPool;
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const LABEL: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:short]");

pub async fn load(pool: &PgPool) -> Result<People, ServiceError> {
    Ok(People { days: days(pool).await?, mail: mail(pool).await? })
}

/// The last thirty days, as UTC has them.
async fn days(pool: &PgPool) -> Result<Vec<Day>, ServiceError> {
    let rows = sqlx::query!(
        r#"with days as (
               select (now() at time zone 'utc')::date - back as day from generate_series(0, 29) as back
           )
           select d.day as "day!",
                  (
                      select count(*) from users u
                      where u.created_at >= d.day::timestamp at time zone 'utc'
                        and u.created_at < (d.day + 1)::timestamp at time zone 'utc'
                  ) as "sign_ups!",
                  (select coalesce(sum(a.users), 0) from active_days a where a.day = d.day) as "active!"
           from days d
           order by d.day"#
    )
    .fetch_all(pool)
    .await?;
    let said = |day: Date, format| day.format(&format).unwrap_or_default();
    let day = |day, sign_ups, active| Day {
        date: said(day, DATE),
        label: said(day, LABEL),
        sign_ups: whole(sign_ups),
        active: whole(active),
    };
    Ok(rows.into_iter().map(|row| day(row.day, row.sign_ups, row.active)).collect())
}

async fn mail(pool: &PgPool) -> Result<Mail, ServiceError> {
    let row = sqlx::query!(
        r#"select (select count(*) from outbox where state = 'waiting') as "waiting!",
                  (select min(created_at) from outbox where state = 'waiting') as oldest,
                  (
                      select count(*) from outbox
                      where state = 'sent' and done_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'
                  ) as "sent!",
                  (select count(*) from outbox where state = 'dead') as "given_up!""#
    )
    .fetch_one(pool)
    .await?;
    Ok(Mail {
        waiting: whole(row.waiting),
        sent: whole(row.sent),
        given_up: whole(row.given_up),
        oldest: row.oldest.map(moment),
    })
}

pub(super) fn whole(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
