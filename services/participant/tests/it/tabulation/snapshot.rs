//! A table is told from one reading, whatever is recorded while it is counted.

use platform::testing::on_both;
use proto::participant::{Dimension, Measure, TabulateRequest};

use super::{ask, cut, tabulated};
use crate::people::{coach, organised, protected, receive, referral, sent};

#[tokio::test]
async fn a_table_that_is_counted_beside_writes_is_true_at_the_sequence_it_names() {
    on_both(|database| async {
        let world = organised(database).await;
        let cuts = || vec![cut(Dimension::Team), cut(Dimension::Sex)];
        let at = |as_known_at| {
            let measures = [Measure::Referred, Measure::QueueIn];
            TabulateRequest { as_known_at, ..ask(&measures, cuts()) }
        };
        let writes = async {
            for number in 0..15 {
                let id = format!("r-{number}");
                sent(&world, referral(&id, protected())).await;
                let receive = world.by(&coach(), receive(&id, "1"));
                world.referrals().receive_referral(receive).await.unwrap();
            }
        };
        // As many again beside every write, so that they meet in every way.
        let reads = async {
            let mut tables = Vec::new();
            for _ in 0..30 {
                tables.push(tabulated(&world, &coach(), at(0)).await);
            }
            tables
        };
        let ((), tables) = tokio::join!(writes, reads);
        for told in tables {
            let again = tabulated(&world, &coach(), at(told.sequence)).await;
            assert_eq!(again, told);
        }
    })
    .await;
}
