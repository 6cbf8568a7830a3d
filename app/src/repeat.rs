//! Server functions that are done once for each key: their requests can be sent again where an answer is
//! lost. Each makes its change in one transaction, and refuses without writing anything.

/// What a request that was done before is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The function answers nothing.
    Nothing,
    /// The id of what was made.
    Id,
    /// The id of the account that was made; the starting password that belongs to it is not kept.
    Created,
    /// A starting password where one was made, which is not kept.
    Starting,
    /// The page as it was then is not kept: it must be loaded again.
    Page,
}

/// Their endpoints below `/api/fn/`.
const ENDPOINTS: [(&str, Answer); 27] = [
    ("administrator_assign", Answer::Nothing),
    ("administrator_create", Answer::Created),
    ("administrator_unassign", Answer::Nothing),
    ("directory_agree", Answer::Nothing),
    ("directory_run_approve", Answer::Page),
    ("directory_run_drop", Answer::Page),
    ("directory_run_now", Answer::Nothing),
    ("directory_settings_change", Answer::Page),
    ("directory_token_revoke", Answer::Nothing),
    ("group_create", Answer::Id),
    ("group_permissions_set", Answer::Page),
    ("group_rename", Answer::Page),
    ("session_end", Answer::Nothing),
    ("settings_change", Answer::Page),
    ("technician_create", Answer::Created),
    ("technician_edit", Answer::Page),
    ("technician_leave_tree", Answer::Nothing),
    ("technician_password_reset", Answer::Starting),
    ("technician_role_change", Answer::Starting),
    ("technician_session_end", Answer::Nothing),
    ("technician_sessions_end", Answer::Page),
    ("technician_unlock", Answer::Nothing),
    ("technicians_change", Answer::Page),
    ("technicians_take_back", Answer::Page),
    ("tree_copy", Answer::Id),
    ("two_step_of_group_set", Answer::Nothing),
    ("two_step_reset", Answer::Nothing),
];

/// What a repeated request to this address is answered; `None`: it may not be sent again.
#[must_use]
pub fn answer(address: &str) -> Option<Answer> {
    let endpoint = address.strip_prefix("/api/fn/")?;
    ENDPOINTS.iter().find(|(name, _)| *name == endpoint).map(|(_, answer)| *answer)
}
