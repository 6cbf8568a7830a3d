//! A short state in a coloured pill; the word says it, the colour repeats it.

use leptos::prelude::*;

/// What the colour of a chip means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Good,
    Warning,
    Bad,
}

impl Tone {
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "chip",
            Self::Good => "chip ok",
            Self::Warning => "chip warn",
            Self::Bad => "chip bad",
        }
    }
}

/// `<Chip tone=Tone::Good text="Enabled"/>`
#[component]
pub fn Chip(#[prop(optional)] tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! { <span class=tone.class()>{text}</span> }
}
