-- Accounts: people, their sessions, the codes they are sent, the mail that carries them, and what keeps guessers slow.

create table users (
    id uuid primary key,
    -- As its owner writes it.
    username text not null check (length(username) between 3 and 30),
    -- What no other name may look like: case and look-alike characters folded.
    username_key text not null constraint users_username_key unique,
    -- As its owner wrote it; mail goes to this and to nothing else.
    email text not null check (length(email) <= 320),
    -- Compatibility-normalised and case-folded, the domain in ASCII: one account for each.
    email_key text not null constraint users_email_key unique,
    display_name text not null default '' check (length(display_name) <= 80),
    -- argon2id; null while nobody has set one.
    password_hash text,
    role text not null default 'shopper' check (role in ('shopper', 'support', 'editor', 'admin')),
    -- When the address was shown to be its owner's.
    verified_at timestamptz,
    blocked_at timestamptz,
    blocked_reason text not null default '',
    -- What the person is told about it.
    blocked_note text not null default '',
    -- Wrong codes in a row, over all of the account's codes.
    wrong_codes integer not null default 0 check (wrong_codes >= 0),
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    last_seen_at timestamptz
);
create index users_unverified_idx on users (created_at) where verified_at is null;
create index users_admins_idx on users (id) where role = 'admin' and blocked_at is null;

create table sessions (
    -- The name that its owner's list of devices has for it.
    id uuid primary key,
    -- SHA-256 of the cookie's value.
    token_hash bytea not null unique check (length(token_hash) = 32),
    user_id uuid not null references users on delete cascade,
    user_agent text not null default '' check (length(user_agent) <= 400),
    address inet,
    -- Whether the cookie outlives the browser.
    stay boolean not null default false,
    created_at timestamptz not null default now(),
    -- The last time that the password was given.
    authenticated_at timestamptz not null default now(),
    -- Coarse: written at most once a minute.
    last_seen_at timestamptz not null default now(),
    -- The absolute end.
    expires_at timestamptz not null,
    -- Longest pause between two requests; null for none.
    idle_limit interval
);
create index sessions_user_id_idx on sessions (user_id);
create index sessions_expires_at_idx on sessions (expires_at);

-- Who is blocked is out at once, and who changes role begins anew: whichever code does it can't forget.
create function end_sessions() returns trigger language plpgsql as $$
begin
    delete from sessions where user_id = new.id;
    return null;
end $$;

create trigger users_sessions_ended after update of role, blocked_at on users for each row
    when (old.role <> new.role or old.blocked_at is null and new.blocked_at is not null)
    execute function end_sessions();

-- There is always an active admin. Two admins who go at the same time wait for each other.
create function keep_an_admin() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('keep_an_admin'));
    if not exists (select 1 from users where role = 'admin' and blocked_at is null) then
        raise exception 'the last active admin must stay' using errcode = 'check_violation', constraint = 'users_last_admin';
    end if;
    return null;
end $$;

create trigger users_last_admin_changed after update of role, blocked_at on users for each row
    when (old.role = 'admin' and old.blocked_at is null and (new.role <> 'admin' or new.blocked_at is not null))
    execute function keep_an_admin();
create trigger users_last_admin_deleted after delete on users for each row
    when (old.role = 'admin' and old.blocked_at is null)
    execute function keep_an_admin();

-- What a browser is in the middle of: its cookie binds a code to the browser that asked for it.
create table flows (
    -- SHA-256 of the cookie's value.
    token_hash bytea primary key check (length(token_hash) = 32),
    purpose text not null check (purpose in ('sign_up', 'reset', 'change_email')),
    -- Null when the address has no account: such a flow goes through the same motions.
    user_id uuid references users on delete cascade,
    email text not null,
    email_key text not null,
    -- What takes effect once the code is right: a name and a password's hash for a sign-up.
    pending jsonb not null default '{}',
    -- Where its owner was going.
    next_path text not null default '/',
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index flows_user_id_idx on flows (user_id);
create index flows_expires_at_idx on flows (expires_at);

create table one_time_codes (
    purpose text not null check (purpose in ('sign_up', 'reset', 'change_email')),
    email_key text not null,
    user_id uuid references users on delete cascade,
    flow_hash bytea not null check (length(flow_hash) = 32),
    -- HMAC-SHA-256 under the shop's key, over purpose, address, flow and code; random for an address without account.
    mac bytea not null check (length(mac) = 32),
    wrong integer not null default 0 check (wrong between 0 and 5),
    redeemed_at timestamptz,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    -- A newer code replaces the older.
    primary key (purpose, email_key)
);
create index one_time_codes_user_id_idx on one_time_codes (user_id);
create index one_time_codes_expires_at_idx on one_time_codes (expires_at);

-- The way out for an account whose codes were stopped.
create table unlock_tokens (
    token_hash bytea primary key check (length(token_hash) = 32),
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index unlock_tokens_user_id_idx on unlock_tokens (user_id);

-- Counted here rather than in a process, so that limits hold across processes. Each row is one kind of try by one
-- party in one window.
create table throttles (
    kind text not null,
    -- A keyed hash of the account, address or client address: the table tells nothing about people.
    subject bytea not null check (length(subject) = 32),
    window_start timestamptz not null,
    tries integer not null default 1 check (tries > 0),
    primary key (kind, subject, window_start)
);
create index throttles_window_start_idx on throttles (window_start);

-- Mail is written in the transaction of the act that causes it, and sent by a worker.
create table outbox (
    id uuid primary key,
    kind text not null,
    -- The letter, encrypted under the shop's key, for it may carry a code; emptied once it is sent or dropped.
    -- Null for a letter to nobody, which costs what a real one costs.
    letter bytea,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'expired', 'dead')),
    tries integer not null default 0,
    -- What the mail server said last, without addresses.
    last_error text not null default '',
    next_try_at timestamptz not null default now(),
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    done_at timestamptz
);
create index outbox_waiting_idx on outbox (next_try_at) where state = 'waiting';
create index outbox_done_idx on outbox (done_at) where state <> 'waiting';
create index outbox_dead_idx on outbox (done_at) where state = 'dead';

create function announce_mail() returns trigger language plpgsql as $$
begin
    perform pg_notify('outbox', '');
    return null;
end $$;

create trigger outbox_announced after insert on outbox for each statement execute function announce_mail();
