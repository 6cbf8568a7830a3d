//! Where one is signed in; each can be ended.

use leptos::prelude::*;
use roster::id::SessionId;
use roster::session::{MOST_SESSIONS, SessionLine};

use crate::browser;
use crate::components::{Chip, Moment, SendForm, Sender, Tone, announce_faults, use_announcer};
use crate::error::AppError;

/// Ends one of the own sessions.
#[server(prefix = "/api/fn", endpoint = "session_end")]
pub async fn end_session(session: SessionId) -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    Ok(operations::own_account::end_session(&operations, &caller, session).await?)
}

/// Signs out everywhere, here too.
#[server(prefix = "/api/fn", endpoint = "sessions_end")]
pub async fn end_sessions() -> Result<(), AppError> {
    let (operations, caller) = crate::server::context()?;
    operations::own_account::end_sessions(&operations, &caller).await?;
    crate::server::clear_session_cookie()?;
    crate::server::lead_plain_form_to("/sign-in");
    Ok(())
}

#[component]
pub fn Sessions(sessions: Vec<SessionLine>, reload: Callback<()>) -> impl IntoView {
    let announcer = use_announcer();
    let one = Sender::<EndSession>::new();
    one.then(move |()| {
        announcer.announce("The session is ended.");
        reload.run(());
    });
    announce_faults(*one);
    let all = Sender::<EndSessions>::new();
    all.then(|()| browser::load("/sign-in"));
    announce_faults(*all);
    let end = move |session: &SessionLine| {
        if session.current {
            return view! { <Chip tone=Tone::Good text="This one"/> }.into_any();
        }
        let id = session.id;
        view! {
            <SendForm sending=*one>
                <input type="hidden" name="session" value=id.to_string()/>
                <button type="submit" class="quiet">"End"</button>
            </SendForm>
        }
        .into_any()
    };
    view! {
        <SessionsTable sessions=sessions end=end/>
        <SendForm sending=*all>
            <button type="submit">"Sign out everywhere"</button>
        </SendForm>
    }
}

/// Where somebody is signed in; `end` makes the way to end each.
#[component]
pub fn SessionsTable<F>(sessions: Vec<SessionLine>, end: F) -> impl IntoView
where
    F: Fn(&SessionLine) -> AnyView + 'static,
{
    let line = move |session: SessionLine| {
        let end = end(&session);
        let (name, with) = (browser_name(&session.agent), session.signed_in_with());
        view! {
            <tr>
                <td title=session.agent>{name}</td>
                <td>{with}</td>
                <td>{session.address}</td>
                <td><Moment at=session.created_at/></td>
                <td><Moment at=session.last_seen_at/></td>
                <td class="num">{end}</td>
            </tr>
        }
    };
    let most = MOST_SESSIONS.to_string();
    let most = ["Up to ", &most, " at a time: when another begins, the oldest ends."].concat();
    view! {
        <p class="lead">{most}</p>
        <section class="table" aria-label="Table of sessions" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Browser"</th>
                        <th scope="col">"Signed in with"</th>
                        <th scope="col">"Address"</th>
                        <th scope="col">"Signed in"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col"><span class="unseen">"End"</span></th>
                    </tr>
                </thead>
                <tbody>{sessions.into_iter().map(line).collect_view()}</tbody>
            </table>
        </section>
    }
}

/// What a browser calls itself, in two words; the whole of it is the cell's title.
fn browser_name(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 5] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |table: &[(&str, &'static str)]| {
        table.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => [browser, " on ", system].concat(),
        (Some(browser), None) => browser.to_owned(),
        _ if agent.is_empty() => "unknown".to_owned(),
        _ => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_have_short_names() {
        let check = |agent, name| assert_eq!(browser_name(agent), name);
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        check(chrome, "Chrome on Linux");
        check("curl/8.5", "curl/8.5");
        check("", "unknown");
    }
}
