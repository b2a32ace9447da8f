//! How many wait, and how long: exact for those whom the caller may see, and for others
//! lengths as protected tables tell them.

use platform::{Principal, testing::on_both};
use proto::participant::{
    DecisionReason, Dimension, GetQueueStatisticsRequest, GetQueueStatisticsResponse, Measure,
    QueueStatistics, ReferralState,
};

use crate::{
    people::{
        NUMBER, OTHER_NUMBER, changed, coach, decide, organised, other_coach, person, protected,
        receive, refusal, sent,
    },
    tabulation::{cut, protected::register},
    world::{HOME, World, expected, faults, teams::date},
};

fn at(day: Option<proto::Date>) -> GetQueueStatisticsRequest {
    GetQueueStatisticsRequest { parent: HOME.to_owned(), teams: Vec::new(), day, as_known_at: 0 }
}

async fn told(
    world: &World,
    by: &Principal,
    ask: GetQueueStatisticsRequest,
) -> GetQueueStatisticsResponse {
    world.queues().get_queue_statistics(world.by(by, ask)).await.unwrap().into_inner()
}

/// Sends, receives and accepts on 10 March somebody who was referred on a day.
async fn accepted(world: &World, id: &str, person: proto::participant::Participant, day: u32) {
    let sent_on = i32::try_from(day).unwrap();
    let request = changed(id, person, |referral| referral.referral_date = date(2025, 2, sent_on));
    sent(world, request).await;
    let (coach, mut referrals) = (coach(), world.referrals());
    referrals.receive_referral(world.by(&coach, receive(id, "1"))).await.unwrap();
    let accept = decide(id, "2", ReferralState::Accepted, DecisionReason::MeetsCriteria);
    referrals.decide_referral(world.by(&coach, accept)).await.unwrap();
}

/// Three of Sala's wait for Norra.
async fn waiting(world: &World) {
    accepted(world, "r-1", person(NUMBER), 28).await;
    accepted(world, "r-2", person(OTHER_NUMBER), 10).await;
    accepted(world, "r-3", protected(), 1).await;
}

#[tokio::test]
async fn the_queue_of_any_past_day_is_told_from_what_was_recorded() {
    on_both(|database| async {
        let world = organised(database).await;
        waiting(&world).await;
        let answer = told(&world, &coach(), at(date(2025, 3, 30))).await;
        let row = QueueStatistics {
            team: format!("{HOME}/teams/norra"),
            municipality: format!("{HOME}/municipalities/1981"),
            length: Some(3),
            by_days_waited: vec![1, 2, 0, 0],
            median_days: Some(48),
            longest_days: Some(57),
        };
        let nowhere = String::new;
        let total = QueueStatistics { team: nowhere(), municipality: nowhere(), ..row.clone() };
        assert_eq!(answer.rows, [row, total]);
        assert_eq!(answer.sequence, world.sequence().await);

        let nobody =
            QueueStatistics { length: Some(0), by_days_waited: vec![0; 4], ..Default::default() };
        let before = told(&world, &coach(), at(date(2025, 3, 9))).await;
        assert_eq!(before.rows, std::slice::from_ref(&nobody));
        let others = told(&world, &other_coach(), at(date(2025, 3, 30))).await;
        assert_eq!(others.rows, std::slice::from_ref(&nobody));
        let known = GetQueueStatisticsRequest { as_known_at: 1, ..at(date(2025, 3, 30)) };
        let known = told(&world, &coach(), known).await;
        assert_eq!((known.rows.as_slice(), known.sequence), ([nobody].as_slice(), 1));
    })
    .await;
}

#[tokio::test]
async fn the_office_is_told_lengths_of_half_years_and_no_small_one() {
    on_both(|database| async {
        let world = organised(database).await;
        waiting(&world).await;
        let ask = async |day| {
            let request = world.office(at(day));
            world.queues().get_queue_statistics(request).await
        };
        let (reason, facts) = refusal(ask(date(2025, 3, 30)).await);
        assert_eq!(reason, "QUEUE_DAY_NOT_RELEASED");
        assert!(facts.contains(&("nearest".to_owned(), "2024-12-31".to_owned())), "{facts:?}");
        assert_eq!(refusal(ask(date(2025, 6, 30)).await).0, "QUEUE_LAYOUT_MISSING");
        let cuts = vec![cut(Dimension::Municipality), cut(Dimension::Team)];
        register(&world, "queue", &[Measure::QueueClosing], cuts).await;
        let answer = ask(date(2025, 6, 30)).await.unwrap().into_inner();
        let norra = format!("{HOME}/teams/norra");
        let row = answer.rows.iter().find(|row| row.team == norra).unwrap();
        assert_eq!(row.municipality, format!("{HOME}/municipalities/1981"));
        for row in &answer.rows {
            assert_eq!(row.length.filter(|length| *length > 0), None, "three are few");
            assert_eq!((row.by_days_waited.len(), row.median_days), (0, None));
        }
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_question_about_the_queue_is_told_at_once() {
    on_both(|database| async {
        let world = organised(database).await;
        let wrong = GetQueueStatisticsRequest {
            teams: vec!["norra".to_owned()],
            as_known_at: -1,
            ..at(date(2025, 7, 2))
        };
        let told = faults(world.queues().get_queue_statistics(world.by(&coach(), wrong)).await);
        assert_eq!(
            told,
            expected(&[
                ("teams[0]", "NAME_MALFORMED"),
                ("day", "DAY_IN_FUTURE"),
                ("as_known_at", "SEQUENCE_NEGATIVE"),
            ])
        );
        // Half past midnight in Sweden.
        let night = world.later_at("2025-07-01T22:30:00Z");
        let today = night.by(&coach(), at(date(2025, 7, 2)));
        assert!(night.queues().get_queue_statistics(today).await.is_ok());
        let known = GetQueueStatisticsRequest { as_known_at: 1, ..at(date(2025, 6, 30)) };
        let told = faults(world.queues().get_queue_statistics(world.office(known)).await);
        assert_eq!(told, expected(&[("as_known_at", "SEQUENCE_NOT_ALLOWED")]));
    })
    .await;
}
