//! The HTTP surface, over real connections to a server in this process.

#![cfg(test)]

mod add_page;
mod announced;
mod answer_page;
mod caching;
mod calendar;
mod client;
mod counts_embeds;
mod description;
mod domains;
mod dump;
mod embeds;
mod entries;
mod entry_page;
mod feeds;
mod figures;
mod follower;
mod headers;
mod inbox;
mod ledger_page;
mod listener;
mod live_page;
mod moderating;
mod organization_page;
mod organization_parts;
mod pages;
mod problems;
mod publish_page;
mod qr_code;
mod rates;
mod schema;
mod search_page;
mod searching;
mod server;
mod signing;
mod slow_journal;
mod standing;
mod stream;
mod thread_page;
mod thread_states;
mod tiles;
mod turns;
mod verify_page;
mod webhooks;
mod witness;
