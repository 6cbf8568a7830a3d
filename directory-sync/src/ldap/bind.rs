//! Signing in at a controller, and its refusals. Microsoft's reason is in the text as `data 52e`: the Win32
//! error in hexadecimal.

use ldap3::{Ldap, LdapResult};
use roster::secret::Secret;

use super::connect::{Controller, PATIENCE, broken};
use super::kerberos;
use crate::failure::{Failure, Result};

/// The account with which the directory is read.
#[derive(Clone, Debug)]
pub enum Account {
    Named {
        /// `reader@corp.example.com`, `CORP\reader` or a distinguished name.
        user: String,
        password: Secret,
    },
    /// The account that runs this program, by Kerberos without a password; only on Windows.
    Own,
}

impl Account {
    /// The account's name in sentences.
    #[must_use]
    pub fn user(&self) -> &str {
        match self {
            Self::Named { user, .. } => user,
            Self::Own => "the account that runs muster-sync",
        }
    }
}

/// `invalidCredentials` of RFC 4511.
const REFUSED: u32 = 49;

/// The connection must be encrypted already.
pub async fn bind(ldap: &mut Ldap, account: &Account, controller: &Controller) -> Result<()> {
    ldap.with_timeout(PATIENCE);
    let answer = match account {
        // A controller would accept an empty password as an anonymous sign-in.
        Account::Named { user, password } if password.is_empty() => {
            return Err(Failure::EmptyPassword { user: user.clone() });
        }
        Account::Named { user, password } => ldap
            .simple_bind(user, password.reveal())
            .await
            .map_err(|error| broken(controller, &error))?,
        Account::Own => kerberos::bind(ldap, controller).await?,
    };
    if answer.rc == 0 { Ok(()) } else { Err(refusal(&answer, account.user(), controller)) }
}

fn refusal(answer: &LdapResult, user: &str, controller: &Controller) -> Failure {
    let (user, controller) = (user.to_owned(), controller.to_string());
    match (answer.rc, reason(&answer.text)) {
        (REFUSED, Some("775")) => Failure::AccountLocked { user, controller },
        (REFUSED, Some("533")) => Failure::AccountDisabled { user, controller },
        (REFUSED, Some("701")) => Failure::AccountExpired { user, controller },
        (REFUSED, Some("532" | "773")) => Failure::PasswordExpired { user, controller },
        (REFUSED, None | Some("525" | "52e")) => Failure::WrongPassword { user, controller },
        (code, _) => {
            let text = answer.text.trim_matches(['\0', ' ', '\n']);
            Failure::BindRefused { user, controller, why: format!("result {code}, {text}") }
        }
    }
}

/// `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v2580`
fn reason(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("data ")?;
    rest.split([',', ' ', '\0']).next().filter(|code| !code.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_wrong_with_the_account() {
        let check = |rc: u32, text: &str, expected: &str| {
            let answer = LdapResult {
                rc,
                matched: String::new(),
                text: text.to_owned(),
                refs: Vec::new(),
                ctrls: Vec::new(),
            };
            let controller = Controller::parse("dc1", false).unwrap();
            assert_eq!(refusal(&answer, "reader", &controller).code(), expected, "{text}");
        };
        let microsoft = |data| {
            format!(
                "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data {data}, v2580\0"
            )
        };
        check(49, &microsoft("52e"), "ldap.wrong_password");
        check(49, &microsoft("525"), "ldap.wrong_password");
        check(49, &microsoft("775"), "ldap.account_locked");
        check(49, &microsoft("533"), "ldap.account_disabled");
        check(49, &microsoft("701"), "ldap.account_expired");
        check(49, &microsoft("532"), "ldap.password_expired");
        check(49, &microsoft("773"), "ldap.password_expired");
        check(49, "", "ldap.wrong_password");
        check(8, "strong authentication required", "ldap.bind_refused");
        check(49, &microsoft("531"), "ldap.bind_refused");
    }
}
