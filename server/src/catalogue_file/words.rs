//! The words that occur in the catalogue, from which a search mends mistyped ones.

use sqlx::PgConnection;

/// Rebuilds `search_words` from the products that shoppers can find: a draft's words would tell of it.
///
/// # Errors
/// Of the database.
pub async fn rebuild(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    // Rows that stay as they are are left alone: the trigram index costs more than the comparison.
    sqlx::raw_sql(
        "create temp table new_words on commit drop as
         select word, ndoc::integer as products
         from ts_stat($$
             with recursive paths (id, path) as (
                 select id, name from categories where parent_id is null
                 union all
                 select c.id, p.path || ' ' || c.name from categories c join paths p on p.id = c.parent_id
             )
             select to_tsvector('simple', plain_text(
                 p.title || ' ' || p.vendor || ' ' || p.type || ' ' || coalesce(c.path, '') || ' '
                 || array_to_string(p.tags, ' ')))
             from products p left join paths c on c.id = p.category_id
             where p.status = 'active'
         $$)
         where length(word) between 3 and 30
           and word ~ '[[:alpha:]]'
           -- Addresses and file names, which the parser keeps whole.
           and word !~ '[@/.:_]';

         delete from search_words w
         where not exists (select from new_words n where n.word = w.word);

         insert into search_words (word, products)
         select word, products from new_words
         on conflict (word) do update set products = excluded.products
             where search_words.products <> excluded.products;

         drop table new_words",
    )
    .execute(conn)
    .await?;
    Ok(())
}
