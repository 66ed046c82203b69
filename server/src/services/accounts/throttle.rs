//! What keeps guessers slow. Tries are counted in the database, so that limits hold across processes.

use sqlx::PgConnection;

/// So many tries in any span of so many seconds.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub kind: &'static str,
    pub tries: i64,
    /// Seconds.
    pub window: i32,
}

/// Wrong passwords for one account. Five, because people know two or three of their own by heart.
pub const WRONG_FOR_ACCOUNT: Limit = Limit { kind: "wrong_for_account", tries: 5, window: 5 * 60 };
/// Wrong passwords from one client.
pub const WRONG_FROM_CLIENT: Limit = Limit { kind: "wrong_from_client", tries: 10, window: 60 };
/// Mail with a code, to one address.
pub const MAIL_IN_AN_HOUR: Limit = Limit { kind: "mail_in_an_hour", tries: 5, window: 60 * 60 };
pub const MAIL_IN_A_DAY: Limit = Limit { kind: "mail_in_a_day", tries: 10, window: 24 * 60 * 60 };
/// Mail with a code, asked for by one client.
pub const MAIL_FROM_CLIENT: Limit = Limit { kind: "mail_from_client", tries: 20, window: 60 };

/// Who is counted: a keyed hash of an account, an address or a client.
pub type Subject = [u8; 32];

/// Counts one try each.
///
/// Tries are kept in spans of a thirtieth of the window, so that the window moves with the clock instead of beginning
/// anew for everybody at once.
///
/// # Errors
/// The database's.
pub async fn count(connection: &mut PgConnection, tries: &[(Limit, Subject)]) -> Result<(), sqlx::Error> {
    let (kinds, subjects, windows) = columns(tries);
    // Sorted, so that two requests never wait for each other.
    sqlx::query!(
        "insert into throttles (kind, subject, window_start)
         select kind, subject, date_bin(make_interval(secs => span / 30.0), now(), 'epoch')
         from unnest($1::text[], $2::bytea[], $3::int[]) as t (kind, subject, span)
         order by kind, subject
         on conflict (kind, subject, window_start) do update set tries = throttles.tries + 1",
        &kinds,
        &subjects,
        &windows
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Seconds until none of the limits is reached any more; `None` while none is.
///
/// # Errors
/// The database's.
pub async fn wait(connection: &mut PgConnection, limits: &[(Limit, Subject)]) -> Result<Option<u32>, sqlx::Error> {
    let (kinds, subjects, windows) = columns(limits);
    let most: Vec<i64> = limits.iter().map(|(limit, _)| limit.tries).collect();
    let wait = sqlx::query_scalar!(
        r#"select ceil(max(extract(epoch from reached.free_at - now())))::int as "wait"
           from (
               -- A span counts until its last moment is past.
               select min(h.window_start) + make_interval(secs => l.span + l.span / 30.0) as free_at
               from unnest($1::text[], $2::bytea[], $3::int[], $4::bigint[]) as l (kind, subject, span, most)
               join throttles h on h.kind = l.kind and h.subject = l.subject
                   and h.window_start > now() - make_interval(secs => l.span + l.span / 30.0)
               group by l.kind, l.subject, l.span, l.most
               having sum(h.tries) >= l.most
           ) reached"#,
        &kinds,
        &subjects,
        &windows,
        &most
    )
    .fetch_one(connection)
    .await?;
    Ok(wait.map(|seconds| u32::try_from(seconds).unwrap_or(0).max(1)))
}

fn columns(limits: &[(Limit, Subject)]) -> (Vec<String>, Vec<Vec<u8>>, Vec<i32>) {
    let kinds = limits.iter().map(|(limit, _)| limit.kind.to_owned()).collect();
    let subjects = limits.iter().map(|(_, subject)| subject.to_vec()).collect();
    let windows = limits.iter().map(|(limit, _)| limit.window).collect();
    (kinds, subjects, windows)
}
