//! TLS with controllers, as a real handshake has it.

#[cfg(test)]
#[path = "tls/handshake.rs"]
mod handshake;
