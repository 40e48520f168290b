//! The questions of the publish page, in their order, and the examples that a person may start from.

/// A question, or the example to start from. Each is a section of the page.
pub const STEPS: [&str; 8] =
    ["start", "who", "what", "when", "evidence", "appear", "offers", "more"];
/// How an agreement was made, as the protocol names it (§5), in the order in which it is asked.
pub const BASES: [&str; 6] = ["written", "online_terms", "spoken", "chat", "statutory", "myterms"];
/// What a person has still to fill in, in the words of an example.
pub const BLANK: &str = "___";

/// An agreement of a usual kind, whose words a person fills in.
pub struct Example {
    /// Its name within the ids of its strings.
    pub name: &'static str,
    /// Who owes each commitment: the first organization (`1`) or the person (`signer`).
    pub by: &'static [&'static str],
}

/// The examples that are offered.
pub const EXAMPLES: [Example; 6] = [
    Example { name: "refund", by: &["1"] },
    Example { name: "subscription", by: &["1", "1"] },
    Example { name: "repair", by: &["1", "signer"] },
    Example { name: "deposit", by: &["1", "signer"] },
    Example { name: "purchase", by: &["1", "signer"] },
    Example { name: "employment", by: &["1", "signer"] },
];

/// The step after, if it is not the last.
pub fn after(step: &str) -> Option<&'static str> {
    let place = STEPS.iter().position(|other| *other == step)?;
    STEPS.get(place + 1).copied()
}

/// The step before; the first has none but itself.
pub fn before(step: &str) -> &'static str {
    let place = STEPS.iter().position(|other| *other == step).unwrap_or_default();
    STEPS[place.saturating_sub(1)]
}
