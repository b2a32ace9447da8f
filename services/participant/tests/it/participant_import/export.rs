//! A team's cases without anything that tells whose they are.

use platform::{Principal, testing::on_both};
use prost::Message as _;
use proto::{
    common::Period,
    participant::{
        Case, Consent, ConsentKind, ExitOutcome, ExportCasesRequest, ImportParticipantsRequest,
        SetConsentRequest,
    },
};
use tonic::Code;
use values::Role;

use super::{accepted, batch, coordinator, ended, enrolled, import, told};
use crate::{
    banding::two_ages,
    people::{
        NUMBER, OTHER_NUMBER, THIRD_NUMBER, coach, date, holder, organised, person, protected,
    },
    world::{HOME, problem},
};

fn export(page_token: &str) -> ExportCasesRequest {
    ExportCasesRequest {
        parent: HOME.to_owned(),
        team: format!("{HOME}/teams/norra"),
        period: Some(Period { first_day: date("2025-01-01"), last_day: date("2025-06-30") }),
        age_banding: format!("{HOME}/bandings/ages"),
        as_known_at: 0,
        page_size: 1,
        page_token: page_token.to_owned(),
    }
}

/// Consents to the exchange of information.
fn agreed(mut case: Case) -> Case {
    case.enrolment.as_mut().unwrap().consents = vec![Consent {
        kind: ConsentKind::ExchangeOfInformation.into(),
        parties: Vec::new(),
        given: date("2024-10-01"),
        withdrawn: None,
    }];
    case
}

#[tokio::test]
async fn nobody_who_does_not_agree_today_that_information_is_exchanged_is_exported() {
    on_both(|database| async {
        let world = organised(database).await;
        let ages = world.office(two_ages("ages"));
        world.bandings().create_banding(ages).await.unwrap();
        let agrees_to_follow_up = |mut case: Case| {
            case.enrolment.as_mut().unwrap().consents[0].kind = ConsentKind::FollowUp.into();
            case
        };
        let cases = vec![
            agreed(ended("c-1", person(NUMBER))),
            ended("c-2", person(OTHER_NUMBER)),
            agrees_to_follow_up(agreed(enrolled("c-3", person(THIRD_NUMBER)))),
        ];
        import(&world, &coordinator(), batch("i-1", cases)).await.unwrap();
        let exported = async || {
            let request = ExportCasesRequest { page_size: 1000, ..export("") };
            let request = world.by(&coordinator(), request);
            let page = world.participant_imports().export_cases(request).await.unwrap();
            page.into_inner().cases.len()
        };
        assert_eq!(exported().await, 1);
        let withdrawn = Consent {
            kind: ConsentKind::ExchangeOfInformation.into(),
            parties: Vec::new(),
            given: date("2024-10-01"),
            withdrawn: date("2025-06-20"),
        };
        let withdraw = SetConsentRequest {
            name: format!("{HOME}/enrolments/c-1"),
            etag: "1".to_owned(),
            consent: Some(withdrawn),
            request_id: "withdraw".to_owned(),
            validate_only: false,
        };
        world.enrolments().set_consent(world.by(&coach(), withdraw)).await.unwrap();
        assert_eq!(exported().await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_cases_of_a_team_are_exported_without_whose_they_are_as_known_at_the_first_page() {
    on_both(|database| async {
        let world = organised(database).await;
        let caller = coordinator();
        let ages = world.office(two_ages("ages"));
        world.bandings().create_banding(ages).await.unwrap();
        let people = [(NUMBER, "c-1"), (OTHER_NUMBER, "c-2")];
        let mut cases: Vec<Case> =
            people.into_iter().map(|(number, id)| agreed(ended(id, person(number)))).collect();
        cases.push(agreed(enrolled("c-3", protected())));
        cases.push(accepted("c-4", person(THIRD_NUMBER)));
        import(&world, &caller, batch("i-1", cases)).await.unwrap();
        let page = async |caller: &Principal, token: &str| {
            let request = world.by(caller, export(token));
            world.participant_imports().export_cases(request).await
        };
        let first = page(&caller, "").await.unwrap().into_inner();
        assert_eq!(first.cases.len(), 1);
        let case = &first.cases[0];
        assert_eq!(
            (case.enrolled.as_str(), case.exited.as_str(), case.outcome()),
            ("2024-10", "2025-05", ExitOutcome::Work)
        );
        assert!(!case.age_band.is_empty());

        // What is recorded in between is on no later page.
        let late = batch("i-2", vec![enrolled("c-5", person(THIRD_NUMBER))]);
        let late = ImportParticipantsRequest { participant_import_id: "sen".to_owned(), ..late };
        let refused = import(&world, &caller, late).await.unwrap();
        assert_eq!(told(&refused), [("cases[0]", "REFERRAL_OPEN")]);
        let second = page(&caller, &first.next_page_token).await.unwrap().into_inner();
        assert_eq!((second.cases.len(), second.next_page_token.as_str()), (1, ""));
        assert_eq!((second.sequence, &second.head_hash), (first.sequence, &first.head_hash));
        for telltale in [NUMBER, OTHER_NUMBER, "Testsson", "c-1", "c-2", "2024-10-01"] {
            let bytes = [first.encode_to_vec(), second.encode_to_vec()].concat();
            assert!(!bytes.windows(telltale.len()).any(|part| part == telltale.as_bytes()));
        }
        let other = holder("annan", Role::Coordinator, "party/koping/team/vastra");
        assert_eq!(problem(page(&other, "").await).0, Code::NotFound);
    })
    .await;
}
