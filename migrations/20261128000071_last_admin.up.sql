-- Who counts as the last admin, and what nobody can switch off.

-- An admin who was invited and has set no password yet can't log in, so they don't stand in for one who can. While none
-- can, such as before the first has followed their link, an active one stays all the same.
create or replace function keep_an_admin() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('keep_an_admin'));
    if not exists (
        select 1 from users
        where role = 'admin' and blocked_at is null and (password_hash is not null or old.password_hash is null)
    ) then
        raise exception 'the last active admin must stay' using errcode = 'check_violation', constraint = 'users_last_admin';
    end if;
    return null;
end $$;

drop trigger users_last_admin_changed on users;
create trigger users_last_admin_changed after update of role, blocked_at, password_hash on users for each row
    when (old.role = 'admin' and old.blocked_at is null
        and (new.role <> 'admin' or new.blocked_at is not null
            or old.password_hash is not null and new.password_hash is null))
    execute function keep_an_admin();

-- Addresses that nobody has shown to be theirs: sign-ups without their code, invitations that nobody has followed.
create index users_not_shown_idx on users (created_at, id) where verified_at is null or password_hash is null;

-- A session may say `session_replication_role = replica`, in which only such triggers work.
alter table audit_log enable always trigger audit_log_append_only;
alter table audit_log enable always trigger audit_log_never_emptied;

-- Words about a person are part of what the log says while there is the account, and go with it, never before.
create function refuse_words() returns trigger language plpgsql as $$
begin
    raise exception 'words about people are not changed, and go with the account'
        using errcode = 'insufficient_privilege';
end $$;

create trigger words_about_people_unchanged before update on words_about_people
    for each statement execute function refuse_words();
create trigger words_about_people_never_emptied before truncate on words_about_people
    for each statement execute function refuse_words();
-- What deletes an account deletes from within a trigger of the foreign key's.
create trigger words_about_people_go_with_accounts before delete on words_about_people
    for each statement when (pg_trigger_depth() = 0) execute function refuse_words();
alter table words_about_people enable always trigger words_about_people_unchanged;
alter table words_about_people enable always trigger words_about_people_never_emptied;
alter table words_about_people enable always trigger words_about_people_go_with_accounts;
