//! `onrecord verify --page`: the page is fetched or read, and everything of onrecord on it is judged. What a
//! page names is found by `verify::page`; what becomes of it is decided in `judge`, and told in `report`.

use std::path::Path;
use std::time::{Duration, Instant};

use url::Url;

use super::judge::{Judge, Time};
use super::report::{self, Source};
use crate::cli::contact::failure;
use crate::cli::failure::Failure;
use crate::cli::terminal::escape;
use crate::cli::{Outcome, files, terminal};
use crate::clock;
use crate::net::{PAGE_BYTES_MAX, PageError, fetch_page, is_loopback};
use crate::tlog::Policy;
use crate::verify::page::find;

/// A page that was fetched or read.
struct Page {
    source: Source,
    /// To which addresses on it are relative.
    url: Option<Url>,
    html: Vec<u8>,
}

/// Judges the page that is at an address, in a file, or on standard input.
pub(super) fn run(
    name: &str,
    base: Option<&str>,
    policy: Option<&Policy>,
    seconds: u64,
    as_json: bool,
) -> Result<Outcome, Failure> {
    let time = Time { seconds, until: clock::instant() + Duration::from_secs(seconds) };
    let page = read(name, base, time.until)?;
    let found = find(&page.html, page.url.as_ref());
    // A page on another machine that names this one means whatever machine reads it.
    let may_name_this_machine = page.url.as_ref().is_none_or(is_loopback);
    let mut judge = Judge::new(policy, may_name_this_machine, time);
    let things = judge.judge_all(&found.things);
    let verdict = report::put_together(page.source, things, found.left_out, judge.has_met_new());
    if as_json {
        terminal::json(&verdict)?;
    } else {
        report::print(&verdict)?;
    }
    if verdict.things.is_empty() {
        report::say_what_is_looked_for();
    }
    Ok(verdict.verdict.into())
}

fn read(name: &str, base: Option<&str>, until: Instant) -> Result<Page, Failure> {
    if name.contains("://") {
        return match base {
            None => fetch(name, until),
            Some(_) => Err(Failure::new(
                "--base is for a page from a file: one that is fetched is where it was found",
                "Leave --base out.",
            )),
        };
    }
    let url = base.map(parse_base).transpose()?;
    let html = match name {
        "-" => super::read_standard_input(PAGE_BYTES_MAX, "a page")?,
        file => read_file(Path::new(file))?,
    };
    Ok(Page { source: Source { name: name.to_owned(), redirected_from: Vec::new() }, url, html })
}

/// Reads a saved page. Who leaves out the beginning of an address names no file.
fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    files::read(path, PAGE_BYTES_MAX as u64).map_err(|failure| {
        if path.exists() {
            return failure;
        }
        let next = "Check the spelling of the path. The address of a page begins with https:// or http://.";
        Failure::new(failure.what(), next)
    })
}

fn parse_base(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| {
        let what = format!("--base {} is not the address of a web page", escape(text));
        Failure::new(what, "Name where the page is on the web, from http:// or https:// on.")
    })
}

fn fetch(address: &str, until: Instant) -> Result<Page, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        let what = format!("the system gives no runtime: {error}");
        Failure::new(what, "Close other programs and try again.")
    })?;
    let fetched = runtime.block_on(fetch_page(address, until));
    let fetched = fetched.map_err(|error| cannot_fetch(&error))?;
    let redirected_from = fetched.redirected_from.into_iter().map(String::from).collect();
    let source = Source { name: fetched.url.to_string(), redirected_from };
    Ok(Page { source, url: Some(fetched.url), html: fetched.html.to_vec() })
}

fn cannot_fetch(error: &PageError) -> Failure {
    let next = match error {
        PageError::Fetch(crate::net::FetchError::TooLarge { .. }) => {
            "Save the part of the page that names entries, and name that file with --page."
        }
        PageError::Fetch(crate::net::FetchError::Unreachable { .. }) => {
            "Check the address, and that the site can be reached from here."
        }
        PageError::Fetch(crate::net::FetchError::TimedOut { .. }) => {
            "Try again later, or give it longer with --timeout."
        }
        PageError::Fetch(error) => return failure(error),
        PageError::Address(_) => "Name the page as it stands in the browser's address bar.",
        PageError::Status { .. } | PageError::NotHtml { .. } => {
            "Check the address. A page that only a browser gets can be saved there; name the file with \
             --page, and its address with --base."
        }
        PageError::Redirects(_) | PageError::RedirectHome(_) => {
            "Open the page in a browser, and name the address where it ends up."
        }
    };
    Failure::new(escape(&error.to_string()), next)
}
