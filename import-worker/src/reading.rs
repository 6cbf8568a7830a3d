//! Reading and checking the file.

use gloo_file::Blob;
use gloo_file::futures::read_as_bytes;
use roster::history::ImportRules;
use roster::import::{self, Checked, Choices, FileCode, FileError, Filter, Rules, Sheet, limit};
use roster::worker::{Report, Step, Wanted};

use crate::state::Loaded;
use crate::{Shared, digest, overview, post};

/// Reads the file as it is wanted and tells the page what was found.
pub async fn read(shared: &Shared, wanted: Wanted) {
    let (file, org) = {
        let state = shared.borrow();
        match (state.file.clone(), state.org.clone()) {
            (Some(file), Some(org)) => (file, org),
            _ => return,
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "a limit far below 2⁵³")]
    if file.size() > limit::BYTES as f64 {
        shared.borrow_mut().loaded = None;
        post::report(&Report::Unreadable(too_large(file.size())));
        return;
    }
    // What was read before makes room for what is read now.
    shared.borrow_mut().loaded = None;
    let Ok(bytes) = read_as_bytes(&Blob::from(file)).await else {
        post::report(&Report::Gone);
        return;
    };
    match understand(&bytes, &org, wanted) {
        Ok((sheet, checked)) => {
            post::report(&Report::Checked(overview::of(&sheet, &checked)));
            let filtered = (Filter::All, checked.rows(Filter::All));
            shared.borrow_mut().loaded = Some(Loaded { sheet, checked, wanted, filtered });
        }
        Err(error) => post::report(&Report::Unreadable(error)),
    }
    let known = shared.borrow().digest.is_some();
    if !known {
        digest::begin(shared, bytes);
    }
}

/// Said before a byte is read: so much memory may not be there.
fn too_large(size: f64) -> FileError {
    let message = format!(
        "The file is larger than 256 MiB ({:.0} MiB). Split it into smaller files.",
        size / 1024.0 / 1024.0
    );
    FileError { code: FileCode::TooLarge, message, line: None, offers: Vec::new() }
}

fn understand(
    bytes: &[u8],
    org: &ImportRules,
    wanted: Wanted,
) -> Result<(Sheet, Checked), FileError> {
    let choices = Choices {
        encoding: wanted.encoding,
        delimiter: wanted.delimiter,
        ..Choices::default()
    };
    let sheet = import::read(bytes, &choices, &mut post::progress(Step::Reading))?;
    let rules = Rules {
        group_chosen: wanted.group.is_some(),
        strength: org.strength,
        organization: org.organization.clone(),
        default_password_set: org.default_password_set,
    };
    let checked = import::check(&sheet, &rules, &mut post::progress(Step::Checking));
    Ok((sheet, checked))
}
