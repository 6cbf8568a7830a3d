-- Who administers what.
-- Kept like migrations/postgres, statement by statement.

-- Few among many: their list is read without looking at technicians.
CREATE INDEX accounts_administrators ON accounts (name_key, id) WHERE role <> 'technician';
