//! Which entries a reader asks for. Membership is that of the entry's links and fields (protocol §6).

use crate::encoding::domain::Domain;
use crate::statement::StatementId;

/// What a filter asks of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The kind of its statement, empty where it names none.
    pub kind: String,
    /// The organizations whose chains it joins.
    pub subjects: Vec<Domain>,
    /// The thread it belongs to.
    pub thread: Option<StatementId>,
}

/// What a reader asks for. Everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Entries in this organization's chain.
    pub domain: Option<Domain>,
    /// Entries of this kind.
    pub kind: Option<String>,
    /// Entries of the thread of this agreement.
    pub thread: Option<StatementId>,
}

impl Filter {
    /// Whether an entry is asked for.
    pub fn takes(&self, about: &About) -> bool {
        self.domain.as_ref().is_none_or(|domain| about.subjects.contains(domain))
            && self.kind.as_ref().is_none_or(|kind| *kind == about.kind)
            && self.thread.is_none_or(|thread| about.thread == Some(thread))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_set_must_hold() {
        let domain = |name: &str| Domain::parse(name).unwrap();
        let thread = format!("sha256:{}", "a".repeat(64)).parse().unwrap();
        let about = About {
            kind: "breach".into(),
            subjects: vec![domain("acme.example"), domain("bolt.example")],
            thread: Some(thread),
        };
        let all = Filter {
            domain: Some(domain("bolt.example")),
            kind: Some("breach".into()),
            thread: Some(thread),
        };
        assert!(all.takes(&about) && Filter::default().takes(&about));
        let other = format!("sha256:{}", "b".repeat(64)).parse().unwrap();
        for filter in [
            Filter { domain: Some(domain("core.example")), ..all.clone() },
            Filter { kind: Some("agreement".into()), ..all.clone() },
            Filter { thread: Some(other), ..all.clone() },
        ] {
            assert!(!filter.takes(&about), "{filter:?}");
        }
        assert!(!all.takes(&About { thread: None, ..about }));
    }
}
