-- Each product's own history, and an undo of an import that is exactly as before.

-- What an act that was done to many things did to each of them is an entry of its own, which is part of the one that
-- sums the act up. Lists show the latter only, so its parts are left out of the indexes that those begin in: one act may
-- have fifty thousand.
alter table audit_log add column part_of bigint;
create index audit_log_parts_idx on audit_log (part_of, id) where part_of is not null;
create index audit_log_whole_idx on audit_log (id) where part_of is null;

drop index audit_log_act_idx;
drop index audit_log_kind_idx;
drop index audit_log_at_idx;
create index audit_log_act_idx on audit_log (act, id) where part_of is null;
create index audit_log_kind_idx on audit_log (subject_kind, id) where part_of is null;
create index audit_log_at_idx on audit_log (at) where part_of is null;

-- All that an entry says.
drop index audit_log_text_idx;
create index audit_log_text_idx on audit_log using gin (
    (actor || ' ' || subject || ' ' || reason || ' ' || request_id || ' ' || before::text || ' ' || after::text)
    gin_trgm_ops
) where part_of is null;

-- The fields of a product as the log names them, from what `whole_product` makes of it. `category`, a path of names, is
-- the caller's to add.
create function product_fields(whole jsonb) returns jsonb language sql immutable strict parallel safe as $$
    select jsonb_build_object(
               'title', p -> 'title', 'description', p -> 'body_html', 'vendor', p -> 'vendor', 'type', p -> 'type',
               'tags', p -> 'tags', 'category_id', p -> 'category_id', 'status', p -> 'status',
               'options', p -> 'option_names', 'seo_title', p -> 'seo_title',
               'seo_description', p -> 'seo_description',
               'pictures', (
                   select coalesce(
                       jsonb_agg(coalesce(nullif(i ->> 'alt', ''), nullif(i ->> 'source', ''), 'a picture')
                                 order by (i ->> 'position')::integer), '[]')
                   from jsonb_array_elements(whole -> 'images') as a (i)
               )
           )
           || coalesce(
               (
                   select jsonb_object_agg(field || case when name = '' then '' else ' of ' || name end, held)
                   from jsonb_array_elements(whole -> 'variants') as a (v)
                   cross join lateral (
                       select coalesce(string_agg(o.value, ' / ' order by o.at), '') as name
                       from jsonb_array_elements_text(v -> 'option_values') with ordinality o (value, at)
                   ) n
                   cross join lateral (
                       values ('price', v -> 'price'), ('compare_at', v -> 'compare_at'), ('sku', v -> 'sku'),
                              ('stock', v -> 'on_hand'), ('barcode', v -> 'barcode'), ('grams', v -> 'grams')
                   ) f (field, held)
               ),
               '{}')
    from (select whole -> 'product' as p) w
$$;

-- The fields of the first that the second has otherwise, or not at all.
create function differing_fields(these jsonb, others jsonb) returns jsonb language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(key, value), '{}')
    from jsonb_each(these)
    where value is distinct from others -> key
$$;

-- Pictures that an import took away from their products: kept for as long as it can be undone.
create table import_media (
    import_id uuid not null references imports on delete cascade,
    media_id uuid not null references media on delete restrict,
    primary key (import_id, media_id)
);
create index import_media_media_id_idx on import_media (media_id);

insert into import_media (import_id, media_id)
select distinct i.import_id, m.id
from import_products i
join imports o on o.id = i.import_id and o.state = 'applied'
cross join lateral jsonb_to_recordset(i.before -> 'images') was (media_id uuid)
join media m on m.id = was.media_id
where not exists (select from product_images e where e.product_id = i.product_id and e.media_id = m.id);

create or replace view unused_media as
select m.id
from media m
where not exists (select from product_images i where i.media_id = m.id)
  and not exists (select from removed_pictures r where r.media_id = m.id)
  and not exists (select from import_media k where k.media_id = m.id)
  and not exists (select from categories c where c.picture_id = m.id)
  and not exists (select from settings s where position(m.id::text in s.value::text) > 0);

-- Lines of carts and items of wishlists whose variant an import removed. They have it back with the import's undoing.
create table import_lines (
    import_id uuid not null references imports on delete cascade,
    -- Of a cart's line or a wishlist's item. No foreign key: their owners may remove them.
    line_id uuid not null,
    variant_id uuid not null,
    primary key (import_id, line_id)
);
