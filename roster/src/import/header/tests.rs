use super::*;

fn heading(texts: &[&str]) -> Heading {
    Heading::new(texts.iter().copied(), Some(1), &[])
}

fn roles(texts: &[&str]) -> Vec<Role> {
    roles_of(heading(texts))
}

fn roles_of(heading: Heading) -> Vec<Role> {
    heading.headers.into_iter().map(|header| header.role).collect()
}

#[test]
fn names_in_many_languages() {
    let check = |texts: &[&str], expected: &[Field]| {
        let expected: Vec<_> = expected.iter().map(|field| Role::Field(*field)).collect();
        assert_eq!(roles(texts), expected);
    };
    check(&Field::ALL.map(Field::header), &Field::ALL);
    check(&Field::ALL.map(Field::key), &Field::ALL);
    check(
        &[
            "Name",
            "Spitzname",
            "E-Mail-Adresse",
            "Passwort",
            "SSO-ID",
            "Beschreibung",
            "Aktiviert",
            "Standardlizenz",
            "Mobillizenz",
            "Gruppen-ID",
        ],
        &Field::ALL,
    );
    check(&["NAME", "e_mail"], &[Field::Name, Field::Email]);
    check(
        &["Display name", "Email address", "Tech Group ID"],
        &[Field::Name, Field::Email, Field::Group],
    );
    check(
        &["Nom complet", "Adresse e-mail", "Mot de passe"],
        &[Field::Name, Field::Email, Field::Password],
    );
    check(&["Nombre", "Correo electrónico"], &[Field::Name, Field::Email]);
    check(&["氏名", "メールアドレス", "備考"], &[Field::Name, Field::Email, Field::Description]);
    check(&["Full Name [Required]", "Email Address [Required]"], &[Field::Name, Field::Email]);
}

#[test]
fn parts_make_a_name() {
    let check = |texts: &[&str], expected: Source| {
        assert_eq!(heading(texts).sources[Field::Name.index()], expected, "{texts:?}");
    };
    let joined = |first, last, last_first| Source::Joined { first, last, last_first };
    check(&["First Name", "Last Name", "Email"], joined(0, 1, false));
    check(&["Nachname", "Vorname", "E-Mail"], joined(1, 0, false));
    check(&["Nom", "Prénom"], joined(1, 0, false));
    check(&["Nombre", "Apellidos"], joined(0, 1, false));
    check(&["姓", "名"], joined(1, 0, true));
    check(&["Display name", "First name", "Last name"], Source::Column(0));
    check(&["First name", "Last name", "Name"], Source::Column(2));
    check(&["First name", "Email"], Source::Nowhere);
}

#[test]
fn a_weak_name_gives_way() {
    let found = roles(&["Name", "Display name", "mail", "userPrincipalName"]);
    let fields =
        [Role::Field(Field::Name), Role::Unknown, Role::Field(Field::Email), Role::Unknown];
    assert_eq!(found, fields);
}

#[test]
fn what_is_ignored() {
    let found = roles(&["Name", "Email", "_line", "Shoe size", ""]);
    assert_eq!(found[2..], [Role::Hidden, Role::Unknown, Role::Unknown]);
}

#[test]
fn two_columns_for_one_field() {
    let twice = heading(&["Name", "Email", "E-Mail"]);
    let complaints = twice.complaints();
    let [error] = complaints.as_slice() else { panic!("{complaints:?}") };
    assert_eq!((error.code, error.line), (FileCode::DuplicateColumn, Some(1)));
    assert!(error.message.contains("2 (“Email”) and 3 (“E-Mail”)"), "{}", error.message);
    assert_eq!(twice.headers[2].role, Role::Unknown);
    assert_eq!(twice.headers[2].offer, Some(Field::Email));
    assert!(heading(&["Name", "Email", "_Email"]).complaints().is_empty());
}

#[test]
fn what_is_chosen_holds() {
    use Field::{Description, Email, Name, Password};
    let check = |texts: &[&str], chosen: &[(u16, Role)], expected: &[Role]| {
        let chosen = heading(texts).with_roles(chosen);
        assert_eq!(roles_of(chosen), expected, "{texts:?}");
    };
    let [name, email] = [Name, Email].map(Role::Field);
    check(&["Who", "Where"], &[(0, name), (1, email)], &[name, email]);
    check(&["Name", "Email", "Mail 2"], &[(2, email)], &[name, Role::Unknown, email]);
    check(&["Name", "Email"], &[(1, Role::Unknown)], &[name, Role::Unknown]);
    check(&["Name", "Email", "x"], &[(0, email), (1, name)], &[email, name, Role::Unknown]);
    check(
        &["Name", "Email", "A", "B"],
        &[(2, Role::FirstName), (3, Role::LastName)],
        &[Role::Unknown, email, Role::FirstName, Role::LastName],
    );
    check(
        &["First name", "Last name", "Email", "Whole"],
        &[(3, name)],
        &[Role::Unknown, Role::Unknown, email, name],
    );
    check(
        &["Name", "Email"],
        &[(7, email), (0, Role::Field(Description))],
        &[Role::Field(Description), email],
    );
    check(&["_Name", "Email"], &[(0, name)], &[name, email]);

    let twice = heading(&["a", "b"]).with_roles(&[(0, name), (1, name)]);
    assert_eq!(twice.complaints()[0].code, FileCode::DuplicateColumn);
    assert_eq!(twice.headers[1].offer, Some(Name));
    let shown = heading(&["Passwort", "b"]).with_roles(&[(0, name), (1, Role::Field(Password))]);
    assert_eq!(shown.secrets, [0, 1]);
}

#[test]
fn close_misses_are_offered() {
    let check = |text: &str, expected: Option<Field>| {
        assert_eq!(heading(&[text]).headers[0].offer, expected, "{text}");
    };
    check("Emial", Some(Field::Email));
    check("E-Mial Adress", Some(Field::Email));
    check("Pasword", Some(Field::Password));
    check("Nmae", Some(Field::Name));
    check("Descripton", Some(Field::Description));
    check("Telephone", None);
    check("Nam", None);
    let taken = heading(&["Email", "Emial"]);
    assert_eq!(taken.headers[1].offer, None);
}

#[test]
fn all_missing_columns_are_named() {
    let missing = |texts: &[&str]| heading(texts).missing().unwrap();
    let error = missing(&["Nickname", "Emial"]);
    assert_eq!(error.offers, [ColumnOffer { header: "Emial".to_owned(), field: Field::Email }]);
    expect_test::expect![[r"The file has no columns “Name” and “Email”. It has “Nickname”, “Emial”. “Emial” may be meant for it: rename it to “Email”."]]
        .assert_eq(&error.message);
    expect_test::expect![[r"The file has no column “Email”. It has “Name”. The first line names the columns; the example file shows how."]]
        .assert_eq(&missing(&["Name"]).message);
}

#[test]
fn columns_that_may_hold_passwords() {
    for text in ["Pasword", "Old password", "Kennwort 2", "PWD"] {
        assert!(may_hold_passwords(text), "{text}");
    }
    assert!(!may_hold_passwords("Telephone"));
    assert!(!may_hold_passwords("Description"));
}
