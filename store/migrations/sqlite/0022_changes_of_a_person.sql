-- Entries of earlier versions don't say by which run of a directory they were: the changes of a person do.
-- With this schema names of groups lose their invisible characters, too.
-- Kept like migrations/postgres, statement by statement.

CREATE INDEX directory_changes_account ON directory_changes (account_id)
    WHERE kind IN ('linked', 'updated', 'disabled', 'enabled');
