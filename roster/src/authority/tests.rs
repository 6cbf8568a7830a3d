use super::*;

const INSIDE: &[GroupId] = &[GroupId::ROOT, GroupId(2), GroupId(3)];
const OUTSIDE: &[GroupId] = &[GroupId::ROOT, GroupId(9)];
const ABOVE: &[GroupId] = &[GroupId::ROOT];

fn person(role: Role) -> Caller {
    let actor = Actor {
        account: AccountId(7),
        name: "Ada".to_owned(),
        role,
        areas: vec![GroupId(2)],
        session: SessionId(1),
        must_change_password: false,
        two_step_due: false,
    };
    Caller { who: Who::Person(actor), origin: Origin::default() }
}

/// Of each caller `+` may, `-` may not.
fn allowed(callers: &[Caller], act: &Act<'_>) -> String {
    callers.iter().map(|caller| if decide(caller, act).is_ok() { '+' } else { '-' }).collect()
}

/// Each act by anonymous, technician, administrator, master, holder, operator.
#[test]
fn every_act_by_every_role() {
    let callers = [
        Caller::anonymous(Origin::default()),
        person(Role::Technician),
        person(Role::Administrator),
        person(Role::Master),
        person(Role::Holder),
        Caller::operator(),
    ];
    let other = |lineage, role| Act::EditTechnician { lineage, subject: AccountId(8), role };
    let check = |act: Act<'_>, expected: &str| {
        assert_eq!(allowed(&callers, &act), expected, "{act:?}");
    };
    check(Act::SetUp, "+----+");
    check(Act::SignIn, "++++++");
    check(Act::OwnAccount, "-+++++");
    check(Act::OwnPassword, "-+++++");
    check(Act::OwnTwoStep, "-+++++");
    check(Act::OwnEmail, "--++++");
    check(Act::SeeTree, "--++++");
    check(Act::SeeAudit, "--++++");
    for lineage in [INSIDE, OUTSIDE, ABOVE] {
        let scoped = if lineage == INSIDE { "--++++" } else { "---+++" };
        check(Act::SeeGroup { lineage }, scoped);
        check(Act::CreateGroup { lineage }, scoped);
        check(Act::RenameGroup { lineage }, scoped);
        check(Act::ChangePermissions { lineage }, scoped);
        check(Act::RequireTwoStep { lineage }, scoped);
        check(Act::SeeTechnician { lineage }, scoped);
        check(other(lineage, Role::Technician), scoped);
    }
    check(Act::CreateTechnician { lineage: INSIDE }, "--++++");
    check(Act::CreateTechnician { lineage: OUTSIDE }, "---+++");
    check(Act::CreateTechnician { lineage: ABOVE }, "------");
    check(other(INSIDE, Role::Administrator), "---+++");
    check(other(INSIDE, Role::Master), "---+++");
    check(other(INSIDE, Role::Holder), "-----+");
    check(Act::SeeAdministrators, "---+++");
    check(Act::AssignAdministrator, "---+++");
    check(Act::CreateAdministrator { role: Role::Master }, "---+++");
    check(Act::CreateAdministrator { role: Role::Holder }, "------");
    let change = |subject, from, to| Act::ChangeRole { subject: AccountId(subject), from, to };
    check(change(8, Role::Technician, Role::Administrator), "---+++");
    check(change(8, Role::Master, Role::Technician), "---+++");
    check(change(8, Role::Holder, Role::Master), "------");
    check(change(8, Role::Master, Role::Holder), "------");
    // Their own.
    check(change(7, Role::Master, Role::Technician), "-----+");
    let (subject, role) = (AccountId(8), Role::Technician);
    for lineage in [INSIDE, OUTSIDE] {
        let scoped = if lineage == INSIDE { "--++++" } else { "---+++" };
        check(Act::MoveTechnician { lineage, subject, role }, scoped);
        check(Act::DisableTechnician { lineage, subject, role }, scoped);
        check(Act::DeleteTechnician { lineage, subject, role }, scoped);
        check(Act::ArrangeGroup { lineage }, scoped);
    }
    let role = Role::Administrator;
    check(Act::MoveTechnician { lineage: INSIDE, subject, role }, "---+++");
    check(Act::DisableTechnician { lineage: INSIDE, subject, role }, "---+++");
    let role = Role::Holder;
    check(Act::MoveTechnician { lineage: INSIDE, subject, role }, "------");
    check(Act::DisableTechnician { lineage: INSIDE, subject, role }, "------");
    check(Act::DeleteTechnician { lineage: INSIDE, subject, role }, "------");
    check(Act::ArrangeGroup { lineage: ABOVE }, "------");
    // Assigned to the administrator as a whole.
    check(Act::ArrangeGroup { lineage: &INSIDE[..2] }, "---+++");
    check(Act::Import, "---+++");
    check(Act::LockPermissions, "---+++");
    check(Act::LiftTwoStep, "---+++");
    check(Act::SeeSettings, "---+++");
    check(Act::ChangeSettings, "---+++");
    check(Act::SeeDirectory, "---+++");
    check(Act::ChangeDirectory, "---+++");
    check(Act::DecideDirectoryRun, "---+++");
    check(Act::MintDirectoryToken, "----++");
    check(Act::EnrollDirectory, "----+-");
    check(Act::UseDirectoryToken, "------");
    check(Act::SyncDirectory { source: SourceId(1) }, "------");
    check(Act::Operate, "-----+");
}

/// By a token with which no directory has enrolled, one of this source, one of another.
#[test]
fn a_directory_keeps_its_own_people_in_step_and_does_nothing_else() {
    let caller = |source: Option<i64>| {
        let (token, name) = (TokenId(1), "Active Directory corp.example.com".to_owned());
        let who = Who::Directory(DirectoryCaller { token, source: source.map(SourceId), name });
        Caller { who, origin: Origin::default() }
    };
    let callers = [caller(None), caller(Some(1)), caller(Some(2))];
    let check = |act: Act<'_>, expected: &str| {
        assert_eq!(allowed(&callers, &act), expected, "{act:?}");
    };
    check(Act::UseDirectoryToken, "+++");
    check(Act::SyncDirectory { source: SourceId(1) }, "-+-");
    let (lineage, subject, role) = (INSIDE, AccountId(8), Role::Technician);
    for act in [
        Act::EnrollDirectory,
        Act::MintDirectoryToken,
        Act::SeeDirectory,
        Act::DecideDirectoryRun,
        Act::SeeTree,
        Act::SignIn,
        Act::OwnAccount,
        Act::CreateTechnician { lineage },
        Act::DisableTechnician { lineage, subject, role },
        Act::Operate,
    ] {
        check(act, "---");
    }
}

#[test]
fn who_must_choose_a_password_can_do_nothing_else() {
    let mut caller = person(Role::Holder);
    if let Who::Person(actor) = &mut caller.who {
        actor.must_change_password = true;
    }
    assert!(decide(&caller, &Act::OwnPassword).is_ok());
    for act in [Act::OwnAccount, Act::SeeTree, Act::Import, Act::ChangeSettings] {
        assert_eq!(decide(&caller, &act).unwrap_err(), Denied::PasswordDue);
    }
}

#[test]
fn nobody_disables_or_deletes_themself() {
    let (lineage, subject) = (INSIDE, AccountId(7));
    for role in [Role::Administrator, Role::Master, Role::Technician] {
        let caller = person(if role == Role::Technician { Role::Administrator } else { role });
        let refusal = |act: Act<'_>| decide(&caller, &act).unwrap_err();
        let disable = Act::DisableTechnician { lineage, subject, role };
        assert_eq!(refusal(disable), Denied::Oneself);
        let delete = Act::DeleteTechnician { lineage, subject, role };
        assert_eq!(refusal(delete), Denied::Oneself);
    }
}

#[test]
fn who_must_set_up_two_step_verification_can_do_nothing_else() {
    let mut caller = person(Role::Holder);
    if let Who::Person(actor) = &mut caller.who {
        actor.two_step_due = true;
    }
    for act in [Act::OwnTwoStep, Act::OwnPassword, Act::SignIn] {
        assert!(decide(&caller, &act).is_ok());
    }
    for act in [Act::OwnAccount, Act::SeeTree, Act::Import, Act::ChangeSettings] {
        assert_eq!(decide(&caller, &act).unwrap_err(), Denied::TwoStepDue);
    }
}

#[test]
fn outside_ones_area_is_as_if_it_were_not_there() {
    let denied = decide(&person(Role::Administrator), &Act::SeeGroup { lineage: OUTSIDE });
    assert_eq!(denied.unwrap_err(), Denied::OutsideArea);
}
