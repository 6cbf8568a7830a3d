//! Asks where the selected technicians are to go.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use roster::group::GroupPath;
use roster::id::GroupId;
use roster::many::Change;

use crate::pages::group_search::GroupSearch;
use crate::text::counted;

#[component]
pub fn MoveDialog(
    count: Memo<u64>,
    from: GroupId,
    act: Callback<Change>,
    back: String,
) -> impl IntoView {
    let chosen = RwSignal::new(None::<GroupPath>);
    let choose = Callback::new(move |path: Option<GroupPath>| chosen.set(path));
    let target = move || chosen.with(|path| path.as_ref()?.0.last().map(|step| step.id));
    let refusal = move || match target() {
        None => Some("Choose a Technician Group first."),
        Some(GroupId::ROOT) => {
            Some("Nobody is at the root of the tree: choose a Technician Group.")
        }
        Some(id) if id == from => Some("They are in this group already."),
        Some(_) => None,
    };
    let navigate = use_navigate();
    let way_back = back.clone();
    let go = move |_| {
        if let Some(id) = target().filter(|_| refusal().is_none()) {
            navigate(&way_back, NavigateOptions { scroll: false, ..Default::default() });
            act.run(Change::MoveTo(id));
        }
    };
    view! {
        <div class="form">
            <p>{move || [&counted(count.get(), "technician", "technicians"), " will be moved. Their permissions become those of the new group."].concat()}</p>
            <GroupSearch
                chosen=chosen
                fault=Signal::derive(|| None::<String>)
                disabled=false
                choose=choose
                id="move-selected-group"
                autofocus=true
                hint="Nobody is at the root of the tree."
            />
            <div class="actions">
                <span class="refused">
                    <button
                        type="button"
                        class="main"
                        aria-disabled=move || refusal().is_some().then_some("true")
                        aria-describedby="why-not-move"
                        on:click=go
                    >
                        "Move"
                    </button>
                    <span class="why" role="tooltip" id="why-not-move">{refusal}</span>
                </span>
                <a class="button" href=back data-noscroll="true">"Cancel"</a>
            </div>
        </div>
    }
}
