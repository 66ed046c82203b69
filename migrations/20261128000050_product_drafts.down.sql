drop index product_drafts_at_idx;
delete from product_drafts where typed is null;
alter table product_drafts drop column tab;
alter table product_drafts alter column typed set not null;
alter table product_drafts rename constraint product_drafts_product_check to refused_products_product_check;
alter table product_drafts rename constraint product_drafts_user_id_fkey to refused_products_user_id_fkey;
alter table product_drafts rename constraint product_drafts_pkey to refused_products_pkey;
alter table product_drafts rename to refused_products;
