//! Tables as the terminal has them, as HTML.

use maud::{Markup, html};

/// Numbers are compared at their ends.
fn class(cell: &str) -> Option<&'static str> {
    let number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
    if number { Some("num") } else { None }
}

/// The first row is the head, if it is written like one.
pub fn of(title: &str, rows: &[Vec<String>]) -> Markup {
    let is_head = |row: &[String]| row.iter().all(|cell| *cell == cell.to_uppercase());
    let (head, rows) = match rows.split_first() {
        Some((head, rest)) if is_head(head) => (Some(head), rest),
        _ => (None, rows),
    };
    html! {
        section {
            h2 { (title) }
            div.table tabindex="0" role="group" aria-label=(title) {
                table {
                    @if let Some(head) = head { thead { tr { @for cell in head { th scope="col" { (sentence(cell)) } } } } }
                    tbody { @for row in rows { tr { @for cell in row { td class=[class(cell)] { (cell) } } } } }
                }
            }
        }
    }
}

/// "AD GROUP" at the terminal, where there is no bold.
fn sentence(head: &str) -> String {
    if let Some(rest) = head.strip_prefix("AD ") {
        return format!("AD {}", rest.to_lowercase());
    }
    let mut letters = head.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_string() + &letters.as_str().to_lowercase())
}
