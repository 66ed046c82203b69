-- A search of the trail looks at what was written about people, too: by its own index, as it does at the log.
create index words_about_people_text_idx on words_about_people using gin ((reason || ' ' || note) gin_trgm_ops);
