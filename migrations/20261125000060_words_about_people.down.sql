drop table words_about_people;
