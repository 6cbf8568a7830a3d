//! Who gets which email. The changes of a run come as one set: people may swap emails, and one that
//! an update frees may be taken in the same run.

use rustc_hash::{FxHashMap, FxHashSet};

use super::known::{Holder, Known, KnownPerson};
use super::person::{Whose, Wish};
use super::rules::ExistingEmail;
use super::step::{FaultCode, Reason};
use crate::account::Role;

pub(super) enum Verdict<'a> {
    Granted,
    /// The account is theirs.
    Link(&'a Holder, Reason),
    /// The code, and the name of who is in the way; empty where it is several.
    Refused(FaultCode, &'a str),
}

/// From one email's key to another; `None`: from or to no email.
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

/// A verdict for each wish. Of several who want the same email, who has it already keeps it; if
/// none of them has, none gets it: which one is right, only the directory's people know.
pub(super) fn settle<'a>(
    wishes: &[Wish<'a>],
    known: &'a Known,
    existing: ExistingEmail,
) -> Vec<Verdict<'a>> {
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

    let mut verdicts: Vec<_> = wishes
        .iter()
        .zip(&moves)
        .map(|(wish, its)| {
            let key = wish.identity.email.key.as_str();
            if its.stays() {
                Verdict::Granted
            } else if wanted.get(key).is_some_and(|people| *people > 1) {
                Verdict::Refused(FaultCode::EmailDuplicateInSource, "")
            } else if let Some(holder) = holders.get(key) {
                of_holder(holder, wish, existing)
            } else {
                match owners.get(key) {
                    Some(owner) if !leaving.contains(key) => in_use(owner.role, &owner.name),
                    _ => Verdict::Granted,
                }
            }
        })
        .collect();

    let refused = verdicts.iter().map(|it| matches!(it, Verdict::Refused(..))).collect();
    for ((verdict, wish), stuck) in verdicts.iter_mut().zip(wishes).zip(stuck(&moves, refused)) {
        if stuck && matches!(verdict, Verdict::Granted) {
            // Who was to leave it, and can't.
            let owner = owners.get(wish.identity.email.key.as_str());
            *verdict = in_use(Role::Technician, owner.map_or("", |owner| &owner.name));
        }
    }
    verdicts
}

/// Which moves can't be made if those in `stuck` can't: whoever stays is in the way of who wanted
/// their email, who is in the way of the next.
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

/// Only somebody new can be the person of an account made by hand; who is known has one.
fn of_holder<'a>(holder: &'a Holder, wish: &Wish<'a>, existing: ExistingEmail) -> Verdict<'a> {
    let is_new = matches!(wish.whose, Whose::New(_));
    if holder.role != Role::Technician || holder.elsewhere || !is_new {
        return in_use(holder.role, &holder.name);
    }
    if holder.agreed == Some(wish.guid) {
        return Verdict::Link(holder, Reason::Agreed);
    }
    match existing {
        ExistingEmail::Link => Verdict::Link(holder, Reason::SameEmail),
        ExistingEmail::Refuse => Verdict::Refused(FaultCode::EmailInUse, &holder.name),
        ExistingEmail::Ask => Verdict::Refused(FaultCode::EmailAsk, &holder.name),
    }
}

fn in_use(role: Role, name: &str) -> Verdict<'_> {
    match role {
        Role::Technician => Verdict::Refused(FaultCode::EmailInUse, name),
        _ => Verdict::Refused(FaultCode::EmailAdministrator, name),
    }
}
