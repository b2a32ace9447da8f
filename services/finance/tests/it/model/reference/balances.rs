//! What every account stands at, counted from what happened.

use std::collections::BTreeMap;

use chrono::Datelike as _;

use super::{Reference, total};

/// An account, with its grant and its party where it has them.
pub(in crate::model) type Place = (&'static str, Option<String>, Option<&'static str>);

/// Amounts by account; above 0 is debit.
pub(in crate::model) type Balances = BTreeMap<Place, i64>;

/// What stands on a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) struct OnGrant {
    pub(in crate::model) granted: i64,
    pub(in crate::model) left: i64,
    pub(in crate::model) reserved: i64,
    pub(in crate::model) requisitioned: i64,
    pub(in crate::model) allotted: i64,
    pub(in crate::model) lapsed: i64,
}

impl Reference {
    /// What can still be claimed on a grant.
    pub(in crate::model) fn left(&self, grant: &str) -> i64 {
        self.on_grant(grant).left
    }

    /// What stands on a grant.
    pub(in crate::model) fn on_grant(&self, id: &str) -> OnGrant {
        let grant = &self.grants[id];
        let of_grant = self.requisitions.values().filter(|kept| kept.grant == id);
        let of_grant: Vec<_> = of_grant.collect();
        let reserved = of_grant.iter().filter(|kept| kept.reserves());
        let reserved = reserved.map(|kept| total(&kept.costs)).sum();
        let posted = of_grant.iter().filter(|kept| kept.has_posted());
        let posted: i64 = posted.map(|kept| total(&kept.costs)).sum();
        let recovered = self.recoveries.values().filter(|recovery| {
            let is_the_grants = self.requisitions[&recovery.requisition].grant == id;
            is_the_grants && recovery.decided.is_some_and(|(_, was_open)| was_open)
        });
        let recovered: i64 = recovered.map(|recovery| total(&recovery.costs)).sum();
        let below = self.grants.values().filter(|below| below.parent.as_deref() == Some(id));
        let allotted = below.map(|below| below.ore).sum();
        let requisitioned = posted - recovered;
        let rest = grant.ore - reserved - requisitioned - allotted;
        let is_closed = self.is_closed(grant.year());
        OnGrant {
            granted: grant.ore,
            left: if is_closed { 0 } else { rest },
            reserved,
            requisitioned,
            allotted,
            lapsed: if is_closed { rest } else { 0 },
        }
    }

    /// Every account of a year that does not stand at 0.
    pub(in crate::model) fn balances(&self, year: i32) -> Balances {
        let mut all = Balances::new();
        for (id, grant) in self.grants.iter().filter(|(_, grant)| grant.year() == year) {
            let stands = self.on_grant(id);
            let mut add = |account, ore| {
                all.insert((account, Some(id.clone()), None), ore);
            };
            add("board", -grant.ore);
            add("left", stands.left);
            add("reserved", stands.reserved);
            add("requisitioned", stands.requisitioned);
            add("allotted", stands.allotted);
            add("lapsed", stands.lapsed);
        }
        for (place, ore) in self.of_year(year) {
            *all.entry(place).or_default() += ore;
        }
        all.retain(|_, ore| *ore != 0);
        all
    }

    /// The accounts of a year itself. Closed, its income and costs are its
    /// equity's, and the next year begins with what is left.
    fn of_year(&self, year: i32) -> Balances {
        let mut all = self.booked(year);
        if self.was_closed(year - 1) {
            for (place, ore) in self.of_year(year - 1) {
                *all.entry(place).or_default() += ore;
            }
        }
        if self.was_closed(year) {
            let is_result =
                |place: &Place| ["contributions", "initiatives", "own_costs"].contains(&place.0);
            let result: i64 =
                all.iter().filter(|(place, _)| is_result(place)).map(|(_, ore)| ore).sum();
            all.retain(|place, _| !is_result(place));
            *all.entry(("equity", None, None)).or_default() += result;
        }
        all
    }

    /// True when the year itself was closed.
    fn was_closed(&self, year: i32) -> bool {
        self.years.get(&year).is_some_and(|kept| kept.is_closed)
    }

    /// What was booked in a year, but for its close.
    fn booked(&self, year: i32) -> Balances {
        let mut all = Balances::new();
        let mut add = |account, party, ore| {
            *all.entry((account, None, party)).or_default() += ore;
        };
        let equity = self.years.get(&year).map_or(0, |kept| kept.equity);
        add("bank", None, equity);
        add("equity", None, -equity);
        for (party, _, _) in self.contributions(year).iter().flat_map(|found| &found.shares) {
            add("receivable", Some(*party), self.owed(year, party));
            add("contributions", Some(*party), -self.owed(year, party));
        }
        for payment in self.contribution_payments.iter().filter(|kept| kept.day.year() == year) {
            add("bank", None, payment.ore);
            add("receivable", Some(payment.party), -payment.ore);
        }
        for cost in self.own_costs.iter().filter(|cost| cost.day.year() == year) {
            add("own_costs", None, cost.ore);
            add("bank", None, -cost.ore);
        }
        for kept in self.requisitions.values() {
            let ore = total(&kept.costs);
            if kept.has_posted() && kept.days.1.year() == year {
                add("initiatives", Some(kept.party), ore);
                add("payable", Some(kept.party), -ore);
            }
            if kept.paid.is_some_and(|paid| paid.year() == year) {
                add("payable", Some(kept.party), ore);
                add("bank", None, -ore);
            }
        }
        for kept in self.recoveries.values() {
            let (party, ore) = (self.requisitions[&kept.requisition].party, total(&kept.costs));
            if kept.decided.is_some_and(|(decided, _)| decided == year) {
                add("initiatives", Some(party), -ore);
                add("receivable", Some(party), ore);
            }
            if kept.settled.is_some_and(|settled| settled.year() == year) {
                add("bank", None, ore);
                add("receivable", Some(party), -ore);
            }
        }
        all
    }
}
