//! The command line as it is typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Keeps Muster's technicians in step with Active Directory.
#[derive(Debug, Parser)]
#[command(name = "muster-sync", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Arguments {
    /// The configuration file; its secrets lie beside it
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set the service up: what isn't given as a flag is asked
    Setup(Box<Setup>),
    /// Find out whether all that is needed is there and can be read
    Check,
    /// Say what a run would do, and change nothing
    Preview,
    /// Keep in step, until stopped
    Run {
        /// One run, now
        #[arg(long)]
        once: bool,
    },
    /// How the service is, and how its last run ended
    Status {
        /// One JSON line
        #[arg(long)]
        json: bool,
    },
    /// Install the service on this machine, and start it
    Install,
    /// Stop the service, and take it away
    Uninstall,
    /// Take a new service token; the old one works for another 24 hours
    RotateToken,
}

#[derive(Clone, Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Setup {
    /// Ask on a page in the browser of this machine; flags fill its fields in advance
    #[arg(long)]
    pub browser: bool,
    /// The address of Muster, such as <https://muster.example.com>
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// The Master Account Holder's email
    #[arg(long)]
    pub email: Option<String>,
    /// A file with the Master Account Holder's password in its first line; used once, kept nowhere
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// A file with a code of their two-step verification, where they have it, or an enrollment code
    #[arg(long, value_name = "FILE")]
    pub code_file: Option<PathBuf>,
    /// A file with the token from Global Settings, Active Directory Synchronization
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// The Active Directory domain, such as corp.example.com
    #[arg(long)]
    pub domain: Option<String>,
    /// A controller of it; several by repeating. Without it they are found by DNS
    #[arg(long, value_name = "HOST[:PORT]")]
    pub controller: Vec<String>,
    /// Begin with `StartTLS`, also where the port isn't 389
    #[arg(long)]
    pub start_tls: bool,
    /// A file of certificate authorities, PEM: for controllers they alone count, for Muster beside the machine's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// The account to read the directory with: name@domain, DOMAIN\name or a distinguished name
    #[arg(long, value_name = "USER")]
    pub bind_user: Option<String>,
    /// A file with that account's password in its first line
    #[arg(long, value_name = "FILE")]
    pub bind_password_file: Option<PathBuf>,
    /// Read the directory as the account that runs the service, by Kerberos; on Windows
    #[arg(long, conflicts_with_all = ["bind_user", "bind_password_file"])]
    pub kerberos: bool,
    /// Only people below this distinguished name
    #[arg(long, value_name = "DN")]
    pub base: Option<String>,
    /// Members of an AD group become technicians of a Technician Group, by its ID or its path
    /// ("Support/Tier 1"); several by repeating, the first one counts for who is in several
    #[arg(long, value_name = "AD GROUP=ID|PATH")]
    pub map: Vec<String>,
    /// Don't install the service
    #[arg(long)]
    pub no_install: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn setup_takes_every_question_as_a_flag() {
        let typed = "muster-sync --config f setup --server https://m --email a@b --password-file p \
                     --token-file t --domain d --controller c:636 --controller e --ca-file ca \
                     --bind-user u --bind-password-file b --base OU=x --map A=1 --map B=c --no-install";
        let arguments = Arguments::try_parse_from(typed.split_whitespace()).unwrap();
        let Command::Setup(setup) = arguments.command else { panic!("no setup") };
        assert_eq!(setup.controller, ["c:636", "e"]);
        assert_eq!(setup.map, ["A=1", "B=c"]);
        assert!(setup.no_install);
    }
}
