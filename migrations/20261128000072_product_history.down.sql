drop table import_lines;

create or replace view unused_media as
select m.id
from media m
where not exists (select from product_images i where i.media_id = m.id)
  and not exists (select from removed_pictures r where r.media_id = m.id)
  and not exists (select from categories c where c.picture_id = m.id)
  and not exists (select from settings s where position(m.id::text in s.value::text) > 0);
drop table import_media;

drop function differing_fields(jsonb, jsonb);
drop function product_fields(jsonb);

drop index audit_log_text_idx;
create index audit_log_text_idx on audit_log using gin ((actor || ' ' || subject) gin_trgm_ops);
drop index audit_log_at_idx;
drop index audit_log_kind_idx;
drop index audit_log_act_idx;
create index audit_log_act_idx on audit_log (act, id);
create index audit_log_kind_idx on audit_log (subject_kind, id);
create index audit_log_at_idx on audit_log (at);
drop index audit_log_whole_idx;
drop index audit_log_parts_idx;
alter table audit_log drop column part_of;
