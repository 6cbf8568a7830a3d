//! Import technicians, the Import Summary and the history of imports. The file is read, checked and
//! sent by the worker (room `import-worker`); here it is asked and shown.

mod causes;
mod columns;
mod desk;
mod dialect;
mod existing;
mod file_button;
mod filters;
mod find;
pub mod functions;
mod grid;
mod history;
mod mapping;
mod notice;
mod page;
mod sending;
mod start;
mod steps;
mod summary;
mod words;
mod working;

pub use history::ImportHistoryPage;
pub use page::ImportPage;
pub use summary::ImportSummaryPage;
