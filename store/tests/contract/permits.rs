//! A permit opens the calls of its act, for its subject, within its transaction.

use roster::account::PasswordState;
use roster::authority::{Act, Caller};
use roster::id::{AccountId, GroupId};
use store::{AccountAct, Error, GroupAct, PersonEdit, Refused, SeatCount};

use crate::make::{NOW, create, group, person, somebody, technician};
use crate::place::Place;

contract!(
    a_permit_is_for_its_subject_alone,
    a_permit_is_for_its_act_alone,
    a_permit_is_for_its_transaction_alone,
    there_is_no_permit_for_what_is_not_there,
    an_import_changes_technicians_alone,
);

fn wrong<T: std::fmt::Debug>(result: Result<T, Error>) {
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
    wrong(tx.edit_account(&permit, bob, 1, &person("B", "bob@example.com")).await);
    tx.edit_account(&permit, ada, 1, &person("A", "ada@example.com")).await.unwrap().unwrap();
    let (_, both) = tx.account_for(&master, bob, AccountAct::Move).await.unwrap();
    let before = tx.account_for(&master, ada, AccountAct::Move).await.unwrap().0;
    let edit = PersonEdit { person: before.person.clone(), group: Some(sales), before };
    wrong(tx.update_people(&both, std::slice::from_ref(&edit)).await);
    let (path, permit) = tx.group_for(&master, support, GroupAct::CreateBelow).await.unwrap();
    assert_eq!(path.label(), "Support");
    wrong(tx.create_group(&permit, sales, "Tier", "tier", NOW).await);
    let (_, permit) = tx.group_for(&master, support, GroupAct::AddTechnician).await.unwrap();
    let eve = technician(sales, "Eve", "eve@example.com");
    wrong(tx.create_account(&permit, &eve).await);
}

async fn a_permit_is_for_its_act_alone(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let ada = create(store, &technician(support, "Ada", "ada@example.com")).await;
    let master = somebody(store, "ann@example.com").await;
    let mut tx = store.write().await.unwrap();
    let (_, edit) = tx.account_for(&master, ada, AccountAct::Edit).await.unwrap();
    wrong(tx.set_password(&edit, ada, PasswordState::Temporary, Some("$hash"), NOW, None).await);
    let (_, access) = tx.account_for(&master, ada, AccountAct::ManageAccess).await.unwrap();
    wrong(tx.edit_account(&access, ada, 1, &person("A", "ada@example.com")).await);
    tx.set_password(&access, ada, PasswordState::Temporary, Some("$hash"), NOW, None)
        .await
        .unwrap();
    let (_, rename) = tx.group_for(&master, support, GroupAct::Rename).await.unwrap();
    wrong(tx.delete_group(&rename, support).await);
    let import = tx.permit(&master, &Act::Import).await.unwrap();
    wrong(tx.create_group(&import, GroupId::ROOT, "Tier", "tier", NOW).await);
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
    wrong(tx.edit_account(&permit, ada, 1, &person("A", "ada@example.com")).await);
    wrong(tx.edit_account(&operate, ada, 1, &person("A", "ada@example.com")).await);
    wrong(tx.take_seats(&permit, SeatCount { standard: 1, mobile: 0 }).await);
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
    wrong(tx.update_people(&permit, &[edit]).await);
}
