//! Teams with parties, and those who act for them.

use platform::{Database, Transport, testing::caller};
use proto::{
    organisation::{ImportOrganisationRequest, Municipality, Party, PartyKind, Team},
    participant::{
        group_activity_service_client::GroupActivityServiceClient,
        intake_pause_service_client::IntakePauseServiceClient,
        position_service_client::PositionServiceClient,
        questionnaire_service_client::QuestionnaireServiceClient,
        reserved_places_service_client::ReservedPlacesServiceClient,
    },
};
use tonic::Request;
use values::{Role, Scope};

use super::{HOME, World};

/// The name of a team.
pub(crate) fn team(id: &str) -> String {
    format!("{HOME}/teams/{id}")
}

/// The name of a party.
pub(crate) fn party(id: &str) -> String {
    format!("{HOME}/parties/{id}")
}

/// A day as it is sent.
pub(crate) fn date(year: i32, month: i32, day: i32) -> Option<proto::Date> {
    Some(proto::Date { year, month, day })
}

impl World {
    /// With teams, and parties that employ and pay.
    pub(crate) async fn with(database: Database, teams: &[&str], parties: &[&str]) -> Self {
        let world = Self::new(database).await;
        let party = |id: &&str| Party {
            name: party(id),
            display_name: (*id).to_owned(),
            organisation_number: "202100-5489".to_owned(),
            kind: PartyKind::Municipality.into(),
            synthetic: true,
        };
        let team = |id: &&str| Team {
            name: team(id),
            display_name: (*id).to_owned(),
            municipalities: vec![format!("{HOME}/municipalities/1981")],
        };
        let organisation = ImportOrganisationRequest {
            parent: HOME.to_owned(),
            municipalities: vec![Municipality {
                name: format!("{HOME}/municipalities/1981"),
                scb_code: "1981".to_owned(),
                display_name: "Sala".to_owned(),
                area: String::new(),
                party: String::new(),
            }],
            parties: parties.iter().map(party).collect(),
            teams: teams.iter().map(team).collect(),
            request_id: "teams".to_owned(),
            ..Default::default()
        };
        let request = world.office(organisation);
        let answer = world.imports().import_organisation(request).await.unwrap().into_inner();
        assert_eq!(answer.faults, []);
        world
    }

    /// A request by somebody with a role for a scope: `team/sala`.
    pub(crate) fn with_role<M>(&self, role: Role, scope: &str, message: M) -> Request<M> {
        let scope = Scope::parse("scope", scope).unwrap();
        self.keys.request(
            &caller("vastmanland", &role.code().replace('_', "-"), &[(role, scope)]),
            message,
        )
    }

    /// A request by a coordinator of team Sala.
    pub(crate) fn coordinator<M>(&self, message: M) -> Request<M> {
        self.with_role(Role::Coordinator, "team/sala", message)
    }

    pub(crate) fn positions(&self) -> PositionServiceClient<Transport> {
        PositionServiceClient::new(self.transport.clone())
    }

    pub(crate) fn intake_pauses(&self) -> IntakePauseServiceClient<Transport> {
        IntakePauseServiceClient::new(self.transport.clone())
    }

    pub(crate) fn reserved_places(&self) -> ReservedPlacesServiceClient<Transport> {
        ReservedPlacesServiceClient::new(self.transport.clone())
    }

    pub(crate) fn group_activities(&self) -> GroupActivityServiceClient<Transport> {
        GroupActivityServiceClient::new(self.transport.clone())
    }

    pub(crate) fn questionnaires(&self) -> QuestionnaireServiceClient<Transport> {
        QuestionnaireServiceClient::new(self.transport.clone())
    }
}
