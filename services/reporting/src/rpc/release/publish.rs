//! Publishing for the first time: a report that was accepted, or figures as they are.

use std::collections::BTreeSet;

use platform::{Failure, Principal, Write, convert::text, principal};
use proto::reporting::{PublishReportRequest, PublishReportResponse};
use tonic::{Request, metadata::MetadataMap};
use values::{
    Fault, Faults, Slug,
    name::{ReportName, TeamName},
};

use super::{
    accepted::Accepted,
    keep::keep,
    make::{Asked, LONGEST_DNR},
};
use crate::{
    domain::half_year_report::parse_name,
    rpc::{Shell, convert, report},
};

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
    let asked = match ReportName::parse("name", &message.name) {
        Ok(name) => of_report(shell, &principal, &caller, (name, message)).await?,
        Err(_) => as_they_are(&principal, message)?,
    };
    let release = Some(keep(shell, &caller, write, &asked).await?);
    Ok(PublishReportResponse { release })
}

/// A report that was accepted.
async fn of_report(
    shell: &Shell,
    principal: &Principal,
    caller: &MetadataMap,
    (name, message): (ReportName, PublishReportRequest),
) -> Result<Asked, Failure> {
    let PublishReportRequest { name: sent, etag, derived_teams: _, dnr: _, .. } = message;
    principal.is_in(&name.federation, &sent)?;
    let mut faults = Faults::new();
    convert::etag(&mut faults, &etag);
    faults.into_result(|| Some(()))?;
    let connection = &shell.journal.database().read;
    let head = report::head(connection, &name).await?.report;
    report::check_alone(connection, &name, &head.content).await?;
    let by = (Some(etag), principal.account.clone());
    let accepted = Accepted::new(shell, caller, (name, head), by).await?;
    Ok(Asked {
        report: sent,
        period: accepted.head.content.period.clone(),
        derived_teams: accepted.derived_teams(),
        dnr: accepted.head.content.dnr.clone(),
        restates: None,
        accepted: Some(accepted),
    })
}

/// The figures of all teams as they are.
fn as_they_are(principal: &Principal, message: PublishReportRequest) -> Result<Asked, Failure> {
    let PublishReportRequest { name, derived_teams, dnr, request_id: _, validate_only: _, etag: _ } =
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
        let (restates, accepted) = (None, None);
        Some(Asked { report: name, period, derived_teams, dnr, restates, accepted })
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
