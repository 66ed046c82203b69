drop table bulk_edit_rows;
drop table bulk_edits;
