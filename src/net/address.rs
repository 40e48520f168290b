//! Which addresses a ledger may connect to when others decide where: those of the public internet and no other
//! (protocol §9). The one place that judges an address; an address that is judged good is a type of its own, and
//! only that can be dialled.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address of the public internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GlobalAddress(IpAddr);

/// The address is none of the public internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{address} is not an address of the public internet ({range})")]
pub struct NotGlobal {
    /// The address.
    pub address: IpAddr,
    /// What its range is for.
    pub range: &'static str,
}

/// IPv4 ranges that are not for the public (IANA's special-purpose registry, RFC 6890): first address, bits of
/// the prefix, purpose. 192.0.0.0/24 is refused whole, with the two anycast addresses in it that are global.
const RANGES_V4: [(Ipv4Addr, u32, &str); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by a carrier's customers"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignments"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relays"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// What of IPv6 is assigned to the public at all.
const PUBLIC_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Ranges within [`PUBLIC_V6`] that are not for the public, and those without that have a name of their own. An
/// address that carries an IPv4 address is refused whatever that is: nobody's site is only to be found there.
const RANGES_V6: [(Ipv6Addr, u32, &str); 15] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, "Teredo"),
    (Ipv6Addr::new(0x2001, 2, 0, 0, 0, 0, 0, 0), 48, "benchmarking"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "protocol assignments"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified"),
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::UNSPECIFIED, 96, "IPv4-compatible"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "IPv4-mapped"),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 32, "NAT64"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "unique local"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "site-local"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
];

impl GlobalAddress {
    /// Judges an address.
    ///
    /// # Errors
    /// [`NotGlobal`] for every address that is not certainly one of the public internet.
    pub fn check(address: IpAddr) -> Result<Self, NotGlobal> {
        let range = match address {
            IpAddr::V4(address) => range_v4(address),
            IpAddr::V6(address) => range_v6(address),
        };
        range.map_or(Ok(Self(address)), |range| Err(NotGlobal { address, range }))
    }

    /// The address.
    pub const fn ip(self) -> IpAddr {
        self.0
    }
}

fn range_v4(address: Ipv4Addr) -> Option<&'static str> {
    let within = |first: Ipv4Addr, bits: u32| {
        u32::from(address) >> (u32::BITS - bits) == u32::from(first) >> (u32::BITS - bits)
    };
    RANGES_V4.iter().find(|(first, bits, _)| within(*first, *bits)).map(|(_, _, range)| *range)
}

fn range_v6(address: Ipv6Addr) -> Option<&'static str> {
    let within = |first: Ipv6Addr, bits: u32| {
        u128::from(address) >> (u128::BITS - bits) == u128::from(first) >> (u128::BITS - bits)
    };
    let named =
        RANGES_V6.iter().find(|(first, bits, _)| within(*first, *bits)).map(|(_, _, range)| *range);
    named.or((!within(PUBLIC_V6.0, PUBLIC_V6.1)).then_some("not assigned to the public"))
}

impl fmt::Display for GlobalAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(address: &str) -> Option<&'static str> {
        GlobalAddress::check(address.parse().unwrap()).err().map(|refused| refused.range)
    }

    #[test]
    fn the_public_internet_is_dialled() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2001:db7:ffff::",
            "2001:db9::",
            "2003::1",
            "2606:4700:4700::1111",
            "3fff:1000::1",
        ] {
            assert_eq!(range(address), None, "{address}");
        }
    }

    #[test]
    fn no_address_of_another_range_is_dialled_from_its_first_to_its_last() {
        for (first, last, expected) in [
            ("0.0.0.0", "0.255.255.255", "this network"),
            ("10.0.0.0", "10.255.255.255", "private"),
            ("100.64.0.0", "100.127.255.255", "shared by a carrier's customers"),
            ("127.0.0.0", "127.255.255.255", "loopback"),
            ("169.254.0.0", "169.254.169.254", "link-local"),
            ("172.16.0.0", "172.31.255.255", "private"),
            ("192.0.0.0", "192.0.0.255", "protocol assignments"),
            ("192.0.2.0", "192.0.2.255", "documentation"),
            ("192.88.99.0", "192.88.99.255", "6to4 relays"),
            ("192.168.0.0", "192.168.255.255", "private"),
            ("198.18.0.0", "198.19.255.255", "benchmarking"),
            ("198.51.100.0", "198.51.100.255", "documentation"),
            ("203.0.113.0", "203.0.113.255", "documentation"),
            ("224.0.0.0", "239.255.255.255", "multicast"),
            ("240.0.0.0", "255.255.255.255", "reserved"),
            ("::", "::", "unspecified"),
            ("::1", "::1", "loopback"),
            ("::2", "::255.255.255.255", "IPv4-compatible"),
            ("::ffff:0.0.0.0", "::ffff:255.255.255.255", "IPv4-mapped"),
            ("::ffff:1.1.1.1", "::ffff:127.0.0.1", "IPv4-mapped"),
            ("64:ff9b::", "64:ff9b::127.0.0.1", "NAT64"),
            ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "NAT64"),
            ("100::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "not assigned to the public"),
            ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo"),
            ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", "benchmarking"),
            ("2001:10::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "protocol assignments"),
            ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"),
            ("2002::", "2002:7f00:1::", "6to4"),
            ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"),
            ("4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "not assigned to the public"),
            ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unique local"),
            ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"),
            ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "site-local"),
            ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"),
        ] {
            assert_eq!((range(first), range(last)), (Some(expected), Some(expected)), "{first}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_dialled_the_standard_library_has_no_doubt_about(bits in proptest::prelude::any::<u128>()) {
            let address = Ipv6Addr::from(bits | 0x2000 << 112 & !(0xc000 << 112));
            for address in [IpAddr::V6(address), IpAddr::V6(bits.into()), IpAddr::V4((bits as u32).into())] {
                if GlobalAddress::check(address).is_ok() {
                    proptest::prop_assert!(!address.is_loopback() && !address.is_multicast());
                    proptest::prop_assert!(!address.is_unspecified());
                    proptest::prop_assert_eq!(address.to_canonical(), address);
                    if let IpAddr::V4(address) = address {
                        proptest::prop_assert!(!address.is_private() && !address.is_link_local());
                        proptest::prop_assert!(!address.is_broadcast() && !address.is_documentation());
                    }
                    if let IpAddr::V6(address) = address {
                        proptest::prop_assert!(!address.is_unique_local());
                        proptest::prop_assert!(!address.is_unicast_link_local());
                    }
                }
            }
        }
    }
}
