-- Edits of many products at once: which were chosen, what would change, and what it takes to take it back.

create table bulk_edits (
    id uuid primary key,
    created_at timestamptz not null default now(),
    -- No foreign key: the history outlives whoever made it.
    actor_id uuid not null,
    actor text not null,
    -- The products that were chosen, and how; the ids only until they are thrown away.
    chosen uuid[] not null,
    chosen_count integer not null check (chosen_count > 0),
    by_filter boolean not null,
    state text not null default 'open' check (state in ('open', 'ready', 'applied', 'undone')),
    -- What is to be done; null until it has been said.
    act jsonb,
    -- The same in words.
    what text not null default '',
    -- What there is to say about how it came to what is shown, in words; empty for nothing.
    note text not null default '',
    -- Names the preview that is kept: it changes with any change that would be made.
    digest text not null default '',
    products integer not null default 0,
    rows integer not null default 0,
    -- Reasons for which something stays as it is, or can't be changed: words, how often, and some of the names.
    stays jsonb not null default '[]',
    refused jsonb not null default '[]',
    applied_at timestamptz,
    applied_by text not null default '',
    undone_at timestamptz,
    undone_by text not null default '',
    -- When ids and rows were thrown away.
    swept_at timestamptz,
    constraint bulk_edits_said check (state = 'open' or act is not null)
);
create index bulk_edits_applied_at_idx on bulk_edits (applied_at, id);
create index bulk_edits_created_at_idx on bulk_edits (created_at) where swept_at is null;

-- What becomes of each product or variant that changes.
create table bulk_edit_rows (
    edit_id uuid not null references bulk_edits on delete cascade,
    number integer not null,
    -- No foreign keys: what was deleted since is told of, too.
    product_id uuid not null,
    -- Null where the product itself changes.
    variant_id uuid,
    title text not null,
    -- The variant's options; empty for a plain product's.
    part text not null,
    before jsonb not null,
    after jsonb not null,
    -- The product's version after the edit.
    after_version bigint,
    primary key (edit_id, number)
);
