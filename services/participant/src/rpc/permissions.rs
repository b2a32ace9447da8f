//! Which roles may call which RPC.

use platform::{Permission, Permissions};
use values::Role;

const ADMINISTRATOR: &[Role] = &[Role::FederationAdministrator];

/// One line for each RPC: the organisation is written by the federation
/// administrator and read by everybody in the federation.
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
