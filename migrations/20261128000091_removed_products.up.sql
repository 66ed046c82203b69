-- What it takes to bring a deleted product back, beside the entry that tells of its removal.
create table removed_products (
    -- No foreign key: the log loses no entry.
    entry_id bigint primary key,
    product_id uuid not null,
    slug text not null,
    -- Names that it had before.
    addresses text[] not null,
    -- As `whole_product` tells it.
    whole jsonb not null,
    media uuid[] not null,
    made_at timestamptz not null,
    removed_at timestamptz not null default now()
);
create index removed_products_media_idx on removed_products using gin (media);

-- Its pictures stay for as long as an import can be undone.
create or replace view unused_media as
select m.id
from media m
where not exists (select from product_images i where i.media_id = m.id)
  and not exists (select from removed_pictures r where r.media_id = m.id)
  and not exists (select from import_media k where k.media_id = m.id)
  and not exists (
      select from removed_products r where r.media @> array[m.id] and r.removed_at > now() - interval '90 days'
  )
  and not exists (select from categories c where c.picture_id = m.id)
  and not exists (select from settings s where position(m.id::text in s.value::text) > 0);
