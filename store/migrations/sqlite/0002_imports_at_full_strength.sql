-- What an import may do to those who are there, all or nothing, and undoing.
-- Kept like migrations/postgres, statement by statement.

ALTER TABLE imports ADD COLUMN existing TEXT NOT NULL DEFAULT 'skip';
ALTER TABLE imports ADD COLUMN all_or_nothing INTEGER NOT NULL DEFAULT 0;
-- Tells which rows make which chunk.
ALTER TABLE imports ADD COLUMN plan TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN undone_by TEXT;
ALTER TABLE imports ADD COLUMN undone_at INTEGER;
ALTER TABLE imports ADD COLUMN undo_reversed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN undo_kept INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN undo_failed INTEGER NOT NULL DEFAULT 0;
-- Undoing goes on with the rows from this place.
ALTER TABLE imports ADD COLUMN undo_place INTEGER NOT NULL DEFAULT 0;

-- The version in which the row left its account.
ALTER TABLE import_rows ADD COLUMN account_version INTEGER;
-- Of an updated account: the fields that were changed, for people; and all as it was, to go back to.
ALTER TABLE import_rows ADD COLUMN changes TEXT;
ALTER TABLE import_rows ADD COLUMN account_before TEXT;
-- The file had a password, which is not kept.
ALTER TABLE import_rows ADD COLUMN had_password INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_rows ADD COLUMN reversal TEXT;

-- The chunks of an import of all rows or none, until its end: checked, passwords hashed.
CREATE TABLE import_staged (
    import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    body TEXT NOT NULL,
    -- What was answered: sent again, the chunk is answered the same.
    results TEXT NOT NULL,
    PRIMARY KEY (import_id, number)
) WITHOUT ROWID;

-- A plain address is deceptively like none but those with foreign letters, which are few.
CREATE INDEX accounts_foreign_skeleton ON accounts (email_skeleton) WHERE email GLOB '*[^ -~]*';
