//! A DNS that answers as a test says, another thing each time if it says so, and a dialler that notes which
//! addresses it was told to connect to and connects to a site of the test.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use onrecord::encoding::domain::Domain;
use onrecord::net::{Dial, GlobalAddress, NameError, Names, Resolve, Sites};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;

/// A public address, which no test connects to.
pub const PUBLIC: &str = "8.8.8.8";

type Answers<T> = Mutex<VecDeque<Result<Vec<T>, NameError>>>;

/// Answers in turn; whoever asks once more than there are answers fails the test.
#[derive(Default)]
pub struct Scripted {
    addresses: Answers<IpAddr>,
    texts: Answers<Vec<u8>>,
}

impl Scripted {
    pub fn leading(turns: &[&[&str]]) -> Self {
        let turn = |addresses: &&[&str]| {
            Ok(addresses.iter().map(|address| address.parse().unwrap()).collect())
        };
        let texts = Mutex::new(VecDeque::from([Ok(Vec::new())]));
        Self { addresses: Mutex::new(turns.iter().map(turn).collect()), texts }
    }

    pub fn with_texts(mut self, answer: Result<Vec<Vec<u8>>, NameError>) -> Self {
        self.texts = Mutex::new(VecDeque::from([answer]));
        self
    }

    /// Answers that nobody asked for yet.
    pub fn left(&self) -> usize {
        self.addresses.lock().unwrap().len()
    }
}

impl Names for Scripted {
    fn addresses<'a>(&'a self, _: &'a Domain) -> BoxFuture<'a, Result<Vec<IpAddr>, NameError>> {
        let answer = self.addresses.lock().unwrap().pop_front();
        Box::pin(async { answer.unwrap() })
    }

    fn texts<'a>(&'a self, _: &'a Domain) -> BoxFuture<'a, Result<Vec<Vec<u8>>, NameError>> {
        let answer = self.texts.lock().unwrap().pop_front();
        Box::pin(async { answer.unwrap() })
    }
}

/// Notes every address, and connects to the site when there is one.
pub struct Noting {
    site: Option<SocketAddr>,
    dialled: Mutex<Vec<(IpAddr, u16)>>,
}

impl Noting {
    pub fn dialled(&self) -> Vec<(IpAddr, u16)> {
        self.dialled.lock().unwrap().clone()
    }
}

impl Dial for Noting {
    fn dial(&self, address: GlobalAddress, port: u16) -> BoxFuture<'_, io::Result<TcpStream>> {
        self.dialled.lock().unwrap().push((address.ip(), port));
        Box::pin(async {
            match self.site {
                Some(site) => TcpStream::connect(site).await,
                None => Err(io::ErrorKind::ConnectionRefused.into()),
            }
        })
    }
}

/// The way over the public internet, as far as a test lets it be one.
pub struct Internet {
    pub sites: Sites,
    pub names: Arc<Scripted>,
    pub dial: Arc<Noting>,
}

impl Internet {
    pub fn new(names: Scripted, site: Option<SocketAddr>, tls: ClientConfig) -> Self {
        let names = Arc::new(names);
        let dial = Arc::new(Noting { site, dialled: Mutex::default() });
        let sites = Sites::new(Arc::clone(&names) as _, Arc::clone(&dial) as _, tls, &[]);
        Self { sites, names, dial }
    }
}

/// The way to a site on this machine, by the development resolver.
pub fn developed(site: SocketAddr) -> Sites {
    let resolve: Resolve = format!("acme.example={site}").parse().unwrap();
    let dial = Arc::new(Noting { site: None, dialled: Mutex::default() });
    Sites::new(Arc::new(Scripted::default()), dial, crate::site::trust(), &[resolve])
}

pub fn domain(name: &str) -> Domain {
    Domain::parse(name).unwrap()
}
