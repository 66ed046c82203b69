-- Pictures on their way: received, and encoded by whichever process takes them next.

-- A picture has no row among its product's before it is ready, so nothing that reads those can show it too early.
create table picture_jobs (
    -- The picture's own, once it is one. Until then the file as it came in is kept under it.
    id uuid primary key,
    -- The order in which they came, and in which they will stand.
    number bigint generated always as identity,
    product_id uuid not null references products on delete cascade,
    -- Of the file as it came in.
    hash bytea not null check (length(hash) = 32),
    -- What its sender called it, for as long as there is something to say about it.
    file_name text not null default '',
    alt text not null default '',
    decorative boolean not null default false,
    -- Whoever sent it, and by which request: for the log.
    actor_id uuid,
    request_id text not null default '',
    state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
    -- In words for the staff.
    reason text not null default '',
    -- What the last try failed of.
    disk_full boolean not null default false,
    -- Also which claim is the valid one.
    tries integer not null default 0,
    -- While a process is at it. One that finds it so, its time run out, knows that another has died with it.
    claimed boolean not null default false,
    deaths integer not null default 0,
    next_try_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    done_at timestamptz,
    constraint picture_jobs_failed_why check (state <> 'failed' or reason <> '')
);
create index picture_jobs_product_id_idx on picture_jobs (product_id, number);
create index picture_jobs_waiting_idx on picture_jobs (next_try_at, number) where state = 'waiting';
create index picture_jobs_done_idx on picture_jobs (done_at) where state <> 'waiting';
create unique index picture_jobs_once_idx on picture_jobs (product_id, hash) where state = 'waiting';

create function announce_picture_jobs() returns trigger language plpgsql as $$
begin
    perform pg_notify('picture_jobs', '');
    return null;
end $$;

create trigger picture_jobs_announced after insert on picture_jobs
    for each statement execute function announce_picture_jobs();
