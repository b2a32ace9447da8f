//! Free ports on loopback, below the range that outgoing connections use: above
//! it a client that tries a port nobody listens on yet can be given that very
//! port for its own end, and then talks to itself.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::atomic::{AtomicU16, Ordering},
};

use anyhow::Context as _;

const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// An address that nobody listens on now.
///
/// # Errors
/// When every port that was tried is taken.
pub(crate) fn free() -> anyhow::Result<SocketAddr> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Programs that run at the same time begin in different places.
    let begin = std::process::id() % u32::from(COUNT);
    let begin = u16::try_from(begin).unwrap_or_default();
    let free = (0..500).find_map(|_| {
        let offset = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + (begin.wrapping_mul(7) + offset) % COUNT;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        TcpListener::bind(address).is_ok().then_some(address)
    });
    free.context("no port on loopback is free")
}
