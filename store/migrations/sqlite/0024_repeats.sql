-- Requests that were done and carried a key: sent again, they are not done again. Of the key, the hash
-- alone. No reference: a change must not wait for one of the account that makes it.
CREATE TABLE repeats (
    account_id INTEGER NOT NULL,
    key_hash TEXT NOT NULL,
    -- Of the address and the body, by the key.
    digest TEXT NOT NULL,
    -- Which of the requests with this key was the one.
    arrival TEXT NOT NULL,
    -- What was changed, as the first entry in the audit trail says it.
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, key_hash)
) WITHOUT ROWID;
CREATE INDEX repeats_account ON repeats (account_id, made_at);
CREATE INDEX repeats_made ON repeats (made_at);
