drop trigger categories_slug_kept on categories;
drop function keep_category_slug();
drop table category_slugs;
