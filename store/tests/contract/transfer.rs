//! A whole database moved into another one, of either kind.

use std::collections::BTreeMap;

use roster::audit::chain::{Terms, Walk};
use roster::authority::{Act, Caller, Decision, decide};
use store::{MoveError, MovedTable, OpenError, Store, Transfer};

use crate::make::{begin as begin_import, group_below};
use crate::make::{commit, create, group, import, import_id, person, somebody, technician};
use crate::place::Place;

contract!(
    everything_is_moved_to_both,
    the_next_number_is_moved_along,
    a_target_that_is_not_empty_is_refused,
    half_a_database_is_not_opened_and_the_move_begins_anew,
    a_source_that_changes_ends_the_move,
    a_database_that_is_only_read_is_not_changed,
    counts_that_do_not_add_up_are_found,
);

fn operator() -> Decision {
    decide(&Caller::operator(), &Act::Operate).unwrap()
}

/// The text that is hardest to bring from one database into another.
const TEXT: &str = "Zoë \"q\" ''x'' \\n {a,NULL} 山\t\u{1F600} line\nline";

/// At least one row in every table.
async fn fill(place: &Place) {
    let store = &place.store;
    let (yes, no) = (place.flag(true), place.flag(false));
    somebody(store, "ann@example.com").await;
    let europe = group(store, "Europe").await;
    let tier = group_below(store, europe, "Tier 2").await;
    for n in 0..3 {
        let email = format!("t{n}@example.com");
        let mut new = technician(tier, &format!("T {n}"), &email);
        new.person.description = TEXT.replace("''", "'");
        new.person.sso_id = (n == 0).then(|| "sso".to_owned());
        create(store, &new).await;
    }
    begin_import(store, &import("1"), None).await;
    let import = import_id("1");
    place
        .run(&format!(
            "INSERT INTO administrator_groups (account_id, group_id) VALUES (2, {tier});
             INSERT INTO group_rules (group_id, permission, setting, locked)
                 VALUES ({tier}, 'chat', NULL, {yes}), ({tier}, 'a', {no}, {no});
             INSERT INTO chosen_passwords (account_id, password_hash) VALUES (2, '$argon2id$x');
             INSERT INTO two_step (account_id, secret, since, last_step) VALUES (2, '1-ab', 5, 6);
             INSERT INTO recovery_codes (account_id, code_hash)
                 VALUES (2, 'b'), (2, 'B'), (2, 'ä'), (2, 'a');
             INSERT INTO passkeys (account_id, credential_id, user_handle, name, credential, created_at)
                 VALUES (2, 'ab', 'cd', '{TEXT}', '{{}}', 7);
             INSERT INTO known_devices (token_hash, account_id, last_used_at) VALUES ('ab', 2, 8);
             INSERT INTO starting_seeds (batch, seed, made_at) VALUES ('{import}', '1-ab', 9);
             INSERT INTO import_chunks (import_id, number, saved_at) VALUES ('{import}', 0, 1);
             INSERT INTO import_staged (import_id, number, row_count, body, results)
                 VALUES ('{import}', 0, 1, '{TEXT}', '[]');
             INSERT INTO import_rows (import_id, place, line, outcome, name, email, problems, search)
                 VALUES ('{import}', 0, 1, 'failed', '{TEXT}', 'x', '[]', 'x');
             INSERT INTO directory_sources (domain_guid, domain, domain_sid, enrolled_at, enrolled_by)
                 VALUES ('g', 'corp', 's', 1, 'Ann');
             INSERT INTO directory_tokens (token_hash, source_id, created_at, created_by)
                 VALUES ('t', 1, 1, 'Ann'), ('u', NULL, 1, 'Ann');
             INSERT INTO directory_mappings
                 (source_id, place, ad_group_guid, ad_group_name, group_id, approved)
                 VALUES (1, 0, 'g', 'G', {tier}, {yes});
             INSERT INTO directory_links (source_id, guid, account_id, placed_id, disabled_by_sync)
                 VALUES (1, 'p', 2, {tier}, {no});
             INSERT INTO directory_agreements (account_id, source_id, guid) VALUES (3, 1, 'q');
             INSERT INTO directory_runs (id, source_id, mode, state, agent, controller, began_at, alive_at)
                 VALUES ('r', 1, 'apply', 'done', '', '', 1, 1);
             INSERT INTO directory_batches (run_id, number, body) VALUES ('r', 0, '[]');
             INSERT INTO directory_changes
                 (run_id, place, guid, name, email, kind, held, reason, fields, search)
                 VALUES ('r', 0, 'p', 'P', 'p', 'created', {no}, '', '{{}}', 'p');
             INSERT INTO directory_problems
                 (source_id, code, subject, name, message, first_at, last_at, times)
                 VALUES (1, 'c', '', '', 'm', 1, 1, 1);
             INSERT INTO directory_events (source_id, at, code, message) VALUES (1, 1, 'c', 'm');
             INSERT INTO directory_unasked (source_id, at, disabled, emails) VALUES (1, 1, 0, 0), (1, 1, 0, 0);
             INSERT INTO keys (id, proof, added_at, settled) VALUES (1, 'proof', 1, {yes});
             INSERT INTO sign_in_failures (failure_key, failures)
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 21000)
                 SELECT 'key ' || i, i FROM n;
             UPDATE technician_groups SET two_step = {yes} WHERE id = {tier}"
        ))
        .await;
    // A group may have a smaller number than the one above it.
    let late = group(store, "Late").await;
    assert!(late > europe);
    place
        .run(&format!("UPDATE technician_groups SET parent_id = {late} WHERE id = {europe}"))
        .await;
}

/// A fresh database of each kind that there is.
async fn targets() -> Vec<Place> {
    let mut targets = vec![Place::sqlite().await];
    targets.extend(Place::postgres().await);
    targets
}

async fn moved(from: &Store, to: &Store) -> Result<Vec<MovedTable>, MoveError> {
    let mut transfer = Transfer::begin(&operator(), (from, to), "origin", "one".into()).await?;
    let moved = transfer.run(|_| {}).await?;
    commit(transfer.end().await?).await;
    Ok(moved)
}

async fn everything_is_moved_to_both(place: &Place) {
    fill(place).await;
    for target in targets().await {
        let there = moved(&place.store, &target.store).await.unwrap();
        for MovedTable { table, sum } in &there {
            assert!(sum.rows > 0, "{table} is empty: the test moves nothing of it");
        }
        // What was moved gives the same sums again, from the other side and into a third.
        let third = Place::sqlite().await;
        let again = moved(&target.store, &third.store).await.unwrap();
        for (first, second) in there.iter().zip(&again) {
            // The entries that `commit` wrote, one for each move.
            let more = u64::from(first.table == "audit");
            assert_eq!(first.sum.rows + more, second.sum.rows, "{}", first.table);
            if !first.table.starts_with("audit") {
                assert_eq!(first, second);
            }
        }
        assert_eq!(target.number("SELECT COUNT(*) FROM sessions").await, 0);
        Store::open(&target.address).await.unwrap().close().await;

        let mut reader = target.store.read().await.unwrap();
        let head = reader.audit_head().await.unwrap();
        let terms = Terms { keys: BTreeMap::new(), begins_after: 0, since: None };
        let mut walk = Walk::along(&head, terms).unwrap();
        for link in reader.audit_links(0, 1000).await.unwrap() {
            walk.step(&link.content, &link.found_by, link.hash.as_deref()).unwrap();
        }
        walk.end(&head).unwrap();
        drop(reader);
        third.leave().await;
        target.leave().await;
    }
}

async fn the_next_number_is_moved_along(place: &Place) {
    let support = group(&place.store, "Support").await;
    let last = create(&place.store, &technician(support, "Ada", "ada@example.com")).await;
    place.run(&format!("DELETE FROM accounts WHERE id = {last}")).await;
    for target in targets().await {
        moved(&place.store, &target.store).await.unwrap();
        let next = create(&target.store, &technician(support, "Bob", "bob@example.com")).await;
        assert_eq!(next.0, last.0 + 1, "nobody gets the number of somebody who was deleted");
        assert_eq!(group(&target.store, "Sales").await.0, support.0 + 1);
        // From a database whose entries were given their numbers.
        let back = Place::sqlite().await;
        moved(&target.store, &back.store).await.unwrap();
        assert!(create(&back.store, &technician(support, "Cy", "cy@example.com")).await > next);
        back.leave().await;
        target.leave().await;
    }
}

async fn a_target_that_is_not_empty_is_refused(place: &Place) {
    let source = Place::sqlite().await;
    group(&place.store, "Support").await;
    let refused = moved(&source.store, &place.store).await.unwrap_err();
    assert!(matches!(refused, MoveError::NotEmpty { table: "technician_groups", rows: 2 }));
    Store::open(&place.address).await.unwrap().close().await;
    assert_eq!(place.number("SELECT COUNT(*) FROM technician_groups").await, 2);
    let itself = moved(&place.store, &place.store).await.unwrap_err();
    assert!(matches!(itself, MoveError::NotEmpty { .. }), "{itself}");
    source.leave().await;
}

async fn half_a_database_is_not_opened_and_the_move_begins_anew(target: &Place) {
    let source = Place::sqlite().await;
    let support = group(&source.store, "Support").await;
    create(&source.store, &technician(support, "Ada", "ada@example.com")).await;
    let sides = (&source.store, &target.store);
    let mut first = Transfer::begin(&operator(), sides, "origin", "one".into()).await.unwrap();
    first.run(|_| {}).await.unwrap();
    drop(first);
    for opened in [Store::open(&target.address).await, Store::open_to_read(&target.address).await] {
        assert!(matches!(opened, Err(OpenError::HalfMoved { .. })));
    }
    let other = Transfer::begin(&operator(), sides, "another", "two".into()).await;
    assert!(matches!(other.err(), Some(MoveError::AnotherSource)));

    let open = Store::open_target(&target.address).await.unwrap();
    let sides = (&source.store, &open);
    let mut second = Transfer::begin(&operator(), sides, "origin", "two".into()).await.unwrap();
    let mut third = Transfer::begin(&operator(), sides, "origin", "three".into()).await.unwrap();
    let late = second.run(|_| {}).await.unwrap_err();
    assert!(matches!(late, MoveError::TakenOver), "{late}");
    drop(second);
    third.run(|_| {}).await.unwrap();
    commit(third.end().await.unwrap()).await;
    open.close().await;
    let done = Store::open(&target.address).await.unwrap();
    let found = done.read().await.unwrap().credentials_by_email("ada@example.com").await;
    assert!(found.unwrap().is_some());
    done.close().await;
    source.leave().await;
}

async fn a_source_that_changes_ends_the_move(source: &Place) {
    let target = Place::sqlite().await;
    let sides = (&source.store, &target.store);
    let mut transfer = Transfer::begin(&operator(), sides, "origin", "one".into()).await.unwrap();
    group(&source.store, "Support").await;
    let moved = transfer.run(|_| {}).await.unwrap();
    let groups = moved.iter().find(|it| it.table == "technician_groups").unwrap();
    assert_eq!(groups.sum.rows, 1, "the view is of before");
    let refused = transfer.end().await.unwrap_err();
    assert!(matches!(refused, MoveError::SourceChanged { entries: 1 }), "{refused}");
    assert!(Store::open(&target.address).await.is_err(), "half a database stays marked");

    // What arrives as something else is no move.
    let target = Place::sqlite().await;
    target
        .run(
            "CREATE TRIGGER change AFTER INSERT ON technician_groups BEGIN \
              UPDATE technician_groups SET name = 'x' WHERE id = new.id; END",
        )
        .await;
    let refused = self::moved(&source.store, &target.store).await.unwrap_err();
    assert!(matches!(refused, MoveError::Differs { table: "technician_groups", .. }), "{refused}");
    assert!(Store::open(&target.address).await.is_err());
}

async fn a_database_that_is_only_read_is_not_changed(place: &Place) {
    group(&place.store, "Support").await;
    let store = Store::open_to_read(&place.address).await.unwrap();
    assert_eq!(store.read().await.unwrap().audit_head().await.unwrap().last, 1);
    store.close().await;
    place.run("INSERT INTO muster_schema (version) VALUES (9999)").await;
    let newer = Store::open_to_read(&place.address).await.unwrap_err();
    assert!(matches!(newer, OpenError::Newer { found: 9999, .. }), "{newer}");
    place.run("DELETE FROM muster_schema WHERE version > 1").await;
    let older = Store::open_to_read(&place.address).await.unwrap_err();
    assert!(matches!(older, OpenError::Older { found: 1, .. }), "{older}");
    assert_eq!(place.number("SELECT COUNT(*) FROM muster_schema").await, 1);
    place.run("DROP TABLE muster_schema").await;
    let nothing = Store::open_to_read(&place.address).await.unwrap_err();
    assert!(matches!(nothing, OpenError::Nothing { .. } | OpenError::NotADatabase { .. }));
}

async fn counts_that_do_not_add_up_are_found(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let sales = group_below(store, support, "Sales").await;
    let mut new = technician(sales, "Ada", "ada@example.com");
    new.person = person("Ada", "ada@example.com");
    create(store, &new).await;
    place.run("UPDATE settings SET standard_used = 1").await;
    let found = async || store.read().await.unwrap().miscounts().await.unwrap();
    assert_eq!(found().await, []);
    assert_eq!(store.read().await.unwrap().damage().await.unwrap(), Vec::<String>::new());
    place
        .run(
            "UPDATE settings SET standard_used = 7; \
              UPDATE technician_groups SET child_groups = 5 WHERE parent_id IS NULL",
        )
        .await;
    let told: Vec<(i64, i64)> = found().await.iter().map(|it| (it.kept, it.counted)).collect();
    assert_eq!(told, [(5, 1), (7, 1)]);
}
