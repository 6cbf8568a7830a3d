//! Service tokens: made and shown once, listed, revoked.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use roster::directory::view::{TokenLine, TokenState};
use roster::id::TokenId;
use roster::secret::Secret;

use super::ADDRESS;
use super::functions::{CreateDirectoryToken, ListDirectoryTokens, RevokeDirectoryToken};
use crate::ask::{Fetched, ask, fetch};
use crate::browser;
use crate::components::{
    AddressButton, Chip, Dialog, FormFrame, Loaded, Moment, Sender, SubmitButton, Tone,
    use_announcer,
};

/// Whether a text is in the clipboard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copied {
    Yes,
    No,
}

/// The tokens of the page that is shown.
#[derive(Clone, Copy)]
pub struct Tokens {
    list: Fetched<Vec<TokenLine>>,
    /// The one that was made just now; forgotten when its dialog is closed.
    made: RwSignal<Option<Secret>>,
    copied: RwSignal<Option<Copied>>,
}

impl Tokens {
    pub fn new() -> Self {
        Self {
            list: fetch(|| Ok(ListDirectoryTokens {})),
            made: RwSignal::new(None),
            copied: RwSignal::new(None),
        }
    }

    fn copy(self) {
        let text = self.made.with_untracked(|made| made.as_ref().map(|it| it.reveal().to_owned()));
        let Some(text) = text else { return };
        browser::copy(&text, move |copied| {
            self.copied.try_set(Some(if copied { Copied::Yes } else { Copied::No }));
        });
    }

    pub fn table(self) -> impl IntoView {
        view! {
            <section aria-labelledby="tokens">
                <h2 id="tokens" tabindex="-1">"Service tokens"</h2>
                <Loaded from=self.list view=table/>
            </section>
        }
    }

    /// What the address asks for, above the page.
    pub fn dialogs(self) -> impl IntoView {
        let query = use_query_map();
        let shown =
            Memo::new(move |_| query.with(|query| query.get_str("dialog") == Some("token")));
        let revoked = Memo::new(move |_| {
            query.with(|query| query.get_str("revoke")?.parse::<i64>().ok()).map(TokenId)
        });
        Effect::new(move |before: Option<bool>| {
            if before == Some(true) && !shown.get() {
                self.made.set(None);
                self.copied.set(None);
            }
            shown.get()
        });
        view! {
            {move || shown.get().then(|| view! { <TokenDialog tokens=self/> })}
            {move || revoked.get().map(|id| view! { <RevokeDialog id=id tokens=self/> })}
        }
    }
}

/// Makes a token, copies it, and opens its dialog.
#[component]
pub fn Generate(tokens: Tokens, may_mint: bool) -> impl IntoView {
    if !may_mint {
        let refusal = Some("Only the Master Account Holder makes service tokens.");
        return view! {
            <AddressButton
                label="Generate and Copy"
                path=ADDRESS
                query=("dialog", "token")
                refusal=refusal
            />
        }
        .into_any();
    }
    let announcer = use_announcer();
    let navigate = use_navigate();
    let pending = RwSignal::new(false);
    let generate = move |_| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = ask(CreateDirectoryToken {}).await;
            // The page may have been left meanwhile.
            pending.try_set(false);
            match answer {
                Ok(token) => {
                    tokens.made.try_set(Some(token));
                    tokens.copy();
                    tokens.list.refetch();
                    let address = [ADDRESS, "?dialog=token"].concat();
                    navigate(&address, NavigateOptions { scroll: false, ..Default::default() });
                }
                Err(error) => announcer.announce(error.to_string()),
            }
        });
    };
    view! {
        <button
            type="button"
            class="main"
            aria-disabled=move || pending.get().then_some("true")
            on:click=generate
        >
            {move || if pending.get() { "Generating…" } else { "Generate and Copy" }}
        </button>
    }
    .into_any()
}

#[component]
fn TokenDialog(tokens: Tokens) -> impl IntoView {
    let said = move || match tokens.copied.get() {
        Some(Copied::Yes) => "It is copied.",
        Some(Copied::No) => {
            "The browser doesn’t give access to its clipboard: it does over HTTPS, and where it is allowed. Mark the token and copy it."
        }
        None => "",
    };
    let body = move || {
        match tokens.made.get() {
        Some(token) => view! {
            <p>
                "Give this token to “muster-sync setup”. It is shown this once: what is kept here is its hash. If no directory is enrolled with it within 24 hours, it stops working."
            </p>
            <p class="key">
                <code class="token" tabindex="0" aria-label="Service token">{token.reveal().to_owned()}</code>
                <button type="button" on:click=move |_| tokens.copy()>"Copy"</button>
            </p>
        }
        .into_any(),
        None => view! {
            <p>
                "A token is shown once, when it is made. If it was not kept, revoke it and generate another."
            </p>
        }
        .into_any(),
    }
    };
    view! {
        <Dialog id="token" title="Service token" back=ADDRESS>
            <div class="form">
                {body}
                <p role="status">{said}</p>
                <div class="actions">
                    <a class="button main" href=ADDRESS data-noscroll="true">"Done"</a>
                </div>
            </div>
        </Dialog>
    }
}

#[component]
fn RevokeDialog(id: TokenId, tokens: Tokens) -> impl IntoView {
    let sender = Sender::<RevokeDirectoryToken>::new();
    let announcer = use_announcer();
    let navigate = use_navigate();
    sender.then(move |()| {
        announcer.announce("The token is revoked.");
        tokens.list.refetch();
        navigate(ADDRESS, NavigateOptions { scroll: false, ..Default::default() });
        request_animation_frame(|| browser::focus("tokens"));
    });
    view! {
        <Dialog id="revoke-token" title="Revoke this token" back=ADDRESS>
            <FormFrame id="revoke" sending=*sender>
                <input type="hidden" name="id" value=id.to_string()/>
                <p class="about">"Token "{id.to_string()}</p>
                <p>
                    "Whoever comes with it is turned away from now on. Its directory is kept in step again once “muster-sync setup” was given another token."
                </p>
                <div class="actions">
                    <SubmitButton label="Revoke" waiting="Revoking…" pending=sender.pending() danger=true/>
                    <a class="button" href=ADDRESS data-noscroll="true">"Cancel"</a>
                </div>
            </FormFrame>
        </Dialog>
    }
}

fn table(tokens: Vec<TokenLine>) -> AnyView {
    if tokens.is_empty() {
        return view! { <p class="empty">"No token was made yet."</p> }.into_any();
    }
    view! {
        <section class="table" aria-label="Table of service tokens" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Token"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Directory"</th>
                        <th scope="col">"Created"</th>
                        <th scope="col">"By"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col"><span class="unseen">"Revoke"</span></th>
                    </tr>
                </thead>
                <tbody>{tokens.into_iter().map(line).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn line(token: TokenLine) -> impl IntoView {
    let id = token.id.to_string();
    let works = !matches!(token.state, TokenState::Expired | TokenState::Revoked);
    let state = match token.state {
        TokenState::New(end) => {
            view! { <Chip text="Not used yet"/> " works until " <Moment at=end/> }.into_any()
        }
        TokenState::InUse => view! { <Chip tone=Tone::Good text="In use"/> }.into_any(),
        TokenState::Until(end) => {
            view! { <Chip tone=Tone::Warning text="Replaced"/> " works until " <Moment at=end/> }
                .into_any()
        }
        TokenState::Expired => view! { <Chip text="Expired"/> }.into_any(),
        TokenState::Revoked => view! { <Chip text="Revoked"/> }.into_any(),
    };
    let directory = token.source.map_or_else(
        || view! { <span class="dim">"none yet"</span> }.into_any(),
        |(_, domain)| domain.into_any(),
    );
    let revoke = works.then(|| {
        let href = [ADDRESS, "?revoke=", &id].concat();
        let which = [" token ", &id].concat();
        view! {
            <a class="button quiet" href=href data-noscroll="true">
                "Revoke"<span class="unseen">{which}</span>
            </a>
        }
    });
    view! {
        <tr>
            <td>{id}</td>
            <td>{state}</td>
            <td>{directory}</td>
            <td><Moment at=token.created_at/></td>
            <td>{token.created_by}</td>
            <td class="dim">
                {match token.last_used_at {
                    Some(at) => view! { <Moment at=at/> }.into_any(),
                    None => "never".into_any(),
                }}
            </td>
            <td class="num">{revoke}</td>
        </tr>
    }
}
