//! All failures in one place: each has a code, for programs and documents, and a sentence that says what
//! failed, where, and what to do. Neither contains a secret.

use std::process::ExitCode;

pub type Result<T, E = Failure> = std::result::Result<T, E>;

macro_rules! failures {
    ($($code:literal $name:ident { $($field:ident: $kind:ty),* } $sentence:literal)+) => {
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Failure {
            $(#[error($sentence)] $name { $($field: $kind),* },)+
        }

        impl Failure {
            /// The code in the log, on the server's page and in the documents.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name { .. } => $code,)+ }
            }
        }

        /// All codes.
        pub const CODES: &[&str] = &[$($code),+];
    };
}

failures! {
    // The command line and the configuration.
    "config.missing" NoConfiguration { path: String }
        "There is no configuration at {path}. Run “muster-sync --config {path} setup” first."
    "config.invalid" Configuration { path: String, why: String }
        "The configuration {path} can't be used: {why} Correct it, or run setup again."
    "config.secret" SecretFile { what: String, path: String, why: String }
        "The {what} can't be read from {path}: {why}. The file must be there and readable by this user."
    "config.write" Write { path: String, why: String }
        "{path} can't be written: {why}. Choose a folder in which this user may write."
    "config.usage" Usage { why: String }
        "{why}"
    "config.root" Root {}
        "The service refuses to run as root: it only needs to read its own files. Run it as a dedicated \
         user, or install it with “muster-sync install”."
    "config.ca_file" CaFile { path: String, why: String }
        "The certificate authority's file {path} can't be used: {why}. Give a PEM file with the \
         authority's certificate."

    // Connecting to a controller.
    "ldap.no_controller" NoController { domain: String, why: String }
        "No controller of {domain} was found by DNS (_ldap._tcp.dc._msdcs.{domain}): {why}. Check the \
         domain's name and this machine's DNS server, or name a controller with --controller."
    "ldap.unreachable" Unreachable { controller: String, why: String }
        "The controller {controller} can't be reached: {why}. Check its name and port, and that no \
         firewall blocks the port (636 for LDAPS, 389 for StartTLS)."
    "ldap.certificate" Certificate { controller: String, why: String }
        "The certificate of the controller {controller} is not valid: {why}"
    "ldap.tls" NoTls { controller: String, why: String }
        "The controller {controller} can't be reached by TLS: {why} Nothing was sent unencrypted."
    "ldap.start_tls" StartTls { controller: String, why: String }
        "The controller {controller} doesn't begin TLS: {why}. Nothing was sent unencrypted. Install a \
         certificate on it, or use LDAPS."
    "ldap.connection_lost" ConnectionLost { controller: String, why: String }
        "The connection to {controller} ended while the directory was read: {why}. Nobody is disabled for \
         being absent. The next run reads everything again."
    "ldap.timeout" Timeout { controller: String }
        "The controller {controller} didn't answer in time. Nobody is disabled for being absent. The next \
         run reads everything again."

    // The account that reads.
    "ldap.empty_password" EmptyPassword { user: String }
        "The password of {user} is empty. It isn't sent, because a controller would treat it as an \
         anonymous sign-in. Give the account's password."
    "ldap.wrong_password" WrongPassword { user: String, controller: String }
        "{controller} refuses the name or the password of {user}. Give the right one to “muster-sync \
         setup”; until it changes, the next try is after 30 minutes."
    "ldap.account_locked" AccountLocked { user: String, controller: String }
        "{user} is locked out at {controller}. Unlock the account; the next try is after 30 minutes."
    "ldap.account_disabled" AccountDisabled { user: String, controller: String }
        "{user} is disabled at {controller}. Enable the account, or give another one to setup."
    "ldap.account_expired" AccountExpired { user: String, controller: String }
        "{user} has expired at {controller}. Extend the account, or give another one to setup."
    "ldap.password_expired" PasswordExpired { user: String, controller: String }
        "The password of {user} has expired at {controller}, or must be changed. Set one that doesn't \
         expire and give it to setup."
    "ldap.bind_refused" BindRefused { user: String, controller: String, why: String }
        "{controller} refuses the sign-in of {user}: {why}. Correct that, or give another account to setup."
    "ldap.kerberos" Kerberos { controller: String, why: String }
        "The sign-in at {controller} by Kerberos failed: {why}. This machine must be a member of the domain, \
         its clock must be right to 5 minutes, and the controller must be given by its name in the domain \
         (dc1.corp.example.com). Or give an account with --bind-user."
    "ldap.waiting" Waiting { user: String, until: String }
        "{user} was refused, and isn't tried again before {until}, to avoid locking the account. A \
         changed name or password is tried at once."

    // Reading.
    "ldap.busy" Busy { controller: String, what: String }
        "{controller} was too busy to answer when {what} was read. The next run tries again."
    "ldap.limit" Limit { controller: String, what: String, why: String }
        "{controller} cut off its answer when {what} was read: {why}. Raise the limit there (MaxPageSize \
         must be 500 or more, MaxQueryDuration 120 seconds)."
    "ldap.not_permitted" NotPermitted { user: String, what: String }
        "{user} may not read {what}. Let the account read it in the directory."
    "ldap.members_unreadable" MembersUnreadable { user: String, group: String, within: String }
        "{user} may not read the members of the AD group “{group}”{within}: the directory returns none, and \
         {user} may not read whether there are any. Let the account read the property “member” and the \
         permissions of that group. Until then nobody of this directory counts as absent."
    "ldap.members_unknown" MembersUnknown { user: String, members: String, group: String }
        "{user} may not read {members} in the AD group “{group}”: each may be a person, or a group with people \
         in it. Let the account read them. Until then nobody of this directory counts as absent."
    "ldap.gone_or_hidden" GoneOrHidden { user: String, count: usize, people: String }
        "Technicians whose objects {user} can't find: {count} ({people}). They may have been deleted, or may be \
         hidden from the account, so they stay as they are. Let the account read them, or the deleted objects \
         (CN=Deleted Objects), which prove a deletion; or disable in Muster the technicians who left."
    "ldap.search_failed" SearchFailed { controller: String, what: String, why: String }
        "{controller} could not answer a request for {what}: {why}."
    "ldap.malformed" Malformed { controller: String, what: String }
        "{controller} gave an invalid answer to a request for {what}. Check that it is an Active Directory \
         controller, and that no proxy changes its answers."
    "ldap.nested_too_deep" NestedTooDeep { group: String }
        "{group} has groups nested more than 32 deep: people below that are not seen. Flatten it."

    // The directory.
    "directory.not_active_directory" NotActiveDirectory { controller: String }
        "{controller} is not an Active Directory controller: the supportedCapabilities of its rootDSE don't \
         include Active Directory. Microsoft's and Samba's controllers can be read; other directories, such \
         as OpenLDAP, can't. No password was sent."
    "directory.behind" Behind { controller: String }
        "{controller} doesn't have all changes yet that an earlier run saw on another controller, or the \
         account can't read whether it has. Until it has, nobody of this directory counts as absent. If the \
         other controller is permanently gone, run setup again. Otherwise let the account read the controllers' \
         “invocationId” and the domain's “replUpToDateVector”, or name a single controller."
    "directory.changing" Changing { controller: String, what: String }
        "{what} changed on {controller} during each attempt to read them. Until they can be read, nobody of \
         this directory counts as absent. The next run reads everything again."
    "directory.not_synchronized" NotSynchronized { controller: String }
        "{controller} isn't synchronized with its domain yet, so people may be missing on it. Wait until it \
         is, or name another controller."
    "directory.other_domain" OtherDomain { controller: String, found: String, domain: String }
        "{controller} is a controller of {found}, not of {domain}. Name one of {domain}."
    "directory.not_enrolled" NotEnrolled { found: String, enrolled: String }
        "The directory that answers ({found}) is not the one that was enrolled ({enrolled}). Nothing was \
         read. Correct the domain, or enroll this directory by setup with a new token."
    "base.not_found" BaseNotFound { base: String }
        "The search base {base} is not in the directory. Correct --base."
    "group.not_found" GroupNotFound { group: String }
        "The AD group “{group}” is not in the directory, or may not be read. Correct its name, or remove \
         its mapping."
    "group.ambiguous" GroupAmbiguous { group: String, found: String }
        "“{group}” is the name of several AD groups: {found}. Give the distinguished name of one."
    "group.no_mapping" NoMapping {}
        "No AD group is mapped to a Technician Group. Map one with “muster-sync setup”."
    "technician_group.not_found" TechnicianGroupNotFound { group: String }
        "There is no Technician Group “{group}”. Give its ID or its path (“Support/Tier 1”)."

    // The server.
    "server.address" ServerAddress { address: String, why: String }
        "{address} is not a valid server address: {why}. Give https://NAME; http:// is allowed only for \
         this machine itself."
    "server.unreachable" ServerUnreachable { server: String, why: String }
        "The server {server} can't be reached: {why}. Check its address, and that it runs."
    "server.certificate" ServerCertificate { server: String, why: String }
        "The certificate of the server {server} is not valid: {why}"
    "server.tls" ServerNoTls { server: String, why: String }
        "The server {server} can't be reached by TLS: {why} Nothing was sent unencrypted."
    "server.not_muster" NotMuster { server: String }
        "No Muster with directory synchronization answers at {server}. Give its address without a path."
    "server.token_refused" TokenRefused { server: String }
        "{server} refuses this service's token: it is unknown, revoked or expired. Generate one in Global \
         Settings, Active Directory Synchronization, and give it to setup."
    "server.not_enrolled" TokenNotEnrolled { server: String }
        "{server} accepts the token, but no directory is enrolled with it yet. Run setup with the Master \
         Account Holder's email and password."
    "server.failing" ServerFailing { server: String, status: u16 }
        "The server {server} can't answer now (HTTP {status}). Its log has the cause; the next run tries again."
    "server.protocol" Protocol { server: String, spoken: u32 }
        "{server} speaks version {spoken} of the protocol, this program version 1. Install the \
         muster-sync that {server} offers for download."
    "server.refused" ServerRefused { code: String, message: String }
        "The server refused: {message} ({code})"
    "server.run_under_way" RunUnderWay { server: String }
        "{server} has another run of this directory under way. Wait until it has ended."
    "server.rejected" Rejected { message: String }
        "The server rejected the run, and nothing was changed: {message}"
    "server.unexpected" Unexpected { server: String, why: String }
        "{server} gave an answer that this program doesn't understand: {why}. Install the muster-sync that \
         the server offers for download."

    // This machine.
    "service.install" Install { why: String }
        "The service can't be installed: {why}"
    "service.stopped" Stopped {}
        "The service was stopped before the run had ended. The next run starts over."
    "service.incomplete" Incomplete { why: String }
        "The directory could not be read completely, so nobody is disabled for being absent: {why}"
    "service.output" Output { why: String }
        "The output can't be written: {why}."
}

impl Failure {
    /// Whether the account is at fault, so that every controller would answer the same.
    #[must_use]
    pub fn is_of_the_account(&self) -> bool {
        self.is_counted()
            || matches!(
                self,
                Self::AccountDisabled { .. }
                    | Self::AccountExpired { .. }
                    | Self::PasswordExpired { .. }
                    | Self::EmptyPassword { .. }
            )
    }

    /// Whether controllers count this failure towards locking the account.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        matches!(self, Self::WrongPassword { .. } | Self::AccountLocked { .. })
    }
}

/// A command's exit code; scripts depend on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    /// Changes wait for a Master Administrator.
    Held = 2,
    /// Done, but some people failed, or not everything could be read.
    SomeFailed = 3,
    Failed = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_unique_and_has_an_area_and_a_reason() {
        assert_eq!(CODES.iter().collect::<BTreeSet<_>>().len(), CODES.len());
        for code in CODES {
            let (area, reason) = code.split_once('.').unwrap();
            let plain = |text: &str| text.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
            assert!(plain(area) && plain(reason), "{code}");
        }
    }

    #[test]
    fn a_sentence_says_what_where_and_what_now() {
        let failure =
            Failure::WrongPassword { user: "reader@corp".into(), controller: "dc1:636".into() };
        assert_eq!(failure.code(), "ldap.wrong_password");
        let said = failure.to_string();
        assert!(
            said.starts_with("dc1:636 refuses the name or the password of reader@corp."),
            "{said}"
        );
        assert!(said.contains("muster-sync setup"), "{said}");
    }
}
