-- Who lifts what a group asks for: what a Master Administrator set, no Administrator does.
-- Kept like migrations/sqlite, statement by statement.

-- Of those that were set before nothing tells by whom: they count as a Master Administrator's.
ALTER TABLE technician_groups ADD COLUMN two_step_by_master BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE technician_groups SET two_step_by_master = two_step;
