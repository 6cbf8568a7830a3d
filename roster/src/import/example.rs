//! The files that people start from: made from the live field table, and clean.

use serde_json::{Map, Value};

use super::outcome::Table;
use crate::fields::Field;

#[must_use]
pub fn example_csv() -> Vec<u8> {
    let mut csv = Table::new(b',');
    csv.row(Field::ALL.map(Field::header));
    for row in 0..ROWS {
        csv.row(Field::ALL.map(|field| field.examples()[row]));
    }
    csv.into_bytes()
}

#[must_use]
pub fn example_json() -> Vec<u8> {
    let technicians = (0..ROWS).map(|row| {
        let cells = Field::ALL.map(|field| (field, field.examples()[row]));
        let cells = cells.into_iter().filter(|(_, text)| !text.is_empty());
        Value::Object(
            cells.map(|(field, text)| (field.key().to_owned(), value(field, text))).collect(),
        )
    });
    let mut file = Map::new();
    file.insert("technicians".to_owned(), technicians.collect());
    let mut json = serde_json::to_vec_pretty(&file).unwrap_or_default();
    json.push(b'\n');
    json
}

const ROWS: usize = Field::Name.examples().len();

fn value(field: Field, text: &str) -> Value {
    if field.default().is_some() {
        Value::Bool(text == "true")
    } else {
        Value::String(text.to_owned())
    }
}
