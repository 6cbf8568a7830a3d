//! Two people changed the same: both versions side by side, and one chooses.

use leptos::prelude::*;

/// One thing that was changed here and, otherwise, by somebody else meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub label: &'static str,
    pub mine: String,
    pub theirs: String,
    /// What is chosen at first.
    pub keeps_mine: bool,
}

/// Stands in its form, below the fault; its choices are not part of what is sent.
#[component]
pub fn Conflicts(
    #[prop(into)] differences: Signal<Vec<Difference>>,
    /// Is told which of them, and whether one's own is kept.
    #[prop(into)]
    choose: Callback<(usize, bool)>,
) -> impl IntoView {
    let row = move |(at, difference): (usize, Difference)| {
        let Difference { label, mine, theirs, keeps_mine } = difference;
        let option = move |is_mine: bool, whose: &'static str, text: String| {
            let empty = text.is_empty();
            view! {
                <label class="version">
                    <input
                        type="radio"
                        form=""
                        name=["conflict-", &at.to_string()].concat()
                        checked=is_mine == keeps_mine
                        on:change=move |_| choose.run((at, is_mine))
                    />
                    <span class="unseen">{label}{whose}</span>
                    {if empty { view! { <span class="dim">"empty"</span> }.into_any() } else { text.into_any() }}
                </label>
            }
        };
        view! {
            <tr>
                <td>{label}</td>
                <td>{option(true, ", yours: ", mine)}</td>
                <td>{option(false, ", theirs: ", theirs)}</td>
            </tr>
        }
    };
    move || {
        let differences = differences.get();
        (!differences.is_empty()).then(|| {
            view! {
                <section class="table conflicts" aria-label="Two versions" tabindex="0">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">"Changed by both"</th>
                                <th scope="col">"Yours"</th>
                                <th scope="col">"Theirs, as it is now"</th>
                            </tr>
                        </thead>
                        <tbody>{differences.into_iter().enumerate().map(row).collect_view()}</tbody>
                    </table>
                </section>
            }
        })
    }
}
