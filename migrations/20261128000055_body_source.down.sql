drop trigger products_body_source on products;
drop function drop_stale_body_source();
alter table products drop column body_source;
