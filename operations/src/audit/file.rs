//! The trail on its way into a file: read part by part while it is sent.

use roster::audit::{Cursor, Filter, export};
use roster::authority::Caller;

use super::{PART, Sight};
use crate::{Operations, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
}

/// The trail on its way into a file: part by part, however long it is.
pub struct Export {
    operations: Operations,
    caller: Caller,
    filter: Filter,
    format: Format,
    after: Option<Cursor>,
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Beginning,
    Middle,
    End,
}

impl Export {
    pub(super) fn new(
        operations: &Operations,
        caller: &Caller,
        filter: Filter,
        format: Format,
    ) -> Self {
        Self {
            operations: operations.clone(),
            caller: caller.clone(),
            filter,
            format,
            after: None,
            place: Place::Beginning,
        }
    }

    /// The next part of the file; `None`: that was all.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.place == Place::End {
            return Ok(None);
        }
        let mut reader = self.operations.store.read().await?;
        let sight = Sight::of(&mut reader, &self.caller).await?;
        let lines = reader.audit(sight.subjects(), &self.filter, self.after, PART).await?;
        drop(reader);
        let last = lines.len() < PART as usize;
        self.after = lines.last().map(Cursor::of).or(self.after);
        let mut bytes = Vec::new();
        if self.place == Place::Beginning && self.format == Format::Csv {
            bytes = export::csv_head();
        }
        for line in lines {
            let line = sight.show(line);
            match self.format {
                Format::Csv => bytes.extend(export::csv_line(&line)),
                Format::Json => {
                    let first = self.place == Place::Beginning;
                    bytes.extend(if first { b"[\n" } else { b",\n" });
                    bytes.extend(export::json_line(&line));
                }
            }
            self.place = Place::Middle;
        }
        if last {
            if self.format == Format::Json {
                let empty = self.place == Place::Beginning;
                bytes.extend(if empty { &b"[]\n"[..] } else { b"\n]\n" });
            }
            self.place = Place::End;
        }
        Ok(Some(bytes))
    }
}
