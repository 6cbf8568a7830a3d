//! What each column may mean: by its name, or because somebody said so.

use super::{Header, Role, meanings};
use crate::fields::Field;
use crate::import::alias::{Claim, Meaning};

/// Each column's claims. What is chosen is claimed by nobody else; of the same field chosen twice
/// both columns have a claim.
pub(super) fn of(headers: &[Header], chosen: &[(u16, Role)]) -> Vec<Vec<(Meaning, Claim)>> {
    let role_of = |column: usize| {
        let choice = chosen.iter().rev().find(|(of, _)| usize::from(*of) == column);
        choice.map(|(_, role)| *role)
    };
    let taken: Vec<Meaning> = (0..headers.len()).filter_map(role_of).filter_map(meaning).collect();
    let mut claims: Vec<_> = headers
        .iter()
        .enumerate()
        .map(|(column, header)| match role_of(column) {
            Some(role) => {
                meaning(role).map(|meaning| (meaning, Claim::Strong)).into_iter().collect()
            }
            None if header.role == Role::Hidden => Vec::new(),
            None => {
                let mut own = meanings(&header.text);
                own.retain(|(meaning, _)| !taken.contains(meaning));
                own
            }
        })
        .collect();
    let parts = [Meaning::FirstName, Meaning::LastName];
    let claimed = |part: &Meaning| claims.iter().flatten().any(|(meaning, _)| meaning == part);
    // Who chooses a part of the name wants it made of the parts, if there are both.
    if parts.iter().any(|part| taken.contains(part)) && parts.iter().all(claimed) {
        for (column, own) in claims.iter_mut().enumerate() {
            let whole = Meaning::Field(Field::Name);
            own.retain(|(meaning, _)| *meaning != whole || role_of(column).is_some());
        }
    }
    claims
}

fn meaning(role: Role) -> Option<Meaning> {
    match role {
        Role::Field(field) => Some(Meaning::Field(field)),
        Role::FirstName => Some(Meaning::FirstName),
        Role::LastName => Some(Meaning::LastName),
        Role::GroupPath | Role::Unknown | Role::Hidden => None,
    }
}
