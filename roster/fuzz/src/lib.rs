//! What is done with every file that can be read.

use roster::import::{
    Choices, RowStatus, Rules, SubmittedRow, check, check_submitted, checked_row, failed_csv, read,
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
}
