//! onrecord is a public agreement ledger for individuals: sign an agreement, put it on an
//! append-only, hash-chained ledger, and let anyone verify it without trusting whoever runs it.
//!
//! The modules stand on floors; each imports only floors below its own (`docs/architecture.md`).

pub mod encoding;

pub mod crypto;

pub mod tlog;

pub mod statement;

pub mod entry;
pub mod webhook;

pub mod thread;

pub mod ledger;

pub mod verify;

pub mod wire;

pub mod clock;
pub mod net;
pub mod store;

pub mod service;

pub mod http;

pub mod config;

pub mod cli;
