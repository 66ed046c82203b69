-- An entry of a product that an import changed says which variants it means, as one of an edit does: what they are called
-- may be another's name by the time that somebody takes it back.

-- `variants_id`: the id of each variant by its name. An entry has those that it tells of (`variants_told`).
create or replace function product_fields(whole jsonb) returns jsonb language sql immutable strict parallel safe as $$
    select jsonb_build_object(
               'title', p -> 'title', 'description', p -> 'body_html', 'description_source', p -> 'body_source',
               'vendor', p -> 'vendor', 'type', p -> 'type', 'tags', p -> 'tags', 'category_id', p -> 'category_id',
               'status', p -> 'status', 'options', p -> 'option_names', 'seo_title', p -> 'seo_title',
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
                          || jsonb_build_object('variants_id', jsonb_object_agg(name, v -> 'id'))
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

-- Of the variants of `product_fields` those that these fields tell of; null where they tell of none. It looks at the fields
-- first: those that differ are few, whatever a product has.
create function variants_told(fields jsonb, variants jsonb) returns jsonb language sql immutable strict parallel safe as $$
    select jsonb_build_object('variants_id', jsonb_object_agg(name, variants -> name))
    from jsonb_object_keys(fields) as k (key)
    cross join lateral (
        select case position(' of ' in key) when 0 then '' else substr(key, position(' of ' in key) + 4) end as name
    ) n
    where split_part(key, ' of ', 1) in ('price', 'compare_at', 'sku', 'stock', 'barcode', 'grams') and variants ? name
    having count(*) > 0
$$;
