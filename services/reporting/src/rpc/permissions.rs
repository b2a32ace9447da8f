//! Which roles may call which RPC, and whose figures they reach by it.

use std::collections::BTreeSet;

use platform::{Permission, Permissions, Principal};
use values::{Role, Scope, Slug, name::TeamName};

use crate::domain::{half_year_report::Reader, report::Subject};

const ADMINISTRATOR: &[Role] = &[Role::FederationAdministrator];

/// The administrator writes for any team, a team lead for the own.
const REPORTERS: &[Role] = &[Role::FederationAdministrator, Role::TeamLead];

/// Roles of the whole federation that read what every team reports.
const READERS_OF_ALL_TEAMS: &[Role] =
    &[Role::FederationAdministrator, Role::FederationEconomist, Role::ProgrammeLead, Role::Auditor];

/// Whoever proves a release, and reads what every team reports anyhow.
const PROVERS: &[Role] = &[Role::FederationAdministrator, Role::Auditor];

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

/// Those who read reports: the federation's roles, steering groups, and a team's people.
const READERS_OF_CHAPTERS: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::ProgrammeLead,
    Role::Auditor,
    Role::SteeringGroupMember,
    Role::TeamLead,
    Role::Coordinator,
    Role::Coach,
];

/// The same without the auditor, who never writes.
const COMMENTERS: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::ProgrammeLead,
    Role::SteeringGroupMember,
    Role::TeamLead,
    Role::Coordinator,
    Role::Coach,
];

/// Those who can be a chapter's authors.
const AUTHORS: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::ProgrammeLead,
    Role::TeamLead,
    Role::Coordinator,
    Role::Coach,
];

/// Those who take a report in.
const ACCEPTERS: &[Role] = &[Role::FederationAdministrator, Role::ProgrammeLead];

/// The roles of a team's people.
const OF_TEAM: &[Role] = &[Role::TeamLead, Role::Coordinator, Role::Coach];

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
    permission("/samordna.reporting.v1.ReleaseService/GetReleaseEvidence", PROVERS),
    permission("/samordna.reporting.v1.RestatementService/DraftRestatement", ADMINISTRATOR),
    permission("/samordna.reporting.v1.RestatementService/PublishRestatement", ADMINISTRATOR),
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
    permission("/samordna.reporting.v1.DueReportService/ListDueReports", READERS_OF_CHAPTERS),
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
    permission("/samordna.reporting.v1.ReportTemplateService/CreateReportTemplate", ADMINISTRATOR),
    permission("/samordna.reporting.v1.ReportTemplateService/GetReportTemplate", Role::ALL),
    permission("/samordna.reporting.v1.ReportTemplateService/ListReportTemplates", Role::ALL),
    permission("/samordna.reporting.v1.ReportService/CreateReport", REPORTERS),
    permission("/samordna.reporting.v1.ReportService/GetReport", READERS_OF_CHAPTERS),
    permission("/samordna.reporting.v1.ReportService/FetchFigures", REPORTERS),
    permission("/samordna.reporting.v1.ReportService/ListReports", READERS_OF_CHAPTERS),
    permission("/samordna.reporting.v1.ReportService/UpdateReport", REPORTERS),
    permission("/samordna.reporting.v1.ReportService/SubmitReport", REPORTERS),
    permission("/samordna.reporting.v1.ReportService/ReturnReport", ACCEPTERS),
    permission("/samordna.reporting.v1.ReportService/AcceptReport", ACCEPTERS),
    permission("/samordna.reporting.v1.ReportService/ExplainFinding", REPORTERS),
    permission("/samordna.reporting.v1.ReportService/WithdrawExplanation", REPORTERS),
    permission("/samordna.reporting.v1.ReportService/CheckText", AUTHORS),
    permission("/samordna.reporting.v1.ChapterService/UpdateChapter", AUTHORS),
    permission("/samordna.reporting.v1.ChapterService/GetChapter", READERS_OF_CHAPTERS),
    permission("/samordna.reporting.v1.AttachmentService/AttachFile", AUTHORS),
    permission("/samordna.reporting.v1.AttachmentService/DetachFile", AUTHORS),
    permission("/samordna.reporting.v1.AttachmentService/GetAttachment", READERS_OF_CHAPTERS),
    permission("/samordna.reporting.v1.CommentService/CreateComment", COMMENTERS),
    permission("/samordna.reporting.v1.CommentService/ResolveComment", COMMENTERS),
    permission("/samordna.reporting.v1.CommentService/ListComments", READERS_OF_CHAPTERS),
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

/// Whose reminders the caller reads; none for everybody's.
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

/// What of a report the caller may read, by the roles held; `None` when it lies outside
/// the caller's scope. A report on one team or area is read whole or not at all.
pub(super) fn report_reader(principal: &Principal, subject: &Subject) -> Option<Reader> {
    let is_steering = |scope: Scope| principal.holds(Role::SteeringGroupMember, &scope);
    if principal.has_any(READERS_OF_ALL_TEAMS) || is_steering(Scope::Federation) {
        return Some(Reader::WholeFederation);
    }
    let own = own_teams(principal);
    match subject {
        Subject::Federation => (!own.is_empty()).then_some(Reader::Teams(own)),
        Subject::Area(id) => {
            is_steering(Scope::Area(id.clone())).then_some(Reader::WholeFederation)
        }
        Subject::Team(id) => {
            let team = TeamName::new(principal.federation.clone(), id.clone());
            own.contains(&team).then_some(Reader::WholeFederation)
        }
    }
}

/// The subjects whose reports the caller finds in a list; `None` for all.
pub(super) fn report_subjects(principal: &Principal) -> Option<Vec<Subject>> {
    let is_steering = principal.holds(Role::SteeringGroupMember, &Scope::Federation);
    if principal.has_any(READERS_OF_ALL_TEAMS) || is_steering {
        return None;
    }
    let own = own_teams(principal);
    let federation = (!own.is_empty()).then_some(Subject::Federation);
    let areas = principal.scopes(Role::SteeringGroupMember).filter_map(|scope| match scope {
        Scope::Area(id) => Some(Subject::Area(id.clone())),
        Scope::Federation | Scope::Team(_) | Scope::Party(_) | Scope::PartyTeam { .. } => None,
    });
    let teams = own.iter().map(|team| Subject::Team(team.id.clone()));
    Some(federation.into_iter().chain(areas).chain(teams).collect())
}

/// True when the caller writes the head of a report and takes it on its way.
pub(super) fn may_write(principal: &Principal, subject: &Subject) -> bool {
    principal.has(Role::FederationAdministrator) || leads_subject(principal, subject)
}

/// True when the caller writes a chapter without being its author, and says who its
/// authors are: of the report's own chapters, and of one about a team.
pub(super) fn is_in_charge(
    principal: &Principal,
    report: &Subject,
    chapter: Option<&Slug>,
) -> bool {
    let leads_chapter = chapter.is_some_and(|team| match report {
        Subject::Federation => leads_subject(principal, &Subject::Team(team.clone())),
        Subject::Area(_) | Subject::Team(_) => false,
    });
    may_write(principal, report) || leads_chapter
}

/// True when the caller explains a finding of a report: the office every one, a team
/// lead those of the own team.
pub(super) fn may_explain(principal: &Principal, report: &Subject, whose: Option<&str>) -> bool {
    let of_own_team = match report {
        Subject::Federation => whose.is_some_and(|id| {
            let team = Slug::parse("team", id).ok().map(Subject::Team);
            team.is_some_and(|team| leads_subject(principal, &team))
        }),
        Subject::Area(_) | Subject::Team(_) => false,
    };
    may_write(principal, report) || of_own_team
}

fn leads_subject(principal: &Principal, subject: &Subject) -> bool {
    match subject {
        Subject::Team(id) => {
            leads(principal, &TeamName::new(principal.federation.clone(), id.clone()))
        }
        Subject::Federation | Subject::Area(_) => false,
    }
}

/// The teams that the caller works in.
pub(super) fn own_teams(principal: &Principal) -> BTreeSet<TeamName> {
    let scopes = OF_TEAM.iter().flat_map(|role| principal.scopes(*role));
    let team = |scope: &Scope| match scope {
        Scope::Team(id) | Scope::PartyTeam { party: _, team: id } => {
            Some(TeamName::new(principal.federation.clone(), id.clone()))
        }
        Scope::Federation | Scope::Area(_) | Scope::Party(_) => None,
    };
    scopes.filter_map(team).collect()
}

fn leads(principal: &Principal, team: &TeamName) -> bool {
    principal.holds(Role::TeamLead, &Scope::Team(team.id.clone()))
}
