//! Plans for a person who was seen in a mapped group.

use super::Plan;
use super::fault;
use super::known::{KnownMapping, KnownPerson};
use super::proof::{Ground, Placement, Proven, Unplaced};
use super::rules::Rules;
use super::seen::Run;
use super::step::{FaultCode, Identity, Reason, StatusChange};
use crate::directory::protocol::{DisabledReason, Guid, PersonFault, PersonSeen, Read};
use crate::email::Email;
use crate::fields;
use crate::problem::Code;

/// The name and the email that the directory has for a person; applied if the email is free.
pub(super) struct Wish<'a> {
    pub guid: Guid,
    pub whose: Whose<'a>,
    pub identity: Identity,
}

#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    /// A run moves nobody, so the group chosen here stays: it must be certain.
    New(Result<Proven<Placement<'a>>, Unplaced<'a>>),
    Known(&'a KnownPerson),
}

/// Plans the status at once. Name and email are returned as a wish, because emails are decided together.
pub(super) fn judge<'a>(
    person: &PersonSeen,
    known: Option<&'a KnownPerson>,
    mapping: &'a KnownMapping,
    run: &Run<'a>,
    rules: &Rules,
    plan: &mut Plan,
) -> Option<Wish<'a>> {
    if person.read == Read::Unreadable {
        plan.failed.push(match known {
            Some(known) => fault::unreadable(known),
            None => fault::unknown(person, mapping),
        });
        return None;
    }
    let Some(known) = known else {
        // A disabled person without an account is not created, and an account made by hand is not
        // linked only to be disabled.
        return person
            .enabled
            .then(|| wish(person, Whose::New(Proven::placement(person, mapping, run)), plan))
            .flatten();
    };
    let follows = rules.follow_moved || !known.is_moved();
    if !known.is_owned() {
        plan.failed.extend(of_administrator(person, known, follows));
        return None;
    }
    if let Some(ground) = status(person, known) {
        let change = status_change(known, ground);
        let list = if person.enabled { &mut plan.enables } else { &mut plan.disables };
        list.push(change);
    }
    follows.then(|| wish(person, Whose::Known(known), plan)).flatten()
}

pub(super) fn status_change(known: &KnownPerson, ground: Ground) -> StatusChange {
    StatusChange {
        guid: known.guid,
        account: known.account,
        version: known.version,
        who: known.identity(),
        reason: ground.reason(),
    }
}

/// Why the status must change, if it must. An account disabled by hand is enabled by hand only.
fn status(person: &PersonSeen, known: &KnownPerson) -> Option<Ground> {
    match (person.enabled, known.enabled) {
        (false, true) => Some(match person.reason {
            Some(DisabledReason::Expired) => Ground::Expired,
            Some(DisabledReason::Disabled) | None => Ground::Disabled,
        }),
        (true, false) if known.disabled_by_sync => Some(Ground::CameBack),
        _ => None,
    }
}

/// Reports where an administrator's account differs from the directory. The account is changed by hand
/// only, even if it was linked as a technician's: control of the directory must not be enough to lock
/// administrators out.
fn of_administrator(
    person: &PersonSeen,
    known: &KnownPerson,
    follows: bool,
) -> Option<PersonFault> {
    let renamed = || {
        let differs = follows && identity(person).is_ok_and(|it| it != known.identity());
        differs.then_some(Reason::Changed)
    };
    let reason = status(person, known).map(Ground::reason).or_else(renamed)?;
    Some(fault::account_of_administrator(known, reason))
}

fn wish<'a>(person: &PersonSeen, whose: Whose<'a>, plan: &mut Plan) -> Option<Wish<'a>> {
    match identity(person) {
        Ok(identity) => Some(Wish { guid: person.guid, whose, identity }),
        Err(code) => {
            plan.failed.push(fault::of_identity(person, code));
            None
        }
    }
}

/// Follows the rules of forms and imports: trimmed, normalized, without invisible characters.
fn identity(person: &PersonSeen) -> Result<Identity, FaultCode> {
    let name = fields::name(&person.name).map_err(|code| match code {
        Code::NameTooLong => FaultCode::NameTooLong,
        _ => FaultCode::NameRequired,
    })?;
    let email = Email::parse(&person.email).map_err(|code| match code {
        Code::EmailRequired => FaultCode::EmailRequired,
        Code::EmailTooLong => FaultCode::EmailTooLong,
        _ => FaultCode::EmailInvalid,
    })?;
    Ok(Identity { name: name.value.into_owned(), email })
}
