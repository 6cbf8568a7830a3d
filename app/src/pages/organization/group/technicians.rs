//! The technicians of a group as a table: filtered, sorted and paged by the address; what is done
//! with several of them is in `bulk`.

mod bulk;
mod columns;
mod filter;
mod table;
mod wish;

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use roster::account::TechnicianLine;
use roster::id::{AccountId, GroupId};
use roster::listing::Filter;
use roster::page::Page;

use self::bulk::Bulk;
use self::columns::{ColumnMenu, Columns};
use self::filter::FilterBar;
use self::table::Table;
use self::wish::Wish;
use super::functions::ListTechnicians;
use crate::ask::fetch;
use crate::components::Loaded;
use crate::pages::organization::place::Place;

/// Who is selected in the table: these, or all that match the filter.
#[derive(Clone, Copy)]
struct Picked {
    ids: RwSignal<BTreeSet<AccountId>>,
    all: RwSignal<bool>,
}

impl Picked {
    fn new() -> Self {
        Self { ids: RwSignal::default(), all: RwSignal::new(false) }
    }

    fn clear(self) {
        self.ids.update(BTreeSet::clear);
        self.all.set(false);
    }

    fn has(self, id: AccountId) -> bool {
        self.all.get() || self.ids.with(|ids| ids.contains(&id))
    }

    /// One alone is taken in or left out. After “all” only those count again that were ticked.
    fn set(self, id: AccountId, wanted: bool) {
        self.all.set(false);
        self.ids.update(|ids| {
            if wanted {
                ids.insert(id);
            } else {
                ids.remove(&id);
            }
        });
    }
}

#[component]
pub fn Technicians(
    group: GroupId,
    has_groups: bool,
    /// There may be more or fewer people in the group now.
    changed: Callback<()>,
) -> impl IntoView {
    let query = use_query_map();
    let wish = Memo::new(move |_| query.with(Wish::read));
    let page = fetch(move || {
        let Wish { listing, from } = wish.get();
        Ok(ListTechnicians { group, listing, from })
    });
    let path = Place::Group(group).href();
    let picked = Picked::new();
    let columns = Columns::new();
    let total = RwSignal::new(0_u64);
    // Who is selected matched the filter.
    Effect::new(move |before: Option<Filter>| {
        let filter = wish.with(|wish| wish.listing.filter.clone());
        if before.is_some_and(|before| before != filter) {
            picked.clear();
        }
        filter
    });
    let bar_path = path.clone();
    let table = move |page: Page<TechnicianLine>| {
        let wish = wish.get_untracked();
        total.set(page.total);
        if page.total == 0 {
            return view! { <p class="empty">{nothing(&wish.listing.filter, has_groups)}</p> }
                .into_any();
        }
        view! { <Table page=page path=path.clone() wish=wish picked=picked columns=columns/> }
            .into_any()
    };
    view! {
        <section aria-label="Technicians">
            <div class="bar">
                <FilterBar path=bar_path wish=wish/>
                <ColumnMenu columns=columns/>
            </div>
            <Bulk
                group=group
                wish=wish
                picked=picked
                total=total
                changed=Callback::new(move |()| {
                    page.refetch();
                    changed.run(());
                })
            />
            <Loaded from=page view=table/>
        </section>
    }
}

fn nothing(filter: &Filter, has_groups: bool) -> String {
    match (filter.text.trim(), filter.state) {
        ("", None) if has_groups => {
            "Nobody is in this group itself; look in the groups below it.".to_owned()
        }
        ("", None) => {
            "Nobody is in this group yet. Create a technician, or import them from a file."
                .to_owned()
        }
        ("", Some(state)) => {
            ["Nobody in this group is in the state “", state.label(), "”."].concat()
        }
        (text, None) => ["No technician of this group matches “", text, "”."].concat(),
        (text, Some(state)) => {
            ["No technician of this group matches “", text, "” in the state “", state.label(), "”."]
                .concat()
        }
    }
}
