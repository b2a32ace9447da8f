//! What is to be paid, or was: each party's requisitions and corrections, set off
//! against each other.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use values::{Ore, Slug, name::PartyName};

use super::funding_table::swedish_order;

/// One requisition, or a correction with an amount below zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The requisition.
    pub requisition: Slug,
    /// The party.
    pub party: PartyName,
    /// The party's organisation number, as it is written.
    pub organisation_number: String,
    /// Where the party wants the money.
    pub payment_reference: String,
    /// The requisition's registry number.
    pub dnr: String,
    /// How much.
    pub amount: Ore,
    /// The day it was paid; none before.
    pub payment_date: Option<NaiveDate>,
    /// The bank's reference; empty before it was paid.
    pub bank_reference: String,
}

/// What one party gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyPayments {
    /// The party's name.
    pub display_name: String,
    /// One by one.
    pub payments: Vec<Payment>,
    /// Their sum: below zero when the party owes more than it is owed.
    pub sum: Ore,
}

impl PartyPayments {
    /// What is due now: nothing when corrections take it all.
    #[must_use]
    pub fn due(&self) -> Ore {
        self.sum.max(Ore::ZERO)
    }
}

/// The sums are larger than an amount of money can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumTooLarge;

/// Sets the payments off by party, in order of the parties' names; a party that
/// has no name is told by its id.
///
/// # Errors
/// When a sum does not fit.
pub fn by_party(
    payments: Vec<Payment>,
    names: &BTreeMap<PartyName, String>,
) -> Result<Vec<PartyPayments>, SumTooLarge> {
    let mut parties = BTreeMap::<(Vec<char>, PartyName), PartyPayments>::new();
    for payment in payments {
        let display_name = names.get(&payment.party).cloned();
        let display_name = display_name.unwrap_or_else(|| payment.party.id.to_string());
        let key = (swedish_order(&display_name), payment.party.clone());
        let party = parties.entry(key).or_insert_with(|| PartyPayments {
            display_name,
            payments: Vec::new(),
            sum: Ore::ZERO,
        });
        party.sum = party.sum.plus(payment.amount).ok_or(SumTooLarge)?;
        party.payments.push(payment);
    }
    Ok(parties.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment(requisition: &str, party: &str, ore: i64) -> Payment {
        let slug = |id| Slug::parse("id", id).unwrap();
        Payment {
            requisition: slug(requisition),
            party: PartyName::new(slug("f"), slug(party)),
            organisation_number: String::new(),
            payment_reference: String::new(),
            dnr: String::new(),
            amount: Ore::new(ore),
            payment_date: None,
            bank_reference: String::new(),
        }
    }

    #[test]
    fn corrections_are_set_off_within_their_party_and_never_against_another() {
        let payments = vec![
            payment("r1", "sala", 500),
            payment("r2", "arboga", 100),
            payment("k1", "sala", -200),
            payment("k2", "koping", -300),
        ];
        let names = payments.iter().map(|payment| payment.party.clone());
        let names = names.map(|party| (party.clone(), format!("Ö {}", party.id))).collect();
        let parties = by_party(payments, &names).unwrap();
        let told: Vec<_> = parties
            .iter()
            .map(|party| (party.display_name.as_str(), party.sum.get(), party.due().get()))
            .collect();
        assert_eq!(told, [("Ö arboga", 100, 100), ("Ö koping", -300, 0), ("Ö sala", 300, 300)]);
        assert_eq!(parties[2].payments.len(), 2);
    }

    #[test]
    fn a_party_without_a_name_is_told_by_its_id_and_a_sum_that_does_not_fit_is_refused() {
        let parties = by_party(vec![payment("r1", "sala", 1)], &BTreeMap::new()).unwrap();
        assert_eq!(parties[0].display_name, "sala");
        let too_much = vec![payment("r1", "sala", i64::MAX), payment("r2", "sala", 1)];
        assert_eq!(by_party(too_much, &BTreeMap::new()), Err(SumTooLarge));
    }
}
