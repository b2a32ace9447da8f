//! Criteria, in versions.

use platform::testing::on_both;
use proto::participant::{
    CreateCriteriaRequest, Criteria, GetCriteriaRequest, ListCriteriaRequest, Livelihood,
};
use tonic::Code;

use crate::people::{coach, date, organised};
use crate::world::{HOME, expected, faults, problem};

pub(crate) fn create(id: &str, team: &str) -> CreateCriteriaRequest {
    CreateCriteriaRequest {
        parent: HOME.to_owned(),
        criteria_id: id.to_owned(),
        criteria: Some(Criteria {
            name: String::new(),
            team: if team.is_empty() { String::new() } else { format!("{HOME}/teams/{team}") },
            first_day: date("2025-01-01"),
            youngest: 20,
            oldest: 64,
            livelihoods: vec![Livelihood::SocialAssistance.into()],
            needs_readiness: true,
            decision: "Styrgruppen 2024-12-01".to_owned(),
        }),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

#[tokio::test]
async fn versions_are_entered_read_and_listed_newest_first() {
    on_both(|database| async {
        let world = organised(database).await;
        let mut later = create("senare", "norra");
        later.criteria.as_mut().unwrap().first_day = date("2025-06-01");
        for request in [create("alla", ""), create("norra", "norra"), later] {
            let id = request.criteria_id.clone();
            let request = world.office(request);
            let created = world.criteria().create_criteria(request).await.unwrap().into_inner();
            let get = GetCriteriaRequest { name: format!("{HOME}/criteria/{id}") };
            let read = world.criteria().get_criteria(world.by(&coach(), get)).await.unwrap();
            assert_eq!(read.into_inner().criteria, created.criteria);
        }
        let list = |team: &str, page_token: String| ListCriteriaRequest {
            parent: HOME.to_owned(),
            team: if team.is_empty() { String::new() } else { format!("{HOME}/teams/{team}") },
            page_size: 2,
            page_token,
        };
        let ids = |criteria: &[Criteria]| -> Vec<String> {
            criteria.iter().map(|one| one.name.rsplit('/').next().unwrap().to_owned()).collect()
        };
        let first = world.by(&coach(), list("", String::new()));
        let first = world.criteria().list_criteria(first).await.unwrap().into_inner();
        assert_eq!(ids(&first.criteria), ["senare", "norra"]);
        let last = world.by(&coach(), list("", first.next_page_token));
        let last = world.criteria().list_criteria(last).await.unwrap().into_inner();
        assert_eq!(ids(&last.criteria), ["alla"]);
        assert_eq!(last.next_page_token, "");
        let of_team = world.by(&coach(), list("norra", String::new()));
        let of_team = world.criteria().list_criteria(of_team).await.unwrap().into_inner();
        assert_eq!(ids(&of_team.criteria), ["senare", "norra"]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_version_is_refused_with_every_fault_and_where_one_is_there() {
    on_both(|database| async {
        let world = organised(database).await;
        let enter = async |request| world.criteria().create_criteria(world.office(request)).await;
        enter(create("alla", "")).await.unwrap();
        let mut again = create("alla", "norra");
        again.request_id = "again".to_owned();
        assert_eq!(problem(enter(again).await).0, Code::AlreadyExists);
        assert_eq!(problem(enter(create("annan", "")).await).1, "CRITERIA_DAY_TAKEN");
        let unknown = faults(enter(create("okand", "sodra")).await);
        assert_eq!(unknown, expected(&[("criteria.team", "TEAM_UNKNOWN")]));
        let mut bad = create("fel", "");
        let criteria = bad.criteria.as_mut().unwrap();
        criteria.first_day = None;
        (criteria.youngest, criteria.oldest) = (30, 20);
        let salary: i32 = Livelihood::Salary.into();
        criteria.livelihoods = vec![salary, salary, 99];
        criteria.decision.clear();
        assert_eq!(
            faults(enter(bad).await),
            expected(&[
                ("criteria.first_day", "DATE_MISSING"),
                ("criteria.oldest", "AGES_REVERSED"),
                ("criteria.livelihoods[1]", "LIVELIHOOD_TWICE"),
                ("criteria.livelihoods[2]", "ENUM_UNSPECIFIED"),
                ("criteria.decision", "TEXT_MISSING"),
            ])
        );
        let mut old = create("gammal", "");
        old.criteria.as_mut().unwrap().oldest = 121;
        let told = faults(enter(old).await);
        assert_eq!(told, expected(&[("criteria.oldest", "AGE_OUT_OF_RANGE")]));
        let get = world.office(GetCriteriaRequest { name: format!("{HOME}/criteria/annan") });
        assert_eq!(problem(world.criteria().get_criteria(get).await).0, Code::NotFound);
    })
    .await;
}
