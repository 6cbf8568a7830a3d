//! The command line as it is typed. What the values mean is decided in `configuration` (for
//! `serve`) and in each command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use roster::audit::chain::Noted;

/// The administration center for support technicians.
#[derive(Debug, Parser)]
#[command(name = "muster", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// Where the data is: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/NAME`
    /// [default: sqlite:muster.db]
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "MUSTER_DATABASE",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// The file with the keys that lie outside the database; beside an SQLite file it is made at the
    /// first start [default: beside the SQLite file, `muster.key` for `muster.db`]
    #[arg(long, global = true, value_name = "FILE", env = "MUSTER_KEY_FILE")]
    pub key_file: Option<String>,
    /// A TOML file with settings, by the names of the flags; flags and environment go before it
    #[arg(long, global = true, value_name = "FILE", env = "MUSTER_CONFIG")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the administration center
    Serve(Box<Serve>),
    /// Create the Master Account Holder
    Setup(Setup),
    /// Let the Master Account Holder in again
    Holder {
        #[command(subcommand)]
        verb: Holder,
    },
    /// Check an import file, without a server
    Check(Check),
    /// Import technicians from a CSV or JSON file
    Import(Import),
    /// Write accounts in the import's own format, passwords apart
    Export(Export),
    /// The tree of Technician Groups
    Group {
        #[command(subcommand)]
        verb: Group,
    },
    /// The audit trail
    Audit {
        #[command(subcommand)]
        verb: Audit,
    },
    /// Directory synchronization
    Directory {
        #[command(subcommand)]
        verb: Directory,
    },
    /// The keys that lie outside the database
    Key {
        #[command(subcommand)]
        verb: Key,
    },
    /// Write a consistent copy of the SQLite database, also while serving
    Backup {
        /// The file to write; it must not exist
        to: PathBuf,
    },
    /// Put a backup of an SQLite database in the database's place
    ///
    /// The backup is checked, copied, and opened with the key file. The sessions that were open when
    /// it was made are ended.
    Restore(Restore),
    /// Find out whether a database, or a backup, is whole: its file, its counts, its audit trail,
    /// its key file
    Verify(Verify),
    /// Move the whole database into another, empty one: from SQLite to PostgreSQL, back, or within
    /// a kind
    ///
    /// Stop the servers over the old database first: nothing is written to it, and if it is changed
    /// meanwhile the move fails. All tables are copied with their IDs, the audit trail with its
    /// chain; sessions are left behind. Then both sides are compared by counts and checksums. The new
    /// database needs the same key file. A move that was interrupted is run again; it begins anew.
    Move(MoveDatabase),
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The backup, as `muster backup` wrote it
    pub from: PathBuf,
    /// If a database is there, rename it; no server may be using it
    #[arg(long)]
    pub set_aside: bool,
}

#[derive(Clone, Copy, Debug, Args)]
pub struct Verify {
    /// Take it that entries of the audit trail up to this one were written before there was a
    /// chain, or before a lost key file was replaced
    #[arg(long, value_name = "ID", default_value_t = 0)]
    pub begins_after: i64,
    /// One JSON line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct MoveDatabase {
    /// The database to move: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(long, value_name = "URL", env = "MUSTER_FROM", hide_env_values = true)]
    pub from: String,
    /// The database to move it into: empty, or not there yet
    #[arg(long, value_name = "URL", env = "MUSTER_TO", hide_env_values = true)]
    pub to: String,
}

/// Each also as `MUSTER_…` and as a key of the configuration file: `configuration` names them.
#[derive(Debug, Args)]
pub struct Serve {
    /// The address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDRESS", env = "MUSTER_LISTEN")]
    pub listen: Option<String>,
    /// The TLS certificate and its chain, PEM
    #[arg(long, value_name = "FILE", env = "MUSTER_TLS_CERT")]
    pub tls_cert: Option<String>,
    /// The key of the TLS certificate, PEM
    #[arg(long, value_name = "FILE", env = "MUSTER_TLS_KEY")]
    pub tls_key: Option<String>,
    /// The network of the proxy in front, which ends TLS; several with commas between them
    #[arg(long, value_name = "CIDR", env = "MUSTER_TRUSTED_PROXY")]
    pub trusted_proxy: Option<String>,
    /// The address by which browsers know this server, such as `https://muster.example.com`:
    /// passkeys belong to it [default: on this computer alone, `http://localhost`]
    #[arg(long, value_name = "URL", env = "MUSTER_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The most connections at once; beyond that a new one is refused
    /// [default: 4096, or what the limit on open files allows]
    #[arg(long, value_name = "NUMBER", env = "MUSTER_MAX_CONNECTIONS")]
    pub max_connections: Option<String>,
    /// The most of them from one address, or from one /64 of IPv6; trusted proxies are exempt
    /// [default: 256]
    #[arg(long, value_name = "NUMBER", env = "MUSTER_MAX_CONNECTIONS_PER_ADDRESS")]
    pub max_connections_per_address: Option<String>,
    /// Told to stop, take connections for so many seconds more, while `/readyz` says that the server
    /// is stopping [default: 5 behind a trusted proxy, else 0]
    #[arg(long, value_name = "SECONDS", env = "MUSTER_STOP_DELAY")]
    pub stop_delay: Option<String>,
    /// The most connections to PostgreSQL that only read [default: 10]
    #[arg(long, value_name = "NUMBER", env = "MUSTER_DATABASE_READERS")]
    pub database_readers: Option<String>,
    /// The most connections to PostgreSQL that write; one more watches the server [default: 6]
    #[arg(long, value_name = "NUMBER", env = "MUSTER_DATABASE_WRITERS")]
    pub database_writers: Option<String>,
    /// How the log is written: human or json [default: human]
    #[arg(long, value_name = "FORM", env = "MUSTER_LOG")]
    pub log: Option<String>,
    /// The least that is logged: error, warn, info, debug or trace [default: info]
    #[arg(long, value_name = "LEVEL", env = "MUSTER_LOG_LEVEL")]
    pub log_level: Option<String>,
}

#[derive(Debug, Args)]
pub struct Setup {
    /// The holder's name
    #[arg(long)]
    pub name: String,
    /// The holder's email, by which they sign in
    #[arg(long)]
    pub email: String,
    /// The organization's name
    #[arg(long, default_value = "My organization")]
    pub organization: String,
    /// Read the password from standard input: its first line
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Holder {
    /// Lift the lock after too many failed sign-ins
    Unlock,
    /// Give a temporary password, which is printed; sessions end, a lock is lifted
    ResetPassword {
        /// Read the password from standard input instead: its first line
        #[arg(long)]
        password_stdin: bool,
    },
    /// End two-step verification: app, passkeys and recovery codes; sessions end
    ResetTwoStep,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The CSV or JSON file; - is standard input
    pub file: PathBuf,
    /// Every row names its own Technician Group; else it is taken that one will be chosen for all
    #[arg(long)]
    pub groups_in_file: bool,
    /// One JSON line per row, then the summary
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The CSV or JSON file; - is standard input
    pub file: PathBuf,
    /// The Technician Group for every row, by its ID or its path ("Support/Tier 1")
    #[arg(long, value_name = "ID|PATH")]
    pub group: Option<String>,
    /// What becomes of a row whose email is a technician's: skip leaves them alone, update gives
    /// them the row's values; what is empty stays, and so do passwords
    #[arg(long, value_enum, default_value_t = Existing::Skip)]
    pub existing: Existing,
    /// Import all rows or none
    #[arg(long)]
    pub all_or_nothing: bool,
    /// Say what would become of every row: nothing is imported
    #[arg(long)]
    pub dry_run: bool,
    /// Write the starting passwords of those who have none to this new file, which is readable by
    /// you alone: name, email, starting password. Each works for one sign-in
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub starting_passwords: Option<PathBuf>,
    /// One JSON line per row, then the summary
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Existing {
    Skip,
    Update,
}

#[derive(Debug, Args)]
pub struct Export {
    /// Only this Technician Group and those below it, by its ID or its path
    #[arg(long, value_name = "ID|PATH")]
    pub group: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Csv,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Group {
    /// Every Technician Group: its ID and its path
    List {
        /// One JSON line per group
        #[arg(long)]
        json: bool,
    },
    /// Make a Technician Group, and what is missing on the way to it; prints its ID
    Add {
        /// Such as "Support/Tier 1"
        path: String,
        /// One JSON line
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Find out whether any entry was changed, removed or added past Muster
    Verify {
        /// The newest entry and its hash as they were noted once: all before it must still lead to
        /// it, and it shows when entries after it are gone
        #[arg(long, value_name = "ID:HASH", value_parser = noted)]
        since: Option<Noted>,
        /// Take it that entries up to this one were written before there was a chain, or before a
        /// lost key file was replaced
        #[arg(long, value_name = "ID", default_value_t = 0)]
        begins_after: i64,
        /// One JSON line
        #[arg(long)]
        json: bool,
    },
}

fn noted(text: &str) -> Result<Noted, String> {
    let wrong = || "Give an entry’s number and its hash, as `muster audit verify` prints them.";
    let (entry, hash) = text.split_once(':').ok_or_else(wrong)?;
    let entry = entry.trim().parse().ok().filter(|entry| *entry > 0).ok_or_else(wrong)?;
    let hash = hash.trim().to_owned();
    if hash.is_empty() { Err(wrong().to_owned()) } else { Ok(Noted { entry, hash }) }
}

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key file: a PostgreSQL database needs one
    New {
        /// The file to write; it must not exist
        file: PathBuf,
    },
    /// Take a new key into use and write anew what was written with the one before, also while
    /// serving
    Rotate,
    /// Make another key file in place of one that is lost and has no copy
    ///
    /// What only the lost keys could open is dropped: the apps of two-step verification, recovery
    /// codes, starting passwords that were not downloaded. Passwords and passkeys stay. All sessions
    /// end. The audit trail begins anew: entries so far can’t be verified any more, and an entry says
    /// so.
    Replace {
        /// The key file is lost, and there is no copy of it
        #[arg(long, required = true)]
        lost: bool,
        /// Don’t ask again
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Directory {
    /// Make the token that a synchronization service enrolls with; it is shown this once
    Token {
        /// One JSON line
        #[arg(long)]
        json: bool,
    },
    /// The runs so far, the newest first
    Runs {
        /// One JSON line per run
        #[arg(long)]
        json: bool,
    },
    /// Let a run that waits go on
    Approve {
        /// Its ID, as `muster directory runs` shows it
        run: String,
        /// One JSON line
        #[arg(long)]
        json: bool,
    },
    /// The SHA-256 of each synchronization program that can be downloaded from this server
    Program {
        /// One JSON line per program
        #[arg(long)]
        json: bool,
    },
    /// Drop a run that waits
    Drop {
        /// Its ID, as `muster directory runs` shows it
        run: String,
        /// One JSON line
        #[arg(long)]
        json: bool,
    },
}
