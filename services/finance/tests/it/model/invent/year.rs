//! Years and their limits, and rows of who pays for staff. A year is closed at
//! the end of a run; until then it is only tried when it must be refused.

use super::{etag, new_id};
use crate::model::{
    calendar::{YEAR, day},
    dice::Dice,
    reference::{
        Reference,
        staffing::{self, Staffing},
        year::Asks,
    },
};

pub(super) fn invent(dice: &mut Dice, model: &Reference) -> Asks {
    let years: Vec<i32> = model.years.keys().copied().collect();
    let kept = dice.any(&years).filter(|_| !dice.one_in(3));
    let Some(year) = kept else {
        let equity = if dice.one_in(2) { 0 } else { 100 };
        return Asks::Open { year: YEAR - 1 + i32::try_from(dice.roll(4)).unwrap(), equity };
    };
    let etag = etag(dice, model.years[&year].writes);
    if year > YEAR && dice.one_in(2) {
        return Asks::Close { year, etag };
    }
    let limits = if dice.one_in(6) { vec![20, 20] } else { vec![10, 20] };
    Asks::SetPolicy { year, etag, limits }
}

pub(super) fn invent_staffing(dice: &mut Dice, model: &Reference) -> staffing::Asks {
    let rows: Vec<&String> = model.staffing.keys().collect();
    let (first, last) = (day(YEAR, dice.month(), 1), day(YEAR, dice.month(), 28));
    match dice.any(&rows) {
        Some(id) if dice.one_in(2) => {
            let etag = etag(dice, model.staffing[id].writes);
            staffing::Asks::End { id: id.clone(), etag, last }
        }
        _ => {
            let id = new_id(dice, 's', rows.len());
            let municipality = dice.pick(&["0480", "0481", "0482", "0484", "0486"]);
            let last = dice.one_in(2).then_some(last.max(first));
            let row = Staffing { municipality, first, last, writes: 1 };
            staffing::Asks::Create { id, row }
        }
    }
}
