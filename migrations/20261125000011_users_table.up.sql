-- The table of accounts in the back office: each order has an index that a page begins in the middle of, each filter
-- that means few rows one that holds only those.

create index users_name_order_idx on users (lower(username), id);
create index users_seen_order_idx on users (coalesce(last_seen_at, '-infinity'), id);
create index users_staff_idx on users (role, created_at, id) where role <> 'shopper';
create index users_blocked_idx on users (created_at, id) where blocked_at is not null;
