//! What is counted of follow-ups: exactly for those who work with the people, and for
//! everybody else what tells of nobody.

use platform::{Principal, testing::on_both};
use proto::common::Period;
use proto::organisation::{CreateFederationRequest, Federation};
use proto::participant::{
    ExitOutcome, FollowUpRate, FollowUpResult, GetFollowUpRatesRequest, GetFollowUpRatesResponse,
    Situation,
};
use tonic::{Response, Status};

use super::{end, ended, left, works};
use crate::enrolment::{self, leaves};
use crate::people::{
    NUMBER, accepted, coach, date, organised, other_coach, person, referral, somebody,
};
use crate::world::{HOME, World, administrator, expected, faults};

pub(crate) fn rates(first_day: &str, last_day: &str) -> GetFollowUpRatesRequest {
    GetFollowUpRatesRequest {
        parent: HOME.to_owned(),
        period: Some(Period { first_day: date(first_day), last_day: date(last_day) }),
        teams: Vec::new(),
        as_known_at: 0,
    }
}

async fn asked(
    world: &World,
    caller: &Principal,
    request: GetFollowUpRatesRequest,
) -> Result<Response<GetFollowUpRatesResponse>, Status> {
    world.follow_ups().get_follow_up_rates(world.by(caller, request)).await
}

pub(crate) async fn told(
    world: &World,
    caller: &Principal,
    request: GetFollowUpRatesRequest,
) -> GetFollowUpRatesResponse {
    asked(world, caller, request).await.unwrap().into_inner()
}

/// Due, answered, not reached, declined, not asked, and in work or studies.
fn counts(rate: &FollowUpRate) -> [Option<i64>; 6] {
    let FollowUpRate { due, answered, not_reached, declined, not_asked, .. } = *rate;
    [due, answered, not_reached, declined, not_asked, rate.in_work_or_studies]
}

/// So many people have left Norra, each on its day of June.
async fn with_exits(world: &World, days: &[u32]) {
    for (number, day) in days.iter().enumerate() {
        let (enrolment, referred) = (format!("e-{number}"), format!("r-{number}"));
        accepted(world, referral(&referred, somebody(number))).await;
        let out = leaves(&format!("2025-06-{day:02}"), ExitOutcome::Other);
        left(world, &enrolment, &referred, out).await;
    }
}

#[tokio::test]
async fn who_works_with_the_people_gets_the_rates_with_their_bounds() {
    on_both(|database| async {
        let world = organised(database).await;
        with_exits(&world, &[1, 2, 3, 4, 5]).await;
        let h1 = || rates("2025-01-01", "2025-06-30");
        let none = told(&world, &coach(), h1()).await;
        assert_eq!(counts(&none.rates[0]), [Some(0); 6]);
        assert_eq!(none.rates[0].lower_bound_per_mille, None);

        let world = world.later("2025-12-04");
        ended(&world, works("e-0-6", "1", "2025-12-02")).await.unwrap();
        let before = world.sequence().await;
        let seeks = proto::participant::EndFollowUpRequest {
            situation: Situation::JobSeeking.into(),
            ..end("e-1-6", "1", FollowUpResult::Answered, "2025-12-02")
        };
        ended(&world, seeks).await.unwrap();
        let declined = end("e-2-6", "1", FollowUpResult::Declined, "2025-12-03");
        ended(&world, declined).await.unwrap();
        // The fifth is due tomorrow.
        let now = told(&world, &coach(), h1()).await;
        let six = &now.rates[0];
        let some = |counts: [i64; 6]| counts.map(Some);
        assert_eq!(counts(six), some([4, 2, 0, 1, 1, 1]));
        assert_eq!(six.answered_per_mille, Some(500));
        assert_eq!(six.lower_bound_per_mille.zip(six.upper_bound_per_mille), Some((250, 750)));
        assert_eq!((now.sequence, now.head_hash.len()), (world.sequence().await, 32));
        assert_eq!(counts(&now.rates[1]), some([0; 6]), "nobody is due after a year");

        let then = GetFollowUpRatesRequest { as_known_at: before, ..h1() };
        let then = told(&world, &coach(), then).await;
        assert_eq!((counts(&then.rates[0]), then.sequence), (some([4, 1, 0, 0, 3, 1]), before));
        let nobody = told(&world, &other_coach(), h1()).await;
        assert_eq!(counts(&nobody.rates[0]), some([0; 6]), "another party's people");
        let elsewhere =
            GetFollowUpRatesRequest { teams: vec![format!("{HOME}/teams/vastra")], ..h1() };
        assert_eq!(counts(&told(&world, &coach(), elsewhere).await.rates[0]), some([0; 6]));

        let mistake = world.by(&coach(), enrolment::mended::in_error("e-0", "3"));
        world.enrolments().register_enrolment_in_error(mistake).await.unwrap();
        let without = told(&world, &coach(), h1()).await;
        assert_eq!(counts(&without.rates[0]), some([3, 1, 0, 1, 1, 0]));
        let still = GetFollowUpRatesRequest { as_known_at: then.sequence, ..h1() };
        assert_eq!(told(&world, &coach(), still).await, then, "what was known stays known");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn everybody_else_gets_a_settled_half_year_without_small_groups() {
    on_both(|database| async {
        let world = organised(database).await;
        with_exits(&world, &[1, 2, 3, 4, 5, 6]).await;
        let office = administrator("vastmanland");
        let h1 = || rates("2025-01-01", "2025-06-30");
        assert_eq!(told(&world, &office, h1()).await.rates, [], "nothing is settled");
        let world = world.later("2025-12-20");
        for number in 0..5 {
            let id = format!("e-{number}-6");
            ended(&world, works(&id, "1", "2025-12-20")).await.unwrap();
        }
        let world = world.later("2026-01-29");
        let one_is_silent = told(&world, &office, h1()).await;
        assert_eq!(one_is_silent.rates.len(), 1);
        assert_eq!(counts(&one_is_silent.rates[0]), [None; 6]);
        assert_eq!(one_is_silent.rates[0].answered_per_mille, None);
        // What comes in later changes nothing of what is settled.
        ended(&world, works("e-5-6", "1", "2026-01-29")).await.unwrap();
        assert_eq!(told(&world, &office, h1()).await, one_is_silent);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_half_year_in_which_nobody_can_be_told_apart_is_shown() {
    on_both(|database| async {
        let world = organised(database).await;
        with_exits(&world, &[1, 2, 3, 4, 5]).await;
        let world = world.later("2025-12-20");
        for number in 0..5 {
            let id = format!("e-{number}-6");
            ended(&world, works(&id, "1", "2025-12-20")).await.unwrap();
        }
        let settled = world.sequence().await;
        let world = world.later("2026-02-01");
        let h1 = || rates("2025-01-01", "2025-06-30");
        let of = |team: &str| GetFollowUpRatesRequest {
            teams: vec![format!("{HOME}/teams/{team}")],
            ..h1()
        };
        let office = administrator("vastmanland");
        let shown = told(&world, &office, h1()).await;
        assert_eq!(counts(&shown.rates[0]), [5, 5, 0, 0, 0, 5].map(Some));
        assert_eq!((shown.sequence, shown.rates[0].sequence), (settled, settled));
        let of_team = told(&world, &office, of("norra")).await;
        assert_eq!(counts(&of_team.rates[0]), [Some(5), Some(5), None, None, None, Some(5)]);
        let of_nobody = told(&world, &office, of("vastra")).await;
        assert_eq!(of_nobody.rates[0].due, Some(0));
    })
    .await;
}

#[tokio::test]
async fn an_exit_that_is_registered_late_is_in_no_rate_of_the_half_year() {
    on_both(|database| async {
        let world = organised(database).await;
        with_exits(&world, &[1, 2, 3, 4, 5]).await;
        let world = world.later("2025-09-01");
        accepted(&world, referral("r-9", somebody(9))).await;
        left(&world, "e-9", "r-9", leaves("2025-06-20", ExitOutcome::Other)).await;
        let world = world.later("2025-12-20");
        for number in [0, 1, 2, 3, 4, 9] {
            let id = format!("e-{number}-6");
            ended(&world, works(&id, "1", "2025-12-20")).await.unwrap();
        }
        let world = world.later("2026-02-01");
        let h1 = || rates("2025-01-01", "2025-06-30");
        assert_eq!(told(&world, &coach(), h1()).await.rates[0].due, Some(6));
        let office = told(&world, &administrator("vastmanland"), h1()).await;
        assert_eq!(office.rates[0].due, Some(5), "as it was known after the half-year");
    })
    .await;
}

#[tokio::test]
async fn a_federation_tells_no_number_below_its_own_threshold() {
    on_both(|database| async {
        let world = organised(database).await;
        let federation = CreateFederationRequest {
            federation: Some(Federation {
                name: HOME.to_owned(),
                display_name: "Västmanland".to_owned(),
                organisation_number: "202100-5489".to_owned(),
                synthetic: true,
                smallest_shown_count: 7,
            }),
            request_id: "federation".to_owned(),
            validate_only: false,
        };
        world.federations().create_federation(world.office(federation)).await.unwrap();
        with_exits(&world, &[1, 2, 3, 4, 5, 6]).await;
        let world = world.later("2025-12-20");
        for number in 0..6 {
            ended(&world, works(&format!("e-{number}-6"), "1", "2025-12-20")).await.unwrap();
        }
        let world = world.later("2026-02-01");
        let office = administrator("vastmanland");
        let hidden = told(&world, &office, rates("2025-01-01", "2025-06-30")).await;
        assert_eq!(counts(&hidden.rates[0]), [None; 6]);
    })
    .await;
}

#[tokio::test]
async fn what_would_let_groups_be_subtracted_is_refused() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        let office = administrator("vastmanland");
        let mut request = rates("2025-01-01", "2025-06-29");
        request.teams = ["norra", "vastra"].map(|team| format!("{HOME}/teams/{team}")).into();
        request.as_known_at = 3;
        assert_eq!(
            faults(asked(&world, &office, request.clone()).await),
            expected(&[
                ("period", "PERIOD_NOT_HALF_YEAR"),
                ("teams", "TEAMS_NOT_ONE"),
                ("as_known_at", "SEQUENCE_NOT_CHOSEN"),
            ])
        );
        assert!(asked(&world, &coach(), request.clone()).await.is_ok());
        request.as_known_at = 1_000_000;
        let ahead = faults(asked(&world, &coach(), request).await);
        assert_eq!(ahead, expected(&[("as_known_at", "SEQUENCE_AHEAD")]));
        let mut negative = rates("2025-01-01", "2025-06-30");
        negative.as_known_at = -1;
        let negative = faults(asked(&world, &coach(), negative).await);
        assert_eq!(negative, expected(&[("as_known_at", "SEQUENCE_NEGATIVE")]));
    })
    .await;
}
