-- A person's History finds what imports changed.
-- Kept like migrations/postgres, statement by statement.

CREATE INDEX import_rows_updated ON import_rows (account_id) WHERE outcome = 'updated';
