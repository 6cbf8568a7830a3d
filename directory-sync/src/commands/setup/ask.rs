//! Questions at the terminal. Without a terminal, a missing answer is an error that names its flag.

use std::io::{self, IsTerminal};

use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, Input, Password, Select};
use roster::secret::Secret;

use crate::failure::{Failure, Result};

pub struct Questions {
    can_ask: bool,
}

impl Questions {
    pub fn of_the_terminal() -> Self {
        Self { can_ask: io::stdin().is_terminal() && io::stderr().is_terminal() }
    }

    #[cfg(test)]
    pub fn unattended() -> Self {
        Self { can_ask: false }
    }

    pub fn can_ask(&self) -> bool {
        self.can_ask
    }

    /// Asks for a text that must not be empty. `flag`: named in the error if there is no terminal.
    pub fn needed(&self, question: &str, flag: &str, before: Option<&str>) -> Result<String> {
        if self.can_ask {
            return self.text(question, before.unwrap_or_default());
        }
        match before {
            Some(before) => Ok(before.to_owned()),
            None => Err(missing(flag)),
        }
    }

    /// Asks for a text; it may be empty.
    pub fn text(&self, question: &str, before: &str) -> Result<String> {
        self.need_terminal(question)?;
        let theme = ColorfulTheme::default();
        let mut input = Input::<String>::with_theme(&theme).with_prompt(question).allow_empty(true);
        if !before.is_empty() {
            input = input.default(before.to_owned());
        }
        input.interact_text().map(|text| text.trim().to_owned()).map_err(|error| lost(&error))
    }

    pub fn secret(&self, question: &str, flag: &str) -> Result<Secret> {
        if !self.can_ask {
            return Err(missing(flag));
        }
        let theme = ColorfulTheme::default();
        let typed = Password::with_theme(&theme).with_prompt(question).interact();
        typed.map(Secret::new).map_err(|error| lost(&error))
    }

    pub fn choice(&self, question: &str, choices: &[String]) -> Result<Option<usize>> {
        self.need_terminal(question)?;
        let theme = ColorfulTheme::default();
        let chosen = Select::with_theme(&theme)
            .with_prompt(question)
            .items(choices)
            .default(0)
            .interact_opt();
        chosen.map_err(|error| lost(&error))
    }

    fn need_terminal(&self, question: &str) -> Result<()> {
        if self.can_ask {
            return Ok(());
        }
        Err(Failure::Usage { why: format!("There is no terminal on which to ask: {question}.") })
    }

    /// Asks for yes or no. Without a terminal the answer is yes: `--no-install` would have said no.
    pub fn yes(&self, question: &str) -> Result<bool> {
        if !self.can_ask {
            return Ok(true);
        }
        let theme = ColorfulTheme::default();
        let said = Confirm::with_theme(&theme).with_prompt(question).default(true).interact();
        said.map_err(|error| lost(&error))
    }
}

fn missing(flag: &str) -> Failure {
    Failure::Usage { why: format!("{flag} is missing, and there is no terminal on which to ask.") }
}

fn lost(error: &dialoguer::Error) -> Failure {
    Failure::Usage { why: format!("The answer can't be read: {error}.") }
}
