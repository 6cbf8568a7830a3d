-- How a session began and what was due then; one table for what is asked once and answered later.
-- Kept like migrations/sqlite, statement by statement.

ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
-- Null: nothing but the method was asked for.
ALTER TABLE sessions ADD COLUMN second_step TEXT;
ALTER TABLE sessions ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET authenticated_at = created_at;
-- It began with a password that had to be changed: given by somebody, or too old.
ALTER TABLE sessions RENAME COLUMN password_expired TO password_due;

-- All of it lives for minutes: what was asked before this migration is asked again.
CREATE TABLE pending (
    token_hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Null: whoever answers says who they are.
    account_id BIGINT REFERENCES accounts (id) ON DELETE CASCADE,
    -- Null: it was asked before there was a session.
    session_id BIGINT REFERENCES sessions (id) ON DELETE CASCADE,
    -- Versioned JSON: what the answer is compared with.
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX pending_account ON pending (account_id, kind, expires_at);
CREATE INDEX pending_session ON pending (session_id);
CREATE INDEX pending_expires ON pending (expires_at);
DROP TABLE waiting_sign_ins;
DROP TABLE passkey_challenges;

-- An app that was offered and not confirmed is pending from now on.
DELETE FROM two_step WHERE since IS NULL;
ALTER TABLE two_step DROP COLUMN offered_at;

-- Whether any group asks for two-step verification is asked with every request.
CREATE INDEX technician_groups_two_step ON technician_groups (id) WHERE two_step;
