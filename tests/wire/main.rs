//! The public shapes: committed schemas and pages are what the code generates, and the vectors
//! have those shapes.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

mod generated;
mod shapes;
