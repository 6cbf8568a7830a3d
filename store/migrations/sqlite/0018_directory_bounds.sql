-- Directory synchronization within bounds: how much a run may send, how many emails it may change without
-- asking, how long a token lives with which no directory enrolled.
-- Kept like migrations/postgres, statement by statement.

-- What came in batches, and what is kept of the run: the bounds hold over all servers.
ALTER TABLE directory_runs ADD COLUMN sent_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE directory_runs ADD COLUMN sent_people INTEGER NOT NULL DEFAULT 0;
ALTER TABLE directory_runs ADD COLUMN kept_bytes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX directory_runs_kept ON directory_runs (source_id, began_at, id, kept_bytes);
CREATE INDEX directory_events_source ON directory_events (source_id, id);

-- More changed emails are held; as for disablings.
ALTER TABLE directory_settings ADD COLUMN emails_at_least INTEGER NOT NULL DEFAULT 5;
ALTER TABLE directory_settings ADD COLUMN emails_percent INTEGER NOT NULL DEFAULT 10;
ALTER TABLE directory_settings ADD COLUMN emails_day_percent INTEGER NOT NULL DEFAULT 20;

-- What runs did without asking, for the bounds of 24 hours: older rows go.
CREATE TABLE directory_unasked (
    source_id INTEGER NOT NULL REFERENCES directory_sources (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    emails INTEGER NOT NULL
);
CREATE INDEX directory_unasked_source ON directory_unasked (source_id, at);
INSERT INTO directory_unasked (source_id, at, disabled, emails)
    SELECT runs.source_id, runs.began_at, COUNT(*), 0
    FROM directory_runs runs JOIN directory_changes changes
        ON changes.run_id = runs.id AND changes.kind = 'disabled' AND NOT changes.held
    WHERE runs.mode = 'apply' GROUP BY runs.id, runs.source_id, runs.began_at;

UPDATE directory_tokens SET expires_at = created_at + 86400000
    WHERE source_id IS NULL AND expires_at IS NULL;
