//! `muster check`, `import` and `export`: exit codes, lines of JSON, and that what goes out comes
//! back as it was.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::{Output, Stdio};

use serde_json::{Map, Value};

use super::support::{Place, fixture, json_lines, text};

fn check(place: &Place, file: &str, more: &[&str]) -> Output {
    let mut arguments = vec!["check", file];
    arguments.extend(more);
    place.run(&arguments)
}

/// Each problem as "line column: message".
fn problems(lines: &[Value]) -> Vec<String> {
    let of_line = |line: &Value| {
        let problems = line["problems"].as_array().cloned().unwrap_or_default();
        let number = line["line"].clone();
        problems.into_iter().map(move |problem| {
            let column = problem["column"].as_str().unwrap_or("row").to_owned();
            format!("{number} {column}: {}", problem["message"].as_str().unwrap())
        })
    };
    lines.iter().flat_map(of_line).collect()
}

#[test]
fn check_says_every_code_at_the_right_line() {
    let place = Place::new();
    let file = fixture("every-code.csv");
    let output = check(&place, file.to_str().unwrap(), &["--groups-in-file", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let lines = json_lines(&output.stdout);
    let expected = std::fs::read_to_string(fixture("every-code.txt")).unwrap();
    assert_eq!(problems(&lines), expected.lines().collect::<Vec<_>>());

    let (summary, rows) = lines.split_last().unwrap();
    let summary = &summary["summary"];
    assert_eq!(summary["rows"].as_u64(), Some(rows.len() as u64));
    let with = |status: &str| rows.iter().filter(|row| row["status"] == status).count() as u64;
    assert_eq!(summary["ok"], with("ok"));
    assert_eq!(summary["warnings"], with("warning"));
    assert_eq!(summary["errors"], with("error"));
    assert_eq!((&summary["encoding"], &summary["format"]), (&"utf-8".into(), &"csv".into()));
    assert!(!place.path("muster.db").exists(), "no database is needed");
}

#[test]
fn check_reads_every_sample() {
    let place = Place::new();
    for (name, format, encoding) in [
        ("technicians.csv", "csv", "utf-8"),
        ("german-spreadsheet.csv", "csv", "windows-1252"),
        ("unicode-text.txt", "csv", "utf-16le"),
        ("technicians.json", "json", "utf-8"),
        ("technicians.ndjson", "ndjson", "utf-8"),
    ] {
        let file = fixture("samples").join(name);
        let output = check(&place, file.to_str().unwrap(), &["--json"]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
        let lines = json_lines(&output.stdout);
        let summary = &lines.last().unwrap()["summary"];
        assert_eq!(
            (summary["format"].as_str(), summary["encoding"].as_str()),
            (Some(format), Some(encoding))
        );
        assert_eq!(lines[0]["values"]["password"], "set", "{name}");
        assert!(lines[0]["values"]["enabled"].is_boolean());
    }
}

#[test]
fn check_takes_it_that_a_group_will_be_chosen_unless_told() {
    let place = Place::new();
    let file = place.write("a.csv", "Name,Email,Password\nAda,ada@x.example,Kt4?wZuLp9\n");
    let file = file.to_str().unwrap();
    assert_eq!(check(&place, file, &[]).status.code(), Some(0));
    let output = check(&place, file, &["--groups-in-file"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(said.contains("Technician Group ID") && said.contains("(group.required)"), "{said}");
    assert!(said.contains("1 row: 0 fine, 0 with warnings, 1 with errors."), "{said}");
}

#[test]
fn a_file_that_cannot_be_read_ends_with_2_and_says_why() {
    let place = Place::new();
    for entry in std::fs::read_dir(fixture("files")).unwrap() {
        let file = entry.unwrap().path();
        let code = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let output = check(&place, file.to_str().unwrap(), &["--json"]);
        assert_eq!(output.status.code(), Some(2), "{code}");
        let lines = json_lines(&output.stdout);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["file_error"]["code"], code.as_str());
        assert!(lines[0]["file_error"]["message"].is_string());
        let output = check(&place, file.to_str().unwrap(), &[]);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        assert!(text(&output.stderr).contains(&format!("({code})")), "{}", text(&output.stderr));
    }
    let output = check(&place, "gone.csv", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("muster: gone.csv can't be read:"));
}

#[test]
fn standard_input_is_a_file_too() {
    let place = Place::new();
    let output = place.run_with(&["check", "-", "--json"], b"Name,Email\nAda,ada@x.example\n");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(json_lines(&output.stdout)[0]["problems"][0]["code"], "password.none");
}

fn import(place: &Place, file: &str, more: &[&str]) -> Output {
    let mut arguments = vec!["import", file, "--json"];
    arguments.extend(more);
    place.run(&arguments)
}

#[test]
fn import_says_what_became_of_every_row() {
    let place = Place::set_up();
    place.ok(&["group", "add", "Support/Tier 1"]);
    let file = place.write(
        "people.csv",
        "Name,Email,Password\n\
         Ada,ada.l@x.example,Kt4?wZuLp9\n\
         Bob,bob@x.example,weak\n\
         Cem,northwind,\n\
         Dan,dan@x.example,\n",
    );
    let output = import(&place, file.to_str().unwrap(), &["--group", "support/tier 1"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let lines = json_lines(&output.stdout);
    let outcomes: Vec<_> =
        lines[..4].iter().map(|line| line["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["created", "failed", "failed", "created"]);
    assert_eq!(lines[1]["line"], 3);
    assert_eq!(lines[1]["problems"][0]["code"], "password.too_weak");
    assert_eq!(lines[3]["problems"][0]["code"], "password.none");
    let summary = &lines[4]["summary"];
    assert_eq!(
        (&summary["rows"], &summary["created"], &summary["failed"]),
        (&4.into(), &2.into(), &2.into())
    );
    assert!(!text(&output.stdout).contains("Kt4?wZuLp9"), "never a password");

    let again =
        json_lines(&import(&place, file.to_str().unwrap(), &["--group", "Support/Tier 1"]).stdout);
    assert_eq!(again[0]["outcome"], "skipped");
    assert_eq!(again[0]["problems"][0]["code"], "email.in_use");
}

/// Stopped in the middle, the same command goes on: every row once, all of them reported.
#[test]
fn an_import_that_was_stopped_goes_on() {
    let place = Place::set_up();
    place.ok(&["group", "add", "Support"]);
    let file = sample(&place, 500, |_| ());
    let arguments = ["import", &file, "--group", "Support", "--json"];
    let mut stopped = place.muster(&arguments).stdout(Stdio::piped()).spawn().unwrap();
    // The first rows are reported when the first chunks are done.
    stopped.stdout.take().unwrap().read_exact(&mut [0]).unwrap();
    stopped.kill().unwrap();
    assert!(!stopped.wait().unwrap().success(), "it was stopped in the middle");
    assert!(!exported_people(&place).is_empty());

    let output = place.run(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = json_lines(&output.stdout);
    let (summary, rows) = lines.split_last().unwrap();
    assert!(rows.iter().all(|row| row["outcome"] == "created"));
    assert_eq!(summary["summary"]["created"], rows.len());
    assert_eq!(exported_people(&place).len(), rows.len());
}

#[test]
fn import_refuses_a_group_that_is_not_there() {
    let place = Place::set_up();
    let file = place.write("a.csv", "Name,Email\nAda,ada@x.example\n");
    let output = import(&place, file.to_str().unwrap(), &["--group", "Nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.starts_with("muster: --group: There is no Technician Group"), "{said}");
}

#[test]
fn a_dry_run_imports_nothing() {
    let place = Place::set_up();
    let id = place.ok(&["group", "add", "Support"]);
    let file = fixture("samples").join("technicians.csv");
    let output = import(&place, file.to_str().unwrap(), &["--group", id.trim(), "--dry-run"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = json_lines(&output.stdout);
    assert_eq!(lines[0]["outcome"], "created");
    let summary = &lines.last().unwrap()["summary"];
    assert_eq!((&summary["import"], &summary["failed"]), (&Value::Null, &0.into()));
    assert_eq!(summary["created"], lines.len() - 1);
    assert_eq!(place.ok(&["export"]).lines().count(), 1, "the heading alone");
}

const FIRST: &str = "Name,Email,Nickname\nAda,ada.l@x.example,Ad\nBob,bob@x.example,\n";
const SECOND: &str = "Name,Email,Enabled\nAda L.,ada.l@x.example,\nBob,bob@x.example,yes\n\
                      Cem,cem@x.example,no\n";

fn outcomes(output: &Output) -> Vec<String> {
    let lines = json_lines(&output.stdout);
    let outcome = |line: &Value| line["outcome"].as_str().map(str::to_owned);
    lines.iter().filter_map(outcome).collect()
}

#[test]
fn import_updates_whoever_is_there() {
    let place = Place::set_up();
    place.ok(&["group", "add", "Support"]);
    place.ok(&["group", "add", "Sales/East"]);
    let first = place.write("first.csv", FIRST);
    import(&place, first.to_str().unwrap(), &["--group", "Support"]);
    let second = place.write("second.csv", SECOND);
    let second = second.to_str().unwrap();
    let update = ["--group", "Sales/East", "--existing", "update"];

    let preview = import(&place, second, &[&update[..], &["--dry-run"]].concat());
    assert_eq!(preview.status.code(), Some(0), "{}", text(&preview.stderr));
    assert_eq!(outcomes(&preview), ["updated", "updated", "created"]);
    let changes = json_lines(&preview.stdout)[0]["changes"].clone();
    let expected = serde_json::json!([
        { "field": "name", "before": "Ada", "after": "Ada L." },
        { "field": "group", "before": "Support", "after": "Sales / East" },
    ]);
    assert_eq!(changes, expected);
    assert_eq!(place.ok(&["export"]).lines().count(), 3, "nothing is written");

    let output = import(&place, second, &update);
    assert_eq!(outcomes(&output), ["updated", "updated", "created"]);
    assert_eq!(json_lines(&output.stdout)[0]["changes"], expected, "as it was foreseen");
    let again = import(&place, second, &update);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stdout));
    assert_eq!(outcomes(&again), ["unchanged", "unchanged", "unchanged"]);
    assert!(place.ok(&["export"]).contains("Ada L.,Ad,ada.l@x.example"));

    let said = place.run(&["import", second, "--group", "Support", "--dry-run"]);
    let said = text(&said.stdout);
    assert!(said.contains("3 rows: 3 skipped.") && said.contains("dry run"), "{said}");
}

#[test]
fn import_takes_all_rows_or_none() {
    let place = Place::set_up();
    place.ok(&["group", "add", "Support"]);
    let first = place.write("first.csv", FIRST);
    let all = ["--group", "Support", "--all-or-nothing"];
    let output = import(&place, first.to_str().unwrap(), &all);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert_eq!(outcomes(&output), ["created", "created"]);
    assert!(json_lines(&output.stdout)[1]["account"].is_number(), "what became of it is known");

    let second = place.write("second.csv", SECOND);
    let output = import(&place, second.to_str().unwrap(), &all);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(outcomes(&output), ["failed", "failed", "skipped"]);
    let lines = json_lines(&output.stdout);
    assert_eq!(lines[0]["problems"][1]["code"], "email.in_use");
    assert_eq!(lines[2]["problems"], serde_json::json!([]));
    assert_eq!(lines[3]["summary"]["created"], 0);
    assert_eq!(place.ok(&["export"]).lines().count(), 3);
}

/// The first people of a sample, changed.
fn sample(place: &Place, people: usize, change: fn(&mut Map<String, Value>)) -> String {
    let sample = std::fs::read(fixture("samples").join("technicians.json")).unwrap();
    let mut sample: Value = serde_json::from_slice(&sample).unwrap();
    let all = sample["technicians"].as_array_mut().unwrap();
    all.truncate(people);
    all.iter_mut().filter_map(Value::as_object_mut).for_each(change);
    let file = place.write("sample.json", serde_json::to_vec_pretty(&sample).unwrap());
    file.to_str().unwrap().to_owned()
}

/// By email: in which order accounts were made is no part of what they are.
fn exported_people(place: &Place) -> BTreeMap<String, Value> {
    let exported: Value = serde_json::from_str(&place.ok(&["export", "--format", "json"])).unwrap();
    let people = exported["technicians"].as_array().unwrap().iter();
    people.map(|person| (person["email"].as_str().unwrap().to_owned(), person.clone())).collect()
}

#[test]
fn what_is_exported_imports_as_the_same() {
    let place = Place::set_up();
    let id = place.ok(&["group", "add", "Support"]);
    place.ok(&["group", "add", "Sales"]);
    let tricky = "Name,Nickname,Email,Single Sign-On ID,Description,Enabled,Standard License,Mobile License\n\
        =SUM(A1),'quoted,formula@x.example,=1+1,\"two\nlines, \"\"quoted\"\"\",no,yes,no\n\
        '=SUM(A1),@at,guarded@x.example,,+49 30,yes,no,yes\n\
        山本 良平,,ryōhei@例え.example,sso-1,-dash,yes,yes,yes\n";
    let file = place.write("tricky.csv", tricky);
    let first = import(&place, file.to_str().unwrap(), &["--group", id.trim()]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stdout));
    let sample = sample(&place, 500, |person| drop(person.remove("password")));
    let samples = import(&place, &sample, &["--group", "Sales"]);
    assert_eq!(samples.status.code(), Some(0), "{}", text(&samples.stdout));

    for format in ["csv", "json"] {
        let exported = place.ok(&["export", "--format", format]);
        let other = Place::set_up();
        assert_eq!(other.ok(&["group", "add", "Support"]), id);
        other.ok(&["group", "add", "Sales"]);
        let file = other.write("exported", &exported);
        let output = import(&other, file.to_str().unwrap(), &[]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
        assert!(exported_people(&other) == exported_people(&place), "{format}");
    }
    let support = place.ok(&["export", "--group", "Support"]);
    assert!(support.contains("formula@x.example") && !support.contains("kielan0"), "{support}");
}
