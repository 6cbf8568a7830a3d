//! What a technician may do, and which group says so.

use leptos::prelude::*;
use roster::id::AccountId;
use roster::permission::{Effective, Seen};

use super::functions::SeeTechnicianPermissions;
use crate::ask::fetch;
use crate::components::Loaded;
use crate::pages::account::Permissions;
use crate::pages::organization::place::Place;

#[component]
pub fn EffectivePermissions(id: AccountId) -> impl IntoView {
    let found = fetch(move || Ok(SeeTechnicianPermissions { id }));
    let table = |lines: Vec<Effective<Seen>>| {
        if lines.is_empty() {
            return view! {
                <p class="empty">"Permissions come from a Technician Group, and this account is in none."</p>
            }
            .into_any();
        }
        view! { <Permissions lines=lines href=page_of/> }.into_any()
    };
    view! {
        <section aria-labelledby="permissions">
            <h2 id="permissions" class="unseen">"Permissions"</h2>
            <Loaded from=found view=table/>
        </section>
    }
}

fn page_of(group: &Seen) -> Option<String> {
    match group {
        Seen::Group(step) => {
            Some([Place::Group(step.id).href().as_str(), "?view=permissions"].concat())
        }
        Seen::Above => None,
    }
}
