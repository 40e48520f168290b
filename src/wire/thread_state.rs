//! The state of a thread as the API answers it (protocol, "State of a thread"). Not how it is found: that is
//! `thread/`.

mod from;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::texts;
use crate::thread::state::{
    BreachStatus, CommitmentStatus, OfferStatus, Outcome, SaidBy, Standing,
};

/// Declares a public spelling of the members of an enum.
macro_rules! spelled {
    ($(#[doc = $doc:literal])+ $public:ident of $inner:ident: $($(#[doc = $member_doc:literal])+ $member:ident)+) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $public {
            $($(#[doc = $member_doc])+ $member),+
        }

        impl From<$inner> for $public {
            fn from(inner: $inner) -> Self {
                match inner { $($inner::$member => Self::$member),+ }
            }
        }
    };
}

spelled! {
    /// How a subject stands to the agreement or an amendment.
    StandingName of Standing:
    /// It gave no verdict.
    OneSided
    /// It confirmed it.
    Confirmed
    /// It confirmed it in part.
    Partly
    /// It declined it.
    Declined
}

spelled! {
    /// How a commitment stands.
    CommitmentStatusName of CommitmentStatus:
    /// Nothing is stated of it, and its last day is far off or there is none.
    Open
    /// Nothing is stated of it, and its last day is over within a week.
    DueSoon
    /// Nothing is stated of it, and its last day is over everywhere.
    Overdue
    /// It was kept.
    Kept
    /// A part of it was kept.
    Partly
    /// It was not kept.
    Broken
}

spelled! {
    /// Whose statement decides.
    SaidByName of SaidBy:
    /// The agreement's signers'.
    Signers
    /// That of the subject that owes it.
    Debtor
}

spelled! {
    /// How a breach is answered.
    BreachStatusName of BreachStatus:
    /// No response is recorded, and there is time.
    AwaitingFirstResponse
    /// No response is recorded, and the last day of the first is over.
    FirstResponseOverdue
    /// No response is recorded, and the last day of the final one is over too.
    LongOverdue
    /// It was acknowledged, and there is time for the final response.
    Acknowledged
    /// It was acknowledged, and the last day of the final response is over.
    FinalResponseOverdue
    /// A final response is expected by a day that the subject named.
    InProgress
    /// That day is over.
    InProgressOverdue
    /// A final response is recorded.
    FinalResponse
}

spelled! {
    /// How an offer stands.
    OfferStatusName of OfferStatus:
    /// It can be accepted.
    Live
    /// Its last day is over.
    Expired
    /// It was accepted.
    Accepted
}

spelled! {
    /// Whether the matter is resolved, as the signers see it.
    OutcomeName of Outcome:
    /// It is.
    Resolved
    /// It is in part.
    Partly
    /// It is not.
    NotResolved
    /// They did not say.
    Unassessed
}

/// What the entries of a thread and the calendar together come to. It stands so until `next_change`, unless an
/// entry comes. Entries are named by their indices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ThreadState {
    /// Where it was imported from. Then its signer is an importer and not a party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::DomainName>, nullable = false)]
    pub imported_from: Option<String>,
    /// How each organization stands to the agreement.
    pub subjects: Vec<SubjectStanding>,
    /// The agreement or mutual amendment that brought the commitments in force.
    pub list: u64,
    /// The commitments in force.
    pub commitments: Vec<CommitmentStanding>,
    /// Every amendment.
    pub amendments: Vec<AmendmentStanding>,
    /// Every breach.
    pub breaches: Vec<BreachStanding>,
    /// What the signers' newest assessment says.
    pub outcome: OutcomeStanding,
    /// Every offer.
    pub offers: Vec<OfferStanding>,
    /// The signers withdrew: from then on the calendar changes no commitment and no breach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub withdrawn: Option<EntryMark>,
    /// The agreement was ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub terminated: Option<TerminationMark>,
    /// When the calendar alone changes any of this next. Absent when it never will.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::StatementTime>, nullable = false)]
    pub next_change: Option<String>,
}

/// A subject and how it stands to the agreement or an amendment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubjectStanding {
    /// The subject.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// How it stands.
    pub standing: StandingName,
    /// Why it declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// The entries this follows from.
    pub entries: Vec<u64>,
}

/// A commitment in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommitmentStanding {
    /// Its number, from 1.
    pub number: u8,
    /// Who owes it: a domain, or `signer`.
    pub by: String,
    /// The last day to keep it in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Day>, nullable = false)]
    pub due: Option<String>,
    /// From when on it is late: the day is over everywhere on Earth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::StatementTime>, nullable = false)]
    pub late_at: Option<String>,
    /// How it stands.
    pub status: CommitmentStatusName,
    /// Whose statement decides. Absent where the calendar does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub said_by: Option<SaidByName>,
    /// The day on which it was kept, in whole or in part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Day>, nullable = false)]
    pub kept_on: Option<String>,
    /// Whether it was kept by its last day. Absent where it was not kept in whole or has no last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub on_time: Option<bool>,
    /// A later entry by which its debtor states more than the signers did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub contested_by: Option<u64>,
    /// The entries this follows from.
    pub entries: Vec<u64>,
    /// When the calendar alone changes it next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::StatementTime>, nullable = false)]
    pub changes_at: Option<String>,
}

/// An amendment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AmendmentStanding {
    /// Its entry.
    pub entry: u64,
    /// Whether all parties made it, so that its list came into force.
    pub mutual: bool,
    /// The subject that made it alone. Absent where the signers did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::DomainName>, nullable = false)]
    pub by: Option<String>,
    /// How the other subjects stand to it.
    pub subjects: Vec<SubjectStanding>,
}

/// A breach, and how it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BreachStanding {
    /// Its entry.
    pub entry: u64,
    /// When it was logged: the clocks of its answers begin here.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
    /// The commitments that were not kept, by their numbers in the list in force when it was logged.
    pub commitment_numbers: Vec<u8>,
    /// From which day on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Day>, nullable = false)]
    pub since: Option<String>,
    /// What the signers ask for.
    pub desired_outcome: String,
    /// The subjects that owe one of those commitments: they are to answer.
    pub asked: Vec<AskedStanding>,
}

/// How a subject that is to answer a breach did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AskedStanding {
    /// The subject.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// How it has answered.
    pub status: BreachStatusName,
    /// Until when its first response is due.
    pub first_response_due: ResponseDue,
    /// Until when its final response is due.
    pub final_response_due: ResponseDue,
    /// Its first response, of any stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub first_response: Option<EntryMark>,
    /// By when it expects to give its final response, as it says in its newest response that is in progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub in_progress_until: Option<ResponseDue>,
    /// Its newest final response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub final_response: Option<FinalResponseMark>,
    /// The entries this follows from.
    pub entries: Vec<u64>,
    /// When the calendar alone changes it next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::StatementTime>, nullable = false)]
    pub changes_at: Option<String>,
}

/// Until when something is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResponseDue {
    /// The last day.
    #[schema(value_type = texts::Day)]
    pub day: String,
    /// From when on it is late: the day is over everywhere on Earth.
    #[schema(value_type = texts::StatementTime)]
    pub late_at: String,
    /// The claim, policy or response that says so.
    pub set_by: u64,
}

/// An entry and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EntryMark {
    /// Its index.
    pub entry: u64,
    /// Its time.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
}

/// A final response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FinalResponseMark {
    /// Its entry.
    pub entry: u64,
    /// Its time.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
    /// What came of it, as the subject states.
    pub outcome: String,
}

/// The end of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TerminationMark {
    /// The entry that ends it.
    pub entry: u64,
    /// The day it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Day>, nullable = false)]
    pub effective: Option<String>,
}

/// What the signers' newest assessment says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutcomeStanding {
    /// What it says.
    pub status: OutcomeName,
    /// The assessment. Empty where there is none.
    pub entries: Vec<u64>,
}

/// An offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferStanding {
    /// Its entry.
    pub entry: u64,
    /// Who makes it.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// Its last day.
    #[schema(value_type = texts::Day)]
    pub expires: String,
    /// How it stands.
    pub status: OfferStatusName,
    /// The entries this follows from.
    pub entries: Vec<u64>,
    /// When the calendar alone changes it next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::StatementTime>, nullable = false)]
    pub changes_at: Option<String>,
}
