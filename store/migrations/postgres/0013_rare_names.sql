-- Texts that are somewhere in few names of groups are found by their parts of up to three characters,
-- so that not all names are read. PostgreSQL's own trigrams are in an extension that may not be there.
-- In a table of their own: groups change whenever people are moved, their names seldom.

CREATE FUNCTION muster_parts(text, size integer) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS 'SELECT array(SELECT DISTINCT substr($1, at, size) FROM generate_series(1, length($1) - size + 1) AS at)';

CREATE FUNCTION muster_parts(text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS 'SELECT muster_parts($1, 1) || muster_parts($1, 2) || muster_parts($1, 3)';

CREATE TABLE technician_group_parts (
    group_id BIGINT PRIMARY KEY REFERENCES technician_groups (id) ON DELETE CASCADE,
    parts TEXT[] NOT NULL
);

INSERT INTO technician_group_parts (group_id, parts)
SELECT id, muster_parts(sort_key) FROM technician_groups;

CREATE INDEX technician_group_parts_search ON technician_group_parts USING gin (parts)
WITH (fastupdate = off);

CREATE FUNCTION muster_group_named() RETURNS trigger
LANGUAGE plpgsql
AS 'BEGIN
    INSERT INTO technician_group_parts (group_id, parts)
    VALUES (new.id, muster_parts(new.sort_key))
    ON CONFLICT (group_id) DO UPDATE SET parts = excluded.parts;
    RETURN NULL;
END';

CREATE TRIGGER technician_group_named AFTER INSERT OR UPDATE OF sort_key ON technician_groups
FOR EACH ROW EXECUTE FUNCTION muster_group_named();
