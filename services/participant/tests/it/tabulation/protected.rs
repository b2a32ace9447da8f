//! Protected tables: for everybody, across parties, in registered layouts; the ledger
//! keeps what was given out.

use platform::testing::on_both;
use proto::participant::{
    CreateTableLayoutRequest, Cut, Dimension, GetProtectedTablesRequest, ListReleasedTablesRequest,
    Measure, ReleaseTablesRequest, ReleasedTable, TableLayout,
};
use sea_orm::ConnectionTrait as _;
use tonic::Code;

use super::{
    cells, counted, cut,
    history::{History, keep},
    period,
    release::release,
    shape, spring,
};
use crate::{
    people::{coach, refusal},
    world::{HOME, World, expected, faults, problem},
};

/// So many people referred to a team, as recorded at a sequence.
pub(crate) fn people(team: &str, many: usize, sequence: i64) -> Vec<History> {
    let id = |number| format!("{team}-{sequence}-{number}");
    (0..many).map(|number| History::referred(id(number), team, sequence)).collect()
}

/// Registers a layout.
pub(crate) async fn register(world: &World, id: &str, measures: &[Measure], cuts: Vec<Cut>) {
    let layout =
        TableLayout { name: String::new(), title: id.to_owned(), shape: shape(measures, cuts) };
    let create = CreateTableLayoutRequest {
        parent: HOME.to_owned(),
        table_layout_id: id.to_owned(),
        table_layout: Some(layout),
        request_id: format!("layout-{id}"),
        validate_only: false,
    };
    world.table_layouts().create_table_layout(world.office(create)).await.unwrap();
}

pub(crate) fn get(layout: &str) -> GetProtectedTablesRequest {
    GetProtectedTablesRequest {
        parent: HOME.to_owned(),
        layouts: vec![format!("{HOME}/tableLayouts/{layout}")],
        period: spring(),
        hide_more: false,
        validate_only: false,
    }
}

pub(crate) async fn told(world: &World, layout: &str) -> ReleasedTable {
    let request = world.office(get(layout));
    let answer = world.tabulation().get_protected_tables(request).await.unwrap().into_inner();
    let [table] = answer.tables.try_into().unwrap();
    table
}

pub(crate) async fn ledger(world: &World, publication: &str) -> Vec<ReleasedTable> {
    let list = ListReleasedTablesRequest {
        parent: HOME.to_owned(),
        publication: publication.to_owned(),
        ..Default::default()
    };
    let answer = world.tabulation().list_released_tables(world.office(list)).await.unwrap();
    answer.into_inner().released_tables
}

/// Every number of a table of one cut: cells and total.
pub(crate) fn numbers(table: &ReleasedTable) -> Vec<Option<i64>> {
    let table = table.table.as_ref().unwrap();
    let cells = cells(table).into_iter().flat_map(|(_, counts)| counts);
    cells.chain(table.totals.iter().map(|count| count.value)).collect()
}

/// Teams of which one has few, and a layout by team.
pub(crate) async fn few(world: &World) -> Vec<History> {
    let sequence = world.sequence().await;
    let teams = [("norra", 12), ("sodra", 3), ("vastra", 9)];
    let all: Vec<History> =
        teams.into_iter().flat_map(|(team, many)| people(team, many, sequence)).collect();
    keep(world, &all).await;
    register(world, "by-team", &[Measure::Referred], vec![cut(Dimension::Team)]).await;
    all
}

#[tokio::test]
async fn a_small_count_is_hidden_so_that_nobody_can_compute_it() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let table = told(&world, "by-team").await;
        assert_eq!(table.threshold, 5);
        let all = cells(table.table.as_ref().unwrap());
        let teams: Vec<&str> = all.iter().map(|(team, _)| team.as_str()).collect();
        assert_eq!(teams, ["norra", "sodra", "vastra"]);
        assert_eq!(all[1].1, [None], "three are few");
        let numbers = numbers(&table);
        assert!(numbers.iter().flatten().all(|count| *count >= 5), "{numbers:?}");
        assert!(numbers.iter().filter(|count| count.is_none()).count() >= 2, "{numbers:?}");
        assert!(numbers.iter().any(Option::is_some), "{numbers:?}");

        let again = told(&world, "by-team").await;
        assert_eq!(again, table, "the same table is given out once");
        let by_coach = world.by(&coach(), get("by-team"));
        let by_coach = world.tabulation().get_protected_tables(by_coach).await.unwrap();
        assert_eq!(by_coach.into_inner().tables, std::slice::from_ref(&table));
        assert_eq!(ledger(&world, "").await, [table]);
    })
    .await;
}

#[tokio::test]
async fn one_late_entry_is_not_told_as_the_difference_of_two_tables() {
    on_both(|database| async {
        let world = counted(database).await;
        let mut all = few(&world).await;
        let first = told(&world, "by-team").await;
        register(&world, "other", &[Measure::New], Vec::new()).await;
        all.extend(people("vastra", 1, world.sequence().await));
        keep(&world, &all).await;
        assert_eq!(told(&world, "by-team").await, first, "the older table stands");

        register(&world, "another", &[Measure::New], Vec::new()).await;
        all.extend(people("vastra", 8, world.sequence().await));
        keep(&world, &all).await;
        let later = told(&world, "by-team").await;
        assert!(later.sequence > first.sequence, "nine more are not few");
        let newest_first: Vec<i64> =
            ledger(&world, "").await.iter().map(|table| table.sequence).collect();
        assert_eq!(newest_first, [later.sequence, first.sequence]);
    })
    .await;
}

/// Of one team few more get known, and of the others many.
pub(crate) const FEW_OF_ONE: [usize; 3] = [1, 6, 6];

/// A table by team that was told whole; then so many more of each team get known.
pub(crate) async fn told_before(world: &World, late: [usize; 3]) -> ReleasedTable {
    let sequence = world.sequence().await;
    let teams = [("norra", 12), ("sodra", 20), ("vastra", 30)];
    let mut all: Vec<History> =
        teams.into_iter().flat_map(|(team, many)| people(team, many, sequence)).collect();
    keep(world, &all).await;
    register(world, "by-team", &[Measure::Referred], vec![cut(Dimension::Team)]).await;
    let first = told(world, "by-team").await;
    assert_eq!(numbers(&first), [Some(12), Some(20), Some(30), Some(62)]);
    register(world, "later", &[Measure::New], Vec::new()).await;
    let sequence = world.sequence().await;
    let late = ["norra", "sodra", "vastra"].into_iter().zip(late);
    all.extend(late.flat_map(|(team, many)| people(team, many, sequence)));
    keep(world, &all).await;
    first
}

#[tokio::test]
async fn whoever_asks_gets_the_newest_with_more_hidden() {
    on_both(|database| async {
        let world = counted(database).await;
        let first = told_before(&world, FEW_OF_ONE).await;
        let ask = async |hide_more| {
            let request = GetProtectedTablesRequest { hide_more, ..get("by-team") };
            let answer = world.tabulation().get_protected_tables(world.office(request)).await;
            let answer = answer.unwrap().into_inner();
            let [table] = answer.tables.try_into().unwrap();
            (table, answer.are_newest)
        };
        let checked = GetProtectedTablesRequest { hide_more: true, ..get("by-team") };
        let checked = GetProtectedTablesRequest { validate_only: true, ..checked };
        let answer = world.tabulation().get_protected_tables(world.office(checked)).await.unwrap();
        assert_eq!(answer.into_inner().tables[0].table, None, "what is not entered is untold");
        assert_eq!(ledger(&world, "").await, std::slice::from_ref(&first));
        assert_eq!(ask(false).await, (first.clone(), false), "one of norra would be told");
        let request = GetProtectedTablesRequest { hide_more: true, ..get("by-team") };
        let denied =
            problem(world.tabulation().get_protected_tables(world.by(&coach(), request)).await);
        assert_eq!(denied.0, Code::PermissionDenied);
        let (later, is_newest) = ask(true).await;
        assert!(is_newest && later.sequence > first.sequence);
        let [norra, sodra, vastra, total] = numbers(&later).try_into().unwrap();
        assert_eq!((norra, total), (None, Some(75)));
        assert!(sodra.is_none() || vastra.is_none(), "75 less both would tell of norra");
        assert!(sodra == Some(26) || vastra == Some(36), "one of them tells nothing");
        assert_eq!(ask(false).await, (later.clone(), true), "it is the newest now");
        assert_eq!(ask(true).await, (later, true));
    })
    .await;
}

#[tokio::test]
async fn what_was_told_is_not_replaced_by_a_table_without_a_number() {
    on_both(|database| async {
        let world = counted(database).await;
        let first = told_before(&world, [1, 1, 1]).await;
        for validate_only in [true, false] {
            let request = GetProtectedTablesRequest { validate_only, ..get("by-team") };
            let request = GetProtectedTablesRequest { hide_more: true, ..request };
            let empty = world.tabulation().get_protected_tables(world.office(request)).await;
            assert_eq!(refusal(empty).0, "NOTHING_CAN_BE_TOLD");
        }
        let request = ReleaseTablesRequest { hide_more: true, ..release(&["by-team"], "1") };
        let empty = world.tabulation().release_tables(world.office(request)).await;
        assert_eq!(refusal(empty).0, "RELEASE_WOULD_REVEAL");
        assert_eq!(told(&world, "by-team").await, first);
        assert_eq!(ledger(&world, "").await, [first]);
    })
    .await;
}

#[tokio::test]
async fn a_table_that_never_told_a_number_is_replaced_by_a_newer_one_without() {
    on_both(|database| async {
        let world = counted(database).await;
        let know = async |many| {
            let sequence = world.sequence().await;
            keep(&world, &people("norra", many, sequence)).await;
        };
        know(3).await;
        register(&world, "by-team", &[Measure::Referred], vec![cut(Dimension::Team)]).await;
        let first = told(&world, "by-team").await;
        assert_eq!(numbers(&first), [None, None]);
        register(&world, "later", &[Measure::New], Vec::new()).await;
        know(1).await;
        let request = GetProtectedTablesRequest { hide_more: true, ..get("by-team") };
        let answer = world.tabulation().get_protected_tables(world.office(request)).await;
        let answer = answer.unwrap().into_inner();
        assert!(answer.are_newest);
        assert_eq!(numbers(&answer.tables[0]), [None, None]);
        assert!(answer.tables[0].sequence > first.sequence);
        know(1).await;
        let release = ReleaseTablesRequest { hide_more: true, ..release(&["by-team"], "1") };
        let frozen = world.tabulation().release_tables(world.office(release)).await.unwrap();
        let [frozen] = frozen.into_inner().tables.try_into().unwrap();
        assert_eq!(numbers(&frozen), [None, None]);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_told_of_a_half_year_that_goes_on() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let day = |month, day| Some(proto::Date { year: 2099, month, day });
        let period = Some(proto::common::Period { first_day: day(1, 1), last_day: day(6, 30) });
        let request = GetProtectedTablesRequest { period, ..get("by-team") };
        let read = world.tabulation().get_protected_tables(world.office(request)).await;
        let expected = vec![("last_day".to_owned(), "2099-06-30".to_owned())];
        assert_eq!(refusal(read), ("PERIOD_NOT_OVER".to_owned(), expected.clone()));
        let request = ReleaseTablesRequest { period, ..release(&["by-team"], "1") };
        let frozen = world.tabulation().release_tables(world.office(request)).await;
        assert_eq!(refusal(frozen), ("PERIOD_NOT_OVER".to_owned(), expected));
        assert_eq!(ledger(&world, "").await, []);
    })
    .await;
}

#[tokio::test]
async fn tables_that_are_read_at_the_same_time_stand_beside_each_other_in_the_ledger() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let both = vec![cut(Dimension::Team), cut(Dimension::Sex)];
        register(&world, "by-sex", &[Measure::Referred], both).await;
        let by_party = vec![cut(Dimension::ReferringParty)];
        register(&world, "by-sender", &[Measure::Referred], by_party).await;
        let layouts = ["by-team", "by-sex", "by-sender", "by-team"];
        let tables = layouts.map(|layout| told(&world, layout));
        let tables = futures::future::join_all(tables).await;
        assert_eq!(ledger(&world, "").await.len(), 3);
        let all = tables.iter().flat_map(|table| table.table.clone().unwrap().cells);
        let shown = all.flat_map(|cell| cell.counts).filter_map(|count| count.value);
        assert!(shown.into_iter().all(|count| count >= 5));
    })
    .await;
}

#[tokio::test]
async fn the_federation_chooses_its_threshold() {
    on_both(|database| async {
        let world = counted(database).await;
        let federation = proto::organisation::CreateFederationRequest {
            federation: Some(proto::organisation::Federation {
                name: HOME.to_owned(),
                display_name: "Samordningsförbundet Västmanland".to_owned(),
                organisation_number: "202100-5489".to_owned(),
                smallest_shown_count: 10,
                ..Default::default()
            }),
            request_id: "federation".to_owned(),
            validate_only: false,
        };
        world.federations().create_federation(world.office(federation)).await.unwrap();
        few(&world).await;
        let table = told(&world, "by-team").await;
        assert_eq!(table.threshold, 10);
        assert!(numbers(&table).iter().flatten().all(|count| *count >= 10));
    })
    .await;
}

#[tokio::test]
async fn only_registered_layouts_and_half_years_leave() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let mut client = world.tabulation();
        let unknown = problem(client.get_protected_tables(world.office(get("none"))).await);
        assert_eq!(unknown.0, Code::NotFound);
        let month = GetProtectedTablesRequest {
            period: period("2025-03-01", "2025-03-31"),
            ..get("by-team")
        };
        let told = faults(client.get_protected_tables(world.office(month)).await);
        assert_eq!(told, expected(&[("period", "PERIOD_NOT_RELEASED")]));
        let elsewhere = problem(client.get_protected_tables(world.stranger(get("by-team"))).await);
        assert_eq!(elsewhere.0, Code::NotFound);
        assert_eq!(ledger(&world, "").await, []);
    })
    .await;
}

#[tokio::test]
async fn a_table_that_is_missing_in_the_ledger_is_a_problem_of_the_database() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        told(&world, "by-team").await;
        let problems = async || {
            let mut problems = world.problems().await;
            // The people of this test have no referrals.
            problems.retain(|problem| !problem.ends_with("is counted and not there"));
            problems
        };
        assert_eq!(problems().await, Vec::<String>::new());
        world.database.write.execute_unprepared("DELETE FROM released_table").await.unwrap();
        assert_eq!(problems().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn tables_that_are_read_one_after_the_other_are_of_one_sequence() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        register(&world, "whole", &[Measure::Referred], Vec::new()).await;
        let by_team = told(&world, "by-team").await;
        let whole = told(&world, "whole").await;
        assert_eq!(whole.sequence, by_team.sequence, "what was given out changes no count");
        register(&world, "later", &[Measure::New], Vec::new()).await;
        let later = told(&world, "later").await;
        assert!(later.sequence > whole.sequence, "what is registered may");
    })
    .await;
}
