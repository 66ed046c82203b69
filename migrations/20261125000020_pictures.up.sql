-- Pictures that the staff upload, describe, order and remove.

-- A picture that says nothing beyond the words around it has no text on purpose; one that merely lacks a text is to get
-- one. An import may give it a text later, which then counts.
alter table product_images add column decorative boolean not null default false;

-- For taking a removal back. Its medium is kept for as long.
create table removed_pictures (
    -- The picture's own.
    id uuid primary key,
    product_id uuid not null references products on delete cascade,
    media_id uuid references media on delete restrict,
    position integer not null,
    alt text not null,
    decorative boolean not null,
    source text not null,
    -- Variants that showed it.
    variants uuid[] not null,
    removed_at timestamptz not null default now()
);
create index removed_pictures_product_id_idx on removed_pictures (product_id);
create index removed_pictures_media_id_idx on removed_pictures (media_id);
create index removed_pictures_removed_at_idx on removed_pictures (removed_at);

alter table media add column unused_since timestamptz;

-- Media that no page shows. Settings name theirs within JSON; there are few of either.
create view unused_media as
select m.id
from media m
where not exists (select from product_images i where i.media_id = m.id)
  and not exists (select from removed_pictures r where r.media_id = m.id)
  and not exists (select from categories c where c.picture_id = m.id)
  and not exists (select from settings s where position(m.id::text in s.value::text) > 0);
