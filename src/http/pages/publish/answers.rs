//! What a person typed into the forms of the publish page, and what of it cannot stand in an agreement.
//! It is read, checked and written back into the next form; nothing of it is kept or logged.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Visit;
use super::steps::{BASES, BLANK, EXAMPLES};
use crate::encoding::domain::Domain;
use crate::encoding::text;
use crate::encoding::time::Date;
use crate::statement::fields::{COMMITMENTS_MAX, Commitment, Debtor, SUBJECTS_MAX};
use crate::statement::words::EVIDENCE_MAX;

/// The name of the boxes that keep a word from the public, which are one group.
pub const SEALED: &str = "sealed[]";

/// Answers by the names of their fields; `sealed` are the names of words that stay with the person.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    values: BTreeMap<String, String>,
    sealed: BTreeSet<String>,
}

/// An answer that cannot stand: the field, and the message that says why.
pub type Problem = (String, &'static str);

impl Answers {
    /// Before anything is typed: evidence is sealed unless a person says otherwise.
    pub fn blank(language: &str) -> Self {
        let values = [("language".to_owned(), language.to_owned())].into();
        Self { values, ..Self::default_seals() }
    }

    /// The commitments in force with those who may owe them; `texts` are their words as far as they are public.
    /// What is not public stays sealed unless a person says otherwise.
    pub fn of_agreement(
        subjects: &[Domain],
        commitments: &[Commitment],
        texts: &[Option<&str>],
    ) -> Self {
        let mut answers = Self::default_seals();
        let mut set = |name: &str, n: usize, value: &str| {
            answers.values.insert(format!("{name}_{n}"), value.to_owned());
        };
        for (n, subject) in (1..).zip(subjects) {
            set("domain", n, subject.as_str());
        }
        for (n, (commitment, text)) in (1..).zip(commitments.iter().zip(texts)) {
            let place = |domain| subjects.iter().position(|subject| subject == domain);
            let by = match &commitment.by {
                Debtor::Signer => "signer".to_owned(),
                Debtor::Subject(domain) => {
                    place(domain).map_or(String::new(), |at| (at + 1).to_string())
                }
            };
            set("by", n, &by);
            set("due", n, commitment.due.as_deref().unwrap_or_default());
            set("commitment", n, text.unwrap_or_default());
        }
        let sealed = (1..).zip(texts).filter(|(_, text)| text.is_none());
        answers.sealed.extend(sealed.map(|(n, _): (usize, _)| format!("commitment_{n}")));
        answers
    }

    fn default_seals() -> Self {
        let sealed = (1..=EVIDENCE_MAX).map(|n| format!("evidence_{n}")).collect();
        Self { values: BTreeMap::new(), sealed }
    }

    /// As a form sends them.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut answers = Self::default();
        for (name, value) in pairs {
            // Forms send line breaks in the form of mail.
            let value = value.replace("\r\n", "\n");
            if name == SEALED {
                answers.sealed.insert(value);
            } else if !value.trim().is_empty() && name != "at" && name != "go" {
                answers.values.insert(name, value);
            }
        }
        answers
    }

    /// What stands in a field; empty where nothing does.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str).trim()
    }

    /// Whether the word of that name is to be sealed.
    pub fn is_sealed(&self, name: &str) -> bool {
        self.sealed.contains(name)
    }

    /// Every answer with the name of its field.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let values = self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        values.chain(self.sealed.iter().map(|name| (SEALED, name.as_str())))
    }

    /// The numbers of the rows of that beginning that are filled in.
    pub fn rows(&self, beginning: &str, most: usize) -> Vec<usize> {
        (1..=most).filter(|n| !self.get(&format!("{beginning}{n}")).is_empty()).collect()
    }

    /// The organization of a row.
    pub fn domain(&self, row: &str) -> Option<Domain> {
        domain_in(self.get(&format!("domain_{row}")))
    }

    /// Puts the words of the example in that was chosen, where nothing is typed yet.
    pub fn fill_in_example(&mut self, visit: &Visit) {
        let chosen = self.get("example").to_owned();
        let Some(example) = EXAMPLES.iter().find(|example| example.name == chosen) else { return };
        let is_begun = !self.rows("commitment_", COMMITMENTS_MAX).is_empty();
        if is_begun || !self.get("title").is_empty() {
            return;
        }
        let words = |what: &str| visit.say(format!("publish-example-{chosen}-{what}")).text();
        self.values.insert("title".to_owned(), words("title"));
        for (place, by) in example.by.iter().enumerate() {
            let n = place + 1;
            self.values.insert(format!("commitment_{n}"), words(&n.to_string()));
            self.values.insert(format!("by_{n}"), (*by).to_owned());
        }
    }

    /// What of a step's answers cannot stand.
    pub fn problems(&self, step: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        match step {
            "who" => self.check_domains(&mut problems),
            "what" => self.check_commitments(&mut problems),
            "when" => {
                self.check_choice("basis", &BASES, &mut problems);
                let day = self.get("agreed_on");
                if !day.is_empty() && Date::parse(day).is_err() {
                    problems.push(("agreed_on".to_owned(), "publish-error-day"));
                }
            }
            "evidence" => self.check_evidence(&mut problems),
            "appear" => {
                self.check_line("signer_name", false, &mut problems);
                if !is_language(self.get("language")) {
                    problems.push(("language".to_owned(), "publish-error-language"));
                }
            }
            "offers" => self.check_choice("offers", &["welcome", "closed"], &mut problems),
            "more" => self.check_lines("narrative", &mut problems),
            _ => {}
        }
        problems
    }

    fn check_domains(&self, problems: &mut Vec<Problem>) {
        let rows = self.rows("domain_", SUBJECTS_MAX);
        if rows.is_empty() {
            problems.push(("domain_1".to_owned(), "publish-error-missing"));
        }
        for n in rows {
            let domain = self.domain(&n.to_string());
            if domain.is_none_or(|domain| domain.check_admissible(true).is_err()) {
                problems.push((format!("domain_{n}"), "publish-error-domain"));
            }
        }
    }

    fn check_commitments(&self, problems: &mut Vec<Problem>) {
        self.check_line("title", true, problems);
        let rows = self.rows("commitment_", COMMITMENTS_MAX);
        if rows.is_empty() {
            problems.push(("commitment_1".to_owned(), "publish-error-missing"));
        }
        for n in rows {
            self.check_lines(&format!("commitment_{n}"), problems);
            let by = self.get(&format!("by_{n}"));
            if by != "signer" && self.domain(by).is_none() {
                problems.push((format!("by_{n}"), "publish-error-missing"));
            }
            if !is_due(self.get(&format!("due_{n}"))) {
                problems.push((format!("due_{n}"), "publish-error-due"));
            }
        }
    }

    fn check_evidence(&self, problems: &mut Vec<Problem>) {
        for n in 1..=EVIDENCE_MAX {
            let (file, label) = (format!("evidence_file_{n}"), format!("evidence_label_{n}"));
            if self.get(&file).is_empty() && !self.get(&label).is_empty() {
                problems.push((file.clone(), "publish-error-missing"));
            }
            self.check_line(&file, false, problems);
            self.check_line(&label, false, problems);
        }
    }

    fn check_choice(&self, name: &str, choices: &[&str], problems: &mut Vec<Problem>) {
        if !choices.contains(&self.get(name)) {
            problems.push((name.to_owned(), "publish-error-choose"));
        }
    }

    fn check_line(&self, name: &str, is_needed: bool, problems: &mut Vec<Problem>) {
        let value = self.get(name);
        if is_needed && value.is_empty() {
            problems.push((name.to_owned(), "publish-error-missing"));
        } else if value.contains(BLANK) {
            problems.push((name.to_owned(), "publish-error-blank"));
        } else if text::check_line(value).is_err() {
            problems.push((name.to_owned(), "publish-error-character"));
        }
    }

    fn check_lines(&self, name: &str, problems: &mut Vec<Problem>) {
        let value = self.get(name);
        if value.contains(BLANK) {
            problems.push((name.to_owned(), "publish-error-blank"));
        } else if text::check_lines(value).is_err() {
            problems.push((name.to_owned(), "publish-error-character"));
        }
    }
}

/// The organization that a person names: what was typed, or the host of an address that was pasted. `www.` before it is
/// no part of the name, unless what follows is shared by many, as in www.gov.uk.
pub fn domain_in(typed: &str) -> Option<Domain> {
    let host = host_in(typed);
    let name = Domain::from_typed(without(host, "www.")).ok();
    let own = name.filter(|name| name.check_admissible(true).is_ok());
    own.or_else(|| Domain::from_typed(host).ok())
}

/// The host where the address of a page was pasted.
fn host_in(typed: &str) -> &str {
    let text = without(without(typed, "https://"), "http://");
    text.split(['/', '?', '#']).next().unwrap_or_default()
}

/// A text without this beginning, in letters of any case.
fn without<'a>(text: &'a str, beginning: &str) -> &'a str {
    match text.split_at_checked(beginning.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(beginning) => rest,
        _ => text,
    }
}

/// Nothing, a day, or a month.
fn is_due(text: &str) -> bool {
    text.is_empty() || Date::parse(text).is_ok() || Date::parse(&format!("{text}-01")).is_ok()
}

/// The language tags of protocol §5: language, script, region.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-').peekable();
    let all = |part: &str, test: fn(&u8) -> bool| part.bytes().all(|byte| test(&byte));
    let language = parts.next().unwrap_or_default();
    let is_script = |part: &&str| {
        part.len() == 4
            && part.as_bytes()[0].is_ascii_uppercase()
            && all(&part[1..], u8::is_ascii_lowercase)
    };
    let is_region = |part: &&str| {
        (part.len() == 2 && all(part, u8::is_ascii_uppercase))
            || (part.len() == 3 && all(part, u8::is_ascii_digit))
    };
    let _script = parts.next_if(|part| part.is_ascii() && is_script(part));
    let _region = parts.next_if(is_region);
    (2..=3).contains(&language.len())
        && all(language, u8::is_ascii_lowercase)
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        Answers::read(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
    }

    fn problems(step: &str, pairs: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        answers(pairs).problems(step)
    }

    #[test]
    fn an_answer_that_cannot_stand_is_named_by_its_field() {
        let missing = |name: &str| (name.to_owned(), "publish-error-missing");
        assert_eq!(problems("who", &[]), [missing("domain_1")]);
        let wrong = problems("who", &[("domain_1", "acme.example"), ("domain_3", "co.uk")]);
        assert_eq!(wrong, [("domain_3".to_owned(), "publish-error-domain")]);
        assert_eq!(problems("what", &[]), [missing("title"), missing("commitment_1")]);
        let what = [
            ("domain_1", "Acme.example"),
            ("title", "T\u{202e}"),
            ("commitment_1", "Refund of ___"),
            ("by_1", "2"),
            ("due_1", "2026-13"),
        ];
        let found: Vec<_> = problems("what", &what).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["title", "commitment_1", "by_1", "due_1"]);
        assert_eq!(problems("when", &[("basis", "spoken"), ("agreed_on", "2026-02-30")]).len(), 1);
        assert_eq!(
            problems("evidence", &[("evidence_label_2", "x")]),
            [missing("evidence_file_2")]
        );
        assert_eq!(problems("offers", &[]).len(), 1);
    }

    #[test]
    fn of_an_address_that_was_pasted_the_host_names_the_organization() {
        for (typed, wanted) in [
            ("https://www.Acme.example/help?id=1#top", "acme.example"),
            ("http://shop.acme.example", "shop.acme.example"),
            ("acme.example/contact", "acme.example"),
            ("www.bücher.example", "xn--bcher-kva.example"),
            ("www.example", "www.example"),
            ("https://www.gov.uk/refunds", "www.gov.uk"),
            ("https://www.acme.co.uk", "acme.co.uk"),
            ("www.com.au", "www.com.au"),
        ] {
            let domain = answers(&[("domain_1", typed)]).domain("1");
            assert_eq!(domain.as_ref().map(Domain::as_str), Some(wanted), "{typed}");
        }
        for wrong in ["ftp://a.example", "a.example:80", "https://a@b.example/", "http://", "www."]
        {
            assert_eq!(answers(&[("domain_1", wrong)]).domain("1"), None, "{wrong}");
        }
    }

    #[test]
    fn language_tags_are_those_of_the_protocol() {
        for good in ["en", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419", "ast"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "EN", "e", "en-", "en-br", "zh-hant", "en-US-x", "en-中", "english"] {
            assert!(!is_language(bad), "{bad}");
        }
    }
}
