//! The clear fields of a statement: what types there are, and how a table of them reads a payload.

mod forms;

use super::envelope::StatementId;
use super::refusal::{Reason, Refusal, Refusals};
use crate::crypto::{DidKey, Hash};
use crate::encoding::domain::Domain;
use crate::encoding::json::Json;
use crate::encoding::time::{Date, Moment};

pub use forms::{
    COMMITMENTS_MAX, DIGESTS_MAX, KEYS_MAX, LOG_KEYS_MAX, SEALED_MAX, SIGNERS_MAX, SUBJECTS_MAX,
};

/// One row of a kind's table of fields.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its key in the payload.
    pub name: &'static str,
    /// What stands there.
    pub form: Form,
    /// Whether every statement of the kind has it.
    pub required: bool,
}

impl Field {
    /// A field every statement of the kind has.
    pub const fn required(name: &'static str, form: Form) -> Self {
        Self { name, form, required: true }
    }

    /// A field that may be left out.
    pub const fn optional(name: &'static str, form: Form) -> Self {
        Self { name, form, required: false }
    }
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Any string.
    Text,
    /// One of these strings.
    Token(&'static [&'static str]),
    /// An integer from the first to the second.
    Integer(i64, i64),
    /// `true` or `false`.
    Boolean,
    /// `YYYY-MM-DDTHH:MM:SSZ`.
    Time,
    /// `YYYY-MM-DD`.
    Date,
    /// A language tag: language, script and region of BCP 47, nothing private.
    Language,
    /// base64url of 16 bytes.
    Nonce,
    /// `sha256:` and 64 hex digits.
    StatementId,
    /// 64 hex digits.
    Sha256,
    /// A domain name.
    Domain,
    /// A set of 1–8 domain names.
    Domains,
    /// A set of 1–4 did:key; its order is judged with the signatures.
    Signers,
    /// A set of did:key, of at least so many.
    Keys(usize),
    /// A set of digests in base64url, between these counts.
    Digests(usize, usize),
    /// A map of 1–16 names to digests.
    Sealed,
    /// `{root, size}` of a checkpoint.
    Seen,
    /// A set of 1–16 commitment numbers, each 1–16.
    Numbers,
    /// 1–16 of `{by, due?}`.
    Commitments,
    /// `{origin, root, size}` of a ledger before this one.
    Predecessor,
    /// A ledger's origin.
    Origin,
    /// A set of 1–8 strings; that each is a verifier key of this log is a rule of the ledger.
    VerifierKeys,
}

/// What stood in a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string or token.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A truth value.
    Boolean(bool),
    /// A moment.
    Time(Moment),
    /// A day.
    Date(Date),
    /// A statement's id.
    StatementId(StatementId),
    /// A domain name.
    Domain(Domain),
    /// Domain names, ascending.
    Domains(Vec<Domain>),
    /// Keys, in the order given.
    Keys(Vec<DidKey>),
    /// Digests, ascending as text.
    Digests(Vec<Hash>),
    /// Names and digests.
    Sealed(Vec<(String, Hash)>),
    /// A checkpoint of this ledger.
    Seen(Seen),
    /// Numbers, ascending.
    Numbers(Vec<u8>),
    /// Commitments, in order.
    Commitments(Vec<Commitment>),
    /// The last checkpoint of another ledger.
    Predecessor(Predecessor),
    /// Verifier keys, ascending as text.
    VerifierKeys(Vec<String>),
}

/// A checkpoint the signer had seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its size in entries, at least 1.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// The ledger that a new one goes on from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predecessor {
    /// Its origin.
    pub origin: String,
    /// Its last checkpoint.
    pub last: Seen,
}

/// One promise: who owes it, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// Who owes it.
    pub by: Debtor,
    /// The day, or the month (`YYYY-MM`), until which it is owed.
    pub due: Option<String>,
}

impl Commitment {
    /// The last day on which it is kept in time; none where nothing is due on a day.
    pub fn last_day(&self) -> Option<Date> {
        let due = self.due.as_deref()?;
        Date::parse(due).or_else(|_| Date::last_of_month(due)).ok()
    }
}

/// Who owes a commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Debtor {
    /// Those who signed the agreement.
    Signer,
    /// An organization.
    Subject(Domain),
}

impl Debtor {
    /// The organization, if it is one.
    pub const fn subject(&self) -> Option<&Domain> {
        match self {
            Self::Subject(domain) => Some(domain),
            Self::Signer => None,
        }
    }
}

/// The fields of a statement, each of the type its table gives it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    /// Reads the members of a payload by the tables. Everything wrong is added to `refusals`.
    pub fn read(payload: &Json<'_>, tables: [&[Field]; 2], refusals: &mut Refusals) -> Self {
        let Json::Map(members) = payload else {
            refusals.add(Reason::BadField, "the payload is not an object");
            return Self::default();
        };
        let known =
            |name: &str| tables.iter().flat_map(|table| table.iter()).any(|f| f.name == name);
        for (key, _) in members.iter().filter(|(key, _)| !known(key)) {
            refusals.add(Reason::UnknownField, format!("`{}`", shorten(key)));
        }
        let [common, own] = tables.map(|table| Self::read_some(payload, table, refusals));
        Self([common.0, own.0].concat())
    }

    /// Reads only the members that a table names.
    pub(super) fn read_some(payload: &Json<'_>, table: &[Field], refusals: &mut Refusals) -> Self {
        let mut fields = Vec::with_capacity(table.len());
        for field in table {
            let Some(json) = payload.get(field.name) else {
                if field.required {
                    refusals.add(Reason::MissingField, format!("`{}`", field.name));
                }
                continue;
            };
            if let Some(value) = refusals.take(forms::read(field, json)) {
                fields.push((field.name, value));
            }
        }
        Self(fields)
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Whether the statement has the field.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// Accessors by type; each gives nothing where the field is absent or of another type.
macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident: $variant:ident => $type:ty, $read:expr, $absent:expr;)*) => {
        impl Fields {
            $($(#[$doc])*
            pub fn $name(&self, name: &str) -> $type {
                let read: fn(&_) -> $type = $read;
                if let Some(Value::$variant(value)) = self.get(name) { read(value) } else { $absent }
            })*
        }
    };
}

accessors! {
    /// A string or token.
    text: Text => Option<&str>, |text: &String| Some(text.as_str()), None;
    /// An integer.
    integer: Integer => Option<i64>, |number| Some(*number), None;
    /// A truth value.
    boolean: Boolean => Option<bool>, |value| Some(*value), None;
    /// A moment.
    time: Time => Option<Moment>, |moment| Some(*moment), None;
    /// A day.
    date: Date => Option<Date>, |date| Some(*date), None;
    /// A statement's id.
    statement_id: StatementId => Option<StatementId>, |id| Some(*id), None;
    /// A domain name.
    domain: Domain => Option<&Domain>, |domain| Some(domain), None;
    /// Domain names.
    domains: Domains => &[Domain], |domains: &Vec<_>| domains.as_slice(), &[];
    /// Keys.
    keys: Keys => &[DidKey], |keys: &Vec<_>| keys.as_slice(), &[];
    /// Digests.
    digests: Digests => &[Hash], |digests: &Vec<_>| digests.as_slice(), &[];
    /// Names and digests.
    sealed: Sealed => &[(String, Hash)], |sealed: &Vec<_>| sealed.as_slice(), &[];
    /// A checkpoint the signer had seen.
    seen: Seen => Option<Seen>, |seen| Some(*seen), None;
    /// Commitment numbers.
    numbers: Numbers => &[u8], |numbers: &Vec<_>| numbers.as_slice(), &[];
    /// Commitments.
    commitments: Commitments => &[Commitment], |list: &Vec<_>| list.as_slice(), &[];
    /// The ledger before this one.
    predecessor: Predecessor => Option<&Predecessor>, |before| Some(before), None;
    /// Verifier keys.
    verifier_keys: VerifierKeys => &[String], |keys: &Vec<_>| keys.as_slice(), &[];
}

impl Fields {
    /// Every domain name in the fields: what admission checks against its lists.
    pub fn all_domains(&self) -> impl Iterator<Item = &Domain> {
        self.0.iter().flat_map(|(_, value)| match value {
            Value::Domain(domain) => std::slice::from_ref(domain),
            Value::Domains(domains) => domains.as_slice(),
            _ => &[],
        })
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

fn bad_field(field: &Field, rule: &str) -> Refusal {
    Refusal::new(Reason::BadField, format!("`{}` {rule}", field.name))
}
