alter table categories drop column moves;
alter table products drop column picture_acts;
