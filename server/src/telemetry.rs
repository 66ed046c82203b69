//! Logs: for people on a terminal, for machines otherwise.

use crate::config::LogFormat;
use std::io::IsTerminal;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// # Errors
/// When `filter` is not a list of levels such as `info,server::http=debug`.
pub fn start(format: LogFormat, filter: &str) -> Result<(), tracing_subscriber::filter::ParseError> {
    let filter: Targets = filter.parse()?;
    // Notices of `create extension if not exists` and the like are for migrations' authors.
    let filter = filter.with_target("sqlx::postgres::notice", tracing::Level::WARN);
    let json = match format {
        LogFormat::Auto => !std::io::stderr().is_terminal(),
        LogFormat::Text => false,
        LogFormat::Json => true,
    };
    let registry = tracing_subscriber::registry().with(filter);
    let writer = std::io::stderr;
    if json {
        registry.with(tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(writer)).init();
    } else {
        registry.with(tracing_subscriber::fmt::layer().with_target(false).with_writer(writer)).init();
    }
    Ok(())
}
