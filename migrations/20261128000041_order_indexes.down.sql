drop table removed_categories;

alter function record_stock_movements() reset enable_nestloop;

drop index products_sale_order_idx;
drop index products_status_order_idx;
drop index products_price_order_idx;
drop index products_title_idx;
create index products_title_idx on products (plain_text(title));
create index variants_sku_text_idx on variants using gin (sku gin_trgm_ops);
create index products_text_idx on products using gin (title gin_trgm_ops);
drop index products_names_idx;

drop trigger products_status_kept on products;
drop function keep_product_status();
drop trigger products_stock_kept on products;
drop function keep_product_stock();

create or replace function summarise_products(ids uuid[]) returns void language sql as $$
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

alter table products drop column skus;
drop table product_stock;
