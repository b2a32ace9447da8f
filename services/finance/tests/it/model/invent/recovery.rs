//! Recoveries of what is paid, and their steps.

use super::{etag, new_id, officer, part_of, requisition, some_day};
use crate::model::{
    actor::Actor,
    dice::Dice,
    reference::{self, Reference, recovery::Asks, requisition::Requisition},
};

pub(super) fn invent(dice: &mut Dice, model: &Reference) -> (Actor, reference::Asks) {
    let open = |state: &str| ["proposed", "decided"].contains(&state);
    let open: Vec<_> = model.recoveries.iter().filter(|(_, kept)| open(kept.state())).collect();
    let paid = |kept: &Requisition| kept.state() == "paid";
    let paid: Vec<_> = model.requisitions.iter().filter(|(_, kept)| paid(kept)).collect();
    let asks = match (dice.any(&open), dice.any(&paid)) {
        (Some((id, kept)), _) if !dice.one_in(3) => {
            let usual: &[&'static str] = match kept.state() {
                "proposed" => &["decide", "decide", "decide", "cancel"],
                _ => &["settle"],
            };
            let any = ["decide", "cancel", "settle"];
            let step = if dice.one_in(8) { dice.pick(&any) } else { dice.pick(usual) };
            let etag = etag(dice, kept.steps.len());
            Asks::Step { id: id.clone(), step, etag, settled: some_day(dice) }
        }
        (_, Some((requisition, kept))) => {
            let there = kept.costs.iter().map(|(kind, ore)| (*kind, ore.abs())).collect();
            let mut costs = part_of(dice, &there);
            if dice.one_in(16) {
                costs.push(costs[0]);
            }
            let requisition = if dice.one_in(16) { "none".to_owned() } else { requisition.clone() };
            Asks::Create { id: new_id(dice, 'c', model.recoveries.len()), requisition, costs }
        }
        (_, None) => return requisition::invent(dice, model),
    };
    (officer(dice), reference::Asks::Recovery(asks))
}
