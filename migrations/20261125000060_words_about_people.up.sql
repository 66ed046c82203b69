-- What somebody wrote about a person, such as why they were blocked. The audit log can never forget, so it says only
-- that there are such words; they stand here, and go with the account that they are about.
create table words_about_people (
    -- The entry of the audit log that they belong to. No foreign key: the log loses no entry.
    entry_id bigint primary key,
    user_id uuid not null references users on delete cascade,
    reason text not null default '',
    -- What the person was told.
    note text not null default ''
);
create index words_about_people_user_id_idx on words_about_people (user_id);
