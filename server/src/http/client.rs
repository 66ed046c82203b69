//! Which address a request comes from.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::IpAddr;

/// The other end of the connection, as the listener saw it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The client's address: the connection's own, unless that is a proxy of ours. Then it is the last address in
/// `X-Forwarded-For` that is not one of our proxies: what stands before it, anybody may have written.
pub fn address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let trusted = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    let mut client = peer.to_canonical();
    if !trusted(&client) {
        return client;
    }
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        // What isn't an address wasn't written by a proxy of ours: the one before it is the last we know.
        let Some(hop) = parse(hop.trim()) else { break };
        client = hop;
        if !trusted(&client) {
            break;
        }
    }
    client
}

/// Some proxies add the port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or(hop);
    let address = bare.parse().ok().or_else(|| Some(bare.parse::<std::net::SocketAddr>().ok()?.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// What counts as one client: an IPv4 address, or the /64 that an IPv6 subscriber has to themselves.
pub fn party(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets()[..8].to_vec(),
    }
}

/// For its owner's eyes: enough to know it by, without the last part.
pub fn partly_hidden(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.…")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:…")
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ask(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let proxies: Vec<IpNet> = proxies.iter().map(|net| net.parse().unwrap()).collect();
        address(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_our_proxies_are_believed() {
        assert_eq!(ask("203.0.113.9", &["1.1.1.1"], &[]), "203.0.113.9");
        assert_eq!(ask("203.0.113.9", &["1.1.1.1"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(ask("10.0.0.1", &["198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(ask("::ffff:10.0.0.1", &["198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(ask("10.0.0.1", &[], &["10.0.0.0/8"]), "10.0.0.1");
    }

    #[test]
    fn what_the_client_wrote_itself_is_passed_over() {
        let ours = &["10.0.0.0/8"];
        assert_eq!(ask("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"], ours), "198.51.100.7");
        assert_eq!(ask("10.0.0.1", &["1.1.1.1", "198.51.100.7"], ours), "198.51.100.7");
        assert_eq!(ask("10.0.0.1", &["198.51.100.7, nonsense"], ours), "10.0.0.1");
        assert_eq!(ask("10.0.0.1", &["10.0.0.3, 10.0.0.2"], ours), "10.0.0.3");
        assert_eq!(ask("10.0.0.1", &["[2001:db8::1]:443"], ours), "2001:db8::1");
        assert_eq!(ask("10.0.0.1", &["198.51.100.7:4711"], ours), "198.51.100.7");
    }

    #[test]
    fn a_subscriber_is_one_party_however_many_addresses_they_have() {
        let party = |text: &str| party(text.parse().unwrap());
        assert_eq!(party("2001:db8:1:2::1"), party("2001:db8:1:2:ffff::9"));
        assert_ne!(party("2001:db8:1:2::1"), party("2001:db8:1:3::1"));
        assert_ne!(party("192.0.2.1"), party("192.0.2.2"));
        assert_eq!(partly_hidden("192.0.2.1".parse().unwrap()), "192.0.2.…");
    }
}
