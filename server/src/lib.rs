//! The shop's host.
