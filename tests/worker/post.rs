//! What leaves for people and programs outside, over real sockets.

use std::sync::Arc;
use std::sync::Mutex;

use comptoir::clock::Clock;
use comptoir::db;
use comptoir::db::notifications::Choice;
use comptoir::domain::address_rule::Reach;
use comptoir::domain::notification::Kind;
use comptoir::domain::operator::Role;
use comptoir::outbound::mail;
use comptoir::outbound::webhook;
use comptoir::sync::post;
use comptoir::sync::post::Post;
use comptoir::sync::post::Step;
use comptoir::web::notifications::letter::letter;
use comptoir::workflow::notifications;
use comptoir::workflow::notifications::Outlets;
use hmac::Hmac;
use hmac::KeyInit as _;
use hmac::Mac as _;
use jiff::SignedDuration;
use octopia_simulator::OrderDraft;
use sha2::Sha256;
use sqlx::PgPool;
use tokio::io::AsyncBufReadExt as _;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::io::BufReader;
use tokio::net::TcpListener;
use tokio::net::TcpStream;

use crate::support::World;

/// How a mail server behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Takes,
    /// "Try again later", to the recipient.
    Busy,
    /// "No such user", to the recipient.
    Refuses,
    /// Reads the whole letter, and hangs up without a word.
    HangsUp,
}

/// A small SMTP server: what it is told, it keeps.
#[derive(Clone)]
struct MailServer {
    address: String,
    manner: Arc<Mutex<Manner>>,
    letters: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server =
            Self { address, manner: Arc::new(Mutex::new(Manner::Takes)), letters: Arc::default() };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().talk(stream));
            }
        });
        server
    }

    fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }

    async fn talk(self, stream: TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 post.test ESMTP\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let manner = *self.manner.lock().unwrap();
            let answer = match line.split(' ').next().unwrap_or_default() {
                "RCPT" if manner == Manner::Busy => "451 later",
                "RCPT" if manner == Manner::Refuses => "550 no such user",
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.unwrap();
                    let mut letter = String::new();
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        letter.push_str(&line);
                        letter.push('\n');
                    }
                    self.letters.lock().unwrap().push(letter);
                    if manner == Manner::HangsUp {
                        return;
                    }
                    "250 taken"
                }
                "QUIT" => "221 bye",
                _ => "250 fine",
            };
            if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

fn post_to(mail_server: Option<&str>, webhook: Option<&str>) -> Post {
    let mailer = mail::Given {
        url: mail_server.map(|it| format!("smtp://{it}").into()),
        from: Some("Comptoir <desk@comptoir.test>".to_owned()),
        may_be_plain: true,
        ..mail::Given::default()
    };
    let webhook = webhook::Given {
        url: webhook.map(str::to_owned),
        secret: Some(SECRET.into()),
        reach: Reach::Anywhere,
        ..webhook::Given::default()
    };
    Post {
        mailer: mailer.mailer().unwrap(),
        webhook: webhook.webhook().unwrap(),
        public_url: "https://desk.comptoir.test".parse().unwrap(),
        write: letter,
    }
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const BOTH: Outlets = Outlets { mail: true, webhook: true };

/// An order of `maison` is due soon, and its warehouse wants to hear of that by e-mail.
async fn something_to_tell(world: &World) {
    let user = world.operator(Role::Warehouse).await.id;
    let choice = Choice { mailed: vec![Kind::DueSoon], digest_hour: None };
    db::notifications::choose(&world.pool, user, &choice).await.unwrap();
    let by = world.clock.now() + SignedDuration::from_mins(70);
    world.simulator.add(OrderDraft::new("maison").ship_by(by));
    world.pull().await;
    let now = world.clock.now();
    notifications::look(&world.pool, &world.account, BOTH, now).await.unwrap();
    // Letters wait for what else there is to tell.
    world.clock.advance(SignedDuration::from_mins(1));
}

async fn mails(world: &World) -> Vec<(String, i32)> {
    sqlx::query_as("SELECT state, attempts FROM mails ORDER BY notification_id")
        .fetch_all(&world.pool)
        .await
        .unwrap()
}

async fn send(world: &World, post: &Post) -> Step {
    post::mail(&world.pool, &world.clock, post).await.unwrap()
}

fn state(word: &str, attempts: i32) -> Vec<(String, i32)> {
    vec![(word.to_owned(), attempts)]
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn whoever_wants_it_gets_one_letter_with_a_link_and_nothing_of_a_customer(pool: PgPool) {
    let world = World::start(pool).await;
    let server = MailServer::start().await;
    let post = post_to(Some(&server.address), None);
    world.operator(Role::Manager).await;
    something_to_tell(&world).await;
    assert_eq!(send(&world, &post).await, Step::Done);
    assert_eq!(send(&world, &post).await, Step::Idle);
    let letters = server.letters();
    assert_eq!(letters.len(), 1, "the manager did not ask for any");
    for words in [
        "To: warehouse@comptoir.test",
        "From: Comptoir <desk@comptoir.test>",
        "Subject: maison: 1 order is due within 2 hours",
        "Auto-Submitted: auto-generated",
        "https://desk.comptoir.test/orders?account=maison&due=soon",
    ] {
        assert!(letters[0].contains(words), "{words}: {}", letters[0]);
    }
    assert_eq!(mails(&world).await, state("sent", 1));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_server_that_is_busy_or_away_is_tried_again_and_gets_it_once(pool: PgPool) {
    let world = World::start(pool).await;
    let server = MailServer::start().await;
    let post = post_to(Some(&server.address), None);
    something_to_tell(&world).await;
    server.behave(Manner::Busy);
    send(&world, &post).await;
    assert_eq!(mails(&world).await, state("queued", 1));
    assert_eq!(send(&world, &post).await, Step::Idle, "not at once");
    world.clock.advance(SignedDuration::from_mins(2));
    // Nobody listens there.
    send(&world, &post_to(Some("127.0.0.1:9"), None)).await;
    assert_eq!(mails(&world).await, state("queued", 2));
    server.behave(Manner::Takes);
    world.clock.advance(SignedDuration::from_mins(5));
    send(&world, &post).await;
    assert_eq!(mails(&world).await, state("sent", 3));
    assert_eq!(server.letters().len(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_letter_that_may_have_arrived_is_never_sent_again(pool: PgPool) {
    let world = World::start(pool).await;
    let server = MailServer::start().await;
    let post = post_to(Some(&server.address), None);
    something_to_tell(&world).await;
    server.behave(Manner::HangsUp);
    send(&world, &post).await;
    assert_eq!(mails(&world).await, state("in_doubt", 1));
    server.behave(Manner::Takes);
    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(send(&world, &post).await, Step::Idle);
    assert_eq!(server.letters().len(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_worker_that_dies_while_it_sends_leaves_a_letter_that_is_not_sent_again(pool: PgPool) {
    let world = World::start(pool).await;
    let server = MailServer::start().await;
    something_to_tell(&world).await;
    let now = world.clock.now();
    let letter = comptoir::workflow::post::take_letter(&world.pool, now).await.unwrap();
    assert!(letter.is_some());
    let post = post_to(Some(&server.address), None);
    assert_eq!(send(&world, &post).await, Step::Idle, "it is in other hands");
    world.clock.advance(SignedDuration::from_mins(4));
    assert_eq!(send(&world, &post).await, Step::Idle);
    assert_eq!(mails(&world).await, state("in_doubt", 1));
    assert!(server.letters().is_empty());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_address_that_is_refused_is_not_tried_for_ever(pool: PgPool) {
    let world = World::start(pool).await;
    let server = MailServer::start().await;
    let post = post_to(Some(&server.address), None);
    something_to_tell(&world).await;
    server.behave(Manner::Refuses);
    send(&world, &post).await;
    assert_eq!(mails(&world).await, state("refused", 1));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_may_not_know_any_more_gets_no_letter(pool: PgPool) {
    let world = World::start(pool).await;
    let server = MailServer::start().await;
    something_to_tell(&world).await;
    sqlx::query("UPDATE users SET active = FALSE").execute(&world.pool).await.unwrap();
    assert_eq!(send(&world, &post_to(Some(&server.address), None)).await, Step::Idle);
    assert_eq!(mails(&world).await, state("dropped", 1));
    assert!(server.letters().is_empty());
}

/// A program of the company's: keeps the first request whole, and answers with these lines, one per request.
async fn program(answers: Vec<&'static str>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&requests);
    tokio::spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut request, mut chunk) = (String::new(), [0; 4096]);
            while !request.ends_with('}') {
                let read = stream.read(&mut chunk).await.unwrap();
                request.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
            }
            kept.lock().unwrap().push(request);
            let head =
                format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
        }
    });
    (url, requests)
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let line = request.lines().find(|it| it.to_lowercase().starts_with(name)).unwrap();
    line.split_once(": ").unwrap().1
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_webhook_is_called_with_a_signature_that_the_other_side_can_check(pool: PgPool) {
    let world = World::start(pool).await;
    let (url, requests) = program(vec!["204 No Content"]).await;
    let post = post_to(None, Some(&url));
    something_to_tell(&world).await;
    assert_eq!(post::call(&world.pool, &world.clock, &post).await.unwrap(), Step::Done);
    assert_eq!(post::call(&world.pool, &world.clock, &post).await.unwrap(), Step::Idle);
    let request = requests.lock().unwrap()[0].clone();
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    // As its documentation says, with nothing of ours.
    let (time, signature) = header(&request, "comptoir-signature").split_once(",v1=").unwrap();
    let seconds = time.strip_prefix("t=").unwrap();
    assert_eq!(seconds, world.clock.now().as_second().to_string());
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{seconds}.{body}").as_bytes());
    let bytes: Vec<u8> = (0..signature.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&signature[at..at + 2], 16).unwrap())
        .collect();
    mac.verify_slice(&bytes).unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["account"], "maison");
    assert_eq!((&body["fact"]["kind"], &body["fact"]["orders"]), (&"due_soon".into(), &1.into()));
    assert_eq!(body["id"], header(&request, "comptoir-id"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_call_that_is_not_taken_comes_again_with_the_same_number(pool: PgPool) {
    let world = World::start(pool).await;
    let (url, requests) = program(vec!["500 Broken", "302 Found", "200 OK"]).await;
    let post = post_to(None, Some(&url));
    something_to_tell(&world).await;
    let call = async || post::call(&world.pool, &world.clock, &post).await.unwrap();
    for _ in 0..3 {
        assert_eq!(call().await, Step::Done);
        assert_eq!(call().await, Step::Idle, "not at once");
        world.clock.advance(SignedDuration::from_mins(10));
    }
    assert_eq!(call().await, Step::Idle, "taken");
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 3);
    let ids: Vec<_> = requests.iter().map(|it| header(it, "comptoir-id")).collect();
    assert!(ids.iter().all(|it| *it == ids[0]), "{ids:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nothing_piles_up_where_there_is_no_way_out(pool: PgPool) {
    let world = World::start(pool).await;
    let user = world.operator(Role::Warehouse).await.id;
    let choice = Choice { mailed: vec![Kind::DueSoon], digest_hour: None };
    db::notifications::choose(&world.pool, user, &choice).await.unwrap();
    let by = world.clock.now() + SignedDuration::from_mins(70);
    world.simulator.add(OrderDraft::new("maison").ship_by(by));
    world.pull().await;
    comptoir::sync::tell::step(&world.context).await.unwrap();
    let waiting: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM mails) + (SELECT count(*) FROM webhook_calls)",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert_eq!(waiting, 0);
    assert!(matches!(world.clock, Clock::Manual(_)));
}
