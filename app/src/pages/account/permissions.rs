//! What one may do, by area, and which group says so.

use leptos::prelude::*;
use roster::own::EffectiveLine;

use crate::components::{Chip, Tone};

#[component]
pub fn Permissions(lines: Vec<EffectiveLine>) -> impl IntoView {
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
            view! {
                {heading}
                <tr>
                    <td>{line.permission.label()}</td>
                    <td><Chip tone=tone text=word/></td>
                    <td class="dim">{line.from}{line.locked.then_some(", locked")}</td>
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
