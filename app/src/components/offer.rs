//! What the page that is shown offers to do, for the command palette: buttons that lead to an
//! address offer themselves.

use leptos::prelude::*;

/// A button of the page, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub label: &'static str,
    pub href: String,
}

/// All that is offered now.
#[derive(Clone, Copy)]
pub struct Offers(RwSignal<Vec<Offer>>);

impl Offers {
    /// To be called once, by what stands around all pages.
    pub fn provide() {
        provide_context(Self(RwSignal::new(Vec::new())));
    }

    #[must_use]
    pub fn get(self) -> Vec<Offer> {
        self.0.get()
    }
}

/// Offers this as long as the component that calls it is shown.
pub fn offer(label: &'static str, href: &str) {
    let Some(Offers(offers)) = use_context() else { return };
    let offer = Offer { label, href: href.to_owned() };
    let same = offer.clone();
    // What is shown is for the browser alone to know.
    Effect::new(move || offers.update(|offers| offers.push(offer.clone())));
    on_cleanup(move || {
        offers.try_update(|offers| offers.retain(|other| *other != same));
    });
}
