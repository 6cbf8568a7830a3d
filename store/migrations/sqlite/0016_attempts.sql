-- Whose account is guessed at, where the guess is for one that is there: administrators see its locks
-- and lift them. No reference: a guess must not wait for a change of the account.
ALTER TABLE sign_in_failures ADD COLUMN account_id INTEGER;
CREATE INDEX sign_in_failures_account ON sign_in_failures (account_id);

-- Browsers that signed in before: of the token in their cookie, the hash alone. One browser may be
-- known to several accounts.
CREATE TABLE known_devices (
    token_hash TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    last_used_at INTEGER NOT NULL,
    PRIMARY KEY (token_hash, account_id)
) WITHOUT ROWID;
CREATE INDEX known_devices_account ON known_devices (account_id, last_used_at);
CREATE INDEX known_devices_last_used ON known_devices (last_used_at);
