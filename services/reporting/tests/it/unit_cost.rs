//! What a participant and an outcome cost.

use platform::testing::on_both;
use proto::reporting::{GetUnitCostsRequest, GetUnitCostsResponse, UnitCostRow};
use tonic::{Code, Request};
use values::Role;

use crate::world::{HOME, PERIOD, World, expected, faults, problem};

fn get() -> GetUnitCostsRequest {
    GetUnitCostsRequest { reporting_period: PERIOD.to_owned() }
}

async fn table(world: &World, request: Request<GetUnitCostsRequest>) -> GetUnitCostsResponse {
    world.unit_costs().get_unit_costs(request).await.unwrap().into_inner()
}

fn costs(row: &UnitCostRow) -> Vec<(&str, &str, i64, Option<i64>)> {
    let costs = row.unit_costs.iter();
    costs
        .map(|cost| (cost.figure.as_str(), cost.category.as_str(), cost.count, cost.cost_ore))
        .collect()
}

#[tokio::test]
async fn finances_amounts_are_divided_by_what_the_teams_reported() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        world.submit_vastmanland().await;
        let table = table(&world, world.office(get())).await;
        assert_eq!(table.reporting_period, PERIOD);
        assert_eq!((table.finance_sequence, table.reporting_sequence), (17, 4));
        let teams: Vec<_> =
            table.rows.iter().map(|row| (row.team.as_str(), row.requisitioned_ore)).collect();
        let sala = format!("{HOME}/teams/sala");
        let surahammar = format!("{HOME}/teams/surahammar");
        // Two recipients of Surahammar's, and none that is no team.
        assert_eq!(teams, [(sala.as_str(), 79_120_000), (surahammar.as_str(), 60_000_000)]);
        assert_eq!(table.rows[0].display_name, "Samordningsteam Sala");
        assert_eq!(costs(&table.rows[0]), [], "not reported is not 0");
        let expected = [
            ("participants", "total", 17, Some(3_529_412)),
            ("new_participants", "total", 3, Some(20_000_000)),
            ("exits", "total", 6, Some(10_000_000)),
            ("exits", "work", 2, Some(30_000_000)),
        ];
        assert_eq!(costs(&table.rows[1]), expected);
    })
    .await;
}

#[tokio::test]
async fn a_team_lead_reads_the_own_row_and_another_federation_nothing() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        for role in [Role::FederationEconomist, Role::Auditor, Role::SteeringGroupMember] {
            let request = world.by(role, "federation", get());
            assert_eq!(table(&world, request).await.rows.len(), 2, "{role:?}");
        }
        let own = table(&world, world.lead("sala", get())).await;
        assert_eq!((own.rows.len(), own.rows[0].team.ends_with("/sala")), (1, true));
        let stranger = world.unit_costs().get_unit_costs(world.stranger(get())).await;
        assert_eq!(problem(stranger).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_period_that_is_not_there_is_not_found() {
    on_both(|database| async {
        let world = World::new(database).await;
        let missing = world.unit_costs().get_unit_costs(world.office(get())).await;
        assert_eq!(problem(missing).0, Code::NotFound);
        let bad = GetUnitCostsRequest { reporting_period: "2025h1".to_owned() };
        let told = faults(world.unit_costs().get_unit_costs(world.office(bad)).await);
        assert_eq!(told, expected(&[("reporting_period", "NAME_MALFORMED")]));
    })
    .await;
}
