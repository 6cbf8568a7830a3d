-- Directory synchronization: how many a run may enable without asking, and in which mapped groups people were
-- seen last.
-- Kept like migrations/sqlite, statement by statement.

-- More enablings are held; as for disablings.
ALTER TABLE directory_settings ADD COLUMN enables_at_least INTEGER NOT NULL DEFAULT 5;
ALTER TABLE directory_settings ADD COLUMN enables_percent INTEGER NOT NULL DEFAULT 10;
ALTER TABLE directory_settings ADD COLUMN enables_day_percent INTEGER NOT NULL DEFAULT 20;

ALTER TABLE directory_unasked ADD COLUMN enabled BIGINT NOT NULL DEFAULT 0;
-- Shares are reckoned without those who were created without asking.
ALTER TABLE directory_unasked ADD COLUMN created BIGINT NOT NULL DEFAULT 0;

-- The GUIDs of the mapped groups that they were in when they were seen last, going up, with blanks between;
-- null: they were not seen since this is kept.
ALTER TABLE directory_links ADD COLUMN ad_groups TEXT;
