drop table refused_products;
