//! The shop's host: configuration, database, services, HTTP.

pub mod catalogue_file;
pub mod cli;
pub mod config;
pub mod database;
pub mod demo;
pub mod doctor;
pub mod error;
pub mod http;
pub mod mail;
pub mod media;
pub mod metrics;
pub mod secret;
pub mod services;
pub mod telemetry;
pub mod user_command;
