//! Layouts: which tables may leave the parties.

use platform::testing::on_both;
use proto::participant::{
    CreateTableLayoutRequest, Cut, Dimension, GetTableLayoutRequest, ListTableLayoutsRequest,
    Measure, TableLayout, TableShape,
};
use sea_orm::ConnectionTrait as _;
use tonic::Code;

use crate::{
    banding::{two_ages, two_kinds},
    world::{HOME, World, expected, faults, problem},
};

fn cut(dimension: Dimension, banding: &str) -> Cut {
    let named = |id: &str| format!("{HOME}/bandings/{id}");
    let banding = if banding.is_empty() { String::new() } else { named(banding) };
    Cut { dimension: dimension.into(), banding }
}

fn create(id: &str, measures: &[Measure], cuts: Vec<Cut>) -> CreateTableLayoutRequest {
    let measures = measures.iter().map(|measure| (*measure).into()).collect();
    let layout = TableLayout {
        name: String::new(),
        title: "Deltagare".to_owned(),
        shape: Some(TableShape { measures, cuts }),
    };
    CreateTableLayoutRequest {
        parent: HOME.to_owned(),
        table_layout_id: id.to_owned(),
        table_layout: Some(layout),
        request_id: id.to_owned(),
        validate_only: false,
    }
}

fn by_age(id: &str) -> CreateTableLayoutRequest {
    let cuts = vec![cut(Dimension::Team, ""), cut(Dimension::Age, "ages")];
    create(id, &[Measure::Participants, Measure::New], cuts)
}

#[tokio::test]
async fn a_layout_that_the_office_registers_is_read_by_everybody_and_never_changed() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.bandings().create_banding(world.office(two_ages("ages"))).await.unwrap();
        let register = || world.office(by_age("people-by-age"));
        let made = world.table_layouts().create_table_layout(register()).await.unwrap();
        let made = made.into_inner();
        let again = world.table_layouts().create_table_layout(register()).await.unwrap();
        assert_eq!(made, again.into_inner());
        let layout = made.table_layout.unwrap();
        assert_eq!(layout.name, format!("{HOME}/tableLayouts/people-by-age"));
        let named = || GetTableLayoutRequest { name: format!("{HOME}/tableLayouts/people-by-age") };
        let read = world.table_layouts().get_table_layout(world.coach(named())).await.unwrap();
        assert_eq!(read.into_inner().table_layout, Some(layout));
        let changed = CreateTableLayoutRequest {
            request_id: "2".to_owned(),
            ..create("people-by-age", &[Measure::Referred], Vec::new())
        };
        let taken = problem(world.table_layouts().create_table_layout(world.office(changed)).await);
        assert_eq!(taken.0, Code::AlreadyExists);
        let elsewhere = world.stranger(named());
        let unseen = problem(world.table_layouts().get_table_layout(elsewhere).await);
        assert_eq!(unseen.0, Code::NotFound);
        assert_eq!(world.problems().await, Vec::<String>::new());
        world.database.write.execute_unprepared("DELETE FROM table_layout").await.unwrap();
        let problems = world.problems().await;
        assert_eq!(problems.len(), 1, "{problems:?}");
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_layout_is_told_at_once() {
    on_both(|database| async {
        let world = World::new(database).await;
        let cuts = vec![
            cut(Dimension::Age, ""),
            cut(Dimension::Sex, "sexes"),
            cut(Dimension::ExitOutcome, ""),
        ];
        let bad = create("bad", &[Measure::New, Measure::New], cuts);
        let told = faults(world.table_layouts().create_table_layout(world.office(bad)).await);
        assert_eq!(
            told,
            expected(&[
                ("table_layout.shape.measures[1]", "MEASURE_TWICE"),
                ("table_layout.shape.cuts[0].banding", "BANDING_MISSING"),
                ("table_layout.shape.cuts[1].banding", "BANDING_NOT_HERE"),
                ("table_layout.shape.cuts[2].dimension", "CUT_ONLY_FOR_EXITS"),
            ])
        );
        let unspecified = Cut { dimension: 0, banding: "ages".to_owned() };
        let mut unread = create("Bad", &[Measure::Unspecified], vec![unspecified]);
        unread.table_layout.as_mut().unwrap().title = String::new();
        let told = faults(world.table_layouts().create_table_layout(world.office(unread)).await);
        assert_eq!(
            told,
            expected(&[
                ("table_layout_id", "ID_MALFORMED"),
                ("table_layout.title", "TEXT_MISSING"),
                ("table_layout.shape.measures[0]", "ENUM_UNSPECIFIED"),
                ("table_layout.shape.cuts[0].dimension", "ENUM_UNSPECIFIED"),
                ("table_layout.shape.cuts[0].banding", "NAME_MALFORMED"),
            ])
        );
    })
    .await;
}

#[tokio::test]
async fn a_banding_that_is_not_there_or_divides_something_else_is_refused() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.bandings().create_banding(world.office(two_kinds("kinds"))).await.unwrap();
        let cuts = vec![cut(Dimension::Age, "kinds"), cut(Dimension::ReferringKind, "none")];
        let bad = create("bad", &[Measure::Referred], cuts);
        let told = faults(world.table_layouts().create_table_layout(world.office(bad)).await);
        assert_eq!(
            told,
            expected(&[
                ("table_layout.shape.cuts[0].banding", "BANDING_UNFIT"),
                ("table_layout.shape.cuts[1].banding", "BANDING_UNKNOWN"),
            ])
        );
    })
    .await;
}

#[tokio::test]
async fn layouts_are_listed_by_id_in_pages() {
    on_both(|database| async {
        let world = World::new(database).await;
        for id in ["b", "c", "a"] {
            let request = world.office(create(id, &[Measure::Referred], Vec::new()));
            world.table_layouts().create_table_layout(request).await.unwrap();
        }
        let mut seen = Vec::new();
        let mut page_token = String::new();
        loop {
            let list =
                ListTableLayoutsRequest { parent: HOME.to_owned(), page_size: 2, page_token };
            let page = world.table_layouts().list_table_layouts(world.coach(list)).await.unwrap();
            let page = page.into_inner();
            let ids = page.table_layouts.iter().map(|l| l.name.rsplit('/').next().unwrap());
            seen.push(ids.collect::<Vec<_>>().concat());
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, ["ab", "c"]);
    })
    .await;
}
