//! Grants, sub-projects and new decisions on both.

use super::{etag, new_id, some_months};
use crate::model::{
    calendar::{YEAR, day},
    dice::Dice,
    reference::{Reference, grant::Asks},
};

pub(super) fn invent(dice: &mut Dice, model: &Reference) -> Asks {
    let names: Vec<&String> = model.grants.keys().collect();
    if dice.one_in(2) {
        let id = dice_name(dice, &names);
        return amend(dice, model, id);
    }
    let year = if dice.one_in(4) { YEAR + 1 } else { YEAR };
    let parent = dice.one_in(2).then(|| dice_name(dice, &names));
    let above = parent.as_ref().and_then(|parent| model.grants.get(parent));
    let days = match above {
        Some(above) if !dice.one_in(4) => above.days,
        _ => some_months(dice, year),
    };
    let decided = if dice.one_in(12) { day(YEAR + 1, 3, 1) } else { day(YEAR - 1, 11, 28) };
    let ore = dice.ore(if parent.is_some() { 150 } else { 600 });
    Asks::Create { id: new_id(dice, 'g', names.len()), parent, days, ore, decided }
}

fn dice_name(dice: &mut Dice, names: &[&String]) -> String {
    if dice.one_in(16) { "none".to_owned() } else { dice.pick(names).clone() }
}

fn amend(dice: &mut Dice, model: &Reference, id: String) -> Asks {
    let Some(grant) = model.grants.get(&id) else {
        let (days, decided) = (some_months(dice, YEAR), day(YEAR, 2, 3));
        return Asks::Amend { id, etag: "1".to_owned(), days, ore: 100, decided };
    };
    let stands = model.on_grant(&id);
    let least = stands.granted - stands.left;
    let ore = match dice.roll(6) {
        0 => least,
        1 => least - 1,
        2 => dice.ore(600),
        _ => grant.ore + dice.ore(200),
    };
    let days = match dice.roll(6) {
        0 => some_months(dice, YEAR),
        1 => some_months(dice, grant.year()),
        _ => grant.days,
    };
    let decided = match dice.roll(10) {
        0 => day(YEAR - 1, 1, 1),
        1 => day(YEAR + 1, 3, 1),
        _ => grant.decided.succ_opt().unwrap(),
    };
    Asks::Amend { id, etag: etag(dice, grant.decisions), days, ore: ore.max(1), decided }
}
