//! Data sets for evaluators: nobody is in them alone, and they stay what they are.

use platform::{Principal, testing::on_both};
use proto::participant::{
    CreateDataAgreementRequest, DataAgreement, Dimension, GetDataSetRequest, GetDataSetResponse,
    ListDataAgreementsRequest, ListReleasedTablesRequest, Measure, ReleaseTablesRequest,
};
use tonic::{Code, Status};
use values::Role;

use crate::{
    people::{date, holder, refusal},
    tabulation::{
        counted, cut,
        history::keep,
        period,
        protected::{few, ledger, people, register},
        spring,
    },
    world::{HOME, World, expected, faults, problem},
};

pub(crate) fn evaluator() -> Principal {
    holder("utvarderare", Role::Evaluator, "federation")
}

pub(crate) fn agreement(id: &str, layout: &str) -> CreateDataAgreementRequest {
    CreateDataAgreementRequest {
        parent: HOME.to_owned(),
        data_agreement_id: id.to_owned(),
        data_agreement: Some(DataAgreement {
            name: String::new(),
            evaluator: format!("{HOME}/accounts/utvarderare"),
            period: spring(),
            layout: format!("{HOME}/tableLayouts/{layout}"),
            last_day: date("2025-12-31"),
            dnr: "12/2025".to_owned(),
        }),
        request_id: format!("agree-{id}"),
        validate_only: false,
    }
}

async fn agreed(world: &World, request: CreateDataAgreementRequest) -> DataAgreement {
    let answer = world.data_sets().create_data_agreement(world.office(request)).await.unwrap();
    answer.into_inner().data_agreement.unwrap()
}

pub(crate) async fn data_set(
    world: &World,
    caller: &Principal,
    id: &str,
) -> Result<GetDataSetResponse, Status> {
    let get = GetDataSetRequest { name: format!("{HOME}/dataAgreements/{id}") };
    Ok(world.data_sets().get_data_set(world.by(caller, get)).await?.into_inner())
}

#[tokio::test]
async fn a_data_set_has_nobody_alone_in_it_and_is_the_same_every_time() {
    on_both(|database| async {
        let world = counted(database).await;
        let mut all = few(&world).await;
        let entered = agreed(&world, agreement("avtal", "by-team")).await;
        let first = data_set(&world, &evaluator(), "avtal").await.unwrap();
        assert_eq!(first.data_agreement, Some(entered.clone()));
        assert_eq!((first.threshold, first.parts.len()), (5, 1));
        let rows: Vec<(&str, &str, i64)> = first
            .rows
            .iter()
            .map(|row| {
                (row.half_year.as_str(), row.keys[0].rsplit('/').next().unwrap(), row.people)
            })
            .collect();
        assert!(rows.contains(&("2025H1", "vastra", 9)), "{rows:?}");
        assert!(rows.iter().all(|(_, team, people)| *people >= 5 && *team != "sodra"), "{rows:?}");
        assert!(rows.len() < 3, "the small one cannot be computed from the others");

        all.extend(people("norra", 7, world.sequence().await));
        keep(&world, &all).await;
        assert_eq!(data_set(&world, &evaluator(), "avtal").await.unwrap(), first);
        let given = ledger(&world, &entered.name).await;
        let names: Vec<&str> = given.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, [first.parts[0].released_table.as_str()]);

        let listed = async |publication: &str| {
            let list = ListReleasedTablesRequest {
                parent: HOME.to_owned(),
                publication: publication.to_owned(),
                ..Default::default()
            };
            let coach = crate::people::coach();
            let listed = world.tabulation().list_released_tables(world.by(&coach, list)).await;
            listed.unwrap().into_inner().released_tables
        };
        assert_eq!(listed(&entered.name).await, [], "it is between those who agreed");
        assert!(listed("").await.iter().all(|table| table.publication.is_empty()));
    })
    .await;
}

#[tokio::test]
async fn nobody_else_says_what_a_data_set_is() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let entered = agreed(&world, agreement("avtal", "by-team")).await;
        let release = ReleaseTablesRequest {
            parent: HOME.to_owned(),
            publication: entered.name,
            layouts: vec![format!("{HOME}/tableLayouts/by-team")],
            period: spring(),
            as_known_at: 0,
            request_id: "instead".to_owned(),
            validate_only: false,
            hide_more: false,
        };
        let refused = world.tabulation().release_tables(world.office(release)).await;
        assert_eq!(faults(refused), expected(&[("publication", "NAME_MALFORMED")]));
    })
    .await;
}

#[tokio::test]
async fn a_data_set_is_for_the_evaluator_whom_the_agreement_names_until_its_last_day() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        agreed(&world, agreement("avtal", "by-team")).await;
        let mut over = agreement("over", "by-team");
        over.data_agreement.as_mut().unwrap().last_day = date("2025-06-30");
        agreed(&world, over).await;

        let other = holder("annan", Role::Evaluator, "federation");
        let foreign = data_set(&world, &other, "avtal").await.unwrap_err();
        assert_eq!(foreign.code(), Code::NotFound);
        let get = GetDataSetRequest { name: format!("{HOME}/dataAgreements/avtal") };
        let office = world.data_sets().get_data_set(world.office(get)).await;
        assert_eq!(problem(office).0, Code::PermissionDenied);
        let get = GetDataSetRequest { name: format!("{HOME}/dataAgreements/over") };
        let ended = world.data_sets().get_data_set(world.by(&evaluator(), get)).await;
        let (reason, facts) = refusal(ended);
        assert_eq!(reason, "AGREEMENT_ENDED");
        assert_eq!(facts, [("last_day".to_owned(), "2025-06-30".to_owned())]);

        let listed = async |caller: Option<&Principal>| {
            let list = ListDataAgreementsRequest { parent: HOME.to_owned(), ..Default::default() };
            let list = match caller {
                Some(caller) => world.by(caller, list),
                None => world.office(list),
            };
            let listed = world.data_sets().list_data_agreements(list).await.unwrap();
            listed.into_inner().data_agreements.len()
        };
        assert_eq!(listed(None).await, 2);
        assert_eq!(listed(Some(&evaluator())).await, 2);
        assert_eq!(listed(Some(&other)).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_agreement_is_on_a_layout_that_counts_people_once_and_on_whole_half_years() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let stock = [Measure::EnrolledClosing];
        register(&world, "stock", &stock, vec![cut(Dimension::Team)]).await;
        let refused = async |request: CreateDataAgreementRequest| {
            faults(world.data_sets().create_data_agreement(world.office(request)).await)
        };
        let field = "data_agreement.layout";
        assert_eq!(
            refused(agreement("a", "stock")).await,
            expected(&[(field, "LAYOUT_NOT_OF_PEOPLE")])
        );
        assert_eq!(refused(agreement("a", "none")).await, expected(&[(field, "LAYOUT_UNKNOWN")]));
        let mut odd = agreement("a", "by-team");
        odd.data_agreement.as_mut().unwrap().period = period("2025-01-01", "2025-05-31");
        odd.data_agreement.as_mut().unwrap().dnr.clear();
        assert_eq!(
            refused(odd).await,
            expected(&[
                ("data_agreement.period", "PERIOD_NOT_RELEASED"),
                ("data_agreement.dnr", "TEXT_MISSING")
            ])
        );
        agreed(&world, agreement("a", "by-team")).await;
        let again = CreateDataAgreementRequest {
            request_id: "again".to_owned(),
            ..agreement("a", "by-team")
        };
        let again = world.data_sets().create_data_agreement(world.office(again)).await;
        assert_eq!(problem(again).0, Code::AlreadyExists);
    })
    .await;
}
