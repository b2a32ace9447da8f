//! Which roles may call which RPC, and whose figures they reach by it.

use std::collections::BTreeSet;

use platform::{Permission, Permissions, Principal};
use values::{Role, Scope, name::TeamName};

use crate::domain::due_report::Subject;
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

/// Those who plan and steer.
const PLANNERS: &[Role] = &[Role::FederationAdministrator, Role::ProgrammeLead];

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
    permission("/samordna.reporting.v1.ReportingImportService/ImportReporting", ADMINISTRATOR),
    permission("/samordna.reporting.v1.UnitCostService/GetUnitCosts", READERS_OF_REPORTS),
    permission("/samordna.reporting.v1.ProgrammePlanService/CreateProgrammePlanVersion", PLANNERS),
    permission("/samordna.reporting.v1.ProgrammePlanService/GetProgrammePlan", READERS_OF_REPORTS),
    permission(
        "/samordna.reporting.v1.ProgrammePlanService/ListProgrammePlans",
        READERS_OF_REPORTS,
    ),
    permission("/samordna.reporting.v1.HeldActivitiesService/RecordHeldActivities", PLANNERS),
    permission(
        "/samordna.reporting.v1.HeldActivitiesService/CompareActivities",
        READERS_OF_REPORTS,
    ),
    permission("/samordna.reporting.v1.LocalGoalService/CreateLocalGoal", REPORTERS),
    permission("/samordna.reporting.v1.LocalGoalService/UpdateLocalGoal", REPORTERS),
    permission("/samordna.reporting.v1.LocalGoalService/GetLocalGoal", READERS_OF_REPORTS),
    permission("/samordna.reporting.v1.LocalGoalService/ListLocalGoals", READERS_OF_REPORTS),
    permission("/samordna.reporting.v1.SteeringGroupService/CreateSteeringGroup", PLANNERS),
    permission("/samordna.reporting.v1.SteeringGroupService/UpdateSteeringGroup", PLANNERS),
    permission("/samordna.reporting.v1.SteeringGroupService/GetSteeringGroup", READERS_OF_REPORTS),
    permission(
        "/samordna.reporting.v1.SteeringGroupService/ListSteeringGroups",
        READERS_OF_REPORTS,
    ),
    permission(
        "/samordna.reporting.v1.SteeringGroupMeetingService/CreateSteeringGroupMeeting",
        PLANNERS,
    ),
    permission(
        "/samordna.reporting.v1.SteeringGroupMeetingService/UpdateSteeringGroupMeeting",
        PLANNERS,
    ),
    permission(
        "/samordna.reporting.v1.SteeringGroupMeetingService/ListSteeringGroupMeetings",
        READERS_OF_REPORTS,
    ),
    permission("/samordna.reporting.v1.DueReportService/ScheduleReports", ADMINISTRATOR),
    permission("/samordna.reporting.v1.DueReportService/ListDueReports", READERS_OF_REPORTS),
    permission("/samordna.reporting.v1.ReminderService/SendReminder", PLANNERS),
    permission("/samordna.reporting.v1.ReminderService/ListReminders", READERS_OF_REPORTS),
    permission(
        "/samordna.reporting.v1.NationalFollowUpService/GetNationalFollowUp",
        READERS_OF_ALL_TEAMS,
    ),
    permission(
        "/samordna.reporting.v1.NationalFollowUpService/ExportNationalFollowUp",
        READERS_OF_ALL_TEAMS,
    ),
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
    let led: BTreeSet<_> = principal.scopes(Role::TeamLead).filter_map(team).collect();
    (!led.is_empty()).then_some(Reader::Teams(led))
}

/// Whose reports the caller may know to be due; none for everybody's.
pub(super) fn reach(principal: &Principal) -> Option<BTreeSet<Subject>> {
    let reads_all = principal.has_any(READERS_OF_ALL_TEAMS)
        || principal.holds(Role::SteeringGroupMember, &Scope::Federation);
    if reads_all {
        return None;
    }
    let roles = [Role::TeamLead, Role::SteeringGroupMember];
    let subject = |scope: &Scope| match scope {
        Scope::Team(id) => Some(Subject::Team(id.clone())),
        Scope::Area(id) => Some(Subject::Area(id.clone())),
        Scope::Federation | Scope::Party(_) | Scope::PartyTeam { .. } => None,
    };
    Some(roles.into_iter().flat_map(|role| principal.scopes(role)).filter_map(subject).collect())
}

fn leads(principal: &Principal, team: &TeamName) -> bool {
    principal.holds(Role::TeamLead, &Scope::Team(team.id.clone()))
}
