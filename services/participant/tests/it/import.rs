//! A whole organisation at once.

use platform::testing::on_both;
use proto::{
    common::ImportEffect,
    organisation::{
        Area, Federation, ImportOrganisationRequest, ImportOrganisationResponse, ListTeamsRequest,
        Municipality, Party, PartyKind, Team,
    },
};
use tonic::Code;

use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn whole(request_id: &str) -> ImportOrganisationRequest {
    let municipality = |code: &str, display_name: &str| Municipality {
        name: format!("{HOME}/municipalities/{code}"),
        scb_code: code.to_owned(),
        display_name: display_name.to_owned(),
        area: format!("{HOME}/areas/vastra"),
        party: String::new(),
    };
    ImportOrganisationRequest {
        parent: HOME.to_owned(),
        federations: vec![Federation {
            name: HOME.to_owned(),
            display_name: "Samordningsförbundet Västmanland".to_owned(),
            organisation_number: "202100-5489".to_owned(),
            synthetic: true,
            smallest_shown_count: 0,
        }],
        parties: vec![Party {
            name: format!("{HOME}/parties/koping"),
            display_name: "Köpings kommun".to_owned(),
            organisation_number: "2021005489".to_owned(),
            kind: PartyKind::Municipality.into(),
            synthetic: true,
        }],
        areas: vec![Area {
            name: format!("{HOME}/areas/vastra"),
            display_name: "Västra".to_owned(),
        }],
        municipalities: vec![municipality("1983", "Köping"), municipality("1984", "Arboga")],
        teams: vec![Team {
            name: format!("{HOME}/teams/vastra-malardalen"),
            display_name: "Teamsamverkan Västra Mälardalen".to_owned(),
            municipalities: vec![
                format!("{HOME}/municipalities/1983"),
                format!("{HOME}/municipalities/1984"),
            ],
        }],
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

async fn import(world: &World, request: ImportOrganisationRequest) -> ImportOrganisationResponse {
    world.imports().import_organisation(world.office(request)).await.unwrap().into_inner()
}

fn effects(response: &ImportOrganisationResponse) -> Vec<ImportEffect> {
    assert_eq!(response.faults, []);
    response.outcomes.iter().map(|outcome| outcome.effect()).collect()
}

#[tokio::test]
async fn an_organisation_is_taken_in_whole_and_a_second_time_nothing_changes() {
    on_both(|database| async {
        let world = World::new(database).await;
        let first = import(&world, whole("1")).await;
        assert_eq!(effects(&first), [ImportEffect::Created; 6]);
        assert_eq!(first.outcomes[4].row, "municipalities[1]");
        assert_eq!(first.outcomes[4].name, "federations/vastmanland/municipalities/1984");
        assert_eq!(world.sequence().await, 6);
        let again = import(&world, whole("1")).await;
        assert_eq!(again, first, "a repeated request answers the same");
        let second = import(&world, whole("2")).await;
        assert_eq!(effects(&second), [ImportEffect::Unchanged; 6]);
        assert_eq!(world.sequence().await, 6);
        let list = ListTeamsRequest { parent: HOME.to_owned(), ..Default::default() };
        let teams = world.teams().list_teams(world.coach(list)).await.unwrap().into_inner().teams;
        assert_eq!(teams, whole("1").teams);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_trial_tells_what_would_happen_and_changes_nothing() {
    on_both(|database| async {
        let world = World::new(database).await;
        let trial = ImportOrganisationRequest { validate_only: true, ..whole("1") };
        assert_eq!(effects(&import(&world, trial).await), [ImportEffect::Created; 6]);
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn all_faults_are_told_at_once_and_nothing_is_taken_in() {
    on_both(|database| async {
        let world = World::new(database).await;
        let mut bad = whole("1");
        bad.federations.push(bad.federations[0].clone());
        bad.parties[0].organisation_number = "202100-5480".to_owned();
        bad.municipalities[0].area = format!("{HOME}/areas/norra");
        bad.municipalities[1].scb_code = "1983".to_owned();
        bad.teams[0].municipalities.push(format!("{HOME}/municipalities/1960"));
        let answer = import(&world, bad).await;
        assert_eq!(answer.outcomes, []);
        let told: Vec<_> =
            answer.faults.into_iter().map(|fault| (fault.field, fault.reason)).collect();
        assert_eq!(
            told,
            expected(&[
                ("federations[1].name", "FEDERATION_TWICE"),
                ("parties[0].organisation_number", "ORGANISATION_NUMBER_CHECK_DIGIT"),
                ("municipalities[0].area", "AREA_UNKNOWN"),
                ("municipalities[1].scb_code", "SCB_CODE_NOT_ID"),
                ("teams[0].municipalities[2]", "MUNICIPALITY_UNKNOWN"),
            ])
        );
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_there_with_other_content_is_refused() {
    on_both(|database| async {
        let world = World::new(database).await;
        import(&world, whole("1")).await;
        let mut other = whole("2");
        other.teams[0].municipalities.reverse();
        let answer = import(&world, other).await;
        assert_eq!(answer.faults[0].field, "teams[0]");
        assert_eq!(answer.faults[0].reason, "DIFFERS_FROM_RECORD");
        assert_eq!(
            answer.faults[0].facts[0].value,
            "federations/vastmanland/teams/vastra-malardalen"
        );
    })
    .await;
}

#[tokio::test]
async fn an_import_into_another_federation_finds_nothing_and_a_bad_envelope_is_told() {
    on_both(|database| async {
        let world = World::new(database).await;
        let stranger = world.stranger(whole("1"));
        assert_eq!(problem(world.imports().import_organisation(stranger).await).0, Code::NotFound);
        let bad = ImportOrganisationRequest { parent: "x".to_owned(), ..whole("1") };
        let told = faults(world.imports().import_organisation(world.office(bad)).await);
        assert_eq!(told, expected(&[("parent", "NAME_MALFORMED")]));
    })
    .await;
}

#[tokio::test]
async fn thousands_of_rows_are_taken_in_at_once() {
    on_both(|database| async {
        let world = World::new(database).await;
        let area = |number| Area {
            name: format!("{HOME}/areas/a{number}"),
            display_name: format!("Område {number}"),
        };
        let many = ImportOrganisationRequest {
            areas: (0..2100).map(area).collect(),
            ..ImportOrganisationRequest {
                federations: Vec::new(),
                parties: Vec::new(),
                municipalities: Vec::new(),
                teams: Vec::new(),
                ..whole("1")
            }
        };
        assert_eq!(effects(&import(&world, many).await), vec![ImportEffect::Created; 2100]);
        assert_eq!(world.sequence().await, 2100);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_municipality_without_a_party_is_given_one_and_nothing_else_is_replaced() {
    on_both(|database| async {
        let world = World::new(database).await;
        import(&world, whole("1")).await;
        let mut given = whole("2");
        given.municipalities[0].party = format!("{HOME}/parties/koping");
        let answer = import(&world, given.clone()).await;
        assert_eq!(effects(&answer)[3], ImportEffect::Replaced);
        assert_eq!(world.problems().await, Vec::<String>::new());
        given.request_id = "3".to_owned();
        assert_eq!(effects(&import(&world, given).await), [ImportEffect::Unchanged; 6]);
        let taken = import(&world, whole("4")).await;
        assert_eq!(taken.faults[0].reason, "DIFFERS_FROM_RECORD");
    })
    .await;
}
