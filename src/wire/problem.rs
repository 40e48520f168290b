//! Problems (RFC 9457) and the reasons that name them (protocol §12): every reason in order, with
//! its title, cause and next step. HTTP statuses are not here; they are in `http/error.rs`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::catalogue::Reason;

/// An error answer, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `/problems/<reason>`: which problem this is, and the page that explains it.
    #[serde(rename = "type")]
    #[schema(pattern = r"^/problems/[a-z0-9_]+$", examples("/problems/bad_signature"))]
    pub kind: String,
    /// What this kind of problem is, in a few words.
    pub title: String,
    /// The HTTP status, repeated.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened in this case, as a sentence.
    pub detail: String,
    /// What to do next.
    pub next_step: String,
}

impl Problem {
    /// The problem with this reason, in this case.
    pub fn new(reason: Reason, status: u16, detail: String) -> Self {
        Self {
            kind: reason.path(),
            title: reason.title().to_owned(),
            status,
            detail,
            next_step: reason.next_step().to_owned(),
        }
    }

    /// The reason its `type` names, if it is one of ours.
    pub fn reason(&self) -> Option<Reason> {
        Reason::from_token(self.kind.strip_prefix("/problems/")?)
    }
}

impl Reason {
    /// Where the problem is explained: `/problems/<reason>`, the `type` of a problem.
    pub fn path(self) -> String {
        format!("/problems/{}", self.token())
    }

    /// The reason with this token.
    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.token() == token)
    }
}

/// The same reasons, as the floors below name them.
impl From<crate::statement::Reason> for Reason {
    fn from(refused: crate::statement::Reason) -> Self {
        Self::from_token(refused.name()).unwrap_or(Self::Internal)
    }
}

/// The catalogue as the Markdown page `docs/problems.md`.
pub fn catalogue_markdown() -> String {
    let mut page = String::from(
        "# Problems\n\n\
         Every error is answered as `application/problem+json` (RFC 9457). Its `type` is \
         `/problems/<reason>`, and that path on a running ledger explains the reason. Of several \
         that hold, a refused statement gets the first in the order below; `too_large`, \
         `rate_limited` and `read_only` may come before all others. Nothing is stored of a \
         refused statement. No error may be cached.\n\n\
         ## Refused statements\n",
    );
    for (at, reason) in Reason::ALL.iter().enumerate() {
        if at == Reason::REFUSALS {
            page.push_str("\n## Other answers\n");
        }
        let (token, title) = (reason.token(), reason.title());
        let (cause, next_step) = (reason.cause(), reason.next_step());
        page.push_str(&format!(
            "\n### `{token}`\n{title}.\n\n- Cause: {cause}\n- Next step: {next_step}\n"
        ));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusals_stand_in_the_order_of_the_protocol() {
        let order = "malformed_json too_large bad_payload_type bad_base64 not_canonical \
            unknown_kind unknown_field missing_field bad_field bad_domain wrong_log weak_key \
            signers_mismatch bad_signature claimed_in_future claimed_too_old seen_mismatch \
            disclosure_unreferenced disclosure_duplicate disclosure_unknown missing_disclosure \
            bad_text thread_unknown re_unknown not_a_party not_claimed domain_check_failed \
            offers_closed conflict rate_limited read_only";
        let ours: Vec<_> = Reason::ALL[..Reason::REFUSALS].iter().map(|r| r.token()).collect();
        assert_eq!(ours, order.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn every_reason_is_found_by_its_token_and_explains_itself() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_token(reason.token()), Some(*reason));
            for sentence in [reason.cause(), reason.next_step()] {
                assert!(sentence.ends_with('.') && !sentence.contains("  "), "{sentence}");
            }
            assert!(!reason.title().ends_with('.'));
        }
        assert_eq!(Reason::from_token("no_such_reason"), None);
    }

    #[test]
    fn a_problem_names_its_reason() {
        let problem = Problem::new(Reason::BadText, 422, "title has a line break".to_owned());
        assert_eq!(problem.kind, "/problems/bad_text");
        assert_eq!(problem.reason(), Some(Reason::BadText));
    }
}
