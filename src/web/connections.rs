//! Connections: how many there may be, and how long each may keep us waiting (`reliability` S-19).
//!
//! An accept loop of our own, because `axum::serve` waits for ever for a header that never ends, and takes as
//! many connections as come.
//!
//! Invariant: every connection ends. It has so long for each header, serves so long, and what is under way
//! by then has so long to end, however slowly somebody sends or reads.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// What people at the other end may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// So many connections at a time. More wait until one ends.
    pub connections: usize,
    /// So many bytes of a request before its body: the address and the headers.
    pub header_size: usize,
    /// How long those may take, counted from when we are ready for them. So it is also how long a
    /// connection may idle.
    pub header_time: Duration,
    /// After this, a connection takes no further request.
    pub service_time: Duration,
    /// What is under way by then may take this much longer: an upload over a slow line, a large export.
    pub last_time: Duration,
    /// What is under way when we are asked to stop may take this much longer.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            header_size: 16 * 1024,
            header_time: Duration::from_secs(10),
            service_time: Duration::from_mins(5),
            last_time: Duration::from_mins(3),
            stop_time: Duration::from_secs(25),
        }
    }
}

/// Rings when the connection of a request should end: what would answer for as long as somebody listens ends then.
/// Handlers find it among the extensions.
#[derive(Debug, Clone, Default)]
pub struct Ending(pub CancellationToken);

/// Serves until it is asked to stop, and then until what is under way has ended. Handlers find the address
/// of the other end as [`ConnectInfo`].
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
) {
    let mut room = Room::new(limits.connections);
    let open = TaskTracker::new();
    loop {
        let arrival = async {
            let (stream, peer) = Listener::accept(&mut listener).await;
            (stream, peer, room.place().await)
        };
        let (stream, peer, place) = tokio::select! {
            arrival = arrival => arrival,
            () = stop.cancelled() => break,
        };
        // Made here and not in the task, which may begin only after it rang.
        let wanted = room.wanted.clone().notified_owned();
        let (router, stop) = (router.clone(), stop.clone());
        let ending = Ending::default();
        open.spawn(async move {
            let enough = async {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = wanted => {}
                    () = sleep(limits.service_time) => {}
                }
            };
            attend(stream, peer, router, limits, (enough, ending)).await;
            drop(place);
        });
    }
    drop(listener);
    open.close();
    if timeout(limits.stop_time, open.wait()).await.is_err() {
        tracing::warn!(connections = open.len(), "connections did not end in time");
    }
}

/// Places for connections.
struct Room {
    places: Arc<Semaphore>,
    /// Rings when somebody waits for a place.
    wanted: Arc<Notify>,
    full: bool,
}

impl Room {
    fn new(places: usize) -> Self {
        let (places, wanted) = (Arc::new(Semaphore::new(places)), Arc::new(Notify::new()));
        Self { places, wanted, full: false }
    }

    /// A place, as soon as there is one. When all are taken, connections that idle end at once, and the
    /// others after their request: so nobody can keep the others out by doing nothing.
    async fn place(&mut self) -> OwnedSemaphorePermit {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            self.full = false;
            return place;
        }
        if !self.full {
            tracing::warn!("every connection is taken; those that idle are ended");
            self.full = true;
        }
        self.wanted.notify_waiters();
        self.places.clone().acquire_owned().await.expect("nobody closes it")
    }
}

/// Answers the requests of a connection until its other end has enough, or we have.
async fn attend(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    (enough, ending): (impl Future<Output = ()>, Ending),
) {
    // An answer is written as a whole; waiting for more to send with it only delays its end.
    let _ = stream.set_nodelay(true);
    let asked = ending.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(asked.clone());
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_header_size(limits.header_size);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = enough => {
            ending.0.cancel();
            connection.as_mut().graceful_shutdown();
            timeout(limits.last_time, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}
