-- Imports in the browser: the file that came, what a dry run of it found, and what it takes to take it back.

create table imports (
    id uuid primary key,
    created_at timestamptz not null default now(),
    -- No foreign key: the history outlives whoever made it.
    actor_id uuid not null,
    actor text not null,
    file_name text not null check (length(file_name) <= 255),
    bytes integer not null check (bytes >= 0),
    -- Until it has been applied, or has lain for long.
    file bytea,
    state text not null
        check (state in ('checking', 'ready', 'refused', 'interrupted', 'applying', 'applied', 'undoing', 'undone')),
    -- What there is to say about how it came to that, in words; empty for nothing.
    note text not null default '',
    -- Each attempt at work has a number of its own, so that one which was believed dead can't end what another began.
    attempt integer not null default 0,
    -- The last sign of life of the process that is at work on it.
    beat_at timestamptz not null default now(),
    phase text not null default '',
    done bigint not null default 0,
    -- Null where nobody knows.
    total bigint,
    -- When the dry run that the page shows was made; null before the first.
    planned_at timestamptz,
    rows integer not null default 0,
    created integer not null default 0,
    updated integer not null default 0,
    unchanged integer not null default 0,
    refused integer not null default 0,
    -- Problems beyond those that are kept.
    more_problems integer not null default 0,
    categories_created integer not null default 0,
    -- Those that it made, parents first.
    categories uuid[] not null default '{}',
    applied_at timestamptz,
    applied_by text not null default '',
    undone_at timestamptz,
    undone_by text not null default '',
    -- When file, products and problems were thrown away.
    swept_at timestamptz
);
create index imports_created_at_idx on imports (created_at, id);

-- Nobody has heard of whoever is at work for so long that they are gone: what they did went with their transaction.
create function import_state(state text, beat_at timestamptz) returns text
    language sql stable parallel safe
    return case
        when beat_at >= now() - interval '20 seconds' then state
        when state in ('checking', 'applying') then 'interrupted'
        when state = 'undoing' then 'applied'
        else state
    end;

-- What becomes of each product of the file.
create table import_products (
    import_id uuid not null references imports on delete cascade,
    -- The order in the file.
    number integer not null,
    line bigint not null,
    kind text not null check (kind in ('new', 'changed', 'unchanged')),
    -- Null for a new one that isn't there yet. No foreign key: what was deleted since is told of, too.
    product_id uuid,
    handle text not null,
    title text not null,
    -- Of the product in the shop: when the dry run was made, and after the import.
    version bigint,
    after_version bigint,
    -- What changes: part, column, old, new.
    fields jsonb not null default '[]',
    -- The whole product around the import.
    before jsonb,
    after jsonb,
    primary key (import_id, number)
);
create index import_products_kind_idx on import_products (import_id, kind, number);

create table import_problems (
    import_id uuid not null references imports on delete cascade,
    number integer not null,
    line bigint not null,
    -- Null when the row as a whole is meant.
    "column" text,
    reason text not null,
    primary key (import_id, number)
);

-- A product as an import may change it, with all its variants and pictures.
create function whole_product(uuid) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'product',
        jsonb_build_object(
            'title', p.title, 'body_html', p.body_html, 'vendor', p.vendor, 'type', p.type, 'tags', p.tags,
            'category_id', p.category_id, 'status', p.status, 'option_names', p.option_names, 'seo_title', p.seo_title,
            'seo_description', p.seo_description),
        'variants',
        coalesce((select jsonb_agg(to_jsonb(v) order by v.position) from variants v where v.product_id = p.id), '[]'),
        'images',
        coalesce(
            (select jsonb_agg(to_jsonb(i) order by i.position) from product_images i where i.product_id = p.id), '[]'))
    from products p where p.id = $1
$$;
