//! Criteria, in both directions.

use platform::convert::{date_from_proto, date_to_proto, text};
use proto::participant as pb;
use values::{
    Fault, Faults, Slug,
    name::{CriteriaName, TeamName},
};

use super::{code::code, optional, within};
use crate::domain::{
    code::Livelihood,
    criteria::{self, Criteria},
};

/// Reads the content of a version; `name` when it could be read.
pub(in crate::rpc) fn parse(
    federation: &Slug,
    name: Option<CriteriaName>,
    sent: pb::Criteria,
) -> Result<Criteria, Faults> {
    let pb::Criteria {
        name: _, // Read by the handler.
        team,
        first_day,
        youngest,
        oldest,
        livelihoods,
        needs_readiness,
        decision,
    } = sent;
    let mut faults = Faults::new();
    let team = optional(&team, |team| {
        within(federation, "team", TeamName::parse("team", team), |name| &name.federation)
    });
    let team = faults.keep(team);
    let first_day = faults.keep(date_from_proto("first_day", first_day));
    let youngest = faults.keep(criteria::age("youngest", youngest));
    let oldest = faults.keep(criteria::age("oldest", oldest));
    if let (Some(youngest), Some(oldest)) = (youngest, oldest) {
        faults.keep(criteria::check_ages(youngest, oldest));
    }
    let mut needed = Vec::with_capacity(livelihoods.len());
    for (row, livelihood) in livelihoods.into_iter().enumerate() {
        let field = format!("livelihoods[{row}]");
        let livelihood = faults.keep(code(&field, livelihood, Livelihood::from_number));
        if let Some(twice) = livelihood.filter(|livelihood| needed.contains(livelihood)) {
            faults.push(Fault::new(field, "LIVELIHOOD_TWICE").with("livelihood", twice.name()));
        }
        needed.extend(livelihood);
    }
    let decision = faults.keep(text("decision", &decision, 1, 200));
    let Some(name) = name else {
        return Err(faults);
    };
    faults.into_result(|| {
        Some(Criteria {
            name,
            team: team?,
            first_day: first_day?,
            youngest: youngest?,
            oldest: oldest?,
            livelihoods: needed,
            needs_readiness,
            decision: decision?,
        })
    })
}

/// A version as it is answered and recorded.
pub(crate) fn render(criteria: &Criteria) -> pb::Criteria {
    let Criteria {
        name,
        team,
        first_day,
        youngest,
        oldest,
        livelihoods,
        needs_readiness,
        decision,
    } = criteria;
    pb::Criteria {
        name: name.to_string(),
        team: team.as_ref().map(ToString::to_string).unwrap_or_default(),
        first_day: Some(date_to_proto(*first_day)),
        youngest: youngest.map_or(0, i32::from),
        oldest: oldest.map_or(0, i32::from),
        livelihoods: livelihoods.iter().map(|livelihood| livelihood.number().into()).collect(),
        needs_readiness: *needs_readiness,
        decision: decision.clone(),
    }
}

/// Reads a version as it was recorded.
pub(crate) fn kept(recorded: pb::Criteria) -> Result<Criteria, Faults> {
    let name = CriteriaName::parse("name", &recorded.name)?;
    let federation = name.federation.clone();
    parse(&federation, Some(name), recorded)
}
