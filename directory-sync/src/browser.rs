//! `muster-sync setup --browser`: a page that asks what the terminal asks, one step at a time. It serves
//! one browser of this machine: it listens on loopback, at an address that works once. `crate::setup`
//! processes the answers.

mod faults;
mod fields;
mod form;
mod gate;
mod limits;
mod listen;
mod markup;
mod respond;
mod state;
mod steps;
mod table;
mod token;
mod work;

use std::fmt;

use crate::arguments::Setup as Flags;
use crate::configuration::Files;
use crate::failure::{Exit, Result};
use crate::{say, service, system};
pub use limits::Limits;
pub use listen::Offer;

/// Why set-up ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Finished,
    Idle,
    Stopped,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Finished => "Set-up is finished.",
            Self::Idle => {
                "The browser sent nothing for 30 minutes, so set-up has ended. What was saved so far stays; \
                 run “muster-sync setup --browser” again."
            }
            Self::Stopped => "Set-up was stopped. What was saved so far stays.",
        })
    }
}

pub async fn run(files: Files, flags: Flags) -> Result<Exit> {
    let offer = Offer::make(files, &flags, Limits::of_a_person()).await?;
    let shown = system::this().show(&offer.address);
    say::line(match &shown {
        Ok(_) => "Set-up goes on in your browser. If it doesn't open, open this address yourself:",
        Err(_) => "Open this address in a browser of this machine:",
    })?;
    say::line(format_args!("\n  {}\n", offer.address))?;
    say::line("It works once, in one browser. Ctrl-C ends set-up.")?;
    let stop = async {
        if service::signalled().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let end = offer.until(stop).await;
    say::line(end)?;
    Ok(if end == End::Finished { Exit::Done } else { Exit::Failed })
}
