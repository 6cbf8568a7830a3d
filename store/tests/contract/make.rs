//! People, groups and imports for tests.

use roster::account::{PasswordState, Role, Source};
use roster::audit::{Action, Entry, Subject};
use roster::authority::{Actor, Caller, Origin, Who};
use roster::email::Email;
use roster::fields::Person;
use roster::group::name_key;
use roster::history::NewImport;
use roster::id::{AccountId, GroupId, ImportId, Timestamp};
use roster::import::{Outcome, RowResult};
use roster::page::Window;
use roster::session::{MOST_SESSIONS, Method};
use serde_json::Value;
use store::{NewAccount, NewSession, Permit, Store, StoredRow, Transaction};

pub const NOW: Timestamp = Timestamp(1_795_000_000_000);

pub fn permit(tx: &Transaction) -> Permit {
    tx.operate(&Caller::operator()).unwrap()
}

pub fn window(offset: u64, limit: u32) -> Window {
    Window { offset, limit }
}

pub fn entry() -> Entry {
    Entry {
        action: Action::TechnicianCreated,
        subject: Subject { kind: "account", id: "7".to_owned(), name: "Ada".to_owned() },
        before: Value::Null,
        after: serde_json::json!({ "name": "Ada" }),
    }
}

pub async fn commit(transaction: Transaction) {
    transaction.commit(&Caller::operator(), NOW, &[entry()]).await.unwrap();
}

pub fn person(name: &str, email: &str) -> Person {
    Person {
        name: name.to_owned(),
        nickname: name.to_owned(),
        email: Email::parse(email).unwrap(),
        sso_id: None,
        description: String::new(),
        enabled: true,
        standard_license: true,
        mobile_license: false,
    }
}

pub fn technician(group: GroupId, name: &str, email: &str) -> NewAccount {
    NewAccount {
        role: Role::Technician,
        group: Some(group),
        person: person(name, email),
        password: PasswordState::Default,
        hash: None,
        source: Source::Hand,
        created_at: NOW,
        import: None,
    }
}

pub fn holder(email: &str) -> NewAccount {
    NewAccount {
        role: Role::Holder,
        group: None,
        password: PasswordState::Own,
        hash: Some("$argon2id$holder".to_owned()),
        source: Source::Setup,
        ..technician(GroupId::ROOT, "Holder", email)
    }
}

/// A group below another; each call commits.
pub async fn group_below(store: &Store, parent: GroupId, name: &str) -> GroupId {
    let mut tx = store.write().await.unwrap();
    let id = tx.create_group(&permit(&tx), parent, name, &name_key(name), NOW).await;
    let id = id.unwrap().unwrap();
    commit(tx).await;
    id
}

pub async fn group(store: &Store, name: &str) -> GroupId {
    group_below(store, GroupId::ROOT, name).await
}

/// A session of somebody, by a password alone.
pub fn session(account: AccountId, token: &str) -> NewSession {
    NewSession {
        token_hash: token.to_owned(),
        account,
        created_at: NOW,
        address: "192.0.2.7".to_owned(),
        agent: "Browser".to_owned(),
        method: Method::Password,
        second_step: None,
        authenticated_at: NOW,
        password_due: false,
        two_step_due: false,
    }
}

/// A Master Administrator with a session.
pub async fn somebody(store: &Store, email: &str) -> Caller {
    let master =
        NewAccount { role: Role::Master, group: None, ..technician(GroupId::ROOT, "Ann", email) };
    let account = create(store, &master).await;
    let mut tx = store.write().await.unwrap();
    let new = session(account, email);
    let (session, _) = tx.create_session(&permit(&tx), &new, MOST_SESSIONS).await.unwrap();
    commit(tx).await;
    let actor = Actor {
        account,
        name: "Ann".to_owned(),
        role: Role::Master,
        areas: Vec::new(),
        session,
        must_change_password: false,
        two_step_due: false,
    };
    Caller { who: Who::Person(actor), origin: Origin::default() }
}

/// A committed account.
pub async fn create(store: &Store, new: &NewAccount) -> AccountId {
    let mut tx = store.write().await.unwrap();
    let id = tx.create_account(&permit(&tx), new).await.unwrap().unwrap();
    commit(tx).await;
    id
}

pub async fn set_seats(store: &Store, standard: Option<u32>, mobile: Option<u32>) {
    let mut tx = store.write().await.unwrap();
    let now = tx.settings().await.unwrap();
    let edit = store::SettingsEdit {
        organization: now.organization,
        strength: now.strength,
        standard_seats: standard,
        mobile_seats: mobile,
        default_password_days: now.default_password_days,
        default_password: store::DefaultPasswordEdit::Keep,
        policies: now.policies,
        two_step: now.two_step,
    };
    tx.change_settings(&permit(&tx), now.version, &edit).await.unwrap().unwrap();
    commit(tx).await;
}

pub fn import(id: &str) -> NewImport {
    NewImport {
        id: import_id(id),
        file_name: "people.csv".to_owned(),
        file_sha256: "ab".repeat(32),
        rows: 4,
        group: None,
        columns: vec!["Name".to_owned(), "E-Mail; \"x\"".to_owned()],
        delimiter: ';',
        existing: roster::import::Existing::Skip,
        all_or_nothing: false,
        plan: String::new(),
    }
}

/// A UUID that ends with these digits.
pub fn import_id(end: &str) -> ImportId {
    format!("01890000-0000-7000-8000-{end:0>12}").parse().unwrap()
}

pub async fn begin(store: &Store, new: &NewImport, account: Option<AccountId>) {
    let mut tx = store.write().await.unwrap();
    tx.begin_import(&permit(&tx), new, account, "Ada", NOW).await.unwrap();
    commit(tx).await;
}

/// Rows at their places in this chunk.
pub fn placed(number: u32, mut rows: Vec<StoredRow>) -> Vec<StoredRow> {
    for (n, row) in rows.iter_mut().enumerate() {
        row.result.place = store::row_place(number, n);
    }
    rows
}

pub fn row(line: u32, outcome: Outcome) -> StoredRow {
    StoredRow {
        result: RowResult {
            line,
            outcome,
            name: format!("Ångström {line}"),
            email: format!("a{line}@example.com"),
            account: (outcome == Outcome::Created).then(|| AccountId(i64::from(line))),
            problems: Vec::new(),
            place: 0,
            changes: Vec::new(),
            reversal: None,
        },
        values: (outcome == Outcome::Failed).then(|| format!("{{\"name\":\"{line}\"}}")),
        had_password: false,
        version: (outcome == Outcome::Created).then_some(1),
        before: None,
    }
}
