-- Passkeys, what a browser is asked to sign, and when a secret for an app was offered.
-- Kept like migrations/postgres, statement by statement.

ALTER TABLE two_step ADD COLUMN offered_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE passkeys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- In hexadecimal: by which its device names it.
    credential_id TEXT NOT NULL,
    -- By which its device knows the account: random, the same for all passkeys of one.
    user_handle TEXT NOT NULL,
    -- As its owner calls it.
    name TEXT NOT NULL,
    -- As JSON: its public key, its counter, what the device said of itself. Nothing secret.
    credential TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);
CREATE INDEX passkeys_account ON passkeys (account_id);

-- Asked once, answered once, by whichever server.
CREATE TABLE passkey_challenges (
    token_hash TEXT PRIMARY KEY,
    -- Null: whoever answers says who they are.
    account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
    -- As JSON: what the answer is compared with.
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX passkey_challenges_account ON passkey_challenges (account_id);
CREATE INDEX passkey_challenges_created ON passkey_challenges (created_at);
