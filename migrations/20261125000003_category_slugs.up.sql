-- Names that categories had: their addresses still lead to them, or to what they were merged into.
create table category_slugs (
    slug text primary key,
    category_id uuid not null references categories on delete cascade,
    created_at timestamptz not null default now()
);
create index category_slugs_category_id_idx on category_slugs (category_id);

create function keep_category_slug() returns trigger language plpgsql as $$
begin
    insert into category_slugs (slug, category_id) values (old.slug, old.id)
    on conflict (slug) do update set category_id = excluded.category_id, created_at = now();
    -- A category that takes back a name that it had, or another's old one, is what that name means now.
    delete from category_slugs where slug = new.slug;
    return null;
end $$;

create trigger categories_slug_kept after update of slug on categories
    for each row when (old.slug <> new.slug) execute function keep_category_slug();
