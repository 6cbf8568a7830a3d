//! What the worker reports, written into the desk's signals.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use roster::worker::{GridRow, Report, View};
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::{Answer, Kept, Shown, Stage, Work, link};

pub(super) fn hear(kept: &Kept, report: Report, blob: Option<Blob>) {
    match report {
        Report::Progress { step, part } => {
            kept.stage.set(Stage::Working(Work { step, part }));
        }
        Report::Unreadable(error) => {
            kept.overview.set(None);
            kept.stage.set(Stage::Unreadable(error));
        }
        Report::Gone => {
            kept.overview.set(None);
            kept.stage.set(Stage::Gone);
        }
        Report::Broken => kept.stage.set(Stage::Broken),
        Report::Glimpse { overview, rows } => {
            kept.epoch.update(|epoch| *epoch += 1);
            kept.overview.set(Some(overview));
            let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let (kept, epoch) = (kept.clone(), kept.epoch.get_untracked());
            // A task of its own, after the grid is there: each is short.
            set_timeout(
                move || {
                    if kept.epoch.get_untracked() == epoch {
                        show(&kept, View::default(), rows, total);
                    }
                },
                Duration::ZERO,
            );
        }
        Report::Checked(overview) => {
            kept.epoch.update(|epoch| *epoch += 1);
            kept.dry_run.set(None);
            kept.changed.set(None);
            kept.overview.set(Some(overview));
            kept.stage.set(Stage::Checked);
        }
        Report::Changed(changed) => {
            kept.overview.update(|overview| {
                if let Some(overview) = overview {
                    overview.counts = changed.counts;
                }
            });
            kept.changed.set(Some(changed));
            link::refresh_rows();
        }
        Report::Causes(causes) => kept.causes.set(causes),
        Report::DryRun(dry_run) => {
            kept.dry_run.set(Some(dry_run));
            link::refresh_rows();
        }
        Report::Cell { row, column, text } => {
            kept.answer.set(Some(Answer::Cell { row, column, text }));
        }
        Report::Next(found) => kept.answer.set(Some(Answer::Next(found))),
        Report::Digest(digest) => kept.digest.set(Some(digest)),
        Report::Rows { view, rows, total } => {
            show(kept, view, rows, total);
            link::rows_came();
        }
        Report::Sending(sending) => {
            kept.sending.set(sending);
            // The stage has many readers; the figures change often.
            if kept.stage.with_untracked(|stage| *stage != Stage::Sending) {
                kept.stage.set(Stage::Sending);
            }
        }
        Report::Interrupted(trouble) => kept.stage.set(Stage::Interrupted(trouble)),
        Report::Ended { record, failed_rows } => {
            kept.ended.set(Some((record, failed_rows)));
            kept.stage.set(Stage::Ended);
        }
        Report::FailedRows { file_name } => {
            if let Some(blob) = blob {
                save(&blob, &file_name);
            }
        }
    }
}

/// A row that is as it was keeps its place in the document.
fn show(kept: &Kept, view: View, rows: Vec<GridRow>, total: u32) {
    let epoch = kept.epoch.get_untracked();
    let before = kept.shown.get_untracked();
    let kept_row = |row: &GridRow| before.rows.iter().find(|old| ***old == *row).cloned();
    let rows = rows.into_iter().map(|row| kept_row(&row).unwrap_or_else(|| Arc::new(row)));
    kept.shown.set(Shown { epoch, view, rows: rows.collect(), total });
}

/// Has the browser save a file.
fn save(blob: &Blob, name: &str) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else { return };
    let link = document().create_element("a").ok();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser has taken hold of the file by then.
    set_timeout(
        move || {
            let _ = Url::revoke_object_url(&address);
        },
        Duration::from_secs(10),
    );
}
