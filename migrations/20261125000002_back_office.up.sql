-- The back office: who did what, names that products had, views that people keep.

-- Who did what to what, when and why. It names people and things as they were called then, since they may be gone.
create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    -- No foreign key: the entry outlives whoever made it. Null for the command line and for the shop itself.
    actor_id uuid,
    actor text not null,
    -- Such as `product.update`, `user.block`, `session.refused`.
    act text not null check (act ~ '^[a-z_]+\.[a-z_]+$'),
    subject_kind text not null,
    subject_id text not null default '',
    subject text not null default '',
    -- What changed, by field; the values before and after.
    before jsonb not null default '{}',
    after jsonb not null default '{}',
    reason text not null default '',
    request_id text not null default ''
);
create index audit_log_subject_idx on audit_log (subject_kind, subject_id, id);
create index audit_log_actor_id_idx on audit_log (actor_id, id);
create index audit_log_act_idx on audit_log (act, id);
create index audit_log_text_idx on audit_log using gin ((actor || ' ' || subject) gin_trgm_ops);

-- Not even the shop itself changes what has been written.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$;

create trigger audit_log_append_only before update or delete on audit_log
    for each statement execute function refuse_change();
create trigger audit_log_never_emptied before truncate on audit_log
    for each statement execute function refuse_change();

-- Names that products had: their addresses still lead to them.
create table product_slugs (
    slug text primary key,
    product_id uuid not null references products on delete cascade,
    created_at timestamptz not null default now()
);
create index product_slugs_product_id_idx on product_slugs (product_id);

create function keep_slug() returns trigger language plpgsql as $$
begin
    insert into product_slugs (slug, product_id) values (old.slug, old.id)
    on conflict (slug) do update set product_id = excluded.product_id, created_at = now();
    -- A product that takes back a name that it had, or another's old one, is what that name means now.
    delete from product_slugs where slug = new.slug;
    return null;
end $$;

create trigger products_slug_kept after update of slug on products
    for each row when (old.slug <> new.slug) execute function keep_slug();

-- A table's filter, sorting and columns under a name, for whoever keeps it.
create table saved_views (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    -- The page's path, such as `/admin/products`.
    page text not null,
    name text not null check (btrim(name) <> '' and length(name) <= 60),
    -- The page's query string.
    search text not null check (length(search) <= 2000),
    created_at timestamptz not null default now()
);
create unique index saved_views_name_key on saved_views (user_id, page, lower(name));

-- Tables of the back office are searched by any part of a name.
create index users_text_idx on users using gin ((username || ' ' || display_name || ' ' || email) gin_trgm_ops);
create index users_created_at_idx on users (created_at, id);
create index products_updated_at_idx on products (updated_at, seq);
create index products_text_idx on products using gin (title gin_trgm_ops);
create index variants_sku_text_idx on variants using gin (sku gin_trgm_ops);
