//! The terminal's tables as HTML.

use maud::{Markup, html};

use crate::commands::table::Table;

pub fn of(title: &str, table: &Table) -> Markup {
    let Table { head, rows } = table;
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    html! {
        section {
            h2 { (title) }
            div.table tabindex="0" role="group" aria-label=(title) {
                table {
                    @if !head.is_empty() {
                        thead {
                            tr {
                                @for (column, head) in head.iter().enumerate() {
                                    @if head.is_empty() { td {} }
                                    @else { th scope="col" class=[class(rows, column)] { (head) } }
                                }
                            }
                        }
                    }
                    tbody {
                        @for row in rows {
                            tr {
                                @for column in 0..columns {
                                    td class=[class(rows, column)] { @if let Some(cell) = row.get(column) { (cell) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Columns of numbers are aligned to the right.
fn class(rows: &[Vec<String>], column: usize) -> Option<&'static str> {
    let mut cells = rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
    let is_number = |cell: &String| cell.bytes().all(|byte| byte.is_ascii_digit());
    if cells.all(is_number) { Some("num") } else { None }
}
