//! A cell's id in the document, which tells its place.

use leptos::web_sys::Element;

use super::keys::Place;

/// `cell-12-3`
#[must_use]
pub fn cell_id(place: Place) -> String {
    format!("cell-{}-{}", place.row, place.column)
}

/// The place of the cell that the element is.
#[must_use]
pub fn place_of(element: &Element) -> Option<Place> {
    parse(&element.id())
}

fn parse(id: &str) -> Option<Place> {
    let (row, column) = id.strip_prefix("cell-")?.split_once('-')?;
    Some(Place { row: row.parse().ok()?, column: column.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_the_place() {
        let place = Place { row: 999_999, column: 12 };
        assert_eq!(parse(&cell_id(place)), Some(place));
        assert_eq!(parse("import-file"), None);
        assert_eq!(parse("cell-1"), None);
    }
}
