-- When a temporary or a starting password was given: it works for so many days as the default
-- password. Null: it has no end, or it is a starting password that was used.
ALTER TABLE accounts ADD COLUMN password_given_at BIGINT;

-- Temporary passwords had no end so far: their days begin now. Whoever signed in with one that may be
-- kept keeps it.
UPDATE accounts SET password_given_at = CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)
WHERE password_state = 'temporary'
  AND (last_sign_in_at IS NULL OR (SELECT change_after_reset FROM settings WHERE id = 1));

-- From what the starting passwords of an import or of a directory's run are made again, until they
-- are downloaded.
CREATE TABLE starting_seeds (
    batch TEXT COLLATE "C" PRIMARY KEY,
    seed TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
