//! The service's systemd unit: it runs as a user that exists only while it runs, gets its secrets from systemd,
//! and has no access to anything else.

use std::fmt::Write as _;
use std::path::Path;

use crate::configuration::{CA, Files, Kept};

/// The form of the secrets on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// Encrypted for this machine by `systemd-creds`.
    Encrypted,
    /// Readable by root alone.
    Plain,
}

/// The path of a secret's encrypted file.
pub fn encrypted(path: &Path) -> std::path::PathBuf {
    path.with_added_extension("cred")
}

pub fn text(program: &Path, files: &Files, secrets: Secrets) -> String {
    let configuration = files.configuration.display();
    let mut handed = format!("LoadCredential=configuration:{configuration}\n");
    for kept in Kept::ALL {
        let path = files.secret(kept);
        // Writing to a String can't fail.
        let _ = match secrets {
            Secrets::Encrypted => writeln!(
                handed,
                "LoadCredentialEncrypted={}:{}",
                kept.name(),
                encrypted(&path).display()
            ),
            Secrets::Plain => writeln!(handed, "LoadCredential={}:{}", kept.name(), path.display()),
        };
    }
    if files.ca().is_file() {
        let _ = writeln!(handed, "LoadCredential={CA}:{}", files.ca().display());
    }
    format!(
        "[Unit]
Description=Muster: keeps technicians in step with Active Directory
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
ExecStart={program} --config %d/configuration run
WatchdogSec=180
Restart=on-failure
RestartSec=30
TimeoutStopSec=30
DynamicUser=yes
StateDirectory=muster-sync
LimitCORE=0
{handed}
CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
UMask=0077

[Install]
WantedBy=multi-user.target
",
        program = program.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_handed_over_by_systemd_and_never_in_the_command() {
        let files = Files::new("/etc/muster-sync/muster-sync.toml".into());
        let check = |secrets: Secrets, expected: &str| {
            let text = text(Path::new("/usr/local/bin/muster-sync"), &files, secrets);
            assert!(text.lines().any(|line| line == expected), "{text}");
            assert!(text.contains("\nDynamicUser=yes\n") && text.contains("\nType=notify\n"));
            // A crash must not write the memory with its secrets to disk.
            assert!(text.contains("\nLimitCORE=0\n"));
        };
        check(
            Secrets::Encrypted,
            "LoadCredentialEncrypted=token:/etc/muster-sync/muster-sync.token.cred",
        );
        check(
            Secrets::Plain,
            "LoadCredential=bind-password:/etc/muster-sync/muster-sync.bind-password",
        );
        check(Secrets::Plain, "ExecStart=/usr/local/bin/muster-sync --config %d/configuration run");
    }

    #[test]
    fn the_authority_is_handed_over_if_there_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().join("muster-sync.toml"));
        let handed = |files: &Files| {
            let text = text(Path::new("/usr/local/bin/muster-sync"), files, Secrets::Plain);
            text.lines().any(|line| line == format!("LoadCredential=ca:{}", files.ca().display()))
        };
        assert!(!handed(&files));
        std::fs::write(files.ca(), "").unwrap();
        assert!(handed(&files));
    }
}
