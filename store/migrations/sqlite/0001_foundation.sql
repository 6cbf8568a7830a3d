-- Moments are milliseconds since 1970; yes and no are 1 and 0. Texts are compared byte by byte.
-- Kept like migrations/postgres, statement by statement.

CREATE TABLE settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    organization TEXT NOT NULL DEFAULT '',
    strength TEXT NOT NULL DEFAULT 'good',
    standard_seats INTEGER,
    -- Taken by a conditional update, never after a look.
    standard_used INTEGER NOT NULL DEFAULT 0 CHECK (standard_used >= 0),
    mobile_seats INTEGER,
    mobile_used INTEGER NOT NULL DEFAULT 0 CHECK (mobile_used >= 0),
    default_password_hash TEXT,
    default_password_set_at INTEGER,
    default_password_days INTEGER NOT NULL DEFAULT 14,
    set_up_code_hash TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((default_password_hash IS NULL) = (default_password_set_at IS NULL))
);
INSERT INTO settings (id) VALUES (1);

CREATE TABLE technician_groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    parent_id INTEGER REFERENCES technician_groups (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    -- In this group itself, and with all below it: kept with every change, so that a tree of any
    -- size is shown at once.
    technicians INTEGER NOT NULL DEFAULT 0 CHECK (technicians >= 0),
    technicians_below INTEGER NOT NULL DEFAULT 0 CHECK (technicians_below >= 0),
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    CHECK ((id = 1) = (parent_id IS NULL))
);
CREATE UNIQUE INDEX technician_groups_name ON technician_groups (parent_id, name_key);
INSERT INTO technician_groups (id, parent_id, name, name_key, created_at)
    VALUES (1, NULL, 'Technicians', 'technicians', 0);
-- People read, copy and type these: none looks like the root's.
UPDATE sqlite_sequence SET seq = 1000 WHERE name = 'technician_groups';

CREATE TABLE group_rules (
    group_id INTEGER NOT NULL REFERENCES technician_groups (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    setting INTEGER,
    locked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (group_id, permission)
) WITHOUT ROWID;

-- The root carries the organization's defaults: all but what reaches beyond a session.
INSERT INTO group_rules (group_id, permission, setting) VALUES
    (1, 'chat', 1),
    (1, 'chat_toggle', 1),
    (1, 'private_session', 1),
    (1, 'transfer_session', 1),
    (1, 'hold_session', 1),
    (1, 'collaborate', 1),
    (1, 'invite_external', 1),
    (1, 'record_session', 1),
    (1, 'end_survey', 1),
    (1, 'single_prompt', 1),
    (1, 'remote_view', 1),
    (1, 'remote_control', 1),
    (1, 'share_screen', 1),
    (1, 'sync_clipboard', 1),
    (1, 'send_files', 1),
    (1, 'receive_files', 1),
    (1, 'manage_files', 1),
    (1, 'send_url', 1),
    (1, 'view_system', 1),
    (1, 'reboot', 1),
    (1, 'request_credentials', 0),
    (1, 'run_scripts', 1),
    (1, 'run_own_scripts', 0),
    (1, 'edit_custom_fields', 1),
    (1, 'unattended_access', 0),
    (1, 'connect_lan', 0),
    (1, 'deploy_calling_card', 0),
    (1, 'configure_mobile', 0);

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    role TEXT NOT NULL,
    group_id INTEGER REFERENCES technician_groups (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    nickname TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    email_skeleton TEXT NOT NULL,
    sso_id TEXT,
    description TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    standard_license INTEGER NOT NULL,
    mobile_license INTEGER NOT NULL,
    password_state TEXT NOT NULL,
    password_hash TEXT,
    -- When the person chose it; null: it was given to them.
    password_chosen_at INTEGER,
    source TEXT NOT NULL,
    import_id TEXT,
    created_at INTEGER NOT NULL,
    last_sign_in_at INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    -- Name, nickname and email, folded.
    search TEXT NOT NULL,
    -- A technician has a place, and never at the root.
    CHECK (group_id <> 1),
    CHECK (role <> 'technician' OR group_id IS NOT NULL),
    -- Nobody locks everybody out.
    CHECK (role <> 'holder' OR enabled),
    -- The organization's default password is hashed once, in the settings.
    CHECK ((password_state = 'default') = (password_hash IS NULL))
);
CREATE UNIQUE INDEX accounts_email_key ON accounts (email_key);
CREATE UNIQUE INDEX accounts_sso_id ON accounts (sso_id) WHERE sso_id IS NOT NULL;
CREATE UNIQUE INDEX accounts_one_holder ON accounts (role) WHERE role = 'holder';
CREATE INDEX accounts_email_skeleton ON accounts (email_skeleton);
CREATE INDEX accounts_group ON accounts (group_id, name_key, id);

CREATE TABLE administrator_groups (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    group_id INTEGER NOT NULL REFERENCES technician_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, group_id)
) WITHOUT ROWID;
CREATE INDEX administrator_groups_group ON administrator_groups (group_id);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_last_seen ON sessions (last_seen_at);

-- Keys are made by `operations`: one email, one network address.
CREATE TABLE sign_in_failures (
    failure_key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER
) WITHOUT ROWID;

CREATE TABLE imports (
    id TEXT PRIMARY KEY,
    -- Null: the operator of this server. No reference: a history outlives what it is about.
    account_id INTEGER,
    begun_by TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    file_rows INTEGER NOT NULL,
    group_id INTEGER,
    file_columns TEXT NOT NULL,
    delimiter TEXT NOT NULL,
    state TEXT NOT NULL,
    created INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER NOT NULL,
    finished_at INTEGER
) WITHOUT ROWID;
CREATE INDEX imports_started ON imports (started_at, id);
CREATE INDEX imports_running ON imports (file_sha256) WHERE state = 'running';

CREATE TABLE import_chunks (
    import_id TEXT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (import_id, number)
) WITHOUT ROWID;

-- With row ids: pages are counted along the narrow index of the places.
CREATE TABLE import_rows (
    import_id TEXT NOT NULL,
    -- In the order of the file: chunk by chunk, each with a thousand places.
    -- Not the line: a file may have all its rows on one.
    place INTEGER NOT NULL,
    line INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    account_id INTEGER,
    problems TEXT NOT NULL,
    -- The row as it was understood, without its password: kept where it has to be mended.
    row_values TEXT,
    -- Line, name and email, folded.
    search TEXT NOT NULL,
    PRIMARY KEY (import_id, place)
);
CREATE INDEX import_rows_not_done ON import_rows (import_id, outcome, place)
    WHERE outcome IN ('skipped', 'failed');

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor_id INTEGER,
    actor TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    was TEXT NOT NULL,
    became TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject_kind, subject_id, id);
