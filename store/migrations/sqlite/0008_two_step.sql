-- Two-step verification: secrets, recovery codes, sign-ins that wait for their code, who must.
-- Kept like migrations/postgres, statement by statement.

ALTER TABLE settings ADD COLUMN two_step TEXT NOT NULL DEFAULT 'nobody';
-- Of this group and those below it.
ALTER TABLE technician_groups ADD COLUMN two_step INTEGER NOT NULL DEFAULT 0;

CREATE TABLE two_step (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    -- In hexadecimal. Read to compare a code, and for nothing else.
    secret TEXT NOT NULL,
    -- Null: it was shown, but no code of it was given yet.
    since INTEGER,
    -- A code works once: those up to this step of time are used.
    last_step INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (account_id, code_hash)
);

-- The password was right, the code is still to come: no session yet.
CREATE TABLE waiting_sign_ins (
    token_hash TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    password_expired INTEGER NOT NULL
);
CREATE INDEX waiting_sign_ins_account ON waiting_sign_ins (account_id);

-- It began without two-step verification, which had to be set up first.
ALTER TABLE sessions ADD COLUMN two_step_due INTEGER NOT NULL DEFAULT 0;
