//! Nobody is created who can't sign in, and the default password opens technicians alone.

use operations::{
    Error, Result, administrators, directory, imports, own_account, sign_in, technicians,
};
use roster::account::{PasswordState, Role};
use roster::authority::Caller;
use roster::fault::Fault;
use roster::id::AccountId;
use roster::own::Again;
use roster::page::Window;
use roster::secret::Secret;
use roster::starting::StartingPassword;

use crate::bring::{chunk, id, new_import};
use crate::database::Database;
use crate::directory_world::{Synced, crowd};
use crate::world::{World, anonymous, draft};

on_both!(
    the_default_password_opens_technicians_alone,
    who_is_promoted_gets_a_password_that_nobody_below_knows,
    a_starting_password_is_for_one_sign_in_which_chooses_another,
    a_starting_password_is_proven_again_in_the_session_that_it_began,
    two_sign_ins_at_once_use_a_starting_password_once,
    what_is_given_ends_after_the_days_set,
    an_import_has_its_starting_passwords_downloaded_once_by_who_imported,
    whom_an_import_creates_has_the_default_password_where_it_works,
    whom_a_run_creates_gets_a_starting_password,
);

const DEFAULT: &str = "Zb8#kLwQ4x";
const DAY: i64 = 86_400;

async fn enter(world: &World, email: &str, password: &Secret) -> Result<sign_in::SignedIn> {
    sign_in::sign_in(&world.operations, &anonymous(), email, password).await
}

/// Refused as anybody is whose password is wrong.
async fn is_refused(world: &World, email: &str, password: &Secret) -> bool {
    let refused = |fault| match fault {
        Err(Error::Fault(Fault::Refused { message })) => message,
        other => panic!("{other:?}"),
    };
    let outsider = refused(enter(world, "nobody@example.com", password).await);
    let result = enter(world, email, password).await;
    // Each failure makes the next one wait.
    world.clock.advance(20 * 60);
    match result {
        Ok(_) => false,
        fault => refused(fault) == outsider,
    }
}

async fn change_role(
    world: &World,
    id: AccountId,
    role: Role,
    temporary: Option<&str>,
) -> Option<StartingPassword> {
    let page = technicians::see(&world.operations, &world.holder, id).await.unwrap();
    let temporary = temporary.map(Secret::new);
    let version = page.account.version;
    administrators::change_role(
        &world.operations,
        &world.holder,
        id,
        version,
        role,
        None,
        temporary,
    )
    .await
    .unwrap()
}

async fn state(world: &World, id: AccountId) -> PasswordState {
    world.store.read().await.unwrap().account(id).await.unwrap().unwrap().password
}

async fn the_default_password_opens_technicians_alone(database: &Database) {
    let world = World::on(database).await;
    world.set_default(DEFAULT).await;
    let default = Secret::new(DEFAULT);
    for role in [Role::Administrator, Role::Master] {
        let email = |what: &str| format!("{what}-{role}@example.com");
        // Created.
        let wish = draft("Somebody New", &email("created"));
        let created =
            administrators::create(&world.operations, &world.holder, role, wish).await.unwrap();
        assert!(is_refused(&world, &email("created"), &default).await, "{role} created");
        assert!(
            enter(&world, &email("created"), &created.starting.unwrap().password).await.is_ok()
        );

        // Promoted.
        let promoted = world.technician_inside(&email("promoted")).await;
        assert_eq!(state(&world, promoted).await, PasswordState::Default);
        let before = enter(&world, &email("promoted"), &default).await.unwrap();
        let starting = change_role(&world, promoted, role, None).await.unwrap();
        assert!(world.caller(&before.token).await.is_none(), "{role}: a session from before");
        assert!(is_refused(&world, &email("promoted"), &default).await, "{role} promoted");
        assert!(enter(&world, &email("promoted"), &starting.password).await.is_ok());

        // Reset.
        let reset = technicians::reset_password(&world.operations, &world.holder, promoted, None);
        let again = reset.await.unwrap().unwrap();
        assert!(is_refused(&world, &email("promoted"), &default).await, "{role} reset");
        assert!(is_refused(&world, &email("promoted"), &starting.password).await);
        assert!(enter(&world, &email("promoted"), &again.password).await.is_ok());

        // From before.
        let none = (PasswordState::Default, None);
        let old = world.add_with(role, None, ("Old One", &email("old")), none).await;
        assert!(is_refused(&world, &email("old"), &default).await, "{role} from before");
        let window = Window::default();
        let filter = email("old");
        let list = administrators::list(&world.operations, &world.holder, &filter, window).await;
        assert!(list.unwrap().items[0].password_ended, "and the list says so");
        let page = technicians::see(&world.operations, &world.holder, old).await.unwrap();
        assert!(page.password_ended && page.password_due);
    }
    // Technicians: created, reset.
    let tess = world.technician.person().unwrap().account;
    assert!(world.create_inside("nina@example.com").await.starting.is_none());
    assert!(enter(&world, "nina@example.com", &default).await.unwrap().must_change_password);
    let reset = technicians::reset_password(&world.operations, &world.holder, tess, None);
    assert!(reset.await.unwrap().is_none());
    assert!(enter(&world, "tess@example.com", &default).await.unwrap().must_change_password);
}

async fn who_is_promoted_gets_a_password_that_nobody_below_knows(database: &Database) {
    let world = World::on(database).await;
    let id = world.technician_inside("nina@example.com").await;
    let known = Secret::new("Hs5;vTyBn9");
    let give = Some(known.clone());
    technicians::reset_password(&world.operations, &world.administrator, id, give).await.unwrap();
    assert!(change_role(&world, id, Role::Master, Some("Kt4?wZuLp9")).await.is_none());
    assert!(is_refused(&world, "nina@example.com", &known).await);
    let signed_in = enter(&world, "nina@example.com", &Secret::new("Kt4?wZuLp9")).await.unwrap();
    assert!(signed_in.must_change_password);
    // A password that they chose stays.
    let tess = world.technician.person().unwrap().account;
    assert!(change_role(&world, tess, Role::Master, None).await.is_none());
    assert_eq!(state(&world, tess).await, PasswordState::Own);
}

async fn a_starting_password_is_for_one_sign_in_which_chooses_another(database: &Database) {
    let world = World::on(database).await;
    let created = world.create_inside("nina@example.com").await;
    assert_eq!(state(&world, created.id).await, PasswordState::Starting);
    let starting = created.starting.unwrap().password;
    assert_eq!(starting.reveal().split('-').count(), 8);
    let aloud = Secret::new(starting.reveal().replace('-', " ").to_uppercase());
    let signed_in = enter(&world, "nina@example.com", &aloud).await.unwrap();
    assert!(signed_in.must_change_password);
    assert!(is_refused(&world, "nina@example.com", &starting).await, "a second time");

    let page = technicians::see(&world.operations, &world.holder, created.id).await.unwrap();
    assert!(page.password_ended);
    let again =
        technicians::reset_password(&world.operations, &world.holder, created.id, None).await;
    let again = again.unwrap().unwrap().password;
    assert_ne!(again, starting);
    assert!(world.caller(&signed_in.token).await.is_none(), "its session ended");
    let signed_in = enter(&world, "nina@example.com", &again).await.unwrap();
    let nina = world.caller(&signed_in.token).await.unwrap();
    let own = Secret::new("Hs5;vTyBn9");
    assert!(own_account::see(&world.operations, &nina).await.is_err());
    own_account::change_password(&world.operations, &nina, &Again::default(), &own).await.unwrap();
    assert!(!enter(&world, "nina@example.com", &own).await.unwrap().must_change_password);
}

/// Who is called away between signing in and choosing proves it again, and isn't locked out; a session
/// that somebody finds open is no way in.
async fn a_starting_password_is_proven_again_in_the_session_that_it_began(database: &Database) {
    let world = World::on(database).await;
    let created = world.create_inside("nina@example.com").await;
    let starting = created.starting.unwrap().password;
    let signed_in = enter(&world, "nina@example.com", &starting).await.unwrap();
    let nina = world.caller(&signed_in.token).await.unwrap();
    world.clock.advance(6 * 60);
    let choose = async |given: Again, new: &str| {
        let field =
            match own_account::change_password(&world.operations, &nina, &given, &Secret::new(new))
                .await
            {
                Ok(_) => return None,
                Err(Error::Fault(Fault::Invalid { problems })) => problems[0].field.clone(),
                Err(other) => format!("{other:?}"),
            };
        Some(field)
    };
    let own = "Hs5;vTyBn9";
    let asked = own_account::asked_for_password(&world.operations, &nina).await.unwrap();
    assert!(asked.password);
    assert_eq!(choose(Again::default(), own).await.as_deref(), Some("currentPassword"));
    for _ in 0..3 {
        let wrong = choose(Again::password("wrong"), own).await;
        assert_eq!(wrong.as_deref(), Some("currentPassword"));
    }
    let waits = choose(Again::password(starting.reveal()), own).await.unwrap();
    assert!(waits.contains("Wait"), "guesses are counted: {waits}");
    world.clock.advance(60);
    assert!(is_refused(&world, "nina@example.com", &starting).await, "it begins no other session");
    let same = choose(Again::password(starting.reveal()), starting.reveal()).await;
    assert_eq!(same.as_deref(), Some("password"), "another one");
    assert_eq!(choose(Again::password(starting.reveal()), own).await, None);
    assert!(is_refused(&world, "nina@example.com", &starting).await);
    assert!(
        !enter(&world, "nina@example.com", &Secret::new(own)).await.unwrap().must_change_password
    );
    let again = choose(Again::password(starting.reveal()), "Kt4?wZuLp9").await;
    assert!(again.is_some(), "and it is worth nothing any more");
}

async fn two_sign_ins_at_once_use_a_starting_password_once(database: &Database) {
    let world = World::on(database).await;
    let starting = world.create_inside("nina@example.com").await.starting.unwrap().password;
    let enter = || enter(&world, "nina@example.com", &starting);
    let (one, two, three) = tokio::join!(enter(), enter(), enter());
    let right = [one, two, three].into_iter().flatten().count();
    assert_eq!(right, 1);
}

async fn what_is_given_ends_after_the_days_set(database: &Database) {
    let world = World::on(database).await;
    let starting = world.create_inside("nina@example.com").await.starting.unwrap();
    assert_eq!(starting.ends_at, roster::id::Timestamp(1_780_000_000_000).plus_days(14));
    let temporary = Secret::new("Hs5;vTyBn9");
    let id = world.technician_inside("otto@example.com").await;
    let give = Some(temporary.clone());
    technicians::reset_password(&world.operations, &world.holder, id, give).await.unwrap();
    world.clock.advance(14 * DAY - 60);
    assert!(enter(&world, "otto@example.com", &temporary).await.is_ok());
    assert!(enter(&world, "otto@example.com", &temporary).await.is_ok(), "until they choose");
    world.clock.advance(60);
    assert!(is_refused(&world, "nina@example.com", &starting.password).await);
    assert!(is_refused(&world, "otto@example.com", &temporary).await);
    let page = technicians::see(&world.operations, &world.holder, id).await.unwrap();
    assert!(page.password_ended && page.account.password_ends_at.is_some());
}

fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
    let row = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().map(row).collect()
}

async fn take(world: &World, caller: &Caller) -> Result<Vec<Vec<String>>> {
    let file = imports::take_starting_passwords(&world.operations, caller, id(1)).await?;
    Ok(read(&file.bytes))
}

async fn an_import_has_its_starting_passwords_downloaded_once_by_who_imported(database: &Database) {
    let world = World::on(database).await;
    let operations = &world.operations;
    for all_or_nothing in [false, true] {
        let number = if all_or_nothing { 2 } else { 1 };
        let file = format!(
            "Name,Email,Password\n=Anna,anna{number}@example.com,\n\
             Bela,bela{number}@example.com,Hs5;vTyBn9\nCora,cora{number}@example.com,\n"
        );
        let chunk = chunk(&file, true);
        let mut new = new_import(number, chunk.rows.len(), Some(world.inside));
        new.all_or_nothing = all_or_nothing;
        world.bring(new, chunk).await;
        let waiting = imports::starting_passwords(operations, &world.master, id(number)).await;
        assert_eq!(waiting.unwrap().unwrap().count, 2, "all or nothing: {all_or_nothing}");
    }
    let theirs = imports::starting_passwords(operations, &world.holder, id(1)).await.unwrap();
    assert_eq!(theirs, None);
    assert!(matches!(take(&world, &world.holder).await, Err(Error::Fault(Fault::Conflict { .. }))));
    let rows = take(&world, &world.master).await.unwrap();
    assert_eq!(rows[0], ["Name", "Email", "Starting password"]);
    let who: Vec<&str> = rows[1..].iter().map(|row| &*row[0]).collect();
    assert_eq!(who, ["'=Anna", "Cora"]);
    for row in &rows[1..] {
        let signed_in = enter(&world, &row[1], &Secret::new(&*row[2])).await.unwrap();
        assert!(signed_in.must_change_password, "{}", row[1]);
    }
    let again = take(&world, &world.master).await;
    assert!(matches!(again, Err(Error::Fault(Fault::Conflict { .. }))), "{again:?}");
    let waiting = imports::starting_passwords(operations, &world.master, id(1)).await.unwrap();
    assert_eq!(waiting, None);
    // Those of the other import are there as long as they work.
    world.clock.advance(14 * DAY + 1);
    let waiting = imports::starting_passwords(operations, &world.master, id(2)).await.unwrap();
    assert_eq!(waiting, None);
    operations::housekeeping::tidy(operations, &Caller::operator()).await.unwrap();
    let batch = store::Batch::Import(id(2));
    let mut reader = world.store.read().await.unwrap();
    assert_eq!(reader.starting_seed(batch).await.unwrap(), None, "they can't be made again");
}

async fn whom_an_import_creates_has_the_default_password_where_it_works(database: &Database) {
    let world = World::on(database).await;
    world.set_default(DEFAULT).await;
    let chunk = chunk("Name,Email\nAnna,anna@example.com\n", true);
    world.bring(new_import(1, 1, Some(world.inside)), chunk).await;
    let waiting = imports::starting_passwords(&world.operations, &world.master, id(1)).await;
    assert_eq!(waiting.unwrap(), None);
    assert!(enter(&world, "anna@example.com", &Secret::new(DEFAULT)).await.is_ok());
}

async fn whom_a_run_creates_gets_a_starting_password(database: &Database) {
    let synced = Synced::on(database).await;
    let world = &synced.world;
    let (run, _) = synced.run(&crowd(2), &[]).await;
    let waiting = async || {
        directory::starting_passwords(&world.operations, &world.master, run).await.unwrap()
    };
    assert_eq!(waiting().await, None, "it waits for its approval");
    directory::approve(&world.operations, &world.master, run).await.unwrap();
    assert_eq!(waiting().await.unwrap().count, 2);
    let taken = directory::take_starting_passwords(&world.operations, &world.master, run).await;
    let rows = read(&taken.unwrap().bytes);
    assert_eq!(rows.len(), 3);
    for row in &rows[1..] {
        assert!(enter(world, &row[1], &Secret::new(&*row[2])).await.unwrap().must_change_password);
    }
    assert_eq!(waiting().await, None);
    let again = directory::take_starting_passwords(&world.operations, &world.master, run).await;
    assert!(matches!(again, Err(Error::Fault(Fault::Conflict { .. }))));
}
