//! What is done with every file that can be read.

use roster::id::GroupId;
use roster::import::{
    Choices, Intake, Mend, Review, RowStatus, Rules, Sheet, SubmittedRow, check, check_submitted,
    checked_row, failed_csv, read,
};

/// Reads and checks the file as the browser does, and each row again as the server does.
///
/// # Panics
/// Where the two disagree: that is what is looked for.
pub fn use_file(bytes: &[u8]) {
    let Ok(sheet) = read(bytes, &Choices::default(), &mut |_| ()) else { return };
    for group_chosen in [false, true] {
        let rules = Rules { group_chosen, ..Rules::default() };
        let checked = check(&sheet, &rules, &mut |_| ());
        let mut failed = Vec::new();
        for row in 0..sheet.row_count() {
            let problems = checked.problems_of(&sheet, row);
            let json = serde_json::to_string(&sheet.submitted(row, &checked)).expect("is JSON");
            let submitted: SubmittedRow = serde_json::from_str(&json).expect("is a row");
            let (ready, again) = check_submitted(&submitted, &rules);
            assert_eq!(again, problems);
            assert_eq!(ready.is_some(), checked.status(row) != RowStatus::Error);
            serde_json::to_string(&checked_row(&sheet, &checked, row)).expect("is JSON");
            failed.push((row, problems));
        }
        std::hint::black_box(failed_csv(&sheet, &failed));
    }
    look_at(bytes);
    mend_all(sheet);
}

/// What comes of the file's first half is no fault, either.
fn look_at(bytes: &[u8]) {
    let mut intake = Intake::with_size(bytes.len());
    intake.push(&bytes[..bytes.len() / 2]);
    if let Some(sheet) = intake.glimpse(&Choices::default()) {
        std::hint::black_box((sheet.sample(3), sheet.other_reading()));
    }
}

/// Takes every mend there is; what is shown afterwards is what a check of the whole finds.
fn mend_all(sheet: Sheet) {
    let rules = Rules { default_password_set: true, ..Rules::default() };
    let mut review = Review::new(sheet, rules.clone(), &mut |_| ());
    for offer in review.causes().into_iter().flat_map(|cause| cause.mends) {
        let mend = match offer.mend {
            Mend::Group { value, .. } => Mend::Group { value, to: GroupId(7) },
            mend => mend,
        };
        review.mend(&mend);
        let expected = check(review.sheet(), &rules, &mut |_| ());
        assert_eq!(review.checked().findings(), expected.findings());
        assert_eq!(review.checked().counts(), expected.counts());
    }
    while review.undo().is_some() {}
    let expected = check(review.sheet(), &rules, &mut |_| ());
    assert_eq!(review.checked().findings(), expected.findings());
}
