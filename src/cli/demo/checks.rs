//! What a stranger checks at the end of the demonstration, with this program and nothing remembered.

use std::process::{Command, Output};

use super::copy::Copy;
use super::stage::{Published, Stage, unexpected};
use super::{ACME, act, say};
use crate::cli::failure::Failure;

pub(super) async fn anyone_recomputes(stage: &Stage) -> Result<(), Failure> {
    act("Anyone recomputes it from the log alone")?;
    let url = stage.client().ledger().to_string();
    for args in [
        vec!["audit", &url],
        vec!["stats", ACME, "--recompute", &url],
        vec!["prove-complete", ACME, &url],
    ] {
        command(stage, &args).await?;
        say(&format!("onrecord {}: in order", args.join(" ")))?;
    }
    Ok(())
}

pub(super) async fn nothing_can_be_cut_out(
    stage: &Stage,
    victim: &Published,
) -> Result<(), Failure> {
    act("Somebody cuts what Acme signed out of a copy of the ledger's files")?;
    let copy = Copy::of(stage).await?;
    let folder = copy.folder.to_string_lossy().into_owned();
    let args = ["prove-complete", ACME, &folder];
    command(stage, &args).await?;
    say("onrecord prove-complete of the whole copy: in order")?;
    copy.cut_out(victim.index)?;
    let output = output(stage, &args).await?;
    let said = String::from_utf8_lossy(&output.stdout);
    let named = format!("(entry {}): entry_changed", victim.index);
    let finding = said.lines().find(|line| line.contains(&named));
    match finding.filter(|_| output.status.code() == Some(1)) {
        Some(finding) => {
            let finding: Vec<_> = finding.split_whitespace().collect();
            say(&format!("and what was cut out is named: {}", finding.join(" ")))
        }
        None => Err(unexpected(&format!("what was cut out was not named: {said}"))),
    }
}

/// Runs this program on the ledger, as a stranger with nothing remembered would.
async fn command(stage: &Stage, args: &[&str]) -> Result<(), Failure> {
    let output = output(stage, args).await?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = said + &String::from_utf8_lossy(&output.stderr);
    Err(unexpected(&format!("onrecord {} failed: {said}", args.join(" "))))
}

async fn output(stage: &Stage, args: &[&str]) -> Result<Output, Failure> {
    let program = std::env::current_exe().map_err(|error| unexpected(&error.to_string()))?;
    let mut command = Command::new(program);
    command.args(args).env("ONRECORD_HOME", stage.folder().join("home"));
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.map_err(|error| unexpected(&error.to_string()))?;
    output.map_err(|error| unexpected(&error.to_string()))
}
