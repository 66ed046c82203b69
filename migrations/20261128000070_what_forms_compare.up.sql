-- How many of a row's versions differ from the one before by what its form doesn't have: a product's pictures, a category's
-- place. Whoever has the form open is told of all others.
alter table products add column picture_acts bigint not null default 0 check (picture_acts >= 0);
alter table categories add column moves bigint not null default 0 check (moves >= 0);
