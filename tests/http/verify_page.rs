//! The page that verifies, and the same as one file: whole without this server, and unable to send anything.

use onrecord::crypto::sha256;
use onrecord::encoding::base64;

use crate::server::Server;

/// What stands between the first of one text and the next of another.
fn between<'a>(html: &'a str, begin: &str, end: &str) -> &'a str {
    let (_, rest) = html.split_once(begin).unwrap_or_else(|| panic!("{begin} is not in {html}"));
    rest.split_once(end).unwrap().0
}

async fn text(server: &Server, path: &str) -> String {
    let answer = server.get(path).await;
    assert_eq!(answer.status, 200, "{path}");
    String::from_utf8(answer.body).unwrap()
}

#[tokio::test]
async fn the_page_explains_the_program_to_who_has_no_scripts() {
    let server = Server::start().await;
    let page = text(&server, "/verify").await;
    for wanted in [
        "<noscript>",
        "onrecord verify --policy trusted.policy",
        "href=\"/verify/onrecord-verify.html\"",
        "<dt>Inclusion</dt>",
    ] {
        assert!(page.contains(wanted), "{wanted} is not in {page}");
    }
    let form = between(&page, "<section id=\"verify-here\"", ">");
    assert!(form.ends_with(" hidden"), "a form that does nothing without scripts is not shown");
}

#[tokio::test]
async fn the_file_needs_nothing_beside_it_and_may_run_what_is_in_it_alone() {
    let server = Server::start().await;
    for language in ["en", "es", "ar"] {
        let file = text(&server, &format!("/verify/onrecord-verify.html?lang={language}")).await;
        assert!(file.starts_with(&format!("<!doctype html>\n<html lang=\"{language}\"")), "{file}");
        for reference in [" src=", "<link", "<img", "url(", "@import", "href=\"http", "href=\"/"] {
            let (html, _) = file.split_once("<script type=\"module\">").unwrap();
            assert!(!html.contains(reference), "{reference} in {html}");
        }
        let script = between(&file, "<script type=\"module\">", "</script>");
        let style = between(&file, "<style>", "</style>");
        let csp = between(&file, "Content-Security-Policy\" content=\"", "\"");
        assert!(csp.starts_with("default-src &#39;none&#39;; "), "{csp}");
        for (directive, text) in [("script-src", script), ("style-src", style)] {
            let hash = base64::encode(sha256(text.as_bytes()).as_bytes());
            assert!(csp.contains(&format!("{directive} &#39;sha256-{hash}&#39;;")), "{csp}");
        }
        assert!(!script.lines().any(|line| line.starts_with("import ")), "{script}");
        assert!(!script.lines().any(|line| line.starts_with("export ")), "{script}");
        let policy =
            between(&file, "<script type=\"application/json\" id=\"policy\">", "</script>");
        let policy: String = serde_json::from_str(policy).unwrap();
        assert_eq!(policy, text(&server, "/log.policy").await);
    }
}

#[tokio::test]
async fn the_file_is_downloaded_and_is_the_same_each_time() {
    let server = Server::start().await;
    let path = "/verify/onrecord-verify.html";
    let first = server.get(path).await;
    let disposition = "attachment; filename=\"onrecord-verify.html\"";
    assert_eq!(first.header("content-disposition"), Some(disposition));
    assert_eq!(first.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    assert_eq!(server.get(path).await.body, first.body);
}

#[tokio::test]
async fn the_script_of_a_page_is_one_compressed_file() {
    let server = Server::start().await;
    let page = text(&server, "/verify").await;
    let path = between(&page, "<script type=\"module\" src=\"", "\"").to_owned();
    let plain = text(&server, &path).await;
    assert!(!plain.contains("import{") && !plain.contains("/**"), "{plain}");
    let sent = server.request("GET", &path, "accept-encoding: gzip\r\n", "").await;
    assert_eq!(sent.header("content-encoding"), Some("gzip"));
    assert!(sent.body.len() <= 17_000, "{} bytes", sent.body.len());
}
