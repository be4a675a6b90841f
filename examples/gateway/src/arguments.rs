//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use bucket::cli::{Connect, EXIT_CODES, Log, address};
use clap::Parser;

/// Verifies S3 requests that are signed with the gateway's own keys, and sends them on, signed with the
/// bucket's.
#[derive(Debug, Clone, Parser)]
#[command(name = "gateway", version, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Arguments {
    /// Listen for clients on this address; port 0 is any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,

    /// Answer /healthz and /metrics on this address
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8081", value_parser = address)]
    pub admin: SocketAddr,

    /// The clients' keys and their rights (TOML, see docs/gateway.md); read again when it changes.
    /// Without it, one new key with every right is printed
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,

    /// A host name of this gateway; repeat it for several. Buckets may be in front of it, as in
    /// photos.s3.example.com. Without it, every host is accepted, and the bucket is in the path
    #[arg(long, value_name = "NAME")]
    pub domain: Vec<String>,

    /// The region that clients sign for, if it is not the bucket's
    #[arg(long, value_name = "NAME")]
    pub client_region: Option<String>,

    /// Pass this header on although a client has not signed it: range, content-type, …
    #[arg(long, value_name = "HEADER")]
    pub pass_unsigned: Vec<String>,

    /// Let pages of this origin send requests and read the answers (CORS), as in
    /// https://photos.example.com; repeat it for several, * is every origin
    #[arg(long, value_name = "ORIGIN")]
    pub cors_origin: Vec<String>,

    /// Send each body in signed chunks, without a checksum in a trailer: for servers that keep the beginning
    /// of an upload that broke off (SeaweedFS), or that know no trailer (Ceph 16)
    #[arg(long)]
    pub send_chunks: bool,

    /// Forward requests to any AWS service, not to a bucket; the file of --keys says who may do what
    #[arg(long, requires = "keys")]
    pub egress: bool,

    #[command(flatten)]
    pub limits: Limits,

    #[command(flatten)]
    pub connect: Connect,

    #[command(flatten)]
    pub log: Log,
}

/// The limits of one gateway: requests at the same time, memory, and waiting times.
#[derive(Debug, Clone, Copy, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Answer 503 SlowDown to requests beyond this number
    #[arg(long, value_name = "COUNT", default_value_t = 1024, value_parser = count)]
    pub max_requests: usize,

    /// Accept a connection beyond this number only when another one has closed
    #[arg(long, value_name = "COUNT", default_value_t = 10_000, value_parser = count)]
    pub max_connections: usize,

    /// The longest body that is read into memory: lists of keys to delete, and with --egress each body
    #[arg(long, value_name = "BYTES", default_value_t = 8 << 20)]
    pub max_buffered: usize,

    /// Close a connection whose next request has not arrived after this time
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    pub header_timeout: u64,

    /// End a request whose client sends or takes less than this number of bytes per second; 0 is no limit
    #[arg(long, value_name = "BYTES", default_value_t = 1024)]
    pub min_rate: u64,

    /// Compare the rate with --min-rate each time that the gateway has waited this long for the client
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub min_rate_time: u64,

    /// End a request whose client or server sends or takes nothing for this time
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub idle_timeout: u64,

    /// After SIGTERM, wait this long for requests that run
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub drain_timeout: u64,
}

fn count(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| (1..=1_000_000).contains(count));
    count.ok_or_else(|| "use a number from 1 to 1000000".to_owned())
}

const EXAMPLES: &str = "\
Examples:
  gateway
  gateway --listen 0.0.0.0:8080 --keys keys.toml --domain s3.example.com
  gateway --keys keys.toml --endpoint https://storage.example.com --pass-unsigned range
  gateway --keys keys.toml --cors-origin https://photos.example.com
  gateway --egress --keys agents.toml -v

A file of keys; the rights are read, write, delete and list:
  [[key]]
  id = \"PHOTOS-WEB\"
  secret = \"at least 20 characters, from openssl rand -hex 20\"
  allow = [{ bucket = \"photos\", prefix = \"2024/\", rights = [\"read\", \"list\"] }]

With --egress, an action is the name of an operation, or a method and a path:
  [[key]]
  id = \"AGENT-7\"
  secret = \"at least 20 characters, from openssl rand -hex 20\"
  services = [{ service = \"sqs\", region = \"eu-*\", actions = [\"SendMessage\"] }]";
