drop function variants_told(jsonb, jsonb);

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
