-- What a member of the staff typed when a product was refused last, so that the page which says why still has it. A
-- description is longer than a cookie.
create table refused_products (
    user_id uuid not null references users on delete cascade,
    -- The product's id; empty for a new one.
    product text not null check (length(product) <= 36),
    typed jsonb not null,
    at timestamptz not null default now(),
    primary key (user_id, product)
);
