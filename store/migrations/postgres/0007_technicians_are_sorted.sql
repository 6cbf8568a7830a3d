-- A group's technicians are listed by email and by their last sign-in too.
-- Kept like migrations/sqlite, statement by statement.

CREATE INDEX accounts_group_email ON accounts (group_id, email_key);
CREATE INDEX accounts_group_sign_in ON accounts (group_id, COALESCE(last_sign_in_at, 0), id);
