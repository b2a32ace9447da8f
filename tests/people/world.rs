//! The participant service on an empty database, with the generated organisation in it,
//! and a coordinator whom every party gave its people in every team.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use participant::{Config, Deps, Migrator, keyring::Keyring};
use platform::{
    Clock, Database, Principal, Transport,
    testing::{TestKeys, caller},
};
use proto::{
    common::{ImportEffect, Period},
    organisation::organisation_import_service_client::OrganisationImportServiceClient,
    participant::{
        Band, BandedDimension, Banding, CreateBandingRequest, Cut, Dimension,
        ImportParticipantsRequest, Measure, TableShape, TabulateRequest, TabulateResponse,
        banding_service_client::BandingServiceClient,
        participant_import_service_client::ParticipantImportServiceClient,
        tabulation_service_client::TabulationServiceClient,
    },
};
use tonic::Request;
use values::{Role, Scope};

use crate::population::{Population, rows::date, tally::AGE_BANDS};

/// When all of it has happened.
pub(super) const NOW: &str = "2026-01-15T10:00:00Z";

/// The service.
pub(super) struct World {
    pub(super) population: Population,
    pub(super) transport: Transport,
    pub(super) keys: TestKeys,
    coordinator: Principal,
}

impl World {
    pub(super) async fn with_organisation(database: Database, population: Population) -> Self {
        database.migrate::<Migrator>().await.unwrap();
        let clock = Clock::fixed(NOW.parse().unwrap());
        let keys = TestKeys::new(&clock);
        let deps = Deps { clock, database, verifier: keys.verifier.clone(), keyring: keyring() };
        let mounted = participant::mount(&Config::default(), deps);
        let role = |[party, team]: [String; 2]| {
            let scope = Scope::parse("scope", &format!("party/{party}/team/{team}")).unwrap();
            (Role::Coordinator, scope)
        };
        let roles: Vec<_> = population.party_teams().into_iter().map(role).collect();
        let coordinator = caller(population.federation, "samordnare", &roles);
        let transport = Transport::local(mounted.routes);
        let world = Self { population, transport, keys, coordinator };
        world.organise().await;
        world
    }

    async fn organise(&self) {
        let office = (Role::FederationAdministrator, Scope::Federation);
        let office = caller(self.population.federation, "kansli", &[office]);
        let request = self.keys.request(&office, self.population.organisation());
        let mut imports = OrganisationImportServiceClient::new(self.transport.clone());
        let answer = imports.import_organisation(request).await.unwrap().into_inner();
        assert_eq!(answer.faults, []);

        let band = |(id, youngest, oldest): (&str, i32, i32)| Band {
            id: id.to_owned(),
            label: id.to_owned(),
            label_en: id.to_owned(),
            youngest,
            oldest,
            codes: Vec::new(),
        };
        let request = CreateBandingRequest {
            parent: self.population.name(),
            banding_id: "ages".to_owned(),
            banding: Some(Banding {
                name: String::new(),
                dimension: BandedDimension::Age.into(),
                bands: AGE_BANDS.map(band).to_vec(),
                decision: "Styrelsen 2018-12-01".to_owned(),
            }),
            request_id: "ages".to_owned(),
            validate_only: false,
        };
        let mut bandings = BandingServiceClient::new(self.transport.clone());
        bandings.create_banding(self.keys.request(&office, request)).await.unwrap();
    }

    /// A request by the coordinator.
    pub(super) fn request<M>(&self, message: M) -> Request<M> {
        self.keys.request(&self.coordinator, message)
    }

    /// Takes in a batch, every case of which is new.
    pub(super) async fn import(&self, batch: ImportParticipantsRequest) {
        let cases = batch.cases.len();
        let mut imports = ParticipantImportServiceClient::new(self.transport.clone());
        let answer = imports.import_participants(self.request(batch)).await.unwrap().into_inner();
        assert_eq!(answer.faults, []);
        let is_new = |effect: ImportEffect| effect == ImportEffect::Created;
        let created = answer.outcomes.iter().filter(|outcome| is_new(outcome.effect()));
        assert_eq!(created.count(), cases);
    }

    /// Counts everybody.
    pub(super) async fn tabulate(
        &self,
        [first, last]: [NaiveDate; 2],
        measures: &[Measure],
        cuts: &[Dimension],
        as_known_at: i64,
    ) -> TabulateResponse {
        let cut = |dimension: &Dimension| Cut {
            dimension: (*dimension).into(),
            banding: match dimension {
                Dimension::Age => format!("{}/bandings/ages", self.population.name()),
                _ => String::new(),
            },
        };
        let request = TabulateRequest {
            parent: self.population.name(),
            shape: Some(TableShape {
                measures: measures.iter().map(|measure| (*measure).into()).collect(),
                cuts: cuts.iter().map(cut).collect(),
            }),
            period: Some(Period { first_day: Some(date(first)), last_day: Some(date(last)) }),
            as_known_at,
            teams: Vec::new(),
        };
        let mut tables = TabulationServiceClient::new(self.transport.clone());
        tables.tabulate(self.request(request)).await.unwrap().into_inner()
    }
}

/// What people's records are locked with.
pub(super) fn keyring() -> Keyring {
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    Keyring::read(&key.into(), &BTreeMap::new()).unwrap()
}
