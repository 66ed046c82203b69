-- Names of people go with their accounts: what outlives an account knows people by their ids only. Whoever reads it is
-- told the name that belongs to the id, for as long as it belongs to anybody.

-- Tells two deleted accounts apart, and nothing else of them.
create function deleted_account(uuid) returns text language sql immutable strict parallel safe
    return 'deleted account ' || right($1::text, 6);

create function person(uuid) returns text language sql stable strict parallel safe
    return coalesce((select username from users where id = $1), deleted_account($1));

-- Stock: the setting `shop.actor` is the id of a person, or the name of what isn't one.
alter table stock_movements add column actor_id uuid;

-- Who had which name, from when on: somebody's name may have been somebody else's before.
create temporary table known_by on commit drop as
select actor as name, actor_id, min(at) as since
from audit_log
where actor_id is not null
group by actor, actor_id;
analyze known_by;

update stock_movements m
set actor = '',
    actor_id = (
        select k.actor_id from known_by k
        where k.name = m.actor
        order by k.since <= m.created_at desc, case when k.since <= m.created_at then m.created_at - k.since
                                                    else k.since - m.created_at end
        limit 1
    )
where m.actor not in ('system', 'demo', 'command line') and m.actor in (select name from known_by);

alter table stock_movements add constraint stock_movements_names_nobody check (actor_id is null or actor = '');

create function acting_person() returns uuid language sql stable
    return case
        when current_setting('shop.actor', true) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
            then current_setting('shop.actor', true)::uuid
    end;

create or replace function record_stock_movements() returns trigger language plpgsql set enable_nestloop = off as $$
declare
    person uuid := acting_person();
    other text := case when person is null then coalesce(nullif(current_setting('shop.actor', true), ''), 'system') else '' end;
begin
    insert into stock_movements (variant_id, delta, reason, actor_id, actor)
    select v.id,
           v.on_hand - case when tg_op = 'UPDATE' then o.on_hand else 0 end,
           coalesce(nullif(current_setting('shop.reason', true), ''), 'correction'),
           person,
           other
    from changed v left join before o using (id)
    where v.on_hand <> coalesce(o.on_hand, 0);
    return null;
end $$;

create or replace function record_initial_stock() returns trigger language plpgsql as $$
declare
    person uuid := acting_person();
    other text := case when person is null then coalesce(nullif(current_setting('shop.actor', true), ''), 'system') else '' end;
begin
    insert into stock_movements (variant_id, delta, reason, actor_id, actor)
    select id, on_hand, coalesce(nullif(current_setting('shop.reason', true), ''), 'initial'), person, other
    from changed where on_hand <> 0;
    return null;
end $$;

-- Imports and edits of many products: the log has the ids of those who applied and undid them.
update imports i
set applied_by = coalesce(
        (
            select l.actor_id::text from audit_log l
            where l.subject_kind = 'import' and l.subject_id = i.id::text and l.act = 'import.apply'
            order by l.id desc limit 1
        ), ''),
    undone_by = coalesce(
        (
            select l.actor_id::text from audit_log l
            where l.subject_kind = 'import' and l.subject_id = i.id::text and l.act = 'import.undo'
            order by l.id desc limit 1
        ), '')
where i.applied_at is not null;
alter table imports
    drop column actor,
    alter column applied_by drop default,
    alter column applied_by drop not null,
    alter column applied_by type uuid using nullif(applied_by, '')::uuid,
    alter column undone_by drop default,
    alter column undone_by drop not null,
    alter column undone_by type uuid using nullif(undone_by, '')::uuid;

update bulk_edits e
set applied_by = coalesce(
        (
            select l.actor_id::text from audit_log l
            where l.subject_kind = 'product' and l.subject_id = e.id::text and l.act = 'product.bulk_update'
            order by l.id desc limit 1
        ), ''),
    undone_by = coalesce(
        (
            select l.actor_id::text from audit_log l
            where l.subject_kind = 'product' and l.subject_id = e.id::text and l.act = 'product.bulk_undo'
            order by l.id desc limit 1
        ), '')
where e.applied_at is not null;
alter table bulk_edits
    drop column actor,
    alter column applied_by drop default,
    alter column applied_by drop not null,
    alter column applied_by type uuid using nullif(applied_by, '')::uuid,
    alter column undone_by drop default,
    alter column undone_by drop not null,
    alter column undone_by type uuid using nullif(undone_by, '')::uuid;

-- What an entry about an account says of names and addresses stands beside the log, with the words about its owner.
insert into words_about_people (entry_id, user_id)
select l.id, u.id
from audit_log l join users u on u.id::text = l.subject_id
where l.subject_kind = 'user'
  and (l.before || l.after) ?| array['username', 'display_name', 'email']
  and not exists (select from words_about_people w where w.entry_id = l.id);

create function pg_temp.personal(entry bigint, side text) returns jsonb language sql stable as $$
    select coalesce(jsonb_object_agg(f.key, f.value), '{}')
    from audit_log l cross join lateral jsonb_each(case side when 'before' then l.before else l.after end) f
    where l.id = entry and f.key in ('username', 'display_name', 'email')
$$;

-- These tables are written anew rather than updated, which nobody may do: no trigger needs to look away.
alter table words_about_people
    add column before jsonb not null default '{}',
    add column after jsonb not null default '{}';
alter table words_about_people
    alter column before type jsonb using pg_temp.personal(entry_id, 'before'),
    alter column after type jsonb using pg_temp.personal(entry_id, 'after');
drop function pg_temp.personal(bigint, text);

alter table audit_log
    alter column actor type text using case when actor_id is null then actor else '' end,
    alter column subject type text using case when subject_kind = 'user' then '' else subject end,
    alter column before type jsonb
        using case when subject_kind = 'user' then before - array['username', 'display_name', 'email'] else before end,
    alter column after type jsonb
        using case when subject_kind = 'user' then after - array['username', 'display_name', 'email'] else after end,
    add constraint audit_log_names_nobody check (
        (actor_id is null or actor = '')
        and (
            subject_kind <> 'user'
            or subject = ''
               and subject_id ~ '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$'
               and not (before || after) ?| array['username', 'display_name', 'email']
        )
    );

-- The log as it is read: with the names of those who still have an account, and with what stands beside it.
create view trail as
select l.id,
       l.at,
       l.actor_id,
       coalesce(a.username, deleted_account(l.actor_id), l.actor) as actor,
       l.act,
       l.subject_kind,
       l.subject_id,
       case
           when l.subject_kind = 'user' and l.subject_id <> ''
               then coalesce(s.username, deleted_account(l.subject_id::uuid))
           else l.subject
       end as subject,
       l.before || coalesce(w.before, '{}') as before,
       l.after || coalesce(w.after, '{}')
           || case when w.note <> '' then jsonb_build_object('note', w.note) else '{}' end as after,
       case when w.reason <> '' or w.note <> '' then w.reason else l.reason end as reason,
       l.request_id
from audit_log l
left join users a on a.id = l.actor_id
left join users s on s.id = case when l.subject_kind = 'user' and l.subject_id <> '' then l.subject_id::uuid end
left join words_about_people w on w.entry_id = l.id;
