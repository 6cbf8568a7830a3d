//! A permit opens the calls of its act, for its subject, within its transaction.

use roster::account::PasswordState;
use roster::authority::{Act, Caller, Denied, DirectoryCaller, Origin, Who};
use roster::directory::protocol::{BeginRun, Mode, RunId, SourceId};
use roster::history::ImportState;
use roster::id::{AccountId, GroupId, SessionId, TokenId};
use roster::session::MOST_SESSIONS;
use store::{
    AccountAct, Error, GroupAct, NewBatch, PersonEdit, Refused, SeatCount, SourceAct, Store,
    TokenFor,
};

use crate::directory::{guid, source};
use crate::make::{
    NOW, begin, commit, create, group, import, permit, person, session, somebody, technician,
};
use crate::place::Place;

contract!(
    a_permit_is_for_its_subject_alone,
    a_permit_is_for_its_act_alone,
    a_permit_is_for_its_transaction_alone,
    there_is_no_permit_for_what_is_not_there,
    an_import_changes_technicians_alone,
    a_sign_in_is_for_its_account_alone,
    one_ends_the_own_session_and_no_other,
    an_import_is_for_its_rows_alone,
    a_directory_is_for_its_source_alone,
    a_service_needs_its_token_until_the_end,
);

fn wrong<T: std::fmt::Debug>(result: &Result<T, Error>) {
    assert!(matches!(result, Err(Error::WrongPermit(_))), "{result:?}");
}

async fn a_permit_is_for_its_subject_alone(place: &Place) {
    let store = &place.store;
    let (support, sales) = (group(store, "Support").await, group(store, "Sales").await);
    let ada = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let bob = create(store, &technician(support, "Bob", "bob@example.com")).await;
    let master = somebody(store, "ann@example.com").await;
    let mut tx = store.write().await.unwrap();
    let (found, permit) = tx.account_for(&master, ada, AccountAct::Edit).await.unwrap();
    assert_eq!((found.id, found.group), (ada, Some(support)));
    wrong(&tx.edit_account(&permit, bob, 1, &person("B", "bob@example.com")).await);
    tx.edit_account(&permit, ada, 1, &person("A", "ada@example.com")).await.unwrap().unwrap();
    let (_, both) = tx.account_for(&master, bob, AccountAct::Move).await.unwrap();
    let before = tx.account_for(&master, ada, AccountAct::Move).await.unwrap().0;
    let edit = PersonEdit { person: before.person.clone(), group: Some(sales), before };
    wrong(&tx.update_people(&both, std::slice::from_ref(&edit)).await);
    let (path, permit) = tx.group_for(&master, support, GroupAct::CreateBelow).await.unwrap();
    assert_eq!(path.label(), "Support");
    wrong(&tx.create_group(&permit, sales, "Tier", "tier", NOW).await);
    let (_, permit) = tx.group_for(&master, support, GroupAct::AddTechnician).await.unwrap();
    let eve = technician(sales, "Eve", "eve@example.com");
    wrong(&tx.create_account(&permit, &eve).await);
}

async fn a_permit_is_for_its_act_alone(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let ada = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let master = somebody(store, "ann@example.com").await;
    let mut tx = store.write().await.unwrap();
    let (_, edit) = tx.account_for(&master, ada, AccountAct::Edit).await.unwrap();
    wrong(&tx.set_password(&edit, ada, PasswordState::Temporary, Some("$hash"), NOW, None).await);
    let (_, access) = tx.account_for(&master, ada, AccountAct::ManageAccess).await.unwrap();
    wrong(&tx.edit_account(&access, ada, 1, &person("A", "ada@example.com")).await);
    tx.set_password(&access, ada, PasswordState::Temporary, Some("$hash"), NOW, None)
        .await
        .unwrap();
    let (_, rename) = tx.group_for(&master, support, GroupAct::Rename).await.unwrap();
    wrong(&tx.delete_group(&rename, support).await);
    let import = tx.permit(&master, &Act::Import).await.unwrap();
    wrong(&tx.create_group(&import, GroupId::ROOT, "Tier", "tier", NOW).await);
}

async fn a_permit_is_for_its_transaction_alone(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let ada = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let master = somebody(store, "ann@example.com").await;
    let mut tx = store.write().await.unwrap();
    let (_, permit) = tx.account_for(&master, ada, AccountAct::Edit).await.unwrap();
    let operate = tx.operate(&Caller::operator()).unwrap();
    drop(tx);
    let mut tx = store.write().await.unwrap();
    wrong(&tx.edit_account(&permit, ada, 1, &person("A", "ada@example.com")).await);
    wrong(&tx.edit_account(&operate, ada, 1, &person("A", "ada@example.com")).await);
    wrong(&tx.take_seats(&permit, SeatCount { standard: 1, mobile: 0 }).await);
}

async fn there_is_no_permit_for_what_is_not_there(place: &Place) {
    let operator = Caller::operator();
    let mut tx = place.store.write().await.unwrap();
    let account = tx.account_for(&operator, AccountId(9999), AccountAct::Edit).await;
    assert!(matches!(account, Err(Error::Refused(Refused::Absent("technician")))));
    let group = tx.group_for(&operator, GroupId(9999), GroupAct::Rename).await;
    assert!(matches!(group, Err(Error::Refused(Refused::Absent("Technician Group")))));
}

async fn an_import_changes_technicians_alone(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut mara = technician(support, "Mara", "mara@example.com");
    mara.role = roster::account::Role::Master;
    let mara = create(store, &mara).await;
    let master = somebody(store, "ann@example.com").await;
    let mut tx = store.write().await.unwrap();
    let permit = tx.permit(&master, &Act::Import).await.unwrap();
    let before = tx.account_for(&Caller::operator(), mara, AccountAct::Edit).await.unwrap().0;
    let edit = PersonEdit { person: before.person.clone(), group: None, before };
    wrong(&tx.update_people(&permit, &[edit]).await);
}

async fn a_sign_in_is_for_its_account_alone(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let ada = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let bob = create(store, &technician(support, "Bob", "bob@example.com")).await;
    let anybody = Caller::anonymous(Origin::default());
    let mut tx = store.write().await.unwrap();
    let (found, permit) = tx.sign_in_for(&anybody, ada).await.unwrap().unwrap();
    assert_eq!(found.id, ada);
    wrong(&tx.create_session(&permit, &session(bob, "b"), MOST_SESSIONS).await);
    wrong(&tx.signed_in(&permit, bob, NOW).await);
    wrong(&tx.remember_device(&permit, "device", bob, NOW, 9).await);
    wrong(&tx.rehash_password(&permit, bob, "old", "new").await);
    wrong(&tx.set_password(&permit, ada, PasswordState::Own, Some("$hash"), NOW, None).await);
    wrong(&tx.end_sessions(&permit, ada, None).await);
    wrong(&tx.clear_failures_of(&permit, ada).await);
    tx.create_session(&permit, &session(ada, "a"), MOST_SESSIONS).await.unwrap();
    assert!(tx.sign_in_for(&anybody, AccountId(9999)).await.unwrap().is_none());
}

async fn one_ends_the_own_session_and_no_other(place: &Place) {
    let store = &place.store;
    let (ann, bea) =
        (somebody(store, "ann@example.com").await, somebody(store, "bea@example.com").await);
    let of = |caller: &Caller| caller.person().unwrap().session;
    let mut tx = store.write().await.unwrap();
    let permit = tx.own_session_for(&ann).await.unwrap().unwrap();
    wrong(&tx.sign_out(&permit, of(&bea)).await);
    wrong(&tx.end_session(&permit, bea.person().unwrap().account, of(&bea)).await);
    tx.sign_out(&permit, of(&ann)).await.unwrap();
    assert!(tx.own_session_for(&ann).await.unwrap().is_none());
    let account = bea.person().unwrap().account;
    let (_, permit) = tx.own_account_for(&bea, &Act::OwnAccount).await.unwrap();
    wrong(&tx.end_sessions(&permit, ann.person().unwrap().account, None).await);
    wrong(&tx.renew_session(&permit, account, of(&bea), "another").await);
    assert!(!tx.end_session(&permit, account, SessionId(9999)).await.unwrap());
    assert_eq!(tx.end_sessions(&permit, account, None).await.unwrap(), 1);
}

async fn an_import_is_for_its_rows_alone(place: &Place) {
    let store = &place.store;
    let master = somebody(store, "ann@example.com").await;
    let (one, other) = (import("1"), import("2"));
    begin(store, &one, None).await;
    begin(store, &other, None).await;
    let mut tx = store.write().await.unwrap();
    let permit = tx.import_for(&master, one.id).await.unwrap();
    wrong(&tx.end_import(&permit, other.id, ImportState::Canceled, NOW).await);
    wrong(&tx.save_rows(&permit, other.id, &[]).await);
    wrong(&tx.forget_starting_seed(&permit, store::Batch::Import(other.id)).await);
    assert!(tx.end_import(&permit, one.id, ImportState::Canceled, NOW).await.unwrap());
    let absent = tx.import_for(&master, crate::make::import_id("9")).await;
    assert!(matches!(absent, Err(Error::Refused(Refused::Absent("import")))));
}

fn run(n: u128) -> BeginRun {
    BeginRun {
        run_id: RunId(guid(n).0),
        mode: Mode::Apply,
        agent: String::new(),
        controller: String::new(),
    }
}

/// The service of a source, with a token of its own.
async fn service(store: &Store, source: SourceId) -> (Caller, TokenId) {
    let mut tx = store.write().await.unwrap();
    let purpose = TokenFor::Source(source);
    let hash = format!("token {source}");
    let made = tx.create_directory_token(&permit(&tx), &hash, purpose, "corp", NOW).await;
    let token = made.unwrap();
    commit(tx).await;
    let who = Who::Directory(DirectoryCaller {
        token,
        source: Some(source),
        name: "Active Directory".to_owned(),
    });
    (Caller { who, origin: Origin::default() }, token)
}

async fn a_directory_is_for_its_source_alone(place: &Place) {
    let store = &place.store;
    let master = somebody(store, "ann@example.com").await;
    let (one, other) = (source(store, 1).await, source(store, 2).await);
    let (ours, token) = service(store, one).await;
    let mut tx = store.write().await.unwrap();
    tx.begin_directory_run(&permit(&tx), other, &run(2), NOW).await.unwrap();
    let (found, permit) = tx.source_for(&ours, one, SourceAct::Sync, NOW).await.unwrap();
    assert_eq!(found.id, one);
    wrong(&tx.begin_directory_run(&permit, other, &run(3), NOW).await);
    let batch = NewBatch { number: 0, people: 0, body: "[]" };
    wrong(&tx.put_directory_batch(&permit, run(2).run_id, batch, NOW).await);
    wrong(&tx.save_directory_changes(&permit, run(2).run_id, &[]).await);
    wrong(&tx.set_directory_mappings(&permit, other, &[], false).await);
    wrong(&tx.link_accounts(&permit, other, &[]).await);
    wrong(&tx.create_directory_token(&permit, "x", TokenFor::Source(other), "corp", NOW).await);
    // Not what people decide, nor what an import writes.
    wrong(&tx.ask_directory_run(&permit, one).await);
    wrong(&tx.agree_on_account(&permit, one, guid(7), AccountId(1)).await);
    wrong(&tx.revoke_directory_token(&permit, token, NOW).await);
    wrong(&tx.forget_starting_seed(&permit, store::Batch::Run(run(2).run_id)).await);
    tx.begin_directory_run(&permit, one, &run(1), NOW).await.unwrap();
    tx.put_directory_batch(&permit, run(1).run_id, batch, NOW).await.unwrap().unwrap();
    let (_, change) = tx.source_for(&master, one, SourceAct::Change, NOW).await.unwrap();
    wrong(&tx.ask_directory_run(&change, other).await);
    wrong(&tx.set_directory_mappings(&change, one, &[], false).await);
    assert!(tx.ask_directory_run(&change, one).await.unwrap());
    let denied = |result| matches!(result, Err(Error::Refused(Refused::Denied(_))));
    assert!(denied(tx.source_for(&ours, other, SourceAct::Sync, NOW).await.map(drop)));
    assert!(denied(tx.source_for(&ours, one, SourceAct::Decide, NOW).await.map(drop)));
    assert!(denied(tx.source_for(&master, one, SourceAct::Sync, NOW).await.map(drop)));
    // A service has no permit but about its source.
    let act = Act::SyncDirectory { source: one };
    assert!(denied(tx.permit(&ours, &act).await.map(drop)));
}

async fn a_service_needs_its_token_until_the_end(place: &Place) {
    let store = &place.store;
    let master = somebody(store, "ann@example.com").await;
    let one = source(store, 1).await;
    let (ours, token) = service(store, one).await;
    let mut tx = store.write().await.unwrap();
    let (_, permit) = tx.source_for(&ours, one, SourceAct::Sync, NOW).await.unwrap();
    let soon = NOW.plus_seconds(60);
    tx.expire_directory_token(&permit, one, token, soon).await.unwrap();
    let refused = |result| {
        assert!(matches!(result, Err(Error::Refused(Refused::Denied(Denied::NotSignedIn)))));
    };
    refused(tx.source_for(&ours, one, SourceAct::Sync, soon).await.map(drop));
    tx.source_for(&ours, one, SourceAct::Sync, NOW).await.unwrap();
    let (_, permit) = tx.token_for(&master, token).await.unwrap();
    wrong(&tx.revoke_directory_token(&permit, TokenId(9999), NOW).await);
    assert!(tx.revoke_directory_token(&permit, token, NOW).await.unwrap());
    refused(tx.source_for(&ours, one, SourceAct::Sync, NOW).await.map(drop));
}
