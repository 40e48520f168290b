//! The questions of a form: what stands in them, and what is said beside them.

use std::fmt::Write as _;

use super::super::Frame;
use super::super::markup::{Markup, escape};
use super::answers::{Answers, Problem, SEALED};
use crate::statement::fields::SUBJECTS_MAX;

/// Questions with their answers, and what of these cannot stand.
pub struct Questions {
    /// What stands in the fields.
    pub answers: Answers,
    /// What is said above a field.
    pub problems: Vec<Problem>,
}

impl Questions {
    /// Questions of which no answer is judged yet.
    pub fn new(answers: Answers) -> Self {
        Self { answers, problems: Vec::new() }
    }

    /// What stands in a field.
    pub fn answer(&self, name: &str) -> &str {
        self.answers.get(name)
    }

    /// How many rows of a repeated answer are shown: those filled in, and one to fill in.
    pub fn shown(&self, beginning: &str, most: usize) -> usize {
        self.answers.rows(beginning, most).last().map_or(1, |last| (last + 1).min(most))
    }

    /// What is wrong with an answer, above its field.
    pub fn problem(&self, frame: &Frame, name: &str) -> Markup {
        let text = self.problems.iter().find(|(field, _)| field == name);
        let text = text.map(|(_, problem)| frame.say(*problem).to_string());
        let text = text.map(|text| format!("<p class=\"error\" id=\"{name}-error\">{text}</p>"));
        Markup::trusted(text.unwrap_or_default())
    }

    /// The attributes that tie a field to what is said about it.
    pub fn described(&self, name: &str, hint: &str) -> Markup {
        let mut attributes = String::new();
        let is_wrong = self.problems.iter().any(|(field, _)| field == name);
        let error = if is_wrong { format!("{name}-error") } else { String::new() };
        let about = format!("{hint} {error}").trim().to_owned();
        if is_wrong {
            attributes.push_str(" aria-invalid=\"true\"");
        }
        if !about.is_empty() {
            let _ = write!(attributes, " aria-describedby=\"{about}\"");
        }
        Markup::trusted(attributes)
    }

    /// The box that keeps a word from the public.
    pub fn seal(&self, frame: &Frame, name: &str) -> Markup {
        let checked = if self.answers.is_sealed(name) { " checked" } else { "" };
        let label = frame.say("publish-seal").to_string();
        Markup::trusted(format!(
            "<p class=\"choice\" data-seal><input type=\"checkbox\" name=\"{SEALED}\" value=\"{name}\" \
             id=\"seal-{name}\"{checked}><label for=\"seal-{name}\">{label}</label></p>"
        ))
    }

    /// Who may owe a commitment: the organizations named, and the person.
    pub fn debtors(&self, frame: &Frame, name: &str) -> Markup {
        let chosen = self.answer(name);
        let mut options = String::new();
        for n in self.answers.rows("domain_", SUBJECTS_MAX) {
            let selected = if chosen == n.to_string() { " selected" } else { "" };
            let domain = self.answers.domain(&n.to_string());
            let domain = domain.as_ref().map_or("", |domain| domain.as_str());
            let _ = write!(options, "<option value=\"{n}\"{selected}>{domain}</option>");
        }
        let selected = if chosen == "signer" { " selected" } else { "" };
        let me = frame.say("publish-by-me").text();
        let _ = write!(options, "<option value=\"signer\"{selected}>{}</option>", escape(&me));
        Markup::trusted(options)
    }
}
