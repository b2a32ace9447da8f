//! The addresses of the pages, as the router lists them, and those of them that lead
//! somewhere in an installation.

use std::collections::{BTreeMap, BTreeSet};

/// The router's own list.
const ROUTERS: [&str; 2] = [
    include_str!("../../../services/gateway/src/web.rs"),
    include_str!("../../../services/gateway/src/web/office.rs"),
];

/// How many addresses of a route are followed: of people all there are.
const MOST: usize = 6;

/// The routes that answer a GET.
pub(super) fn routes() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for router in ROUTERS {
        for route in router.split(".route(").skip(1) {
            let mut pieces = route.splitn(3, '"');
            let path = pieces.nth(1).unwrap();
            // Up to where the next begins, or the function ends.
            let handlers = pieces.next().unwrap().split("\n}").next().unwrap();
            if handlers.contains("get(") {
                routes.insert(path.to_owned());
            }
        }
    }
    assert!(routes.len() > 100, "{routes:?}");
    routes
}

/// Addresses that lead somewhere, by their route.
pub(super) struct Addresses(BTreeMap<String, BTreeSet<String>>);

impl Addresses {
    /// The routes that need no name.
    pub(super) fn new() -> Self {
        let mut addresses = Self(BTreeMap::new());
        for route in routes() {
            let of_route = addresses.0.entry(route.clone()).or_default();
            if !route.contains('{') {
                of_route.insert(route);
            }
        }
        addresses
    }

    /// Notes an address that somebody was told; false when it was known, is none of ours,
    /// or is one too many of its route.
    pub(super) fn note(&mut self, address: &str) -> bool {
        let Some(route) = self.route_of(address) else { return false };
        let of_route = self.0.get_mut(&route).expect("a route");
        of_route.len() < MOST && of_route.insert(address.to_owned())
    }

    /// Every one of them.
    pub(super) fn all(&self) -> Vec<String> {
        self.0.values().flatten().cloned().collect()
    }

    /// Makes addresses of the routes that nobody is led to, of the names that others have.
    pub(super) fn fill(&mut self) {
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (route, addresses) in &self.0 {
            for address in addresses {
                let path = address.split('?').next().unwrap_or_default();
                let parts = route.split('/').zip(path.split('/'));
                for (part, given) in parts.filter(|(part, _)| part.starts_with('{')) {
                    names.entry(part.to_owned()).or_default().insert(given.to_owned());
                }
            }
        }
        let unknown = self.0.iter_mut().filter(|(_, addresses)| addresses.is_empty());
        for (route, addresses) in unknown {
            let mut made = vec![String::new()];
            for part in route.split('/').skip(1) {
                let one = BTreeSet::from([part.to_owned()]);
                let none = BTreeSet::new();
                let parts =
                    if part.starts_with('{') { names.get(part).unwrap_or(&none) } else { &one };
                let longer =
                    |start: String| parts.iter().map(move |part| format!("{start}/{part}"));
                made = made.into_iter().flat_map(longer).collect();
            }
            addresses.extend(made.into_iter().take(MOST));
        }
    }

    /// The route of an address, whatever is asked at it.
    pub(super) fn route_of(&self, address: &str) -> Option<String> {
        self.route(address.split('?').next().unwrap_or_default())
    }

    /// The route of a path: the one that leaves the least open.
    fn route(&self, path: &str) -> Option<String> {
        let matching = self.0.keys().filter(|route| matches(route, path));
        matching.min_by_key(|route| route.matches('{').count()).cloned()
    }
}

fn matches(route: &str, path: &str) -> bool {
    let (route, path) = (route.split('/'), path.split('/'));
    route.clone().count() == path.clone().count()
        && route
            .zip(path)
            .all(|(part, given)| part == given || (part.starts_with('{') && !given.is_empty()))
}

/// The addresses that a page leads to.
pub(super) fn links(html: &str) -> impl Iterator<Item = String> + '_ {
    let after = [" href=\"/", " formaction=\"/"].into_iter();
    let links = after.flat_map(move |mark| html.split(mark).skip(1));
    links.filter_map(|rest| {
        let link = rest.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&");
        Some(format!("/{}", link.split('#').next()?))
    })
}
