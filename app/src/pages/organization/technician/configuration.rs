//! The fields of an account, and what becomes of them where two people change them at once.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use roster::account::{Account, Role};
use roster::directory::view::Follows;
use roster::fault::Fault;
use roster::password::Strength;

use super::functions::{EditTechnician, SeeTechnician};
use crate::ask::look;
use crate::components::{
    Conflicts, Difference, FormFrame, Sender, SubmitButton, use_announcer, warn_of_unsaved,
};
use crate::pages::organization::place::Place;
use crate::pages::organization::technician_form::{Clash, Fields, TechnicianFields, Whose};
use crate::pages::organization::tree::TreeState;

#[component]
pub fn Configuration(
    account: RwSignal<Account>,
    /// A new password is due, and the present one has ended.
    password: RwSignal<(bool, bool)>,
    strength: Strength,
    own: bool,
    editable: bool,
    /// What of it a directory keeps in step.
    follows: Option<Follows>,
) -> impl IntoView {
    let sender = Sender::<EditTechnician>::new();
    let announcer = use_announcer();
    let tree = expect_context::<TreeState>();
    let (id, role) = account.with_untracked(|account| (account.id, account.role));
    let fields = RwSignal::new(Fields::from(account.get_untracked()));
    let clashes = RwSignal::new(Vec::<Clash>::new());
    let saves = RwSignal::new(0_i64);
    sender.then(move |page| {
        announcer.announce([page.account.name.as_str(), " is saved."].concat());
        fields.set(Fields::from(page.account.clone()));
        account.set(page.account);
        password.set((page.password_due, page.password_ended));
        clashes.set(Vec::new());
        saves.update(|saves| *saves += 1);
        tree.refresh(Some(Place::Technician(id)));
    });
    let form = NodeRef::<html::Form>::new();
    let typed = move || form.get_untracked().map(|form| Fields::typed(&form));
    // Somebody else was quicker: what they changed is taken over, what both changed is to be chosen.
    let fault = sender.fault();
    Effect::new(move || {
        if !fault.with(|fault| matches!(fault, Some(Fault::Conflict { .. }))) {
            return;
        }
        spawn_local(async move {
            let (Ok(theirs), Some(mine)) = (look(SeeTechnician { id }).await, typed()) else {
                return;
            };
            password.set((theirs.page.password_due, theirs.page.password_ended));
            let theirs = theirs.page.account;
            let before = Fields::from(account.get_untracked());
            let (merged, found) = mine.meet(&before, &Fields::from(theirs.clone()));
            fields.set(merged);
            clashes.set(found);
            account.set(theirs);
        });
    });
    let choose = move |(at, keep_mine): (usize, bool)| {
        let clash = clashes.with_untracked(|clashes| clashes.get(at).cloned());
        if let (Some(clash), Some(mut now)) = (clash, typed()) {
            clash.decide(&mut now, keep_mine);
            fields.set(now);
        }
    };
    let differences = Signal::derive(move || {
        clashes.with(|clashes| clashes.iter().map(Clash::difference).collect::<Vec<Difference>>())
    });
    let version = move || account.with(|account| account.version.to_string());
    let stays_enabled = match role {
        _ if own => Some("Nobody can disable their own account."),
        Role::Holder => Some("The Master Account Holder can’t be disabled."),
        _ => None,
    };
    warn_of_unsaved(form, saves.into());
    view! {
        <section aria-labelledby="configuration">
            <h2 id="configuration" class="unseen">"Configuration"</h2>
            <FormFrame id="technician" sending=*sender form_ref=form>
                <Conflicts differences=differences choose=choose/>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="version" value=version/>
                <TechnicianFields
                    fields=fields.into()
                    strength=strength
                    whose=if own { Whose::Own } else { Whose::Another }
                    editable=editable
                    stays_enabled=stays_enabled
                    follows=follows
                />
                {if editable {
                    view! {
                        <div class="actions sticky">
                            <SubmitButton label="Save changes" waiting="Saving…" pending=sender.pending()/>
                        </div>
                    }
                    .into_any()
                } else {
                    view! { <p class="hint">"You may look at this account, but not change it."</p> }.into_any()
                }}
            </FormFrame>
        </section>
    }
}
