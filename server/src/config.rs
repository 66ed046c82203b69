//! Configuration: flags, and the environment variables of the same names.

use crate::mail;
use app::domain::Currency;
use app::shop::Shop;
use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A web shop and its back office.
#[derive(Debug, Parser)]
#[command(name = "shopfront", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the shop until SIGTERM or Ctrl-C.
    Serve(Serve),
    /// Bring the database to this version's schema.
    Migrate(Migrate),
    /// Import products from a Shopify product CSV, all or nothing.
    Import(Import),
    /// Write all products as a Shopify product CSV.
    Export(Export),
    /// Load the demo catalogue.
    SeedDemo(SeedDemo),
    /// Make, block and list accounts.
    #[command(subcommand)]
    User(User),
    /// Check the set-up, and say how to mend what is wrong.
    Doctor(Serve),
}

#[derive(Clone, Debug, Args)]
pub struct Common {
    /// PostgreSQL 15 or newer, such as postgres://user:password@host/database
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Folder of the product pictures.
    #[arg(long, env = "SHOPFRONT_MEDIA_DIR", default_value = ".data/media", global = true)]
    pub media_dir: PathBuf,
    /// A bucket for the product pictures in place of the folder, such as s3://bucket/folder
    #[arg(long, env = "SHOPFRONT_MEDIA_URL", global = true)]
    pub media_url: Option<String>,
    /// The shop's currency, by its ISO 4217 code.
    #[arg(long, env = "SHOPFRONT_CURRENCY", default_value = "EUR", value_parser = parse_currency, global = true)]
    pub currency: Currency,
    /// The shop's key, at least 32 characters: codes and mail hang on it. Else it is read from the secret file.
    #[arg(long, env = "SHOPFRONT_SECRET", hide_env_values = true, global = true)]
    pub secret: Option<SecretText>,
    /// File of the shop's key; made, with a random key, when it isn't there.
    #[arg(long, env = "SHOPFRONT_SECRET_FILE", default_value = ".data/secret", global = true)]
    pub secret_file: PathBuf,
    #[arg(long, env = "SHOPFRONT_LOG_FORMAT", value_enum, default_value_t = LogFormat::Auto, global = true)]
    pub log_format: LogFormat,
    /// error, warn, info, debug or trace; or per module, such as info,server::http=debug
    #[arg(long, env = "SHOPFRONT_LOG", default_value = "info", global = true)]
    pub log: String,
}

#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Where the shop listens.
    #[arg(long, env = "SHOPFRONT_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,
    /// Folder of the built browser files.
    #[arg(long, env = "SHOPFRONT_SITE_ROOT", default_value = "target/site")]
    pub site_root: PathBuf,
    /// The shop's public address, such as https://shop.example; makes links absolute and turns HSTS on.
    #[arg(long, env = "SHOPFRONT_BASE_URL", value_parser = parse_base_url)]
    pub base_url: Option<String>,
    #[arg(long, env = "SHOPFRONT_NAME", default_value = "Fieldstone")]
    pub name: String,
    #[arg(long, env = "SHOPFRONT_TAGLINE", default_value = "Things for the table, the desk and the light")]
    pub tagline: String,
    /// Database connections of this process.
    #[arg(long, env = "SHOPFRONT_DB_CONNECTIONS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub db_connections: u32,
    /// MiB of memory for rendered pages of signed-out visitors, and a quarter as much for what stands around everybody
    /// else's; 0 turns both off.
    #[arg(long, env = "SHOPFRONT_PAGE_CACHE_MIB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(0..=65536))]
    pub page_cache_mib: u64,
    /// Hosts that imported pictures may be shown from, such as cdn.example.com; none by default.
    #[arg(long, env = "SHOPFRONT_IMAGE_HOSTS", default_value = "", hide_default_value = true, value_parser = list(parse_host))]
    pub image_hosts: List<String>,
    /// Open connections at most; more wait in the system's queue.
    #[arg(long, env = "SHOPFRONT_MAX_CONNECTIONS", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections: u32,
    /// Proxies whose X-Forwarded-For counts, such as 10.0.0.0/8,192.0.2.1; none by default.
    #[arg(long, env = "SHOPFRONT_TRUSTED_PROXIES", default_value = "", hide_default_value = true, value_parser = list(parse_net))]
    pub trusted_proxies: List<IpNet>,
    /// Who may see the catalogue.
    #[arg(long, env = "SHOP_ACCESS", value_enum, default_value_t = Access::Public)]
    pub access: Access,
    /// Where Prometheus finds its figures, such as 127.0.0.1:9000; nowhere by default. Not for visitors.
    #[arg(long, env = "SHOPFRONT_METRICS_ADDR")]
    pub metrics_addr: Option<SocketAddr>,
    /// Minutes for which the last piece of something is kept for the cart that has it; 0 keeps it for nobody.
    #[arg(long, env = "SHOPFRONT_HOLD_MINUTES", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=10_080))]
    pub hold_minutes: u32,
    /// Days after which the cart and wishlists of a visitor without an account are thrown away, unless they come back.
    #[arg(long, env = "SHOPFRONT_GUEST_DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=400))]
    pub guest_days: u32,
    /// Pieces with which a product counts as low in stock, in the back office.
    #[arg(long, env = "SHOPFRONT_LOW_STOCK", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub low_stock: u32,
    /// Seconds for which an upload waits for its pictures to be prepared, before it answers that they are being; 0 never
    /// waits.
    #[arg(long, env = "SHOPFRONT_PICTURE_WAIT_SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=60))]
    pub picture_wait_seconds: u32,
    #[command(flatten)]
    pub mail: mail::Settings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Access {
    /// Everybody.
    Public,
    /// Only who is logged in; search engines are kept out.
    Members,
}

/// A setting of several values, comma separated. An empty text names none: that is how files of settings say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

/// The shop's key as configured, which nothing prints.
#[derive(Clone)]
pub struct SecretText(pub String);

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Make an account, whose address counts as verified.
    Create(CreateUser),
    /// Keep somebody out, from their next request on.
    Block {
        username: String,
        /// For the shop's own eyes.
        #[arg(long, default_value = "")]
        reason: String,
        /// What the person is told.
        #[arg(long, default_value = "")]
        note: String,
    },
    Unblock {
        username: String,
    },
    List,
    /// Log somebody out on all their devices.
    EndSessions {
        username: String,
    },
}

#[derive(Debug, Args)]
pub struct CreateUser {
    #[arg(long)]
    pub username: String,
    #[arg(long)]
    pub email: String,
    #[arg(long)]
    pub admin: bool,
    /// Print a one-time link that sets the password, instead of asking for it.
    #[arg(long)]
    pub link: bool,
    /// The shop's public address, for the link.
    #[arg(long, env = "SHOPFRONT_BASE_URL", value_parser = parse_base_url, default_value = "http://127.0.0.1:3000")]
    pub base_url: String,
    /// The shop's name, which nobody may have.
    #[arg(long, env = "SHOPFRONT_NAME", default_value = "Fieldstone")]
    pub name: String,
}

#[derive(Debug, Args)]
pub struct Import {
    pub file: PathBuf,
    /// Say what would happen, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Migrate {
    /// Give a database role that doesn't own the tables what serving the shop takes, and no more
    #[arg(long, value_name = "ROLE")]
    pub grant_to: Option<String>,
}

#[derive(Debug, Args)]
pub struct Export {
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct SeedDemo {
    /// Do nothing when the shop has products already.
    #[arg(long)]
    pub if_empty: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    Text,
    Json,
}

impl Serve {
    pub fn shop(&self, currency: Currency) -> Shop {
        Shop {
            name: self.name.clone(),
            tagline: self.tagline.clone(),
            currency,
            base_url: self.base_url.clone().unwrap_or_default(),
        }
    }

    /// The shop's address for letters, where there is no request to take it from. `bound`: where it listens.
    pub fn home(&self, bound: SocketAddr) -> String {
        match &self.base_url {
            Some(url) => url.clone(),
            None if bound.ip().is_unspecified() => format!("http://localhost:{}", bound.port()),
            None => format!("http://{bound}"),
        }
    }

    /// For how long the last piece of something is kept for the cart that has it.
    pub fn hold(&self) -> Duration {
        Duration::from_secs(u64::from(self.hold_minutes) * 60)
    }

    /// For how long an upload waits for its pictures.
    pub fn picture_wait(&self) -> Duration {
        Duration::from_secs(u64::from(self.picture_wait_seconds))
    }

    /// How long a visitor without an account may stay away.
    pub fn guest_life(&self) -> Duration {
        Duration::from_secs(u64::from(self.guest_days) * 24 * 60 * 60)
    }

    /// Whether visitors reach the shop by HTTPS.
    pub fn is_https(&self) -> bool {
        self.base_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// Whether cookies are for HTTPS only: always, but for trying the shop out on one's own machine.
    pub fn secure_cookies(&self) -> bool {
        let tried_out = match self.base_url.as_deref().and_then(|url| url.strip_prefix("http://")) {
            None => !self.is_https(),
            Some(host) => {
                ["localhost", "127.0.0.1", "[::1]"].contains(&host.rsplit_once(':').map_or(host, |(host, _)| host))
            }
        };
        !(tried_out && self.addr.ip().is_loopback())
    }
}

fn parse_currency(text: &str) -> Result<Currency, String> {
    Currency::from_code(text).ok_or_else(|| "a currency is three letters, such as EUR".to_owned())
}

fn parse_base_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '"', ';', '\'']) => Ok(url.to_owned()),
        _ => Err("an address is a scheme and a host, such as https://shop.example".to_owned()),
    }
}

fn list<T>(one: fn(&str) -> Result<T, String>) -> impl Fn(&str) -> Result<List<T>, String> + Clone {
    move |text| text.split(',').filter(|part| !part.trim().is_empty()).map(one).collect::<Result<_, _>>().map(List)
}

fn parse_host(text: &str) -> Result<String, String> {
    let host = text.trim().trim_start_matches("https://");
    let fits = |c: char| c.is_ascii_alphanumeric() || "-.:*".contains(c);
    if host.is_empty() || !host.chars().all(fits) {
        return Err("a host is a name such as cdn.example.com".to_owned());
    }
    Ok(format!("https://{host}"))
}

fn parse_net(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let net = text.parse().ok().or_else(|| Some(IpNet::from(text.parse::<std::net::IpAddr>().ok()?)));
    net.ok_or_else(|| "a proxy is an address or a network, such as 10.0.0.0/8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn cookies_are_for_https_but_on_ones_own_machine() {
        let secure = |args: &[&str]| match Cli::parse_from(["shopfront", "serve"].iter().chain(args)).command {
            Command::Serve(settings) => settings.secure_cookies(),
            _ => false,
        };
        assert!(!secure(&["--addr", "127.0.0.1:3000"]));
        assert!(!secure(&["--addr", "127.0.0.1:3000", "--base-url", "http://localhost:3000"]));
        assert!(secure(&["--addr", "127.0.0.1:3000", "--base-url", "https://shop.example"]));
        assert!(secure(&["--addr", "127.0.0.1:3000", "--base-url", "http://shop.example"]));
        assert!(secure(&["--addr", "0.0.0.0:3000"]));
    }

    #[test]
    fn a_list_has_any_number_of_values_and_an_empty_text_has_none() {
        let settings = |args: &[&str]| match Cli::parse_from(["shopfront", "serve"].iter().chain(args)).command {
            Command::Serve(settings) => (settings.trusted_proxies.0, settings.image_hosts.0),
            _ => (Vec::new(), Vec::new()),
        };
        let none = (Vec::new(), Vec::new());
        assert_eq!(settings(&[]), none);
        for empty in ["", " ", ","] {
            assert_eq!(settings(&["--trusted-proxies", empty, "--image-hosts", empty]), none, "{empty:?}");
        }
        let (proxies, hosts) =
            settings(&["--trusted-proxies", "10.0.0.0/8, 192.0.2.1,::1", "--image-hosts", "a.example,*.b.example,"]);
        assert_eq!(proxies, ["10.0.0.0/8", "192.0.2.1/32", "::1/128"].map(|net| parse_net(net).unwrap_or_default()));
        assert_eq!(hosts, ["https://a.example", "https://*.b.example"]);
        let wrong = ["shopfront", "serve", "--trusted-proxies", "10.0.0.0/8,proxy.example"];
        assert!(Cli::try_parse_from(wrong).is_err());
    }

    #[test]
    fn an_address_cannot_carry_more_than_a_host() {
        assert_eq!(parse_base_url("https://shop.example/"), Ok("https://shop.example".to_owned()));
        for text in ["shop.example", "https://", "https://a/b", "https://a; script-src *", "javascript:alert(1)"] {
            assert!(parse_base_url(text).is_err(), "{text}");
        }
        assert!(parse_host("a.example; script-src *").is_err());
    }
}
