drop table product_idempotency_keys;
