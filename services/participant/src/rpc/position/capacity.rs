//! `GetCapacity`.

use std::collections::{BTreeMap, BTreeSet};

use platform::{
    Database, Failure, Principal, convert::period_from_proto, journal, journalled::decoded,
};
use proto::participant::{self as pb, GetCapacityRequest, GetCapacityResponse};
use values::{Fault, Faults, Period, Slug, name::TeamName};

use super::{convert, parent, stored};
use crate::{
    domain::{
        capacity::{IntakeNorm, capacity},
        position::Position,
    },
    rpc::permissions,
    store,
};

/// What is asked for; no team for all of them.
struct Asked {
    federation: Slug,
    teams: Vec<TeamName>,
    period: Period,
    norm: IntakeNorm,
}

pub(super) async fn get(
    database: &Database,
    principal: &Principal,
    message: GetCapacityRequest,
) -> Result<GetCapacityResponse, Failure> {
    let Asked { federation, teams, period, norm } = parse(principal, message)?;
    let picture = database.snapshot().await?;
    let known = store::team::names(&picture, &federation).await?;
    let teams = among(&known, teams)?;
    let payloads = store::position::of_teams(&picture, &federation, &teams).await?;
    let last_day = period.last_day();
    let enrolled = store::queue::enrolled_in(&picture, &federation, &teams, last_day).await?;
    let head = journal::head(&picture, &federation).await?;
    let read = |payload: &Vec<u8>| stored(decoded::<pb::Position>(payload)?);
    let positions: Vec<Position> = payloads.iter().map(read).collect::<Result<_, _>>()?;

    let reach = permissions::reach(principal);
    let nobody = BTreeMap::new();
    let counted = |team: &TeamName| reach.count(&team.id, enrolled.get(team).unwrap_or(&nobody));
    let of_team = |team: &TeamName| {
        let its = positions.iter().filter(|position| position.team == *team);
        let capacity = capacity(its, period);
        let caseload = counted(team).and_then(|enrolled| capacity.caseload_hundredths(enrolled));
        convert::position::render_capacity(Some(team), capacity, (period, norm), caseload)
    };
    let mut rows: Vec<pb::Capacity> = teams.iter().map(of_team).collect();
    let total = capacity(&positions, period);
    let in_all: Option<i64> = teams.iter().map(counted).sum();
    let caseload = in_all.and_then(|enrolled| total.caseload_hundredths(enrolled));
    rows.push(convert::position::render_capacity(None, total, (period, norm), caseload));
    Ok(GetCapacityResponse { rows, sequence: head.sequence, head_hash: head.hash })
}

fn parse(principal: &Principal, message: GetCapacityRequest) -> Result<Asked, Failure> {
    let GetCapacityRequest { parent, teams: sent, period, intake_norm } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let (mut teams, mut seen) = (Vec::new(), BTreeSet::new());
    for (row, name) in sent.iter().enumerate() {
        let field = format!("teams[{row}]");
        let Some(team) = faults.keep(TeamName::parse(&field, name)) else {
            continue;
        };
        if !seen.insert(team.clone()) {
            faults.push(Fault::new(field, "TEAM_TWICE").with("value", &team));
        }
        teams.push(team);
    }
    let period = faults.keep_nested("", period_from_proto("period", period));
    let norm = IntakeNorm::new(intake_norm).ok_or_else(|| {
        Fault::new("intake_norm", "INTAKE_NORM_OUT_OF_RANGE").with("value", intake_norm)
    });
    let norm = faults.keep(norm);
    Ok(faults.into_result(|| {
        let (period, norm) = period.zip(norm)?;
        Some(Asked { federation, teams, period, norm })
    })?)
}

/// The teams asked for, in order of id.
fn among(known: &BTreeSet<TeamName>, asked: Vec<TeamName>) -> Result<Vec<TeamName>, Failure> {
    if asked.is_empty() {
        return Ok(known.iter().cloned().collect());
    }
    let mut faults = Faults::new();
    for (row, team) in asked.iter().enumerate() {
        if !known.contains(team) {
            let fault = Fault::new(format!("teams[{row}]"), "TEAM_UNKNOWN");
            faults.push(fault.with("value", team));
        }
    }
    let mut teams = faults.into_result(|| Some(asked))?;
    teams.sort();
    Ok(teams)
}
