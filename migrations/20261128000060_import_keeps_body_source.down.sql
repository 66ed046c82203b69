create or replace function whole_product(uuid) returns jsonb language sql stable as $$
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
