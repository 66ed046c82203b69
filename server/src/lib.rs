//! The shop's host: configuration, database, services, HTTP.

pub mod catalogue_file;
pub mod media;
