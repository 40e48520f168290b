//! What an organization signs about its webhook (protocol §11): a DSSE envelope of a payload type of its own, so
//! that it is never taken for a statement, nor a statement for it. Whether the key speaks for the domain is asked
//! by whoever holds the ledger.

use std::time::Duration;

use crate::crypto::DidKey;
use crate::encoding::domain::Domain;
use crate::encoding::json::{Json, parse};
use crate::encoding::time::Moment;
use crate::statement::{Envelope, Reason, Refusal};

use super::endpoint::Endpoint;

/// The payload type of a request.
pub const WEBHOOK_TYPE: &str = "application/vnd.onrecord.webhook.v1+json";
/// How far a request's `signed_at` may be from the ledger's time.
pub const SIGNED_AGO_MAX: Duration = Duration::from_secs(10 * 60);

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Deliver there, from that entry on or, without one, what comes from now on.
    Register {
        /// Where.
        endpoint: Endpoint,
        /// The first entry.
        from: Option<u64>,
    },
    /// Deliver no more, and forget the secret.
    Delete,
    /// Say how deliveries went.
    Status,
    /// Deliver again from that entry on.
    Replay {
        /// The first entry.
        from: u64,
    },
}

/// A request whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// For which domain.
    pub domain: Domain,
    /// By which key.
    pub signer: DidKey,
    /// When.
    pub signed_at: Moment,
    /// What for.
    pub action: Action,
}

impl Request {
    /// Reads a request to that ledger about that domain, and checks its one signature.
    ///
    /// # Errors
    /// [`Refusal`] when it is not canonical, has other fields, is for another ledger or domain, was signed more
    /// than ten minutes ago or ahead, or its signature does not hold.
    pub fn read(
        envelope: &Envelope,
        origin: &str,
        domain: &Domain,
        now: Moment,
    ) -> Result<Self, Refusal> {
        if envelope.payload_type() != WEBHOOK_TYPE {
            let detail = format!("The payloadType of a request about webhooks is {WEBHOOK_TYPE}.");
            return Err(Refusal::new(Reason::BadPayloadType, detail));
        }
        let bytes = envelope.payload();
        let json = parse(bytes).ok().filter(|json| json.to_canonical().as_bytes() == bytes);
        let json = json.ok_or_else(|| {
            Refusal::new(Reason::NotCanonical, "The payload is not JSON in its canonical form.")
        })?;
        let request = Self::of(&json, origin, domain)?;
        envelope.verify(&envelope.pae(), std::slice::from_ref(&request.signer))?;
        if request.signed_at.plus(SIGNED_AGO_MAX) < now
            || now.plus(SIGNED_AGO_MAX) < request.signed_at
        {
            return Err(bad("signed_at is more than 10 minutes from the ledger's time"));
        }
        Ok(request)
    }

    fn of(json: &Json<'_>, origin: &str, domain: &Domain) -> Result<Self, Refusal> {
        let text = |name| json.get(name).and_then(Json::as_text).ok_or_else(|| missing(name));
        if text("log")? != origin {
            let detail = format!("The request is for another ledger; this one is {origin}.");
            return Err(Refusal::new(Reason::WrongLog, detail));
        }
        if text("domain")? != domain.as_str() {
            return Err(bad("domain is another than that of the address"));
        }
        let signer = text("signer")?.parse().map_err(|_| bad("signer is not a did:key"))?;
        let signed_at = Moment::parse_millis(text("signed_at")?);
        let signed_at = signed_at.map_err(|_| bad("signed_at is not a time with milliseconds"))?;
        let (action, more) = Action::of(json, domain)?;
        require_no_others(json, more)?;
        Ok(Self { domain: domain.clone(), signer, signed_at, action })
    }
}

impl Action {
    /// The action, and the fields that it has beside those of every request.
    fn of(json: &Json<'_>, domain: &Domain) -> Result<(Self, &'static [&'static str]), Refusal> {
        let from = match json.get("from") {
            None => None,
            Some(from) => {
                let index = from.as_integer().and_then(|from| u64::try_from(from).ok());
                Some(index.ok_or_else(|| bad("from is not the index of an entry"))?)
            }
        };
        match json.get("action").and_then(Json::as_text) {
            Some("register") => {
                let text = json.get("endpoint").and_then(Json::as_text);
                let endpoint = Endpoint::parse(text.ok_or_else(|| missing("endpoint"))?, domain)
                    .map_err(|error| bad(&format!("endpoint: {error}")))?;
                Ok((Self::Register { endpoint, from }, &["endpoint", "from"]))
            }
            Some("replay") => {
                let from = from.ok_or_else(|| missing("from"))?;
                Ok((Self::Replay { from }, &["from"]))
            }
            Some("delete") => Ok((Self::Delete, &[])),
            Some("status") => Ok((Self::Status, &[])),
            Some(_) => Err(bad("action is none of register, delete, status and replay")),
            None => Err(missing("action")),
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Register { .. } => "register",
            Self::Delete => "delete",
            Self::Status => "status",
            Self::Replay { .. } => "replay",
        }
    }
}

/// The payload of a request, to be signed.
pub fn request_payload(request: &Request, origin: &str) -> String {
    let index = |from: u64| Json::Integer(i64::try_from(from).unwrap_or(i64::MAX));
    let mut members = vec![
        ("action", Json::text(request.action.name())),
        ("domain", Json::text(request.domain.as_str())),
        ("log", Json::text(origin)),
        ("signed_at", Json::text(request.signed_at.to_millis())),
        ("signer", Json::text(request.signer.as_str())),
    ];
    match &request.action {
        Action::Register { endpoint, from } => {
            members.push(("endpoint", Json::text(endpoint.to_string())));
            members.extend(from.map(|from| ("from", index(from))));
        }
        Action::Replay { from } => members.push(("from", index(*from))),
        Action::Delete | Action::Status => {}
    }
    Json::map(members).to_canonical()
}

fn require_no_others(json: &Json<'_>, more: &[&str]) -> Result<(), Refusal> {
    const ALWAYS: [&str; 5] = ["action", "domain", "log", "signed_at", "signer"];
    let Json::Map(members) = json else { return Ok(()) };
    let other = members.iter().map(|(name, _)| name.as_ref());
    match other.into_iter().find(|name| !ALWAYS.contains(name) && !more.contains(name)) {
        None => Ok(()),
        Some(name) => {
            let detail = format!("Requests for that action have no field {name:?}.");
            Err(Refusal::new(Reason::UnknownField, detail))
        }
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::new(Reason::MissingField, format!("The request has no field {name:?} of its type."))
}

fn bad(what: &str) -> Refusal {
    Refusal::new(Reason::BadField, format!("{what}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;
    use crate::statement::{EnvelopeSignature, STATEMENT_TYPE};

    const ORIGIN: &str = "ledger.example";

    fn now() -> Moment {
        Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap()
    }

    fn acme() -> Domain {
        Domain::parse("acme.example").unwrap()
    }

    fn key() -> PrivateKey {
        PrivateKey::from_seed(&[3; 32])
    }

    fn signed(payload_type: &str, payload: &str) -> Envelope {
        let pae = crate::statement::pae(payload_type, payload.as_bytes());
        let keyid = key().did().fingerprint();
        let signature = EnvelopeSignature { keyid, signature: key().sign(&pae) };
        Envelope::new(payload_type, payload.as_bytes().to_vec(), vec![signature])
    }

    fn request(action: Action) -> Request {
        Request { domain: acme(), signer: key().did(), signed_at: now(), action }
    }

    fn register() -> Action {
        let endpoint = Endpoint::parse("https://acme.example/hook", &acme()).unwrap();
        Action::Register { endpoint, from: Some(4) }
    }

    fn refused(payload: &str) -> Reason {
        let envelope = signed(WEBHOOK_TYPE, payload);
        Request::read(&envelope, ORIGIN, &acme(), now()).unwrap_err().reason
    }

    #[test]
    fn every_action_is_read_as_it_was_written() {
        for action in [register(), Action::Delete, Action::Status, Action::Replay { from: 0 }] {
            let request = request(action);
            let envelope = signed(WEBHOOK_TYPE, &request_payload(&request, ORIGIN));
            assert_eq!(Request::read(&envelope, ORIGIN, &acme(), now()), Ok(request));
        }
    }

    #[test]
    fn what_was_signed_as_something_else_is_refused() {
        let payload = request_payload(&request(Action::Delete), ORIGIN);
        let as_statement = signed(STATEMENT_TYPE, &payload);
        let read = Request::read(&as_statement, ORIGIN, &acme(), now());
        assert_eq!(read.unwrap_err().reason, Reason::BadPayloadType);
        let relabelled =
            Envelope::new(WEBHOOK_TYPE, payload.into_bytes(), as_statement.signatures().to_vec());
        let read = Request::read(&relabelled, ORIGIN, &acme(), now());
        assert_eq!(read.unwrap_err().reason, Reason::BadSignature);
    }

    #[test]
    fn another_ledger_domain_signer_or_time_is_refused() {
        let payload = request_payload(&request(register()), ORIGIN);
        let other = PrivateKey::from_seed(&[4; 32]).did();
        for (from, to, reason) in [
            (ORIGIN, "other.example", Reason::WrongLog),
            ("\"domain\":\"acme", "\"domain\":\"bolt", Reason::BadField),
            (key().did().as_str(), other.as_str(), Reason::BadSignature),
            ("T12:00:00.000Z", "T11:49:59.999Z", Reason::BadField),
            ("T12:00:00.000Z", "T12:10:00.001Z", Reason::BadField),
            ("T12:00:00.000Z", "T12:00:00Z", Reason::BadField),
            ("https://acme", "https://evil", Reason::BadField),
            ("\"register\"", "\"sing\"", Reason::BadField),
            ("\"register\"", "\"delete\"", Reason::UnknownField),
            ("\"from\":4", "\"from\":-4", Reason::BadField),
            ("\"from\":4,", "\"from\":4, ", Reason::NotCanonical),
            ("\"from\"", "\"fromm\"", Reason::UnknownField),
            ("\"signer\"", "\"signes\"", Reason::MissingField),
        ] {
            assert!(payload.contains(from), "{from}");
            assert_eq!(refused(&payload.replace(from, to)), reason, "{to}");
        }
    }

    proptest::proptest! {
        #[test]
        fn foreign_bytes_never_panic(payload in proptest::prelude::any::<Vec<u8>>()) {
            let envelope = Envelope::new(WEBHOOK_TYPE, payload, Vec::new());
            proptest::prop_assert!(Request::read(&envelope, ORIGIN, &acme(), now()).is_err());
        }
    }
}
