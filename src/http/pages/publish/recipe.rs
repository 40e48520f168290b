//! The answers as the TOML file that `onrecord sign agreement` reads, for who goes on without a script.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answers::Answers;
use crate::statement::fields::{COMMITMENTS_MAX, SUBJECTS_MAX};
use crate::statement::words::EVIDENCE_MAX;

/// The file, in the order in which a person reads it.
#[derive(Serialize)]
struct Recipe<'a> {
    sealed: Vec<String>,
    agreement: Agreement<'a>,
    commitment: Vec<Commitment<'a>>,
    words: BTreeMap<&'static str, &'a str>,
    evidence: Vec<Evidence<'a>>,
}

#[derive(Serialize)]
struct Agreement<'a> {
    subjects: Vec<String>,
    basis: &'a str,
    lang: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    agreed_on: &'a str,
    offers: &'a str,
}

#[derive(Serialize)]
struct Commitment<'a> {
    by: String,
    text: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    due: &'a str,
}

#[derive(Serialize)]
struct Evidence<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    public: bool,
}

/// The file's text, for answers without problems.
///
/// # Errors
/// When it cannot be written, which it has no reason not to be.
pub fn recipe(answers: &Answers) -> Result<String, toml::ser::Error> {
    let mut sealed = Vec::new();
    let domains = answers.rows("domain_", SUBJECTS_MAX).into_iter();
    let domains = domains.filter_map(|n| answers.domain(&n.to_string()));
    let mut subjects: Vec<_> = domains.map(|domain| domain.to_string()).collect();
    subjects.sort();
    subjects.dedup();
    let mut commitment = Vec::new();
    for n in answers.rows("commitment_", COMMITMENTS_MAX) {
        let by = answers.get(&format!("by_{n}"));
        commitment.push(Commitment {
            by: answers.domain(by).map_or_else(|| by.to_owned(), |domain| domain.to_string()),
            text: answers.get(&format!("commitment_{n}")),
            due: answers.get(&format!("due_{n}")),
        });
        // Rows may have been left empty; in the file commitments are numbered without gaps.
        if answers.is_sealed(&format!("commitment_{n}")) {
            sealed.push(format!("commitment_{}", commitment.len()));
        }
    }
    let mut words = BTreeMap::new();
    for name in ["title", "signer_name", "narrative"] {
        if !answers.get(name).is_empty() {
            words.insert(name, answers.get(name));
            sealed.extend(answers.is_sealed(name).then(|| name.to_owned()));
        }
    }
    let evidence = answers.rows("evidence_file_", EVIDENCE_MAX).into_iter().map(|n| Evidence {
        file: answers.get(&format!("evidence_file_{n}")),
        label: answers.get(&format!("evidence_label_{n}")),
        public: !answers.is_sealed(&format!("evidence_{n}")),
    });
    toml::to_string(&Recipe {
        sealed,
        agreement: Agreement {
            subjects,
            basis: answers.get("basis"),
            lang: answers.get("language"),
            agreed_on: answers.get("agreed_on"),
            offers: answers.get("offers"),
        },
        commitment,
        words,
        evidence: evidence.collect(),
    })
}
