-- Texts that are somewhere in few names of groups are found by their parts of three characters, so that
-- not all names are read. Texts of fewer are not: what FTS5 has is trigrams.

CREATE VIRTUAL TABLE technician_group_parts USING fts5 (
    sort_key,
    content = 'technician_groups',
    content_rowid = 'id',
    tokenize = 'trigram case_sensitive 1'
);

INSERT INTO technician_group_parts (rowid, sort_key)
SELECT id, sort_key FROM technician_groups;

CREATE TRIGGER technician_group_named AFTER INSERT ON technician_groups BEGIN
    INSERT INTO technician_group_parts (rowid, sort_key) VALUES (new.id, new.sort_key);
END;

CREATE TRIGGER technician_group_renamed AFTER UPDATE OF sort_key ON technician_groups BEGIN
    INSERT INTO technician_group_parts (technician_group_parts, rowid, sort_key)
    VALUES ('delete', old.id, old.sort_key);
    INSERT INTO technician_group_parts (rowid, sort_key) VALUES (new.id, new.sort_key);
END;

CREATE TRIGGER technician_group_deleted AFTER DELETE ON technician_groups BEGIN
    INSERT INTO technician_group_parts (technician_group_parts, rowid, sort_key)
    VALUES ('delete', old.id, old.sort_key);
END;
