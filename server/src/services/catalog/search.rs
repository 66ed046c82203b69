//! Words to products: PostgreSQL's full text, ranked, with mistyped words mended by the catalogue's own.

use super::snapshot::Seq;
use sqlx::PgPool;
use std::collections::BTreeSet;

/// The best so many are ranked and counted. A search that finds more is too wide for anyone to page through, and the
/// bound keeps a common word as cheap in a large shop as in a small one.
pub const LIMIT: usize = 1000;
/// Words of a search beyond this add nothing but cost.
const MAX_WORDS: usize = 12;

#[derive(Debug, Default)]
pub struct SearchResult {
    /// Best first.
    pub ranked: Vec<Seq>,
    /// There may be more than `ranked`.
    pub capped: bool,
    /// The words that were searched for instead.
    pub corrected: Option<String>,
    /// Products that share some of the words, when none has all.
    pub near: Vec<Seq>,
}

/// # Errors
/// When the database can't be read.
pub async fn search(pool: &PgPool, typed: &str) -> Result<SearchResult, sqlx::Error> {
    let words = words(typed);
    if words.is_empty() {
        return Ok(SearchResult::default());
    }
    let ranked = find(pool, typed, &words).await?;
    if !ranked.is_empty() {
        return Ok(SearchResult { capped: ranked.len() == LIMIT, ranked, ..SearchResult::default() });
    }
    let mended = mend(pool, &words).await?;
    if mended != words {
        let corrected = mended.join(" ");
        let ranked = find(pool, &corrected, &mended).await?;
        if !ranked.is_empty() {
            return Ok(SearchResult {
                capped: ranked.len() == LIMIT,
                ranked,
                corrected: Some(corrected),
                near: Vec::new(),
            });
        }
    }
    let near = find_any(pool, &mended).await?;
    Ok(SearchResult { near, ..SearchResult::default() })
}

/// Products for a search that is still being typed: the last word may go on.
///
/// # Errors
/// When the database can't be read.
pub async fn suggest(pool: &PgPool, typed: &str, limit: i64) -> Result<Vec<Seq>, sqlx::Error> {
    let mut words = words(typed);
    let found = find_prefix(pool, &words, limit).await?;
    if !found.is_empty() || words.is_empty() {
        return Ok(found);
    }
    words = mend(pool, &words).await?;
    find_prefix(pool, &words, limit).await
}

/// The search's words: letters and digits only, so that none of them can be read as an operator.
fn words(typed: &str) -> Vec<String> {
    typed
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .map(str::to_lowercase)
        .collect()
}

/// Exact titles first, then titles that begin so, then titles with all the words, then the rest by weight.
async fn find(pool: &PgPool, typed: &str, words: &[String]) -> Result<Vec<Seq>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        r#"
        with q as (
            select plainto_tsquery('english', plain_text($2)) as query, plain_text(btrim($1)) as typed
        ),
        titled as (
            select p.seq, p.title, p.search, p.on_hand, true as in_title
            from products p, q
            where p.status = 'active' and p.price_min is not null
              and to_tsvector('english', plain_text(p.title)) @@ q.query
            limit $3
        ),
        named as (
            select p.seq, p.title, p.search, p.on_hand, true as in_title
            from products p, q
            where p.status = 'active' and p.price_min is not null and plain_text(p.title) = q.typed
            limit 50
        ),
        rest as (
            select p.seq, p.title, p.search, p.on_hand, false as in_title
            from products p, q
            where p.status = 'active' and p.price_min is not null and p.search @@ q.query
            limit $3 - (select count(*) from titled)
        ),
        hits as (
            select distinct on (seq) *
            from (select * from named union all select * from titled union all select * from rest) h
            order by seq, in_title desc
        )
        select h.seq as "seq!"
        from hits h, q
        order by plain_text(h.title) = q.typed desc,
                 starts_with(plain_text(h.title), q.typed) desc,
                 h.in_title desc,
                 h.on_hand > 0 desc,
                 ts_rank_cd('{0.1, 0.3, 0.6, 1.0}', h.search, q.query, 1) desc,
                 length(h.title),
                 h.seq desc
        limit $3
        "#,
        typed,
        words.join(" "),
        LIMIT as i64,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().filter_map(|seq| Seq::try_from(seq).ok()).collect())
}

async fn find_any(pool: &PgPool, words: &[String]) -> Result<Vec<Seq>, sqlx::Error> {
    let any = words.join(" | ");
    let rows = sqlx::query_scalar!(
        r#"
        select h.seq as "seq!"
        from (
            select p.seq, p.search from products p
            where p.status = 'active' and p.price_min is not null
              and p.search @@ to_tsquery('english', plain_text($1))
            limit 200
        ) h
        order by ts_rank(h.search, to_tsquery('english', plain_text($1))) desc, h.seq desc
        limit 8
        "#,
        any,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().filter_map(|seq| Seq::try_from(seq).ok()).collect())
}

async fn find_prefix(pool: &PgPool, words: &[String], limit: i64) -> Result<Vec<Seq>, sqlx::Error> {
    let Some((last, whole)) = words.split_last() else { return Ok(Vec::new()) };
    let mut query = String::new();
    for word in whole {
        query.push_str(word);
        query.push_str(" & ");
    }
    query.push_str(last);
    query.push_str(":*");
    let rows = sqlx::query_scalar!(
        r#"
        with q as (select to_tsquery('english', plain_text($1)) as query, plain_text($2) as typed)
        select h.seq as "seq!"
        from (
            select p.seq, p.title, p.on_hand, q.typed
            from products p, q
            where p.status = 'active' and p.price_min is not null
              and to_tsvector('english', plain_text(p.title)) @@ q.query
            limit 300
        ) h
        order by starts_with(plain_text(h.title), h.typed) desc, h.on_hand > 0 desc, length(h.title), h.seq desc
        limit $3
        "#,
        query,
        words.join(" "),
        limit,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().filter_map(|seq| Seq::try_from(seq).ok()).collect())
}

/// Each word that the catalogue doesn't know, replaced by the nearest one that it does.
async fn mend(pool: &PgPool, words: &[String]) -> Result<Vec<String>, sqlx::Error> {
    let unique: BTreeSet<&String> = words.iter().collect();
    let unique: Vec<String> = unique.into_iter().cloned().collect();
    let candidates = sqlx::query!(
        r#"
        select t.word as "typed!", c.word as "word!", c.products as "products!"
        from unnest($1::text[]) as t(word)
        cross join lateral (
            select w.word, w.products
            from search_words w
            where w.word % plain_text(t.word)
            order by similarity(w.word, plain_text(t.word)) desc, w.products desc
            limit 40
        ) c
        where length(t.word) between 3 and 30
          -- A word with a match of its own, in whatever form, is not mistyped.
          and not exists (
              select 1 from products p
              where p.status = 'active' and p.search @@ plainto_tsquery('english', plain_text(t.word))
          )
          and numnode(plainto_tsquery('english', plain_text(t.word))) > 0
        "#,
        &unique,
    )
    .fetch_all(pool)
    .await?;
    let nearest = |typed: &String| {
        candidates
            .iter()
            .filter(|candidate| candidate.typed == *typed)
            .map(|candidate| {
                let distance = strsim::damerau_levenshtein(typed, &candidate.word);
                (distance, std::cmp::Reverse(candidate.products), &candidate.word)
            })
            // A third of the letters may be wrong; more than that is another word.
            .filter(|(distance, ..)| *distance <= 1 + typed.chars().count() / 4)
            .min()
            .map(|(.., word)| word.clone())
    };
    Ok(words.iter().map(|typed| nearest(typed).unwrap_or_else(|| typed.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_can_be_an_operator() {
        assert_eq!(words("  Cotton & !shirt:* | 'x' (y) <-> \\ \0"), ["cotton", "shirt", "x", "y"]);
        assert_eq!(words("blåhaj 90%"), ["blåhaj", "90"]);
        assert!(words("&&& :*").is_empty());
    }
}
