//! How much a team does with people, by kind and period.

use platform::{Principal, testing::on_both};
use proto::common::Period;
use proto::participant::{
    CountActivitiesRequest, CountActivitiesResponse, GroupActivityCount, MilestoneKind,
};
use values::Role;

use crate::enrolment::{self, create as enrol, enrolled};
use crate::group_activity;
use crate::milestone::{noted, of, with_enrolment};
use crate::people::{accepted, coach, date, organised, other_coach, protected, referral, refusal};
use crate::placement::{create as place, end, ended, entered};
use crate::world::{HOME, World, administrator, expected, faults, teams};

pub(crate) fn half_year() -> CountActivitiesRequest {
    let (first_day, last_day) = (date("2025-01-01"), date("2025-06-30"));
    CountActivitiesRequest {
        parent: HOME.to_owned(),
        period: Some(Period { first_day, last_day }),
        teams: Vec::new(),
        as_known_at: 0,
    }
}

pub(crate) async fn counted(
    world: &World,
    caller: &Principal,
    request: CountActivitiesRequest,
) -> CountActivitiesResponse {
    let request = world.by(caller, request);
    world.activity_counts().count_activities(request).await.unwrap().into_inner()
}

/// People and milestones of a kind.
fn milestones(
    counted: &CountActivitiesResponse,
    kind: MilestoneKind,
) -> (Option<i64>, Option<i64>) {
    let count = counted.milestones.iter().find(|count| count.kind() == kind).unwrap();
    (count.people, count.milestones)
}

/// Begun, ended and open in the private sector.
fn private(counted: &CountActivitiesResponse) -> [Option<i64>; 3] {
    let count = &counted.placements[0];
    [count.begun, count.ended, count.open]
}

#[tokio::test]
async fn who_works_with_the_people_gets_what_there_was_as_it_was_known() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        use MilestoneKind::{Guidance, PlanAgreed};
        noted(&world, of("a", "e-1", Guidance, "2025-05-02")).await;
        noted(&world, of("b", "e-1", Guidance, "2025-05-09")).await;
        noted(&world, of("c", "e-1", PlanAgreed, "2025-07-01")).await;
        entered(&world, place("p-1", "2025-05-05")).await;
        entered(&world, place("p-2", "2025-06-02")).await;
        let occasion = group_activity::occasion("norra", teams::date(2025, 6, 12), [12, 9, 7]);
        let request = group_activity::create("g-1", occasion);
        let request = world.with_role(Role::Coach, "team/norra", request);
        world.group_activities().create_group_activity(request).await.unwrap();
        let before = world.sequence().await;
        let first = counted(&world, &coach(), half_year()).await;
        assert_eq!(milestones(&first, Guidance), (Some(1), Some(2)));
        assert_eq!(milestones(&first, PlanAgreed), (Some(0), Some(0)), "of July");
        assert_eq!(private(&first), [Some(2), Some(0), Some(2)]);
        let people = GroupActivityCount {
            occasions: 1,
            invited: Some(12),
            accepted: Some(9),
            attended: Some(7),
        };
        assert_eq!(first.group_activities, Some(people));
        assert_eq!((first.sequence, first.head_hash.len()), (before, 32));

        ended(&world, end("p-1", "1", "2025-06-20")).await;
        let remove = world.by(&coach(), crate::milestone::remove("b", "1"));
        world.milestones().remove_milestone(remove).await.unwrap();
        let now = counted(&world, &coach(), half_year()).await;
        assert_eq!(milestones(&now, Guidance), (Some(1), Some(1)));
        assert_eq!(private(&now), [Some(2), Some(1), Some(1)]);
        let then = CountActivitiesRequest { as_known_at: before, ..half_year() };
        assert_eq!(counted(&world, &coach(), then.clone()).await, first);
        let nothing = counted(&world, &other_coach(), half_year()).await;
        assert_eq!(private(&nothing), [Some(0); 3]);

        let mistake = world.by(&coach(), enrolment::mended::in_error("e-1", "1"));
        world.enrolments().register_enrolment_in_error(mistake).await.unwrap();
        let without = counted(&world, &coach(), half_year()).await;
        assert_eq!(milestones(&without, Guidance), (Some(0), Some(0)));
        assert_eq!(private(&without), [Some(0); 3]);
        assert_eq!(counted(&world, &coach(), then).await, first);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn one_who_had_five_placements_is_told_of_to_nobody_else() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        for number in 0..5 {
            entered(&world, place(&format!("p-{number}"), "2025-05-05")).await;
        }
        let ahead = CountActivitiesRequest { as_known_at: 1_000_000, ..half_year() };
        let ahead = world.by(&coach(), ahead);
        assert_eq!(
            faults(world.activity_counts().count_activities(ahead).await),
            expected(&[("as_known_at", "SEQUENCE_AHEAD")])
        );
        assert_eq!(private(&counted(&world, &coach(), half_year()).await)[0], Some(5));
        let world = world.later("2025-08-01");
        let told = counted(&world, &administrator("vastmanland"), half_year()).await;
        assert_eq!(private(&told), [None; 3]);
    })
    .await;
}

#[tokio::test]
async fn everybody_else_gets_the_kinds_that_five_people_or_more_have_had() {
    on_both(|database| async {
        let world = organised(database).await;
        use MilestoneKind::{Guidance, StudyVisit};
        for number in 0..5 {
            let (id, referred) = (format!("e-{number}"), format!("r-{number}"));
            accepted(&world, referral(&referred, protected())).await;
            enrolled(&world, enrol(&id, &referred)).await;
            noted(&world, of(&format!("g-{number}"), &id, Guidance, "2025-05-02")).await;
            if number < 4 {
                noted(&world, of(&format!("s-{number}"), &id, StudyVisit, "2025-05-02")).await;
            }
            let mut request = place(&format!("p-{number}"), "2025-05-05");
            request.placement.as_mut().unwrap().enrolment = enrolment::name(&id);
            entered(&world, request).await;
        }
        let office = administrator("vastmanland");
        let early = world.by(&office, half_year());
        let early = world.activity_counts().count_activities(early).await;
        assert_eq!(refusal(early).0, "COUNTS_NOT_SETTLED");
        let world = world.later("2025-08-01");
        let shown = counted(&world, &office, half_year()).await;
        assert_eq!(milestones(&shown, Guidance), (Some(5), Some(5)));
        assert_eq!(milestones(&shown, StudyVisit), (None, None));
        assert_eq!(private(&shown), [Some(5), None, None]);
        let team = vec![format!("{HOME}/teams/norra")];
        let of_team = CountActivitiesRequest { teams: team, ..half_year() };
        assert_eq!(counted(&world, &office, of_team).await.milestones, shown.milestones);
    })
    .await;
}
