//! Cells and rows that are changed after the file was read. Nothing is overwritten: what stood
//! there before is handed back, and taken again undoes the change.

use super::{ABSENT, Arena, IN_EXTRA, LONG, Place, Span, narrow, wide};

/// Vectors as large as the file must not double for a single row.
const ROOM: usize = 4096;

impl Arena {
    /// The number of a cell that is there.
    pub fn number(&self, row: usize, column: usize) -> Option<u32> {
        let cells = self.cells_of(row);
        (column < cells.len()).then(|| narrow(cells.start + column))
    }

    fn span(&self, cell: usize) -> Span {
        let len = match self.lens[cell] {
            LONG => self.long.get(&narrow(cell)).copied().unwrap_or_default(),
            len => u32::from(len),
        };
        Span { start: self.starts[cell], len }
    }

    /// Points the cell to another text, and hands back where it pointed to.
    pub fn exchange(&mut self, cell: u32, span: Span) -> Span {
        let at = wide(cell);
        let before = self.span(at);
        self.starts[at] = span.start;
        self.set_len(at, span.len);
        before
    }

    /// A place with so many cells: the row's own, and then empty ones.
    pub fn widened(&mut self, row: usize, width: usize) -> Place {
        let own = self.cells_of(row);
        let first = self.starts.len();
        if self.starts.capacity() < first + width {
            self.starts.reserve_exact(width + ROOM);
            self.lens.reserve_exact(width + ROOM);
        }
        for at in 0..width {
            let span = if at < own.len() { self.span(own.start + at) } else { Span::EMPTY };
            self.push(span);
        }
        (narrow(first), narrow(first + width))
    }

    /// The row's first cells alone.
    pub fn narrowed(&self, row: usize, width: usize) -> Place {
        let own = self.cells_of(row);
        (narrow(own.start), narrow(own.start + width.min(own.len())))
    }

    /// Lays the row elsewhere, and hands back where it lay; `None`: where it was read.
    pub fn relocate(&mut self, row: u32, place: Option<Place>) -> Option<Place> {
        match place {
            Some(place) => self.moved.insert(row, place),
            None => self.moved.remove(&row),
        }
    }

    /// How much text was unescaped and edited.
    pub fn extra_len(&self) -> usize {
        self.extra.len()
    }

    /// Forgets edited texts that no cell points to any more.
    pub fn cut_extra(&mut self, len: usize) {
        self.extra.truncate(len.max(self.read_extra));
    }

    /// The cell's text was put there after the file was read.
    pub fn is_edited(&self, row: usize, column: usize) -> bool {
        self.number(row, column).is_some_and(|cell| {
            let start = self.starts[wide(cell)];
            start != ABSENT && start & IN_EXTRA != 0 && wide(start & !IN_EXTRA) >= self.read_extra
        })
    }
}
