//! Files, forms with files, and a wire that keeps what went over it.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::Mutex;

use axum::http::Request;
use axum::http::header;
use axum::http::request::Builder;
use comptoir::config;
use comptoir::db;
use comptoir::domain::delivery::Progress;
use comptoir::domain::delivery::State;
use comptoir::domain::request::InvoiceImport;
use comptoir::domain::request::Request as Asked;
use comptoir::domain::request::Standing;
use comptoir::sync;
use comptoir::sync::deliver;
use jiff::SignedDuration;
use octopia_simulator::Simulator;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use uuid::Uuid;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::browser::Browser;
use crate::browser::Page;
use crate::support::Shop;
use crate::support::maison;

pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n";
pub const XML: &[u8] =
    b"<?xml version=\"1.0\"?>\n<Invoice xmlns=\"urn:ubl\"><ID>1</ID></Invoice>\n";

const BOUNDARY: &str = "----WebKitFormBoundaryAbC123";

/// A ZIP with these files in it.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A form with files, as a browser sends it.
#[derive(Debug, Clone, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    files: Vec<(String, String, Vec<u8>)>,
}

impl Form {
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn file(mut self, field: &str, name: &str, bytes: &[u8]) -> Self {
        self.files.push((field.to_owned(), name.to_owned(), bytes.to_vec()));
        self
    }

    pub fn value(&self, name: &str) -> Option<String> {
        self.fields.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone())
    }

    pub fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let mut part = |head: String, bytes: &[u8]| {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
            body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
        };
        for (name, value) in &self.fields {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
        for (field, name, bytes) in &self.files {
            let name = name.replace('"', "%22");
            let kind = "Content-Type: application/octet-stream";
            part(format!("name=\"{field}\"; filename=\"{name}\"\r\n{kind}"), bytes);
        }
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        body
    }

    pub fn request(path: &str) -> Builder {
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Request::post(path).header(header::CONTENT_TYPE, kind)
    }

    pub async fn post(&self, browser: &Browser, path: &str) -> Page {
        let request = Self::request(path).header("sec-fetch-site", "same-origin");
        browser.send(request, self.body()).await
    }

    /// Posts the form over a connection, as a browser does that sends everything before it reads.
    pub async fn post_for_real(&self, shop: &Shop, cookie: &str, path: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(axum::serve(listener, shop.app.router.clone()).into_future());
        let body = self.body();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nCookie: sid={cookie}\r\n\
             Sec-Fetch-Site: same-origin\r\n\
             Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.expect("the server reads to the end");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        server.abort();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Posts a form that ends in the middle of a file.
    pub async fn broken(self, browser: &Browser, path: &str) -> Page {
        let form = self.file("file", "a.pdf", PDF);
        let mut body = form.body();
        body.truncate(body.len() - 20 - BOUNDARY.len());
        let request = Self::request(path).header("sec-fetch-site", "same-origin");
        browser.send(request, body).await
    }
}

impl Shop {
    /// The marketplace has taken the last invoice of an order, and given it to the customer.
    pub async fn taken(&self, order_id: &str, import_id: &str) {
        let now = self.app.now();
        self.carry_on(order_id, |progress| progress.marked(Vec::new(), now)).await;
        self.carry_on(order_id, |progress| Progress {
            state: State::Confirmed,
            reference: Some(import_id.to_owned()),
            ..progress
        })
        .await;
        let request = Asked::Invoice(InvoiceImport {
            id: import_id.to_owned(),
            standing: Standing::Done,
            file_name: None,
            replaced: false,
            words: Vec::new(),
            created_at: None,
        });
        let mut conn = self.app.pool.acquire().await.unwrap();
        let now = self.app.now();
        db::requests::upsert(&mut conn, &maison(), order_id, &request, now).await.unwrap();
    }
}

/// A worker that reaches the marketplace over a wire that keeps what it sends.
pub struct Wired {
    context: sync::Context,
    sent: Arc<Mutex<Vec<u8>>>,
}

pub async fn sending_to(simulator: &Simulator, shop: &Shop) -> Wired {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let sent = Arc::new(Mutex::new(Vec::new()));
    tokio::spawn(relay(listener, simulator.address(), Arc::clone(&sent)));
    let there = simulator.address().to_string();
    let through = |url: String| url.replace(&there, &address.to_string()).parse().unwrap();
    let account = config::Account {
        id: maison(),
        name: "Maison Lemoine".to_owned(),
        seller_id: "98979".to_owned(),
        client_id: "maison-client".to_owned(),
        client_secret: "maison-secret".into(),
        base_url: through(simulator.base_url()),
        token_url: through(simulator.token_url()),
        time_zone: "Europe/Paris".to_owned(),
        requests_per_second: None,
        options: comptoir::domain::account::Options::default(),
        channels: Vec::new(),
    };
    let (pool, clock) = (shop.app.pool.clone(), shop.app.clock.clone());
    let settings = sync::Settings::default();
    let context = sync::Context::new(&account, pool, clock, settings, Uuid::now_v7()).unwrap();
    Wired { context, sent }
}

impl Wired {
    /// Sends what is due.
    pub async fn send(&self, shop: &Shop) {
        shop.app.clock.advance(SignedDuration::from_secs(21));
        while deliver::step(&self.context).await.unwrap() == deliver::Step::Done {}
    }

    /// Whether a part of that type went over the wire, with exactly these bytes in it.
    pub fn carried(&self, media_type: &str, bytes: &[u8]) -> bool {
        let part = [media_type.as_bytes(), b"\r\n\r\n", bytes, b"\r\n--"].concat();
        let sent = self.sent.lock().unwrap();
        sent.windows(part.len()).filter(|window| *window == part).count() == 1
    }
}

async fn relay(listener: TcpListener, to: std::net::SocketAddr, sent: Arc<Mutex<Vec<u8>>>) {
    loop {
        let (near, _) = listener.accept().await.unwrap();
        let (mut from_near, mut to_near) = near.into_split();
        let (mut from_far, mut to_far) = TcpStream::connect(to).await.unwrap().into_split();
        let sent = Arc::clone(&sent);
        tokio::spawn(async move {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = from_near.read(&mut buffer).await {
                sent.lock().unwrap().extend_from_slice(&buffer[..count]);
                if to_far.write_all(&buffer[..count]).await.is_err() {
                    break;
                }
            }
        });
        tokio::spawn(async move { tokio::io::copy(&mut from_far, &mut to_near).await });
    }
}
