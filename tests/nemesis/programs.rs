//! The real programs, and what can be done to them.

use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use uuid::Uuid;

use crate::support::World;

/// A PostgreSQL of its own, which may be crashed.
pub struct Cluster {
    folder: PathBuf,
    pub url: String,
}

impl Cluster {
    pub fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("comptoir-nemesis-{}", std::process::id()));
        let mut cluster = Self { folder, url: String::new() };
        // Durable, as in production: what was acknowledged must outlive a crash.
        cluster.run("start", &[]);
        cluster.run("url", &[]).trim().clone_into(&mut cluster.url);
        cluster
    }

    /// Stops it as a power cut would, and starts it again.
    pub fn crash(&self) {
        self.run("crash", &[]);
    }

    /// Ends every connection of the programs.
    pub fn terminate_backends(&self) {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE application_name = 'comptoir'";
        let mut psql = self.command("psql");
        psql.args(["comptoir", "-q", "-c", sql]);
        // It may be starting: then there is nobody to terminate.
        let _ = psql.output().unwrap();
    }

    fn run(&self, command: &str, arguments: &[&str]) -> String {
        let output = self.command(command).args(arguments).output().unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn command(&self, command: &str) -> Command {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("bin/postgres");
        let mut run = Command::new(script);
        run.arg(command).arg(&self.folder).stdin(Stdio::null());
        run
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.command("drop").output();
    }
}

/// A `comptoir worker`, killed when dropped.
pub struct Worker {
    child: Child,
    accounts: PathBuf,
    database_url: String,
}

impl Worker {
    pub fn start(cluster: &Cluster, world: &World, marketplace: SocketAddr) -> Self {
        let accounts = accounts_file(world, marketplace);
        let database_url = cluster.url.clone();
        let child = spawn(&accounts, &database_url);
        Self { child, accounts, database_url }
    }

    pub fn restart(&mut self, cluster: &Cluster, world: &World, marketplace: SocketAddr) {
        self.kill();
        *self = Self::start(cluster, world, marketplace);
    }

    pub fn kill_and_restart(&mut self) {
        self.kill();
        self.child = spawn(&self.accounts, &self.database_url);
    }

    /// It sleeps, without knowing.
    pub fn stop(&self) {
        self.signal("STOP");
    }

    pub fn resume(&self) {
        self.signal("CONT");
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn signal(&self, name: &str) {
        let process = self.child.id().to_string();
        let _ = Command::new("kill").args(["-s", name, &process]).stderr(Stdio::null()).status();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_file(&self.accounts);
    }
}

fn spawn(accounts: &Path, database_url: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_comptoir"))
        .args(["worker", "--sync-interval", "2s", "--connections", "6", "--log", "error"])
        .arg("--accounts")
        .arg(accounts)
        .env("DATABASE_URL", database_url)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn accounts_file(world: &World, marketplace: SocketAddr) -> PathBuf {
    let path = std::env::temp_dir().join(format!("comptoir-accounts-{}.toml", Uuid::now_v7()));
    let direct = world.simulator.address().to_string();
    let through = |url: String| url.replace(&direct, &marketplace.to_string());
    let (base_url, token_url) =
        (through(world.simulator.base_url()), through(world.simulator.token_url()));
    let text = format!(
        "[[account]]\nid = \"maison\"\nname = \"Maison\"\nseller_id = \"98979\"\n\
         client_id = \"maison-client\"\nclient_secret = \"maison-secret\"\n\
         base_url = \"{base_url}\"\ntoken_url = \"{token_url}\"\nrequests_per_second = 1000\n\
         [[account.channel]]\nid = \"WRTES\"\npartial_shipment = true\nseveral_parcels = true\n\
         line_in_several_parcels = true\npartial_cancellation = true\ninvoices = true\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}
