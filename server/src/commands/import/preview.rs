//! `muster import --dry-run`: what would become of every row, by the decision that the import
//! itself goes by. Nothing is written.

use std::collections::HashMap;

use operations::{Operations, groups, imports};
use roster::authority::Caller;
use roster::fields::{self, Field};
use roster::id::GroupId;
use roster::import::{
    COMPARE_ROWS, Change, Checked, CompareRow, Comparison, Difference, Existing, Outcome,
    RowResult, Sheet, SubmittedRow, Verdict,
};
use roster::problem::{Code, Problem};

use super::report::Report;
use crate::failure::Result;

/// A row that is asked about, and what is wrong with it by itself.
struct Asked {
    row: SubmittedRow,
    problems: Vec<Problem>,
    /// `None`: it has an error.
    compared: Option<CompareRow>,
}

pub async fn rows(
    operations: &Operations,
    caller: &Caller,
    wish: (Option<GroupId>, Existing),
    sheet: &Sheet,
    checked: &Checked,
    report: &mut Report,
) -> Result<()> {
    let (group, existing) = wish;
    let mut paths = HashMap::new();
    let all: Vec<usize> = (0..sheet.row_count()).collect();
    for part in all.chunks(COMPARE_ROWS) {
        let asked: Vec<Asked> =
            part.iter().map(|row| asked(sheet, checked, *row, group.is_some())).collect();
        let rows = asked.iter().filter_map(|asked| asked.compared.clone()).collect();
        let wish = Comparison { existing, group, rows };
        let answer = imports::compare(operations, caller, wish).await?;
        for (asked, verdict) in
            asked.iter().filter(|it| it.compared.is_some()).zip(&answer.verdicts)
        {
            let new = new_group(&asked.row, verdict, group).filter(|id| !paths.contains_key(id));
            if let Some(id) = new {
                paths.insert(id, groups::see(operations, caller, id).await?.path.label());
            }
        }
        let mut verdicts = answer.verdicts.into_iter();
        let after = |row: &SubmittedRow, field| after(row, field, group, &paths);
        let results = asked.into_iter().map(|asked| {
            let verdict = asked.compared.is_some().then(|| verdicts.next()).flatten();
            result(asked, verdict, existing, after)
        });
        report.rows(results.collect())?;
    }
    Ok(())
}

fn asked(sheet: &Sheet, checked: &Checked, row: usize, group_chosen: bool) -> Asked {
    let problems = checked.problems_of(sheet, row);
    let row = sheet.submitted(row, checked);
    let compared = if problems.iter().any(Problem::is_error) {
        None
    } else {
        CompareRow::of(&row.values, group_chosen)
    };
    Asked { row, problems, compared }
}

fn result(
    asked: Asked,
    verdict: Option<Verdict>,
    existing: Existing,
    after: impl Fn(&SubmittedRow, Field) -> String,
) -> RowResult {
    let Asked { row, mut problems, .. } = asked;
    let name = row.values.name.clone().unwrap_or_default();
    let email = row.values.email.clone().unwrap_or_default();
    let (mut account, mut changes) = (None, Vec::new());
    let outcome = match verdict {
        Some(Verdict::Create) => Outcome::Created,
        Some(Verdict::Unchanged) => Outcome::Unchanged,
        Some(Verdict::Update(update)) => {
            account = Some(update.account);
            let change = |Difference { field, before }| {
                let after = after(&row, field);
                Change { field, before, after }
            };
            changes = update.differences.into_iter().map(change).collect();
            Outcome::Updated
        }
        Some(Verdict::Skip) => {
            let message = format!("“{email}” belongs to an account already.");
            problems.push(Problem::on(Field::Email, Code::EmailInUse, message));
            Outcome::Skipped
        }
        Some(Verdict::Conflict(problem)) => {
            let left_alone = existing == Existing::Skip && problem.code == Code::EmailInUse;
            problems.push(problem);
            if left_alone { Outcome::Skipped } else { Outcome::Failed }
        }
        None => Outcome::Failed,
    };
    RowResult {
        line: row.line,
        outcome,
        name,
        email,
        account,
        problems,
        place: 0,
        changes,
        reversal: None,
    }
}

/// The group that an update moves somebody to.
fn new_group(row: &SubmittedRow, verdict: &Verdict, chosen: Option<GroupId>) -> Option<GroupId> {
    let Verdict::Update(update) = verdict else { return None };
    let moves = update.differences.iter().any(|difference| difference.field == Field::Group);
    moves.then(|| chosen.or_else(|| named_group(row))).flatten()
}

fn named_group(row: &SubmittedRow) -> Option<GroupId> {
    fields::group(row.values.get(Field::Group).unwrap_or_default()).ok().flatten()
}

/// The row's value as people read it.
fn after(
    row: &SubmittedRow,
    field: Field,
    chosen: Option<GroupId>,
    paths: &HashMap<GroupId, String>,
) -> String {
    let text = row.values.get(field).unwrap_or_default();
    if field == Field::Group {
        let group = chosen.or_else(|| named_group(row));
        return group.and_then(|group| paths.get(&group)).cloned().unwrap_or_default();
    }
    match field.default().and_then(|_| fields::boolean(field, text).ok()) {
        Some(yes) => if yes { "yes" } else { "no" }.to_owned(),
        None => text.to_owned(),
    }
}
