//! Positions, and what they come to.

use platform::convert::text;
use proto::participant as pb;
use values::{
    Faults, Period,
    name::{PartyName, PositionName, TeamName},
};

use super::days;
use crate::domain::{
    capacity::{Capacity, IntakeNorm},
    position::{Extent, Payer, Position, Spell, Spells},
};

/// Reads a position, all but its name.
pub(in crate::rpc) fn parse(sent: pb::Position) -> Result<Position, Faults> {
    let pb::Position {
        name: _, // Read by the caller, who knows what it has to be.
        team,
        title,
        coaches,
        employer,
        spells,
        etag: _, // Output only.
    } = sent;
    let mut faults = Faults::new();
    let team = faults.keep(TeamName::parse("team", &team));
    let title = faults.keep(text("title", &title, 1, 100));
    let employer = faults.keep(PartyName::parse("employer", &employer));
    let spells = faults.keep_nested("", parse_spells(spells));
    faults.into_result(|| {
        let (team, title, employer, spells) = (team?, title?, employer?, spells?);
        Some(Position { team, title, coaches, employer, spells })
    })
}

fn parse_spells(sent: Vec<pb::PositionSpell>) -> Result<Spells, Faults> {
    let mut faults = Faults::new();
    let mut spells = Vec::new();
    for (row, spell) in sent.into_iter().enumerate() {
        spells.extend(faults.keep_nested(&format!("spells[{row}]"), parse_spell(spell)));
    }
    let spells = faults.into_result(|| Some(spells))?;
    Spells::new(spells)
}

fn parse_spell(sent: pb::PositionSpell) -> Result<Spell, Faults> {
    let pb::PositionSpell { first_day, last_day, fte_percent, vacant, payers } = sent;
    let mut faults = Faults::new();
    let days = faults.keep_nested("", days::parse(first_day, last_day));
    let mut shares = Vec::new();
    let mut readable = true;
    for (row, share) in payers.into_iter().enumerate() {
        let pb::PayerShare { party, fte_percent } = share;
        let payer = match party.as_str() {
            "" => Some(Payer::Federation),
            party => {
                let field = format!("payers[{row}].party");
                faults.keep(PartyName::parse(&field, party)).map(Payer::Party)
            }
        };
        readable &= payer.is_some();
        shares.extend(payer.map(|payer| (payer, fte_percent)));
    }
    let extent = if readable { Some(Extent::new(fte_percent, shares)) } else { None };
    let extent = extent.and_then(|extent| faults.keep_nested("", extent));
    faults.into_result(|| Some(Spell { days: days?, extent: extent?, vacant }))
}

/// A position as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &PositionName,
    position: &Position,
    revision: i32,
) -> pb::Position {
    let Position { team, title, coaches, employer, spells } = position;
    pb::Position {
        name: name.to_string(),
        team: team.to_string(),
        title: title.clone(),
        coaches: *coaches,
        employer: employer.to_string(),
        spells: spells.as_slice().iter().map(render_spell).collect(),
        etag: revision.to_string(),
    }
}

fn render_spell(spell: &Spell) -> pb::PositionSpell {
    let Spell { days, extent, vacant } = spell;
    let (first_day, last_day) = days::render(*days);
    let share = |(payer, fte_percent): &(Payer, i32)| pb::PayerShare {
        party: match payer {
            Payer::Federation => String::new(),
            Payer::Party(party) => party.to_string(),
        },
        fte_percent: *fte_percent,
    };
    pb::PositionSpell {
        first_day,
        last_day,
        fte_percent: extent.fte_percent(),
        vacant: *vacant,
        payers: extent.payers().iter().map(share).collect(),
    }
}

/// What the positions of a team come to, or of all when none is named.
pub(in crate::rpc) fn render_capacity(
    team: Option<&TeamName>,
    capacity: Capacity,
    (period, norm): (Period, IntakeNorm),
    caseload_hundredths: Option<i64>,
) -> pb::Capacity {
    let Capacity {
        positions,
        planned_percent_days,
        staffed_percent_days,
        planned_coach_percent_days,
        staffed_coach_percent_days,
        staffed_coach_percent_at_end,
    } = capacity;
    let days = (period.last_day() - period.first_day()).num_days() + 1;
    pb::Capacity {
        team: team.map(ToString::to_string).unwrap_or_default(),
        planned_percent_days,
        staffed_percent_days,
        planned_coach_percent_days,
        staffed_coach_percent_days,
        days: i32::try_from(days).expect("ten thousand years have few enough days"),
        planned_intake_hundredths: capacity.planned_intake_hundredths(norm),
        staffed_intake_hundredths: capacity.staffed_intake_hundredths(norm),
        caseload_hundredths,
        staffed_coach_percent_at_end,
        positions,
    }
}
