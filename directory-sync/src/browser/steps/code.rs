//! The code of the Master Account Holder's two-step verification, if the server asks for one.

use maud::{Markup, html};

use super::{Next, directory};
use crate::browser::fields::Field;
use crate::browser::markup::{back, field, next};
use crate::browser::state::State;

pub fn take(state: &mut State) -> Next {
    state.faults = state.missing(&[Field::Code]);
    if state.faults.is_empty() { directory::enter(state) } else { Next::Stay }
}

pub fn show(state: &State) -> Markup {
    html! {
        p.lead { (state.code_wanted) }
        (field(state, Field::Code))
        div.actions { (next("Next")) (back()) }
    }
}
