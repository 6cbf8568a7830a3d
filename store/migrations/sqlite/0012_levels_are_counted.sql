-- How many groups are directly below each is kept with every change, and a level is read along an
-- index of its own, by names without accents. Those of names that have some are set by `migrate`.
-- Kept like migrations/postgres, statement by statement.

ALTER TABLE technician_groups ADD COLUMN child_groups INTEGER NOT NULL DEFAULT 0 CHECK (child_groups >= 0);
ALTER TABLE technician_groups ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
UPDATE technician_groups
    SET child_groups = (SELECT COUNT(*) FROM technician_groups child
                        WHERE child.parent_id = technician_groups.id),
        sort_key = name_key;
DROP INDEX technician_groups_search;
CREATE INDEX technician_groups_search ON technician_groups (sort_key, id);
CREATE INDEX technician_groups_level ON technician_groups (parent_id, sort_key, id);
