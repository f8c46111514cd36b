//! How fast the pages are, beside a floor in the same binary, and how fast the mirror fills.
//!
//! `bin/bench` runs it. Each figure is a ratio within one run on one machine: the floor is a route that runs
//! the list's SQL once and writes the rows through the same template, with no session, rights, counters or
//! layout. Server, marketplace and mirror are processes of their own, so that memory is theirs alone.

#![expect(clippy::print_stdout, reason = "the table is what the program is for")]

mod client;
mod mirror;
mod report;
mod server;

use std::process::Stdio;

use anyhow::Context as _;
use tokio::io::AsyncBufReadExt as _;
use tokio::io::BufReader;
use tokio::process::Child;
use tokio::process::Command;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve"] => server::serve().await,
        ["simulate", orders] => mirror::simulate(orders.parse()?).await,
        ["mirror", base_url, token_url] => mirror::fill(base_url, token_url).await,
        [] => report::run(100_000).await,
        [orders] => report::run(orders.parse()?).await,
        _ => anyhow::bail!("usage: pages [ORDERS]"),
    }
}

/// Where PostgreSQL is.
fn database_url() -> anyhow::Result<String> {
    std::env::var("DATABASE_URL").context("run bin/bench, or set DATABASE_URL")
}

/// This program again, as another process that says one line when it is ready.
async fn spawn(arguments: &[&str]) -> anyhow::Result<(Child, Vec<String>)> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(arguments)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdout = child.stdout.take().context("piped")?;
    let line = BufReader::new(stdout).lines().next_line().await?;
    let line = line.with_context(|| format!("{arguments:?} ended at once"))?;
    Ok((child, line.split(' ').map(str::to_owned).collect()))
}

/// The resident memory of a process, in megabytes.
fn memory_of(process: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}
