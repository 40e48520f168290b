//! Tells of an alarm to a command and a webhook: once, and again until the webhook took it.

use std::collections::HashSet;

use tokio::runtime::Runtime;

use crate::cli::{exec, terminal};
use crate::net::HookUrl;
use crate::wire::MonitorAlarm;

pub(super) struct Alarms {
    exec: Option<String>,
    webhook: Option<HookUrl>,
    /// What was told by this process.
    told: HashSet<String>,
    /// What the webhook has not taken yet.
    unsent: Vec<String>,
}

impl Alarms {
    pub(super) fn new(exec: Option<String>, webhook: Option<HookUrl>) -> Self {
        Self { exec, webhook, told: HashSet::new(), unsent: Vec::new() }
    }

    /// Tells of it, unless that was done before.
    pub(super) fn raise(&mut self, alarm: MonitorAlarm, runtime: &Runtime) {
        let json = serde_json::to_string(&alarm).unwrap_or_default();
        if !self.told.insert(json.clone()) {
            return;
        }
        if let Some(command) = &self.exec {
            let variables = [
                ("ONRECORD_ALARM", alarm.kind.as_str()),
                ("ONRECORD_ORIGIN", &alarm.origin),
                ("ONRECORD_URL", &alarm.url),
                ("ONRECORD_EVIDENCE", alarm.evidence.as_deref().unwrap_or_default()),
            ];
            if let Err(why) = exec::run(command, &variables, &json) {
                terminal::note(format_args!("The alarm was not told to the command: {why}"));
            }
        }
        if self.webhook.is_some() {
            self.unsent.push(json);
            self.send_again(runtime);
        }
    }

    /// Sends what the webhook has not taken yet.
    pub(super) fn send_again(&mut self, runtime: &Runtime) {
        let Some(webhook) = &self.webhook else { return };
        self.unsent.retain(|json| match runtime.block_on(webhook.send(json.clone())) {
            Ok(()) => false,
            Err(error) => {
                terminal::note(format_args!(
                    "The alarm was not taken by the webhook, and is sent again: {error}"
                ));
                true
            }
        });
    }
}
