drop view unused_media;
alter table media drop column unused_since;
drop table removed_pictures;
alter table product_images drop column decorative;
