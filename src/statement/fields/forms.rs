//! How each form of field is read. A wrong type or value is `bad_field`, a name that is no domain is
//! `bad_domain`.

use super::{Commitment, Debtor, Field, Form, Predecessor, Seen, Value, bad_field};
use crate::crypto::Hash;
use crate::encoding::domain::Domain;
use crate::encoding::json::Json;
use crate::encoding::time::{Date, Moment};
use crate::encoding::{base64, hex};
use crate::statement::refusal::{Reason, Refusal};
use crate::tlog::Origin;

/// Signers of one statement.
pub const SIGNERS_MAX: usize = 4;
/// Subjects of one agreement.
pub const SUBJECTS_MAX: usize = 8;
/// Commitments of one agreement.
pub const COMMITMENTS_MAX: usize = 16;
/// Digests in one set.
pub const DIGESTS_MAX: usize = 64;
/// Sealed words of one statement.
pub const SEALED_MAX: usize = 16;
/// Keys of one policy or observation, so that its entry stays within the bound of a leaf.
pub const KEYS_MAX: usize = 64;
/// Keys of one log at a time.
pub const LOG_KEYS_MAX: usize = 8;
const TEXT_MAX: usize = 255;
const SIZE_MAX: i64 = (1 << 53) - 1;

/// Reads what stands in a field.
pub(super) fn read(field: &Field, json: &Json<'_>) -> Result<Value, Refusal> {
    if matches!(json, Json::Null) {
        return Err(bad_field(field, "is null: leave the key out"));
    }
    match field.form {
        Form::Domain => domain(json).map(Value::Domain),
        Form::Domains => domains(field, json),
        form => {
            let (value, rule) = plain(form, json);
            value.ok_or_else(|| bad_field(field, rule))
        }
    }
}

fn plain(form: Form, json: &Json<'_>) -> (Option<Value>, &'static str) {
    match form {
        Form::Text => (text(json).map(|text| Value::Text(text.to_owned())), "must be a string"),
        Form::Token(words) => (token(json, words), "is no word allowed there"),
        Form::Integer(least, most) => {
            (integer(json, least, most).map(Value::Integer), "must be an integer in its bounds")
        }
        Form::Boolean => (boolean(json), "must be true or false"),
        Form::Time => (time(json), "must be a time, YYYY-MM-DDTHH:MM:SSZ"),
        Form::Date => (date(json).map(Value::Date), "must be a day that exists, YYYY-MM-DD"),
        Form::Language => (language(json), "must be a language tag, as pt-BR"),
        Form::Nonce => (nonce(json), "must be the base64url of 16 bytes"),
        Form::StatementId => (statement_id(json), "must be a statement id, sha256:…"),
        Form::Sha256 => (sha256(json), "must be 64 lower-case hex digits"),
        Form::Signers => (keys(json, SIGNERS_MAX), "must be a set of 1 to 4 did:key"),
        Form::Keys(least) => (key_set(json, least), "must be an ascending set of did:key"),
        Form::Digests(least, most) => {
            (digests(json, least, most), "must be an ascending set of base64url digests")
        }
        Form::Sealed => (sealed(json), "must be 1 to 16 names with base64url digests"),
        Form::Seen => (seen(json, &["root", "size"]).map(Value::Seen), "must be {root, size}"),
        Form::Numbers => (numbers(json), "must be an ascending set of numbers"),
        Form::Commitments => (commitments(json), "must be 1 to 16 of {by, due}"),
        Form::Predecessor => (predecessor(json), "must be {origin, root, size}"),
        Form::Origin => (origin(json), "must be an origin"),
        Form::VerifierKeys => (verifier_keys(json), "must be an ascending set of 1 to 8 keys"),
        Form::Domain | Form::Domains => (None, "must be a domain name"),
    }
}

fn text<'a>(json: &'a Json<'_>) -> Option<&'a str> {
    json.as_text().filter(|text| (1..=TEXT_MAX).contains(&text.len()))
}

fn token(json: &Json<'_>, words: &[&str]) -> Option<Value> {
    let text = json.as_text()?;
    words.contains(&text).then(|| Value::Text(text.to_owned()))
}

fn integer(json: &Json<'_>, least: i64, most: i64) -> Option<i64> {
    json.as_integer().filter(|number| (least..=most).contains(number))
}

fn boolean(json: &Json<'_>) -> Option<Value> {
    if let Json::Bool(value) = json { Some(Value::Boolean(*value)) } else { None }
}

fn time(json: &Json<'_>) -> Option<Value> {
    Moment::parse_seconds(json.as_text()?).ok().map(Value::Time)
}

fn date(json: &Json<'_>) -> Option<Date> {
    Date::parse(json.as_text()?).ok()
}

/// `[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?`
fn language(json: &Json<'_>) -> Option<Value> {
    let tag = json.as_text()?;
    let mut parts = tag.split('-');
    let of = |part: &str, class: fn(&u8) -> bool| part.bytes().all(|byte| class(&byte));
    let language = parts.next()?;
    let mut good = matches!(language.len(), 2..=3) && of(language, u8::is_ascii_lowercase);
    let mut rest = parts.next();
    if let Some(script) = rest.filter(|part| part.len() == 4) {
        good &=
            of(&script[..1], u8::is_ascii_uppercase) && of(&script[1..], u8::is_ascii_lowercase);
        rest = parts.next();
    }
    if let Some(region) = rest {
        good &= (region.len() == 2 && of(region, u8::is_ascii_uppercase))
            || (region.len() == 3 && of(region, u8::is_ascii_digit));
    }
    (good && parts.next().is_none()).then(|| Value::Text(tag.to_owned()))
}

fn nonce(json: &Json<'_>) -> Option<Value> {
    let text = json.as_text()?;
    base64::decode_url_array::<16>(text).ok().map(|_| Value::Text(text.to_owned()))
}

fn statement_id(json: &Json<'_>) -> Option<Value> {
    json.as_text()?.parse().ok().map(Value::StatementId)
}

fn domain(json: &Json<'_>) -> Result<Domain, Refusal> {
    let text = json
        .as_text()
        .ok_or_else(|| Refusal::new(Reason::BadField, "a domain name must be a string"))?;
    Domain::parse(text).map_err(|error| Refusal::new(Reason::BadDomain, error.to_string()))
}

fn domains(field: &Field, json: &Json<'_>) -> Result<Value, Refusal> {
    let rule = || bad_field(field, "must be an ascending set of 1 to 8 domain names");
    let list = json.as_list().ok_or_else(rule)?;
    let texts = list.iter().map(Json::as_text).collect::<Option<Vec<_>>>().ok_or_else(rule)?;
    if !is_set(&texts) || !(1..=SUBJECTS_MAX).contains(&texts.len()) {
        return Err(rule());
    }
    list.iter().map(domain).collect::<Result<_, _>>().map(Value::Domains)
}

fn keys(json: &Json<'_>, most: usize) -> Option<Value> {
    let list = json.as_list().filter(|list| list.len() <= most)?;
    let keys = list.iter().map(|key| key.as_text()?.parse().ok());
    keys.collect::<Option<_>>().map(Value::Keys)
}

fn key_set(json: &Json<'_>, least: usize) -> Option<Value> {
    let ascending =
        |value: &Value| matches!(value, Value::Keys(keys) if is_set(keys) && keys.len() >= least);
    keys(json, KEYS_MAX).filter(ascending)
}

fn sha256(json: &Json<'_>) -> Option<Value> {
    let text = json.as_text()?;
    hex::decode_array::<32>(text).ok().map(|_| Value::Text(text.to_owned()))
}

fn digest(json: &Json<'_>) -> Option<Hash> {
    Hash::from_base64url(json.as_text()?).ok()
}

fn digests(json: &Json<'_>, least: usize, most: usize) -> Option<Value> {
    let list = json.as_list().filter(|list| (least..=most).contains(&list.len()))?;
    let texts = list.iter().map(Json::as_text).collect::<Option<Vec<_>>>()?;
    let digests = list.iter().map(digest).collect::<Option<_>>()?;
    is_set(&texts).then_some(Value::Digests(digests))
}

fn sealed(json: &Json<'_>) -> Option<Value> {
    let Json::Map(members) = json else { return None };
    let sealed =
        members.iter().map(|(name, value)| Some((name.clone().into_owned(), digest(value)?)));
    let sealed = sealed.collect::<Option<Vec<_>>>()?;
    (1..=SEALED_MAX).contains(&sealed.len()).then_some(Value::Sealed(sealed))
}

fn seen(json: &Json<'_>, keys: &[&str]) -> Option<Seen> {
    has_exactly(json, keys)?;
    let root = Hash::from_base64(json.get("root")?.as_text()?).ok()?;
    let size = integer(json.get("size")?, 1, SIZE_MAX)?;
    Some(Seen { size: u64::try_from(size).ok()?, root })
}

fn predecessor(json: &Json<'_>) -> Option<Value> {
    let last = seen(json, &["origin", "root", "size"])?;
    let origin = text(json.get("origin")?)?.to_owned();
    Some(Value::Predecessor(Predecessor { origin, last }))
}

fn origin(json: &Json<'_>) -> Option<Value> {
    let origin: Origin = json.as_text()?.parse().ok()?;
    Some(Value::Text(origin.to_string()))
}

fn verifier_keys(json: &Json<'_>) -> Option<Value> {
    let list = json.as_list().filter(|list| (1..=LOG_KEYS_MAX).contains(&list.len()))?;
    let texts = list.iter().map(Json::as_text).collect::<Option<Vec<_>>>()?;
    let is_good = is_set(&texts);
    is_good.then(|| Value::VerifierKeys(texts.into_iter().map(str::to_owned).collect()))
}

fn numbers(json: &Json<'_>) -> Option<Value> {
    let list = json.as_list().filter(|list| (1..=COMMITMENTS_MAX).contains(&list.len()))?;
    let most = i64::try_from(COMMITMENTS_MAX).ok()?;
    let numbers = list.iter().map(|number| u8::try_from(integer(number, 1, most)?).ok());
    let numbers = numbers.collect::<Option<Vec<_>>>()?;
    is_set(&numbers).then_some(Value::Numbers(numbers))
}

fn commitments(json: &Json<'_>) -> Option<Value> {
    let list = json.as_list().filter(|list| (1..=COMMITMENTS_MAX).contains(&list.len()))?;
    list.iter().map(commitment).collect::<Option<_>>().map(Value::Commitments)
}

fn commitment(json: &Json<'_>) -> Option<Commitment> {
    let by = match json.get("by")?.as_text()? {
        "signer" => Debtor::Signer,
        name => Debtor::Subject(Domain::parse(name).ok()?),
    };
    let Some(due) = json.get("due") else {
        has_exactly(json, &["by"])?;
        return Some(Commitment { by, due: None });
    };
    has_exactly(json, &["by", "due"])?;
    let text = due.as_text()?;
    let is_month = text.len() == 7 && Date::parse(&format!("{text}-01")).is_ok();
    (is_month || Date::parse(text).is_ok()).then(|| Commitment { by, due: Some(text.to_owned()) })
}

fn has_exactly(json: &Json<'_>, keys: &[&str]) -> Option<()> {
    let Json::Map(members) = json else { return None };
    members.iter().map(|(key, _)| key.as_ref()).eq(keys.iter().copied()).then_some(())
}

fn is_set<T: Ord>(members: &[T]) -> bool {
    members.is_sorted_by(|a, b| a < b)
}
