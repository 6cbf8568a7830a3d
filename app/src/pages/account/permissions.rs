//! What somebody may do, by area, and which group says so.

use leptos::prelude::*;
use roster::permission::{Effective, Seen};

use crate::components::{Chip, Tone};

#[component]
pub fn Permissions(
    lines: Vec<Effective<Seen>>,
    /// The page of a group, for who may see it.
    #[prop(optional)]
    href: Option<fn(&Seen) -> Option<String>>,
) -> impl IntoView {
    let told = move |group: &Seen| {
        let name = group.name().to_owned();
        match href.and_then(|href| href(group)) {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => name.into_any(),
        }
    };
    // The lines come in the order of their areas.
    let mut area = "";
    let rows = lines
        .into_iter()
        .map(|line| {
            let heading = (line.permission.area() != area).then(|| line.permission.area());
            area = line.permission.area();
            let (tone, word) =
                if line.allowed { (Tone::Good, "Allowed") } else { (Tone::Plain, "Denied") };
            let heading = heading.map(|area| {
                view! {
                    <tr class="area">
                        <th scope="colgroup" colspan="3">{area}</th>
                    </tr>
                }
            });
            let locked = line.locked_by.map(|by| {
                if by == line.from {
                    ", locked".into_any()
                } else {
                    view! { ", locked by " {told(&by)} }.into_any()
                }
            });
            view! {
                {heading}
                <tr>
                    <td>{line.permission.label()}</td>
                    <td><Chip tone=tone text=word/></td>
                    <td class="dim">{told(&line.from)}{locked}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="table narrow" aria-label="Table of permissions" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Permission"</th>
                        <th scope="col">"Value"</th>
                        <th scope="col">"From"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}
