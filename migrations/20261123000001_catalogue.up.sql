-- The catalogue: category tree, products, variants, pictures, stock movements.

create extension if not exists citext;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- `unaccent` is only stable, because its dictionary could be replaced; ours is named, so the call may stand in an index.
create function plain_text(text) returns text
    language sql immutable strict parallel safe
    return lower(public.unaccent('public.unaccent', $1));

create table media (
    id uuid primary key,
    -- SHA-256 of the original: the same file twice is one medium.
    hash bytea not null unique check (length(hash) = 32),
    width integer not null check (width between 1 and 8192),
    height integer not null check (height between 1 and 8192),
    -- The widths that lie in the media folder, rising.
    widths integer[] not null check (cardinality(widths) > 0),
    created_at timestamptz not null default now()
);

create table categories (
    id uuid primary key,
    parent_id uuid references categories on delete restrict,
    slug text not null unique check (slug ~ '^[[:alnum:]][[:alnum:]_.-]*$' and length(slug) <= 255),
    name text not null check (btrim(name) <> '' and length(name) <= 200),
    description text not null default '',
    picture_id uuid references media on delete set null,
    position integer not null default 0,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint categories_sibling_name_key unique nulls not distinct (parent_id, name),
    constraint categories_not_own_parent check (parent_id <> id)
);
create index categories_picture_id_idx on categories (picture_id);

create table products (
    id uuid primary key,
    -- A dense number beside the public id: sets of products are bitmaps over it.
    seq integer generated always as identity unique,
    slug text not null unique check (slug ~ '^[[:alnum:]][[:alnum:]_.-]*$' and length(slug) <= 255),
    title text not null check (btrim(title) <> '' and length(title) <= 500),
    -- Sanitised before it is stored.
    body_html text not null default '',
    vendor text not null default '' check (length(vendor) <= 255),
    type text not null default '' check (length(type) <= 255),
    tags text[] not null default '{}',
    category_id uuid references categories on delete restrict,
    status text not null default 'draft' check (status in ('draft', 'active', 'archived')),
    -- Empty for a plain product, which has one variant without option values.
    option_names text[] not null default '{}' check (cardinality(option_names) <= 3),
    seo_title text not null default '',
    seo_description text not null default '',
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- Kept by triggers, so that a listing reads one row per card.
    price_min bigint,
    price_max bigint,
    compare_at bigint,
    on_hand integer not null default 0,
    search tsvector not null default ''
    -- Room on each page for a changed price or stock, which then touches no index.
) with (fillfactor = 85);
create index products_category_id_idx on products (category_id);
create index products_search_idx on products using gin (search);
-- Without weights, so that a search for a common word can stop at its limit: a weighted match is rechecked row by row.
create index products_title_search_idx on products using gin (to_tsvector('english', plain_text(title)));
create index products_title_idx on products (plain_text(title));
create index products_active_name_idx on products (plain_text(title), seq) where status = 'active';

create table product_images (
    id uuid primary key,
    product_id uuid not null references products on delete cascade,
    position integer not null check (position > 0),
    alt text not null default '',
    media_id uuid references media on delete restrict,
    -- As the import file named it: kept for the export, and for pictures that stay at their own host.
    source text not null default '',
    constraint product_images_position_key unique (product_id, position) deferrable initially deferred,
    constraint product_images_somewhere check (media_id is not null or source <> '')
);
create index product_images_media_id_idx on product_images (media_id);

create table variants (
    id uuid primary key,
    product_id uuid not null references products on delete cascade,
    position integer not null check (position > 0),
    sku text check (btrim(sku) <> '' and length(sku) <= 255),
    barcode text not null default '',
    -- Minor units of the shop's currency.
    price bigint not null constraint variants_price_range check (price between 0 and 1000000000000),
    compare_at bigint constraint variants_compare_at_range check (compare_at between 0 and 1000000000000),
    on_hand integer not null default 0 constraint variants_on_hand_range check (on_hand between 0 and 1000000000),
    grams integer check (grams >= 0),
    option_values text[] not null default '{}' check (cardinality(option_values) <= 3),
    image_id uuid references product_images on delete set null,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint variants_sku_key unique (sku),
    constraint variants_option_values_key unique (product_id, option_values) deferrable initially deferred,
    constraint variants_position_key unique (product_id, position) deferrable initially deferred
);
create index variants_image_id_idx on variants (image_id);

-- initial (0) + Σ delta = on_hand, for every variant, always: the rows are written by a trigger, so no code can forget.
create table stock_movements (
    id bigint generated always as identity primary key,
    variant_id uuid not null references variants on delete cascade,
    delta integer not null check (delta <> 0),
    -- From the settings `shop.reason` and `shop.actor` of the transaction.
    reason text not null,
    actor text not null,
    created_at timestamptz not null default now()
);
create index stock_movements_variant_id_idx on stock_movements (variant_id, id);

create function record_stock_movements() returns trigger language plpgsql as $$
begin
    insert into stock_movements (variant_id, delta, reason, actor)
    select v.id,
           v.on_hand - case when tg_op = 'UPDATE' then o.on_hand else 0 end,
           coalesce(nullif(current_setting('shop.reason', true), ''), 'correction'),
           coalesce(nullif(current_setting('shop.actor', true), ''), 'system')
    from changed v left join before o using (id)
    where v.on_hand <> coalesce(o.on_hand, 0);
    return null;
end $$;

create function record_initial_stock() returns trigger language plpgsql as $$
begin
    insert into stock_movements (variant_id, delta, reason, actor)
    select id, on_hand,
           coalesce(nullif(current_setting('shop.reason', true), ''), 'initial'),
           coalesce(nullif(current_setting('shop.actor', true), ''), 'system')
    from changed where on_hand <> 0;
    return null;
end $$;

create trigger variants_stock_inserted after insert on variants
    referencing new table as changed for each statement execute function record_initial_stock();
create trigger variants_stock_updated after update on variants
    referencing old table as before new table as changed for each statement execute function record_stock_movements();

-- What a listing shows of a product's variants.
create function summarise_products(ids uuid[]) returns void language sql as $$
    update products p
    set price_min = s.price_min, price_max = s.price_max, compare_at = s.compare_at, on_hand = s.on_hand
    from (
        select i.id,
               min(v.price) as price_min,
               max(v.price) as price_max,
               -- Of the cheapest variant, and only where it really is a reduction.
               (array_agg(v.compare_at order by v.price, v.position) filter (where v.id is not null))[1] as compare_at,
               least(coalesce(sum(v.on_hand), 0), 1000000000)::integer as on_hand
        from unnest(ids) as i(id) left join variants v on v.product_id = i.id
        group by i.id
    ) s
    where p.id = s.id
      and (p.price_min, p.price_max, p.compare_at, p.on_hand)
          is distinct from (s.price_min, s.price_max, s.compare_at, s.on_hand);
$$;

create function summarise_changed() returns trigger language plpgsql as $$
begin
    perform summarise_products(array(select distinct product_id from changed));
    return null;
end $$;

create trigger variants_summary_inserted after insert on variants
    referencing new table as changed for each statement execute function summarise_changed();
create trigger variants_summary_updated after update on variants
    referencing new table as changed for each statement execute function summarise_changed();
create trigger variants_summary_deleted after delete on variants
    referencing old table as changed for each statement execute function summarise_changed();

-- Search: title, then vendor and category, then tags, then the body. English stems, accents folded.
create function category_path(uuid) returns text language sql stable as $$
    with recursive up as (
        select parent_id, name, 1 as depth from categories where id = $1
        union all
        select c.parent_id, c.name, up.depth + 1 from categories c join up on c.id = up.parent_id where up.depth < 20
    )
    select coalesce(string_agg(name, ' ' order by depth desc), '') from up
$$;

create function product_search(title text, vendor text, category text, tags text[], body text) returns tsvector
language sql stable as $$
    select setweight(to_tsvector('english', plain_text(title)), 'A')
        || setweight(to_tsvector('english', plain_text(vendor || ' ' || category)), 'B')
        || setweight(to_tsvector('english', plain_text(array_to_string(tags, ' '))), 'C')
        || setweight(to_tsvector('english', plain_text(left(regexp_replace(body, '<[^>]*>', ' ', 'g'), 20000))), 'D')
$$;

create function index_product() returns trigger language plpgsql as $$
begin
    new.search := product_search(
        new.title, new.vendor, category_path(new.category_id) || ' ' || new.type, new.tags, new.body_html);
    return new;
end $$;

create trigger products_search before insert or update of title, vendor, type, tags, category_id, body_html on products
    for each row execute function index_product();

create function reindex_category() returns trigger language plpgsql as $$
begin
    with recursive down as (
        select new.id
        union all
        select c.id from categories c join down on c.parent_id = down.id
    )
    update products set category_id = category_id where category_id in (select id from down);
    return null;
end $$;

create trigger categories_search after update of name, parent_id on categories
    for each row when ((old.name, old.parent_id) is distinct from (new.name, new.parent_id))
    execute function reindex_category();

-- The words that occur in the catalogue, for mending mistyped ones.
create table search_words (
    word text primary key,
    -- In how many products; an estimate between two rebuilds, used only to choose between equally near words.
    products integer not null
);
create index search_words_trigram_idx on search_words using gin (word gin_trgm_ops);
create index search_words_prefix_idx on search_words (word text_pattern_ops);

-- Settings of the shop that an operator changes at run time, such as the home page's picture.
create table settings (
    key text primary key,
    value jsonb not null,
    version bigint not null default 1
);

-- Every process hears what changed: `*` for anything that touches many products, or their numbers.
create function announce_products() returns trigger language plpgsql as $$
declare
    numbers text;
begin
    select string_agg(seq::text, ',') into numbers
    from (select distinct seq from changed limit 101) c
    having count(*) <= 100;
    if numbers is not null then
        perform pg_notify('catalogue', numbers);
    elsif exists (select 1 from changed) then
        perform pg_notify('catalogue', '*');
    end if;
    return null;
end $$;

create function announce_by_product() returns trigger language plpgsql as $$
declare
    numbers text;
begin
    select string_agg(p.seq::text, ',') into numbers
    from (select distinct product_id from changed limit 101) c join products p on p.id = c.product_id
    having count(*) <= 100;
    if numbers is not null then
        perform pg_notify('catalogue', numbers);
    elsif exists (select 1 from changed) then
        perform pg_notify('catalogue', '*');
    end if;
    return null;
end $$;

create function announce_all() returns trigger language plpgsql as $$
begin
    perform pg_notify('catalogue', '*');
    return null;
end $$;

create trigger products_announced_insert after insert on products
    referencing new table as changed for each statement execute function announce_products();
create trigger products_announced_update after update on products
    referencing new table as changed for each statement execute function announce_products();
create trigger products_announced_delete after delete on products
    referencing old table as changed for each statement execute function announce_products();
create trigger variants_announced_insert after insert on variants
    referencing new table as changed for each statement execute function announce_by_product();
create trigger variants_announced_update after update on variants
    referencing new table as changed for each statement execute function announce_by_product();
create trigger variants_announced_delete after delete on variants
    referencing old table as changed for each statement execute function announce_by_product();
create trigger images_announced_insert after insert on product_images
    referencing new table as changed for each statement execute function announce_by_product();
create trigger images_announced_update after update on product_images
    referencing new table as changed for each statement execute function announce_by_product();
create trigger images_announced_delete after delete on product_images
    referencing old table as changed for each statement execute function announce_by_product();
create trigger categories_announced after insert or update or delete on categories
    for each statement execute function announce_all();
create trigger settings_announced after insert or update or delete on settings
    for each statement execute function announce_all();
