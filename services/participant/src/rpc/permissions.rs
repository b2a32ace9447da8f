//! Which roles may call which RPC.

use std::collections::BTreeSet;

use platform::{Permission, Permissions, Principal};
use values::{Role, Scope};

use crate::domain::reach::Reach;

const ADMINISTRATOR: &[Role] = &[Role::FederationAdministrator];
const PARTY_ADMINISTRATOR: &[Role] = &[Role::PartyAdministrator];
const EVALUATOR: &[Role] = &[Role::Evaluator];
/// Who agree on data sets.
const OF_AGREEMENTS: &[Role] = &[Role::FederationAdministrator, Role::Evaluator];
/// Who work with people in a team.
const OFFICERS: &[Role] = &[Role::Coordinator, Role::TeamLead, Role::Coach];
/// Who work with people in a team, or refer them to it.
const REFERRERS: &[Role] =
    &[Role::Coordinator, Role::TeamLead, Role::Coach, Role::ReferringOfficer];

/// Who counts people: those that they see, or what may leave the parties.
const COUNTERS: &[Role] = Role::ALL;

/// Who writes what a team has, when they act for it.
pub(super) const TEAM_WRITERS: &[Role] = &[Role::Coordinator, Role::TeamLead];

/// A team's officers, who see and write the numbers of its people when they act for it.
pub(super) const TEAM_OFFICERS: &[Role] = &[Role::Coordinator, Role::TeamLead, Role::Coach];

/// One line for each RPC: the organisation is written by the federation
/// administrator and read by everybody in the federation; what a team has is written by
/// those who act for it. People are for those who work with them, each as far as its
/// grants reach; never for the federation's office.
pub const PERMISSIONS: Permissions = &[
    permission("/samordna.organisation.v1.FederationService/CreateFederation", ADMINISTRATOR),
    permission("/samordna.organisation.v1.FederationService/GetFederation", Role::ALL),
    permission("/samordna.organisation.v1.PartyService/CreateParty", ADMINISTRATOR),
    permission("/samordna.organisation.v1.PartyService/GetParty", Role::ALL),
    permission("/samordna.organisation.v1.PartyService/ListParties", Role::ALL),
    permission("/samordna.organisation.v1.AreaService/CreateArea", ADMINISTRATOR),
    permission("/samordna.organisation.v1.AreaService/GetArea", Role::ALL),
    permission("/samordna.organisation.v1.AreaService/ListAreas", Role::ALL),
    permission("/samordna.organisation.v1.MunicipalityService/CreateMunicipality", ADMINISTRATOR),
    permission("/samordna.organisation.v1.MunicipalityService/GetMunicipality", Role::ALL),
    permission("/samordna.organisation.v1.MunicipalityService/ListMunicipalities", Role::ALL),
    permission("/samordna.organisation.v1.TeamService/CreateTeam", ADMINISTRATOR),
    permission("/samordna.organisation.v1.TeamService/GetTeam", Role::ALL),
    permission("/samordna.organisation.v1.TeamService/ListTeams", Role::ALL),
    permission(
        "/samordna.organisation.v1.OrganisationImportService/ImportOrganisation",
        ADMINISTRATOR,
    ),
    permission("/samordna.participant.v1.CriteriaService/CreateCriteria", ADMINISTRATOR),
    permission("/samordna.participant.v1.CriteriaService/GetCriteria", Role::ALL),
    permission("/samordna.participant.v1.CriteriaService/ListCriteria", Role::ALL),
    permission("/samordna.participant.v1.ReferralService/CreateReferral", REFERRERS),
    permission("/samordna.participant.v1.ReferralService/ReceiveReferral", OFFICERS),
    permission("/samordna.participant.v1.ReferralService/CallReferral", OFFICERS),
    permission("/samordna.participant.v1.ReferralService/HoldIntakeTalk", OFFICERS),
    permission("/samordna.participant.v1.ReferralService/DecideReferral", OFFICERS),
    permission("/samordna.participant.v1.ReferralService/RevokeReferral", REFERRERS),
    permission("/samordna.participant.v1.ReferralService/RegisterReferralInError", OFFICERS),
    permission("/samordna.participant.v1.ReferralService/GetReferral", REFERRERS),
    permission("/samordna.participant.v1.ReferralService/ListReferrals", REFERRERS),
    permission("/samordna.participant.v1.ParticipantService/GetParticipant", OFFICERS),
    permission("/samordna.participant.v1.ParticipantService/FindParticipant", OFFICERS),
    permission("/samordna.participant.v1.ParticipantService/ListParticipants", OFFICERS),
    permission("/samordna.participant.v1.ParticipantService/UpdateParticipant", OFFICERS),
    permission("/samordna.participant.v1.ParticipantService/TransferParticipant", OFFICERS),
    permission("/samordna.participant.v1.ParticipantService/MergeParticipants", OFFICERS),
    permission("/samordna.participant.v1.ParticipantService/UndoMerge", OFFICERS),
    permission("/samordna.participant.v1.ParticipantService/ProtectParticipant", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/CreateEnrolment", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/TransferCoach", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/ExtendEnrolment", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/SetConsent", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/ExitEnrolment", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/CorrectExit", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/DeliverDocumentation", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/RegisterEnrolmentInError", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/GetEnrolment", OFFICERS),
    permission("/samordna.participant.v1.EnrolmentService/ListEnrolments", OFFICERS),
    permission(
        "/samordna.participant.v1.ParticipantImportService/ImportParticipants",
        TEAM_WRITERS,
    ),
    permission(
        "/samordna.participant.v1.ParticipantImportService/StreamParticipantImport",
        TEAM_WRITERS,
    ),
    permission(
        "/samordna.participant.v1.ParticipantImportService/UndoParticipantImport",
        TEAM_WRITERS,
    ),
    permission(
        "/samordna.participant.v1.ParticipantImportService/ListParticipantImports",
        TEAM_WRITERS,
    ),
    permission("/samordna.participant.v1.ParticipantImportService/ExportCases", TEAM_WRITERS),
    permission("/samordna.participant.v1.QueueService/ListQueue", OFFICERS),
    permission("/samordna.participant.v1.QueueService/SetQueueException", OFFICERS),
    permission("/samordna.participant.v1.QueueService/GetQueueStatistics", Role::ALL),
    permission("/samordna.participant.v1.MilestoneService/CreateMilestone", OFFICERS),
    permission("/samordna.participant.v1.MilestoneService/RemoveMilestone", OFFICERS),
    permission("/samordna.participant.v1.MilestoneService/GetMilestone", OFFICERS),
    permission("/samordna.participant.v1.MilestoneService/ListMilestones", OFFICERS),
    permission("/samordna.participant.v1.PlacementService/CreatePlacement", OFFICERS),
    permission("/samordna.participant.v1.PlacementService/EndPlacement", OFFICERS),
    permission("/samordna.participant.v1.PlacementService/RemovePlacement", OFFICERS),
    permission("/samordna.participant.v1.PlacementService/GetPlacement", OFFICERS),
    permission("/samordna.participant.v1.PlacementService/ListPlacements", OFFICERS),
    permission("/samordna.participant.v1.FollowUpService/EndFollowUp", OFFICERS),
    permission("/samordna.participant.v1.FollowUpService/GetFollowUp", OFFICERS),
    permission("/samordna.participant.v1.FollowUpService/ListFollowUps", OFFICERS),
    permission("/samordna.participant.v1.FollowUpService/GetFollowUpRates", COUNTERS),
    permission("/samordna.participant.v1.SurveyService/CreateSurveyAnswer", OFFICERS),
    permission("/samordna.participant.v1.SurveyService/RemoveSurveyAnswer", OFFICERS),
    permission("/samordna.participant.v1.SurveyService/GetSurveyAnswer", OFFICERS),
    permission("/samordna.participant.v1.SurveyService/ListSurveyAnswers", OFFICERS),
    permission("/samordna.participant.v1.SurveyService/GetSurveyResults", COUNTERS),
    permission("/samordna.participant.v1.ActivityCountService/CountActivities", COUNTERS),
    permission(
        "/samordna.participant.v1.ParticipantEventService/StreamParticipantEvents",
        REFERRERS,
    ),
    permission("/samordna.participant.v1.ReadLogService/ListReads", PARTY_ADMINISTRATOR),
    permission("/samordna.participant.v1.DisposalService/SetRetention", PARTY_ADMINISTRATOR),
    permission("/samordna.participant.v1.DisposalService/GetRetention", PARTY_ADMINISTRATOR),
    permission("/samordna.participant.v1.DisposalService/DisposeParticipants", PARTY_ADMINISTRATOR),
    permission("/samordna.participant.v1.DisposalService/ListDisposals", PARTY_ADMINISTRATOR),
    permission("/samordna.participant.v1.PositionService/CreatePosition", TEAM_WRITERS),
    permission("/samordna.participant.v1.PositionService/UpdatePosition", TEAM_WRITERS),
    permission("/samordna.participant.v1.PositionService/GetPosition", Role::ALL),
    permission("/samordna.participant.v1.PositionService/ListPositions", Role::ALL),
    permission("/samordna.participant.v1.PositionService/GetCapacity", Role::ALL),
    permission("/samordna.participant.v1.IntakePauseService/CreateIntakePause", TEAM_WRITERS),
    permission("/samordna.participant.v1.IntakePauseService/EndIntakePause", TEAM_WRITERS),
    permission("/samordna.participant.v1.IntakePauseService/ListIntakePauses", Role::ALL),
    permission("/samordna.participant.v1.ReservedPlacesService/SetReservedPlaces", TEAM_WRITERS),
    permission("/samordna.participant.v1.ReservedPlacesService/ListReservedPlaces", Role::ALL),
    permission("/samordna.participant.v1.GroupActivityService/CreateGroupActivity", TEAM_OFFICERS),
    permission("/samordna.participant.v1.GroupActivityService/UpdateGroupActivity", TEAM_OFFICERS),
    permission("/samordna.participant.v1.GroupActivityService/ListGroupActivities", TEAM_OFFICERS),
    permission("/samordna.participant.v1.QuestionnaireService/CreateQuestionnaire", ADMINISTRATOR),
    permission("/samordna.participant.v1.QuestionnaireService/GetQuestionnaire", Role::ALL),
    permission("/samordna.participant.v1.QuestionnaireService/ListQuestionnaires", Role::ALL),
    permission("/samordna.participant.v1.BandingService/CreateBanding", ADMINISTRATOR),
    permission("/samordna.participant.v1.BandingService/GetBanding", Role::ALL),
    permission("/samordna.participant.v1.BandingService/ListBandings", Role::ALL),
    permission("/samordna.participant.v1.TableLayoutService/CreateTableLayout", ADMINISTRATOR),
    permission("/samordna.participant.v1.TableLayoutService/GetTableLayout", Role::ALL),
    permission("/samordna.participant.v1.TableLayoutService/ListTableLayouts", Role::ALL),
    permission("/samordna.participant.v1.TabulationService/Tabulate", OFFICERS),
    permission("/samordna.participant.v1.TabulationService/ListCellRecords", OFFICERS),
    permission("/samordna.participant.v1.TabulationService/GetProtectedTables", Role::ALL),
    permission("/samordna.participant.v1.TabulationService/ReleaseTables", ADMINISTRATOR),
    permission("/samordna.participant.v1.TabulationService/GetTableEvidence", OFFICERS),
    permission("/samordna.participant.v1.TabulationService/ListReleasedTables", Role::ALL),
    permission("/samordna.participant.v1.DataSetService/CreateDataAgreement", ADMINISTRATOR),
    permission("/samordna.participant.v1.DataSetService/ListDataAgreements", OF_AGREEMENTS),
    permission("/samordna.participant.v1.DataSetService/GetDataSet", EVALUATOR),
];

const fn permission(method: &'static str, roles: &'static [Role]) -> Permission {
    Permission { method, roles }
}

/// How far a caller reaches among people of whom it writes lists.
pub(super) fn writing_reach(principal: &Principal) -> Reach {
    let people = principal.grants.iter().filter(|grant| TEAM_WRITERS.contains(&grant.role));
    let people = people.filter_map(|grant| match &grant.scope {
        Scope::PartyTeam { party, team } => Some((party.clone(), team.clone())),
        Scope::Federation | Scope::Area(_) | Scope::Party(_) | Scope::Team(_) => None,
    });
    Reach { people: people.collect(), senders: BTreeSet::new() }
}

/// How far a caller reaches among people. A role in a whole team opens nobody's record.
pub(super) fn reach(principal: &Principal) -> Reach {
    let mut reach = Reach::default();
    for grant in &principal.grants {
        match &grant.scope {
            Scope::PartyTeam { party, team } if OFFICERS.contains(&grant.role) => {
                reach.people.insert((party.clone(), team.clone()));
            }
            Scope::Party(party) if grant.role == Role::ReferringOfficer => {
                reach.senders.insert(party.clone());
            }
            Scope::Federation
            | Scope::Area(_)
            | Scope::Party(_)
            | Scope::Team(_)
            | Scope::PartyTeam { .. } => {}
        }
    }
    reach
}
