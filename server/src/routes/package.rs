//! *Download*: the service that runs beside the domain controller, with a short guide in which this
//! server's address is filled in. The program lies beside this one.

use std::io::{self, Cursor, Write};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::get;
use operations::directory;
use roster::directory::view::System;
use roster::fault::Fault;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::ask::Ask;
use super::{Refusal, download};
use crate::program::beside;
use crate::serve::Site;

pub fn routes() -> Router<Site> {
    Router::new().route("/api/directory/download/{system}", get(package))
}

async fn package(
    State(site): State<Site>,
    Path(system): Path<String>,
    headers: HeaderMap,
    ask: Ask,
) -> Result<Response, Refusal> {
    // Who may see the synchronization may have its program.
    directory::see_settings(&ask.operations, &ask.caller)
        .await
        .map_err(|error| ask.refuse(error))?;
    let system: System = system.parse().map_err(|_| Fault::not_found("download"))?;
    let program = read(system).await?;
    let guide = guide(system, &address(&site, &headers));
    let name = format!("muster-sync-{system}.zip");
    let packed = tokio::task::spawn_blocking(move || pack(system, &program, &guide)).await;
    let packed = packed.map_err(io::Error::other).and_then(|packed| packed);
    let packed = packed.map_err(|error| {
        tracing::error!(%error, "the service could not be packed");
        Refusal::from(Fault::refused("The download could not be made. The log has the cause."))
    })?;
    Ok(download::file(&name, "application/zip", packed))
}

async fn read(system: System) -> Result<Vec<u8>, Refusal> {
    let missing = || {
        Refusal::from(Fault::refused(format!(
            "This server has no {} beside its own program. Put it there, then try again.",
            system.program()
        )))
    };
    let file = beside(system).ok_or_else(missing)?;
    tokio::fs::read(file).await.map_err(|_| missing())
}

/// This server as browsers know it; where that wasn't said, as this one has found it.
fn address(site: &Site, headers: &HeaderMap) -> String {
    if let Some(address) = &site.public {
        return address.to_string();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let scheme = if site.encrypted { "https" } else { "http" };
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}

fn guide(system: System, address: &str) -> String {
    let setup = match system {
        System::Linux => {
            "sudo install -m 755 muster-sync /usr/local/bin/\n  sudo muster-sync setup --server"
        }
        System::Windows => "muster-sync.exe setup --server",
    };
    let digest = match system {
        System::Linux => "sha256sum muster-sync",
        System::Windows => "certutil -hashfile muster-sync.exe SHA256",
    };
    // There a double click is enough, as an administrator.
    let browser = match system {
        System::Linux => "With --browser behind it, it asks on a page in the browser.",
        System::Windows => {
            "Or right-click muster-sync.exe, Run as administrator: it asks on a page in the browser."
        }
    };
    let text = format!(
        "Active Directory synchronization for Muster\n\
         \n\
         The service runs on a machine that reaches a domain controller by LDAPS\n\
         (port 636) or StartTLS (389), and this server: {address}\n\
         It only reads the directory. A plain user of the domain is enough to read with.\n\
         \n\
         1. In Muster, Global Settings, Active Directory Synchronization: Generate and Copy a token.\n\
         2. Compare the program's SHA-256 with the one on that page:\n\
         \n  {digest}\n\
         \n\
         3. Here:\n\
         \n  {setup} {address}\n\
         \n\
         {browser}\n\
         It asks for the rest, checks all that it needs, shows what the first run would do, and\n\
         installs itself as a service. The first run waits for your approval in Muster.\n\
         \n\
         Later: muster-sync check, preview, run --once, status.\n"
    );
    // Notepad of old knows no other.
    if system == System::Windows { text.replace('\n', "\r\n") } else { text }
}

fn pack(system: System, program: &[u8], guide: &str) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file(system.program(), options.unix_permissions(0o755))?;
    zip.write_all(program)?;
    zip.start_file("README.txt", options.unix_permissions(0o644))?;
    zip.write_all(guide.as_bytes())?;
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_knows_the_server() {
        let linux = guide(System::Linux, "https://muster.example.com");
        assert!(linux.contains("sudo muster-sync setup --server https://muster.example.com\n"));
        assert!(linux.contains("  sha256sum muster-sync\n"));
        let windows = guide(System::Windows, "https://muster.example.com:8443");
        assert!(
            windows.contains("muster-sync.exe setup --server https://muster.example.com:8443\r\n")
        );
    }

    #[test]
    fn the_program_and_its_guide_are_packed() {
        let packed = pack(System::Linux, b"a program", "a guide").unwrap();
        let mut zip = zip::ZipArchive::new(Cursor::new(packed)).unwrap();
        let mut names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        names.sort();
        assert_eq!(names, ["README.txt", "muster-sync"]);
        let program = zip.by_name("muster-sync").unwrap();
        assert_eq!(program.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        assert_eq!(io::read_to_string(program).unwrap(), "a program");
    }
}
