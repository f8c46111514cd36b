//! A small OpenID Connect provider: real HTTP, keys of its own, and a second reading of the standards. Its tokens are
//! made by hand, so that they can be wrong in any way.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;

use axum::Json;
use axum::Router;
use axum::extract::Form;
use axum::extract::Query;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use comptoir::domain::address_rule::Reach;
use comptoir::single_sign_on;
use comptoir::single_sign_on::Config;
use hmac::Hmac;
use hmac::KeyInit as _;
use hmac::Mac as _;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
use ring::signature::EcdsaKeyPair;
use ring::signature::KeyPair as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::Value;
use serde_json::json;
use sha2::Digest as _;
use sha2::Sha256;
use tokio::net::TcpListener;
use url::Url;

const CLIENT_ID: &str = "comptoir";
const CLIENT_SECRET: &str = "the secret of comptoir: with & and %";
/// Where the pages are, for tests without a browser.
const ORIGIN: &str = "http://comptoir.test";

/// How an ID token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// With the key that is published.
    Es256,
    /// With the other one.
    Rs256,
    /// With another key of the same name.
    OtherKey,
    /// Not at all, and it says so.
    None,
    /// Not at all, and it does not say so.
    Missing,
    /// With the public key, taken for a secret.
    HmacOfPublicKey,
    /// With the secret that the provider shares with us.
    HmacOfSecret,
}

type Spoil = Box<dyn Fn(&mut Value) + Send>;

/// What the provider does differently.
pub struct Habits {
    /// How it signs.
    pub seal: Seal,
    /// What it says of the person, on top of the usual.
    pub claims: Spoil,
    /// What it says of itself.
    pub description: Spoil,
    /// Which address it never answers at.
    pub silent_at: &'static str,
    /// Whether it says in the address who answers, and what.
    pub iss: Option<String>,
}

struct Grant {
    nonce: String,
    challenge: String,
}

struct Inner {
    issuer: String,
    redirect: String,
    now: Timestamp,
    habits: Mutex<Habits>,
    key: Mutex<(String, EcdsaKeyPair)>,
    rsa: Mutex<Option<rsa::RsaPrivateKey>>,
    grants: Mutex<HashMap<String, Grant>>,
    asked: Mutex<Vec<&'static str>>,
}

/// The provider.
pub struct Provider {
    inner: Arc<Inner>,
}

impl Provider {
    /// One that says who somebody is at that time.
    pub async fn start(now: Timestamp) -> Self {
        Self::start_at("127.0.0.1", now, ORIGIN).await
    }

    /// The same under a name of its own, for pages at that origin.
    pub async fn start_at(host: &str, now: Timestamp, origin: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{host}:{}", listener.local_addr().unwrap().port());
        let habits = Habits {
            seal: Seal::Es256,
            claims: Box::new(|_| {}),
            description: Box::new(|_| {}),
            silent_at: "",
            iss: Some(issuer.clone()),
        };
        let inner = Arc::new(Inner {
            issuer,
            redirect: format!("{origin}/sign-in/sso/return"),
            now,
            habits: Mutex::new(habits),
            key: Mutex::new(("key-1".to_owned(), new_key())),
            rsa: Mutex::default(),
            grants: Mutex::default(),
            asked: Mutex::default(),
        });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/elsewhere", get(async || Redirect::to("/keys")))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { inner }
    }

    /// What the deployer says of it.
    pub fn config(&self) -> Config {
        let redirect = Url::parse(&self.inner.redirect).unwrap();
        Config { redirect, ..config(&self.inner.issuer) }
    }

    /// Its own name.
    pub fn issuer(&self) -> &str {
        &self.inner.issuer
    }

    /// Changes what it does.
    pub fn change(&self, change: impl FnOnce(&mut Habits)) {
        change(&mut self.inner.habits.lock().unwrap());
    }

    /// From now on that person is in front of it.
    pub fn person(&self, subject: &'static str, email: &'static str) {
        self.claims(move |it| {
            it["sub"] = json!(subject);
            it["email"] = json!(email);
        });
    }

    /// From now on it says that on top of the usual.
    pub fn claims(&self, change: impl Fn(&mut Value) + Send + 'static) {
        self.change(|it| it.claims = Box::new(change));
    }

    /// Signs with a new key from now on, published under a new name.
    pub fn rotate(&self, name: &str) {
        *self.inner.key.lock().unwrap() = (name.to_owned(), new_key());
    }

    /// Where it was asked, in order.
    pub fn asked(&self) -> Vec<&'static str> {
        self.inner.asked.lock().unwrap().clone()
    }

    /// A person opens its page, which knows them already. Where it sends them back to, below our pages' host.
    pub async fn visit(&self, url: &str) -> String {
        assert!(url.starts_with(&self.inner.issuer), "{url}");
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let client = client.tls_certs_only([]).no_proxy().build().unwrap();
        let answer = client.get(url).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 303, "{}", answer.text().await.unwrap());
        let back = answer.headers()["location"].to_str().unwrap().to_owned();
        back.strip_prefix(ORIGIN).unwrap().to_owned()
    }
}

/// What a deployer says of the provider of that name.
pub fn config(issuer: &str) -> Config {
    Config {
        issuer: issuer.to_owned(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.into(),
        name: "Lemoine & Co".to_owned(),
        redirect: Url::parse(&format!("{ORIGIN}/sign-in/sso/return")).unwrap(),
        reach: Reach::Anywhere,
        patience: std::time::Duration::from_secs(20),
    }
}

/// What the pages know of a provider.
pub fn known(config: Config) -> single_sign_on::Provider {
    single_sign_on::Provider::new(config).unwrap()
}

fn new_key() -> EcdsaKeyPair {
    let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap()
}

impl Inner {
    async fn note(&self, path: &'static str) {
        self.asked.lock().unwrap().push(path);
        if self.habits.lock().unwrap().silent_at == path {
            std::future::pending::<()>().await;
        }
    }

    fn sign(&self, seal: Seal, claims: &Value) -> String {
        let (name, key) = &*self.key.lock().unwrap();
        let (algorithm, name) = match seal {
            Seal::Es256 | Seal::OtherKey | Seal::Missing => ("ES256", name.as_str()),
            Seal::Rs256 => ("RS256", "rsa"),
            Seal::None => ("none", name.as_str()),
            Seal::HmacOfPublicKey | Seal::HmacOfSecret => ("HS256", name.as_str()),
        };
        let header = json!({"alg": algorithm, "kid": name, "typ": "JWT"});
        let text = format!("{}.{}", part(header.to_string()), part(claims.to_string()));
        let random = SystemRandom::new();
        let signature = match seal {
            Seal::Es256 => key.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec(),
            Seal::OtherKey => new_key().sign(&random, text.as_bytes()).unwrap().as_ref().to_vec(),
            Seal::Rs256 => {
                let padding = rsa::Pkcs1v15Sign::new::<rsa::sha2::Sha256>();
                let hash = Sha256::digest(text.as_bytes());
                let rsa = self.rsa.lock().unwrap();
                rsa.as_ref().expect("published first").sign(padding, &hash).unwrap()
            }
            Seal::None | Seal::Missing => Vec::new(),
            Seal::HmacOfPublicKey => hmac(key.public_key().as_ref(), &text),
            Seal::HmacOfSecret => hmac(CLIENT_SECRET.as_bytes(), &text),
        };
        format!("{text}.{}", part(signature))
    }
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    hmac.update(text.as_bytes());
    hmac.finalize().into_bytes().to_vec()
}

fn part(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

async fn describe(State(inner): State<Arc<Inner>>) -> Json<Value> {
    inner.note("description").await;
    let issuer = &inner.issuer;
    let mut description = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // What a careless provider says must not widen what we take.
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    (inner.habits.lock().unwrap().description)(&mut description);
    Json(description)
}

async fn keys(State(inner): State<Arc<Inner>>) -> Json<Value> {
    inner.note("keys").await;
    let (name, key) = &*inner.key.lock().unwrap();
    // An uncompressed point: 4, x, y.
    let (x, y) = key.public_key().as_ref()[1..].split_at(32);
    let mut keys = vec![json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": name, "x": part(x), "y": part(y)
    })];
    if inner.habits.lock().unwrap().seal == Seal::Rs256 {
        let rsa = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
        let (n, e) = (rsa.n().to_bytes_be(), rsa.e().to_bytes_be());
        keys.push(json!({"kty": "RSA", "use": "sig", "kid": "rsa", "n": part(n), "e": part(e)}));
        *inner.rsa.lock().unwrap() = Some(rsa);
    }
    Json(json!({ "keys": keys }))
}

/// The page of somebody who is signed in at the provider: it sends them back at once, if it was asked well.
async fn authorize(
    State(inner): State<Arc<Inner>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    inner.note("authorize").await;
    let said = |name: &str| asked.get(name).map_or("", String::as_str);
    let well = said("response_type") == "code"
        && said("client_id") == CLIENT_ID
        && said("redirect_uri") == inner.redirect
        && said("scope").split(' ').any(|it| it == "openid")
        && said("code_challenge_method") == "S256"
        && said("code_challenge").len() == 43
        && said("nonce").len() >= 20
        && said("state").len() >= 20;
    if !well {
        return (StatusCode::BAD_REQUEST, format!("{asked:?}")).into_response();
    }
    let mut grants = inner.grants.lock().unwrap();
    let code = format!("code-{}-é", grants.len());
    let grant =
        Grant { nonce: said("nonce").to_owned(), challenge: said("code_challenge").to_owned() };
    grants.insert(code.clone(), grant);
    let mut back = Url::parse(&inner.redirect).unwrap();
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", said("state"))
        .append_pair("session_state", "what others add");
    if let Some(iss) = &inner.habits.lock().unwrap().iss {
        back.query_pairs_mut().append_pair("iss", iss);
    }
    Redirect::to(back.as_str()).into_response()
}

async fn token(
    State(inner): State<Arc<Inner>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    inner.note("token").await;
    let refuse = |word| (StatusCode::BAD_REQUEST, Json(json!({"error": word}))).into_response();
    if !is_ours(&headers) {
        return refuse("invalid_client");
    }
    let said = |name: &str| form.get(name).map_or("", String::as_str);
    let grant = inner.grants.lock().unwrap().get_mut(said("code")).map(|it| {
        // A code counts once: what it stood for is gone.
        Grant { nonce: it.nonce.clone(), challenge: std::mem::take(&mut it.challenge) }
    });
    let Some(grant) = grant else { return refuse("invalid_grant") };
    let challenge = part(Sha256::digest(said("code_verifier")));
    if grant.challenge != challenge || said("redirect_uri") != inner.redirect {
        return refuse("invalid_grant");
    }
    let now = inner.now.as_second();
    let mut claims = json!({
        "iss": inner.issuer, "aud": CLIENT_ID, "sub": "walid-7", "nonce": grant.nonce,
        "iat": now, "auth_time": now, "exp": now + 300,
        "email": "Walid@Comptoir.test", "email_verified": true,
    });
    let habits = inner.habits.lock().unwrap();
    (habits.claims)(&mut claims);
    let token = inner.sign(habits.seal, &claims);
    Json(json!({
        "access_token": "nobody uses it", "token_type": "Bearer", "expires_in": 300, "id_token": token
    }))
    .into_response()
}

fn is_ours(headers: &HeaderMap) -> bool {
    let encoded = |text| url::form_urlencoded::byte_serialize(text).collect::<String>();
    let (id, secret) = (encoded(CLIENT_ID.as_bytes()), encoded(CLIENT_SECRET.as_bytes()));
    let expected = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    headers.get("authorization").is_some_and(|it| it.as_bytes() == expected.as_bytes())
}
