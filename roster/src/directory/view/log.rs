//! The Active Directory Logger's file, line by line: CSV without cells that a spreadsheet would execute.

use std::fmt::Write;

use super::{ChangeLine, EventLine, ProblemLine, RunLine};
use crate::import::guard;

const COLUMNS: [&str; 10] =
    ["Kind", "When", "Directory", "Run", "What", "Code", "Name", "Email", "GUID", "Message"];

/// The first line, after the byte order mark by which spreadsheets recognize UTF-8.
#[must_use]
pub fn head() -> Vec<u8> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.extend(row(COLUMNS.map(str::to_owned)));
    bytes
}

#[must_use]
pub fn problem(line: &ProblemLine) -> Vec<u8> {
    let seen = format!("seen {} times since {}", line.times, line.first_at.rfc3339());
    row([
        "problem".to_owned(),
        line.last_at.rfc3339(),
        line.domain.clone(),
        String::new(),
        seen,
        line.code.clone(),
        line.name.clone(),
        String::new(),
        line.subject.clone(),
        line.message.clone(),
    ])
}

#[must_use]
pub fn event(line: &EventLine) -> Vec<u8> {
    let none = String::new;
    row([
        "event".to_owned(),
        line.at.rfc3339(),
        line.domain.clone(),
        none(),
        none(),
        line.code.clone(),
        none(),
        none(),
        none(),
        line.message.clone(),
    ])
}

#[must_use]
pub fn run(line: &RunLine) -> Vec<u8> {
    let counts = &line.counts;
    let mut message = format!(
        "{} created, {} changed, {} disabled, {} enabled, {} unchanged, {} failed; by {} on {}",
        counts.created,
        counts.updated,
        counts.disabled,
        counts.enabled,
        counts.unchanged,
        counts.failed,
        line.agent,
        line.controller
    );
    if let Some(held) = &line.held {
        // Writing to a String can't fail.
        let _ = write!(message, "; {} waited: {}", held.count, held.reason);
    }
    if let Some(decided) = &line.decided {
        let _ = write!(message, "; decided by {} at {}", decided.by, decided.at.rfc3339());
    }
    if let Some(why) = &line.message {
        message.push_str("; ");
        message.push_str(why);
    }
    let none = String::new;
    row([
        "run".to_owned(),
        line.began_at.rfc3339(),
        line.domain.clone(),
        line.id.to_string(),
        line.state.label().to_owned(),
        line.state.as_str().to_owned(),
        none(),
        none(),
        none(),
        message,
    ])
}

#[must_use]
pub fn change(run: &RunLine, line: &ChangeLine) -> Vec<u8> {
    let fields: Vec<String> = line
        .fields
        .iter()
        .map(|field| format!("{}: {} → {}", field.field, field.before, field.after))
        .collect();
    let held = if line.held { "waited: " } else { "" };
    let message = [line.reason.as_str(), &fields.join("; ")];
    let message: Vec<&str> = message.into_iter().filter(|text| !text.is_empty()).collect();
    row([
        "change".to_owned(),
        run.ended_at.unwrap_or(run.began_at).rfc3339(),
        run.domain.clone(),
        run.id.to_string(),
        [held, line.kind.label()].concat(),
        line.code.clone().unwrap_or_else(|| line.kind.as_str().to_owned()),
        line.name.clone(),
        line.email.clone(),
        line.guid.to_string(),
        message.join("; "),
    ])
}

fn row(cells: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory can't fail.
    let _ = writer.write_record(cells.into_iter().map(|cell| guard(&cell).into_owned()));
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::protocol::SourceId;
    use crate::id::Timestamp;

    #[test]
    fn no_spreadsheet_executes_a_text_of_the_directory() {
        let line = EventLine {
            source: SourceId(1),
            domain: "corp.example.com".to_owned(),
            at: Timestamp(1_795_000_000_000),
            code: "ldap.failed".to_owned(),
            message: "=cmd()".to_owned(),
        };
        let text = String::from_utf8(event(&line)).unwrap();
        assert!(text.ends_with(",'=cmd()\r\n"), "{text}");
        assert_eq!(text.matches(',').count(), COLUMNS.len() - 1);
    }
}
