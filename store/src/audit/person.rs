//! The entries about one account that have another subject: those of imports and of a directory's
//! runs, which name many. No entry is kept for each of those people, since that would make an import
//! slower: what the import and the account keep says at which moment there is an entry, and the entry
//! whether it names them.

use crate::connection::Kind;

/// The moments at which imports and runs changed the account of this number, each with the action of
/// the entry, the list in it that names the account, and the import.
pub(super) fn moments(number: &str) -> String {
    // A chunk is saved at the moment of its entry; what waits for the end of its import, at its end.
    format!(
        "moments (done_by, done_at, part, import) AS ( \
             SELECT 'import_chunk', created_at, 'created', import_id FROM accounts \
             WHERE id = {number} AND import_id IS NOT NULL \
             UNION \
             SELECT 'import_retried', created_at, 'created', import_id FROM accounts \
             WHERE id = {number} AND import_id IS NOT NULL \
             UNION \
             SELECT 'directory_run', created_at, 'created', CAST(NULL AS TEXT) FROM accounts \
             WHERE id = {number} AND source = 'directory' \
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
               AND import_rows.retried_at IS NULL \
             UNION \
             SELECT 'import_retried', retried_at, 'updated', import_id FROM import_rows \
             WHERE account_id = {number} AND outcome = 'updated' AND retried_at IS NOT NULL \
             UNION \
             SELECT 'import_undone', undone_at, 'restored', import_id FROM import_rows \
             WHERE account_id = {number} AND outcome = 'updated' AND undone_at IS NOT NULL)",
        PLACES = crate::imports::PLACES,
    )
}

/// The entry of a moment, if it names the account.
pub(super) fn part(kind: Kind, number: &str, text: &str) -> String {
    let named = match kind {
        Kind::Sqlite => format!(
            "SELECT 1 FROM json_each(became, '$.' || part) \
             WHERE {number} = CASE part WHEN 'created' THEN value \
                              ELSE json_extract(value, '$.account') END"
        ),
        Kind::Postgres => format!(
            "SELECT 1 FROM json_array_elements(became::json -> part) AS list (element) \
             WHERE {text} = CASE part WHEN 'created' THEN element::text \
                            ELSE element ->> 'account' END"
        ),
    };
    // Many entries of a large import may be of one moment: most don't have the number at all.
    format!(
        "action = done_by AND at = done_at AND (import IS NULL OR subject_id = import) \
         AND became LIKE '%' || {text} || '%' AND EXISTS ({named})"
    )
}

/// The account is in a group that is below somebody's areas.
pub(super) fn within(number: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM accounts WHERE accounts.id = {number} \
         AND accounts.group_id IN (SELECT group_below FROM below))"
    )
}
