//! Where the grid's rows lie: a pure computation. Browsers cap an element's height near 16 million
//! pixels, so beyond [`LONGEST`] the scroll space is shorter than its rows and scrolling is scaled.

use std::ops::Range;

/// Height of a row in pixels; the style sheet's `--row`.
pub const ROW: f64 = 34.0;
/// The scroll space's height, at most.
const LONGEST: f64 = 8_000_000.0;
/// Rows are laid out in bundles, so that not every step of a scroll is a change.
const BUNDLE: u32 = 8;

/// So many rows, seen through a window of so many pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Geometry {
    pub rows: u32,
    pub view: f64,
}

impl Geometry {
    /// The height of the scroll space.
    #[must_use]
    pub fn space(&self) -> f64 {
        self.height().min(LONGEST)
    }

    fn height(&self) -> f64 {
        f64::from(self.rows) * ROW
    }

    fn is_scaled(&self) -> bool {
        self.height() > LONGEST
    }

    /// How many pixels of rows lie above the window at this scroll position.
    fn above(&self, scroll: f64) -> f64 {
        if !self.is_scaled() {
            return scroll.max(0.0);
        }
        let share = scroll / (self.space() - self.view).max(1.0);
        share.clamp(0.0, 1.0) * (self.height() - self.view)
    }

    /// The scroll position that has so many pixels of rows above the window.
    fn scroll_for(&self, above: f64) -> f64 {
        let above = above.clamp(0.0, (self.height() - self.view).max(0.0));
        if !self.is_scaled() {
            return above;
        }
        above / (self.height() - self.view) * (self.space() - self.view)
    }

    /// Rows that fit into the window, one at least.
    #[must_use]
    pub fn page(&self) -> u32 {
        whole(self.view / ROW).max(1)
    }

    /// The rows to lay out at this scroll position: those that can be seen, and a few beyond.
    #[must_use]
    pub fn visible(&self, scroll: f64) -> Range<u32> {
        let first = whole(self.above(scroll) / ROW);
        let end = (first + self.page() + 2).next_multiple_of(BUNDLE).saturating_add(BUNDLE);
        let start = (first - first % BUNDLE).saturating_sub(BUNDLE);
        start.min(self.rows)..end.min(self.rows)
    }

    /// Where a row's upper edge lies in the scroll space.
    #[must_use]
    pub fn top(&self, row: u32, scroll: f64) -> f64 {
        let place = f64::from(row) * ROW;
        if self.is_scaled() { place - self.above(scroll) + scroll } else { place }
    }

    /// Whether a row's place depends on the scroll position.
    #[must_use]
    pub fn floats(&self) -> bool {
        self.is_scaled()
    }

    /// Where to scroll so that the whole row can be seen; `None` where it can be already.
    #[must_use]
    pub fn reveal(&self, row: u32, scroll: f64) -> Option<f64> {
        let top = f64::from(row) * ROW;
        let above = self.above(scroll);
        if top < above {
            Some(self.scroll_for(top))
        } else if top + ROW > above + self.view {
            Some(self.scroll_for(top + ROW - self.view))
        } else {
            None
        }
    }
}

/// The whole part of a count that is never negative and far below 2³².
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
fn whole(value: f64) -> u32 {
    value.max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: f64 = 500.0;

    #[test]
    fn few_rows_lie_where_they_are() {
        let geometry = Geometry { rows: 100, view: VIEW };
        assert!((geometry.space() - 3400.0).abs() < 1e-9);
        assert_eq!(geometry.visible(0.0), 0..24);
        assert_eq!(geometry.visible(340.0), 0..40);
        assert_eq!(geometry.visible(3400.0 - VIEW), 72..100);
        assert!((geometry.top(7, 123.0) - 238.0).abs() < 1e-9);
    }

    #[test]
    fn a_million_rows_scroll_to_the_last() {
        let geometry = Geometry { rows: 1_000_000, view: VIEW };
        assert!(geometry.space() <= LONGEST);
        let end = geometry.space() - VIEW;
        assert_eq!(geometry.visible(end).end, 1_000_000);
        assert_eq!(geometry.visible(0.0).start, 0);
        let bottom = geometry.top(999_999, end) + ROW;
        assert!((bottom - geometry.space()).abs() < 1.0, "{bottom}");
    }

    #[test]
    fn a_revealed_row_can_be_seen() {
        for rows in [1, 10, 1000, 300_000, 1_000_000] {
            let geometry = Geometry { rows, view: VIEW };
            for row in [0, rows / 3, rows / 2, rows - 1] {
                for from in [0.0, geometry.space() / 2.0, geometry.space()] {
                    let from = from.min((geometry.space() - VIEW).max(0.0));
                    let scroll = geometry.reveal(row, from).unwrap_or(from);
                    let top = geometry.top(row, scroll) - scroll;
                    assert!((-0.1..=VIEW - ROW + 0.1).contains(&top), "{rows} {row} {from}: {top}");
                    assert!(geometry.visible(scroll).contains(&row));
                }
            }
        }
    }
}
