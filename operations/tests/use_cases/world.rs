//! Ready actors over a fresh database: the holder, a master administrator, an administrator with
//! one group, a technician in it, and a clock that is set by hand.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use operations::keys::Keys;
use operations::set_up::SetUp;
use operations::settings::SettingsDraft;
use operations::{Clock, Operations, groups, session, set_up, settings, sign_in, technicians};
use roster::account::{PasswordState, Role, Source};
use roster::audit::{Action, Entry, Subject};
use roster::authority::{Caller, Origin};
use roster::fields::{Draft, Person, check_draft};
use roster::id::{AccountId, GroupId, Timestamp};
use roster::password::Strength;
use roster::secret::Secret;
use store::{NewAccount, Store};

use crate::database::{Database, Place};

pub const PASSWORD: &str = "Vq7!mReXb2";
pub const ORGANIZATION: &str = "Northwind Support";

/// A clock that stands still until it is moved.
pub struct HandClock {
    now: AtomicI64,
    meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl HandClock {
    fn at(milliseconds: i64) -> Self {
        Self { now: AtomicI64::new(milliseconds), meanwhile: Mutex::default() }
    }

    /// What happens when the time is asked for the next time.
    pub fn meanwhile(&self, happens: impl FnOnce() + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::new(happens));
    }

    pub fn advance(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        let happens = self.meanwhile.lock().unwrap().take();
        if let Some(happens) = happens {
            happens();
        }
        Timestamp(self.now.load(Ordering::SeqCst))
    }
}

pub struct World {
    pub operations: Operations,
    pub store: Store,
    pub clock: Arc<HandClock>,
    pub holder: Caller,
    pub master: Caller,
    /// Assigned to `inside`.
    pub administrator: Caller,
    pub technician: Caller,
    pub inside: GroupId,
    pub outside: GroupId,
    _place: Place,
}

pub fn anonymous() -> Caller {
    Caller::anonymous(origin())
}

fn origin() -> Origin {
    Origin {
        address: "192.0.2.1".to_owned(),
        agent: "a test".to_owned(),
        device: None,
        repeat: None,
    }
}

pub fn draft(name: &str, email: &str) -> Draft {
    Draft {
        name: name.to_owned(),
        nickname: String::new(),
        email: email.to_owned(),
        password: None,
        sso_id: String::new(),
        description: String::new(),
        enabled: true,
        standard_license: true,
        mobile_license: false,
    }
}

pub fn person(name: &str, email: &str) -> Person {
    check_draft(&draft(name, email), Strength::Good, ORGANIZATION).unwrap()
}

impl World {
    pub async fn new() -> Self {
        Self::on(&Database::Sqlite).await
    }

    pub async fn on(database: &Database) -> Self {
        let place = database.place();
        let (store, clock) = empty(&place).await;
        let keys = Keys::of(&store, place.key_file().as_deref(), clock.now()).await.unwrap();
        let operations = Operations::with(store.clone(), clock.clone(), keys);
        let operator = Caller::operator();
        set_up::set_up(&operations, &operator, first_account()).await.unwrap();
        let inside = groups::create(&operations, &operator, GroupId::ROOT, "Inside").await.unwrap();
        let outside =
            groups::create(&operations, &operator, GroupId::ROOT, "Outside").await.unwrap();
        let mut world = Self {
            holder: operator.clone(),
            master: operator.clone(),
            administrator: operator.clone(),
            technician: operator.clone(),
            operations,
            store,
            clock,
            inside,
            outside,
            _place: place,
        };
        world.add(Role::Master, None, "Mara Master", "mara@example.com").await;
        let administrator =
            world.add(Role::Administrator, None, "Alan Admin", "alan@example.com").await;
        world.assign(administrator, inside).await;
        world.add(Role::Technician, Some(inside), "Tess Tech", "tess@example.com").await;
        world.holder = world.sign_in("ada@example.com").await;
        world.master = world.sign_in("mara@example.com").await;
        world.administrator = world.sign_in("alan@example.com").await;
        world.technician = world.sign_in("tess@example.com").await;
        world
    }

    /// An account with the usual password, as its own.
    pub async fn add(
        &self,
        role: Role,
        group: Option<GroupId>,
        name: &str,
        email: &str,
    ) -> AccountId {
        let hash = self.usual_hash().await;
        self.add_with(role, group, (name, email), (PasswordState::Own, Some(hash))).await
    }

    pub async fn add_with(
        &self,
        role: Role,
        group: Option<GroupId>,
        (name, email): (&str, &str),
        (password, hash): (PasswordState, Option<String>),
    ) -> AccountId {
        let account = NewAccount {
            role,
            group,
            person: person(name, email),
            password,
            hash,
            source: Source::Hand,
            created_at: self.clock.now(),
            import: None,
        };
        let mut tx = self.store.write().await.unwrap();
        let permit = tx.operate(&Caller::operator()).unwrap();
        let id = tx.create_account(&permit, &account).await.unwrap().unwrap();
        self.commit(tx).await;
        id
    }

    /// Sets the organization's default password.
    pub async fn set_default(&self, password: &str) {
        let settings = settings::see(&self.operations, &self.holder).await.unwrap();
        let wish = SettingsDraft {
            organization: ORGANIZATION.to_owned(),
            strength: Strength::Good,
            standard_seats: None,
            mobile_seats: None,
            default_password: Some(Secret::new(password)),
            default_password_days: 14,
            policies: settings.policies,
            two_step: settings.two_step,
        };
        settings::change(&self.operations, &self.holder, settings.version, wish).await.unwrap();
    }

    async fn assign(&self, account: AccountId, group: GroupId) {
        let mut tx = self.store.write().await.unwrap();
        let permit = tx.operate(&Caller::operator()).unwrap();
        tx.assign_administrator(&permit, account, group).await.unwrap();
        self.commit(tx).await;
    }

    async fn commit(&self, tx: store::Transaction) {
        let subject = Subject { kind: "account", id: String::new(), name: "a test".to_owned() };
        let entry = Entry {
            action: Action::SetUp,
            subject,
            before: serde_json::Value::Null,
            after: serde_json::Value::Null,
        };
        tx.commit(&Caller::operator(), self.clock.now(), &[entry]).await.unwrap();
    }

    /// The holder's hash: everybody here has the same password.
    async fn usual_hash(&self) -> String {
        let mut reader = self.store.read().await.unwrap();
        reader.credentials_by_email("ada@example.com").await.unwrap().unwrap().hash.unwrap()
    }

    pub async fn sign_in(&self, email: &str) -> Caller {
        let signed_in =
            sign_in::sign_in(&self.operations, &anonymous(), email, &Secret::new(PASSWORD))
                .await
                .unwrap();
        self.caller(&signed_in.token).await.unwrap()
    }

    /// The same person, in a session begun now; anybody else as they are.
    pub async fn in_another_session(&self, caller: &Caller) -> Caller {
        let Some(actor) = caller.person() else { return caller.clone() };
        let account = self.store.read().await.unwrap().account(actor.account).await.unwrap();
        self.sign_in(&account.unwrap().email).await
    }

    pub async fn caller(&self, token: &Secret) -> Option<Caller> {
        session::authenticate(&self.operations, token, origin()).await.unwrap()
    }

    /// A technician in the group that is the administrator's.
    pub async fn technician_inside(&self, email: &str) -> AccountId {
        self.create_inside(email).await.id
    }

    /// The same, with the starting password.
    pub async fn create_inside(&self, email: &str) -> roster::starting::Created {
        technicians::create(&self.operations, &self.holder, self.inside, draft("Somebody", email))
            .await
            .unwrap()
    }
}

async fn empty(place: &Place) -> (Store, Arc<HandClock>) {
    let clock = Arc::new(HandClock::at(1_780_000_000_000));
    (Store::open(&place.address()).await.unwrap(), clock)
}

/// Before anybody set it up; the database is in the place.
pub async fn fresh(database: &Database) -> (Operations, Arc<HandClock>, Place) {
    let place = database.place();
    let (store, clock) = empty(&place).await;
    let keys = Keys::of(&store, place.key_file().as_deref(), clock.now()).await.unwrap();
    (Operations::with(store, clock.clone(), keys), clock, place)
}

pub fn first_account() -> SetUp {
    SetUp {
        code: None,
        organization: ORGANIZATION.to_owned(),
        name: "Ada Owner".to_owned(),
        email: "ada@example.com".to_owned(),
        password: Secret::new(PASSWORD),
    }
}
