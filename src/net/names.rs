//! Asking the DNS about a domain. What is not there is told from what could not be found out: only the first
//! is an answer. Nothing is remembered between two questions, because whoever corrects a record asks at once
//! whether it is right now.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{Resolver, TokioResolver};

use crate::encoding::domain::Domain;
use crate::ledger::domain_answer::RECORD_LABEL;

/// For one question to one name server, so that a second try fits into a look at a domain.
const QUESTION_TIME: Duration = Duration::from_secs(2);
const TRIES: usize = 1;

/// Why a name could not be found out about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The name servers gave no usable answer.
    #[error("the name servers do not say what {name} is: {cause}")]
    Failed {
        /// What was asked for.
        name: String,
        /// What went wrong.
        cause: String,
    },
    /// No answer in time.
    #[error("the name servers did not say in time what {name} is")]
    TimedOut {
        /// What was asked for.
        name: String,
    },
    /// A name reserved for examples, which leads nowhere, so that nobody is asked.
    #[error("{0} is a name reserved for examples, which leads nowhere")]
    Reserved(Domain),
}

/// Answers questions about domains.
pub trait Names: Send + Sync {
    /// The addresses of the domain; none when it has none, authoritatively.
    fn addresses<'a>(&'a self, domain: &'a Domain)
    -> BoxFuture<'a, Result<Vec<IpAddr>, NameError>>;

    /// The TXT records at `_onrecord.<domain>`, each the bytes of its strings joined; none when there are none,
    /// authoritatively.
    fn texts<'a>(&'a self, domain: &'a Domain) -> BoxFuture<'a, Result<Vec<Vec<u8>>, NameError>>;
}

/// The DNS.
#[derive(Debug, Clone, Copy)]
pub struct Dns {
    server: Option<SocketAddr>,
}

impl Dns {
    /// By the name servers that the system is set up with, as they are at each question.
    pub const fn of_the_system() -> Self {
        Self { server: None }
    }

    /// By that name server.
    pub const fn at(server: SocketAddr) -> Self {
        Self { server: Some(server) }
    }

    fn resolver(self) -> Result<TokioResolver, NetError> {
        let mut builder = match self.server {
            None => TokioResolver::builder_tokio()?,
            Some(server) => {
                Resolver::builder_with_config(only(server), TokioRuntimeProvider::default())
            }
        };
        let options = builder.options_mut();
        options.timeout = QUESTION_TIME;
        options.attempts = TRIES;
        options.cache_size = 0;
        options.edns0 = true;
        options.use_hosts_file = ResolveHosts::Never;
        builder.build()
    }

    async fn ask(self, name: &str, kind: RecordType) -> Result<Vec<RData>, NameError> {
        // With its dot at the end a name is whole, and no search domain of the system is put behind it.
        let whole = Name::from_ascii(format!("{name}.")).map_err(|error| failed(name, error))?;
        let resolver = self.resolver().map_err(|error| failed(name, error))?;
        match resolver.lookup(whole, kind).await {
            Ok(found) => records(&found, kind).map_err(|cause| failed(name, cause)),
            Err(error) => absent(name, error).map(|()| Vec::new()),
        }
    }

    async fn find_addresses(self, domain: &Domain) -> Result<Vec<IpAddr>, NameError> {
        let name = domain.as_str();
        let (v4, v6) =
            tokio::join!(self.ask(name, RecordType::A), self.ask(name, RecordType::AAAA));
        let records = match (v4, v6) {
            (Ok(v4), Ok(v6)) => [v4, v6].concat(),
            (Ok(known), Err(_)) | (Err(_), Ok(known)) if !known.is_empty() => known,
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        let address = |record: RData| match record {
            RData::A(address) => Some(IpAddr::V4(address.0)),
            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
            _ => None,
        };
        Ok(records.into_iter().filter_map(address).collect())
    }

    async fn find_texts(self, domain: &Domain) -> Result<Vec<Vec<u8>>, NameError> {
        let records = self.ask(&format!("{RECORD_LABEL}.{domain}"), RecordType::TXT).await?;
        let text = |record: RData| match record {
            RData::TXT(text) => Some(text.txt_data.concat()),
            _ => None,
        };
        Ok(records.into_iter().filter_map(text).collect())
    }
}

impl Names for Dns {
    fn addresses<'a>(
        &'a self,
        domain: &'a Domain,
    ) -> BoxFuture<'a, Result<Vec<IpAddr>, NameError>> {
        Box::pin(self.find_addresses(domain))
    }

    fn texts<'a>(&'a self, domain: &'a Domain) -> BoxFuture<'a, Result<Vec<Vec<u8>>, NameError>> {
        Box::pin(self.find_texts(domain))
    }
}

fn only(server: SocketAddr) -> ResolverConfig {
    let at_its_port = |mut connection: ConnectionConfig| {
        connection.port = server.port();
        connection
    };
    let connections =
        vec![at_its_port(ConnectionConfig::udp()), at_its_port(ConnectionConfig::tcp())];
    let server = NameServerConfig::new(server.ip(), true, connections);
    ResolverConfig::from_parts(None, Vec::new(), vec![server])
}

/// The records of that type in an answer that is whole.
fn records(found: &Lookup, kind: RecordType) -> Result<Vec<RData>, String> {
    let message = found.message();
    if message.truncation {
        return Err("the answer was cut off".to_owned());
    }
    if !matches!(message.response_code, ResponseCode::NoError | ResponseCode::NXDomain) {
        return Err(message.response_code.to_string());
    }
    let records = found.answers().iter().map(|record| record.data.clone());
    Ok(records.filter(|record| record.record_type() == kind).collect())
}

/// Whether the name servers say that there is nothing, rather than that they cannot say, or that others might.
fn absent(name: &str, error: NetError) -> Result<(), NameError> {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none))
            if matches!(none.response_code, ResponseCode::NoError | ResponseCode::NXDomain) =>
        {
            match (none.ns, none.soa) {
                (Some(_), None) => Err(failed(name, "they name other name servers")),
                _ => Ok(()),
            }
        }
        NetError::Timeout => Err(NameError::TimedOut { name: name.to_owned() }),
        error => Err(failed(name, error)),
    }
}

fn failed(name: &str, cause: impl ToString) -> NameError {
    NameError::Failed { name: name.to_owned(), cause: cause.to_string() }
}
