//! The socket, and what to do when it is not to be had.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use crate::failure::{Failure, Result};

pub fn bind(address: SocketAddr) -> Result<TcpListener> {
    let bound = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    bound.map_err(|error| failure(address, &error))
}

pub fn failure(address: SocketAddr, error: &io::Error) -> Failure {
    let port = address.port();
    Failure::Failed(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "Port {port} on {} is in use by another program, perhaps by another Muster. Stop that \
             one, or choose another port: --listen {}.",
            address.ip(),
            SocketAddr::new(address.ip(), port.wrapping_add(1).max(1024)),
        ),
        io::ErrorKind::PermissionDenied => format!(
            "This user may not listen on port {port}. Choose one from 1024 on, such as --listen \
             {}, or let the system give the program that right.",
            SocketAddr::new(address.ip(), 3000),
        ),
        io::ErrorKind::AddrNotAvailable => format!(
            "This computer has no address {}. Give one that it has to --listen, or 0.0.0.0 for all.",
            address.ip(),
        ),
        _ => format!("Listening on {address} failed: {error}."),
    })
}

/// Where a browser on this computer finds the server.
pub fn origin(address: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    let ip = match address.ip() {
        ip if ip.is_unspecified() => IpAddr::from(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    format!("{scheme}://{}", SocketAddr::new(ip, address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_can_be_opened() {
        let check = |address: &str, tls, expected: &str| {
            assert_eq!(origin(address.parse().unwrap(), tls), expected);
        };
        check("127.0.0.1:3000", false, "http://127.0.0.1:3000");
        check("0.0.0.0:443", true, "https://127.0.0.1:443");
        check("[::1]:80", false, "http://[::1]:80");
    }
}
