//! Tests of the host against a real PostgreSQL, named by `DATABASE_URL`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod at_hand;
mod browse;
mod catalogue_file;
mod command_line;
mod disk;
mod forms;
mod host;
mod mail;
mod media;
mod office;
mod queries;
mod shelf;
mod shop;
mod smtp_sink;
