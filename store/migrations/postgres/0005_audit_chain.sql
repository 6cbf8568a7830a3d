-- Each entry of the trail carries the hash of the one before; pages of it are read along indexes.
-- Kept like migrations/sqlite, statement by statement.

-- Null: the entry is from before the chain.
ALTER TABLE audit ADD COLUMN hash TEXT;
-- The account or group that the entry is about.
ALTER TABLE audit ADD COLUMN subject_number BIGINT;
-- Folded, to be searched: who, about whom, and the address and the values.
ALTER TABLE audit ADD COLUMN actor_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN subject_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN value_key TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE audit SET
    subject_number = CASE WHEN subject_kind IN ('account', 'group') AND subject_id <> ''
        THEN CAST(subject_id AS BIGINT) END,
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
    id BIGINT PRIMARY KEY CHECK (id = 1),
    begins_after BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    last_hash TEXT NOT NULL
);
INSERT INTO audit_head (id, begins_after, last_id, last_hash)
    SELECT 1, COALESCE(MAX(id), 0), COALESCE(MAX(id), 0), '' FROM audit;
