//! What several pages are made of. No component here knows a use case.

mod announce;
mod button;
mod check;
mod chip;
mod conflict;
mod copy;
mod dialog;
mod fault;
mod field;
mod form;
mod moment;
mod offer;
mod pager;
mod password;
mod select;
mod sending;
mod title;
mod unsaved;

pub use announce::{Announcer, LiveRegion, use_announcer};
pub use button::{AddressButton, SubmitButton};
pub use check::CheckField;
pub use chip::{Chip, Tone};
pub use conflict::{Conflicts, Difference};
pub use copy::CopyButton;
pub use dialog::Dialog;
pub use fault::Loaded;
pub use field::{TextArea, TextField};
pub use form::FormFrame;
pub use moment::Moment;
pub use offer::{Offer, Offers};
pub use pager::Pager;
pub use password::PasswordField;
pub use select::SelectField;
pub use sending::{SendForm, Sender, announce_faults};
pub use title::PageTitle;
pub use unsaved::warn_of_unsaved;
