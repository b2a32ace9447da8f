//! Several protected tables in one call.

use platform::testing::on_both;
use proto::participant::{Dimension, GetProtectedTablesRequest, Measure, ReleasedTable};
use tonic::Code;

use super::{
    counted, cut,
    protected::{few, get, ledger, numbers, register, told, told_before},
};
use crate::{
    people::refusal,
    world::{HOME, expected, faults, problem},
};

fn get_all(layouts: &[&str]) -> GetProtectedTablesRequest {
    let name = |layout: &&str| format!("{HOME}/tableLayouts/{layout}");
    GetProtectedTablesRequest { layouts: layouts.iter().map(name).collect(), ..get("") }
}

#[tokio::test]
async fn the_tables_of_one_call_are_of_one_sequence_and_stand_beside_each_other() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let both = vec![cut(Dimension::Team), cut(Dimension::Sex)];
        register(&world, "by-sex", &[Measure::Referred], both).await;
        register(&world, "new", &[Measure::New], Vec::new()).await;
        let alone = told(&world, "by-team").await;
        let ask = async || {
            let request = world.office(get_all(&["by-sex", "by-team", "new"]));
            world.tabulation().get_protected_tables(request).await.unwrap().into_inner()
        };
        let answer = ask().await;
        assert!(answer.are_newest);
        let layout = |table: &ReleasedTable| table.layout.rsplit_once('/').unwrap().1.to_owned();
        let layouts: Vec<String> = answer.tables.iter().map(layout).collect();
        assert_eq!(layouts, ["by-sex", "by-team", "new"]);
        assert_eq!(answer.tables[1], alone, "it was told before");
        assert!(answer.tables.iter().all(|table| table.sequence == alone.sequence));
        let [by_sex, by_team, new] = answer.tables.clone().try_into().unwrap();
        assert_eq!(ledger(&world, "").await, [new, by_sex, by_team]);
        assert_eq!(ask().await, answer, "nothing is given out twice");
        assert_eq!(ledger(&world, "").await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn all_tables_of_a_call_are_replaced_or_none() {
    on_both(|database| async {
        let world = counted(database).await;
        let first = told_before(&world, [1, 1, 1]).await;
        register(&world, "new", &[Measure::New], Vec::new()).await;
        let more = |layouts| GetProtectedTablesRequest { hide_more: true, ..get_all(layouts) };
        let ask = async |layouts| {
            let request = world.office(more(layouts));
            world.tabulation().get_protected_tables(request).await
        };
        let refused = ask(&["new", "by-team"]).await;
        assert_eq!(refusal(refused).0, "NOTHING_CAN_BE_TOLD");
        assert_eq!(ledger(&world, "").await, [first]);
        let alone = ask(&["new"]).await.unwrap().into_inner();
        assert_eq!(numbers(&alone.tables[0]), [Some(0)], "it could be told");
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_what_is_asked_for_is_told_at_once() {
    on_both(|database| async {
        let world = counted(database).await;
        few(&world).await;
        let mut request = get_all(&["by-team", "by-team"]);
        request.layouts.push("by-team".to_owned());
        request.period = None;
        let bad = world.tabulation().get_protected_tables(world.office(request)).await;
        let bad = faults(bad);
        let fields = [
            ("layouts[1]", "LAYOUT_TWICE"),
            ("layouts[2]", "NAME_MALFORMED"),
            ("period", "PERIOD_MISSING"),
        ];
        assert_eq!(bad, expected(&fields));
        let none = world.tabulation().get_protected_tables(world.office(get_all(&[]))).await;
        assert_eq!(faults(none), expected(&[("layouts", "LAYOUTS_MISSING")]));
        let unknown = world.office(get_all(&["by-team", "unknown"]));
        let unknown = problem(world.tabulation().get_protected_tables(unknown).await);
        assert_eq!(unknown.0, Code::NotFound);
        assert_eq!(ledger(&world, "").await, []);
    })
    .await;
}
