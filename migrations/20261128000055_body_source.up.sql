-- A description as somebody wrote it, in Markdown. What everything reads is still the HTML made from it; a product whose
-- HTML came from a file has no source.
alter table products add column body_source text;

-- An import, an undo or a revert writes HTML and knows nothing of its source: kept, it would bring the old words back
-- with the next save of the form.
create function drop_stale_body_source() returns trigger language plpgsql as $$
begin
    new.body_source := null;
    return new;
end $$;

create trigger products_body_source before update of body_html on products
    for each row
    when (old.body_html is distinct from new.body_html
          and old.body_source is not distinct from new.body_source)
    execute function drop_stale_body_source();
