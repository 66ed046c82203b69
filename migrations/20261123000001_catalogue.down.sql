drop table settings, search_words, stock_movements, variants, product_images, products, categories, media cascade;
drop function announce_all, announce_by_product, announce_products, reindex_category, index_product, product_search,
    category_path, summarise_changed, summarise_products, record_initial_stock, record_stock_movements, plain_text;
drop extension unaccent, pg_trgm, citext;
