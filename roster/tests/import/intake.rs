//! A file in slices, its first rows while it arrives, and readings that are a close call.

use roster::import::{Choices, Delimiter, Intake, Sheet};

use crate::read_found;

fn cells(sheet: &Sheet) -> Vec<Vec<String>> {
    let row =
        |row: usize| (0..sheet.width(row)).map(move |column| sheet.cell(row, column).to_owned());
    (0..sheet.row_count()).map(|number| row(number).collect()).collect()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// Small files of every kind.
fn files() -> Vec<Vec<u8>> {
    let text = "Name,Email,Description\r\nŽofie,z@x.test,\"two\r\nlines, \"\"so\"\"\"\r\n山本,r@x.test,\r\n";
    let json = "{\"users\":[{\"name\":\"Žofie\",\"email\":\"z@x.test\"},\n{\"name\":\"b\\n\",\"email\":\"b@x.test\"}]}";
    let lines =
        "{\"name\":\"A\",\"email\":\"a@x.test\"}\n{\"name\":\"B\",\"email\":\"b@x.test\"}\n";
    vec![
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        utf16(&format!("\u{feff}{text}"), u16::to_le_bytes),
        utf16(&format!("\u{feff}{text}"), u16::to_be_bytes),
        utf16(text, u16::to_le_bytes),
        b"Name;Email\nM\xfcller;m@x.test\n\x80;e@x.test\n".to_vec(),
        json.as_bytes().to_vec(),
        lines.as_bytes().to_vec(),
    ]
}

#[test]
fn cut_anywhere_it_is_the_same_file() {
    for file in files() {
        let expected = read_found(&file).unwrap();
        for cut in 0..=file.len() {
            let mut intake = Intake::with_size(file.len());
            let (first, rest) = file.split_at(cut);
            intake.push(first);
            if let Some(glimpse) = intake.glimpse(&Choices::default()) {
                let (seen, all) = (cells(&glimpse), cells(&expected));
                assert!(seen.len() <= all.len() && !seen.is_empty());
                // What was seen stays, but for a last row that goes on.
                if glimpse.delimiter() == expected.delimiter()
                    && glimpse.headers() == expected.headers()
                {
                    assert_eq!(seen[..seen.len() - 1], all[..seen.len() - 1]);
                }
            }
            intake.push(rest);
            let found = intake.read(&Choices::default(), &mut |_| ()).unwrap();
            assert_eq!(cells(&found), cells(&expected));
            assert_eq!((found.encoding(), found.size()), (expected.encoding(), file.len()));
        }
    }
}

#[test]
fn a_glimpse_is_short_and_whole() {
    let rows = |text: &str| {
        let mut intake = Intake::default();
        intake.push(text.as_bytes());
        intake.glimpse(&Choices::default()).map(|sheet| sheet.row_count())
    };
    let many = format!("Name,Email\n{}", "A,a@x.test\n".repeat(1000));
    assert_eq!(rows(&many), Some(200));
    assert_eq!(rows("Name,Em"), None);
    assert_eq!(rows("Name,Email\nA,a@x.test\nB,b@"), Some(1));
    assert_eq!(rows("Name,Email\nA,a@x.test\nB,\"b\n"), Some(1));
    let json = format!("[{}", "{\"name\":\"A\",\"email\":\"a@x.test\"},\n".repeat(1000));
    assert_eq!(rows(&json), Some(200));
    assert_eq!(rows("[{\"name\":\"A\"},\n{\"name\":\n\"B"), Some(1));
    assert_eq!(rows("%PDF-1.7\n"), None);
}

#[test]
fn a_close_call_is_told() {
    let check = |text: &str, expected: Option<(Delimiter, &str)>| {
        let choices = Choices { lenient: true, ..Choices::default() };
        let sheet = roster::import::read(text.as_bytes(), &choices, &mut |_| ()).unwrap();
        let other = sheet.other_reading();
        let shown = other.as_ref().map(|other| {
            let rows: Vec<_> = other.sample.iter().map(|row| row.join("|")).collect();
            (other.choices.delimiter.unwrap(), rows.join("/"))
        });
        assert_eq!(shown, expected.map(|(delimiter, rows)| (delimiter, rows.to_owned())), "{text}");
    };
    check("Name,Email\nA;B,a@x.test\n", None);
    check(
        "Name;Email,Description\nA;a@x.test,x\n",
        Some((Delimiter::Semicolon, "Name|Email,Description/A|a@x.test,x")),
    );
    check("sep=;\nName;Email,Description\nA;a@x.test,x\n", None);
    check(
        "Email,Password;Name\na@x.test,Vq7!mReXb2;A\n",
        Some((Delimiter::Semicolon, "Email,Password|Name/•••|A")),
    );
}

#[test]
fn a_sample_has_no_password() {
    let sheet = read_found(b"Name,Email,Password\nA,a@x.test,Vq7!mReXb2\nB,b@x.test,\n").unwrap();
    assert_eq!(
        sheet.sample(9),
        [["Name", "Email", "Password"], ["A", "a@x.test", "•••"], ["B", "b@x.test", ""]]
    );
}
