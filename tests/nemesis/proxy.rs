//! A network that can be told to fail, between the program and the marketplace.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::watch;

/// What happens to connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// They work.
    Fair,
    /// Both directions are slow by that much.
    Slow(Duration),
    /// Answers break off after so many bytes; none at all with 0.
    CutAnswers(usize),
    /// They are reset as soon as they are made.
    Reset,
    /// They are made, and nothing comes out at the other end.
    BlackHole,
}

/// Who the weather is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every connection.
    All,
    /// Those that carry an action: each has one of its own.
    Writes,
}

/// The network.
pub struct Proxy {
    pub address: SocketAddr,
    weather: Arc<Mutex<(Weather, Reach)>>,
    storms: watch::Sender<u64>,
}

impl Proxy {
    /// A network that leads to that address.
    pub async fn start(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let weather = Arc::new(Mutex::new((Weather::Fair, Reach::All)));
        let (storms, storm) = watch::channel(0);
        let current = Arc::clone(&weather);
        tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                let weather = *current.lock().unwrap();
                tokio::spawn(carry(client, to, weather, storm.clone()));
            }
        });
        Self { address, weather, storms }
    }

    /// Changes the weather, and breaks every connection that is open.
    pub fn set(&self, weather: Weather, reach: Reach) {
        *self.weather.lock().unwrap() = (weather, reach);
        self.storms.send_modify(|it| *it += 1);
    }
}

async fn carry(
    client: TcpStream,
    to: SocketAddr,
    weather: (Weather, Reach),
    mut storm: watch::Receiver<u64>,
) {
    storm.mark_unchanged();
    tokio::select! {
        _ = storm.changed() => {}
        () = connection(client, to, weather) => {}
    }
}

async fn connection(mut client: TcpStream, to: SocketAddr, (weather, reach): (Weather, Reach)) {
    let weather =
        if reach == Reach::All || is_write(&client).await { weather } else { Weather::Fair };
    if weather == Weather::Reset {
        let _ = client.set_zero_linger();
        return;
    }
    if weather == Weather::BlackHole {
        let mut ignored = [0; 4096];
        while client.read(&mut ignored).await.is_ok_and(|read| read > 0) {}
        return;
    }
    let Ok(mut server) = TcpStream::connect(to).await else { return };
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let (delay, most) = match weather {
        Weather::Slow(delay) => (delay, usize::MAX),
        Weather::CutAnswers(most) => (Duration::ZERO, most),
        Weather::Fair | Weather::Reset | Weather::BlackHole => (Duration::ZERO, usize::MAX),
    };
    tokio::select! {
        () = pump(&mut from_client, &mut to_server, delay, usize::MAX) => {}
        () = pump(&mut from_server, &mut to_client, delay, most) => {}
    }
}

/// Whether the connection carries an action, by its first bytes.
async fn is_write(client: &TcpStream) -> bool {
    let mut first = [0; 12];
    while let Ok(seen) = client.peek(&mut first).await {
        if seen == 0 {
            return false;
        }
        if seen == first.len() {
            return first.starts_with(b"POST /seller");
        }
    }
    false
}

/// Copies what comes in, with that delay, until `most` bytes went through.
async fn pump(
    from: &mut (impl tokio::io::AsyncRead + Unpin),
    to: &mut (impl tokio::io::AsyncWrite + Unpin),
    delay: Duration,
    mut most: usize,
) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(read) = from.read(&mut buffer).await {
        if read == 0 {
            return;
        }
        tokio::time::sleep(delay).await;
        let passed = read.min(most);
        if to.write_all(&buffer[..passed]).await.is_err() {
            return;
        }
        most -= passed;
        if most == 0 {
            return;
        }
    }
}
