//! The check of the whole database finds what somebody has changed behind the
//! service's back, and names it.

mod year;

use platform::testing::on_both;
use sea_orm::ConnectionTrait as _;

use crate::world::{HOME, World};

async fn with_something_of_each(database: platform::Database) -> World {
    let world = World::with_grant(database, 1000).await;
    world.draft("r1", "sala", 100).await;
    world.submitted("r2", "koping", 200).await;
    world.approved("r3", "region", 300).await;
    world
}

#[tokio::test]
async fn a_tampered_balance_is_found_and_named() {
    on_both(|database| async move {
        let world = with_something_of_each(database).await;
        assert_eq!(world.problems().await, [""; 0]);
        let sql = "UPDATE \"grant\" SET left_ore = left_ore - 1, reserved_ore = reserved_ore + 1";
        world.database.write.execute_unprepared(sql).await.unwrap();
        let name = format!("{HOME}/grants/sala-2025");
        let expected = [
            format!("{name}: left is 499 öre, but its postings sum to 500 öre"),
            format!("{name}: reserved is 201 öre, but its postings sum to 200 öre"),
        ];
        assert_eq!(world.problems().await, expected);
    })
    .await;
}

#[tokio::test]
async fn a_state_that_the_journal_did_not_record_is_found_and_named() {
    on_both(|database| async move {
        let world = with_something_of_each(database).await;
        let sql = "UPDATE requisition SET state = 'paid' WHERE requisition_id = 'r2'";
        world.database.write.execute_unprepared(sql).await.unwrap();
        let problems = world.problems().await;
        let name = format!("{HOME}/requisitions/r2");
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems.iter().all(|problem| problem.starts_with(&name)), "{problems:?}");
    })
    .await;
}

#[tokio::test]
async fn changed_content_lost_rows_and_made_up_rows_are_found_and_named() {
    on_both(|database| async move {
        let world = with_something_of_each(database).await;
        for sql in [
            "UPDATE recipient SET display_name = 'x'",
            "UPDATE \"grant\" SET dnr = 'x'",
            "UPDATE requisition SET payment_reference = 'x' WHERE requisition_id = 'r3'",
            "INSERT INTO recipient (federation_id, recipient_id, display_name) \
             VALUES ('vastmanland', 'made-up', 'x')",
        ] {
            world.database.write.execute_unprepared(sql).await.unwrap();
        }
        let expected = [
            format!("{HOME}/recipients/made-up: the journal does not know it"),
            format!("{HOME}/recipients/sala: it is not what the journal recorded last"),
            format!("{HOME}/grants/sala-2025: it is not what the journal recorded last"),
            format!("{HOME}/requisitions/r3: it is not what the journal recorded last"),
        ];
        assert_eq!(world.problems().await, expected);
    })
    .await;
}

#[tokio::test]
async fn postings_that_do_not_sum_to_zero_or_were_made_up_are_found_and_named() {
    on_both(|database| async move {
        let world = with_something_of_each(database).await;
        let posting = |sequence: i64, line: i32, account: &str, ore: i64| {
            format!(
                "INSERT INTO posting (federation_id, sequence, line, year, account, grant_id, day, amount_ore) \
                 VALUES ('vastmanland', {sequence}, {line}, 2025, '{account}', 'sala-2025', '2025-01-01', {ore})"
            )
        };
        let balances = "UPDATE \"grant\" SET left_ore = left_ore - 7, reserved_ore = reserved_ore + 7";
        for sql in [
            posting(2, 3, "board", 5),
            posting(99, 1, "left", -7),
            posting(99, 2, "reserved", 7),
            balances.to_owned(),
        ] {
            world.database.write.execute_unprepared(&sql).await.unwrap();
        }
        let ledger = format!("ledger of {HOME}, sequence");
        let expected = [
            format!("{ledger} 2: its 3 postings sum to 5 öre; they were to sum to 0"),
            format!("{ledger} 99: the journal has recorded nothing that its postings belong to"),
            format!("{HOME}/grants/sala-2025: board is -1000 öre, but its postings sum to -995 öre"),
        ];
        assert_eq!(world.problems().await, expected);
    })
    .await;
}
