//! A command of the person's, run in a shell for something that happened.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Runs it with these variables and with the text as a line on its standard input, and waits for its end. What went
/// wrong comes back in words.
pub(super) fn run(command: &str, variables: &[(&str, &str)], input: &str) -> Result<(), String> {
    let cannot = |error: std::io::Error| format!("the command cannot be run: {error}");
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell)
        .args([option, command])
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .spawn()
        .map_err(cannot)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command need not read what it is given.
        let _ = stdin.write_all(input.as_bytes()).and_then(|()| stdin.write_all(b"\n"));
    }
    let status = child.wait().map_err(cannot)?;
    if status.success() { Ok(()) } else { Err(format!("the command failed: {status}")) }
}
