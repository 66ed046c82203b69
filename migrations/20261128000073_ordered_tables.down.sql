drop index users_email_order_idx, users_role_order_idx, users_status_order_idx;
drop index products_sku_order_idx, products_category_order_idx, products_price_order_idx;
create index products_price_order_idx on products (price_min, seq);
