//! What the people of the demonstration sign.

use crate::cli::answer::{draft_about, draft_of, say};
use crate::cli::failure::Failure;
use crate::encoding::domain::Domain;
use crate::encoding::json::Json;
use crate::statement::{Draft, StatementId};

/// A person's promise by an organization, until that day.
pub(super) fn agreement(
    domain: &Domain,
    title: &str,
    promise: &str,
    due: &str,
    offers: &'static str,
) -> Result<Draft, Failure> {
    let mut draft = draft_of("agreement")?;
    let by = Json::map([("by", Json::text(domain.to_string())), ("due", text(due))]).into_owned();
    draft.set("basis", Json::text("spoken"));
    draft.set("commitments", Json::List(vec![by]));
    draft.set("lang", Json::text("en"));
    draft.set("offers", Json::text(offers));
    draft.set("subjects", Json::List(vec![Json::text(domain.to_string())]));
    say(&mut draft, "title", Some(title.to_owned()))?;
    say(&mut draft, "commitment_1", Some(promise.to_owned()))?;
    Ok(draft)
}

/// The key begins to speak for the domain, and says in how many days it answers.
pub(super) fn claim(domain: &Domain, response_days: i64) -> Result<Draft, Failure> {
    let mut draft = draft_of("claim")?;
    draft.set("domain", Json::text(domain.to_string()));
    draft.set("response_days", Json::Integer(response_days));
    Ok(draft)
}

/// The organization confirms what was agreed.
pub(super) fn confirmation(domain: &Domain, agreement: &StatementId) -> Result<Draft, Failure> {
    let mut draft = draft_about("countersignature", domain, agreement, agreement)?;
    draft.set("verdict", Json::text("confirmed"));
    Ok(draft)
}

/// The person states that commitment 1 was not kept.
pub(super) fn breach(agreement: &StatementId, since: &str) -> Result<Draft, Failure> {
    let mut draft = draft_of("breach")?;
    draft.set("commitment_numbers", Json::List(vec![Json::Integer(1)]));
    draft.set("desired_outcome", Json::text("refund"));
    draft.set("since", text(since));
    draft.set("thread", text(&agreement.to_string()));
    say(&mut draft, "narrative", Some("Nothing has arrived.".to_owned()))?;
    Ok(draft)
}

/// What an organization answers a breach.
pub(super) struct Answer<'a> {
    pub(super) domain: &'a Domain,
    pub(super) thread: &'a StatementId,
    pub(super) to: &'a StatementId,
    pub(super) note: &'a str,
}

impl Answer<'_> {
    /// The answer at that stage, with the field that belongs to it.
    pub(super) fn at(
        &self,
        stage: &'static str,
        more: Option<(&'static str, &str)>,
    ) -> Result<Draft, Failure> {
        let mut draft = draft_about("response", self.domain, self.to, self.thread)?;
        draft.set("stage", Json::text(stage));
        if let Some((name, value)) = more {
            draft.set(name, text(value));
        }
        say(&mut draft, "note", Some(self.note.to_owned()))?;
        Ok(draft)
    }
}

/// What another organization would do, until that day.
pub(super) fn offer(
    domain: &Domain,
    thread: &StatementId,
    expires: &str,
) -> Result<Draft, Failure> {
    let mut draft = draft_of("offer")?;
    draft.set("domain", Json::text(domain.to_string()));
    draft.set("expires", text(expires));
    draft.set("thread", text(&thread.to_string()));
    say(&mut draft, "title", Some("We take it over".to_owned()))?;
    say(
        &mut draft,
        "commitment_1",
        Some("Repaired within a week, or your money back.".to_owned()),
    )?;
    say(&mut draft, "price", Some("40 euros".to_owned()))?;
    Ok(draft)
}

/// The person states how it ended.
pub(super) fn assessment(thread: &StatementId) -> Result<Draft, Failure> {
    let mut draft = draft_of("assessment")?;
    draft.set("resolved", Json::text("yes"));
    draft.set("satisfaction", Json::Integer(4));
    draft.set("thread", text(&thread.to_string()));
    Ok(draft)
}

fn text(value: &str) -> Json<'static> {
    Json::text(value.to_owned())
}
