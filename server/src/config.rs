//! Configuration: flags, and the environment variables of the same names.

use crate::mail;
use crate::secret::Secret;
use app::domain::Currency;
use app::shop::Shop;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

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
    Migrate,
    /// Import products from a Shopify product CSV, all or nothing.
    Import(Import),
    /// Write all products as a Shopify product CSV.
    Export(Export),
    /// Load the demo catalogue.
    SeedDemo(SeedDemo),
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
    /// The shop's currency, by its ISO 4217 code.
    #[arg(long, env = "SHOPFRONT_CURRENCY", default_value = "EUR", value_parser = parse_currency, global = true)]
    pub currency: Currency,
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
    /// MiB of memory for rendered pages of signed-out visitors; 0 turns the cache off.
    #[arg(long, env = "SHOPFRONT_PAGE_CACHE_MIB", default_value_t = 16, value_parser = clap::value_parser!(u64).range(0..=65536))]
    pub page_cache_mib: u64,
    /// Hosts that imported pictures may be shown from, such as cdn.example.com; none by default.
    #[arg(long, env = "SHOPFRONT_IMAGE_HOSTS", value_delimiter = ',', value_parser = parse_host)]
    pub image_hosts: Vec<String>,
    /// Open connections at most; more wait in the system's queue.
    #[arg(long, env = "SHOPFRONT_MAX_CONNECTIONS", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub max_connections: u32,
    /// Where Prometheus finds its figures, such as 127.0.0.1:9000; nowhere by default. Not for visitors.
    #[arg(long, env = "SHOPFRONT_METRICS_ADDR")]
    pub metrics_addr: Option<SocketAddr>,
    #[command(flatten)]
    pub mail: mail::Settings,
    /// What the shop encrypts and signs with: 32 characters or more, the same for every process of the shop.
    #[arg(long, env = "SHOPFRONT_SECRET", hide_env_values = true)]
    pub secret: Option<String>,
    /// Where the key is read from when it isn't given; made when the file isn't there.
    #[arg(long, env = "SHOPFRONT_SECRET_FILE", default_value = ".data/secret")]
    pub secret_file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Import {
    pub file: PathBuf,
    /// Say what would happen, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
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

    /// # Errors
    /// In words for the operator, when the key is too short or its file can't be read or made.
    pub fn secret(&self) -> Result<Secret, String> {
        match &self.secret {
            Some(text) => Secret::from_text(text).map_err(|error| error.to_string()),
            None => Secret::from_file(&self.secret_file)
                .map_err(|error| format!("the key {} can’t be used: {error}", self.secret_file.display())),
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

    /// Whether visitors reach the shop by HTTPS.
    pub fn is_https(&self) -> bool {
        self.base_url.as_deref().is_some_and(|url| url.starts_with("https://"))
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

fn parse_host(text: &str) -> Result<String, String> {
    let host = text.trim().trim_start_matches("https://");
    let fits = |c: char| c.is_ascii_alphanumeric() || "-.:*".contains(c);
    if host.is_empty() || !host.chars().all(fits) {
        return Err("a host is a name such as cdn.example.com".to_owned());
    }
    Ok(format!("https://{host}"))
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
    fn an_address_cannot_carry_more_than_a_host() {
        assert_eq!(parse_base_url("https://shop.example/"), Ok("https://shop.example".to_owned()));
        for text in ["shop.example", "https://", "https://a/b", "https://a; script-src *", "javascript:alert(1)"] {
            assert!(parse_base_url(text).is_err(), "{text}");
        }
        assert!(parse_host("a.example; script-src *").is_err());
    }
}
