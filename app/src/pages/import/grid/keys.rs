//! Where a key takes the grid's active cell, by the WAI-ARIA grid pattern.

/// A cell by its place: the row among those that are shown, the column from the left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub row: u32,
    pub column: u32,
}

/// How far the active cell can go.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    pub rows: u32,
    pub columns: u32,
    /// Rows that Page Up and Page Down pass over.
    pub page: u32,
}

/// The cell that the key leads to; `None` for a key that is not the grid's.
#[must_use]
pub fn moved(from: Place, key: &str, ctrl: bool, extent: Extent) -> Option<Place> {
    let Place { row, column } = from;
    let last =
        Place { row: extent.rows.saturating_sub(1), column: extent.columns.saturating_sub(1) };
    let to = match (key, ctrl) {
        ("ArrowUp", false) => Place { row: row.saturating_sub(1), column },
        ("ArrowDown", false) => Place { row: row.saturating_add(1), column },
        ("ArrowLeft", false) => Place { row, column: column.saturating_sub(1) },
        ("ArrowRight", false) => Place { row, column: column.saturating_add(1) },
        ("PageUp", false) => Place { row: row.saturating_sub(extent.page), column },
        ("PageDown", false) => Place { row: row.saturating_add(extent.page), column },
        ("Home", false) | ("ArrowLeft", true) => Place { row, column: 0 },
        ("End", false) | ("ArrowRight", true) => Place { row, column: last.column },
        ("Home", true) => Place::default(),
        ("End", true) => last,
        ("ArrowUp", true) => Place { row: 0, column },
        ("ArrowDown", true) => Place { row: last.row, column },
        _ => return None,
    };
    Some(Place { row: to.row.min(last.row), column: to.column.min(last.column) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let extent = Extent { rows: 100, columns: 12, page: 14 };
        let check = |key: &str, ctrl: bool, from: (u32, u32), expected: Option<(u32, u32)>| {
            let found = moved(Place { row: from.0, column: from.1 }, key, ctrl, extent);
            assert_eq!(found.map(|place| (place.row, place.column)), expected, "{key} {ctrl}");
        };
        check("ArrowDown", false, (0, 3), Some((1, 3)));
        check("ArrowDown", false, (99, 3), Some((99, 3)));
        check("ArrowUp", false, (0, 3), Some((0, 3)));
        check("ArrowRight", false, (5, 11), Some((5, 11)));
        check("ArrowLeft", false, (5, 1), Some((5, 0)));
        check("PageDown", false, (90, 2), Some((99, 2)));
        check("PageUp", false, (20, 2), Some((6, 2)));
        check("Home", false, (20, 2), Some((20, 0)));
        check("End", false, (20, 2), Some((20, 11)));
        check("Home", true, (20, 2), Some((0, 0)));
        check("End", true, (20, 2), Some((99, 11)));
        check("ArrowDown", true, (20, 2), Some((99, 2)));
        check("Enter", false, (20, 2), None);
        check("a", true, (20, 2), None);
    }

    #[test]
    fn an_empty_grid_has_one_place() {
        let extent = Extent { rows: 0, columns: 0, page: 1 };
        assert_eq!(moved(Place::default(), "End", true, extent), Some(Place::default()));
    }
}
