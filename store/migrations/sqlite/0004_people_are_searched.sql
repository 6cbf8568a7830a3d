-- A search looks through the single sign-on ID too, and goes along an index of its own: by name, no
-- other column is read.
-- Kept like migrations/postgres, statement by statement.

UPDATE accounts SET search = search || char(31) || lower(sso_id)
    WHERE sso_id IS NOT NULL AND lower(sso_id) <> email_key;
CREATE INDEX accounts_search ON accounts (search, group_id, id);
