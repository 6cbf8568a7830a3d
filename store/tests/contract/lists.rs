//! Lists of accounts, page by page.

use roster::account::PasswordState;
use roster::id::{AccountId, Timestamp};
use roster::listing::{Filter, Key, Listing, Order, State};
use roster::policy::Policies;
use roster::sign_in::{Failures, LockOut};
use store::{DefaultPasswordEdit, SettingsEdit, Store};

use crate::make::{NOW, commit, create, group, group_below, permit, technician, window};
use crate::place::Place;

contract!(
    technicians_are_paged_by_name,
    technicians_are_filtered,
    technicians_are_sorted_and_listed_by_state,
    locked_technicians_are_found,
    an_export_goes_through_all_or_what_is_below,
);

async fn technicians_are_paged_by_name(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let below = group_below(store, support, "Below").await;
    for (n, name) in ["eva", "Bob", "ada", "Ärne", "Zoe", "bob"].iter().enumerate() {
        create(store, &technician(support, name, &format!("p{n}@example.com"))).await;
    }
    create(store, &technician(below, "Other", "other@example.com")).await;
    let mut reader = store.read().await.unwrap();
    let mut check = async |offset, limit, expected: &[&str], next| {
        let page = reader.technicians(support, "", NOW, window(offset, limit)).await.unwrap();
        let names: Vec<_> = page.items.iter().map(|line| line.name.as_str()).collect();
        assert_eq!((names.as_slice(), page.total), (expected, 6));
        assert_eq!(page.next_offset(), next);
    };
    check(0, 4, &["ada", "Ärne", "Bob", "bob"], Some(4)).await;
    check(4, 4, &["eva", "Zoe"], None).await;
    check(9, 4, &[], None).await;
    // Whatever the order, and from whichever end it is counted.
    for (key, descending) in [Key::Name, Key::Email, Key::LastSignIn]
        .into_iter()
        .flat_map(|key| [(key, false), (key, true)])
    {
        let order = Order { key, descending };
        let listing = || Listing { filter: Filter::default(), order };
        let all = reader.technicians(support, listing(), NOW, window(0, 9)).await.unwrap().items;
        for (offset, limit) in (0..7).flat_map(|offset| (1..5).map(move |limit| (offset, limit))) {
            let part = window(offset.try_into().unwrap(), limit.try_into().unwrap());
            let page = reader.technicians(support, listing(), NOW, part).await.unwrap().items;
            let end = all.len().min(offset + limit);
            assert_eq!(page, all[offset.min(end)..end], "{order:?} {offset} {limit}");
        }
    }
}

async fn set_policies(store: &Store, change: impl FnOnce(Policies) -> Policies) {
    let mut tx = store.write().await.unwrap();
    let settings = tx.settings().await.unwrap();
    let edit = SettingsEdit {
        organization: settings.organization,
        strength: settings.strength,
        standard_seats: None,
        mobile_seats: None,
        default_password_days: settings.default_password_days,
        default_password: DefaultPasswordEdit::Keep,
        policies: change(settings.policies),
        two_step: settings.two_step,
    };
    tx.change_settings(&permit(&tx), settings.version, &edit).await.unwrap().unwrap();
    commit(tx).await;
}

async fn technicians_are_sorted_and_listed_by_state(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    for (name, email, enabled, password) in [
        ("Ada", "z@example.com", true, PasswordState::Own),
        ("Bob", "y@example.com", false, PasswordState::Own),
        ("Eva", "x@example.com", true, PasswordState::Temporary),
    ] {
        let mut new = technician(support, name, email);
        new.person.enabled = enabled;
        (new.password, new.hash) = (password, Some("hash".to_owned()));
        create(store, &new).await;
    }
    let mut reader = store.read().await.unwrap();
    let all = reader.technicians(support, "", NOW, window(0, 9)).await.unwrap().items;
    let eva = all.iter().find(|line| line.name == "Eva").unwrap().id;
    drop(reader);
    let mut tx = store.write().await.unwrap();
    tx.signed_in(&permit(&tx), eva, Timestamp(5)).await.unwrap();
    tx.commit_bookkeeping().await.unwrap();
    let mut reader = store.read().await.unwrap();
    let mut check = async |state, sort: &str, expected: &[&str]| {
        let filter = Filter { text: String::new(), state };
        let listing = Listing { filter: filter.clone(), order: sort.parse().unwrap() };
        let page = reader.technicians(support, listing, NOW, window(0, 9)).await.unwrap();
        let names: Vec<_> = page.items.iter().map(|line| line.name.as_str()).collect();
        assert_eq!((names.as_slice(), page.total), (expected, expected.len() as u64), "{sort}");
        let ids = reader.technician_ids(support, &filter, NOW, 9).await.unwrap();
        assert_eq!(ids.len(), expected.len());
        let accounts = reader.accounts(&ids).await.unwrap();
        assert_eq!(accounts.len(), expected.len());
    };
    check(None, "-name", &["Eva", "Bob", "Ada"]).await;
    check(None, "email", &["Eva", "Bob", "Ada"]).await;
    check(None, "-email", &["Ada", "Bob", "Eva"]).await;
    check(None, "-last-sign-in", &["Eva", "Bob", "Ada"]).await;
    check(Some(State::Enabled), "name", &["Ada", "Eva"]).await;
    check(Some(State::Disabled), "name", &["Bob"]).await;
    check(Some(State::PasswordDue), "name", &["Eva"]).await;
    drop(reader);

    set_policies(store, |kept| Policies { change_after_reset: false, ..kept }).await;
    let mut reader = store.read().await.unwrap();
    let due = Filter { text: String::new(), state: Some(State::PasswordDue) };
    let listing = Listing { filter: due, ..Listing::default() };
    let page = reader.technicians(support, listing, NOW, window(0, 9)).await.unwrap();
    assert_eq!((page.items.len(), page.total), (0, 0), "a temporary password may be kept");
    let all = reader.technicians(support, "", NOW, window(0, 9)).await.unwrap().items;
    assert!(all.iter().all(|line| !line.password_due));
}

async fn locked_technicians_are_found(place: &Place) {
    let store = &place.store;
    let (support, elsewhere) = (group(store, "Support").await, group(store, "Elsewhere").await);
    let lock_out = LockOut { failures: 3, minutes: 15 };
    set_policies(store, |kept| Policies { lock_out, ..kept }).await;
    let at = |minutes: i64| NOW.plus_seconds(minutes * -60);
    for (n, (group, name, enabled, failures, last)) in [
        (support, "Locked", true, 3, at(14)),
        (support, "Locked long ago", true, 9, at(15)),
        (support, "Mistyped", true, 2, at(0)),
        (support, "Disabled", false, 3, at(0)),
        (elsewhere, "Locked elsewhere", true, 3, at(0)),
    ]
    .into_iter()
    .enumerate()
    {
        let mut new = technician(group, name, &format!("p{n}@example.com"));
        new.person.enabled = enabled;
        let id = create(store, &new).await;
        let failures = Failures { count: failures, last_at: Some(last) };
        let mut tx = store.write().await.unwrap();
        tx.count_failure(&format!("account:{n}"), Some(id), failures).await.unwrap();
        tx.count_failure(&format!("device:{n}"), Some(id), failures).await.unwrap();
        tx.commit_bookkeeping().await.unwrap();
    }
    let mut reader = store.read().await.unwrap();
    for (text, expected) in [("", 1), ("lock", 1), ("mistyped", 0)] {
        let filter = Filter { text: text.to_owned(), state: Some(State::Locked) };
        let ids = reader.technician_ids(support, &filter, NOW, 9).await.unwrap();
        let listing = Listing { filter, ..Listing::default() };
        for window in [window(0, 9), window(0, 1), window(1, 1)] {
            let page = reader.technicians(support, listing.clone(), NOW, window).await.unwrap();
            assert_eq!((page.total, ids.len()), (expected as u64, expected), "{text} {window:?}");
            assert!(page.items.iter().all(|line| line.name == "Locked"));
        }
    }
}

async fn technicians_are_filtered(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let mut ada = technician(support, "Ada 100% Ångström", "ada@Bücher.example");
    ada.person.nickname = "Countess_1".to_owned();
    create(store, &ada).await;
    create(store, &technician(support, "Bob", "bob@example.com")).await;
    let mut reader = store.read().await.unwrap();
    let mut check = async |filter: &str, expected: &[&str]| {
        let page = reader.technicians(support, filter, NOW, window(0, 9)).await.unwrap();
        let emails: Vec<_> = page.items.iter().map(|line| line.email.as_str()).collect();
        assert_eq!((emails.as_slice(), page.total), (expected, expected.len() as u64), "{filter}");
    };
    let ada = "ada@Bücher.example";
    check("  ", &[ada, "bob@example.com"]).await;
    check(" ÅNGstr", &[ada]).await;
    check("A\u{30a}ngström", &[ada]).await;
    check("countess_", &[ada]).await;
    check("100%", &[ada]).await;
    check("%", &[ada]).await;
    check("_", &[ada]).await;
    check("\\", &[]).await;
    check("BÜCHER", &[ada]).await;
    check("xn--", &[ada]).await;
    check("example", &[ada, "bob@example.com"]).await;
    check("ångström countess", &[]).await;
    check("nobody\0", &[]).await;
    check("'; DROP TABLE accounts; --", &[]).await;
}

async fn an_export_goes_through_all_or_what_is_below(place: &Place) {
    let store = &place.store;
    let support = group(store, "Support").await;
    let tier = group_below(store, support, "Tier 1").await;
    let sales = group(store, "Sales").await;
    for (n, group) in [support, sales, tier, support].into_iter().enumerate() {
        create(store, &technician(group, "P", &format!("p{n}@example.com"))).await;
    }
    create(store, &crate::make::holder("h@example.com")).await;
    let mut reader = store.read().await.unwrap();
    let mut check = async |below, expected: &[&str]| {
        let mut emails = Vec::new();
        let mut after: Option<AccountId> = None;
        loop {
            let part = reader.accounts_for_export(below, after, 2).await.unwrap();
            after = part.last().map(|account| account.id);
            if part.is_empty() {
                break;
            }
            emails.extend(part.into_iter().map(|account| account.email));
        }
        let expected: Vec<_> = expected.iter().map(|name| format!("{name}@example.com")).collect();
        assert_eq!(emails, expected);
    };
    check(None, &["p0", "p1", "p2", "p3", "h"]).await;
    check(Some(roster::id::GroupId::ROOT), &["p0", "p1", "p2", "p3"]).await;
    check(Some(support), &["p0", "p2", "p3"]).await;
    check(Some(tier), &["p2"]).await;
}
