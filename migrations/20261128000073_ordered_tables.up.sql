-- Orders of the back office's tables that had no index: a page begins in the middle of one, so that the last row is as
-- near as the first. What a null would be compared with stands in its place, since nothing is before or after null.

create index products_sku_order_idx on products (split_part(skus, E'\n', 1), seq);
create index products_category_order_idx on products (coalesce(category_id, '00000000-0000-0000-0000-000000000000'::uuid), seq);
drop index products_price_order_idx;
create index products_price_order_idx on products (coalesce(price_min, -1), seq);

create index users_email_order_idx on users (lower(email), id);
create index users_role_order_idx on users (role, id);
create index users_status_order_idx on users (
    (case when blocked_at is not null then 'blocked' when verified_at is null then 'unverified' else 'active' end), id
);
