-- The assets of the versions that ran lately: pages that they wrote ask any server for them.
-- Kept like migrations/sqlite, statement by statement.

CREATE TABLE assets (
    name TEXT PRIMARY KEY,
    -- By gzip.
    compressed BOOLEAN NOT NULL,
    contents BYTEA NOT NULL,
    -- Under a key of the key file: browsers execute what is in here.
    mac TEXT NOT NULL,
    -- When a server with this asset ran last.
    seen_at BIGINT NOT NULL
);
CREATE INDEX assets_seen ON assets (seen_at);
