-- Directory synchronization: who may come with which token, whom it keeps in step, what its runs did.
-- Kept like migrations/postgres, statement by statement.

CREATE TABLE directory_settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    interval_minutes INTEGER NOT NULL DEFAULT 15,
    existing_email TEXT NOT NULL DEFAULT 'ask',
    follow_moved INTEGER NOT NULL DEFAULT 0,
    -- More disablings are held: so many always may, and this part of the source's enabled
    -- technicians, and that part of them within a day.
    hold_at_least INTEGER NOT NULL DEFAULT 5,
    hold_percent INTEGER NOT NULL DEFAULT 10,
    hold_day_percent INTEGER NOT NULL DEFAULT 20,
    version INTEGER NOT NULL DEFAULT 1
);
INSERT INTO directory_settings (id) VALUES (1);

CREATE TABLE directory_sources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    domain_guid TEXT NOT NULL,
    domain TEXT NOT NULL,
    domain_sid TEXT NOT NULL,
    enrolled_at INTEGER NOT NULL,
    enrolled_by TEXT NOT NULL,
    agent TEXT NOT NULL DEFAULT '',
    controller TEXT NOT NULL DEFAULT '',
    last_success_at INTEGER,
    -- Until then a run is held whole.
    first_run_done INTEGER NOT NULL DEFAULT 0,
    -- A mapping was taken away, and no run settled since.
    mapping_removed INTEGER NOT NULL DEFAULT 0,
    -- Somebody wants a run that has not begun yet.
    run_asked INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX directory_sources_domain ON directory_sources (domain_guid);

-- The token itself is nowhere.
CREATE TABLE directory_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash TEXT NOT NULL,
    -- Null: no directory has enrolled with it.
    source_id INTEGER REFERENCES directory_sources (id),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    last_used_at INTEGER,
    -- Another took its place; it lives so long.
    expires_at INTEGER,
    revoked_at INTEGER
);
CREATE UNIQUE INDEX directory_tokens_hash ON directory_tokens (token_hash);
CREATE INDEX directory_tokens_source ON directory_tokens (source_id);

-- No reference to the Technician Group: one that is gone is a fault of the run, and nothing more.
CREATE TABLE directory_mappings (
    source_id INTEGER NOT NULL REFERENCES directory_sources (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    ad_group_guid TEXT NOT NULL,
    ad_group_name TEXT NOT NULL,
    group_id INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    -- At the last run that read it completely.
    members INTEGER,
    PRIMARY KEY (source_id, ad_group_guid)
) WITHOUT ROWID;

CREATE TABLE directory_links (
    source_id INTEGER NOT NULL REFERENCES directory_sources (id) ON DELETE CASCADE,
    guid TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- Where the synchronization put them: who is elsewhere was moved by hand.
    placed_id INTEGER NOT NULL,
    -- And nobody has enabled or disabled them since.
    disabled_by_sync INTEGER NOT NULL,
    PRIMARY KEY (source_id, guid)
) WITHOUT ROWID;
CREATE UNIQUE INDEX directory_links_account ON directory_links (account_id);

-- Somebody answered that an account made by hand is this person of the directory.
CREATE TABLE directory_agreements (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    source_id INTEGER NOT NULL REFERENCES directory_sources (id) ON DELETE CASCADE,
    guid TEXT NOT NULL
);

CREATE TABLE directory_runs (
    id TEXT PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES directory_sources (id) ON DELETE CASCADE,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    agent TEXT NOT NULL,
    controller TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    -- Something was sent; without it for long the run is given up.
    alive_at INTEGER NOT NULL,
    ended_at INTEGER,
    created INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    disabled INTEGER NOT NULL DEFAULT 0,
    enabled INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    held_reason TEXT,
    held_count INTEGER NOT NULL DEFAULT 0,
    -- The steps that wait, JSON, and their digest: it tells whether a later run holds the same.
    held_steps TEXT,
    held_digest TEXT,
    message TEXT,
    -- As it was answered: sent again, a commit is answered the same.
    answer TEXT,
    -- The commit as it was sent, as long as the run may be approved.
    wish TEXT,
    decided_by TEXT,
    decided_at INTEGER
) WITHOUT ROWID;
CREATE INDEX directory_runs_began ON directory_runs (began_at, id);
CREATE INDEX directory_runs_source ON directory_runs (source_id, began_at, id);
CREATE INDEX directory_runs_open ON directory_runs (source_id, state)
    WHERE state IN ('under_way', 'held');

-- People as they were sent: gone with the run, unless it is held.
CREATE TABLE directory_batches (
    run_id TEXT NOT NULL REFERENCES directory_runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, number)
);

CREATE TABLE directory_changes (
    run_id TEXT NOT NULL REFERENCES directory_runs (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    guid TEXT NOT NULL,
    account_id INTEGER,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    kind TEXT NOT NULL,
    held INTEGER NOT NULL,
    reason TEXT NOT NULL,
    code TEXT,
    -- The fields as they were and are, JSON.
    fields TEXT NOT NULL,
    -- Name and email, folded.
    search TEXT NOT NULL,
    PRIMARY KEY (run_id, place)
);
CREATE INDEX directory_changes_kind ON directory_changes (run_id, kind, place);

CREATE TABLE directory_problems (
    source_id INTEGER NOT NULL REFERENCES directory_sources (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    -- A person's or a group's GUID; empty: it is about all.
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    -- That saw it last; null: it was told beside the runs.
    run_id TEXT,
    -- Who is in the way.
    account_id INTEGER,
    message TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (source_id, code, subject)
);
CREATE INDEX directory_problems_last ON directory_problems (last_at);

-- What the service told beside its runs.
CREATE TABLE directory_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES directory_sources (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX directory_events_at ON directory_events (at);
