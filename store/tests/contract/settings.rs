//! The organization's settings.

use roster::password::Strength;
use roster::policy::Policies;
use roster::session::Limits;
use roster::settings::{DEFAULT_PASSWORD_DAYS, Seats};
use roster::sign_in::LockOut;
use roster::two_step::Required;
use store::{DefaultPasswordEdit, SettingsEdit, WriteConflict};

use crate::make::{NOW, commit, permit};
use crate::place::Place;

contract!(settings_begin_empty, settings_change_by_version, the_set_up_code_is_kept_and_removed);

async fn settings_begin_empty(place: &Place) {
    let mut reader = place.store.read().await.unwrap();
    let settings = reader.settings().await.unwrap();
    assert_eq!((settings.organization.as_str(), settings.strength), ("", Strength::Good));
    assert_eq!(settings.default_password_days, DEFAULT_PASSWORD_DAYS);
    assert_eq!(settings.policies, Policies::default());
    assert_eq!(settings.default_password_set_at, None);
    let unlimited = Seats { total: None, used: 0 };
    assert_eq!((settings.standard, settings.mobile), (unlimited, unlimited));
    assert_eq!(reader.default_password_hash().await.unwrap(), None);
}

async fn settings_change_by_version(place: &Place) {
    let mut edit = SettingsEdit {
        organization: "Müller & Söhne".to_owned(),
        strength: Strength::Excellent,
        standard_seats: Some(5),
        mobile_seats: None,
        default_password_days: 3,
        default_password: DefaultPasswordEdit::Set { hash: "$hash".to_owned(), at: NOW },
        policies: Policies {
            max_age_days: Some(90),
            warning_days: 7,
            history: 5,
            change_after_reset: false,
            lock_out: LockOut { failures: 5, minutes: 30 },
            sessions: Limits { idle_minutes: 10, hours: 8 },
        },
        two_step: Required::Everybody,
    };
    let mut tx = place.store.write().await.unwrap();
    tx.change_settings(&permit(&tx), 1, &edit).await.unwrap().unwrap();
    let stale = tx.change_settings(&permit(&tx), 1, &edit).await.unwrap();
    assert_eq!(stale, Err(WriteConflict::Stale));
    commit(tx).await;

    let mut tx = place.store.write().await.unwrap();
    let settings = tx.settings().await.unwrap();
    assert_eq!(settings.organization, "Müller & Söhne");
    assert_eq!((settings.strength, settings.version), (Strength::Excellent, 2));
    assert_eq!((settings.standard.total, settings.mobile.total), (Some(5), None));
    assert_eq!(settings.default_password_set_at, Some(NOW));
    assert_eq!((settings.policies, settings.two_step), (edit.policies, edit.two_step));
    edit.default_password = DefaultPasswordEdit::Keep;
    tx.change_settings(&permit(&tx), 2, &edit).await.unwrap().unwrap();
    assert_eq!(tx.default_password_hash().await.unwrap().as_deref(), Some("$hash"));
    edit.default_password = DefaultPasswordEdit::Remove;
    tx.change_settings(&permit(&tx), 3, &edit).await.unwrap().unwrap();
    assert_eq!(tx.default_password_hash().await.unwrap(), None);
    assert_eq!(tx.settings().await.unwrap().default_password_set_at, None);
}

async fn the_set_up_code_is_kept_and_removed(place: &Place) {
    let mut tx = place.store.write().await.unwrap();
    assert_eq!(tx.set_up_code_hash().await.unwrap(), None);
    tx.set_set_up_code_hash(&permit(&tx), Some("$code")).await.unwrap();
    assert_eq!(tx.set_up_code_hash().await.unwrap().as_deref(), Some("$code"));
    tx.set_set_up_code_hash(&permit(&tx), None).await.unwrap();
    assert_eq!(tx.set_up_code_hash().await.unwrap(), None);
}
