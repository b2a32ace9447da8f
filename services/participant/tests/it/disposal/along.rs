//! What happened along the enrolments of those who are gone: counted as before, and nowhere
//! else.

use platform::{Principal, testing::on_both};
use proto::participant::{
    CountActivitiesRequest, CountActivitiesResponse, ExitOutcome, GetFollowUpRatesResponse,
    GetSurveyResultsRequest, GetSurveyResultsResponse, MilestoneKind, ParticipantEvent,
    SurveyOccasion,
};
use tonic::Code;
use values::Role;

use super::{dispose, disposed, party_admin, set};
use crate::activity_count::{counted, half_year};
use crate::enrolment::{create as enrol, enrolled, leaves, name as enrolment};
use crate::event::{kinds, told};
use crate::follow_up::{
    self, left,
    rates::{rates, told as rates_of},
    works,
};
use crate::people::{
    NUMBER, OTHER_NUMBER, accepted, coach, holder, organised, person, referral, somebody,
};
use crate::rebuild::{dump, rebuilt};
use crate::survey::results::{results, told as results_of};
use crate::world::{HOME, World, administrator, problem};
use crate::{milestone, placement, survey};

/// Six who left in June, and what happened with each; and one who left in July, and is
/// kept. It is a year later.
async fn seven(world: World) -> World {
    survey::with_questionnaire(&world).await;
    for number in 0..7 {
        let (case, id) = (format!("r-{number}"), format!("e-{number}"));
        let who = if number == 0 { person(NUMBER) } else { somebody(number as usize) };
        accepted(&world, referral(&case, who)).await;
        match number {
            6 => {
                enrolled(&world, enrol(&id, &case)).await;
            }
            _ => left(&world, &id, &case, leaves("2025-06-16", ExitOutcome::Work)).await,
        }
        for (what, day) in [("m", "2025-05-12"), ("n", "2025-05-13")] {
            let kind = MilestoneKind::Guidance;
            let noted = milestone::of(&format!("{what}-{number}"), &id, kind, day);
            milestone::noted(&world, noted).await;
        }
        let mut placed = placement::create(&format!("p-{number}"), "2025-05-05");
        placed.placement.as_mut().unwrap().enrolment = enrolment(&id);
        placement::entered(&world, placed).await;
        for (what, occasion) in [("s", SurveyOccasion::Enrolment), ("t", SurveyOccasion::Exit)] {
            if number == 6 && what == "t" {
                continue;
            }
            let mut answers = survey::create(&format!("{what}-{number}"), 10 + number, 4);
            let answer = answers.survey_answer.as_mut().unwrap();
            (answer.enrolment, answer.occasion) = (enrolment(&id), occasion.into());
            survey::entered(&world, answers).await;
        }
    }
    placement::ended(&world, placement::end("p-1", "1", "2025-06-03")).await;
    let world = world.later("2026-01-10");
    for number in 0..6 {
        let answer = works(&format!("e-{number}-6"), "1", "2026-01-09");
        follow_up::ended(&world, answer).await.unwrap();
    }
    world.later("2026-07-25")
}

/// Everything that is counted along enrolments.
#[derive(Debug, PartialEq)]
pub(crate) struct Counts {
    activities: CountActivitiesResponse,
    rates: GetFollowUpRatesResponse,
    surveys: Vec<GetSurveyResultsResponse>,
}

impl Counts {
    /// As somebody is told them of the half-year in which the people left.
    pub(crate) async fn told(world: &World, caller: &Principal, as_known_at: i64) -> Self {
        let activities = CountActivitiesRequest { as_known_at, ..half_year() };
        let mut rated = rates("2025-01-01", "2025-06-30");
        rated.as_known_at = as_known_at;
        let mut surveys = Vec::new();
        for occasion in [SurveyOccasion::Enrolment, SurveyOccasion::Exit] {
            let occasion = occasion.into();
            let survey = GetSurveyResultsRequest { occasion, as_known_at, ..results() };
            surveys.push(results_of(world, caller, survey).await);
        }
        Self {
            activities: counted(world, caller, activities).await,
            rates: rates_of(world, caller, rated).await,
            surveys,
        }
    }

    /// What is true of the present whatever was recorded beside it.
    pub(crate) fn without_moment(mut self) -> Self {
        (self.activities.sequence, self.activities.head_hash) = (0, Vec::new());
        (self.rates.sequence, self.rates.head_hash) = (0, Vec::new());
        self.rates.rates.iter_mut().for_each(|rate| rate.sequence = 0);
        for survey in &mut self.surveys {
            (survey.sequence, survey.head_hash) = (0, Vec::new());
        }
        self
    }
}

#[tokio::test]
async fn it_counts_as_before_without_whose_it_was_and_its_names_lead_nowhere() {
    on_both(|database| async move {
        let world = seven(organised(database.clone()).await).await;
        let office = administrator("vastmanland");
        let midway = world.sequence().await - 9;
        let settled = Counts::told(&world, &office, 0).await;
        let (then, now) = (
            Counts::told(&world, &coach(), midway).await,
            Counts::told(&world, &coach(), 0).await.without_moment(),
        );
        let guidance = &settled.activities.milestones[3];
        assert_eq!((guidance.people, guidance.milestones), (Some(5), Some(15)), "of 7 and 14");
        assert_eq!(now.surveys[1].questions[0].answered, Some(6));
        assert_eq!(now.rates.rates[0].due, Some(6));

        world.disposals().set_retention(world.by(&party_admin(), set(12))).await.unwrap();
        let first = disposed(&world, dispose("1")).await.unwrap();
        assert_eq!((first.participants.len(), first.protected_participants), (6, 0));
        assert_eq!(Counts::told(&world, &office, 0).await, settled);
        assert_eq!(Counts::told(&world, &coach(), midway).await, then);
        assert_eq!(Counts::told(&world, &coach(), 0).await.without_moment(), now);

        let dumped = dump(&database).await;
        for (table, rows) in [
            ("milestone", 2),
            ("placement", 1),
            ("survey_answer", 1),
            ("follow_up", 0),
            ("follow_up_end", 6),
        ] {
            assert_eq!(dumped[table].len(), rows, "{table}");
        }
        let facts = &dumped["disposed_fact"];
        assert_eq!(facts.iter().filter(|row| row.contains("surveyAnswers")).count(), 24);
        for row in facts.iter().chain(&dumped["follow_up_end"]) {
            assert!(!row.contains("e-0") && !row.contains("2025-05-12"), "{row}");
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
        assert_eq!(rebuilt(&world).await, dumped);
        assert_eq!(Counts::told(&world, &office, 0).await, settled);
    })
    .await;
}

#[tokio::test]
async fn a_name_of_it_is_not_given_again_and_whoever_follows_is_told_to_forget_it() {
    on_both(|database| async {
        let world = seven(organised(database).await).await;
        world.disposals().set_retention(world.by(&party_admin(), set(12))).await.unwrap();
        disposed(&world, dispose("1")).await.unwrap();
        for code in [
            milestone::read(&world, &coach(), "m-0").await.unwrap_err().code(),
            placement::read(&world, &coach(), "p-0").await.unwrap_err().code(),
            survey::read(&world, &coach(), "s-0").await.unwrap_err().code(),
            follow_up::read(&world, &coach(), "e-0-6").await.unwrap_err().code(),
        ] {
            assert_eq!(code, Code::NotFound);
        }
        let events = told(&world, &coach(), "").await;
        let events: Vec<_> = events.into_iter().map(|told| told.event.unwrap()).collect();
        for name in ["milestones/m-0", "placements/p-0", "followUps/e-0-6"] {
            let of_it = |event: &ParticipantEvent| event.subject == format!("{HOME}/{name}");
            assert!(!events.iter().any(of_it), "{name}");
        }
        let gone: Vec<_> = events.iter().filter(|event| event.disposed).collect();
        assert!(gone.len() == 6 && gone.iter().all(|one| one.kind == "participant.disposed"));
        // Whoever works with others of the party learns no more, and nothing of the team.
        let elsewhere = holder("coach-vastra", Role::Coach, "party/sala/team/vastra");
        assert_eq!(kinds(&told(&world, &elsewhere, "").await), ["participant.disposed"; 6]);

        accepted(&world, referral("r-9", person(OTHER_NUMBER))).await;
        enrolled(&world, enrol("e-9", "r-9")).await;
        let mut noted = milestone::of("m-0", "e-9", MilestoneKind::Guidance, "2025-05-12");
        noted.request_id = "again-m".to_owned();
        let noted = world.milestones().create_milestone(world.by(&coach(), noted)).await;
        assert_eq!(problem(noted).0, Code::AlreadyExists);
        let mut placed = placement::create("p-0", "2025-05-05");
        (placed.request_id, placed.placement.as_mut().unwrap().enrolment) =
            ("again-p".to_owned(), enrolment("e-9"));
        let placed = world.placements().create_placement(world.by(&coach(), placed)).await;
        assert_eq!(problem(placed).0, Code::AlreadyExists);
        let mut answers = survey::create("s-0", 10, 4);
        (answers.request_id, answers.survey_answer.as_mut().unwrap().enrolment) =
            ("again-s".to_owned(), enrolment("e-9"));
        assert_eq!(problem(survey::asked(&world, answers).await).0, Code::AlreadyExists);
    })
    .await;
}
