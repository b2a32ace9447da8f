//! Which roles may call which RPC.

use platform::{Permission, Permissions};
use values::Role;

const ADMINISTRATOR: &[Role] = &[Role::FederationAdministrator];

/// Who writes what a team has, when they act for it.
pub(super) const TEAM_WRITERS: &[Role] = &[Role::Coordinator, Role::TeamLead];

/// A team's officers, who see and write the numbers of its people when they act for it.
pub(super) const TEAM_OFFICERS: &[Role] = &[Role::Coordinator, Role::TeamLead, Role::Coach];

/// One line for each RPC: the organisation is written by the federation
/// administrator and read by everybody in the federation; what a team has is
/// written by those who act for it.
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
];

const fn permission(method: &'static str, roles: &'static [Role]) -> Permission {
    Permission { method, roles }
}
