-- A category below itself is a tree without an end: whoever walks down from it goes round until their time is over. Two
-- who move categories at the same moment would each see only the tree before, so they take turns, by the lock that acts
-- on the tree have anyway.
create function refuse_circle() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext('categories'));
    if exists (
        with recursive up as (
            select id, parent_id from categories where id = new.parent_id
            union
            select c.id, c.parent_id from categories c join up on c.id = up.parent_id
        )
        select from up where id = new.id
    ) then
        raise exception 'category % would be below itself', new.id
            using errcode = 'check_violation', table = 'categories', constraint = 'categories_not_below_itself';
    end if;
    return null;
end $$;

-- A new category has none below it yet.
create trigger categories_circle after update of parent_id on categories
    for each row when (new.parent_id is not null and new.parent_id is distinct from old.parent_id)
    execute function refuse_circle();

-- Ends also on a circle from before the trigger above, or from while it was off.
create or replace function reindex_category() returns trigger language plpgsql as $$
begin
    with recursive down as (
        select new.id
        union
        select c.id from categories c join down on c.parent_id = down.id
    )
    update products set category_id = category_id where category_id in (select id from down);
    return null;
end $$;
