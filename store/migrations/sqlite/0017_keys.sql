-- The keys outside the database that it is written with.
-- Kept like migrations/postgres, statement by statement.

CREATE TABLE keys (
    id INTEGER PRIMARY KEY,
    -- Computed with the key: another one is refused by it, and it tells nothing of the key.
    proof TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    -- False: what is under earlier keys, or none, is being written anew.
    settled INTEGER NOT NULL,
    -- What of an earlier key is needed to read what it wrote, sealed with the newest.
    kept TEXT
);

-- With what the next entry is chained; null: there is no key yet.
ALTER TABLE audit_head ADD COLUMN key_id INTEGER;
