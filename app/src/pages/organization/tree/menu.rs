//! The menu of the tree's lines: by right click, by the menu key, by the button above the tree. What
//! one may not do stands there too, with the reason.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use roster::many::Change;

use super::super::place::Place;
use super::acts::{Offer, Target, offers, refusal};
use super::doing::Lines;
use super::rows::Key;
use super::state::TreeState;
use crate::browser;
use crate::text::counted;

const MENU: &str = "tree-menu";
const BUTTON: &str = "tree-actions";

/// A menu that is open.
#[derive(Clone, PartialEq)]
pub struct MenuAt {
    targets: Vec<Target>,
    /// In the window.
    x: f64,
    y: f64,
    /// What gets the focus back.
    opener: String,
}

/// Opens it for this line, or for all that are marked if this one is.
pub fn open(state: TreeState, place: Place, x: f64, y: f64) {
    state.active.set(Some(Key::Place(place)));
    show(state, place, x, y, place.element());
}

/// The same by the keyboard: below the line.
pub fn open_at_line(state: TreeState, key: Key) {
    let Key::Place(place) = key else { return };
    let (x, y) = browser::lower_left(&place.element()).unwrap_or_default();
    show(state, place, x + 24.0, y, place.element());
}

fn show(state: TreeState, place: Place, x: f64, y: f64, opener: String) {
    let targets = state.targets(place);
    if targets.is_empty() {
        return;
    }
    state.menu.set(Some(MenuAt { targets, x, y, opener }));
    spawn_local(async move {
        // Before the next key: that is for the menu.
        tick().await;
        browser::put_at(MENU, x, y);
        browser::focus(&item_id(0));
    });
}

fn item_id(at: usize) -> String {
    [MENU, "-", &at.to_string()].concat()
}

/// The menu for who has no second mouse button, and the number of lines that are marked.
#[component]
pub fn ActionsButton(selected: Memo<Option<Place>>) -> impl IntoView {
    let state = expect_context::<TreeState>();
    let press = move |_| {
        let active = state.active.get_untracked().and_then(|key| match key {
            Key::Place(place) => Some(place),
            _ => None,
        });
        let marked = untrack(|| state.rows()).into_iter().find_map(|row| match row.key {
            Key::Place(place) => untrack(|| state.marks.has(place)).then_some(place),
            _ => None,
        });
        let place = marked.or(active).or(selected.get_untracked());
        let top = untrack(|| state.rows()).into_iter().find_map(|row| row.key.group());
        if let Some(place) = place.or(top.map(Place::Group)) {
            let (x, y) = browser::lower_left(BUTTON).unwrap_or_default();
            show(state, place, x, y, BUTTON.to_owned());
        }
    };
    let marked = move || match state.marks.count() {
        0 => "Actions".to_owned(),
        count => ["Actions for ", &counted(count as u64, "line", "lines")].concat(),
    };
    view! {
        <button
            type="button"
            class="quiet"
            id=BUTTON
            aria-haspopup="menu"
            aria-expanded=move || state.menu.with(Option::is_some).to_string()
            on:click=press
        >
            {marked}
        </button>
    }
}

/// The menu itself, where one is open.
#[component]
pub fn ContextMenu() -> impl IntoView {
    let state = expect_context::<TreeState>();
    move || state.menu.get().map(|at| view! { <Menu at=at/> })
}

#[component]
fn Menu(at: MenuAt) -> impl IntoView {
    let state = expect_context::<TreeState>();
    let location = use_location();
    let navigate = use_navigate();
    let MenuAt { targets, opener, .. } = at;
    let offered = offers(&targets);
    let count = offered.len();
    let close = move || {
        state.menu.set(None);
        browser::focus(&opener);
    };
    let leave = close.clone();
    let keys = move |event: KeyboardEvent| {
        let here = (0..count).find(|&at| browser::focused() == Some(item_id(at))).unwrap_or(0);
        match event.key().as_str() {
            "ArrowDown" => browser::focus(&item_id((here + 1) % count)),
            "ArrowUp" => browser::focus(&item_id((here + count - 1) % count)),
            "Home" => browser::focus(&item_id(0)),
            "End" => browser::focus(&item_id(count - 1)),
            "Escape" | "Tab" => leave(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let label = match targets.as_slice() {
        [one] => ["Actions for ", &one.name].concat(),
        several => ["Actions for ", &counted(several.len() as u64, "line", "lines")].concat(),
    };
    let items = offered
        .into_iter()
        .enumerate()
        .map(|(at, offer)| {
            let why = state.actor.with_untracked(|actor| refusal(actor.as_ref()?, &targets, offer));
            let refused = why.is_some();
            let (id, label_id, why_id) =
                (item_id(at), [&item_id(at), "-label"].concat(), [&item_id(at), "-why"].concat());
            let described = refused.then(|| why_id.clone());
            let (close, navigate) = (close.clone(), navigate.clone());
            let (targets, location) = (targets.clone(), location.clone());
            let press = move |_| {
                if refused {
                    return;
                }
                close();
                let act = offer_act(offer, &targets);
                let go = |address: String| {
                    navigate(&address, NavigateOptions { scroll: false, ..Default::default() });
                };
                let leads_away = matches!(act, OfferAct::Go(_) | OfferAct::Copy(_));
                if leads_away && !state.unsaved.may_leave() {
                    return;
                }
                match act {
                    OfferAct::Go(address) => {
                        go(address.clone());
                        // Where one was there already, the address tells nothing new.
                        if let Some((_, field)) = address.split_once('#') {
                            let field = field.to_owned();
                            request_animation_frame(move || browser::focus(&field));
                        }
                    }
                    OfferAct::Ask(key) => {
                        let mut query = location.query.get_untracked();
                        query.replace(key, marks(&targets));
                        go([&location.pathname.get_untracked(), &query.to_query_string()[..]]
                            .concat());
                    }
                    OfferAct::Change(change, done) => {
                        state.change_at_once(Lines::from(&targets[..]), change, done.to_owned());
                    }
                    OfferAct::Copy(id) => {
                        let navigate = navigate.clone();
                        state.copy(id, move |copy| {
                            navigate(&copy.href(), NavigateOptions::default());
                        });
                    }
                }
            };
            view! {
                <button
                    type="button"
                    role="menuitem"
                    id=id
                    tabindex="-1"
                    aria-labelledby=label_id.clone()
                    aria-disabled=refused.then_some("true")
                    aria-describedby=described
                    on:click=press
                >
                    <span id=label_id.clone()>{offer.label()}</span>
                    {why.map(|why| view! { <span class="why" id=why_id>{why}</span> })}
                </button>
            }
        })
        .collect_view();
    let away = close.clone();
    let stay = |event: leptos::ev::MouseEvent| event.prevent_default();
    view! {
        <div class="menu-back" on:pointerdown=move |_| away() on:contextmenu=stay></div>
        <div class="tree-menu" id=MENU role="menu" aria-label=label on:keydown=keys on:contextmenu=stay>
            {items}
        </div>
    }
}

enum OfferAct {
    Go(String),
    /// Opens a dialog: the query's key.
    Ask(&'static str),
    Change(Change, &'static str),
    Copy(roster::id::GroupId),
}

fn offer_act(offer: Offer, targets: &[Target]) -> OfferAct {
    let place = targets.first().map(|target| target.place);
    let here = place.map(Place::href).unwrap_or_default();
    let with = |query: &str| OfferAct::Go([&here, query].concat());
    match (offer, place) {
        (Offer::Copy, Some(Place::Group(id))) => OfferAct::Copy(id),
        (Offer::CreateTechnician, _) => with("?create=technician"),
        (Offer::CreateGroup, _) => with("?create=group"),
        (Offer::Rename, Some(Place::Technician(_))) => with("#technician-name"),
        (Offer::Rename, _) => with("?view=configuration#group-name"),
        (Offer::EnableAll, _) => OfferAct::Ask("enable"),
        (Offer::DisableAll, _) => OfferAct::Ask("disable"),
        (Offer::Administrators, _) => with("?view=administrators"),
        (Offer::Configure | Offer::Copy, _) => with(""),
        (Offer::Move, _) => OfferAct::Ask("move"),
        (Offer::Delete, _) => OfferAct::Ask("delete"),
        (Offer::Enable, _) => OfferAct::Change(Change::Enable, "enabled"),
        (Offer::Disable, _) => OfferAct::Change(Change::Disable, "disabled"),
    }
}

fn marks(targets: &[Target]) -> String {
    targets.iter().map(|target| target.place.mark()).collect::<Vec<_>>().join(",")
}
