-- Carts and wishlists. Each is an account's or a guest's; logging in makes the guest's the account's.

-- A browser without an account. The row goes when its owner logs in, or has stayed away for long.
create table guests (
    id uuid primary key,
    -- SHA-256 of the cookie's value.
    token_hash bytea not null unique check (length(token_hash) = 32),
    seen_at timestamptz not null default now()
);
create index guests_seen_at_idx on guests (seen_at);

create table carts (
    id uuid primary key,
    user_id uuid references users on delete cascade,
    guest_id uuid references guests on delete cascade,
    -- One name for whichever of the two it is, so that a cart is found and made by one statement.
    owner_id uuid not null generated always as (coalesce(user_id, guest_id)) stored constraint carts_owner_id_key unique,
    touched_at timestamptz not null default now(),
    constraint carts_one_owner check (num_nonnulls(user_id, guest_id) = 1)
) with (fillfactor = 80);
create index carts_user_id_idx on carts (user_id);
create index carts_guest_id_idx on carts (guest_id);

create table cart_lines (
    id uuid primary key,
    cart_id uuid not null references carts on delete cascade,
    -- Null once the variant has left the catalogue for good: the line stays, and says so.
    variant_id uuid references variants on delete set null,
    -- For later: beside the cart, not in it.
    saved boolean not null default false,
    quantity integer not null constraint cart_lines_quantity_range check (quantity between 1 and 99),
    -- Pieces that were asked for beyond what there was, by the last act on the line.
    short integer not null default 0 check (short >= 0),
    -- Whether that act put two carts together.
    merged boolean not null default false,
    -- Minor units: the price that the shopper has agreed to.
    price bigint not null constraint cart_lines_price_range check (price between 0 and 1000000000000),
    -- What it was called when it was added, for when it can't be asked any more.
    name text not null,
    created_at timestamptz not null default now(),
    constraint cart_lines_variant_key unique (cart_id, variant_id, saved)
) with (fillfactor = 80);
create index cart_lines_variant_id_idx on cart_lines (variant_id);

-- What a line is cut down to when carts are put together or a removed line comes back. Of what isn't there any more
-- nothing is taken away: it is flagged, and whole again when it is.
create function cart_limit(on_hand integer, saved boolean) returns integer
    language sql immutable parallel safe
    return case when saved or coalesce(on_hand, 0) <= 0 then 99 else least(on_hand, 99) end;

-- How a variant is called where its product's page isn't around it.
create function line_name(title text, option_values text[]) returns text
    language sql stable parallel safe
    return concat_ws(', ', title, nullif(array_to_string(option_values, ', '), ''));

-- Acts that a browser may send twice: it names each, and the second time changes nothing.
create table cart_acts (
    cart_id uuid not null references carts on delete cascade,
    key uuid not null,
    created_at timestamptz not null default now(),
    primary key (cart_id, key)
);
create index cart_acts_created_at_idx on cart_acts (created_at);

-- Who has the last piece of a variant in their cart. One row for each, so that of any number who take it at the same
-- moment one does.
create table holds (
    variant_id uuid primary key references variants on delete cascade,
    cart_id uuid not null references carts on delete cascade,
    until timestamptz not null
);
create index holds_cart_id_idx on holds (cart_id);

create table wishlists (
    id uuid primary key,
    user_id uuid references users on delete cascade,
    guest_id uuid references guests on delete cascade,
    owner_id uuid not null generated always as (coalesce(user_id, guest_id)) stored,
    name text not null check (btrim(name) <> '' and length(name) <= 60),
    -- The one that hearts mean. It can be renamed, not deleted.
    is_default boolean not null default false,
    -- SHA-256 of the token in the link to it; null while it isn't shared.
    share_hash bytea constraint wishlists_share_hash_key unique check (length(share_hash) = 32),
    -- The token is made of the shop's key, the list and this number, so that its owner can be shown the link again and
    -- each new link is another one.
    share_number integer not null default 0,
    created_at timestamptz not null default now(),
    constraint wishlists_one_owner check (num_nonnulls(user_id, guest_id) = 1)
);
create index wishlists_user_id_idx on wishlists (user_id);
create index wishlists_guest_id_idx on wishlists (guest_id);
create unique index wishlists_name_key on wishlists (owner_id, lower(name));
create unique index wishlists_default_key on wishlists (owner_id) where is_default;

create table wishlist_items (
    id uuid primary key,
    wishlist_id uuid not null references wishlists on delete cascade,
    variant_id uuid references variants on delete set null,
    note text not null default '' check (length(note) <= 500),
    -- Minor units, when it was added.
    price bigint not null check (price between 0 and 1000000000000),
    name text not null,
    created_at timestamptz not null default now(),
    -- Mail was asked for: when the price falls below the lowest known, when there are pieces again.
    alert_price boolean not null default false,
    alert_stock boolean not null default false,
    -- What the price must fall below: the price when mail was asked for or last sent, or a higher one since. Null while
    -- none is asked for.
    watch_price bigint,
    -- Set by a trigger: there is something to write about.
    price_due boolean not null default false,
    stock_due boolean not null default false,
    price_mailed_at timestamptz,
    stock_mailed_at timestamptz,
    constraint wishlist_items_variant_key unique (wishlist_id, variant_id),
    constraint wishlist_items_watch_price check (not alert_price or watch_price is not null)
);
create index wishlist_items_variant_id_idx on wishlist_items (variant_id);
create index wishlist_items_due_idx on wishlist_items (id) where price_due or stock_due;

-- Every change of a price is seen, and every way of a stock from or to nothing, however short and whichever code made
-- it. Pieces that are sold one by one are no news, and write nothing. Items are locked in the order of their ids, as by
-- everybody who locks several.
create function watch_variants() returns trigger language plpgsql as $$
begin
    update wishlist_items i
    set price_due = i.alert_price and c.price < i.watch_price,
        watch_price = case when i.alert_price then greatest(i.watch_price, c.price) end,
        stock_due = i.alert_stock and c.on_hand > 0 and (c.was_out or i.stock_due)
    from (
        select w.id, v.price, v.on_hand, o.on_hand = 0 as was_out
        from changed v
        join before o on o.id = v.id
        join wishlist_items w on w.variant_id = v.id
        where w.alert_price and v.price <> o.price
           or w.alert_stock and (v.on_hand = 0) <> (o.on_hand = 0)
        order by w.id
        for update of w
    ) c
    where i.id = c.id;
    if found then
        perform pg_notify('alerts', '');
    end if;
    return null;
end $$;

create trigger variants_watched after update on variants
    referencing old table as before new table as changed for each statement execute function watch_variants();

-- What was removed, for as long as it can be brought back.
create table undos (
    id uuid primary key,
    -- A user's or a guest's.
    owner_id uuid not null,
    kind text not null check (kind in ('lines', 'items', 'list')),
    removed jsonb not null,
    created_at timestamptz not null default now()
);
create index undos_owner_id_idx on undos (owner_id);
create index undos_created_at_idx on undos (created_at);
