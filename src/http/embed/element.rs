//! The element `<onrecord-proof>`: one script at an address that stays, put together from the assets with the words of
//! every language in it. The number in the address is the version of its interface.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;

use crate::http::answer;
use crate::http::api::Octets;
use crate::http::assets::{Assets, ELEMENT};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::modules::{NotJoined, join, minify};
use crate::http::pages::language::Language;
use crate::http::pages::strings::Strings;
use crate::http::request::Charged;
use crate::http::state::App;
use crate::wire::{Problem, Reason};

/// Where it is.
pub const PATH: &str = "/embed/onrecord-proof-1.js";
/// How the messages begin that it and the card use; of the names of checks only those that are made of an entry.
pub const MESSAGES: [&str; 9] = [
    "proof-",
    "check-name-statement",
    "check-name-signature",
    "check-name-key",
    "check-name-disclosures",
    "check-name-inclusion",
    "check-name-log_signature",
    "check-name-prev",
    "list-separator",
];

const SCRIPT: &str = "text/javascript; charset=utf-8";
/// The module that is replaced by the words.
const WORDS: &str = "embed/words.js";

/// The script of the element that checks an entry on another site
#[utoipa::path(
    get, path = "/embed/onrecord-proof-1.js", operation_id = "element", tag = "embed",
    responses(
        (status = 200, description = "The script", body = Octets, content_type = "text/javascript; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn element(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
) -> Result<Response, Failure> {
    static MADE: OnceLock<Result<Bytes, NotJoined>> = OnceLock::new();
    match MADE.get_or_init(|| script(app.assets())) {
        Ok(script) => Ok(answer::for_now(SCRIPT, script.clone())),
        Err(error) => {
            tracing::error!(%error, "the element cannot be put together");
            Err(Failure::new(Reason::Internal, "The script could not be put together."))
        }
    }
}

fn script(assets: &Assets) -> Result<Bytes, NotJoined> {
    let read = |name: &str| if name == WORDS { Some(words()) } else { assets.text(name) };
    Ok(minify(ELEMENT, &join(ELEMENT, &read)?)?.into())
}

/// The module of the words.
fn words() -> String {
    let of = |language: Language| Strings::of(language).for_scripts(&MESSAGES).to_string();
    let all: BTreeMap<&str, String> =
        Language::ALL.into_iter().map(|language| (language.tag(), of(language))).collect();
    let members: Vec<_> = all.iter().map(|(tag, texts)| format!("{tag}: {texts}")).collect();
    format!("export const WORDS = {{ {} }};\n", members.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_whole_and_knows_where_it_came_from_and_every_language() {
        let script = script(Assets::of_process()).unwrap();
        let script = std::str::from_utf8(&script).unwrap();
        for wanted in ["import.meta.url", "customElements.define", "Verificado", "تم التحقق"]
        {
            assert!(script.contains(wanted), "{wanted}");
        }
        assert!(!script.contains("import {") && !script.contains("getElementById(\"strings\")"));
    }
}
