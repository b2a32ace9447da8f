//! A file of every noun: a whole year at once, as the ordinary RPCs would have
//! recorded it.

mod faults;

use platform::testing::on_both;
use proto::{
    common::ImportEffect,
    finance::{self as pb, BudgetArea, LedgerAccount},
};

use super::{effects, import};
use crate::world::{HOME, World, administrator, day, year::PARTIES};

fn opened(year: i32, equity: i64) -> pb::FinancialYear {
    let name = format!("{HOME}/financialYears/{year}");
    pb::FinancialYear { name, ..crate::world::year::financial_year(year, equity) }
}

fn agreed(world: &World, id: &str, total_ore: i64) -> pb::ContributionDecision {
    let message = world.contribution_decision(id, total_ore, PARTIES);
    let name = format!("{HOME}/contributionDecisions/{id}");
    pb::ContributionDecision { name, ..message.contribution_decision.unwrap() }
}

fn paid(world: &World, id: &str, party: &str, ore: i64) -> pb::ContributionPayment {
    let message = world.contribution_payment(id, party, ore, "2025-02-01");
    let name = format!("{HOME}/contributionPayments/{id}");
    pb::ContributionPayment { name, ..message.contribution_payment.unwrap() }
}

fn budgeted(area: BudgetArea, ore: i64, recipient: &str) -> pb::BudgetRow {
    let recipient = match recipient {
        "" => String::new(),
        id => format!("{HOME}/recipients/{id}"),
    };
    pb::BudgetRow { area: area.into(), title: "Post".to_owned(), amount_ore: ore, recipient }
}

fn budget(world: &World, id: &str, rows: Vec<pb::BudgetRow>) -> pb::Budget {
    let name = format!("{HOME}/budgets/{id}");
    pb::Budget { name, ..world.budget(id, rows).budget.unwrap() }
}

fn spent(world: &World, id: &str, area: BudgetArea, ore: i64) -> pb::OwnCost {
    let message = world.own_cost(id, area, ore, "2025-03-31");
    pb::OwnCost { name: format!("{HOME}/ownCosts/{id}"), ..message.own_cost.unwrap() }
}

fn staffed(id: &str, code: &str, posts: (i32, i32)) -> pb::StaffingFinancing {
    pb::StaffingFinancing {
        name: format!("{HOME}/staffingFinancings/{id}"),
        municipality: match code {
            "" => String::new(),
            code => format!("{HOME}/municipalities/{code}"),
        },
        title: "Coacher".to_owned(),
        first_day: Some(day("2025-01-01")),
        paid_by_municipality_fte_percent: posts.0,
        paid_by_federation_fte_percent: posts.1,
        ..Default::default()
    }
}

fn forecast(id: &str, area: BudgetArea, ore: i64, made: &str) -> pb::BudgetForecast {
    pb::BudgetForecast {
        name: format!("{HOME}/budgetForecasts/{id}"),
        year: 2025,
        area: area.into(),
        day: Some(day(made)),
        forecast_ore: ore,
        measures: "Inget nytt avtal.".to_owned(),
        synthetic: true,
    }
}

fn limited(year: i32, percents: &[i32]) -> pb::EquityPolicy {
    let limit = |percent: &i32| pb::EquityLimit {
        above_percent: *percent,
        state_reduction_percent: 10,
        consequence: "Mindre nästa år.".to_owned(),
    };
    pb::EquityPolicy {
        name: format!("{HOME}/financialYears/{year}"),
        equity_limits: percents.iter().map(limit).collect(),
    }
}

/// Rows of every noun: 19.
fn rows(world: &World) -> pb::ImportFinanceRequest {
    pb::ImportFinanceRequest {
        financial_years: vec![opened(2025, 700)],
        contribution_decisions: vec![agreed(world, "first", 4000), agreed(world, "second", 8000)],
        contribution_payments: vec![
            paid(world, "k1", "forsakringskassan", 4000),
            paid(world, "k2", "koping", 1000),
        ],
        budgets: vec![budget(
            world,
            "b1",
            vec![
                budgeted(BudgetArea::Board, 900, ""),
                budgeted(BudgetArea::Initiatives, 5000, "sala"),
                budgeted(BudgetArea::Initiatives, 600, ""),
            ],
        )],
        own_costs: vec![
            spent(world, "arvoden", BudgetArea::Board, 300),
            spent(world, "rattelse", BudgetArea::Board, -50),
        ],
        staffing_financings: vec![
            staffed("coacher", "0484", (200, 250)),
            staffed("tre", "", (0, 300)),
        ],
        budget_forecasts: vec![
            forecast("april", BudgetArea::Board, 950, "2025-04-30"),
            forecast("juni", BudgetArea::Board, 800, "2025-06-30"),
        ],
        equity_policies: vec![limited(2025, &[20, 40])],
        ..super::rows(world)
    }
}

const ROWS: usize = 19;

async fn table(world: &World) -> pb::ContributionTable {
    let message = pb::GetContributionTableRequest { parent: HOME.to_owned(), year: 2025 };
    let answer = world.contributions().get_contribution_table(world.office(message)).await;
    answer.unwrap().into_inner().contribution_table.unwrap()
}

#[tokio::test]
async fn a_whole_year_comes_in_at_once_as_if_it_had_been_recorded_one_by_one() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let message = rows(&world);
        let answer = import(&world, message.clone()).await;
        assert_eq!(effects(&answer), [ImportEffect::Created; ROWS]);
        let places: Vec<_> = answer.outcomes.iter().map(|outcome| outcome.row.as_str()).collect();
        let expected = [
            "financial_years[0]",
            "contribution_decisions[0]",
            "contribution_decisions[1]",
            "contribution_payments[0]",
            "contribution_payments[1]",
            "budgets[0]",
            "own_costs[0]",
            "own_costs[1]",
            "staffing_financings[0]",
            "staffing_financings[1]",
            "budget_forecasts[0]",
            "budget_forecasts[1]",
            "equity_policies[0]",
        ];
        assert_eq!(places[6..], expected);
        assert_eq!(world.sequence().await, 19);
        assert_eq!(world.problems().await, [""; 0]);
        // The same request again answers what happened the first time.
        assert_eq!(import(&world, message).await, answer);

        // The later decision is in force, and a quarter of 8000 is the municipalities'.
        let table = table(&world).await;
        assert_eq!(table.contribution_decision, format!("{HOME}/contributionDecisions/second"));
        let row = |row: &pb::ContributionRow| {
            let amounts = row.amounts.unwrap();
            (row.party.rsplit('/').next().unwrap().to_owned(), amounts.agreed_ore, amounts.paid_ore)
        };
        let rows: Vec<_> = table.rows.iter().map(row).collect();
        let expected = [
            ("forsakringskassan", 4000, 4000),
            ("region", 2000, 0),
            ("koping", 1500, 1000),
            ("sala", 500, 0),
        ];
        assert_eq!(rows, expected.map(|(id, agreed, paid)| (id.to_owned(), agreed, paid)));
        assert_eq!(table.carried_over_equity_ore, 700);
        let balances = pb::ListBalancesRequest { year: 2025, ..Default::default() };
        let mut own = world.balances_of(balances).await;
        own.retain(|(account, _, _)| *account == LedgerAccount::OwnCosts);
        assert_eq!(own, [(LedgerAccount::OwnCosts, String::new(), 250)]);
        let name = format!("{HOME}/budgets/b1");
        let request = world.office(pb::GetBudgetRequest { name });
        let budget = world.budgets().get_budget(request).await.unwrap().into_inner().budget;
        assert_eq!(budget.map(|budget| (budget.version, budget.total_ore)), Some((1, 6500)));
        // Of two forecasts for an area the later row is in force.
        let message = pb::GetBudgetTableRequest {
            parent: HOME.to_owned(),
            year: 2025,
            day: Some(day("2025-06-30")),
        };
        let budgets = world.budgets().get_budget_table(world.office(message)).await;
        let board = budgets.unwrap().into_inner().budget_table.unwrap().rows.swap_remove(0);
        assert_eq!(board.amounts.unwrap().forecast_ore, 800);
        assert_eq!(board.measures, "Inget nytt avtal.");
        let year = year(&world, 2025).await;
        assert_eq!(year.equity_limits, limited(2025, &[20, 40]).equity_limits);
        assert_eq!(year.etag, "2", "opened, and then limited");
    })
    .await;
}

async fn year(world: &World, year: i32) -> pb::FinancialYear {
    let name = format!("{HOME}/financialYears/{year}");
    let request = world.office(pb::GetFinancialYearRequest { name });
    let answer = world.financial_years().get_financial_year(request).await;
    answer.unwrap().into_inner().financial_year.unwrap()
}

#[tokio::test]
async fn limits_come_in_for_a_year_that_is_open_and_has_none() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.open(2025, 0).await.unwrap();
        let message = || pb::ImportFinanceRequest {
            parent: HOME.to_owned(),
            request_id: world.id(),
            financial_years: vec![opened(2025, 0)],
            equity_policies: vec![limited(2025, &[20])],
            ..Default::default()
        };
        let answer = import(&world, message()).await;
        assert_eq!(effects(&answer), [ImportEffect::Unchanged, ImportEffect::Created]);
        assert_eq!(year(&world, 2025).await.equity_limits, limited(2025, &[20]).equity_limits);
        let again = import(&world, message()).await;
        assert_eq!(effects(&again), [ImportEffect::Unchanged; 2]);
        assert_eq!(world.sequence().await, 2);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_of_a_year_changes_nothing_and_believes_in_what_is_to_come() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let party = |id: &str, group: pb::ContributionGroup, number: &str| pb::ExpectedParty {
            name: format!("{HOME}/parties/{id}"),
            group: group.into(),
            organisation_number: number.to_owned(),
        };
        let mut message = rows(&world);
        message.validate_only = true;
        let shares = &mut message.contribution_decisions[1].shares;
        shares.push(pb::ContributionShare {
            party: format!("{HOME}/parties/new-town"),
            weight: 2,
            amount_ore: 0,
        });
        message.staffing_financings.push(staffed("ny", "9999", (100, 0)));
        message.requisitions[1].party = format!("{HOME}/parties/new-town");
        message.requisitions[1].organisation_number = "999900-0012".to_owned();
        message.expected_names = vec![
            format!("{HOME}/municipalities/9999"),
            format!("{HOME}/parties/new-town"),
            format!("{HOME}/parties/sala"),
        ];
        let town = party("new-town", pb::ContributionGroup::Municipalities, "999900-0012");
        message.expected_parties = vec![town];
        let answer = import(&world, message.clone()).await;
        assert_eq!(effects(&answer), [ImportEffect::Created; ROWS + 1]);
        assert_eq!(world.sequence().await, 0);
        assert_eq!(table(&world).await.rows, []);

        message.expected_parties[0].organisation_number = "999900-0103".to_owned();
        message.request_id = world.id();
        let told = [("requisitions[1].organisation_number", "ORGANISATION_NUMBER_NOT_THE_PARTYS")];
        let answer = import(&world, message.clone()).await;
        assert_eq!(super::faults::told(&answer), crate::world::expected(&told));

        message.validate_only = false;
        let told = [
            ("requisitions[1].party", "PARTY_UNKNOWN"),
            ("contribution_decisions[1].shares[4].party", "PARTY_UNKNOWN"),
            ("staffing_financings[2].municipality", "MUNICIPALITY_UNKNOWN"),
            ("expected_parties[0].name", "EXPECTED_NAME_MISSING"),
            ("expected_names[0]", "EXPECTED_NAME_MISSING"),
            ("expected_names[1]", "EXPECTED_NAME_MISSING"),
        ];
        let answer = import(&world, message).await;
        assert_eq!(super::faults::told(&answer), crate::world::expected(&told));
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

/// Ends the coaches.
async fn go_on(world: &World) {
    let name = format!("{HOME}/staffingFinancings/coacher");
    let message = pb::EndStaffingFinancingRequest {
        name,
        etag: "1".to_owned(),
        last_day: Some(day("2025-06-30")),
        request_id: world.id(),
        validate_only: false,
    };
    let request = world.by(&administrator(), message);
    world.staffing_financings().end_staffing_financing(request).await.unwrap();
}

#[tokio::test]
async fn a_year_taken_in_twice_changes_nothing_more_however_far_it_has_come() {
    on_both(|database| async move {
        let world = World::new(database).await;
        import(&world, rows(&world)).await;
        go_on(&world).await;
        let sequence = world.sequence().await;
        let again = import(&world, rows(&world)).await;
        assert_eq!(effects(&again), [ImportEffect::Unchanged; ROWS]);
        assert_eq!(world.sequence().await, sequence);

        // What is new is taken in after what is there.
        let mut more = rows(&world);
        more.contribution_payments.push(paid(&world, "k3", "koping", 500));
        more.budgets.push(budget(&world, "b2", vec![budgeted(BudgetArea::Audit, 1, "")]));
        let coaches = staffed("fler", "0484", (100, 0));
        let after = Some(day("2025-07-01"));
        more.staffing_financings.push(pb::StaffingFinancing { first_day: after, ..coaches });
        let effects = effects(&import(&world, more).await);
        let created = effects.iter().filter(|effect| **effect == ImportEffect::Created);
        assert_eq!((effects.len(), created.count()), (ROWS + 3, 3));
        let name = format!("{HOME}/budgets/b2");
        let request = world.office(pb::GetBudgetRequest { name });
        let budget = world.budgets().get_budget(request).await.unwrap().into_inner().budget;
        assert_eq!(budget.unwrap().version, 2);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn sormlands_staffing_comes_in_as_one_file() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let text = include_str!("../data/staffing.csv");
        let lines = text.lines().skip(1).map(|line| line.split(';').collect::<Vec<_>>());
        let row = |cells: Vec<&str>| {
            let posts = (cells[3].parse().unwrap_or(0), cells[4].parse().unwrap_or(0));
            staffed(&format!("s{}", cells[2]), cells[2], posts)
        };
        let message = pb::ImportFinanceRequest {
            parent: HOME.to_owned(),
            request_id: world.id(),
            staffing_financings: lines.filter(|cells| cells[0] != "TOTALT").map(row).collect(),
            ..Default::default()
        };
        let answer = import(&world, message).await;
        assert_eq!(effects(&answer), [ImportEffect::Created; 10]);
        let message =
            pb::GetStaffingMatrixRequest { parent: HOME.to_owned(), day: Some(day("2025-06-30")) };
        let answer = world.staffing_financings().get_staffing_matrix(world.office(message)).await;
        let total = answer.unwrap().into_inner().staffing_matrix.unwrap().total.unwrap();
        assert_eq!(total.fte_percent, 1575);
        assert_eq!(total.paid_by_municipality_fte_percent, 625);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}
