//! Plans for a person who is in no mapped group any more. Only a complete run with a confirmed finding
//! disables: an unreadable person is not gone, and a person without a finding is left as they are.

use super::Plan;
use super::fault;
use super::known::KnownPerson;
use super::person::status_change;
use super::proof::{Ground, Proven};
use super::seen::Run;
use crate::directory::protocol::{Absent, Finding};

pub(super) fn judge(absent: &Absent, known: &KnownPerson, run: &Run<'_>, plan: &mut Plan) {
    // A person seen in a mapped group is not absent, whatever the finding says.
    if !known.enabled || run.has(absent.guid) {
        return;
    }
    if absent.finding == Finding::Unreadable {
        plan.failed.push(fault::unreadable(known));
        return;
    }
    let Some(departure) = Proven::departure(absent, known, run) else { return };
    let ground = Ground::Departed(departure);
    if known.is_owned() {
        plan.disables.push(status_change(known, ground));
    } else {
        plan.failed.push(fault::account_of_administrator(known, ground.reason()));
    }
}
