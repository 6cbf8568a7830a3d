//! What an Administrator sees of an entry about somebody in their areas: no place outside them, and
//! not from where others work.

use serde_json::Value;

use super::{Line, RUN};
use crate::id::AccountId;

/// Stands where a group is named that isn't theirs to see.
pub const ELSEWHERE: &str = "a group outside your areas";

/// Between two groups of a path; no group has it in its name.
const STEP: &str = " / ";

/// Fields whose value is a group: its path, or its id.
const PLACES: [&str; 8] = ["copyOf", "group", "groups", "id", "path", "parent", "from", "to"];

/// The entry without what lies outside these areas, each given by its path
/// ([`GroupPath::label`](crate::group::GroupPath::label)); `reader` is who looks.
#[must_use]
pub fn within(mut line: Line, areas: &[String], reader: AccountId) -> Line {
    let own = line.actor_id == Some(reader);
    // People sign in, and fail to, from their own addresses.
    let by_the_subject = line.actor_id.is_none_or(|actor| actor.to_string() == line.subject_id);
    // What a run did was done from where the directory is read.
    if !own && (!by_the_subject || line.through.is_some()) {
        line.address.clear();
        line.agent.clear();
    }
    hide(&mut line.before, areas);
    hide(&mut line.after, areas);
    // Imports and runs reach beyond any area.
    line.through = line.through.map(|through| through.unseen());
    if let Value::Object(fields) = &mut line.after {
        fields.remove(RUN);
    }
    line
}

fn hide(fields: &mut Value, areas: &[String]) {
    let Value::Object(fields) = fields else { return };
    for (_, value) in fields.iter_mut().filter(|(key, _)| PLACES.contains(&key.as_str())) {
        *value = match value {
            Value::String(place) => {
                let known = areas.iter().filter_map(|area| from_area(place, area));
                // Of areas within areas the uppermost: it is theirs from there on.
                Value::from(known.max_by_key(|known| known.len()).unwrap_or(ELSEWHERE))
            }
            Value::Null => continue,
            // An id says nothing of where the group lies.
            _ => Value::from(ELSEWHERE),
        };
    }
}

/// The place from the area on: what lies above isn't named.
fn from_area<'a>(place: &'a str, area: &str) -> Option<&'a str> {
    let rest = place.strip_prefix(area)?;
    let above = area.rfind(STEP).map_or(0, |at| at + STEP.len());
    (rest.is_empty() || rest.starts_with(STEP)).then(|| &place[above..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Through;
    use crate::id::Timestamp;
    use serde_json::json;

    fn line(actor_id: Option<i64>, before: Value, after: Value) -> Line {
        Line {
            id: 1,
            at: Timestamp(0),
            actor_id: actor_id.map(AccountId),
            actor: "Mara".to_owned(),
            address: "192.0.2.1".to_owned(),
            agent: "Browser".to_owned(),
            action: "technician_moved".to_owned(),
            subject_kind: "account".to_owned(),
            subject_id: "7".to_owned(),
            subject_name: "Tess".to_owned(),
            before,
            after,
            through: None,
        }
    }

    #[test]
    fn places_outside_are_not_named() {
        let check = |before: Value, expected: Value| {
            let areas = ["Europe / Tier 2".to_owned()];
            let found = within(line(None, before, Value::Null), &areas, AccountId(3));
            assert_eq!(found.before, expected);
        };
        check(json!({"group": "Europe / Tier 2"}), json!({"group": "Tier 2"}));
        check(json!({"path": "Europe / Tier 2 / Night"}), json!({"path": "Tier 2 / Night"}));
        check(json!({"group": "Europe"}), json!({"group": ELSEWHERE}));
        check(json!({"group": "Europe / Tier 21"}), json!({"group": ELSEWHERE}));
        check(
            json!({"group": "Asia", "name": "Tess"}),
            json!({"group": ELSEWHERE, "name": "Tess"}),
        );
        check(json!({"parent": 1001}), json!({"parent": ELSEWHERE}));
        check(json!({"group": null}), json!({"group": null}));
        check(Value::Null, Value::Null);
    }

    #[test]
    fn no_import_and_no_run_is_named() {
        let check = |through: Through, expected: Through| {
            let run = json!({"enabled": false, "run": "01890000-0000-7000-8000-000000000001"});
            let mut line = line(None, Value::Null, run);
            line.through = Some(through);
            let found = within(line, &[], AccountId(3));
            assert_eq!((found.through, found.after), (Some(expected), json!({"enabled": false})));
            assert_eq!((found.address.as_str(), found.agent.as_str()), ("", ""));
        };
        let id = "01890000-0000-7000-8000-000000000001";
        let file = "secret project.csv".to_owned();
        check(Through::Import { id: id.parse().unwrap(), file }, Through::ImportUnseen);
        check(Through::Run { id: id.parse().unwrap() }, Through::RunUnseen);
        check(Through::RunGone { id: id.parse().ok() }, Through::RunUnseen);
    }

    #[test]
    fn addresses_are_seen_of_oneself_and_of_the_person_alone() {
        let check = |actor: Option<i64>, expected: &str| {
            let found = within(line(actor, Value::Null, Value::Null), &[], AccountId(3));
            assert_eq!(found.address, expected, "{actor:?}");
        };
        check(Some(3), "192.0.2.1");
        check(Some(7), "192.0.2.1");
        check(None, "192.0.2.1");
        check(Some(9), "");
    }
}
