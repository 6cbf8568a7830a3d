//! What can be done with an import that has ended: its failed rows tried again, all of it undone.
//! Both are done by the server step by step, so that progress is shown and it can be stopped.

use leptos::prelude::*;
use leptos::task::spawn_local;
use roster::history::{Counts, ImportState, UNDO_DAYS};
use roster::id::{ImportId, Timestamp};

use crate::ask::ask;
use crate::browser;
use crate::components::{AddressButton, Dialog, Moment, use_announcer};
use crate::error::AppError;
use crate::pages::import::functions::{RetryFailed, UndoImport};
use crate::text::{counted, grouped};

/// One piece of work of many steps.
#[derive(Clone, Copy)]
struct Work {
    /// What is being done, how many rows are, of how many.
    doing: RwSignal<Option<(&'static str, u32, u32)>>,
    stopping: RwSignal<bool>,
    fault: RwSignal<Option<String>>,
}

/// After each step: how many rows are left; `None`: it is done.
type Step = Result<Option<u32>, AppError>;

impl Work {
    fn new() -> Self {
        Self {
            doing: RwSignal::new(None),
            stopping: RwSignal::new(false),
            fault: RwSignal::new(None),
        }
    }

    fn begin(self, what: &'static str, rows: u32) {
        self.fault.set(None);
        self.stopping.set(false);
        self.doing.set(Some((what, 0, rows)));
    }

    /// Whether to go on.
    fn stepped(self, step: Step) -> bool {
        let left = match step {
            Ok(left) => left,
            Err(error) => {
                self.fault.try_set(Some(error.to_string()));
                None
            }
        };
        let on = left.filter(|_| self.stopping.try_get_untracked() == Some(false));
        self.doing.try_update(|doing| {
            *doing = match (*doing, on) {
                (Some((what, _, rows)), Some(left)) => {
                    Some((what, rows.saturating_sub(left), rows))
                }
                _ => None,
            };
        });
        on.is_some()
    }
}

#[component]
pub fn Actions(
    id: ImportId,
    state: ImportState,
    counts: Counts,
    started_at: Timestamp,
    /// The dialog that the address asks for.
    #[prop(into)]
    dialog: Signal<Option<String>>,
    #[prop(into)] refresh: Callback<()>,
) -> impl IntoView {
    let work = Work::new();
    let ended =
        matches!(state, ImportState::Finished | ImportState::Canceled | ImportState::Undoing);
    let here = format!("/account/imports/{id}");
    let failed = counts.failed;
    let retry = move |_| {
        work.begin("Trying the failed rows again", failed);
        spawn_local(retry(work, id, failed, refresh));
    };
    let may_retry = ended && failed > 0 && state != ImportState::Undoing;
    let written = counts.created + counts.updated;
    let until = Timestamp(started_at.0 + UNDO_DAYS * 24 * 60 * 60 * 1000);
    let in_time = RwSignal::new(true);
    Effect::new(move || in_time.set(browser::now() <= until.0));
    let may_undo = ended && written > 0;
    let undo_label =
        if state == ImportState::Undoing { "Go on undoing" } else { "Undo this import" };
    let path = here.clone();
    let undo = move || {
        (may_undo && in_time.get()).then(|| {
            view! {
                <AddressButton label=undo_label path=path.clone() query=("dialog", "undo")/>
                <span class="dim">"possible until "<Moment at=until/></span>
            }
        })
    };
    let asked = Memo::new(move |_| may_undo && dialog.get().as_deref() == Some("undo"));
    let idle = move || work.doing.with(Option::is_none);
    view! {
        <Show when=idle fallback=move || view! { <Doing work=work/> }>
            <div class="summary-actions">
                {may_retry.then(|| view! {
                    <button type="button" on:click=retry>"Retry failed ("{grouped(failed.into())}")"</button>
                })}
                {undo.clone()}
            </div>
        </Show>
        {move || work.fault.get().map(|fault| view! { <p class="summary" role="alert">{fault}</p> })}
        <Show when=move || asked.get() && idle()>
            <UndoDialog id=id written=written work=work back=here.clone() refresh=refresh/>
        </Show>
    }
}

/// The bar, and a way to stop.
#[component]
fn Doing(work: Work) -> impl IntoView {
    let figures = move || {
        work.doing.get().map(|(what, done, rows)| {
            format!("{what}: {} of {}", grouped(done.into()), counted(rows.into(), "row", "rows"))
        })
    };
    view! {
        <div class="working at-once">
            <label for="summary-work">{figures}</label>
            <progress
                id="summary-work"
                max=move || work.doing.get().map_or(1, |(.., rows)| rows.max(1)).to_string()
                prop:value=move || work.doing.get().map_or(0.0, |(_, done, _)| f64::from(done))
            ></progress>
            <button type="button" on:click=move |_| work.stopping.set(true)>"Stop"</button>
        </div>
    }
}

#[component]
fn UndoDialog(
    id: ImportId,
    written: u32,
    work: Work,
    back: String,
    refresh: Callback<()>,
) -> impl IntoView {
    let navigate = leptos_router::hooks::use_navigate();
    let announcer = use_announcer();
    let way_back = back.clone();
    let begin = move |_| {
        work.begin("Undoing", written);
        spawn_local(async move {
            let mut on = true;
            while on {
                let answer = ask(UndoImport { id }).await;
                on = work.stepped(answer.map(|undone| (undone.left > 0).then_some(undone.left)));
            }
            refresh.run(());
            announcer.announce("The import is undone as far as it could be.");
        });
        let options = leptos_router::NavigateOptions { scroll: false, ..Default::default() };
        navigate(&way_back, options);
    };
    view! {
        <Dialog id="undo-import" title="Undo this import" back=back.clone()>
            <div class="form">
                <p>
                    "Technicians that this import created are removed, unless they have signed in or were changed since. "
                    "Technicians that it updated get back what they had, unless they were changed since."
                </p>
                <p>"Afterwards every row says what became of it. This can’t be undone itself."</p>
                <div class="actions">
                    <button type="button" class="main danger" on:click=begin>"Undo this import"</button>
                    <a class="button" href=back data-noscroll="true">"Cancel"</a>
                </div>
            </div>
        </Dialog>
    }
}

async fn retry(work: Work, id: ImportId, failed: u32, refresh: Callback<()>) {
    let mut from = Some(0);
    let mut seen = 0;
    while let Some(place) = from {
        let answer = ask(RetryFailed { id, from: place }).await;
        from = answer.as_ref().ok().and_then(|retried| retried.next);
        seen += 500;
        let step = answer.map(|_| from.map(|_| failed.saturating_sub(seen).max(1)));
        if !work.stepped(step) {
            break;
        }
    }
    refresh.run(());
}
