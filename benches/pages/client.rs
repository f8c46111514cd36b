//! As little of an HTTP client as possible, so that two cores measure the server and not the client.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use anyhow::Context as _;
use anyhow::ensure;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// Requests to one server, signed in.
#[derive(Clone)]
pub struct Client {
    pub address: String,
    pub cookie: String,
}

/// What an answer was.
pub struct Answer {
    pub status: u16,
    pub head: String,
}

impl Client {
    /// Signs in and keeps the cookie.
    pub async fn sign_in(address: &str, email: &str, password: &str) -> anyhow::Result<Self> {
        let body = format!("email={}&password={password}", email.replace('@', "%40"));
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut connection = Connection::open(address).await?;
        let answer = connection.exchange(request.as_bytes()).await?;
        ensure!(answer.status == 303, "sign-in answered {}", answer.status);
        let cookie = answer.head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.trim().split(';').next())?
        });
        let cookie = cookie.context("no cookie")?.to_owned();
        Ok(Self { address: address.to_owned(), cookie })
    }

    fn request(&self, path: &str) -> Vec<u8> {
        let Self { address, cookie } = self;
        format!("GET {path} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\n\r\n").into_bytes()
    }

    /// The median time of one request after another.
    pub async fn median(&self, path: &str, times: usize) -> anyhow::Result<Duration> {
        let mut connection = Connection::open(&self.address).await?;
        let request = self.request(path);
        let mut taken = Vec::with_capacity(times);
        for _ in 0..times {
            let start = Instant::now();
            let answer = connection.exchange(&request).await?;
            taken.push(start.elapsed());
            ensure!([200, 303].contains(&answer.status), "{path} answered {}", answer.status);
        }
        taken.sort_unstable();
        Ok(taken[times / 2])
    }

    /// Requests per second with that many clients at once.
    pub async fn throughput(
        &self,
        path: &str,
        clients: usize,
        time: Duration,
    ) -> anyhow::Result<f64> {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut tasks = Vec::with_capacity(clients);
        for _ in 0..clients {
            let (stop, done, request) = (stop.clone(), done.clone(), self.request(path));
            let mut connection = Connection::open(&self.address).await?;
            tasks.push(tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let answer = connection.exchange(&request).await?;
                    ensure!([200, 303].contains(&answer.status), "answered {}", answer.status);
                    done.fetch_add(1, Ordering::Relaxed);
                }
                anyhow::Ok(())
            }));
        }
        let start = Instant::now();
        tokio::time::sleep(time).await;
        let requests = done.load(Ordering::Relaxed);
        let elapsed = start.elapsed();
        stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await??;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
        Ok(requests as f64 / elapsed.as_secs_f64())
    }
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 256 * 1024] })
    }

    /// One request, and its answer read to the end. The server is ours: it says its lengths, or sends chunks.
    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            ensure!(read > 0, "the server closed the connection");
            filled += read;
            let received = &self.buffer[..filled];
            let Some(end) = received.windows(4).position(|it| it == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&received[..end]).to_lowercase();
            let length = head.lines().find_map(|it| it.strip_prefix("content-length:"));
            let complete = match length {
                Some(length) => filled - end - 4 >= length.trim().parse::<usize>()?,
                None => received.ends_with(b"0\r\n\r\n"),
            };
            if complete {
                let status = head.split(' ').nth(1).context("no status")?.parse()?;
                let head = String::from_utf8_lossy(&received[..end]).into_owned();
                return Ok(Answer { status, head });
            }
        }
    }
}
