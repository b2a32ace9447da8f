//! What the year will end at: by the parties' own word and by the pattern of
//! earlier years; and money set aside for sub-projects, which counts once.

use platform::testing::on_both;
use proto::finance as pb;
use sea_orm::ConnectionTrait as _;

use super::table;
use crate::world::{World, administrator, days, economist, economist_of};

async fn run(world: &World, sql: &str) {
    world.database.write.execute_unprepared(sql).await.unwrap();
}

#[tokio::test]
async fn the_parties_own_forecast_is_what_is_claimed_and_what_each_said_last() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.approved("r1", "koping", 400).await;
        world.submitted("r2", "sala", 100).await;
        let total = async || table(&world, "2025-01-01", "2025-06-30").await.total.unwrap();
        // Nobody forecasts: the same as the pace.
        assert_eq!(total().await.own_forecast_ore, 800);

        let say = |id: &str, ore: i64| {
            format!(
                "UPDATE requisition SET forecast_rest_ore = {ore} WHERE requisition_id = '{id}'"
            )
        };
        run(&world, &say("r1", 450)).await;
        assert_eq!(total().await.own_forecast_ore, 400 + 100 + 450);
        let warnings =
            async || table(&world, "2025-01-01", "2025-06-30").await.rows[0].warnings.clone();
        let warning = |kind: pb::FundingWarningKind, amount_ore| pb::FundingWarning {
            kind: kind.into(),
            amount_ore,
        };
        // Sala has not said what it expects: nobody knows whether it will be too little.
        run(&world, &say("r1", 10)).await;
        assert_eq!(warnings().await, []);
        run(&world, &say("r2", 20)).await;
        let under = warning(pb::FundingWarningKind::OwnForecastUnder, 1000 - 530);
        assert_eq!(warnings().await, [under]);
        run(&world, &say("r1", 450)).await;
        run(&world, &say("r2", 70)).await;
        let full = table(&world, "2025-01-01", "2025-06-30").await;
        assert_eq!(full.total.as_ref().unwrap().own_forecast_ore, 1020);
        let over = warning(pb::FundingWarningKind::OwnForecastOver, 20);
        assert_eq!(full.rows[0].warnings, [over]);
        // One that does not end by the period's end has not been said by then.
        let may = table(&world, "2025-01-01", "2025-05-31").await.total.unwrap();
        assert_eq!((may.own_forecast_ore, may.forecast_ore), (0, 0));
    })
    .await;
}

/// Approves a claim on a grant for a half-year.
async fn claimed(world: &World, id: &str, grant: &str, half: (&str, &str), ore: i64) {
    let mut claim = world.claim(id, "sala", ore);
    let content = claim.requisition.as_mut().unwrap();
    content.grant = format!("{}/grants/{grant}", crate::world::HOME);
    content.period = Some(days(half.0, half.1));
    let caller = economist_of("sala");
    let drafted = world.requisitions().create_requisition(world.by(&caller, claim)).await;
    let drafted = drafted.unwrap().into_inner().requisition.unwrap();
    let submitted = world.take("submit", &drafted, &caller).await.unwrap();
    let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
    world.take("approve", &reviewed, &administrator()).await.unwrap();
}

#[tokio::test]
async fn earlier_years_of_the_same_recipient_give_an_interval() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        for year in [2023, 2024] {
            let mut message = world.grant(&format!("sala-{year}"), "sala", 1000);
            let content = message.grant.as_mut().unwrap();
            content.period = Some(days(&format!("{year}-01-01"), &format!("{year}-12-31")));
            content.decision_date = Some(crate::world::day("2022-11-28"));
            world.grants().create_grant(world.office(message)).await.unwrap();
        }
        claimed(&world, "a1", "sala-2023", ("2023-01-01", "2023-06-30"), 200).await;
        claimed(&world, "a2", "sala-2023", ("2023-07-01", "2023-12-31"), 100).await;
        claimed(&world, "b1", "sala-2024", ("2024-01-01", "2024-06-30"), 100).await;
        claimed(&world, "b2", "sala-2024", ("2024-07-01", "2024-12-31"), 300).await;
        claimed(&world, "c1", "sala-2025", ("2025-01-01", "2025-06-30"), 150).await;

        let table = table(&world, "2025-01-01", "2025-06-30").await;
        let expected = pb::ForecastInterval { low_ore: 225, high_ore: 600, years: 2 };
        let amounts = table.rows[0].amounts.as_ref().unwrap();
        assert_eq!(amounts.forecast_interval, Some(expected));
        assert_eq!(table.total.unwrap().forecast_interval, Some(expected));
        assert_eq!((amounts.forecast_ore, amounts.granted_ore), (300, 1000));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_set_aside_for_a_sub_project_counts_once() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let message = world.recipient("fns");
        world.recipients().create_recipient(world.office(message)).await.unwrap();
        let mut message = world.grant("fns-2025", "fns", 300);
        message.grant.as_mut().unwrap().parent_grant =
            format!("{}/grants/sala-2025", crate::world::HOME);
        world.grants().create_grant(world.office(message)).await.unwrap();

        let table = table(&world, "2025-01-01", "2025-06-30").await;
        let granted: Vec<_> =
            table.rows.iter().map(|row| row.amounts.as_ref().unwrap().granted_ore).collect();
        assert_eq!(granted, [300, 700]);
        assert_eq!(table.total.unwrap().granted_ore, 1000);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}
