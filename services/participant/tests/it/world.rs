//! A mounted service on an empty database, and callers with roles.

pub(crate) mod teams;

use std::collections::BTreeMap;

use participant::{Config, Deps, Migrator, keyring::Keyring};
use platform::{
    Clock, Database, Principal, Transport,
    failure::Problem,
    testing::{TestKeys, caller},
};
use proto::participant::{
    banding_service_client::BandingServiceClient,
    table_layout_service_client::TableLayoutServiceClient,
    tabulation_service_client::TabulationServiceClient,
};
use proto::{
    organisation::{
        area_service_client::AreaServiceClient, federation_service_client::FederationServiceClient,
        municipality_service_client::MunicipalityServiceClient,
        organisation_import_service_client::OrganisationImportServiceClient,
        party_service_client::PartyServiceClient, team_service_client::TeamServiceClient,
    },
    participant::{
        activity_count_service_client::ActivityCountServiceClient,
        criteria_service_client::CriteriaServiceClient,
        data_set_service_client::DataSetServiceClient,
        disposal_service_client::DisposalServiceClient,
        enrolment_service_client::EnrolmentServiceClient,
        follow_up_service_client::FollowUpServiceClient,
        milestone_service_client::MilestoneServiceClient,
        participant_event_service_client::ParticipantEventServiceClient,
        participant_import_service_client::ParticipantImportServiceClient,
        participant_service_client::ParticipantServiceClient,
        placement_service_client::PlacementServiceClient, queue_service_client::QueueServiceClient,
        read_log_service_client::ReadLogServiceClient,
        referral_service_client::ReferralServiceClient, survey_service_client::SurveyServiceClient,
    },
};
use tonic::{Code, Request, Response, Status};
use values::{Role, Scope};

pub(crate) const HOME: &str = "federations/vastmanland";

/// The service, its database and its clients.
pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) keys: TestKeys,
    pub(crate) transport: Transport,
}

impl World {
    pub(crate) async fn new(database: Database) -> Self {
        database.migrate::<Migrator>().await.unwrap();
        Self::at(database, "2025-07-01T10:00:00Z")
    }

    /// The same database on a later day.
    pub(crate) fn later(&self, day: &str) -> Self {
        self.later_at(&format!("{day}T10:00:00Z"))
    }

    /// The same database at a later time.
    pub(crate) fn later_at(&self, time: &str) -> Self {
        Self::at(self.database.clone(), time)
    }

    fn at(database: Database, time: &str) -> Self {
        let clock = Clock::fixed(time.parse().unwrap());
        let keys = TestKeys::new(&clock);
        let deps = Deps {
            clock,
            database: database.clone(),
            verifier: keys.verifier.clone(),
            keyring: keyring(),
        };
        let config = Config { heartbeat_ms: 20, ..Config::default() };
        let mounted = participant::mount(&config, deps);
        Self { database, keys, transport: Transport::local(mounted.routes) }
    }

    /// A request by the federation administrator.
    pub(crate) fn office<M>(&self, message: M) -> Request<M> {
        self.keys.request(&administrator("vastmanland"), message)
    }

    /// A request by a coach of one of the teams, who reads only.
    pub(crate) fn coach<M>(&self, message: M) -> Request<M> {
        let team = Scope::parse("scope", "team/sala").unwrap();
        let coach = caller("vastmanland", "coach", &[(Role::Coach, team)]);
        self.keys.request(&coach, message)
    }

    /// A request by the administrator of another federation.
    pub(crate) fn stranger<M>(&self, message: M) -> Request<M> {
        self.keys.request(&administrator("sormland"), message)
    }

    pub(crate) fn federations(&self) -> FederationServiceClient<Transport> {
        FederationServiceClient::new(self.transport.clone())
    }

    pub(crate) fn parties(&self) -> PartyServiceClient<Transport> {
        PartyServiceClient::new(self.transport.clone())
    }

    pub(crate) fn areas(&self) -> AreaServiceClient<Transport> {
        AreaServiceClient::new(self.transport.clone())
    }

    pub(crate) fn municipalities(&self) -> MunicipalityServiceClient<Transport> {
        MunicipalityServiceClient::new(self.transport.clone())
    }

    pub(crate) fn teams(&self) -> TeamServiceClient<Transport> {
        TeamServiceClient::new(self.transport.clone())
    }

    pub(crate) fn imports(&self) -> OrganisationImportServiceClient<Transport> {
        OrganisationImportServiceClient::new(self.transport.clone())
    }

    pub(crate) fn bandings(&self) -> BandingServiceClient<Transport> {
        BandingServiceClient::new(self.transport.clone())
    }

    pub(crate) fn table_layouts(&self) -> TableLayoutServiceClient<Transport> {
        TableLayoutServiceClient::new(self.transport.clone())
    }

    pub(crate) fn tabulation(&self) -> TabulationServiceClient<Transport> {
        TabulationServiceClient::new(self.transport.clone())
    }

    /// A request by anybody.
    pub(crate) fn by<M>(&self, caller: &Principal, message: M) -> Request<M> {
        self.keys.request(caller, message)
    }

    pub(crate) fn criteria(&self) -> CriteriaServiceClient<Transport> {
        CriteriaServiceClient::new(self.transport.clone())
    }

    pub(crate) fn participant_imports(&self) -> ParticipantImportServiceClient<Transport> {
        ParticipantImportServiceClient::new(self.transport.clone())
    }

    pub(crate) fn events(&self) -> ParticipantEventServiceClient<Transport> {
        ParticipantEventServiceClient::new(self.transport.clone())
    }

    pub(crate) fn referrals(&self) -> ReferralServiceClient<Transport> {
        ReferralServiceClient::new(self.transport.clone())
    }

    pub(crate) fn data_sets(&self) -> DataSetServiceClient<Transport> {
        DataSetServiceClient::new(self.transport.clone())
    }

    pub(crate) fn disposals(&self) -> DisposalServiceClient<Transport> {
        DisposalServiceClient::new(self.transport.clone())
    }

    pub(crate) fn enrolments(&self) -> EnrolmentServiceClient<Transport> {
        EnrolmentServiceClient::new(self.transport.clone())
    }

    pub(crate) fn queues(&self) -> QueueServiceClient<Transport> {
        QueueServiceClient::new(self.transport.clone())
    }

    pub(crate) fn participants(&self) -> ParticipantServiceClient<Transport> {
        ParticipantServiceClient::new(self.transport.clone())
    }

    pub(crate) fn milestones(&self) -> MilestoneServiceClient<Transport> {
        MilestoneServiceClient::new(self.transport.clone())
    }

    pub(crate) fn placements(&self) -> PlacementServiceClient<Transport> {
        PlacementServiceClient::new(self.transport.clone())
    }

    pub(crate) fn follow_ups(&self) -> FollowUpServiceClient<Transport> {
        FollowUpServiceClient::new(self.transport.clone())
    }

    pub(crate) fn surveys(&self) -> SurveyServiceClient<Transport> {
        SurveyServiceClient::new(self.transport.clone())
    }

    pub(crate) fn activity_counts(&self) -> ActivityCountServiceClient<Transport> {
        ActivityCountServiceClient::new(self.transport.clone())
    }

    pub(crate) fn read_log(&self) -> ReadLogServiceClient<Transport> {
        ReadLogServiceClient::new(self.transport.clone())
    }

    /// Every problem that the check of the database finds.
    pub(crate) async fn problems(&self) -> Vec<String> {
        participant::verify(&self.database, Some(&keyring())).await.unwrap()
    }

    /// How far the federation's journal has come.
    pub(crate) async fn sequence(&self) -> i64 {
        let federation = administrator("vastmanland").federation;
        platform::journal::head(&self.database.read, &federation).await.unwrap().sequence
    }
}

pub(crate) fn administrator(federation: &str) -> Principal {
    caller(federation, "kansli", &[(Role::FederationAdministrator, Scope::Federation)])
}

/// The key of the tests' installation.
pub(crate) fn keyring() -> Keyring {
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    Keyring::read(&key.into(), &BTreeMap::new()).unwrap()
}

/// The code and reason of what must have failed.
pub(crate) fn problem<T>(answer: Result<Response<T>, Status>) -> (Code, String) {
    let problem = Problem::of(&answer.err().unwrap());
    (problem.code, problem.reason)
}

/// Field and reason of every fault of what must have failed.
pub(crate) fn faults<T>(answer: Result<Response<T>, Status>) -> Vec<(String, String)> {
    let problem = Problem::of(&answer.err().unwrap());
    assert_eq!(problem.code, Code::InvalidArgument);
    problem.faults.into_iter().map(|fault| (fault.field, fault.reason)).collect()
}

/// The same, as it is written in a test.
pub(crate) fn expected(faults: &[(&str, &str)]) -> Vec<(String, String)> {
    faults.iter().map(|(field, reason)| ((*field).to_owned(), (*reason).to_owned())).collect()
}
