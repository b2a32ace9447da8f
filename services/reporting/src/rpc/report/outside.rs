//! What the other services have for a report, and what a release of it would hide.

use std::collections::BTreeSet;

use disclosure::Threshold;
use platform::Failure;
use prost_types::Timestamp;
use proto::finance::FundingTable;
use tonic::metadata::MetadataMap;
use values::{
    Slug,
    name::{AreaName, ReportName, TeamName},
};

use super::{
    compile::period_of,
    counted::{self, Before, Derived},
};
use crate::{
    domain::{
        definition::Cell,
        derived::Crosswalk,
        half_year_report::Team,
        release::Stamp,
        report::{Content, Report, State, Subject},
    },
    rpc::{
        Shell,
        derived::{Counts, Tables},
        finance,
        organisation::{Federation, Organisation},
        release::{next_name, would_hide},
    },
};

/// What the other services have.
#[derive(Clone)]
pub(in crate::rpc) struct Outside {
    /// What people call whom the report is about.
    pub(in crate::rpc) display_name: String,
    /// The smallest count of people but 0 that leaves the federation.
    pub(in crate::rpc) threshold: Threshold,
    /// The teams it covers.
    pub(in crate::rpc) teams: Vec<Team>,
    /// The funding table, in a report on the federation.
    pub(in crate::rpc) funding_table: Option<FundingTable>,
    /// What is counted from records of teams whose figures are derived.
    pub(in crate::rpc) derived: Derived,
    /// The same for the period before, or what a release of it tells.
    pub(in crate::rpc) before: Before,
    /// What that is true at, the newest of it.
    pub(in crate::rpc) participant: Option<Stamp>,
    /// What the oldest of it is true at; 0 without any.
    pub(in crate::rpc) oldest: i64,
    /// When the newest of it was fetched.
    pub(in crate::rpc) fetch_time: Option<Timestamp>,
    /// What a release would hide as things stand, by the subject's id; nothing while the
    /// report is being released, which decides it itself.
    pub(in crate::rpc) hidden: BTreeSet<(String, Cell)>,
}

impl Outside {
    /// True when the figures of the report that are counted from records were fetched.
    pub(super) fn has_figures_of(&self, content: &Content) -> bool {
        content.derived.is_empty() || self.participant.is_some()
    }

    /// True when all that is counted from records is true at one time.
    pub(super) fn is_of_one_time(&self) -> bool {
        self.participant.as_ref().is_none_or(|newest| newest.sequence == self.oldest)
    }
}

/// Asks the other services, and looks ahead at what a release would hide.
pub(in crate::rpc) async fn outside(
    shell: &Shell,
    caller: &MetadataMap,
    name: &ReportName,
    report: &Report,
) -> Result<Outside, Failure> {
    let outside = asked(shell, caller, name, report).await?;
    let hidden = match report.state() {
        State::Draft | State::Submitted | State::Returned | State::Accepted => {
            would_hide(shell, (name, &report.content), &outside).await?
        }
        State::Published => BTreeSet::new(),
    };
    Ok(Outside { hidden, ..outside })
}

async fn asked(
    shell: &Shell,
    caller: &MetadataMap,
    name: &ReportName,
    report: &Report,
) -> Result<Outside, Failure> {
    let content = &report.content;
    let (outside, fetched) = futures::try_join!(
        uncounted(shell, caller, &name.federation, content),
        fetched(shell, caller, name, report),
    )?;
    Ok(match fetched {
        Some((crosswalk, tables)) => outside.counted(&crosswalk, content, &tables),
        None => outside,
    })
}

/// The tables that a report shows, if they were fetched, and how it reads them; none of a
/// report without figures that are counted from records.
pub(super) async fn fetched(
    shell: &Shell,
    caller: &MetadataMap,
    name: &ReportName,
    report: &Report,
) -> Result<Option<(Crosswalk, Tables)>, Failure> {
    let (federation, content) = (&name.federation, &report.content);
    if content.derived.is_empty() {
        return Ok(None);
    }
    let connection = &shell.journal.database().read;
    let period = period_of(connection, &content.period).await?;
    let crosswalk = shell.crosswalk(connection, Some(&content.template)).await?;
    let transport = &shell.organisation;
    let counts = Counts { transport, caller, federation, crosswalk: &crosswalk };
    let publication = match may_be_frozen(report) {
        true => Some(next_name(connection, federation, &name.id).await?),
        false => None,
    };
    let until = report.newest_table();
    let shown = counts.shown((publication.as_ref(), until), period.period()).await?;
    Ok(shown.map(|tables| (crosswalk, tables)))
}

/// True for a report that somebody may have tried to publish, or to restate.
fn may_be_frozen(report: &Report) -> bool {
    report.steps.iter().any(|step| step.state == State::Accepted)
}

/// Asks the other services for all but what is counted from records.
pub(in crate::rpc) async fn uncounted(
    shell: &Shell,
    caller: &MetadataMap,
    federation: &Slug,
    content: &Content,
) -> Result<Outside, Failure> {
    let connection = &shell.journal.database().read;
    let period = period_of(connection, &content.period).await?;
    let organisation = Organisation { transport: &shell.organisation, caller, federation };
    let (display_name, threshold, teams, funding_table) = match &content.subject {
        Subject::Federation => {
            let (Federation { display_name, threshold }, teams, funding_table) = futures::try_join!(
                organisation.federation(),
                organisation.teams(),
                finance::funding_table(&shell.finance, caller, federation, period.period()),
            )?;
            (display_name, threshold, teams, Some(funding_table))
        }
        Subject::Area(id) => {
            let area = AreaName::new(federation.clone(), id.clone());
            let (display_name, of_federation, of_area, mut teams) = futures::try_join!(
                organisation.area(&area),
                organisation.federation(),
                organisation.teams_of_area(&area),
                organisation.teams(),
            )?;
            teams.retain(|team| of_area.contains(&team.name));
            (display_name, of_federation.threshold, teams, None)
        }
        Subject::Team(id) => {
            let name = TeamName::new(federation.clone(), id.clone());
            let (display_name, of_federation) =
                futures::try_join!(organisation.team(&name), organisation.federation())?;
            let municipality_display_names = Vec::new();
            let of_report = display_name.clone();
            let team = Team { name, display_name: of_report, municipality_display_names };
            (display_name, of_federation.threshold, vec![team], None)
        }
    };
    let before = counted::before(shell, caller, content, period).await?;
    Ok(Outside {
        display_name,
        threshold,
        teams,
        funding_table,
        derived: Derived::default(),
        before,
        participant: None,
        oldest: 0,
        fetch_time: None,
        hidden: BTreeSet::new(),
    })
}
