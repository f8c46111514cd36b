//! The product's accept loop on a port of its own, and clients that speak in bytes.

use std::time::Duration;

use axum::Router;
use comptoir::web::connections;
use comptoir::web::connections::Limits;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How short a time is that a test waits for on purpose.
pub const SHORT: Duration = Duration::from_millis(200);
/// What no test waits for: if it does, it fails.
pub const LONG: Duration = Duration::from_mins(1);

/// Limits that no test reaches unless it changes them.
pub const WIDE: Limits = Limits {
    connections: 64,
    header_size: 16 * 1024,
    header_time: LONG,
    service_time: LONG,
    last_time: LONG,
    stop_time: LONG,
};

/// A server. It ends with the test.
pub struct Server {
    address: String,
    /// Asks it to stop.
    pub stop: CancellationToken,
    /// Ends when it has.
    pub task: JoinHandle<()>,
}

impl Server {
    pub async fn start(router: Router, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let stop = CancellationToken::new();
        let task = tokio::spawn(connections::serve(listener, router, limits, stop.clone()));
        Self { address, stop, task }
    }

    pub async fn connect(&self) -> Client {
        self.try_connect().await.unwrap()
    }

    pub async fn try_connect(&self) -> std::io::Result<Client> {
        Ok(Client { stream: TcpStream::connect(&self.address).await? })
    }

    /// The answer to one request, over a connection of its own that is then closed.
    pub async fn ask(&self, request: &str) -> String {
        let mut client = self.connect().await;
        client.send(request).await;
        client.read_to_end().await
    }
}

/// One connection.
pub struct Client {
    stream: TcpStream,
}

impl Client {
    /// Sends bytes, all of them.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Sends as much as is taken.
    pub async fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await
    }

    /// Everything until the server closes. A reset is an end, too.
    pub async fn read_to_end(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = timeout(LONG / 2, self.stream.read_to_end(&mut bytes)).await;
        let _ = read.expect("the server closes the connection");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The header of the next answer.
    pub async fn read_header(&mut self) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            let read = timeout(LONG / 2, self.stream.read_u8()).await;
            bytes.push(read.expect("the server answers").expect("the connection is open"));
        }
        String::from_utf8(bytes).unwrap()
    }

    /// Whether nothing comes, not even the end, for a short time.
    pub async fn hears_nothing(&mut self) -> bool {
        timeout(SHORT, self.stream.read_u8()).await.is_err()
    }
}
