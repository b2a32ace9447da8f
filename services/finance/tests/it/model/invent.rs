//! Calls that mostly make sense, so that the rules behind the first ones are
//! come to.

mod grant;
mod money;
mod recovery;
pub(super) mod requisition;
mod year;

pub(super) use money::all_pay;

use super::{
    actor::{ACTORS, Actor, office},
    calendar::{Days, YEAR, day, months},
    call::Call,
    dice::Dice,
    reference::{Asks, Costs, Reference},
};

/// Any call.
pub(super) fn invent(dice: &mut Dice, model: &Reference, request_id: String) -> Call {
    let (actor, asks) = match dice.roll(100) {
        0..8 => (officer(dice), Asks::Grant(grant::invent(dice, model))),
        8..20 => recovery::invent(dice, model),
        20..32 => (officer(dice), Asks::Money(money::invent(dice, model))),
        32..34 => (officer(dice), Asks::Staffing(year::invent_staffing(dice, model))),
        34..36 => (officer(dice), Asks::Year(year::invent(dice, model))),
        _ => requisition::invent(dice, model),
    };
    Call { actor, asks, request_id }
}

/// Somebody of the office, mostly.
fn officer(dice: &mut Dice) -> Actor {
    if dice.one_in(12) { dice.pick(&ACTORS) } else { dice.pick(&office()) }
}

/// The version last seen, mostly.
fn etag(dice: &mut Dice, seen: usize) -> String {
    (if dice.one_in(12) { seen + 1 } else { seen }).to_string()
}

/// Some months of a year.
fn some_months(dice: &mut Dice, year: i32) -> Days {
    let (one, other) = (dice.month(), dice.month());
    months(year, one.min(other), one.max(other))
}

/// A day of the year, seldom of the next, and seldomer one that has not come.
fn some_day(dice: &mut Dice) -> chrono::NaiveDate {
    match dice.roll(16) {
        0 => day(YEAR + 1, 3, 1),
        1..4 => day(YEAR + 1, 1, 15),
        _ => day(YEAR, dice.month(), 28),
    }
}

/// An id that is mostly new.
fn new_id(dice: &mut Dice, letter: char, there_are: usize) -> String {
    format!("{letter}{}", dice.roll(6 * (there_are + 9)))
}

/// A part of each kind of cost, mostly no more than there is.
fn part_of(dice: &mut Dice, costs: &Costs) -> Costs {
    let mut part = Costs::new();
    for (kind, ore) in costs {
        let is_there = part.iter().any(|(other, _)| other == kind);
        if is_there || (!part.is_empty() && dice.one_in(2)) {
            continue;
        }
        let more = if dice.one_in(8) { 1 } else { 0 };
        let all = usize::try_from(*ore).unwrap();
        part.push((*kind, if dice.one_in(3) { *ore + more } else { dice.ore(all) + more }));
    }
    part
}
