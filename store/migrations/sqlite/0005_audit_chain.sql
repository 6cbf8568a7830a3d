-- Each entry of the trail carries the hash of the one before; pages of it are read along indexes.
-- Kept like migrations/postgres, statement by statement.

-- Null: the entry is from before the chain.
ALTER TABLE audit ADD COLUMN hash TEXT;
-- The account or group that the entry is about.
ALTER TABLE audit ADD COLUMN subject_number INTEGER;
-- Folded, to be searched: who, about whom, and the address and the values.
ALTER TABLE audit ADD COLUMN actor_key TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN subject_key TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN value_key TEXT NOT NULL DEFAULT '';
UPDATE audit SET
    subject_number = CASE WHEN subject_kind IN ('account', 'group') AND subject_id <> ''
        THEN CAST(subject_id AS INTEGER) END,
    actor_key = lower(actor),
    subject_key = lower(subject_name),
    value_key = lower(address || ' ' || was || ' ' || became);

DROP INDEX audit_subject;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_subject ON audit (subject_kind, subject_id, at, id);
CREATE INDEX audit_actor ON audit (actor_id, at, id);
CREATE INDEX audit_action ON audit (action, at, id);

-- One row, which is locked while entries are written: so the chain has one order.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    begins_after INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    last_hash TEXT NOT NULL
);
INSERT INTO audit_head (id, begins_after, last_id, last_hash)
    SELECT 1, COALESCE(MAX(id), 0), COALESCE(MAX(id), 0), '' FROM audit;
