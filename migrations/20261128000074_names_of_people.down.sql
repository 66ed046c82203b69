-- Names that are gone stay gone: where they stood stands `deleted account` now.
create function pg_temp.personal(bigint) returns words_about_people language sql stable as $$
    select w from words_about_people w where w.entry_id = $1
$$;

drop view trail;
alter table audit_log
    drop constraint audit_log_names_nobody,
    alter column actor type text using coalesce(person(actor_id), actor),
    alter column subject type text
        using case when subject_kind = 'user' and subject_id <> '' then person(subject_id::uuid) else subject end,
    alter column before type jsonb using before || coalesce((pg_temp.personal(id)).before, '{}'),
    alter column after type jsonb using after || coalesce((pg_temp.personal(id)).after, '{}');
drop function pg_temp.personal(bigint);

alter table words_about_people drop column before, drop column after;

alter table bulk_edits add column actor text;
update bulk_edits set actor = person(actor_id);
alter table bulk_edits
    alter column actor set not null,
    alter column applied_by type text using coalesce(person(applied_by), ''),
    alter column applied_by set default '',
    alter column applied_by set not null,
    alter column undone_by type text using coalesce(person(undone_by), ''),
    alter column undone_by set default '',
    alter column undone_by set not null;

alter table imports add column actor text;
update imports set actor = person(actor_id);
alter table imports
    alter column actor set not null,
    alter column applied_by type text using coalesce(person(applied_by), ''),
    alter column applied_by set default '',
    alter column applied_by set not null,
    alter column undone_by type text using coalesce(person(undone_by), ''),
    alter column undone_by set default '',
    alter column undone_by set not null;

create or replace function record_stock_movements() returns trigger language plpgsql set enable_nestloop = off as $$
begin
    insert into stock_movements (variant_id, delta, reason, actor)
    select v.id,
           v.on_hand - case when tg_op = 'UPDATE' then o.on_hand else 0 end,
           coalesce(nullif(current_setting('shop.reason', true), ''), 'correction'),
           coalesce(nullif(current_setting('shop.actor', true), ''), 'system')
    from changed v left join before o using (id)
    where v.on_hand <> coalesce(o.on_hand, 0);
    return null;
end $$;

create or replace function record_initial_stock() returns trigger language plpgsql as $$
begin
    insert into stock_movements (variant_id, delta, reason, actor)
    select id, on_hand,
           coalesce(nullif(current_setting('shop.reason', true), ''), 'initial'),
           coalesce(nullif(current_setting('shop.actor', true), ''), 'system')
    from changed where on_hand <> 0;
    return null;
end $$;

alter table stock_movements drop constraint stock_movements_names_nobody;
update stock_movements set actor = person(actor_id) where actor_id is not null;
alter table stock_movements drop column actor_id;

drop function acting_person();
drop function person(uuid);
drop function deleted_account(uuid);
