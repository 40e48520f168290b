//! The shape of the source tree, checked: the floors of `docs/architecture.md`, the purity line, sizes, names
//! and fences. Each check is a function from source text to findings, so that every check is also shown to
//! fail on planted text. Not here: what the code does.

#![cfg(test)]

mod fences;
mod floors;
mod layout;
mod paths;
mod purity;
mod source;
mod strings;
