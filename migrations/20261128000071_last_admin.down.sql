drop trigger words_about_people_go_with_accounts on words_about_people;
drop trigger words_about_people_never_emptied on words_about_people;
drop trigger words_about_people_unchanged on words_about_people;
drop function refuse_words;
alter table audit_log enable trigger audit_log_never_emptied;
alter table audit_log enable trigger audit_log_append_only;
drop index users_not_shown_idx;
drop trigger users_last_admin_changed on users;
create or replace function keep_an_admin() returns trigger language plpgsql as $$
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
