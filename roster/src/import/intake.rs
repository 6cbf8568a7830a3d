//! A file that arrives in slices, so that it is never held twice, and its first rows while the
//! rest is still on its way.

use super::{Choices, FileError, Sheet, binary, decode, limit, read};

/// A glimpse looks at no more than this.
const GLIMPSE: usize = 1024 * 1024;

#[derive(Debug, Default)]
pub struct Intake {
    bytes: Vec<u8>,
}

impl Intake {
    /// For a file of so many bytes.
    #[must_use]
    pub fn with_size(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes.min(limit::BYTES + 1)) }
    }

    /// The file's next bytes; what is beyond the limit is not kept.
    pub fn push(&mut self, slice: &[u8]) {
        let room = (limit::BYTES + 1).saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&slice[..slice.len().min(room)]);
    }

    /// The first rows of what has come so far; `None` while there is nothing to be seen.
    #[must_use]
    pub fn glimpse(&self, choices: &Choices) -> Option<Sheet> {
        let beginning = &self.bytes[..self.bytes.len().min(GLIMPSE)];
        if binary::recognize(beginning).is_some() {
            return None;
        }
        let lines = decode::whole_lines(beginning, choices.encoding);
        let (text, encoding) = decode(lines, choices.encoding).ok()?;
        read::glimpse(text, encoding, choices)
    }

    /// Reads the whole file; see [`read`](super::read()).
    pub fn read(
        self,
        choices: &Choices,
        progress: &mut dyn FnMut(f32),
    ) -> Result<Sheet, FileError> {
        read::read_owned(self.bytes, choices, progress)
    }
}
