//! From a recipe to a draft: clear fields by the kind's own table, words with fresh salts, evidence hashed,
//! references to other statements resolved.

use std::collections::BTreeSet;
use std::path::Path;

use super::evidence;
use super::recipe::Recipe;
use super::text::normalized;
use crate::cli::failure::Failure;
use crate::cli::key;
use crate::cli::signed_file::Target;
use crate::cli::terminal::escape;
use crate::encoding::json::Json;
use crate::statement::fields::Form;
use crate::statement::{Disclosure, Draft, Kind, StatementId};

/// Fields that name another statement: by its id, or by a file that holds it.
const REFERENCES: [&str; 2] = ["thread", "re"];

/// The draft that the recipe describes. Its paths are relative to the folder.
pub(super) fn draft(recipe: &Recipe, kind: &'static Kind, folder: &Path) -> Result<Draft, Failure> {
    let mut draft = Draft::new(kind);
    let mut fields = recipe.fields.clone();
    let target = resolve_references(&mut fields, folder)?;
    if let Some(names) = fields.remove("words") {
        let chosen = choose(&names, target.as_ref())?;
        draft.set("digests", digests(&chosen));
        if kind.carries_words_of_its_target() {
            chosen.into_iter().for_each(|word| draft.disclose(word));
        }
    }
    set_fields(&mut draft, kind, &fields)?;
    add_words(&mut draft, recipe, folder)?;
    Ok(draft)
}

/// Replaces paths under `thread` and `re` by ids. Gives what the last of them holds.
fn resolve_references(fields: &mut toml::Table, folder: &Path) -> Result<Option<Target>, Failure> {
    let mut target = None;
    for name in REFERENCES {
        let Some(toml::Value::String(text)) = fields.get_mut(name) else { continue };
        if text.parse::<StatementId>().is_err() {
            let read = Target::read(&folder.join(text.as_str()))?;
            *text = read.id.to_string();
            target = Some(read);
        }
    }
    Ok(target)
}

/// The words of the target that a `reveal` or an `erasure` names.
fn choose(names: &toml::Value, target: Option<&Target>) -> Result<Vec<Disclosure>, Failure> {
    let Some(target) = target else {
        return Err(Failure::new(
            "`words` names words of a statement, and `re` gives no file that holds them",
            "Put the path of your bundle or signed file into `re`: it holds the words.",
        ));
    };
    let names = names.as_array().map(Vec::as_slice).unwrap_or_default();
    let chosen = names.iter().map(|name| {
        let name = name.as_str().unwrap_or_default();
        let word = target.words.iter().find(|word| word.name() == name);
        word.cloned().ok_or_else(|| {
            let held: Vec<_> = target.words.iter().map(Disclosure::name).collect();
            let what = format!("the file in `re` holds no word `{}`", escape(name));
            Failure::new(what, format!("It holds: {}.", escape(&held.join(", "))))
        })
    });
    chosen.collect()
}

fn digests(words: &[Disclosure]) -> Json<'static> {
    let digests: BTreeSet<_> = words.iter().map(|word| word.digest().to_base64url()).collect();
    Json::List(digests.into_iter().map(Json::text).collect())
}

fn set_fields(draft: &mut Draft, kind: &Kind, fields: &toml::Table) -> Result<(), Failure> {
    for (name, value) in fields {
        let is_set = kind.fields.iter().any(|field| field.name == name && is_set(field.form));
        draft.set(name, to_json(name, value, is_set)?);
    }
    // A person who says nothing about offers has not welcomed any.
    let has_offers = kind.fields.iter().any(|field| field.name == "offers");
    if has_offers && !fields.contains_key("offers") {
        draft.set("offers", Json::text("closed"));
    }
    Ok(())
}

const fn is_set(form: Form) -> bool {
    matches!(form, Form::Domains | Form::Digests(..) | Form::Numbers)
}

/// A TOML value as JSON. Sets are put in order, so that a person need not.
fn to_json(name: &str, value: &toml::Value, is_set: bool) -> Result<Json<'static>, Failure> {
    Ok(match value {
        toml::Value::String(text) => Json::text(normalized(text)),
        toml::Value::Integer(number) => Json::Integer(*number),
        toml::Value::Boolean(value) => Json::Bool(*value),
        toml::Value::Datetime(time) => Json::text(time.to_string()),
        toml::Value::Array(list) => {
            let mut list: Vec<_> =
                list.iter().map(|value| to_json(name, value, false)).collect::<Result<_, _>>()?;
            if is_set {
                list.sort_by(|a, b| {
                    a.as_integer().cmp(&b.as_integer()).then_with(|| a.as_text().cmp(&b.as_text()))
                });
                list.dedup();
            }
            Json::List(list)
        }
        toml::Value::Table(table) => {
            let members =
                table.iter().map(|(key, value)| Ok((key.as_str(), to_json(name, value, false)?)));
            Json::map(members.collect::<Result<Vec<_>, Failure>>()?).into_owned()
        }
        toml::Value::Float(_) => {
            let what = format!("`{}` is a number with a fraction", escape(name));
            return Err(Failure::new(what, "Statements hold whole numbers and texts only."));
        }
    })
}

fn add_words(draft: &mut Draft, recipe: &Recipe, folder: &Path) -> Result<(), Failure> {
    let rest = &recipe.rest;
    let mut words = Vec::new();
    for (position, commitment) in rest.commitments.iter().enumerate() {
        words.push((
            format!("commitment_{}", position + 1),
            Json::text(normalized(&commitment.text)),
        ));
    }
    for (name, value) in &rest.words {
        words.push((name.clone(), to_json(name, value, false)?));
    }
    if !rest.commitments.is_empty() {
        draft.set("commitments", commitments(recipe)?);
    }
    let mut unknown: BTreeSet<_> = rest.sealed.iter().map(String::as_str).collect();
    for (name, value) in words {
        let is_sealed = unknown.remove(name.as_str());
        add(draft, &name, value, is_sealed)?;
    }
    for (position, evidence) in rest.evidence.iter().enumerate() {
        let name = format!("evidence_{}", position + 1);
        let is_sealed = unknown.remove(name.as_str()) || !evidence.public;
        add(draft, &name, evidence::describe(evidence, folder)?, is_sealed)?;
    }
    match unknown.first() {
        None => Ok(()),
        Some(name) => Err(Failure::new(
            format!("`sealed` names `{}`, and there is no such word", escape(name)),
            "Name words of this file: those under [words], commitment_1, evidence_1 and so on.",
        )),
    }
}

fn commitments(recipe: &Recipe) -> Result<Json<'static>, Failure> {
    let list = recipe.rest.commitments.iter().map(|commitment| {
        let mut members = vec![("by", Json::text(commitment.by.clone()))];
        if let Some(due) = &commitment.due {
            members.push(("due", to_json("due", due, false)?));
        }
        Ok(Json::map(members))
    });
    Ok(Json::List(list.collect::<Result<_, Failure>>()?))
}

fn add(draft: &mut Draft, name: &str, value: Json<'_>, is_sealed: bool) -> Result<(), Failure> {
    let word = Disclosure::make(&key::random()?, name, value).map_err(|refusal| {
        let what = format!("`{}` cannot be signed: {refusal}", escape(name));
        Failure::new(what, "Correct it in the TOML file and sign again.")
    })?;
    if is_sealed {
        draft.seal(word)
    } else {
        draft.disclose(word)
    }
    Ok(())
}
