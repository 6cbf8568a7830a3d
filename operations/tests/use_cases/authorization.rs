//! Every use case by every role, against one table that people can read: `authorization.txt`.
//! `ok`: done; `403` and the like: refused, as HTTP would say it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::database::Database;
use crate::directory_world::{begin, commit_of, corp, guid};
use crate::world::{ORGANIZATION, PASSWORD, World, anonymous, draft, first_account};
use operations::export::Format;
use operations::imports::Download;
use operations::set_up::SetUp;
use operations::settings::SettingsDraft;
use operations::{
    Error, Operations, Result, administrators, assets, audit, backup, directory, export, groups,
    holder, housekeeping, imports, keys, locks, own_account, passkeys, set_up, settings, sign_in,
    technicians, two_step, verify,
};
use roster::account::Role;
use roster::audit::Filter;
use roster::authority::{Caller, Denied};
use roster::directory::protocol::{Abort, Batch, Event, Events, Mappings, RunId, SourceId};
use roster::directory::view::{ChangeFilter, DirectorySettings};
use roster::fault::Fault;
use roster::history::{Chunk, NewImport};
use roster::id::{AccountId, GroupId, ImportId, PasskeyId, SessionId, Timestamp, TokenId};
use roster::listing;
use roster::many::{Change, License, Selection, Step};
use roster::own::Again;
use roster::page::Window;
use roster::password::Strength;
use roster::permission::{Permission, Rule, Rules};
use roster::policy::Policies;
use roster::secret::Secret;

/// A run that waits for its people.
const RUN: RunId = RunId(uuid::Uuid::from_u128(78));

/// A name that nothing has yet.
fn another() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("spare-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// An answer's status, and what it says where it refuses.
struct Verdict {
    status: &'static str,
    body: Option<Fault>,
}

/// As the answer's status would say it; what is refused for its content was allowed.
fn verdict<T>(result: Result<T>) -> Verdict {
    let body = match result {
        Ok(_) => return Verdict { status: "ok", body: None },
        Err(Error::Fault(fault)) => fault,
        Err(error) => panic!("{error}"),
    };
    let status = match body {
        Fault::Denied { denied: Denied::NotSignedIn } => "401",
        Fault::Denied { .. } => "403",
        Fault::NotFound { .. } => "404",
        _ => "ok",
    };
    Verdict { status, body: Some(body) }
}

/// One use case, called as the caller.
#[expect(clippy::too_many_lines, reason = "one arm for each use case")]
async fn call(world: &World, operations: &Operations, caller: &Caller, case: &str) -> Verdict {
    let (name, place) = case.split_once(' ').unwrap_or((case, ""));
    let group = match place {
        "inside" | "a Master's" => world.inside,
        "outside" => world.outside,
        "at the root" => GroupId::ROOT,
        _ => GroupId(0),
    };
    let window = Window::default();
    let id = ImportId(uuid::Uuid::from_u128(77));
    let new_import = NewImport {
        id,
        file_name: "x.csv".to_owned(),
        file_sha256: String::new(),
        rows: 1,
        group: None,
        columns: Vec::new(),
        delimiter: ',',
        existing: roster::import::Existing::Skip,
        all_or_nothing: false,
        plan: String::new(),
    };
    let path = world.store.clone();
    let somebody = async |group: GroupId| {
        let mut reader = path.read().await.unwrap();
        let page = reader.technicians(group, "", Timestamp(0), window).await.unwrap();
        page.items.first().map_or(AccountId(0), |line| line.id)
    };
    // Nothing is proven by it.
    let again = Again::default();
    match name {
        "set_up" => verdict(set_up::set_up(operations, caller, SetUp { ..first_account() }).await),
        "set_up_code" => verdict(set_up::new_code(operations, caller).await),
        "is_set_up" => verdict(set_up::is_set_up(operations, caller).await),
        "sign_in" => {
            // It ends the session that asks: not one that the other rows need.
            let caller = &world.in_another_session(caller).await;
            let password = Secret::new(PASSWORD);
            verdict(sign_in::sign_in(operations, caller, "tess@example.com", &password).await)
        }
        "see_own_account" => verdict(own_account::see(operations, caller).await),
        "see_own_email" => verdict(own_account::email(operations, caller).await),
        "confirm_sign_in" => {
            let token = Secret::new("none");
            verdict(two_step::confirm(operations, caller, &token, "").await)
        }
        "see_two_step" => verdict(two_step::see(operations, caller).await),
        "offer_two_step" => verdict(two_step::offer(operations, caller, &again).await),
        "see_offered_two_step" => verdict(two_step::offered(operations, caller).await),
        "begin_two_step" => verdict(two_step::begin(operations, caller, "").await),
        "renew_recovery_codes" => verdict(two_step::renew_codes(operations, caller, &again).await),
        "end_two_step" => verdict(two_step::end(operations, caller, &again).await),
        "see_awaited" => verdict(two_step::awaited(operations, caller, &Secret::new("none")).await),
        "see_passkeys" => verdict(passkeys::list(operations, caller).await),
        "begin_adding_passkey" => {
            verdict(passkeys::begin_adding(operations, caller, "", &again).await)
        }
        "add_passkey" => verdict(passkeys::add(operations, caller, &Secret::new("none"), "").await),
        "remove_passkey" => {
            verdict(passkeys::remove(operations, caller, PasskeyId(0), &again).await)
        }
        "ask_for_passkey" => verdict(passkeys::ask(operations, caller).await),
        "sign_in_by_passkey" => {
            verdict(passkeys::sign_in(operations, caller, &Secret::new("none"), "").await)
        }
        "ask_for_second_passkey" => {
            verdict(passkeys::ask_second(operations, caller, &Secret::new("none")).await)
        }
        "confirm_by_passkey" => {
            let none = Secret::new("none");
            verdict(passkeys::confirm(operations, caller, &none, &none, "").await)
        }
        "see_group_two_step" => verdict(two_step::of_group(operations, caller, group).await),
        "set_group_two_step" => {
            if place == "a Master's" {
                let duty = two_step::set_of_group(operations, &world.master, group, true);
                duty.await.unwrap();
            }
            verdict(two_step::set_of_group(operations, caller, group, false).await)
        }
        "reset_two_step" => {
            verdict(two_step::reset(operations, caller, somebody(group).await).await)
        }
        "end_own_session" => {
            verdict(own_account::end_session(operations, caller, SessionId(0)).await)
        }
        "change_own_password" => verdict(
            own_account::change_password(operations, caller, &again, &Secret::new("Hs5;vTyBn9"))
                .await,
        ),
        "change_own_email" => {
            verdict(own_account::change_email(operations, caller, &again, "x@example.com").await)
        }
        "see_asked_for_password" => {
            verdict(own_account::asked_for_password(operations, caller).await)
        }
        "see_asked_for_second_factor" => {
            verdict(own_account::asked_for_second_factor(operations, caller).await)
        }
        "ask_again" => verdict(own_account::ask_again(operations, caller).await),
        "see_tree" => verdict(groups::tops(operations, caller).await),
        "search_groups" => verdict(groups::search(operations, caller, "side").await),
        "see_group" => verdict(groups::see(operations, caller, group).await),
        "see_groups_below" => verdict(groups::below(operations, caller, group, window).await),
        "create_group" => verdict(groups::create(operations, caller, group, "").await),
        "rename_group" => verdict(groups::rename(operations, caller, group, 0, "").await),
        "see_permissions" => verdict(groups::permissions(operations, caller, group).await),
        "preview_permissions" => {
            let wish = [(Permission::Chat, Rule::default())].into();
            verdict(groups::preview_permissions(operations, caller, group, &wish).await)
        }
        "set_permissions" => {
            let (seen, wish) = (Rules::new(), Rules::new());
            verdict(groups::set_permissions(operations, caller, group, &seen, &wish).await)
        }
        "list_technicians" => {
            verdict(technicians::list(operations, caller, group, "", window).await)
        }
        "see_technician" => {
            verdict(technicians::see(operations, caller, somebody(group).await).await)
        }
        "create_technician" => {
            verdict(technicians::create(operations, caller, group, draft("", "")).await)
        }
        "edit_technician" => {
            let id = somebody(group).await;
            verdict(technicians::edit(operations, caller, id, 0, draft("", "")).await)
        }
        "see_creation" => {
            verdict(technicians::created_by(operations, caller, somebody(group).await).await)
        }
        "see_effective_permissions" => {
            verdict(technicians::permissions(operations, caller, somebody(group).await).await)
        }
        "see_sessions" => {
            verdict(technicians::sessions(operations, caller, somebody(group).await).await)
        }
        "end_session" => {
            let id = somebody(group).await;
            verdict(technicians::end_session(operations, caller, id, SessionId(0)).await)
        }
        "end_sessions" => {
            verdict(technicians::end_sessions(operations, caller, somebody(group).await).await)
        }
        "unlock" => verdict(locks::unlock(operations, caller, somebody(group).await).await),
        "unlock_holder" => verdict(holder::unlock(operations, caller).await),
        "reset_password_of_holder" => {
            let weak = Some(Secret::new("weak"));
            verdict(holder::reset_password(operations, caller, weak).await)
        }
        "reset_two_step_of_holder" => verdict(holder::reset_two_step(operations, caller).await),
        "reset_password" => {
            let id = somebody(group).await;
            verdict(technicians::reset_password(operations, caller, id, None).await)
        }
        "list_administrators" => {
            verdict(administrators::list(operations, caller, "", window).await)
        }
        "see_group_administrators" => {
            verdict(administrators::of_group(operations, caller, group).await)
        }
        "see_areas" => {
            verdict(administrators::areas(operations, caller, somebody(group).await).await)
        }
        "search_administrators" => {
            verdict(administrators::search(operations, caller, group, "").await)
        }
        "create_administrator" => {
            let wish = draft("", "");
            verdict(administrators::create(operations, caller, Role::Master, wish).await)
        }
        "change_role" => {
            let (id, to) = (somebody(group).await, Role::Administrator);
            verdict(administrators::change_role(operations, caller, id, 0, to, None, None).await)
        }
        "leave_tree" => {
            let id = somebody(group).await;
            verdict(administrators::leave_tree(operations, caller, id, 0).await)
        }
        "assign_administrator" => {
            let id = somebody(group).await;
            verdict(administrators::assign(operations, caller, group, id).await)
        }
        "unassign_administrator" => {
            let id = somebody(group).await;
            verdict(administrators::unassign(operations, caller, group, id).await)
        }
        "search_technicians" => verdict(technicians::search(operations, caller, "t").await),
        "move_technician"
        | "move_technician_out"
        | "move_technician_to"
        | "enable_technician"
        | "disable_technician"
        | "license_technician"
        | "delete_technician"
        | "change_matching"
        | "take_back" => {
            // Each time somebody else: what is done stays done.
            let spare = async |group: GroupId| {
                let new = draft("Spare", &format!("{}@example.com", another()));
                technicians::create(operations, &Caller::operator(), group, new).await.unwrap().id
            };
            let id = match place {
                "oneself" => caller.person().map_or(AccountId(0), |actor| actor.account),
                "the holder" => world.holder.person().unwrap().account,
                "nowhere" => AccountId(0),
                "at the root" => spare(world.inside).await,
                _ => spare(group).await,
            };
            let change = match name {
                "move_technician" => Change::MoveTo(world.inside),
                "move_technician_out" => Change::MoveTo(world.outside),
                "move_technician_to" => Change::MoveTo(GroupId::ROOT),
                "disable_technician" => Change::Disable,
                "delete_technician" => Change::Delete,
                "license_technician" => Change::Give(License::Standard),
                _ => Change::Enable,
            };
            // Nobody is called so: that they may is seen, and nothing is changed.
            let filter = listing::Filter { text: "nobody".to_owned(), state: None };
            let who = match name {
                "change_matching" => Selection::Matching { group, filter },
                _ => Selection::Ids(vec![id]),
            };
            let step = Step { who, change };
            if name == "take_back" {
                return verdict(technicians::take_back(operations, caller, &[step]).await);
            }
            verdict(technicians::change_many(operations, caller, &step).await)
        }
        "move_group" | "copy_group" | "delete_group" => {
            let below = place.starts_with("below");
            let operator = Caller::operator();
            let id = if below {
                let name = another();
                groups::create(operations, &operator, world.inside, &name).await.unwrap()
            } else {
                group
            };
            let to = match place {
                "below to outside" => world.outside,
                _ if below => {
                    let name = another();
                    groups::create(operations, &operator, world.inside, &name).await.unwrap()
                }
                // Itself: that it may be moved is seen, and it stays.
                _ => id,
            };
            match name {
                "move_group" => verdict(groups::move_below(operations, caller, id, to).await),
                "copy_group" => verdict(groups::copy(operations, caller, id).await),
                _ => verdict(groups::delete(operations, caller, id).await),
            }
        }
        "see_settings" => verdict(settings::see(operations, caller).await),
        "see_password_policy" => verdict(settings::password_policy(operations, caller).await),
        "see_licences" => verdict(settings::licences(operations, caller, window).await),
        "change_settings" | "preview_settings" => {
            let wish = SettingsDraft {
                organization: ORGANIZATION.to_owned(),
                strength: Strength::Good,
                standard_seats: None,
                mobile_seats: None,
                default_password: None,
                default_password_days: 0,
                policies: Policies::default(),
                two_step: roster::two_step::Required::Nobody,
            };
            if name == "preview_settings" {
                return verdict(settings::preview(operations, caller, &wish).await);
            }
            verdict(settings::change(operations, caller, 0, wish).await)
        }
        "list_audit" => verdict(audit::list(operations, caller, &Filter::default(), None).await),
        "see_audit_entry" => verdict(audit::see(operations, caller, 1, None).await),
        "see_audit_of_account" => {
            let id = somebody(group).await;
            verdict(audit::of_account(operations, caller, id, None).await)
        }
        "see_audit_of_group" => verdict(audit::of_group(operations, caller, group, None).await),
        "export_audit" => {
            let format = audit::Format::Csv;
            verdict(audit::export(operations, caller, Filter::default(), format).await)
        }
        "verify_audit" => {
            verdict(audit::verify(operations, caller, audit::Expected::default()).await)
        }
        "see_audit_head" => verdict(audit::head(operations, caller).await),
        "rotate_keys" => verdict(keys::rotate(operations, caller).await),
        "see_import_rules" => verdict(imports::rules(operations, caller).await),
        "begin_import" => verdict(imports::begin(operations, caller, new_import).await),
        "put_import_chunk" => {
            let chunk = Chunk { rows: Vec::new() };
            verdict(imports::put_chunk(operations, caller, id, 0, chunk).await)
        }
        "see_import_chunks" => verdict(imports::chunks_done(operations, caller, id).await),
        "finish_import" => verdict(imports::finish(operations, caller, id).await),
        "cancel_import" => verdict(imports::cancel(operations, caller, id).await),
        "see_starting_passwords" => {
            verdict(imports::starting_passwords(operations, caller, id).await)
        }
        "take_starting_passwords" => {
            verdict(imports::take_starting_passwords(operations, caller, id).await)
        }
        "see_starting_passwords_of_run" => {
            verdict(directory::starting_passwords(operations, caller, RUN).await)
        }
        "take_starting_passwords_of_run" => {
            verdict(directory::take_starting_passwords(operations, caller, RUN).await)
        }
        "see_import" => verdict(imports::see(operations, caller, id).await),
        "list_imports" => verdict(imports::list(operations, caller, window).await),
        "find_finished_import" => verdict(imports::finished(operations, caller, "").await),
        "find_unfinished_import" => verdict(imports::unfinished(operations, caller, "").await),
        "compare_import" => {
            let existing = roster::import::Existing::Update;
            let wish = roster::import::Comparison { existing, group: None, rows: Vec::new() };
            verdict(imports::compare(operations, caller, wish).await)
        }
        "see_row_to_mend" => verdict(imports::row_values(operations, caller, id, 0).await),
        "retry_import_row" => {
            let values = roster::import::SubmittedValues::default();
            verdict(imports::retry_row(operations, caller, id, 0, values).await)
        }
        "retry_failed_import_rows" => {
            verdict(imports::retry_failed(operations, caller, id, 0).await)
        }
        "undo_import" => verdict(imports::undo(operations, caller, id).await),
        "see_import_rows" => verdict(imports::rows(operations, caller, id, None, "", window).await),
        "download_import" => {
            verdict(imports::download(operations, caller, id, Download::AllCsv).await)
        }
        "create_directory_token" => verdict(directory::create_token(operations, caller).await),
        "create_enrollment_code" => {
            verdict(directory::create_enrollment_code(operations, caller, &again).await)
        }
        "see_directory_tokens" => verdict(directory::tokens(operations, caller).await),
        "revoke_directory_token" => {
            verdict(directory::revoke_token(operations, caller, TokenId(2)).await)
        }
        "see_directory_settings" => verdict(directory::see_settings(operations, caller).await),
        "change_directory_settings" => {
            let rules = roster::directory::plan::Rules::default();
            let wish = DirectorySettings { interval_minutes: 0, rules, version: 0 };
            verdict(directory::change_settings(operations, caller, &wish).await)
        }
        "see_directory_sources" => verdict(directory::sources(operations, caller).await),
        "list_directory_runs" => verdict(directory::runs(operations, caller, None, window).await),
        "see_directory_run" => verdict(directory::run(operations, caller, RUN).await),
        "see_directory_changes" => {
            let filter = ChangeFilter::default();
            verdict(directory::changes(operations, caller, RUN, &filter, window).await)
        }
        "approve_directory_run" => verdict(directory::approve(operations, caller, RUN).await),
        "drop_directory_run" => verdict(directory::drop_run(operations, caller, RUN).await),
        "list_directory_problems" => verdict(directory::problems(operations, caller, window).await),
        "ask_directory_run" => verdict(directory::run_now(operations, caller, SourceId(1)).await),
        "agree_on_directory_link" => {
            let (source, guid) = (SourceId(1), guid(1));
            let account = somebody(world.inside).await;
            verdict(directory::agree(operations, caller, source, guid, account).await)
        }
        "download_directory_log" => verdict(directory::download_log(operations, caller).await),
        "enroll_directory" => {
            let wish = corp().enroll("");
            verdict(directory::enroll(operations, caller, &wish).await)
        }
        "directory_hello" => verdict(directory::hello(operations, caller).await),
        "search_groups_as_directory" => verdict(directory::groups(operations, caller, "").await),
        "see_managed_technicians" => verdict(directory::managed(operations, caller, None).await),
        "put_directory_mappings" => {
            let wish = Mappings { mappings: Vec::new() };
            verdict(directory::put_mappings(operations, caller, wish).await)
        }
        "begin_directory_run" => {
            verdict(directory::begin_run(operations, caller, &begin(RUN)).await)
        }
        "put_directory_batch" => {
            let batch = Batch { people: Vec::new() };
            verdict(directory::put_batch(operations, caller, RUN, 0, &batch).await)
        }
        "commit_directory_run" => {
            verdict(directory::commit(operations, caller, RUN, commit_of(&[], &[])).await)
        }
        "abort_directory_run" => {
            let why = Abort { code: String::new(), message: String::new() };
            verdict(directory::abort(operations, caller, RUN, &why).await)
        }
        "tell_directory_events" => {
            let told = Events { events: vec![Event::Heartbeat] };
            verdict(directory::events(operations, caller, &told).await)
        }
        "rotate_directory_token" => verdict(directory::rotate_token(operations, caller).await),
        "find_group_by_path" => verdict(groups::find(operations, caller, "Inside").await),
        "make_group_path" => verdict(groups::make_path(operations, caller, "Inside/").await),
        "list_all_groups" => verdict(groups::all_paths(operations, caller).await),
        "export_selected" => {
            let filter = listing::Filter { text: "nobody".to_owned(), state: None };
            let who = Selection::Matching { group, filter };
            verdict(export::selected(operations, caller, &who, Format::Csv).await)
        }
        "export" => verdict(export::export(operations, caller, None, Format::Csv).await),
        "verify_database" => {
            verdict(verify::verify_database(operations, caller, audit::Expected::default()).await)
        }
        "back_up" => verdict(backup::back_up(operations, caller, Path::new("/proc/no")).await),
        "keep_assets" => verdict(assets::keep_assets(operations, caller, &[]).await),
        "find_asset" => verdict(assets::find(operations, caller, "a-0123456789abcdef.js").await),
        "tidy" => verdict(housekeeping::tidy(operations, caller).await),
        other => panic!("no such use case: {other}"),
    }
}

#[tokio::test]
async fn every_use_case_by_every_role() {
    let world = World::new().await;
    let operations = &world.operations;
    technicians::create(
        operations,
        &world.holder,
        world.outside,
        draft("Olga", "olga@example.com"),
    )
    .await
    .unwrap();
    // The first inside: what is done there ends no session of the technician who asks.
    let aaron = draft("Aaron", "aaron@example.com");
    technicians::create(operations, &world.holder, world.inside, aaron).await.unwrap();
    let begun = NewImport {
        id: ImportId(uuid::Uuid::from_u128(77)),
        file_name: "x.csv".to_owned(),
        file_sha256: String::new(),
        rows: 1,
        group: None,
        columns: Vec::new(),
        delimiter: ',',
        existing: roster::import::Existing::Skip,
        all_or_nothing: false,
        plan: String::new(),
    };
    imports::begin(operations, &world.holder, begun).await.unwrap();
    let service = corp().enrolled(&world).await;
    directory::begin_run(operations, &service, &begin(RUN)).await.unwrap();
    // Another, to be revoked.
    directory::create_token(operations, &world.holder).await.unwrap();
    let actors = [
        ("anonymous", anonymous()),
        ("technician", world.technician.clone()),
        ("administrator", world.administrator.clone()),
        ("master", world.master.clone()),
        ("holder", world.holder.clone()),
        ("operator", Caller::operator()),
        ("directory", service),
    ];
    let golden = include_str!("authorization.txt");
    let mut found = String::new();
    let mut lines = golden.lines();
    let heading = lines.next().unwrap_or_default();
    let _ = writeln!(found, "{heading}");
    for line in lines {
        let case = line.get(..34).unwrap_or(line).trim_end();
        let mut row = format!("{case:<34}");
        for (name, actor) in &actors {
            let width = name.len() + 2;
            let _ = write!(row, "{:<width$}", call(&world, operations, actor, case).await.status);
        }
        let _ = writeln!(found, "{}", row.trim_end());
    }
    expect_test::expect_file!["authorization.txt"].assert_eq(&found);
}

on_both!(outside_is_like_nowhere);

/// To whom it is neither, nothing tells what lies outside their area from what isn't there: not a byte.
async fn outside_is_like_nowhere(database: &Database) {
    let world = World::on(database).await;
    let operations = &world.operations;
    let olga = draft("Olga", "olga@example.com");
    technicians::create(operations, &world.holder, world.outside, olga).await.unwrap();
    let cases = include_str!("authorization.txt").lines().skip(1);
    let cases = cases.map(|line| line.get(..34).unwrap_or(line).trim_end());
    let mut compared = 0;
    for case in cases {
        let Some((name, "outside")) = case.split_once(' ') else { continue };
        let nowhere = [name, " nowhere"].concat();
        for caller in [&world.administrator, &world.technician] {
            let outside = call(&world, operations, caller, case).await;
            let nowhere = call(&world, operations, caller, &nowhere).await;
            assert_eq!((outside.status, outside.body), (nowhere.status, nowhere.body), "{case}");
            compared += 1;
        }
    }
    assert!(compared > 40, "{compared} cases");
}

/// Every public function that takes a caller stands in the table.
#[test]
fn no_use_case_is_missing() {
    let this = include_str!("authorization.rs");
    // `authenticate` is what finds the caller; ending the session that asks needs no table.
    let without = ["authenticate", "sign_out", "end_sessions"];
    let mut found = 0;
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = fs::read_to_string(source).unwrap();
        for function in text.split("\npub async fn ").skip(1) {
            let (name, arguments) = function.split_once('(').unwrap();
            let arguments = arguments.split_once(')').unwrap().0;
            if !arguments.contains("caller: &Caller") || without.contains(&name) {
                continue;
            }
            found += 1;
            // Over several lines, where it is too long for one.
            let call = format!("::{name}(");
            let mut calls = this.split(&call).skip(1);
            let called = calls.any(|rest| rest.trim_start().starts_with("operations"));
            assert!(called, "{name} is not in the table");
        }
    }
    assert!(found > 30, "{found} use cases");
}

/// Whatever can be called has its row.
#[test]
fn no_row_is_missing() {
    let golden = include_str!("authorization.txt");
    let rows: Vec<&str> =
        golden.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let (_, calls) = include_str!("authorization.rs").split_once("match name {").unwrap();
    let arms = calls.lines().filter_map(|line| {
        let names = line.strip_prefix("        \"")?.split_once("\" =>")?.0;
        Some(names.split("\" | \""))
    });
    let arms: Vec<&str> = arms.flatten().collect();
    assert!(arms.len() > 30, "{} use cases", arms.len());
    for name in arms {
        assert!(rows.contains(&name), "{name} has no row");
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    folders.iter().flat_map(|folder| sources(folder)).chain(files).collect()
}
