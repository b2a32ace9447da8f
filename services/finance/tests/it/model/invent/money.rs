//! Contributions, own costs and budgets.

use super::{new_id, some_day};
use crate::model::{
    actor::PARTIES,
    calendar::{YEAR, day},
    dice::Dice,
    reference::{
        Reference,
        money::{Asks, ContributionDecision, ContributionPayment, OwnCost},
    },
};

pub(super) fn invent(dice: &mut Dice, model: &Reference) -> Asks {
    let year = if dice.one_in(5) { YEAR + 1 } else { YEAR };
    match dice.roll(12) {
        0..2 => {
            let id = new_id(dice, 'd', model.contribution_decisions.len());
            Asks::DecideContributions(decision(dice, id, year))
        }
        2..8 => Asks::PayContribution(payment(dice, model, year)),
        8..10 => {
            let ore = dice.ore(100);
            let ore = if dice.one_in(4) { -ore } else { ore };
            let id = new_id(dice, 'o', model.own_costs.len());
            Asks::RecordOwnCost(OwnCost { id, ore, day: some_day(dice) })
        }
        10 => {
            let id = new_id(dice, 'b', model.budgets.len());
            Asks::DecideBudget { id, year, decided: some_day(dice) }
        }
        _ => {
            let id = new_id(dice, 'f', model.budget_forecasts.len());
            Asks::RecordForecast { id, year, day: some_day(dice) }
        }
    }
}

/// A decision by which everybody pays.
pub(in crate::model) fn all_pay(dice: &mut Dice, id: String, year: i32) -> ContributionDecision {
    let mut shares = vec![("forsakringskassan", 2, 0), ("region", 1, 0)];
    shares.extend(PARTIES.map(|party| (party, 1, dice.ore(5))));
    ContributionDecision { id, year, decided: day(YEAR, 1, 20), shares, unit: 100 }
}

/// Mostly the state, the region and some municipalities.
fn decision(dice: &mut Dice, id: String, year: i32) -> ContributionDecision {
    let mut shares = vec![("forsakringskassan", 2, 0), ("region", 1, 0)];
    for party in PARTIES {
        if !dice.one_in(8) {
            shares.push((party, 1, dice.ore(5)));
        }
    }
    if dice.one_in(12) {
        shares.remove(dice.roll(2));
    }
    let decided = if dice.one_in(12) { day(YEAR + 1, 3, 1) } else { day(YEAR, 1, 20) };
    ContributionDecision { id, year, decided, shares, unit: dice.ore(200) }
}

/// Mostly a part of what is outstanding, or of what is paid taken back.
fn payment(dice: &mut Dice, model: &Reference, year: i32) -> ContributionPayment {
    let party = dice.pick(&["forsakringskassan", "region", PARTIES[0], PARTIES[1], PARTIES[2]]);
    let (owed, paid) = (model.owed(year, party), model.paid(year, party));
    let outstanding = usize::try_from(owed - paid).unwrap();
    let ore = match dice.roll(8) {
        0 if paid > 0 => -dice.ore(usize::try_from(paid).unwrap()),
        1 => -paid - 1,
        2 => owed - paid + 1,
        3 if outstanding > 0 => owed - paid,
        _ => dice.ore(outstanding.max(10)),
    };
    let id = new_id(dice, 'p', model.contribution_payments.len());
    ContributionPayment { id, year, party, ore, day: some_day(dice) }
}
