//! The metrics of an organization as the API answers them (protocol, "Metrics of an organization"). Not how
//! they are counted: that is `thread/`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::Meta;
use super::kept::Outcome;
use super::texts;
use crate::thread::metrics::{Figure, Metrics};

/// What the threads of an organization add up to, computed from nothing but the log up to the checkpoint of
/// `_meta`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationMetrics {
    /// The organization.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// Over how many days of 24 hours.
    pub days: u16,
    /// The period begins after this moment.
    #[schema(value_type = texts::EntryTime)]
    pub after: String,
    /// The period ends with this moment: the time of the newest entry of the checkpoint.
    #[schema(value_type = texts::EntryTime)]
    pub until: String,
    /// The figures, always the same in the same order.
    pub figures: Vec<MetricsFigure>,
    /// The checkpoint they were computed at.
    #[serde(rename = "_meta")]
    pub meta: Meta,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MetricsFigure {
    /// What it measures.
    pub name: String,
    /// How many. Of a time: its place among all that count, shortest first, from 1.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
    /// The share in whole percent, halves rounded up. Absent when it is a share of fewer than 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub percent: Option<u64>,
    /// Of a time: how many whole seconds. Absent when there is no response at that place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seconds: Option<u64>,
    /// The sentence that defines it.
    pub formula: String,
}

impl OrganizationMetrics {
    /// The public shape of metrics that were computed at a checkpoint.
    pub fn new(metrics: &Metrics, meta: Meta) -> Self {
        Self {
            domain: metrics.domain.to_string(),
            days: metrics.days,
            after: metrics.after.to_millis(),
            until: metrics.until.to_millis(),
            figures: metrics.figures.iter().map(MetricsFigure::from).collect(),
            meta,
        }
    }
}

impl From<&Figure> for MetricsFigure {
    fn from(figure: &Figure) -> Self {
        Self {
            name: figure.measure.name().to_owned(),
            numerator: figure.numerator,
            denominator: figure.denominator,
            percent: figure.percent(),
            seconds: figure.seconds,
            formula: figure.measure.formula().to_owned(),
        }
    }
}

/// What `onrecord stats --recompute --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatsReport {
    /// Everything together.
    pub verdict: Outcome,
    /// The organization.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// The ledger.
    #[schema(value_type = texts::Origin)]
    pub origin: String,
    /// Entries of the log that were audited.
    pub audited: u64,
    /// How much the audit found wrong; `onrecord audit --json` tells what.
    pub findings: u64,
    /// What was compared.
    pub periods: Vec<StatsPeriod>,
    /// What a recomputation does not cover, as sentences.
    pub not_checked: Vec<String>,
}

/// Figures over some days, as the ledger gives them and as its log does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatsPeriod {
    /// Whether all of it is the same, checkpoint included.
    pub same: bool,
    /// What the ledger gives.
    pub given: OrganizationMetrics,
    /// What its log gives at that checkpoint. Absent when the audit did not come so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub recomputed: Option<OrganizationMetrics>,
}
