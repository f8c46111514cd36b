-- Whether single keys act on the pages: a scanner types too. NULL follows the role (web::help).
ALTER TABLE users ADD COLUMN shortcuts BOOLEAN;
