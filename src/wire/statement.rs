//! The statement inside an envelope, as a schema for each kind, made from the tables by which
//! statements are read (protocol §3, §5). A schema says less than those rules: not that sets
//! ascend, nor how fields hang together.

use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, Ref, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::texts;
use crate::statement::fields::{
    COMMITMENTS_MAX, Field, Form, KEYS_MAX, LOG_KEYS_MAX, SEALED_MAX, SIGNERS_MAX, SUBJECTS_MAX,
};
use crate::statement::kind::{self, Kind};
use crate::statement::{COMMON, PAYLOAD_MAX};

const SHA256: &str = "^[0-9a-f]{64}$";
const DATE: &str = r"^\d{4}-\d{2}-\d{2}$";
const DATE_OR_MONTH: &str = r"^\d{4}-\d{2}(?:-\d{2})?$";
const LANGUAGE: &str = r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$";
const NONCE: &str = r"^[A-Za-z0-9_-]{21}[AQgw]$";
const VERIFIER_KEY: &str = r"^[^+]{1,255}\+[0-9a-f]{8}\+A[Q-Za-f][+/0-9A-Za-z]{42}$";
const WORD_NAME: &str = r"^[a-z][a-z0-9_]{0,31}$";
const COMMITMENT_NUMBER_MAX: i64 = 16;
const SIZE_MAX: i64 = (1 << 53) - 1;

/// The payload of a statement of any kind the ledger admits.
#[derive(Clone, Copy, Debug)]
pub enum Statement {}

impl PartialSchema for Statement {
    fn schema() -> RefOr<Schema> {
        let description = "The signed statement, of one of the kinds this ledger admits.";
        let of_any_kind = OneOfBuilder::new().description(Some(description));
        kind::ALL.iter().fold(of_any_kind, |any, kind| any.item(payload(kind))).into()
    }
}

impl ToSchema for Statement {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        let named = [
            (texts::Digest::name(), texts::Digest::schema()),
            (texts::DidKey::name(), texts::DidKey::schema()),
            (texts::DomainName::name(), texts::DomainName::schema()),
            (texts::HashBase64::name(), texts::HashBase64::schema()),
            (texts::Origin::name(), texts::Origin::schema()),
            (texts::StatementId::name(), texts::StatementId::schema()),
            (texts::StatementTime::name(), texts::StatementTime::schema()),
        ];
        schemas.extend(named.map(|(name, schema)| (name.into_owned(), schema)));
    }
}

/// The payload of a statement of this kind, at most 24 KiB as canonical JSON.
pub fn payload(kind: &Kind) -> ObjectBuilder {
    let limit = PAYLOAD_MAX / 1024;
    let description = format!(
        "Payload of a statement of kind {}, at most {limit} KiB as canonical JSON.",
        kind.name
    );
    let object = closed().title(Some(kind.name)).description(Some(description));
    COMMON.iter().chain(kind.fields).fold(object, |object, field| {
        let shape = match field.name {
            "kind" => token(&[kind.name]),
            "log" => named::<texts::Origin>(),
            _ => form(field.form),
        };
        with(object, field, shape)
    })
}

fn with(object: ObjectBuilder, field: &Field, shape: RefOr<Schema>) -> ObjectBuilder {
    let object = object.property(field.name, shape);
    if field.required { object.required(field.name) } else { object }
}

fn form(form: Form) -> RefOr<Schema> {
    match form {
        Form::Text => ObjectBuilder::new().schema_type(Type::String).into(),
        Form::Token(words) => token(words),
        Form::Integer(least, most) => integer(least, most),
        Form::Boolean => ObjectBuilder::new().schema_type(Type::Boolean).into(),
        Form::Time => named::<texts::StatementTime>(),
        Form::Date => text(DATE),
        Form::Language => text(LANGUAGE),
        Form::Nonce => text(NONCE),
        Form::StatementId => named::<texts::StatementId>(),
        Form::Domain => named::<texts::DomainName>(),
        Form::Domains => set(named::<texts::DomainName>(), 1, SUBJECTS_MAX),
        Form::Signers => set(named::<texts::DidKey>(), 1, SIGNERS_MAX),
        Form::Keys(least) => set(named::<texts::DidKey>(), least, KEYS_MAX),
        Form::Sha256 => text(SHA256),
        Form::Digests(least, most) => set(named::<texts::Digest>(), least, most),
        Form::Sealed => sealed(),
        Form::Origin => named::<texts::Origin>(),
        Form::VerifierKeys => set(text(VERIFIER_KEY), 1, LOG_KEYS_MAX),
        Form::Seen => checkpoint(closed()).into(),
        Form::Numbers => set(integer(1, COMMITMENT_NUMBER_MAX), 1, COMMITMENTS_MAX),
        Form::Commitments => {
            let list = ArrayBuilder::new().items(commitment());
            list.min_items(Some(1)).max_items(Some(COMMITMENTS_MAX)).into()
        }
        Form::Predecessor => {
            let origin = closed().property("origin", named::<texts::Origin>()).required("origin");
            checkpoint(origin).into()
        }
    }
}

fn closed() -> ObjectBuilder {
    let object = ObjectBuilder::new().schema_type(Type::Object);
    object.additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
}

fn named<T: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(T::name()).into()
}

fn text(pattern: &str) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    text.pattern(Some(pattern)).into()
}

fn token(words: &[&str]) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String);
    text.enum_values(Some(words.iter().copied())).into()
}

fn integer(least: i64, most: i64) -> RefOr<Schema> {
    let number = ObjectBuilder::new().schema_type(Type::Integer);
    number.minimum(Some(least)).maximum(Some(most)).into()
}

fn set(items: RefOr<Schema>, least: usize, most: usize) -> RefOr<Schema> {
    let array = ArrayBuilder::new().items(items).unique_items(true);
    array.min_items(Some(least)).max_items(Some(most)).into()
}

fn sealed() -> RefOr<Schema> {
    let names = ObjectBuilder::new().schema_type(Type::String).pattern(Some(WORD_NAME)).build();
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(names))
        .additional_properties(Some(named::<texts::Digest>()))
        .min_properties(Some(1))
        .max_properties(Some(SEALED_MAX))
        .into()
}

fn checkpoint(object: ObjectBuilder) -> ObjectBuilder {
    let object = object.property("root", named::<texts::HashBase64>()).required("root");
    object.property("size", integer(1, SIZE_MAX)).required("size")
}

fn commitment() -> RefOr<Schema> {
    let signer_or_subject =
        OneOfBuilder::new().item(token(&["signer"])).item(named::<texts::DomainName>());
    let object = closed().property("by", signer_or_subject).required("by");
    object.property("due", text(DATE_OR_MONTH)).into()
}
