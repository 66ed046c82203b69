-- What the trail is filtered by, and how many people come by in a day.

-- Most of the staff see entries of some kinds only, newest first.
create index audit_log_kind_idx on audit_log (subject_kind, id);
create index audit_log_at_idx on audit_log (at);

-- How many accounts were active on a day, and not which. Each day's number is spread over sixteen rows, so that people
-- who arrive at the same moment seldom wait for each other.
create table active_days (
    day date not null,
    slot smallint not null check (slot between 0 and 15),
    users integer not null default 0 check (users >= 0),
    primary key (day, slot)
) with (fillfactor = 50);

create function count_active_user() returns trigger language plpgsql as $$
begin
    insert into active_days as a (day, slot, users)
    values ((new.last_seen_at at time zone 'utc')::date, hashtext(new.id::text) & 15, 1)
    on conflict (day, slot) do update set users = a.users + 1;
    return null;
end $$;

-- Seen for the first time on that day.
create trigger users_active_counted after update of last_seen_at on users for each row
    when (new.last_seen_at is not null
          and (old.last_seen_at at time zone 'utc')::date is distinct from (new.last_seen_at at time zone 'utc')::date)
    execute function count_active_user();
