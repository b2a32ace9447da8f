//! What the parties pay in, to and from the contract.

use platform::convert::{prose, text};
use proto::finance as pb;
use values::{Fault, Faults, Ore, Slug, name::PartyName};

use super::{
    amount_fault, board_decision,
    field::{booking_day, budget_year, render_day, signed_amount},
    within,
};
use crate::domain::{
    contribution::{
        Decision, DecisionFault, DecisionParts, Group, LARGEST_WEIGHT, LEAST_TOTAL, MOST_SHARES,
        Share, ShareParts,
        payment::{Payment, PaymentFault, PaymentParts},
        table::{Amounts, Row},
    },
    ledger::Amount,
};

/// Reads a decision, all but its name.
pub(in crate::rpc) fn parse(
    federation: &Slug,
    message: pb::ContributionDecision,
) -> (DecisionParts, Faults) {
    let pb::ContributionDecision {
        name: _, // Read by the caller, who knows what it may be.
        year,
        total_ore,
        shares,
        dnr,
        decision_date,
        deciding_body,
        version: _, // Output only.
        synthetic,
    } = message;
    let mut faults = Faults::new();
    let year = faults.keep(budget_year("year", year));
    let total = faults.keep(total(total_ore));
    let (shares, inner) = parse_shares(federation, shares);
    faults.nest("", inner);
    let (decision, inner) = board_decision::parse_fields(&dnr, decision_date, &deciding_body);
    faults.nest("", inner);
    let parts = DecisionParts { name: None, year, total, shares, decision, synthetic };
    (parts, faults)
}

fn total(ore: i64) -> Result<Amount, Fault> {
    let total = Amount::new(Ore::new(ore)).map_err(|fault| amount_fault("total_ore", fault))?;
    if total.ore() < LEAST_TOTAL {
        return Err(Fault::new("total_ore", "AMOUNT_TOO_SMALL")
            .with("value", total.ore())
            .with("least_ore", LEAST_TOTAL));
    }
    Ok(total)
}

fn parse_shares(
    federation: &Slug,
    shares: Vec<pb::ContributionShare>,
) -> (Option<Vec<ShareParts>>, Faults) {
    if shares.len() > MOST_SHARES {
        let fault = Fault::new("shares", "SHARES_TOO_MANY")
            .with("count", shares.len())
            .with("limit", MOST_SHARES);
        return (None, fault.into());
    }
    let mut faults = Faults::new();
    let mut parts = Vec::with_capacity(shares.len());
    for (place, share) in shares.into_iter().enumerate() {
        let pb::ContributionShare { party, weight, amount_ore: _ } = share; // Output only.
        let mut inner = Faults::new();
        let party = PartyName::parse("party", &party);
        let party = within(federation, "party", party, |name| &name.federation);
        parts.push(ShareParts {
            party: inner.keep(party),
            weight: inner.keep(parse_weight(weight)),
        });
        faults.nest(&format!("shares[{place}]"), inner);
    }
    (Some(parts), faults)
}

fn parse_weight(weight: i64) -> Result<i64, Fault> {
    if (0..=LARGEST_WEIGHT).contains(&weight) {
        return Ok(weight);
    }
    Err(Fault::new("weight", "WEIGHT_OUT_OF_RANGE").with("value", weight))
}

/// What is wrong with a decision, as it is told.
pub(in crate::rpc) fn fault(fault: DecisionFault) -> Fault {
    match fault {
        DecisionFault::PartyUnknown { share, party } => {
            Fault::new(format!("shares[{share}].party"), "PARTY_UNKNOWN").with("value", party)
        }
        DecisionFault::PartyTwice { share, party } => {
            Fault::new(format!("shares[{share}].party"), "PARTY_TWICE").with("value", party)
        }
        DecisionFault::GroupWithoutParty(group) => {
            Fault::new("shares", "GROUP_WITHOUT_PARTY").with("group", group.code())
        }
        DecisionFault::GroupWithoutWeight(group) => {
            Fault::new("shares", "GROUP_WITHOUT_WEIGHT").with("group", group.code())
        }
        DecisionFault::InFuture(day) => board_decision::fault(day),
    }
}

/// A decision as it is sent.
pub(crate) fn render(decision: &Decision) -> pb::ContributionDecision {
    let Decision { name, year, total, shares, decision, version, synthetic } = decision;
    let pb::Decision { dnr, decision_date, deciding_body } = board_decision::render(decision);
    pb::ContributionDecision {
        name: name.to_string(),
        year: year.number(),
        total_ore: total.ore().get(),
        shares: shares.iter().map(render_share).collect(),
        dnr,
        decision_date,
        deciding_body,
        version: *version,
        synthetic: *synthetic,
    }
}

fn render_share(share: &Share) -> pb::ContributionShare {
    let Share { party, group: _, weight, amount } = share; // The party tells its group.
    pb::ContributionShare { party: party.to_string(), weight: *weight, amount_ore: amount.get() }
}

/// Reads a payment, all but its name.
pub(in crate::rpc) fn parse_payment(
    federation: &Slug,
    message: pb::ContributionPayment,
) -> (PaymentParts, Faults) {
    let pb::ContributionPayment {
        name: _, // Read by the caller, who knows what it may be.
        year,
        party,
        amount_ore,
        payment_date,
        bank_reference,
        comment,
        synthetic,
    } = message;
    let mut faults = Faults::new();
    let party = PartyName::parse("party", &party);
    let parts = PaymentParts {
        name: None,
        year: faults.keep(budget_year("year", year)),
        party: faults.keep(within(federation, "party", party, |name| &name.federation)),
        amount: faults.keep(signed_amount("amount_ore", amount_ore)),
        payment_date: faults.keep(booking_day("payment_date", payment_date)),
        bank_reference: faults.keep(text("bank_reference", &bank_reference, 1, 100)),
        comment: prose(&mut faults, "comment", &comment, 0, 1000),
        synthetic,
    };
    (parts, faults)
}

/// What is wrong with a payment, as it is told.
pub(in crate::rpc) fn payment_fault(fault: PaymentFault) -> Fault {
    match fault {
        PaymentFault::PartyUnknown(party) => {
            Fault::new("party", "PARTY_UNKNOWN").with("value", party)
        }
        PaymentFault::InFuture(day) => {
            Fault::new("payment_date", "DAY_IN_FUTURE").with("value", day)
        }
        PaymentFault::CommentMissing => Fault::new("comment", "COMMENT_MISSING"),
    }
}

/// A payment as it is sent.
pub(crate) fn render_payment(payment: &Payment) -> pb::ContributionPayment {
    let Payment { name, year, party, amount, payment_date, bank_reference, comment, synthetic } =
        payment;
    pb::ContributionPayment {
        name: name.to_string(),
        year: year.number(),
        party: party.to_string(),
        amount_ore: amount.ore().get(),
        payment_date: render_day(*payment_date),
        bank_reference: bank_reference.clone(),
        comment: comment.clone(),
        synthetic: *synthetic,
    }
}

/// A row of the table as it is sent.
pub(in crate::rpc) fn render_row(row: Row) -> pb::ContributionRow {
    let Row { party, display_name, group, amounts } = row;
    let group = match group {
        Group::State => pb::ContributionGroup::State,
        Group::Region => pb::ContributionGroup::Region,
        Group::Municipalities => pb::ContributionGroup::Municipalities,
    };
    pb::ContributionRow {
        party: party.to_string(),
        display_name,
        group: group.into(),
        amounts: Some(render_amounts(amounts)),
    }
}

/// Amounts of the table as they are sent.
pub(in crate::rpc) fn render_amounts(amounts: Amounts) -> pb::ContributionAmounts {
    let Amounts { agreed, paid, outstanding, share_permille } = amounts;
    pb::ContributionAmounts {
        agreed_ore: agreed.get(),
        paid_ore: paid.get(),
        outstanding_ore: outstanding.get(),
        share_permille,
    }
}
