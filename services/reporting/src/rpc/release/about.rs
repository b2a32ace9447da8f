//! Whom a release is about, and what organisation and finance say of them.

use std::collections::BTreeSet;

use disclosure::Threshold;
use platform::Failure;
use tonic::metadata::MetadataMap;

use super::{accepted::Accepted, gather, make::Asked};
use crate::{
    domain::{
        half_year_report::Team,
        release::{Counted, Funding, Source, Stamp, Subject},
        reporting_period::ReportingPeriod,
        swedish_order,
    },
    rpc::{
        Shell, finance,
        organisation::{Federation, Organisation},
    },
};

/// What organisation and finance say.
pub(super) struct Around {
    pub(super) display_name: String,
    pub(super) threshold: Threshold,
    pub(super) teams: Vec<Team>,
    /// Empty in a report without a funding table.
    pub(super) funding: Vec<Funding>,
    /// What that is true at.
    pub(super) stamp: Option<Stamp>,
}

/// Asks them. The funding table of a report is the one that its text was written with.
pub(super) async fn around(
    shell: &Shell,
    caller: &MetadataMap,
    (asked, period): (&Asked, ReportingPeriod),
) -> Result<Around, Failure> {
    let federation = &asked.period.federation;
    let organisation = Organisation { transport: &shell.organisation, caller, federation };
    let (Federation { display_name, threshold }, mut teams) =
        futures::try_join!(organisation.federation(), organisation.teams())?;
    let table = match &asked.accepted {
        Some(report) => {
            teams.retain(|team| report.covers(&team.name));
            report.funding_table().cloned()
        }
        None => {
            let (finance, days) = (&shell.finance, period.period());
            Some(finance::funding_table(finance, caller, federation, days).await?)
        }
    };
    let (funding, stamp) = table.map(gather::funding).unzip();
    Ok(Around { display_name, threshold, teams, funding: funding.unwrap_or_default(), stamp })
}

/// Whom the sum of all teams is of; empty for a report on one team, which sums nothing.
pub(super) fn whole(asked: &Asked) -> String {
    match asked.accepted.as_ref().is_some_and(Accepted::is_of_one) {
        true => String::new(),
        false => whole_of(asked).0,
    }
}

/// Whom a release is about, and what people call that when a report says it.
fn whole_of(asked: &Asked) -> (String, Option<String>) {
    match &asked.accepted {
        Some(report) => {
            let (name, display_name) = report.whole();
            (name, Some(display_name))
        }
        None => (format!("federations/{}", asked.period.federation), None),
    }
}

/// Whom it is about first, then the teams by name.
pub(super) fn subjects(counted: &Counted, around: &Around, asked: &Asked) -> Vec<Subject> {
    let (whole, display_name) = whole_of(asked);
    let display_name = display_name.unwrap_or_else(|| around.display_name.clone());
    let mut teams: Vec<&Team> = around.teams.iter().collect();
    teams.sort_by(|left, right| {
        swedish_order::compare(&left.display_name, &right.display_name)
            .then_with(|| left.name.cmp(&right.name))
    });
    let team = |team: &Team| {
        let name = team.name.to_string();
        let source = match (
            asked.derived_teams.contains(&team.name),
            counted.reported.contains_key(&name),
            counted.stated.contains_key(&name),
        ) {
            (true, _, _) => Some(Source::Derived),
            (false, true, _) => Some(Source::Reported),
            (false, false, true) => Some(Source::Stated),
            (false, false, false) => None,
        };
        Subject { name, display_name: team.display_name.clone(), source }
    };
    let teams: Vec<Subject> = teams.into_iter().map(team).collect();
    let of_teams: BTreeSet<Source> = teams.iter().filter_map(|team| team.source).collect();
    let source = match of_teams.len() {
        0 => counted.stated.contains_key(&whole).then_some(Source::Stated),
        1 => of_teams.first().copied(),
        _ => Some(Source::Mixed),
    };
    let is_team = teams.iter().any(|team| team.name == whole);
    let whole = (!is_team).then_some(Subject { name: whole, display_name, source });
    whole.into_iter().chain(teams).collect()
}
