-- What a form about a product was answered with, for those that come again: by a double click, from a second tab, or
-- after an answer that was lost on its way.
create table product_idempotency_keys (
    user_id uuid not null references users on delete cascade,
    -- SHA-256 of the form's name, of what it was opened on and of what was typed.
    key bytea not null check (length(key) = 32),
    product uuid not null references products on delete cascade,
    notice text not null,
    at timestamptz not null default now(),
    primary key (user_id, key)
);
create index product_idempotency_keys_product_idx on product_idempotency_keys (product);
create index product_idempotency_keys_at_idx on product_idempotency_keys (at);
