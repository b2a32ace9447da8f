//! Claims, corrections, and the steps of both.

use super::{etag, new_id, part_of, some_day};
use crate::model::{
    actor::{ACTORS, Actor, PARTIES, of_party, office},
    calendar::{Days, YEAR, day, months, overlap},
    dice::Dice,
    reference::{
        self, Costs, Reference,
        requisition::{Asks, Content, Requisition},
    },
};

const STEPS: [&str; 7] = ["submit", "review", "approve", "return", "reject", "withdraw", "pay"];

pub(in crate::model) fn invent(dice: &mut Dice, model: &Reference) -> (Actor, reference::Asks) {
    let is_open = |kept: &Requisition| !["paid", "rejected", "withdrawn"].contains(&kept.state());
    let open: Vec<&String> =
        model.requisitions.iter().filter(|(_, kept)| is_open(kept)).map(|(id, _)| id).collect();
    let (actor, asks) = match dice.any(&open) {
        Some(id) if !dice.one_in(4) => go_on(dice, id, &model.requisitions[id]),
        _ => draft(dice, model),
    };
    (actor, reference::Asks::Requisition(asks))
}

fn draft(dice: &mut Dice, model: &Reference) -> (Actor, Asks) {
    let id = new_id(dice, 'r', model.requisitions.len());
    let posted: Vec<(&String, &Requisition)> =
        model.requisitions.iter().filter(|(_, kept)| kept.has_posted()).collect();
    if dice.one_in(4)
        && let Some((corrects, kept)) = dice.any(&posted)
    {
        let party = if dice.one_in(16) { dice.pick(&PARTIES) } else { kept.party };
        let actor = party_of(dice, party);
        let content = correction(dice, kept);
        let (corrects, grant) = (Some(corrects.clone()), kept.grant.clone());
        return (actor, Asks::Draft { id, party, grant, corrects, content });
    }
    let actor = ACTORS[dice.roll(ACTORS.len() - 2)];
    let own = actor.party.filter(|_| !dice.one_in(10));
    let party = own.unwrap_or(PARTIES[dice.roll(PARTIES.len())]);
    let names: Vec<&String> = model.grants.keys().collect();
    let grant = if dice.one_in(24) { "none".to_owned() } else { dice.pick(&names).clone() };
    let days = model.grants.get(&grant).map_or(months(YEAR, 1, 12), |grant| grant.days);
    let content = claim(dice, days);
    (actor, Asks::Draft { id, party, grant, corrects: None, content })
}

/// Mostly a month, a quarter or a half-year, as far as the grant goes.
fn claim(dice: &mut Dice, grant: Days) -> Content {
    let length = dice.pick(&[1, 1, 1, 3, 6]);
    let number = (dice.month() - 1) / length;
    let year = chrono::Datelike::year(&grant.0);
    let whole = months(year, number * length + 1, (number + 1) * length);
    let days = match dice.roll(16) {
        0 => whole,
        1 => (whole.0, day(year, number * length + 1, 10)),
        _ if overlap(whole, grant) => (whole.0.max(grant.0), whole.1.min(grant.1)),
        _ => grant,
    };
    let lines = if dice.one_in(2) { 1 } else { 2 };
    let costs = (0..lines).map(|_| (dice.roll(6), dice.ore(70))).collect();
    Content { days, costs }
}

fn correction(dice: &mut Dice, kept: &Requisition) -> Content {
    let mut costs: Costs = part_of(dice, &kept.costs.iter().map(|(k, o)| (*k, o.abs())).collect());
    if dice.one_in(12) {
        costs.push((dice.roll(6), 1));
    }
    let costs = costs.into_iter().map(|(kind, ore)| (kind, -ore)).collect();
    let days = if dice.one_in(16) { months(YEAR, 1, 1) } else { kept.days };
    Content { days, costs }
}

fn go_on(dice: &mut Dice, id: &str, kept: &Requisition) -> (Actor, Asks) {
    let (id, etag) = (id.to_owned(), etag(dice, kept.writes));
    if dice.one_in(if kept.is_open() { 3 } else { 16 }) {
        return (party_of(dice, kept.party), rewrite(dice, id, etag, kept));
    }
    let usual: &[&'static str] = match kept.state() {
        "draft" | "returned" => &["submit", "submit", "submit", "submit", "submit", "withdraw"],
        "submitted" => &["review", "review", "review", "review", "return", "withdraw"],
        "reviewed" => &["approve", "approve", "approve", "approve", "reject", "return"],
        _ => &["pay"],
    };
    let step = if dice.one_in(10) { dice.pick(&STEPS) } else { dice.pick(usual) };
    let is_the_partys = ["submit", "withdraw"].contains(&step);
    let actor = match (dice.one_in(10), is_the_partys) {
        (true, _) => dice.pick(&ACTORS),
        (false, true) => dice.pick(&of_party(kept.party)),
        (false, false) => dice.pick(&office()),
    };
    (actor, Asks::Step { id, step, etag, paid: some_day(dice) })
}

/// Other content, or another file.
fn rewrite(dice: &mut Dice, id: String, etag: String, kept: &Requisition) -> Asks {
    match (dice.roll(4), dice.any(&kept.files)) {
        (0, _) => Asks::Attach { id, etag, file: format!("a{}", dice.roll(4)) },
        (1, Some(file)) => Asks::Detach { id, etag, file },
        (_, _) => {
            let content = match &kept.corrects {
                Some(_) => correction(dice, kept),
                None => claim(dice, kept.days),
            };
            let kept = (kept.party, kept.grant.clone(), kept.corrects.clone());
            Asks::Update { id, etag, kept, content }
        }
    }
}

fn party_of(dice: &mut Dice, party: &str) -> Actor {
    if dice.one_in(12) { dice.pick(&ACTORS) } else { dice.pick(&of_party(party)) }
}
