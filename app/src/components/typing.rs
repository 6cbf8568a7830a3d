//! Waits until somebody pauses typing, and knows whether an answer is still wanted.

use std::time::Duration;

use leptos::prelude::*;

/// So long nothing is typed before the server is asked.
const PAUSE: Duration = Duration::from_millis(150);

/// Counts what is typed. A page has one for each field that asks as one types.
#[derive(Clone, Copy)]
pub struct Typing(StoredValue<u32>);

/// One state of what was typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Typed {
    typing: StoredValue<u32>,
    count: u32,
}

impl Typing {
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// Something was typed: what was asked before is not wanted any more.
    pub fn typed(self) -> Typed {
        self.0.update_value(|count| *count += 1);
        self.last()
    }

    /// What was typed last.
    #[must_use]
    pub fn last(self) -> Typed {
        Typed { typing: self.0, count: self.0.get_value() }
    }
}

impl Typed {
    /// Nothing was typed since, and the field is still there.
    #[must_use]
    pub fn is_last(self) -> bool {
        self.typing.try_get_value() == Some(self.count)
    }

    /// Acts after a pause, if nothing else was typed meanwhile.
    pub fn then(self, act: impl FnOnce() + 'static) {
        set_timeout(
            move || {
                if self.is_last() {
                    act();
                }
            },
            PAUSE,
        );
    }
}
