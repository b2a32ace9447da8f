//! The funding table against the figures that the federation has published.

mod cuts;
mod forecasts;

use platform::testing::on_both;
use proto::finance as pb;

use crate::world::{
    HOME, World, administrator, days, economist, expected, faults, grant, requisition,
};

/// A line of the published table, in whole thousands of kronor.
struct Published {
    recipient: String,
    is_team: bool,
    granted_tkr: i64,
    requisitioned_tkr: i64,
    share_percent: i32,
}

/// The published rows, and their total.
fn published() -> (Vec<Published>, Published) {
    let text = include_str!("data/funding.csv");
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(';').collect();
        Published {
            recipient: cells[0].to_owned(),
            is_team: cells[1] == "team",
            granted_tkr: cells[2].parse().unwrap(),
            requisitioned_tkr: cells[3].parse().unwrap(),
            share_percent: cells[4].parse().unwrap(),
        }
    };
    let mut lines: Vec<Published> = text.lines().skip(1).map(line).collect();
    let total = lines.pop().unwrap();
    (lines, total)
}

const TKR: i64 = 100_000;

/// Imports the published grants, with one submitted requisition on each.
async fn import(world: &World, rows: &[Published]) {
    let teams = ["vastra-malardalen", "fns", "hallstahammar", "sala", "surahammar", "vasteras"];
    let mut message = pb::ImportFinanceRequest {
        parent: HOME.to_owned(),
        request_id: world.id(),
        ..Default::default()
    };
    for (number, row) in rows.iter().enumerate() {
        let team = teams.get(number).copied().filter(|_| row.is_team);
        let kind = team.map_or(pb::RecipientKind::Resource, |_| pb::RecipientKind::Team);
        message.recipients.push(pb::Recipient {
            name: format!("{HOME}/recipients/r{number}"),
            display_name: row.recipient.clone(),
            kind: kind.into(),
            team: team.map(|team| format!("{HOME}/teams/{team}")).unwrap_or_default(),
        });
        message.grants.push(pb::Grant {
            name: format!("{HOME}/grants/g{number}"),
            ..grant(&format!("r{number}"), row.granted_tkr * TKR)
        });
        message.requisitions.push(pb::Requisition {
            name: format!("{HOME}/requisitions/q{number}"),
            grant: format!("{HOME}/grants/g{number}"),
            ..requisition("region", row.requisitioned_tkr * TKR)
        });
    }
    let answer = world.imports().import_finance(world.office(message)).await;
    assert_eq!(answer.unwrap().into_inner().faults, []);
}

async fn approve_all(world: &World) {
    let message = pb::ListRequisitionsRequest { parent: HOME.to_owned(), ..Default::default() };
    let listed = world.requisitions().list_requisitions(world.office(message)).await;
    for submitted in listed.unwrap().into_inner().requisitions {
        let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
        world.take("approve", &reviewed, &economist("cecilia")).await.unwrap();
    }
}

async fn table(world: &World, first: &str, last: &str) -> pb::FundingTable {
    let message = pb::GetFundingTableRequest {
        parent: HOME.to_owned(),
        year: 2025,
        period: Some(days(first, last)),
        ..Default::default()
    };
    let answer = world.funding_tables().get_funding_table(world.office(message)).await;
    answer.unwrap().into_inner().funding_table.unwrap()
}

#[tokio::test]
async fn vastmanlands_first_half_of_2025_is_the_published_table_to_the_last_share() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let (rows, total) = published();
        import(&world, &rows).await;
        approve_all(&world).await;
        let table = table(&world, "2025-01-01", "2025-06-30").await;

        assert_eq!(table.rows.len(), rows.len());
        for row in &table.rows {
            let amounts = row.amounts.as_ref().unwrap();
            let said = rows.iter().find(|said| said.recipient == row.display_name).unwrap();
            assert_eq!(amounts.granted_ore, said.granted_tkr * TKR, "{}", row.display_name);
            assert_eq!(amounts.requisitioned_ore, said.requisitioned_tkr * TKR);
            assert_eq!(amounts.share_percent, said.share_percent, "{}", row.display_name);
            assert_eq!(row.team.is_empty(), !said.is_team);
        }
        let sum = table.total.as_ref().unwrap();
        assert_eq!(sum.granted_ore, total.granted_tkr * TKR);
        assert_eq!(sum.requisitioned_to_date_ore, total.requisitioned_tkr * TKR);
        assert_eq!(sum.share_percent, total.share_percent);
        assert_eq!(sum.forecast_ore, 11_746 * TKR);
        assert_eq!(sum.forecast_unspent_ore, 2_095 * TKR);
        assert_eq!(sum.left_ore, (13_841 - 5_873) * TKR);

        let warned: Vec<_> = table.rows.iter().filter(|row| !row.warnings.is_empty()).collect();
        assert_eq!(warned.len(), 1);
        assert_eq!(warned[0].display_name, "Teamsamverkan Västra Mälardalen");
        let over =
            pb::FundingWarning { kind: pb::FundingWarningKind::Over.into(), amount_ore: 324 * TKR };
        assert_eq!(warned[0].warnings, [over]);
        let names: Vec<_> = table.rows.iter().map(|row| row.display_name.as_str()).collect();
        assert_eq!(names[0], "Psykiatriresurs från Region Västmanland");
        assert_eq!(names[6], "Teamsamverkan Västra Mälardalen");
        assert_eq!(table.sequence, world.sequence().await);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_submitted_is_reserved_and_what_ends_later_or_goes_back_does_not_count() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.submitted("r1", "party-01", 100).await;
        world.approved("r2", "party-02", 200).await;
        let returned = world.submitted("r3", "party-03", 300).await;
        world.take("return", &returned, &administrator()).await.unwrap();
        let mut later = world.claim("r4", "party-04", 50);
        later.requisition.as_mut().unwrap().period = Some(days("2025-07-01", "2025-07-31"));
        let by_party = crate::world::economist_of("party-04");
        let later = world.requisitions().create_requisition(world.by(&by_party, later)).await;
        let later = later.unwrap().into_inner().requisition.unwrap();
        world.take("submit", &later, &by_party).await.unwrap();

        let total = |table: pb::FundingTable| {
            let total = table.total.unwrap();
            let granted = total.granted_ore;
            let (reserved, to_date) = (total.reserved_ore, total.requisitioned_to_date_ore);
            (granted, reserved, total.requisitioned_ore, to_date, total.left_ore)
        };
        let spring = table(&world, "2025-01-01", "2025-06-30").await;
        assert_eq!(total(spring), (1000, 100, 200, 200, 700));
        let may = table(&world, "2025-01-01", "2025-05-31").await;
        assert_eq!(total(may), (1000, 0, 0, 0, 1000));
        let autumn = table(&world, "2025-07-01", "2025-12-31").await;
        assert_eq!(total(autumn), (1000, 150, 0, 200, 650));
    })
    .await;
}

#[tokio::test]
async fn a_period_that_is_not_within_the_year_is_refused_with_every_fault() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let ask = async |year, period| {
            let parent = HOME.to_owned();
            let message = pb::GetFundingTableRequest { parent, year, period, ..Default::default() };
            faults(world.funding_tables().get_funding_table(world.office(message)).await)
        };
        let across = Some(days("2024-07-01", "2025-06-30"));
        let told = [("year", "YEAR_OUT_OF_RANGE"), ("period", "PERIOD_MISSING")];
        assert_eq!(ask(1999, None).await, expected(&told));
        assert_eq!(ask(2025, across).await, expected(&[("period", "PERIOD_OUTSIDE_YEAR")]));
        let backwards = Some(days("2025-06-30", "2025-01-01"));
        assert_eq!(ask(2025, backwards).await, expected(&[("period", "PERIOD_REVERSED")]));
    })
    .await;
}

#[tokio::test]
async fn a_year_without_grants_is_an_empty_table() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let message = pb::GetFundingTableRequest {
            parent: HOME.to_owned(),
            year: 2026,
            period: Some(days("2026-01-01", "2026-06-30")),
            ..Default::default()
        };
        let answer = world.funding_tables().get_funding_table(world.office(message)).await;
        let table = answer.unwrap().into_inner().funding_table.unwrap();
        assert_eq!(table.rows, []);
        assert_eq!(table.total, Some(pb::FundingAmounts::default()));
    })
    .await;
}
