//! Questions at the terminal. Where nobody can be asked, what is missing is named by its flag.

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
    pub fn nobody() -> Self {
        Self { can_ask: false }
    }

    pub fn can_ask(&self) -> bool {
        self.can_ask
    }

    /// `flag`: what to give where nobody can be asked.
    pub fn needed(&self, question: &str, flag: &str, before: Option<&str>) -> Result<String> {
        if self.can_ask {
            return self.text(question, before.unwrap_or_default());
        }
        match before {
            Some(before) => Ok(before.to_owned()),
            None => Err(missing(flag)),
        }
    }

    /// Empty where nothing was typed.
    pub fn text(&self, question: &str, before: &str) -> Result<String> {
        self.anybody(question)?;
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
        self.anybody(question)?;
        let theme = ColorfulTheme::default();
        let chosen = Select::with_theme(&theme)
            .with_prompt(question)
            .items(choices)
            .default(0)
            .interact_opt();
        chosen.map_err(|error| lost(&error))
    }

    fn anybody(&self, question: &str) -> Result<()> {
        if self.can_ask {
            return Ok(());
        }
        Err(Failure::Usage { why: format!("There is nobody to ask: {question}.") })
    }

    /// Whoever can't be asked has said yes by leaving `--no-install` out.
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
    Failure::Usage { why: format!("{flag} is missing, and there is nobody to ask.") }
}

fn lost(error: &dialoguer::Error) -> Failure {
    Failure::Usage { why: format!("The answer can't be read: {error}.") }
}
