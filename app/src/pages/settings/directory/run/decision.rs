//! What waits in a run, why, and the two ways on; or who decided, and how.

use leptos::prelude::*;
use roster::directory::protocol::RunId;
use roster::directory::view::{ChangeKind, RunLine, RunState};

use super::address;
use crate::components::{Moment, SendForm, Sender, SubmitButton, announce_faults, use_announcer};
use crate::pages::settings::directory::functions::{ApproveDirectoryRun, DropDirectoryRun};
use crate::pages::settings::directory::words;
use crate::text::counted;

#[component]
pub fn Decision(
    run: RunLine,
    waiting: Vec<(ChangeKind, u64)>,
    waits_in: Option<RunId>,
    /// The organization's default password works.
    default_password: bool,
    refresh: Callback<()>,
) -> impl IntoView {
    match run.state {
        RunState::Held => {
            view! { <Waits run=run waiting=waiting default_password=default_password refresh=refresh/> }.into_any()
        }
        RunState::HeldBefore | RunState::Replaced => {
            let said = if run.state == RunState::HeldBefore {
                "An earlier run waits: decide about that one. The next run plans these changes again."
            } else {
                "A later run or another mapping took the place of what waited here. Nothing of it was done."
            };
            let way = waits_in.map(|id| view! { " " <a href=address(id)>"Look at the run that waits"</a> });
            view! { <p class="notice">{said}{way}</p> }.into_any()
        }
        RunState::Previewed => view! {
            <p class="notice">"A preview: nothing of this was done. It is what a run would have done."</p>
        }
        .into_any(),
        RunState::Approved | RunState::Dropped => decided(run).into_any(),
        RunState::UnderWay
        | RunState::Applied
        | RunState::Rejected
        | RunState::Aborted => ().into_any(),
    }
}

fn decided(run: RunLine) -> impl IntoView {
    let what = match run.state {
        RunState::Approved => "What waited was approved",
        _ => "What waited was dropped, and nothing of it was done",
    };
    run.decided.map(|decided| {
        view! {
            <p class="notice">{what}" by "{decided.by}", "<Moment at=decided.at/>"."</p>
        }
    })
}

#[component]
fn Waits(
    run: RunLine,
    waiting: Vec<(ChangeKind, u64)>,
    default_password: bool,
    refresh: Callback<()>,
) -> impl IntoView {
    let announcer = use_announcer();
    let approving = Sender::<ApproveDirectoryRun>::new();
    approving.then(move |run: RunLine| {
        let done = words::counts(&run.counts);
        announcer.announce(["The run is approved: ", &done, "."].concat());
        refresh.run(());
    });
    announce_faults(*approving);
    let dropping = Sender::<DropDirectoryRun>::new();
    dropping.then(move |_: RunLine| {
        announcer.announce("The run is dropped: nothing of what waited was done.");
        refresh.run(());
    });
    announce_faults(*dropping);
    let (why, count) = match &run.held {
        Some(held) => (held.reason.label(), held.count),
        None => ("", 0),
    };
    let heading = [&counted(count, "change waits", "changes wait"), " for your decision"].concat();
    let will = waiting
        .into_iter()
        .map(|(kind, count)| view! { <li>{words::will(kind, count, default_password)}</li> });
    let id = run.id.to_string();
    let same = id.clone();
    view! {
        <section class="notice warn" aria-labelledby="waits">
            <h2 id="waits">{heading}</h2>
            <p>"Why: "{why}" Each is in the list below."</p>
            <p>"If you approve:"</p>
            <ul>{will.collect_view()}</ul>
            <p>
                "Exactly these changes are made. Whoever is different in Muster by now is left to the next run. If you drop them, nothing is done, and the next run asks again if the directory still says so."
            </p>
            <div class="actions">
                <SendForm sending=*approving>
                    <input type="hidden" name="id" value=id/>
                    <SubmitButton label="Approve" waiting="Approving…" pending=approving.pending()/>
                </SendForm>
                <SendForm sending=*dropping>
                    <input type="hidden" name="id" value=same/>
                    <button type="submit">"Drop"</button>
                </SendForm>
            </div>
        </section>
    }
}
