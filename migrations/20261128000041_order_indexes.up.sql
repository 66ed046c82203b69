-- The tables of the back office at three hundred thousand products: each order begins in an index, and a search looks at
-- one expression, so that the planner knows whether it means few products or most.

-- What a sale changes stands apart from its product: an index on the stock would make each sale write all of the
-- product's other indexes too. The overview adds these narrow rows up instead of reading whole products and variants.
create table product_stock (
    seq integer primary key references products (seq) on delete cascade,
    status text not null,
    on_hand integer not null default 0,
    -- All pieces at their prices.
    value bigint not null default 0
) with (fillfactor = 85);
create index product_stock_order_idx on product_stock (on_hand, seq);

-- The variants' numbers, a line each, for searching.
alter table products add column skus text not null default '';

create or replace function summarise_products(ids uuid[]) returns void language sql as $$
    update products p
    set price_min = s.price_min, price_max = s.price_max, compare_at = s.compare_at, on_hand = s.on_hand, skus = s.skus
    from (
        select i.id,
               min(v.price) as price_min,
               max(v.price) as price_max,
               -- Of the cheapest variant, and only where it really is a reduction.
               (array_agg(v.compare_at order by v.price, v.position) filter (where v.id is not null))[1] as compare_at,
               least(coalesce(sum(v.on_hand), 0), 1000000000)::integer as on_hand,
               coalesce(string_agg(v.sku, E'\n' order by v.position), '') as skus
        from unnest(ids) as i(id) left join variants v on v.product_id = i.id
        group by i.id
    ) s
    where p.id = s.id
      and (p.price_min, p.price_max, p.compare_at, p.on_hand, p.skus)
          is distinct from (s.price_min, s.price_max, s.compare_at, s.on_hand, s.skus);

    insert into product_stock as k (seq, status, on_hand, value)
    select p.seq, p.status, p.on_hand, least(coalesce(sum(v.price::numeric * v.on_hand), 0), 9000000000000000000)::bigint
    from unnest(ids) as i(id) join products p on p.id = i.id left join variants v on v.product_id = p.id
    group by p.id
    on conflict (seq) do update set on_hand = excluded.on_hand, value = excluded.value
    where (k.on_hand, k.value) is distinct from (excluded.on_hand, excluded.value);
$$;

create function keep_product_stock() returns trigger language plpgsql as $$
begin
    insert into product_stock (seq, status) select seq, status from changed on conflict (seq) do nothing;
    return null;
end $$;

create trigger products_stock_kept after insert on products
    referencing new table as changed for each statement execute function keep_product_stock();

create function keep_product_status() returns trigger language plpgsql as $$
begin
    update product_stock set status = new.status where seq = new.seq;
    return null;
end $$;

create trigger products_status_kept after update of status on products
    for each row when (old.status <> new.status) execute function keep_product_status();

update products p
set skus = s.skus
from (select product_id, string_agg(sku, E'\n' order by position) as skus from variants where sku is not null group by product_id) s
where s.product_id = p.id;

insert into product_stock (seq, status, on_hand, value)
select p.seq, p.status, p.on_hand, least(coalesce(sum(v.price::numeric * v.on_hand), 0), 9000000000000000000)::bigint
from products p left join variants v on v.product_id = p.id
group by p.id;

-- In place of an index on titles and one on numbers.
create index products_names_idx on products using gin ((E'\n' || title || E'\n' || skus) gin_trgm_ops);
drop index products_text_idx;
drop index variants_sku_text_idx;

drop index products_title_idx;
create index products_title_idx on products (plain_text(title), seq);
create index products_price_order_idx on products (price_min, seq);
create index products_status_order_idx on products (status, updated_at, seq);
create index products_sale_order_idx on products (updated_at, seq) where compare_at > price_min;

-- A connection plans this once, as a rule for the one row of a sale; a loop within a loop would then be what it does with
-- ten thousand rows of a bulk edit.
alter function record_stock_movements() set enable_nestloop = off;

-- What a deleted category had, beside the entry of the audit log that tells of it, so that it can be brought back.
create table removed_categories (
    -- No foreign key: the log loses no entry.
    entry_id bigint primary key,
    category_id uuid not null,
    parent_id uuid,
    name text not null,
    slug text not null,
    description text not null,
    picture_id uuid,
    -- Among its siblings, from 0.
    place integer not null,
    -- Those right below it, in their order.
    children uuid[] not null,
    -- Names that it had before.
    addresses text[] not null,
    products uuid[] not null,
    products_to uuid
);
