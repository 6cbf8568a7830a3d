//! A proxy before PostgreSQL that ends a client's connection once it has passed on what was named.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub struct Proxy {
    /// As the store takes it.
    pub address: String,
    cut_at: Arc<Mutex<Option<&'static str>>>,
}

impl Proxy {
    /// `None`: the address is no server's.
    pub async fn before(address: &str) -> Option<Self> {
        let (user, rest) = address.strip_prefix("postgres://")?.split_once('@')?;
        let (server, rest) = rest.split_once('/')?;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap();
        let proxy =
            Self { address: format!("postgres://{user}@{here}/{rest}"), cut_at: Arc::default() };
        let (cut_at, server) = (proxy.cut_at.clone(), server.to_owned());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(pass(client, server, cut_at.clone()));
            }
        });
        Some(proxy)
    }

    /// The next time that a client sends this, it is passed on, and no answer comes back.
    pub fn cut_at(&self, words: &'static str) {
        *self.cut_at.lock().unwrap() = Some(words);
    }
}

async fn pass(client: TcpStream, server: TcpStream, cut_at: Arc<Mutex<Option<&'static str>>>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut back = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
    });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
        let sent = &buffer[..length];
        let cut = {
            let mut words = cut_at.lock().unwrap();
            let found = words.is_some_and(|words| contains(sent, words.as_bytes()));
            if found { words.take() } else { None }
        };
        if cut.is_some() {
            back.abort();
            let _ = (&mut back).await;
        }
        if to_server.write_all(sent).await.is_err() || cut.is_some() {
            break;
        }
    }
    // The client's half is dropped at once; the server reads what it was sent, then that it ended.
    drop(from_client);
}

fn contains(sent: &[u8], words: &[u8]) -> bool {
    sent.windows(words.len()).any(|window| window == words)
}
