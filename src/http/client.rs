//! Which network a request comes from. A forwarded address is believed only from the configured
//! number of proxies, counted from the right, since anyone can write the rest of that header.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header::HeaderName};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// One customer of the network: an IPv4 address, or the /64 that an IPv6 host chooses freely in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Network {
    /// An IPv4 /32.
    V4([u8; 4]),
    /// An IPv6 /64.
    V6([u8; 8]),
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self::V4(v4.octets()),
            IpAddr::V6(v6) => {
                let [a, b, c, d, e, f, g, h, ..] = v6.octets();
                Self::V6([a, b, c, d, e, f, g, h])
            }
        }
    }
}

/// The network behind a request that reached us from `peer` through `hops` trusted proxies.
///
/// Each trusted proxy appends the address it was reached from, so the client's is the `hops`-th
/// from the right. With fewer addresses than that, or one that is none, the peer itself counts.
pub fn network_of(peer: IpAddr, headers: &HeaderMap, hops: usize) -> Network {
    let forwarded = hops.checked_sub(1).and_then(|place| {
        let lists: Vec<_> = headers.get_all(X_FORWARDED_FOR).iter().collect();
        let mut addresses =
            lists.iter().rev().flat_map(|list| list.as_bytes().rsplit(|b| *b == b','));
        parse(addresses.nth(place)?)
    });
    forwarded.unwrap_or(peer).into()
}

/// An address as proxies write it: alone, or with a port.
fn parse(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let unbracketed =
        text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    unbracketed.parse().or_else(|_| with_port()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    fn seen(lists: &[&str], hops: usize) -> Network {
        let mut headers = HeaderMap::new();
        for list in lists {
            headers.append(X_FORWARDED_FOR, list.parse().unwrap());
        }
        network_of(PEER, &headers, hops)
    }

    fn network(address: &str) -> Network {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn without_trusted_hops_the_header_is_ignored() {
        assert_eq!(seen(&["203.0.113.9"], 0), PEER.into());
    }

    #[test]
    fn the_address_is_counted_from_the_right() {
        let lists = ["6.6.6.6, 203.0.113.9", "198.51.100.7:4711"];
        assert_eq!(seen(&lists, 1), network("198.51.100.7"));
        assert_eq!(seen(&lists, 2), network("203.0.113.9"));
    }

    #[test]
    fn what_is_missing_or_no_address_counts_as_the_peer() {
        assert_eq!(seen(&["203.0.113.9"], 2), PEER.into());
        assert_eq!(seen(&["203.0.113.9, unknown"], 1), PEER.into());
        assert_eq!(seen(&[], 1), PEER.into());
    }

    #[test]
    fn an_ipv6_network_is_its_first_64_bits_and_a_mapped_one_is_ipv4() {
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::"));
        assert_ne!(network("2001:db8:1:2::"), network("2001:db8:1:3::"));
        assert_eq!(network("::ffff:203.0.113.9"), network("203.0.113.9"));
        assert_eq!(seen(&["[2001:db8::1]:443"], 1), seen(&["2001:db8::2"], 1));
    }

    proptest::proptest! {
        #[test]
        fn foreign_headers_never_panic(text in "[ -~]{0,80}", hops in 0usize..5) {
            seen(&[&text, &text], hops);
        }
    }
}
