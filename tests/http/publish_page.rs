//! The publish page without a script: from question to question, up to a file that the command line signs.

use std::collections::BTreeMap;
use std::process::Command;

use crate::client::Raw;
use crate::server::Server;
use crate::signing::ORIGIN;

type Form = BTreeMap<String, String>;

fn html(answer: &Raw) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

fn unescaped(text: &str) -> String {
    let mut text = text.replace("&amp;", "&");
    for (code, character) in [("34", "\""), ("38", "&"), ("39", "'"), ("60", "<"), ("62", ">")] {
        text = text.replace(&format!("&#{code};"), character);
    }
    text
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split('"').next().unwrap()))
}

/// What a browser would send of the first form, but for its buttons. The boxes that seal are under
/// `sealed[] <name>`.
fn fields(page: &str) -> Form {
    let form = page.split_once("<form").unwrap().1.split_once("</form>").unwrap().0;
    let mut fields = Form::new();
    for piece in form.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        let Some(name) = attribute(tag, "name") else { continue };
        let value = attribute(tag, "value").unwrap_or_default();
        let is_ticked = tag.contains(" checked");
        if tag.starts_with("textarea") {
            fields.insert(name, unescaped(text));
        } else if tag.contains("type=\"checkbox\"") {
            if is_ticked {
                fields.insert(format!("sealed[] {value}"), value);
            }
        } else if tag.starts_with("input") && (!tag.contains("type=\"radio\"") || is_ticked) {
            fields.insert(name, value);
        }
    }
    for select in form.split("<select").skip(1) {
        let (tag, rest) = select.split_once('>').unwrap();
        let options: Vec<_> =
            rest.split("</select>").next().unwrap().split("<option").skip(1).collect();
        let chosen = options.iter().find(|option| option.contains(" selected"));
        if let Some(option) = chosen.or(options.first()) {
            let name = attribute(tag, "name").unwrap();
            fields.insert(name, attribute(option, "value").unwrap());
        }
    }
    fields
}

fn encoded(fields: &Form) -> String {
    let escape = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let name = |name: &str| name.split(' ').next().unwrap().to_owned();
    let pairs = fields.iter().map(|(n, value)| format!("{}={}", escape(&name(n)), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

async fn post(server: &Server, path: &str, fields: &Form) -> Raw {
    let headers = "content-type: application/x-www-form-urlencoded\r\naccept: text/html\r\n";
    let answer = server.request("POST", path, headers, &encoded(fields)).await;
    assert_eq!(answer.status, 200, "{}", html(&answer));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("etag"), None);
    answer
}

/// Fills the form of a page in and goes on.
async fn go_on(server: &Server, page: &str, go: &str, typed: &[(&str, &str)]) -> String {
    let mut fields = fields(page);
    fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields.insert("go".to_owned(), go.to_owned());
    html(&post(server, "/publish", &fields).await)
}

fn is_at(page: &str, step: &str) -> bool {
    page.contains(&format!(" id=\"{step}\">"))
        && page.contains(&format!("name=\"at\" value=\"{step}\""))
}

#[tokio::test]
async fn the_questions_lead_one_after_another_to_a_file_that_the_command_line_signs() {
    let server = Server::start().await;
    let page = html(&server.get("/publish").await);
    assert!(is_at(&page, "start"));
    let page = go_on(&server, &page, "next", &[("example", "repair")]).await;
    assert!(is_at(&page, "who"));
    let page = go_on(&server, &page, "next", &[("domain_1", "Bücher.example")]).await;
    assert!(is_at(&page, "what"));
    assert_eq!(fields(&page)["by_2"], "signer");
    let words = "The boiler, \"free\" <of> charge & soon\r\nor else '''money''' back \\ \u{1f527}";
    let what = [
        ("title", "Repair of a boiler"),
        ("commitment_1", words),
        ("due_1", "2026-12"),
        ("commitment_2", "I open the door"),
        ("sealed[] commitment_2", "commitment_2"),
    ];
    let page = go_on(&server, &page, "next", &what).await;
    let page =
        go_on(&server, &page, "next", &[("basis", "chat"), ("agreed_on", "2026-11-18")]).await;
    assert!(is_at(&page, "evidence"));
    let page = go_on(&server, &page, "next", &[("evidence_file_1", "chat.txt")]).await;
    let page = go_on(&server, &page, "next", &[("signer_name", "Ana Example")]).await;
    assert!(is_at(&page, "offers"));
    let page = go_on(&server, &page, "next", &[("offers", "closed")]).await;
    let page = go_on(&server, &page, "next", &[("narrative", "It dripped.")]).await;
    assert!(page.contains("/publish/agreement.toml"), "{page}");

    let answer = post(&server, "/publish/agreement.toml", &fields_of_file_page(&page)).await;
    assert_eq!(answer.header("content-type"), Some("application/toml"));
    assert!(answer.header("content-disposition").unwrap().contains("agreement.toml"));
    let signed = sign(&html(&answer), &[("chat.txt", "Yes, on Monday.")]);
    for shown in [
        "commitment_1:\n    The boiler, \"free\" <of> charge & soon\n    or else '''money''' back \\ \u{1f527}",
        "  commitment_2\n",
        "  evidence_1\n",
        "Ana Example",
        "It dripped.",
    ] {
        assert!(signed.contains(shown), "{shown} in {signed}");
    }
    assert!(!signed.contains("I open the door"), "{signed}");
}

/// The hidden fields of the last page, which repeat the name `sealed[]`.
fn fields_of_file_page(page: &str) -> Form {
    let mut fields = Form::new();
    for (place, tag) in page.split("<input type=\"hidden\"").skip(1).enumerate() {
        let tag = tag.split('>').next().unwrap();
        let name = attribute(tag, "name").unwrap();
        let name = if name == "sealed[]" { format!("sealed[] {place}") } else { name };
        fields.insert(name, attribute(tag, "value").unwrap());
    }
    fields
}

/// What the command line shows of the file when it signs it.
fn sign(recipe: &str, files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("agreement.toml"), recipe).unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .current_dir(folder.path())
        .env("ONRECORD_KEY_PASSPHRASE", "correct horse")
        .args(["sign", "agreement", "agreement.toml", "--log", ORIGIN])
        .output()
        .unwrap();
    assert!(output.status.success(), "{recipe}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn an_answer_that_cannot_stand_keeps_the_question_and_every_word() {
    let server = Server::start().await;
    let page = html(&server.get("/publish").await);
    let page = go_on(&server, &page, "next", &[]).await;
    let page = go_on(&server, &page, "next", &[("domain_1", "no domain"), ("title", "kept")]).await;
    assert!(is_at(&page, "who"));
    assert!(page.contains("<a href=\"#domain_1\">") && page.contains("id=\"domain_1-error\""));
    assert!(page.contains("aria-describedby=\"who-hint domain_1-error\""), "{page}");
    let fields = fields(&page);
    assert_eq!((&*fields["domain_1"], &*fields["title"]), ("no domain", "kept"));
}

#[tokio::test]
async fn another_row_and_the_question_before_are_reached_without_losing_a_word() {
    let server = Server::start().await;
    let page = html(&server.get("/publish").await);
    let page = go_on(&server, &page, "next", &[]).await;
    assert_eq!(page.matches("<div class=\"field\" data-row>").count(), 1);
    let page = go_on(&server, &page, "add", &[("domain_1", "acme.example")]).await;
    assert_eq!(page.matches("<div class=\"field\" data-row>").count(), 2);
    let page = go_on(&server, &page, "next", &[]).await;
    assert!(is_at(&page, "what"));
    let page = go_on(&server, &page, "back", &[("commitment_1", "half a wo")]).await;
    assert!(is_at(&page, "who"));
    assert_eq!(fields(&page)["commitment_1"], "half a wo");
}

#[tokio::test]
async fn a_file_is_not_made_of_answers_that_cannot_stand() {
    let server = Server::start().await;
    let answer = post(&server, "/publish/agreement.toml", &Form::new()).await;
    assert!(is_at(&html(&answer), "who"));
}
