//! What somebody has changed in a year behind the service's back is found.

use platform::testing::on_both;
use sea_orm::ConnectionTrait as _;

use crate::{financial_year::lived_through, world::HOME};

fn posting(sequence: i64, line: i32, year: i32, account: &str, party: &str, ore: i64) -> String {
    format!(
        "INSERT INTO posting (federation_id, sequence, line, year, account, party_id, day, amount_ore) \
         VALUES ('vastmanland', {sequence}, {line}, {year}, '{account}', {party}, '{year}-06-01', {ore})"
    )
}

#[tokio::test]
async fn a_posting_in_a_year_that_was_closed_before_is_found_and_named() {
    on_both(|database| async move {
        let world = lived_through(database).await.later("2026-03-01T09:00:00Z");
        world.close(2025, "1", "2026-02-27").await.unwrap();
        // The last sequence is the opening of the next year.
        let last = world.sequence().await;
        for sql in [
            posting(last, 1, 2025, "bank", "NULL", 5),
            posting(last, 2, 2025, "own_costs", "NULL", -5),
        ] {
            world.database.write.execute_unprepared(&sql).await.unwrap();
        }
        let expected = format!(
            "ledger of {HOME}, sequence {last}: it is booked in 2025, which was closed before"
        );
        assert_eq!(world.problems().await, [expected]);
    })
    .await;
}

#[tokio::test]
async fn accounts_that_do_not_sum_to_zero_and_contributions_that_were_not_decided_are_found() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        let sql = posting(1, 99, 2025, "contributions", "'sala'", -7);
        world.database.write.execute_unprepared(&sql).await.unwrap();
        let expected = [
            format!(
                "ledger of {HOME}, sequence 1: its 3 postings sum to -7 öre; they were to sum to 0"
            ),
            format!(
                "ledger of {HOME}, year 2025: its accounts sum to -7 öre; they were to sum to 0"
            ),
            format!(
                "{HOME}/parties/sala: for 2025 it has agreed to 50000 öre and paid 50000 öre; \
                 the ledger has 50007 öre agreed"
            ),
        ];
        assert_eq!(world.problems().await, expected);
    })
    .await;
}

#[tokio::test]
async fn payments_and_costs_that_nobody_recorded_are_found_and_named() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        for sql in [
            "UPDATE financial_year SET synthetic = TRUE",
            "INSERT INTO equity_limit (federation_id, year, line, above_percent, \
                 state_reduction_percent, consequence) VALUES ('vastmanland', 2025, 1, 10, 0, '')",
            "INSERT INTO contribution_payment (federation_id, contribution_payment_id, year, party_id, \
                 amount_ore, payment_date, bank_reference, comment, synthetic, created_sequence) \
             VALUES ('vastmanland', 'made-up', 2025, 'sala', 1, '2025-05-01', 'x', '', FALSE, 1)",
            "INSERT INTO own_cost (federation_id, own_cost_id, area, amount_ore, day, description, \
                 reference, synthetic, created_sequence) \
             VALUES ('vastmanland', 'made-up', 'board', 1, '2025-05-01', 'x', '', FALSE, 1)",
        ] {
            world.database.write.execute_unprepared(sql).await.unwrap();
        }
        let (payment, cost) = (
            format!("{HOME}/contributionPayments/made-up"),
            format!("{HOME}/ownCosts/made-up"),
        );
        let expected = [
            format!(
                "{HOME}/parties/sala: for 2025 it has agreed to 50000 öre and paid 50001 öre; \
                 the ledger has 50000 öre agreed"
            ),
            format!("{payment}: the ledger does not have it as it is"),
            format!("{cost}: the ledger does not have it as it is"),
            format!("{HOME}/financialYears/2025: it is not what the journal recorded last"),
            format!("{payment}: the journal does not know it"),
            format!("{cost}: the journal does not know it"),
        ];
        assert_eq!(world.problems().await, expected);
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_what_was_decided_paid_or_spent() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        for table in
            ["contribution_decision", "contribution_share", "contribution_payment", "own_cost"]
        {
            let change = format!("UPDATE {table} SET federation_id = 'other'");
            assert!(world.database.write.execute_unprepared(&change).await.is_err(), "{table}");
            let delete = format!("DELETE FROM {table}");
            assert!(world.database.write.execute_unprepared(&delete).await.is_err(), "{table}");
        }
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}
