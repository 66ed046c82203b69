drop table picture_jobs;
drop function announce_picture_jobs();
