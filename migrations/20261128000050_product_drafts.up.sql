-- What was typed into a product's form and isn't saved: kept while somebody types, and when saving is refused. It was
-- what was refused alone.
alter table refused_products rename to product_drafts;
alter table product_drafts rename constraint refused_products_pkey to product_drafts_pkey;
alter table product_drafts rename constraint refused_products_user_id_fkey to product_drafts_user_id_fkey;
alter table product_drafts rename constraint refused_products_product_check to product_drafts_product_check;

-- Null once it has been saved: a request of the same tab that was overtaken on its way brings nothing back.
alter table product_drafts alter column typed drop not null;
-- The browser's tab that sent it, by a name of the tab's own making; empty for a browser without a script.
alter table product_drafts add column tab text not null default '' check (length(tab) <= 64);

create index product_drafts_at_idx on product_drafts (at);
