drop table outbox;
drop function announce_mail();
drop table throttles;
drop table unlock_tokens;
drop table one_time_codes;
drop table flows;
drop table sessions;
drop table users;
