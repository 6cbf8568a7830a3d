//! The fields of the page. Their names are those of the command line's flags.

use super::steps::Place;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Server,
    Token,
    Email,
    Password,
    CaFile,
    Code,
    Domain,
    Controllers,
    StartTls,
    BindUser,
    BindPassword,
    Base,
    Search,
}

impl Field {
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Token => "token",
            Self::Email => "email",
            Self::Password => "password",
            Self::CaFile => "ca-file",
            Self::Code => "code",
            Self::Domain => "domain",
            Self::Controllers => "controller",
            Self::StartTls => "start-tls",
            Self::BindUser => "bind-user",
            Self::BindPassword => "bind-password",
            Self::Base => "base",
            Self::Search => "search",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Server => "Address of Muster",
            Self::Token => "Service token",
            Self::Email => "Email of the Master Account Holder",
            Self::Password => "Their password",
            Self::CaFile => "Certificate authority’s file",
            Self::Code => "Code",
            Self::Domain => "Active Directory domain",
            Self::Controllers => "Controllers",
            Self::StartTls => "Begin with StartTLS on any port",
            Self::BindUser => "Account to read with",
            Self::BindPassword => "Its password",
            Self::Base => "Only people below",
            Self::Search => "Search",
        }
    }

    pub fn hint(self) -> Option<&'static str> {
        Some(match self {
            Self::Server => "Such as https://muster.example.com",
            Self::Token => "From Global Settings, Active Directory Synchronization",
            Self::Email => "Needed where no directory is enrolled with the token yet",
            Self::Password => "Used once to enroll this directory, and kept nowhere",
            Self::CaFile => {
                "The path of a PEM file on this machine, if your certificates come from an authority of your \
                 own. Controllers are then believed by it alone; empty: this machine’s own authorities"
            }
            Self::Code => "Of the app, a recovery code, or an enrollment code",
            Self::Domain => "Such as corp.example.com",
            Self::Controllers => {
                "HOST or HOST:PORT, several with spaces between; empty: found by DNS"
            }
            Self::BindUser if cfg!(windows) => {
                "name@domain, DOMAIN\\name or a distinguished name; empty: this machine’s own, by Kerberos"
            }
            Self::BindUser => "name@domain, DOMAIN\\name or a distinguished name",
            Self::Base => {
                "A distinguished name, such as OU=People,DC=corp,DC=example,DC=com; empty: the whole domain"
            }
            Self::StartTls | Self::BindPassword | Self::Search => return None,
        })
    }

    /// Whether the value must never be in a page.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Token | Self::Password | Self::Code | Self::BindPassword)
    }

    pub fn is_tick(self) -> bool {
        self == Self::StartTls
    }

    /// The step that has this field.
    pub fn place(self) -> Place {
        match self {
            Self::Server | Self::Token | Self::Email | Self::Password => Place::Muster,
            Self::Code => Place::Code,
            Self::Search => Place::Groups,
            _ => Place::Directory,
        }
    }
}
