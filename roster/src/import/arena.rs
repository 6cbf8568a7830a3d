//! A file's cells without a string for each: one text, and per cell where it begins and how long
//! it is. Cells that had to be unescaped, and later those that are edited, lie in a second text.

mod edit;

use rustc_hash::FxHashMap;

use super::limit;

/// Cells whose start has this bit lie in the second text. Neither text reaches it: 256 MiB of any
/// encoding are at most 768 MiB of UTF-8.
const IN_EXTRA: u32 = 1 << 31;
/// A cell that isn't there: a key that a JSON object lacks.
const ABSENT: u32 = u32::MAX;
/// The length of cells over the limit stands in `long`.
const LONG: u16 = u16::MAX;

/// Counts in an arena fit 32 bits, by the limits; so this never cuts.
pub(super) fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub(super) fn wide(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Where a cell's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    len: u32,
}

impl Span {
    pub const EMPTY: Self = Self { start: 0, len: 0 };

    /// In the file's text.
    pub fn of_text(start: usize, end: usize) -> Self {
        Self { start: narrow(start), len: narrow(end - start) }
    }
}

/// A row's cells: the first, and the one after the last.
pub(super) type Place = (u32, u32);

#[derive(Clone, Debug, Default)]
pub(super) struct Arena {
    text: String,
    extra: String,
    starts: Vec<u32>,
    lens: Vec<u16>,
    /// Lengths over the limit, by cell.
    long: FxHashMap<u32, u32>,
    /// Each row's first cell.
    rows: Vec<u32>,
    /// The line on which each row begins.
    lines: Vec<u32>,
    /// Rows that were made longer or shorter: where their cells are now.
    moved: FxHashMap<u32, Place>,
    /// What lies in the second text from here on was edited in.
    read_extra: usize,
    /// As many cells the file has; what comes after them was made room for.
    read_cells: Option<usize>,
}

impl Arena {
    /// Rows are added by `begin_row` and `push`; the text is put in when they are all there, so
    /// that a reader may look at it meanwhile.
    pub fn set_text(&mut self, text: String) {
        self.text = text;
        self.starts.shrink_to_fit();
        self.lens.shrink_to_fit();
        self.read_extra = self.extra.len();
        self.read_cells = Some(self.starts.len());
    }

    /// Room for so many cells, where that is known about.
    pub fn reserve(&mut self, rows: usize, cells: usize) {
        self.rows.reserve(rows);
        self.lines.reserve(rows);
        self.starts.reserve(cells);
        self.lens.reserve(cells);
    }

    pub fn begin_row(&mut self, line: u32) {
        self.rows.push(narrow(self.starts.len()));
        self.lines.push(line);
    }

    /// Takes the last row away, with its cells.
    pub fn drop_row(&mut self) {
        if let Some(first) = self.rows.pop() {
            self.lines.pop();
            self.starts.truncate(wide(first));
            self.lens.truncate(wide(first));
            self.long.retain(|cell, _| *cell < first);
        }
    }

    pub fn push(&mut self, span: Span) {
        self.starts.push(span.start);
        self.lens.push(0);
        self.set_len(self.lens.len() - 1, span.len);
    }

    pub fn push_absent(&mut self) {
        self.starts.push(ABSENT);
        self.lens.push(0);
    }

    /// Puts text that stands nowhere in the file so.
    pub fn extra(&mut self, write: impl FnOnce(&mut String)) -> Span {
        let start = self.extra.len();
        write(&mut self.extra);
        Span { start: narrow(start) | IN_EXTRA, len: narrow(self.extra.len() - start) }
    }

    /// Fills a cell of the last row.
    pub fn fill(&mut self, column: usize, span: Span) {
        let cell = self.rows.last().map_or(0, |first| wide(*first)) + column;
        self.starts[cell] = span.start;
        self.set_len(cell, span.len);
    }

    fn set_len(&mut self, cell: usize, len: u32) {
        if wide(len) <= limit::CELL_BYTES {
            self.lens[cell] = u16::try_from(len).unwrap_or(LONG);
        } else {
            self.lens[cell] = LONG;
            self.long.insert(narrow(cell), len);
        }
    }

    /// The last row's cell has been filled.
    pub fn is_filled(&self, column: usize) -> bool {
        let cell = self.rows.last().map_or(0, |first| wide(*first)) + column;
        self.starts.get(cell).is_some_and(|start| *start != ABSENT)
    }

    /// The file's own text.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    pub fn line(&self, row: usize) -> u32 {
        self.lines.get(row).copied().unwrap_or_default()
    }

    pub fn cells_of(&self, row: usize) -> std::ops::Range<usize> {
        let Some(first) = self.rows.get(row) else { return 0..0 };
        if !self.moved.is_empty()
            && let Some((first, end)) = self.moved.get(&narrow(row))
        {
            return wide(*first)..wide(*end);
        }
        let end = match self.rows.get(row + 1) {
            Some(next) => wide(*next),
            None => self.read_cells.unwrap_or(self.starts.len()),
        };
        wide(*first)..end
    }

    /// How many cells the row has, absent ones too; more or fewer than there are columns, perhaps.
    pub fn width(&self, row: usize) -> usize {
        self.cells_of(row).len()
    }

    /// Bytes of the row's cells together; of one over the limit no more than that.
    pub fn row_bytes(&self, row: usize) -> usize {
        self.lens[self.cells_of(row)].iter().map(|len| usize::from(*len)).sum()
    }

    /// The row's columns with more text than a cell may have.
    pub fn too_large(&self, row: usize) -> impl Iterator<Item = usize> {
        // Hardly a file has any.
        let cells = if self.long.is_empty() { 0..0 } else { self.cells_of(row) };
        let first = cells.start;
        cells.filter(|cell| self.lens[*cell] == LONG).map(move |cell| cell - first)
    }

    /// The cell's text as it stands in the file, unescaped; empty where there is none.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.cell_among(&self.cells_of(row), column)
    }

    /// As `cell`, where the row's cells are at hand.
    pub fn cell_among(&self, cells: &std::ops::Range<usize>, column: usize) -> &str {
        if column < cells.len() { self.text_of(&self.text, cells.start + column) } else { "" }
    }

    /// As `cell`, of the last row, while the text is still the reader's.
    pub fn last_row<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let first = self.rows.last().map_or(self.starts.len(), |first| wide(*first));
        (first..self.starts.len()).map(move |cell| self.text_of(text, cell))
    }

    /// As `last_row`, of any row.
    pub fn row_of<'a>(&'a self, text: &'a str, row: usize) -> impl Iterator<Item = &'a str> {
        self.cells_of(row).map(move |cell| self.text_of(text, cell))
    }

    fn text_of<'a>(&'a self, text: &'a str, cell: usize) -> &'a str {
        let start = self.starts[cell];
        let len = match self.lens[cell] {
            0 => return "",
            LONG => self.long.get(&narrow(cell)).copied().unwrap_or_default(),
            len => u32::from(len),
        };
        let (text, start) = if start & IN_EXTRA == 0 {
            (text, wide(start))
        } else {
            (self.extra.as_str(), wide(start & !IN_EXTRA))
        };
        text.get(start..start + wide(len)).unwrap_or_default()
    }
}
