drop function whole_product(uuid);
drop table import_problems, import_products;
drop function import_state(text, timestamptz);
drop table imports;
