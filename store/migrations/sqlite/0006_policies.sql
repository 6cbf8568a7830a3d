-- Password Policies: how old a password may be, which may not come again, lock-out, sessions.
-- Kept like migrations/postgres, statement by statement.

-- Null: a password may be of any age.
ALTER TABLE settings ADD COLUMN max_age_days INTEGER;
ALTER TABLE settings ADD COLUMN warning_days INTEGER NOT NULL DEFAULT 14;
ALTER TABLE settings ADD COLUMN history INTEGER NOT NULL DEFAULT 0;
ALTER TABLE settings ADD COLUMN change_after_reset INTEGER NOT NULL DEFAULT 1;
ALTER TABLE settings ADD COLUMN lock_out_failures INTEGER NOT NULL DEFAULT 10;
ALTER TABLE settings ADD COLUMN lock_out_minutes INTEGER NOT NULL DEFAULT 15;
ALTER TABLE settings ADD COLUMN idle_minutes INTEGER NOT NULL DEFAULT 60;
ALTER TABLE settings ADD COLUMN session_hours INTEGER NOT NULL DEFAULT 12;

-- It began with a password that was too old: another must be chosen.
ALTER TABLE sessions ADD COLUMN password_expired INTEGER NOT NULL DEFAULT 0;

-- Passwords that a person chose, the present one among them: those that may not come again.
CREATE TABLE chosen_passwords (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL
);
CREATE INDEX chosen_passwords_account ON chosen_passwords (account_id, id);
INSERT INTO chosen_passwords (account_id, password_hash)
    SELECT id, password_hash FROM accounts WHERE password_state = 'own';

-- Whose password grows old, and who has the default one.
CREATE INDEX accounts_chosen ON accounts (password_chosen_at) WHERE password_state = 'own';
CREATE INDEX accounts_default ON accounts (id) WHERE password_state = 'default';
