//! Why the database can't be used at the moment, as it may be told to anyone.

use serde::{Deserialize, Serialize};

/// The reason of [`Fault::Unavailable`](super::Fault::Unavailable). As JSON it is one word. A word of
/// another version of the program, or none, is read as [`Silent`](Self::Silent).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outage {
    /// Others hold what this needs, or there is no free connection.
    Busy,
    /// Its server is starting or stopping.
    Starting,
    DiskFull,
    /// Its disk can't be read or written.
    DiskFails,
    NoMemory,
    ReadOnly,
    /// It can't be reached, or the connection to it was lost.
    #[default]
    #[serde(other)]
    Silent,
}

impl Outage {
    /// What is wrong: a sentence without its full stop.
    #[must_use]
    pub fn statement(self) -> &'static str {
        match self {
            Self::Busy => "The database is busy",
            Self::Starting => "The database server is starting or stopping",
            Self::DiskFull => "The disk of the database is full",
            Self::DiskFails => "The disk of the database can’t be read or written",
            Self::NoMemory => "The database has no memory left",
            Self::ReadOnly => "The database is read-only",
            Self::Silent => "The database does not answer",
        }
    }

    /// A sentence about what was to be changed: what is wrong, what became of it, what to do now.
    #[must_use]
    pub fn sentence(self) -> String {
        let now = match self {
            Self::Busy | Self::Starting | Self::NoMemory | Self::Silent => "try again in a moment",
            Self::DiskFull => "try again once there is room",
            Self::DiskFails => "the server’s log has the cause",
            Self::ReadOnly => {
                "it is a standby, or its file or disk is write-protected: try again once it can be \
                 written"
            }
        };
        format!("{}. Nothing was changed; {now}.", self.statement())
    }

    /// How long to wait before trying again. What people must mend takes longer.
    #[must_use]
    pub fn seconds(self) -> i64 {
        match self {
            Self::Busy | Self::Starting | Self::NoMemory | Self::Silent => 1,
            Self::DiskFull | Self::DiskFails | Self::ReadOnly => 10,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    #[test]
    fn other_versions_are_understood() {
        let check = |json: &str, reason| {
            let fault: Fault = serde_json::from_str(json).unwrap();
            assert_eq!(fault, Fault::Unavailable { reason }, "{json}");
        };
        check(r#"{"code":"unavailable"}"#, Outage::Silent);
        check(r#"{"code":"unavailable","reason":"disk_full"}"#, Outage::DiskFull);
        check(r#"{"code":"unavailable","reason":"of_tomorrow"}"#, Outage::Silent);
        let fault = Fault::Unavailable { reason: Outage::ReadOnly };
        let written = serde_json::to_string(&fault).unwrap();
        assert_eq!(written, r#"{"code":"unavailable","reason":"read_only"}"#);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let check = |reason, expected: &str| {
            assert_eq!(Fault::Unavailable { reason }.to_string(), expected);
        };
        check(
            Outage::Silent,
            "The database does not answer. Nothing was changed; try again in a moment.",
        );
        check(
            Outage::DiskFull,
            "The disk of the database is full. Nothing was changed; try again once there is room.",
        );
    }
}
