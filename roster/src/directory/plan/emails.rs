//! Decides which person gets which email. The changes of a run are one set: people may swap emails,
//! and a run may reassign an email that an update frees, or that a person who left still has.

use rustc_hash::{FxHashMap, FxHashSet};

use super::known::{Holder, Known, KnownPerson};
use super::person::{Whose, Wish};
use super::rules::ExistingEmail;
use super::step::{FaultCode, Reason};
use crate::account::Role;
use crate::directory::protocol::Guid;
use crate::email::Email;

pub(super) enum Verdict<'a> {
    Granted,
    /// The account belongs to this person.
    Link(&'a Holder, Reason),
    /// The code, and the account that has the email; `None` if several people want it.
    Refused(FaultCode, Option<InTheWay<'a>>),
}

/// The account that has an email which another person needs.
#[derive(Clone, Copy)]
pub(super) struct InTheWay<'a> {
    pub name: &'a str,
    /// The account is linked with the same directory.
    pub same_source: bool,
    pub enabled: bool,
}

impl<'a> InTheWay<'a> {
    fn holder(holder: &'a Holder) -> Self {
        Self { name: &holder.name, same_source: false, enabled: true }
    }

    fn owner(owner: &'a KnownPerson) -> Self {
        Self { name: &owner.name, same_source: true, enabled: owner.enabled }
    }
}

/// The emails of a run, decided.
pub(super) struct Settled<'a> {
    /// One for each wish, in the same order.
    pub verdicts: Vec<Verdict<'a>>,
    /// People who left and whose email goes to another person, each with the email they get instead.
    pub passed_on: Vec<(&'a KnownPerson, Email)>,
}

/// A change from one email's key to another; `None`: no email.
#[derive(Clone, Copy)]
pub(super) struct Move<'a> {
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
}

impl Move<'_> {
    fn stays(self) -> bool {
        self.from == self.to
    }
}

/// The email for a person who left and whose own goes to another person. Every account needs an email;
/// mail to this domain is never delivered (RFC 2606).
#[must_use]
pub fn parting_email(guid: Guid) -> Option<Email> {
    Email::parse(&["left-", &guid.to_string(), "@muster.invalid"].concat()).ok()
}

/// Gives a verdict for each wish. If several people have the same email in the directory, the one who
/// already has it here keeps it; otherwise none of them gets it. `has_left`: the person certainly left.
pub(super) fn settle<'a>(
    wishes: &[Wish<'a>],
    known: &'a Known,
    existing: ExistingEmail,
    has_left: impl Fn(&KnownPerson) -> bool,
) -> Settled<'a> {
    let holders: FxHashMap<&str, &Holder> =
        known.holders.iter().map(|holder| (holder.email.key.as_str(), holder)).collect();
    let owners: FxHashMap<&str, &KnownPerson> =
        known.people.iter().map(|person| (person.email.key.as_str(), person)).collect();
    let moves: Vec<Move<'_>> = wishes.iter().map(move_of).collect();
    let leaving: FxHashSet<&str> =
        moves.iter().filter(|it| !it.stays()).filter_map(|it| it.from).collect();
    let mut wanted: FxHashMap<&str, u32> = FxHashMap::default();
    for wish in wishes {
        *wanted.entry(&wish.identity.email.key).or_default() += 1;
    }

    let mut passed_on = Vec::new();
    let parting = |owner: &KnownPerson| {
        let email = parting_email(owner.guid).filter(|_| has_left(owner))?;
        let key = email.key.as_str();
        (!holders.contains_key(key) && !owners.contains_key(key)).then_some(email)
    };
    let mut verdicts: Vec<_> = wishes
        .iter()
        .zip(&moves)
        .map(|(wish, its)| {
            let key = wish.identity.email.key.as_str();
            if its.stays() {
                Verdict::Granted
            } else if wanted.get(key).is_some_and(|people| *people > 1) {
                Verdict::Refused(FaultCode::EmailDuplicateInSource, None)
            } else if let Some(holder) = holders.get(key) {
                of_holder(holder, wish, existing)
            } else {
                match owners.get(key) {
                    Some(owner) if !leaving.contains(key) => match parting(owner) {
                        Some(email) => {
                            passed_on.push((*owner, email));
                            Verdict::Granted
                        }
                        None => in_use(owner.role, InTheWay::owner(owner)),
                    },
                    _ => Verdict::Granted,
                }
            }
        })
        .collect();

    let refused = verdicts.iter().map(|it| matches!(it, Verdict::Refused(..))).collect();
    for ((verdict, wish), stuck) in verdicts.iter_mut().zip(wishes).zip(stuck(&moves, refused)) {
        if stuck && matches!(verdict, Verdict::Granted) {
            // The owner keeps the email, because their own change is refused.
            let owner = owners.get(wish.identity.email.key.as_str());
            *verdict = Verdict::Refused(FaultCode::EmailInUse, owner.map(|it| InTheWay::owner(it)));
        }
    }
    Settled { verdicts, passed_on }
}

/// Finds the moves that fail because those in `stuck` fail: a person who keeps their email blocks the
/// person who needs it, who in turn blocks the next.
pub(super) fn stuck(moves: &[Move<'_>], mut stuck: Vec<bool>) -> Vec<bool> {
    let mut wants: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, it) in moves.iter().enumerate() {
        if let (false, false, Some(to)) = (stuck[at], it.stays(), it.to) {
            wants.insert(to, at);
        }
    }
    let mut look: Vec<usize> = (0..moves.len()).filter(|at| stuck[*at]).collect();
    while let Some(at) = look.pop() {
        let next = moves[at].from.and_then(|from| wants.get(from).copied());
        if let Some(next) = next
            && !stuck[next]
        {
            stuck[next] = true;
            look.push(next);
        }
    }
    stuck
}

fn move_of<'w>(wish: &'w Wish<'_>) -> Move<'w> {
    let from = match wish.whose {
        Whose::New(_) => None,
        Whose::Known(known) => Some(known.email.key.as_str()),
    };
    Move { from, to: Some(&wish.identity.email.key) }
}

/// Only a new person can be linked with an account made by hand: a known one has an account already.
fn of_holder<'a>(holder: &'a Holder, wish: &Wish<'a>, existing: ExistingEmail) -> Verdict<'a> {
    let is_new = matches!(wish.whose, Whose::New(_));
    if holder.role != Role::Technician || holder.elsewhere || !is_new {
        return in_use(holder.role, InTheWay::holder(holder));
    }
    if holder.agreed == Some(wish.guid) {
        return Verdict::Link(holder, Reason::Agreed);
    }
    match existing {
        ExistingEmail::Link => Verdict::Link(holder, Reason::SameEmail),
        ExistingEmail::Refuse => {
            Verdict::Refused(FaultCode::EmailInUse, Some(InTheWay::holder(holder)))
        }
        ExistingEmail::Ask => Verdict::Refused(FaultCode::EmailAsk, Some(InTheWay::holder(holder))),
    }
}

fn in_use(role: Role, whose: InTheWay<'_>) -> Verdict<'_> {
    let code = match role {
        Role::Technician => FaultCode::EmailInUse,
        _ => FaultCode::EmailAdministrator,
    };
    Verdict::Refused(code, Some(whose))
}
