//! What is done with the bytes that a fuzzer, or the corpus that was kept, comes with.

use roster::id::GroupId;
use roster::import::{
    Choices, Encoding, Intake, Mend, Review, RowStatus, Rules, Sheet, SubmittedRow, check,
    check_submitted, checked_row, decode, failed_csv, read,
};

/// Rows below a heading, and a file as it is.
pub fn csv(data: &[u8]) {
    let mut file = b"Name,Email,Password,Enabled,Single Sign-On ID\n".to_vec();
    file.extend_from_slice(data);
    use_file(&file);
    use_file(data);
}

/// The rest of a list, and of one object a line.
pub fn json(data: &[u8]) {
    let mut file = b"[{\"name\":\"x\",\"email\":\"x@x.test\"},".to_vec();
    file.extend_from_slice(data);
    use_file(&file);
    let mut lines = b"{\"name\":\"x\",\"email\":\"x@x.test\"}\n".to_vec();
    lines.extend_from_slice(data);
    use_file(&lines);
}

/// # Panics
/// Where a text is not in the encoding chosen, or holds a NUL.
pub fn text(data: &[u8]) {
    for encoding in [None].into_iter().chain(Encoding::ALL.map(Some)) {
        if let Ok((text, found)) = decode(data, encoding) {
            assert!(encoding.is_none_or(|chosen| chosen == found));
            assert!(!text.contains('\0'));
        }
    }
}

/// Reads and checks the file as the browser does, and each row again as the server does.
///
/// # Panics
/// Where the two disagree: that is what is looked for.
fn use_file(bytes: &[u8]) {
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
