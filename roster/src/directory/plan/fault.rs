//! One person's fault, in a sentence that says what is wrong and what would be right.

use super::emails::InTheWay;
use super::known::{KnownMapping, KnownPerson};
use super::person::Wish;
use super::proof::Unplaced;
use super::step::{FaultCode, Reason};
use crate::directory::protocol::{Guid, PersonFault, PersonSeen};
use crate::email;
use crate::fields::Field;
use crate::text::{chars, clean, shown};

pub(super) fn of_identity(person: &PersonSeen, code: FaultCode) -> PersonFault {
    let (name, email) = (clean(&person.name), clean(&person.email));
    let message = match code {
        FaultCode::NameRequired => {
            format!("There is no name in the directory for “{}”; it is required.", shown(&email))
        }
        FaultCode::NameTooLong => format!(
            "The name “{}” has {} characters; {} is the most.",
            shown(&name),
            chars(&name),
            Field::Name.max_chars()
        ),
        FaultCode::EmailRequired => {
            format!("There is no email in the directory for “{}”; it is required.", shown(&name))
        }
        _ => {
            let fault = email::examine(&email, &mut String::new()).err();
            let fault = fault.map_or_else(String::new, |fault| fault.to_string());
            format!("“{}” is not an email address: it {fault}.", shown(&email))
        }
    };
    fault(person.guid, code, message)
}

/// The email can't be had; `has_it` is who has it.
pub(super) fn of_email(
    wish: &Wish<'_>,
    code: FaultCode,
    has_it: Option<InTheWay<'_>>,
) -> PersonFault {
    let email = shown(&wish.identity.email.as_typed);
    let whose = shown(has_it.map_or("", |it| it.name));
    let was_theirs = has_it.is_some_and(|it| it.same_source && !it.enabled);
    let message = match code {
        FaultCode::EmailDuplicateInSource => {
            format!(
                "Several people of the directory have the email “{email}”. One email is one person."
            )
        }
        FaultCode::EmailAsk => format!(
            "The account of “{whose}” was made by hand and has the email “{email}”. Say whether it \
             is the same person."
        ),
        FaultCode::EmailAdministrator => format!(
            "“{email}” is the email of the administrator “{whose}”. An administrator’s account is \
             never taken over."
        ),
        _ if was_theirs => format!(
            "“{email}” is the email of “{whose}”, who is disabled. If it is to go to somebody else, give \
             “{whose}” another."
        ),
        _ => format!("“{email}” is the email of another account, of “{whose}”."),
    };
    fault(wish.guid, code, message)
}

pub(super) fn group_unknown(wish: &Wish<'_>, mapping: &KnownMapping) -> PersonFault {
    let message = format!(
        "The Technician Group to which “{}” is mapped is gone. Map it to another one.",
        shown(&mapping.ad_group_name)
    );
    fault(wish.guid, FaultCode::GroupUnknown, message)
}

/// The reason is that for which a technician would have been changed.
pub(super) fn account_of_administrator(known: &KnownPerson, reason: Reason) -> PersonFault {
    let message = format!(
        "“{}”: {}. The account is an administrator’s by now, and those are changed by hand alone.",
        shown(&known.name),
        reason.label().to_lowercase()
    );
    fault(known.guid, FaultCode::AccountAdministrator, message)
}

/// It may be a group, and anybody may be in it.
pub(super) fn unknown(member: &PersonSeen, mapping: &KnownMapping) -> PersonFault {
    let name = clean(&member.name);
    let who =
        if name.is_empty() { member.guid.to_string() } else { format!("“{}”", shown(&name)) };
    let message = format!(
        "{who}, a member of “{}”, can’t be read in the directory: it may be a person, or a group with \
         people in it. Nobody of this directory counts as absent until the account that the service \
         reads with may read it.",
        shown(&mapping.ad_group_name)
    );
    fault(member.guid, FaultCode::MemberUnknown, message)
}

pub(super) fn group_uncertain(wish: &Wish<'_>, unplaced: Unplaced<'_>) -> PersonFault {
    let message = format!(
        "“{}” is new in “{}” and was not created: they may also be a member of “{}”, which counts before \
         it and could not be read completely.",
        shown(&wish.identity.name),
        shown(&unplaced.mapping.ad_group_name),
        shown(&unplaced.before.ad_group_name)
    );
    fault(wish.guid, FaultCode::GroupUncertain, message)
}

pub(super) fn unreadable(known: &KnownPerson) -> PersonFault {
    let message = format!(
        "“{}” can’t be read in the directory: hidden, or deleted where the account that the service reads with \
         may not see that. Nothing was changed; give that account the right to read them.",
        shown(&known.name)
    );
    fault(known.guid, FaultCode::PersonUnreadable, message)
}

fn fault(guid: Guid, code: FaultCode, message: String) -> PersonFault {
    PersonFault { guid, code: code.as_str().to_owned(), message }
}
