//! Publishing a report for the first time.

use std::collections::BTreeSet;

use platform::{Failure, Principal, Write, convert::text, principal};
use proto::reporting::{PublishReportRequest, PublishReportResponse};
use tonic::Request;
use values::{Fault, Faults, Slug, name::TeamName};

use super::{
    keep::keep,
    make::{Asked, LONGEST_DNR},
};
use crate::{domain::half_year_report::parse_name, rpc::Shell};

const PUBLISH: &str = "/samordna.reporting.v1.ReleaseService/PublishReport";

/// Teams that can be named.
const MOST_TEAMS: usize = 1000;

pub(super) async fn publish(
    shell: &Shell,
    request: Request<PublishReportRequest>,
) -> Result<PublishReportResponse, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let write = Write::of(&principal, PUBLISH, &message)?;
    let asked = parse(&principal, message)?;
    let release = Some(keep(shell, &caller, write, &asked).await?);
    Ok(PublishReportResponse { release })
}

fn parse(principal: &Principal, message: PublishReportRequest) -> Result<Asked, Failure> {
    let PublishReportRequest { name, derived_teams, dnr, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let period = faults.keep(parse_name("name", &name));
    if let Some(period) = &period {
        principal.is_in(&period.federation, &name)?;
    }
    let derived_teams = faults.keep_nested("", teams(&principal.federation, &derived_teams));
    let dnr = faults.keep(text("dnr", &dnr, 0, LONGEST_DNR));
    Ok(faults.into_result(|| {
        let (period, derived_teams, dnr) = (period?, derived_teams?, dnr?);
        Some(Asked { report: name, period, derived_teams, dnr, restates: None })
    })?)
}

fn teams(federation: &Slug, sent: &[String]) -> Result<BTreeSet<TeamName>, Faults> {
    let mut faults = Faults::new();
    if sent.len() > MOST_TEAMS {
        let fault = Fault::new("derived_teams", "TEAMS_TOO_MANY").with("count", sent.len());
        faults.push(fault.with("limit", MOST_TEAMS));
    }
    let mut teams = BTreeSet::new();
    for (row, name) in sent.iter().enumerate() {
        let field = format!("derived_teams[{row}]");
        let Some(team) = faults.keep(TeamName::parse(&field, name)) else { continue };
        if team.federation != *federation {
            faults.push(Fault::new(&field, "OTHER_FEDERATION").with("name", name));
        } else if !teams.insert(team) {
            faults.push(Fault::new(&field, "TEAM_TWICE").with("value", name));
        }
    }
    faults.into_result(|| Some(teams))
}
