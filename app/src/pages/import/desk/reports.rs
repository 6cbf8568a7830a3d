//! What the worker reports, written into the desk's signals.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use roster::worker::Report;
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::{Kept, Shown, Stage, Work, link};

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
        Report::Checked(overview) => {
            kept.epoch.update(|epoch| *epoch += 1);
            kept.shown.set(Shown::default());
            kept.overview.set(Some(overview));
            kept.stage.set(Stage::Checked);
        }
        Report::Digest(digest) => kept.digest.set(Some(digest)),
        Report::Rows { filter, rows } => {
            let rows = rows.into_iter().map(Arc::new).collect();
            kept.shown.set(Shown { epoch: kept.epoch.get_untracked(), filter, rows });
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
        std::time::Duration::from_secs(10),
    );
}
