create or replace view unused_media as
select m.id
from media m
where not exists (select from product_images i where i.media_id = m.id)
  and not exists (select from removed_pictures r where r.media_id = m.id)
  and not exists (select from import_media k where k.media_id = m.id)
  and not exists (select from categories c where c.picture_id = m.id)
  and not exists (select from settings s where position(m.id::text in s.value::text) > 0);

drop table removed_products;
