//! Which roles may call which RPC, and whose figures they reach by it.

use platform::{Permission, Permissions, Principal};
use values::{Role, Scope, name::TeamName};

use crate::domain::half_year_report::Reader;

const ADMINISTRATOR: &[Role] = &[Role::FederationAdministrator];

/// The administrator writes for any team, a team lead for the own.
const REPORTERS: &[Role] = &[Role::FederationAdministrator, Role::TeamLead];

/// Roles of the whole federation that read what every team reports.
const READERS_OF_ALL_TEAMS: &[Role] =
    &[Role::FederationAdministrator, Role::FederationEconomist, Role::ProgrammeLead, Role::Auditor];

const READERS_OF_FIGURES: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::ProgrammeLead,
    Role::Auditor,
    Role::TeamLead,
];

const READERS_OF_REPORTS: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::ProgrammeLead,
    Role::Auditor,
    Role::SteeringGroupMember,
    Role::TeamLead,
];

/// One line for each RPC.
pub const PERMISSIONS: Permissions = &[
    permission(
        "/samordna.reporting.v1.ReportingPeriodService/CreateReportingPeriod",
        ADMINISTRATOR,
    ),
    permission("/samordna.reporting.v1.ReportingPeriodService/GetReportingPeriod", Role::ALL),
    permission("/samordna.reporting.v1.ReportingPeriodService/ListReportingPeriods", Role::ALL),
    permission("/samordna.reporting.v1.ReportedFiguresService/SubmitReportedFigures", REPORTERS),
    permission(
        "/samordna.reporting.v1.ReportedFiguresService/GetReportedFigures",
        READERS_OF_FIGURES,
    ),
    permission("/samordna.reporting.v1.FigureDefinitionService/GetFigureDefinitions", Role::ALL),
    permission(
        "/samordna.reporting.v1.HalfYearReportService/GetHalfYearReport",
        READERS_OF_REPORTS,
    ),
    permission("/samordna.reporting.v1.ReleaseService/PublishReport", ADMINISTRATOR),
    permission("/samordna.reporting.v1.ReleaseService/GetRelease", Role::ALL),
    permission("/samordna.reporting.v1.ReleaseService/ListReleases", Role::ALL),
    permission("/samordna.reporting.v1.ReleaseService/DownloadRelease", Role::ALL),
    permission("/samordna.reporting.v1.ReleaseService/VerifyRelease", Role::ALL),
    permission("/samordna.reporting.v1.RestatementService/DraftRestatement", ADMINISTRATOR),
    permission("/samordna.reporting.v1.RestatementService/PublishRestatement", ADMINISTRATOR),
    permission("/samordna.reporting.v1.ReportingImportService/ImportReporting", ADMINISTRATOR),
    permission("/samordna.reporting.v1.UnitCostService/GetUnitCosts", READERS_OF_REPORTS),
];

const fn permission(method: &'static str, roles: &'static [Role]) -> Permission {
    Permission { method, roles }
}

/// True when the caller may read what the team reports.
pub(super) fn may_read(principal: &Principal, team: &TeamName) -> bool {
    principal.has_any(READERS_OF_ALL_TEAMS) || leads(principal, team)
}

/// True when the caller may send in the team's figures.
pub(super) fn may_report(principal: &Principal, team: &TeamName) -> bool {
    principal.has(Role::FederationAdministrator) || leads(principal, team)
}

/// Whose chapters of a half-year report the caller may read; `None` when the
/// report lies outside the caller's scope, as it does for a steering group
/// member of an area.
pub(super) fn reader(principal: &Principal) -> Option<Reader> {
    let reads_all = principal.has_any(READERS_OF_ALL_TEAMS)
        || principal.holds(Role::SteeringGroupMember, &Scope::Federation);
    if reads_all {
        return Some(Reader::WholeFederation);
    }
    let team = |scope: &Scope| match scope {
        Scope::Team(id) => Some(TeamName::new(principal.federation.clone(), id.clone())),
        Scope::Federation | Scope::Area(_) | Scope::Party(_) | Scope::PartyTeam { .. } => None,
    };
    let led: std::collections::BTreeSet<_> =
        principal.scopes(Role::TeamLead).filter_map(team).collect();
    (!led.is_empty()).then_some(Reader::Teams(led))
}

fn leads(principal: &Principal, team: &TeamName) -> bool {
    principal.holds(Role::TeamLead, &Scope::Team(team.id.clone()))
}
