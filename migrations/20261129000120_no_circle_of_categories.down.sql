drop trigger categories_circle on categories;
drop function refuse_circle();

create or replace function reindex_category() returns trigger language plpgsql as $$
begin
    with recursive down as (
        select new.id
        union all
        select c.id from categories c join down on c.parent_id = down.id
    )
    update products set category_id = category_id where category_id in (select id from down);
    return null;
end $$;
