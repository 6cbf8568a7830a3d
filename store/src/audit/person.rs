//! The entries about one account that have another subject: those of imports and of a directory's
//! runs, which name many. No entry is kept for each of those people, since that would make an import
//! slower: what the import and the account keep says at which moment there is an entry, and the entry
//! whether it names them.

use crate::connection::Kind;

/// What imports did to the account of this number: the action of the entry, its moment, the list in it that
/// names the account, and the import. Where no moment is kept, each of the import's entries of that action is
/// looked through.
pub(super) fn by_imports(number: &str) -> String {
    // A chunk is saved at the moment of its entry; what waits for the end of its import, at its end.
    format!(
        "by_imports (done_by, done_at, part, import) AS ( \
             SELECT 'import_chunk', created_at, 'created', import_id FROM accounts \
             WHERE id = {number} AND import_id IS NOT NULL \
             UNION \
             SELECT 'import_retried', created_at, 'created', import_id FROM accounts \
             WHERE id = {number} AND import_id IS NOT NULL \
             UNION \
             SELECT 'import_chunk', \
                    CASE WHEN imports.all_or_nothing THEN imports.finished_at \
                         ELSE import_chunks.saved_at END, \
                    'updated', imports.id \
             FROM import_rows \
                  JOIN imports ON imports.id = import_rows.import_id \
                  JOIN import_chunks ON import_chunks.import_id = import_rows.import_id \
                       AND import_chunks.number = import_rows.place / {PLACES} \
             WHERE import_rows.account_id = {number} AND import_rows.outcome = 'updated' \
             UNION \
             SELECT 'import_retried', CAST(NULL AS BIGINT), 'updated', import_id FROM import_rows \
             WHERE account_id = {number} AND outcome = 'updated' \
             UNION \
             SELECT 'import_undone', CAST(NULL AS BIGINT), 'restored', import_id FROM import_rows \
             WHERE account_id = {number} AND outcome = 'updated')",
        PLACES = crate::imports::PLACES,
    )
}

/// The entries of `by_imports` that name the account.
pub(super) fn of_imports(kind: Kind, number: &str, text: &str) -> String {
    let named = match kind {
        Kind::Sqlite => format!(
            "SELECT 1 FROM json_each(became, '$.' || part) \
             WHERE {} AND {number} = CASE part WHEN 'created' THEN value \
                                     ELSE json_extract(value, '$.account') END",
            has(text)
        ),
        Kind::Postgres => format!(
            "SELECT 1 FROM json_array_elements(became::json -> part) AS list (element) \
             WHERE {} AND {text} = CASE part WHEN 'created' THEN element::text \
                                   ELSE element ->> 'account' END",
            has(text)
        ),
    };
    // Along the import's entries: there are more of the action, which is why no index is to be used for it.
    format!(
        "subject_kind = 'import' AND subject_id = import AND action || '' = done_by \
         AND (done_at IS NULL OR at = done_at) AND EXISTS ({named})"
    )
}

/// The entry of the run that created the account.
pub(super) fn of_runs(kind: Kind, number: &str, text: &str) -> String {
    let named = match kind {
        Kind::Sqlite => format!(
            "SELECT 1 FROM json_each(became, '$.created') WHERE {} AND value = {number}",
            has(text)
        ),
        Kind::Postgres => format!(
            "SELECT 1 FROM json_array_elements(became::json -> 'created') AS list (element) \
             WHERE {} AND element::text = {text}",
            has(text)
        ),
    };
    format!(
        "action = 'directory_run' AND at = (SELECT created_at FROM accounts \
                                            WHERE id = {number} AND source = 'directory') \
         AND EXISTS ({named})"
    )
}

/// Most entries don't have the number at all, and need not be taken apart. Asked within what takes them
/// apart, so that it comes last: PostgreSQL takes the look into a long text for cheap.
fn has(text: &str) -> String {
    format!("became LIKE '%' || {text} || '%'")
}

/// The account is in a group that is below somebody's areas.
pub(super) fn within(number: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM accounts WHERE accounts.id = {number} \
         AND accounts.group_id IN (SELECT group_below FROM below))"
    )
}
