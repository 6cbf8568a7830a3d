-- A search for groups goes along an index of its own.
-- Kept like migrations/sqlite, statement by statement.

CREATE INDEX technician_groups_search ON technician_groups (name_key, id);
