//! Holds README.md and the pages in `docs/` to what the code does.

#![cfg(test)]

mod pages;
mod readme;
