//! `onrecord demo`: a scene on one machine with a real ledger, two organizations' sites and those who follow them,
//! told as it happens. Each sentence it prints was checked; one that is not true ends it with an error. What passes
//! in days is the ledger's clock, which the scene sets.

mod checks;
mod copy;
mod readers;
mod site;
mod stage;
mod words;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use clap::Args;
use owo_colors::OwoColorize as _;
use serde_json::Value;

use super::failure::Failure;
use super::running::runtime;
use super::{Outcome, terminal};
use crate::clock::instant;
use crate::crypto::PrivateKey;
use crate::encoding::domain::Domain;
use crate::ledger::domain_answer::Document;
use crate::statement::StatementId;
use crate::webhook::{Action, Endpoint};
use checks::{anyone_recomputes, nothing_can_be_cut_out};
use readers::{Reader, shows};
use site::{Deliveries, HOOK, Site};
use stage::{Published, Stage, fresh_key, unexpected};

const ACME: &str = "acme.example";
const BOLT: &str = "bolt.example";
const ANYWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
const TITLE: &str = "Refund of 120 euros promised by phone";

/// Watch a whole conversation between a person and organizations happen
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord demo
  onrecord demo --exit

A ledger, the sites of two organizations and those who follow them run on this machine, on free ports and in a
temporary folder. The days that pass are those of the ledger's clock. At the end it goes on serving, so that
you can look at every page, until Ctrl-C.")]
pub(super) struct Demo {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value_t = ANYWHERE)]
    listen: SocketAddr,
    /// End after the scene
    #[arg(long)]
    exit: bool,
}

/// Who is in the scene.
struct People {
    ana: PrivateKey,
    acme: Organization,
    bolt: Organization,
}

/// An organization: its domain, its key, and the site on which it publishes that.
struct Organization {
    domain: Domain,
    key: PrivateKey,
    site: Site,
}

impl Organization {
    fn new(name: &str) -> Result<Self, Failure> {
        let domain = Domain::parse(name).map_err(|error| unexpected(&error.to_string()))?;
        Ok(Self { domain, key: fresh_key()?, site: Site::default() })
    }
}

impl Demo {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        runtime()?.block_on(async {
            let people = People {
                ana: fresh_key()?,
                acme: Organization::new(ACME)?,
                bolt: Organization::new(BOLT)?,
            };
            let sites = [(ACME, &people.acme.site), (BOLT, &people.bolt.site)];
            let stage = Stage::open(self.listen, &sites).await?;
            say(&format!("A ledger is running: {}", stage.url().bold()))?;
            let agreement = promise_goes_public(&stage, &people).await?;
            let confirmation = organization_confirms(&stage, &people, &agreement).await?;
            let deliveries = organization_is_told(&stage, &people, &agreement).await?;
            organization_is_late(&stage, &people, &agreement, deliveries).await?;
            competitor_offers(&stage, &people, &agreement).await?;
            it_ends_well(&stage, &people, &agreement).await?;
            anyone_recomputes(&stage).await?;
            nothing_can_be_cut_out(&stage, &confirmation).await?;
            act("Look for yourself")?;
            let url = stage.url();
            say(&format!("the thread        {url}/t/{}", agreement.link))?;
            say(&format!("the organization  {url}/o/{ACME}"))?;
            if !self.exit {
                say("It goes on serving until Ctrl-C.")?;
                let _ = tokio::signal::ctrl_c().await;
            }
            stage.close().await;
            Ok(Outcome::Done)
        })
    }
}

async fn promise_goes_public(stage: &Stage, people: &People) -> Result<Published, Failure> {
    act("Ana was promised a refund on the phone, and puts it on record")?;
    let mut readers = Vec::new();
    for query in ["", "?domain=acme.example", "?kind=agreement"] {
        readers.push(Reader::open(stage, query).await?);
    }
    let due = stage.day_in(14);
    let promise = "Acme refunds 120 euros to my card.";
    let draft = words::agreement(&people.acme.domain, TITLE, promise, &due, "closed")?;
    let begun = instant();
    let published = stage.publish(draft, &people.ana).await?;
    told("signed, logged and answered with a proof", begun, instant())?;
    for reader in &mut readers {
        told("a reader of the stream has it", begun, reader.has(&published).await?)?;
    }
    for (who, path) in [
        ("the organization's feed has it", format!("o/{ACME}/feed.json")),
        ("the organization's page has it", format!("o/{ACME}")),
        ("the organization's inbox has it", format!("o/{ACME}/inbox")),
        ("the page of what is newest has it", "live".to_owned()),
    ] {
        told(who, begun, shows(stage, &path, TITLE).await?)?;
    }
    let state = stage.state(&published.id).await?;
    holds(state["subjects"][0]["standing"] == "one_sided", "so far one side has signed", &state)?;
    Ok(published)
}

async fn organization_confirms(
    stage: &Stage,
    people: &People,
    agreement: &Published,
) -> Result<Published, Failure> {
    act("acme.example claims its domain and confirms")?;
    let early =
        stage.try_to_publish(words::claim(&people.acme.domain, 2)?, &people.acme.key).await?;
    refused(early, "a key that the domain does not list is refused")?;
    list_key(stage, &people.acme);
    // What the ledger saw of a domain it keeps for some seconds.
    tokio::time::sleep(crate::service::LOOK_KEPT).await;
    stage.publish(words::claim(&people.acme.domain, 2)?, &people.acme.key).await?;
    say(
        "it publishes its key at /.well-known/onrecord.json; the ledger looks, and logs what it saw",
    )?;
    let confirmation = words::confirmation(&people.acme.domain, &agreement.id)?;
    let confirmation = stage.publish(confirmation, &people.acme.key).await?;
    let state = stage.state(&agreement.id).await?;
    holds(state["subjects"][0]["standing"] == "confirmed", "both sides have signed now", &state)?;
    Ok(confirmation)
}

/// Acme has what is said about it delivered, beginning with Ana's agreement.
async fn organization_is_told(
    stage: &Stage,
    people: &People,
    agreement: &Published,
) -> Result<Deliveries, Failure> {
    let Organization { domain, key, site } = &people.acme;
    let known = stage.webhook((domain, key), Action::Status).await?;
    let mut deliveries = site.take_from(&known.public_key)?;
    let begun = instant();
    let endpoint = Endpoint::parse(&format!("https://{domain}{HOOK}"), domain);
    let endpoint = endpoint.map_err(|error| unexpected(&error.to_string()))?;
    let register = Action::Register { endpoint, from: Some(agreement.index) };
    stage.webhook((domain, key), register).await?;
    let came = deliveries.have(agreement).await?;
    told("it registers a webhook, which brings it Ana's agreement", begun, came)?;
    Ok(deliveries)
}

/// The day of the promise passes, Ana says so, and Acme answers.
async fn organization_is_late(
    stage: &Stage,
    people: &People,
    agreement: &Published,
    mut deliveries: Deliveries,
) -> Result<(), Failure> {
    act("The day passes, and nothing has arrived")?;
    let mut reader = Reader::open(stage, "?domain=acme.example").await?;
    stage.let_days_pass(16);
    let soon = reader.is_told_of(agreement).await?;
    holds(soon["commitments"][0]["status"] == "due_soon", "a reader is told a week before", &soon)?;
    let late = reader.is_told_of(agreement).await?;
    holds(
        late["commitments"][0]["status"] == "overdue",
        "a reader is told when the day is over everywhere on Earth",
        &late,
    )?;
    let state = stage.state(&agreement.id).await?;
    holds(
        state["commitments"][0]["status"] == "overdue",
        "the promise is overdue, with no new entry",
        &state,
    )?;
    let (since, begun) = (stage.day_in(0), instant());
    let breach = stage.publish(words::breach(&agreement.id, &since)?, &people.ana).await?;
    told("Ana states that it was not kept", begun, instant())?;
    told("acme.example's webhook has it", begun, deliveries.have(&breach).await?)?;
    acme_delays(stage, people, &agreement.id, &breach.id).await
}

/// Acme acknowledges, names a day, and misses it.
async fn acme_delays(
    stage: &Stage,
    people: &People,
    thread: &StatementId,
    breach: &StatementId,
) -> Result<(), Failure> {
    let answer = words::Answer {
        domain: &people.acme.domain,
        thread,
        to: breach,
        note: "We are looking into it.",
    };
    stage.publish(answer.at("acknowledged", None)?, &people.acme.key).await?;
    say("acme.example acknowledges it within the two days it claims")?;
    let by = stage.day_in(3);
    let delay = answer.at("in_progress", Some(("expected_final_by", &by)))?;
    stage.publish(delay, &people.acme.key).await?;
    let state = stage.state(thread).await?;
    holds(
        state["breaches"][0]["asked"][0]["status"] == "in_progress",
        "it is in progress, until a day that it names",
        &state,
    )?;
    let before = stage.json("api/v1/entries?limit=1").await?["entries"][0]["index"].take();
    stage.let_days_pass(5);
    let state = stage.state(thread).await?;
    holds(
        state["breaches"][0]["asked"][0]["status"] == "in_progress_overdue",
        "that day passes too: overdue for everyone who looks",
        &state,
    )?;
    let after = stage.json("api/v1/entries?limit=1").await?["entries"][0]["index"].take();
    holds(before == after, "and no entry was needed for it", &after)
}

async fn competitor_offers(
    stage: &Stage,
    people: &People,
    agreement: &Published,
) -> Result<(), Failure> {
    act("A competitor would like to help")?;
    list_key(stage, &people.bolt);
    stage.publish(words::claim(&people.bolt.domain, 1)?, &people.bolt.key).await?;
    let expires = stage.day_in(7);
    let offer = words::offer(&people.bolt.domain, &agreement.id, &expires)?;
    let first = stage.try_to_publish(offer, &people.bolt.key).await?;
    refused(first, "its offer is refused: Ana did not welcome offers there")?;
    let title = "A router that never worked";
    let promise = "Acme repairs the router.";
    let draft =
        words::agreement(&people.acme.domain, title, promise, &stage.day_in(30), "welcome")?;
    let second = stage.publish(draft, &people.ana).await?;
    say("Ana puts another agreement on record, and welcomes offers")?;
    stage
        .publish(words::offer(&people.bolt.domain, &second.id, &expires)?, &people.bolt.key)
        .await?;
    let state = stage.state(&second.id).await?;
    holds(state["offers"][0]["status"] == "live", "bolt.example's offer stands", &state)?;
    stage.let_days_pass(9);
    let state = stage.state(&second.id).await?;
    holds(state["offers"][0]["status"] == "expired", "a week later it has expired", &state)
}

async fn it_ends_well(
    stage: &Stage,
    people: &People,
    agreement: &Published,
) -> Result<(), Failure> {
    act("Acme pays, and Ana says so")?;
    let state = stage.state(&agreement.id).await?;
    let breach = state["breaches"][0]["entry"].as_u64().unwrap_or_default();
    let breach = stage.json(&format!("api/v1/entries/{breach}")).await?;
    let breach: StatementId = breach["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| unexpected("the state of the thread names no breach"))?;
    let answer = words::Answer {
        domain: &people.acme.domain,
        thread: &agreement.id,
        to: &breach,
        note: "Paid back today, with our apology.",
    };
    let last = answer.at("final", Some(("outcome", "refund")))?;
    stage.publish(last, &people.acme.key).await?;
    stage.publish(words::assessment(&agreement.id)?, &people.ana).await?;
    let state = stage.state(&agreement.id).await?;
    holds(
        state["breaches"][0]["asked"][0]["status"] == "final_response",
        "the final answer is on record",
        &state,
    )?;
    holds(state["outcome"]["status"] == "resolved", "Ana states that it is resolved", &state)
}

/// The organization publishes its key, as `onrecord org init` writes it.
fn list_key(stage: &Stage, organization: &Organization) {
    let document = Document {
        domain: organization.domain.clone(),
        expires: stage.now().at_the_minute().plus(Duration::from_secs(365 * 24 * 60 * 60)),
        keys: [organization.key.did()].into(),
        logs: vec![stage.origin().clone()],
    };
    organization.site.publish(document.to_json());
}

/// A heading.
fn act(title: &str) -> Result<(), Failure> {
    terminal::line("")?;
    terminal::line(format_args!("{}", title.bold()))
}

fn say(sentence: &str) -> Result<(), Failure> {
    terminal::line(format_args!("  {sentence}"))
}

/// A sentence with how long it took.
fn told(sentence: &str, from: Instant, to: Instant) -> Result<(), Failure> {
    let milliseconds = to.saturating_duration_since(from).as_secs_f64() * 1000.0;
    say(&format!("{sentence} ({milliseconds:.0} ms)"))
}

/// A sentence that has to be true.
fn holds(is_so: bool, sentence: &str, found: &Value) -> Result<(), Failure> {
    if is_so {
        return say(sentence);
    }
    Err(unexpected(&format!("it does not hold that {sentence}: {found}")))
}

/// A sentence about something that the ledger has to refuse.
fn refused(outcome: Result<Published, String>, sentence: &str) -> Result<(), Failure> {
    match outcome {
        Err(_) => say(sentence),
        Ok(published) => {
            Err(unexpected(&format!("entry {} was admitted: {sentence}", published.index)))
        }
    }
}
