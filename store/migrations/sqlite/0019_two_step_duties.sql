-- Who lifts what a group asks for: what a Master Administrator set, no Administrator does.
-- Kept like migrations/postgres, statement by statement.

-- Of those that were set before nothing tells by whom: they count as a Master Administrator's.
ALTER TABLE technician_groups ADD COLUMN two_step_by_master INTEGER NOT NULL DEFAULT 0;
UPDATE technician_groups SET two_step_by_master = two_step;
