drop trigger users_active_counted on users;
drop function count_active_user();
drop table active_days;
drop index audit_log_at_idx;
drop index audit_log_kind_idx;
