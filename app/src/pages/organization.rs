//! The Organization page: left the tree, right what is selected; the address tells both.

mod group;
mod move_to;
mod overview;
mod place;
mod technician;
mod technician_form;
mod tree;

use leptos::prelude::*;
use leptos_router::components::Outlet;

pub use group::GroupPage;
pub use overview::OverviewPage;
pub use place::Place;
pub use technician::{TechnicianPage, UnlockTechnician};
pub use technician_form::{Fields, PersonFields};
pub use tree::{FindAnything, Found};

use tree::{Tree, TreeState};

use crate::components::Unsaved;

/// `/organization` and all below it. The tree stays while the right side changes.
#[component]
pub fn Organization() -> impl IntoView {
    provide_context(Unsaved::new());
    provide_context(TreeState::new());
    view! {
        <div class="split">
            <Tree/>
            <main class="room" id="content" tabindex="-1">
                <Outlet/>
            </main>
        </div>
    }
}
