//! While the import runs: how far it is, and what to do when something is in its way.

use leptos::prelude::*;
use roster::worker::Trouble;

use super::desk::{Desk, Stage, link};
use super::words;
use crate::text::{counted, grouped};

/// Takes the focus when the import begins: the button that had it is gone by then.
pub(super) const PANEL: &str = "import-sending";

/// The bar, the figures, *Cancel import*; when it was interrupted, why, and *Resume*.
#[component]
pub fn SendingBar(desk: Desk, #[prop(into)] resume: Callback<()>) -> impl IntoView {
    let canceling = RwSignal::new(false);
    let trouble = move || {
        desk.stage.with(|stage| match stage {
            Stage::Interrupted(trouble) => Some(trouble.clone()),
            _ => None,
        })
    };
    let cancel = move |_| {
        canceling.set(true);
        link::stop();
    };
    view! {
        <div class="sending" id=PANEL tabindex="-1">
            <label for="import-progress" class="sending-figures">
                <b>{move || figures(desk)}</b>
                " "
                <span class="dim">{move || pace(desk, canceling.get())}</span>
            </label>
            <progress
                id="import-progress"
                max=move || desk.sending.get().rows.max(1).to_string()
                prop:value=move || f64::from(desk.sending.get().done)
            ></progress>
            <div class="sending-actions">
                <Show when=move || trouble().is_some()>
                    <button type="button" class="main" on:click=move |_| {
                        canceling.set(false);
                        resume.run(());
                    }>"Resume"</button>
                </Show>
                <button type="button" on:click=cancel>"Cancel import"</button>
            </div>
            {move || trouble().map(|trouble| view! { <div class="trouble" role="alert">{told(&trouble)}</div> })}
        </div>
    }
}

fn figures(desk: Desk) -> String {
    let sending = desk.sending.get();
    [&grouped(sending.done.into()), " of ", &counted(sending.rows.into(), "row", "rows")].concat()
}

fn pace(desk: Desk, canceling: bool) -> String {
    let sending = desk.sending.get();
    let interrupted = desk.stage.with(|stage| matches!(stage, Stage::Interrupted(_)));
    if canceling && !interrupted {
        return "canceling: the rows that are under way are still finished".to_owned();
    }
    if interrupted {
        return "interrupted".to_owned();
    }
    if sending.concluding && sending.done >= sending.rows {
        return "all rows are sent; the server writes them…".to_owned();
    }
    if sending.retrying {
        return "no answer from the server; trying again…".to_owned();
    }
    let mut parts = Vec::new();
    if let Some(seconds) = sending.seconds_left {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive rate, for people"
        )]
        let rate = sending.rows_per_second.round() as u64;
        parts.push(format!("{} rows/s", grouped(rate)));
        parts.push(words::time_left(seconds));
    }
    let failed = sending.counts.failed;
    if failed > 0 {
        parts.push(format!("{} failed", grouped(failed.into())));
    }
    parts.join(" · ")
}

fn told(trouble: &Trouble) -> AnyView {
    const KEPT: &str = "What was imported stays. The file is still here: resume, and the rows that are missing are sent.";
    match trouble {
        Trouble::NoAnswer => view! {
            <p><b>"The server can’t be reached. "</b>{KEPT}</p>
        }
        .into_any(),
        Trouble::SignedOut => view! {
            <p>
                <b>"Your session has ended. "</b>
                <a href="/sign-in" target="_blank" rel="external">"Sign in in another tab"</a>
                ", then resume here. What was imported stays."
            </p>
        }
        .into_any(),
        Trouble::Refused(message) => view! {
            <p><b>{message.clone()}</b>" "{KEPT}</p>
        }
        .into_any(),
    }
}

/// For those who don't see the bar: every tenth of the way.
#[must_use]
pub fn said(desk: Desk) -> String {
    let tenths = Memo::new(move |_| {
        let sending = desk.sending.get();
        u64::from(sending.done) * 10 / u64::from(sending.rows.max(1))
    });
    match tenths.get() {
        0 => "The import has started.".to_owned(),
        tenths => format!("{tenths}0 percent of the rows are done."),
    }
}
