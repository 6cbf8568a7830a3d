//! Export files and import templates of other products, rebuilt from their documentation: what
//! their columns are taken for. None is changed by hand before it is imported.

use std::fmt::Write;

use roster::import::Role;

use crate::{checked, easy, fixture, read_found};

/// The columns that are taken for something, the first row as it is understood, and its problems.
fn understood(name: &str) -> String {
    let sheet = read_found(&fixture(&format!("templates/{name}"))).unwrap();
    let checked = checked(&sheet, &easy());
    let mut told = format!("line {}\n", sheet.header_line().unwrap_or_default());
    for (column, header) in sheet.headers().iter().enumerate() {
        if !matches!(header.role, Role::Unknown | Role::Hidden) {
            let cell = sheet.cell(0, column);
            writeln!(told, "{} = {:?}: {cell}", header.text, header.role).unwrap();
        }
    }
    for problem in checked.problems_of(&sheet, 0) {
        writeln!(told, "{}", problem.code).unwrap();
    }
    told
}

#[test]
fn templates_of_other_products() {
    expect_test::expect![[r"
        line 2
        Name [displayName] Required = Field(Name): Chris Green
        User name [userPrincipalName] Required = Field(Email): chris@contoso.test
        Initial password [passwordProfile] Required = Field(Password): myPassword1234
        password.too_weak
    "]]
    .assert_eq(&understood("entra.csv"));
    expect_test::expect![[r"
        line 1
        Full name = Field(Name): Ann Lee
        Email = Field(Email): ann.lee@example.com
    "]]
    .assert_eq(&understood("freshdesk.csv"));
    expect_test::expect![[r"
        line 1
        First Name [Required] = FirstName: Ann
        Last Name [Required] = LastName: Lee
        Email Address [Required] = Field(Email): ann.lee@example.com
        Password [Required] = Field(Password): Vq7!mReXb2
    "]]
    .assert_eq(&understood("google.csv"));
    expect_test::expect![[r"
        line 1
        email = Field(Email): ann.lee@example.com
        displayName = Field(Name): Ann Lee
        nickName = Field(Nickname): Annie
    "]]
    .assert_eq(&understood("okta.csv"));
    expect_test::expect![[r"
        line 2
        DisplayName = Field(Name): Ann Lee
        mail = Field(Email): ann.lee@example.com
        Enabled = Field(Enabled): True
        Description = Field(Description): x
    "]]
    .assert_eq(&understood("powershell.csv"));
    expect_test::expect![[r"
        line 1
        Name = Field(Name): Ann Lee
        Nickname = Field(Nickname): Ann
        Email = Field(Email): ann.lee@example.com
        Single Sign-On ID = Field(SsoId): ann
        Description = Field(Description): shift, 2
        Tech Group ID = Field(Group): 1001
        Status = Field(Enabled): Enabled
        group.ignored
    "]]
    .assert_eq(&understood("remote-support.csv"));
    expect_test::expect![[r"
        line 1
        name = Field(Name): Ann Lee
        email = Field(Email): ann.lee@example.com
        external_id = Field(SsoId): 77
        notes = Field(Description): 
    "]]
    .assert_eq(&understood("zendesk.csv"));
}
