//! What is refused: years that cannot be opened or closed, and every posting in
//! a closed one.

use platform::testing::on_both;
use proto::finance::{self as pb, BudgetArea};
use tonic::Code;

use super::{lived_through, read};
use crate::world::{
    HOME, World, administrator, day, days, economist_of, expected, fact, faults, problem,
    year::{PARTIES, decision, financial_year},
};

fn refused(reason: &str) -> (Code, String) {
    (Code::FailedPrecondition, reason.to_owned())
}

#[tokio::test]
async fn every_fault_of_a_year_is_told_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut content = financial_year(1999, 1_000_000_000_000_001);
        content.opening_decision = Some(pb::Decision {
            dnr: String::new(),
            decision_date: Some(day("2025-07-02")),
            deciding_body: String::new(),
        });
        let message = pb::OpenFinancialYearRequest {
            parent: HOME.to_owned(),
            financial_year: Some(content),
            request_id: world.id(),
            validate_only: false,
        };
        let mut client = world.financial_years();
        let answer = client.open_financial_year(world.office(message.clone())).await;
        let told = [
            ("financial_year.year", "YEAR_OUT_OF_RANGE"),
            ("financial_year.opening_equity_ore", "AMOUNT_TOO_LARGE"),
            ("financial_year.opening_decision.dnr", "TEXT_MISSING"),
            ("financial_year.opening_decision.deciding_body", "TEXT_MISSING"),
            ("financial_year.opening_decision.decision_date", "DECISION_DATE_IN_FUTURE"),
        ];
        assert_eq!(faults(answer), expected(&told));
        let mut message = message;
        message.financial_year = Some(pb::FinancialYear {
            name: format!("{HOME}/financialYears/2026"),
            opening_decision: None,
            ..financial_year(2025, 0)
        });
        let answer = client.open_financial_year(world.office(message)).await;
        let told = [
            ("financial_year.name", "NAME_MALFORMED"),
            ("financial_year.opening_decision", "FIELD_MISSING"),
        ];
        assert_eq!(faults(answer), expected(&told));
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_an_equity_policy_is_told_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut client = world.financial_years();
        let limit = |above_percent, state_reduction_percent| pb::EquityLimit {
            above_percent,
            state_reduction_percent,
            consequence: String::new(),
        };
        let mut set = pb::SetEquityPolicyRequest {
            name: format!("{HOME}/financialYears/2025"),
            etag: String::new(),
            equity_limits: vec![limit(1001, 0), limit(0, 101)],
            request_id: world.id(),
            validate_only: false,
        };
        let answer = client.set_equity_policy(world.office(set.clone())).await;
        let told = [
            ("etag", "FIELD_MISSING"),
            ("equity_limits[0].above_percent", "PERCENT_OUT_OF_RANGE"),
            ("equity_limits[1].state_reduction_percent", "PERCENT_OUT_OF_RANGE"),
        ];
        assert_eq!(faults(answer), expected(&told));
        for (limits, field, reason) in [
            (
                vec![limit(20, 0), limit(20, 1)],
                "equity_limits[1].above_percent",
                "LIMITS_NOT_RISING",
            ),
            ((0..21).map(|above| limit(above, 0)).collect(), "equity_limits", "LIMITS_TOO_MANY"),
        ] {
            set.etag = "1".to_owned();
            set.equity_limits = limits;
            let answer = client.set_equity_policy(world.office(set.clone())).await;
            assert_eq!(faults(answer), expected(&[(field, reason)]));
        }
        set.equity_limits.clear();
        let answer = client.set_equity_policy(world.office(set)).await;
        assert_eq!(problem(answer).0, Code::NotFound);
        for id in ["2025", "02025", "x"] {
            let name = format!("{HOME}/financialYears/{id}");
            let message = pb::GetFinancialYearRequest { name };
            let answer = client.get_financial_year(world.office(message)).await;
            assert_eq!(problem(answer).0, Code::NotFound, "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_year_is_opened_once_and_with_an_equity_only_when_it_is_the_first() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.open(2025, 1_000).await.unwrap();
        assert_eq!(problem(world.open(2025, 0).await).0, Code::AlreadyExists);
        let carried = world.open(2026, 1).await;
        assert_eq!(fact(&carried, "year"), "2025");
        assert_eq!(problem(carried), refused("EQUITY_IS_CARRIED_OVER"));
        assert_eq!(problem(world.open(2024, 0).await), refused("EQUITY_IS_CARRIED_OVER"));
        world.open(2027, 0).await.unwrap();

        let world = world.later("2026-01-01T09:00:00Z");
        world.close(2025, "1", "2026-01-01").await.unwrap();
        assert_eq!(problem(world.open(2026, 0).await).0, Code::AlreadyExists);
    })
    .await;
}

#[tokio::test]
async fn no_year_before_a_closed_one_is_opened() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.open(2024, 0).await.unwrap();
        world.close(2024, "1", "2025-02-01").await.unwrap();
        let early = world.open(2023, 0).await;
        assert_eq!(fact(&early, "year"), "2024");
        assert_eq!(problem(early), refused("EARLIER_YEAR_CLOSED"));
    })
    .await;
}

#[tokio::test]
async fn a_year_is_closed_when_it_is_over_and_everything_in_it_is_decided() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        let waiting = world.submitted("r4", "region", 10).await;
        let early = world.close(2025, "1", "2025-06-30").await;
        assert_eq!(fact(&early, "last_day"), "2025-12-31");
        assert_eq!(problem(early), refused("YEAR_NOT_OVER"));

        let world = world.later("2026-01-02T09:00:00Z");
        assert_eq!(problem(world.close(2025, "0", "2026-01-02").await).0, Code::Aborted);
        let undecided = world.close(2025, "1", "2026-01-02").await;
        assert_eq!(fact(&undecided, "count"), "1");
        assert_eq!(fact(&undecided, "requisition"), waiting.name);
        assert_eq!(problem(undecided), refused("REQUISITIONS_UNDECIDED"));
        assert_eq!(problem(world.close(2024, "1", "2026-01-02").await).0, Code::NotFound);
        let future = world.close(2025, "1", "2026-01-03").await;
        assert_eq!(problem(future).0, Code::InvalidArgument);

        world.take("withdraw", &waiting, &economist_of("region")).await.unwrap();
        world.close(2025, "1", "2026-01-02").await.unwrap();
        assert_eq!(problem(world.close(2025, "2", "2026-01-02").await), refused("YEAR_CLOSED"));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_waits_from_a_year_that_was_never_kept_here_is_decided_first() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.open(2025, 500).await.unwrap();
        let mut message = world.grant("sala-2024", "sala", 1000);
        let content = message.grant.as_mut().unwrap();
        content.period = Some(days("2024-01-01", "2024-12-31"));
        content.decision_date = Some(day("2023-11-28"));
        world.grants().create_grant(world.office(message)).await.unwrap();
        let mut message = world.claim("old", "sala", 400);
        let content = message.requisition.as_mut().unwrap();
        content.grant = format!("{HOME}/grants/sala-2024");
        content.period = Some(days("2024-07-01", "2024-12-31"));
        let party = economist_of("sala");
        let drafted = world.requisitions().create_requisition(world.by(&party, message)).await;
        let drafted = drafted.unwrap().into_inner().requisition.unwrap();
        let submitted = world.take("submit", &drafted, &party).await.unwrap();

        let world = world.later("2026-01-02T09:00:00Z");
        let waiting = world.close(2025, "1", "2026-01-02").await;
        assert_eq!(fact(&waiting, "requisition"), submitted.name);
        assert_eq!(problem(waiting), refused("REQUISITIONS_UNDECIDED"));
        world.take("reject", &submitted, &administrator()).await.unwrap();
        world.close(2025, "1", "2026-01-02").await.unwrap();
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_years_are_closed_in_order() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.open(2023, 0).await.unwrap();
        world.open(2024, 0).await.unwrap();
        let early = world.close(2024, "1", "2025-02-01").await;
        assert_eq!(fact(&early, "year"), "2023");
        assert_eq!(problem(early), refused("EARLIER_YEAR_OPEN"));
        world.close(2023, "1", "2025-02-01").await.unwrap();
        world.close(2024, "1", "2025-02-01").await.unwrap();
        assert_eq!(read(&world, 2025).await.etag, "1");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_booked_in_a_closed_year() {
    on_both(|database| async move {
        let world = lived_through(database).await.later("2026-03-01T09:00:00Z");
        world.close(2025, "1", "2026-02-27").await.unwrap();
        let before = world.sequence().await;

        let decided = world.decide("c2", 900_000, PARTIES).await;
        assert_eq!(fact(&decided, "year"), "2025");
        assert_eq!(problem(decided), refused("YEAR_CLOSED"));
        let paid = world.pay_in("p9", "koping", 1, "2025-12-31").await;
        assert_eq!(problem(paid), refused("YEAR_CLOSED"));
        let spent = world.spend("o9", BudgetArea::Board, 1, "2025-12-31").await;
        assert_eq!(problem(spent), refused("YEAR_CLOSED"));
        let spent = world.spend("o9", BudgetArea::Board, 1, "2024-12-31").await;
        assert_eq!(fact(&spent, "year"), "2024");
        let row = pb::BudgetRow {
            area: BudgetArea::Board.into(),
            title: "Arvoden".to_owned(),
            amount_ore: 1,
            recipient: String::new(),
        };
        let message = world.budget("b9", vec![row]);
        let answer = world.budgets().decide_budget(world.office(message)).await;
        assert_eq!(problem(answer), refused("YEAR_CLOSED"));
        let message = world.budget_forecast("f9", BudgetArea::Board, 1, "2025-12-31");
        let answer = world.budgets().record_budget_forecast(world.office(message)).await;
        assert_eq!(problem(answer), refused("YEAR_CLOSED"));
        let message = world.grant("late", "sala", 1);
        let answer = world.grants().create_grant(world.office(message)).await;
        assert_eq!(problem(answer), refused("YEAR_CLOSED"));
        assert_eq!(world.sequence().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_close_needs_a_decision_and_the_version_last_seen() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.open(2024, 0).await.unwrap();
        let message = pb::CloseFinancialYearRequest {
            name: format!("{HOME}/financialYears/2024"),
            etag: String::new(),
            decision: None,
            request_id: world.id(),
            validate_only: false,
        };
        let mut client = world.financial_years();
        let answer = client.close_financial_year(world.office(message.clone())).await;
        let told = [("etag", "FIELD_MISSING"), ("decision", "FIELD_MISSING")];
        assert_eq!(faults(answer), expected(&told));
        let mut late = decision("2025-07-02");
        late.dnr = String::new();
        let message =
            pb::CloseFinancialYearRequest { etag: "1".to_owned(), decision: Some(late), ..message };
        let answer = client.close_financial_year(world.office(message)).await;
        let told = [
            ("decision.dnr", "TEXT_MISSING"),
            ("decision.decision_date", "DECISION_DATE_IN_FUTURE"),
        ];
        assert_eq!(faults(answer), expected(&told));
    })
    .await;
}
