//! Which columns the table shows. That is a person's taste: this browser remembers it.

use leptos::prelude::*;

use crate::browser;

const KEY: &str = "muster-technician-columns";

/// What can be hidden; the name never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Id,
    Nickname,
    Email,
    Status,
    Licences,
    Source,
    LastSignIn,
}

impl Column {
    pub const ALL: [Self; 7] = [
        Self::Id,
        Self::Nickname,
        Self::Email,
        Self::Status,
        Self::Licences,
        Self::Source,
        Self::LastSignIn,
    ];
    const AT_FIRST: [Self; 5] =
        [Self::Email, Self::Status, Self::Licences, Self::Source, Self::LastSignIn];

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Id => "ID",
            Self::Nickname => "Nickname",
            Self::Email => "Email",
            Self::Status => "Status",
            Self::Licences => "Licences",
            Self::Source => "Source",
            Self::LastSignIn => "Last sign-in",
        }
    }
}

/// The columns that are shown, in their order.
#[derive(Clone, Copy)]
pub struct Columns(RwSignal<Vec<Column>>);

impl Columns {
    #[must_use]
    pub fn new() -> Self {
        let shown = RwSignal::new(Column::AT_FIRST.to_vec());
        // After the server's page is alive: it knows of no taste.
        Effect::new(move || {
            if let Some(labels) = browser::recall(KEY) {
                let known = |column: &Column| labels.split(',').any(|it| it == column.label());
                shown.set(Column::ALL.into_iter().filter(known).collect());
            }
        });
        Self(shown)
    }

    #[must_use]
    pub fn get(self) -> Vec<Column> {
        self.0.get()
    }

    fn toggle(self, column: Column) {
        self.0.update(|shown| {
            let kept = |it: &Column| shown.contains(it) != (*it == column);
            *shown = Column::ALL.into_iter().filter(kept).collect();
        });
        let labels: Vec<_> =
            self.0.with_untracked(|shown| shown.iter().map(|it| it.label()).collect());
        browser::remember(KEY, &labels.join(","));
    }
}

#[component]
pub fn ColumnMenu(columns: Columns) -> impl IntoView {
    let choice = move |column: Column| {
        let shown = move || columns.get().contains(&column);
        view! {
            <label>
                <input type="checkbox" prop:checked=shown on:change=move |_| columns.toggle(column)/>
                {column.label()}
            </label>
        }
    };
    view! {
        <button type="button" class="columns-button" popovertarget="columns-menu">"Columns"</button>
        <div class="columns-menu" id="columns-menu" popover="auto" role="group" aria-label="Columns">
            {Column::ALL.map(choice)}
        </div>
    }
}
