//! What many have answered: n and base always, for everybody else without small groups.

use platform::{Database, Principal, testing::on_both};
use proto::common::Period;
use proto::participant::{
    DisposeParticipantsRequest, ExitOutcome, GetEnrolmentRequest, GetParticipantRequest,
    GetSurveyResultsRequest, GetSurveyResultsResponse, ListReadsRequest, Participant,
    QuestionResult, SetRetentionRequest, SurveyOccasion,
};
use tonic::{Response, Status};
use values::Role;

use super::{create, entered, with_questionnaire};
use crate::disposal;
use crate::enrolment::{self, create as enrol, enrolled, leaves, name as enrolment_name};
use crate::participant::moved::{protect, transfer};
use crate::people::{
    accepted, coach, date, holder, organised, other_coach, read, referral, refusal, somebody,
};
use crate::world::{HOME, World, administrator, expected, faults};

pub(crate) fn results() -> GetSurveyResultsRequest {
    let (first_day, last_day) = (date("2025-01-01"), date("2025-06-30"));
    GetSurveyResultsRequest {
        parent: HOME.to_owned(),
        questionnaire: format!("{HOME}/questionnaires/q"),
        occasion: SurveyOccasion::Enrolment.into(),
        period: Some(Period { first_day, last_day }),
        teams: Vec::new(),
        as_known_at: 0,
    }
}

async fn asked(
    world: &World,
    caller: &Principal,
    request: GetSurveyResultsRequest,
) -> Result<Response<GetSurveyResultsResponse>, Status> {
    world.surveys().get_survey_results(world.by(caller, request)).await
}

pub(crate) async fn told(
    world: &World,
    caller: &Principal,
    request: GetSurveyResultsRequest,
) -> GetSurveyResultsResponse {
    asked(world, caller, request).await.unwrap().into_inner()
}

/// So many people are enrolled in Norra; the first of them answered so
/// to the week.
async fn with_answers(world: &World, people: usize, weeks: &[i32]) {
    with_questionnaire(world).await;
    for number in 0..people {
        let (id, referred) = (format!("e-{number}"), format!("r-{number}"));
        accepted(world, referral(&referred, somebody(number))).await;
        enrolled(world, enrol(&id, &referred)).await;
        if let Some(week) = weeks.get(number) {
            let mut request = create(&format!("s-{number}"), *week, 4);
            let answer = request.survey_answer.as_mut().unwrap();
            answer.enrolment = enrolment_name(&id);
            answer.answers.truncate(1);
            entered(world, request).await;
        }
    }
}

#[tokio::test]
async fn who_works_with_the_people_gets_every_step_with_n_and_base() {
    on_both(|database| async {
        let world = organised(database).await;
        with_answers(&world, 4, &[17, 18, 2]).await;
        let before = world.sequence().await;
        let now = told(&world, &coach(), results()).await;
        assert_eq!((now.base, now.sequence, now.head_hash.len()), (Some(4), before, 32));
        let week = &now.questions[0];
        assert_eq!((week.answered, week.mean_hundredths), (Some(3), Some(617)));
        assert_eq!((week.by_step.len(), week.by_step[0], week.by_step[15]), (19, 1, 1));
        let plan = &now.questions[1];
        assert_eq!((plan.answered, plan.mean_hundredths), (Some(0), None));
        let exit = GetSurveyResultsRequest { occasion: SurveyOccasion::Exit.into(), ..results() };
        assert_eq!(told(&world, &coach(), exit).await.base, Some(0));

        let mistake = world.by(&coach(), enrolment::mended::in_error("e-0", "1"));
        world.enrolments().register_enrolment_in_error(mistake).await.unwrap();
        let without = told(&world, &coach(), results()).await;
        assert_eq!((without.base, without.questions[0].answered), (Some(3), Some(2)));
        let then = GetSurveyResultsRequest { as_known_at: before, ..results() };
        assert_eq!(told(&world, &coach(), then).await, now);
        let list =
            ListReadsRequest { parent: format!("{HOME}/parties/sala"), ..Default::default() };
        let reader = holder("partsadmin", Role::PartyAdministrator, "party/sala");
        let reads = world.read_log().list_reads(world.by(&reader, list)).await.unwrap();
        let last = reads.into_inner().reads.remove(0);
        assert!(last.rpc.ends_with("/GetSurveyResults"), "answers are read: {}", last.rpc);
        assert_eq!(last.participants.len(), 3);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn one_who_has_moved_away_is_neither_among_the_answers_nor_in_their_base() {
    on_both(|database| async {
        let world = organised(database).await;
        with_answers(&world, 3, &[17, 18]).await;
        let before = told(&world, &coach(), results()).await;
        assert_eq!((before.base, before.questions[0].answered), (Some(3), Some(2)));
        let name = read(&world, &coach(), "r-0").await.unwrap().participant;
        let person = Participant { name, etag: "1".to_owned(), ..Participant::default() };
        let moves = world.by(&coach(), transfer(&person, "1983", "2025-06-01"));
        world.participants().transfer_participant(moves).await.unwrap();
        let after = told(&world, &coach(), results()).await;
        assert_eq!((after.base, after.questions[0].answered), (Some(2), Some(1)));
        let there = told(&world, &other_coach(), results()).await;
        assert_eq!((there.base, there.questions[0].answered), (Some(0), Some(0)));
    })
    .await;
}

/// Three of Sala's, of whom two have answered and one of these moved to Köping and left
/// there; and that one's name.
async fn with_one_who_left_elsewhere(database: Database) -> (World, String) {
    let world = organised(database).await;
    with_answers(&world, 3, &[17, 18]).await;
    let name = read(&world, &coach(), "r-0").await.unwrap().participant;
    let person = Participant { name: name.clone(), etag: "1".to_owned(), ..Participant::default() };
    let moves = world.by(&coach(), transfer(&person, "1983", "2025-06-01"));
    world.participants().transfer_participant(moves).await.unwrap();
    let get = GetEnrolmentRequest { name: enrolment_name("e-0") };
    let got = world.enrolments().get_enrolment(world.by(&other_coach(), get)).await.unwrap();
    let etag = got.into_inner().enrolment.unwrap().etag;
    let left = enrolment::exit("e-0", &etag, leaves("2025-06-16", ExitOutcome::Work));
    world.enrolments().exit_enrolment(world.by(&other_coach(), left)).await.unwrap();
    (world, name)
}

async fn goes_with_protection(world: World, name: String) -> World {
    let get = world.by(&other_coach(), GetParticipantRequest { name });
    let got = world.participants().get_participant(get).await.unwrap();
    let request = protect(&got.into_inner().participant.unwrap());
    world.participants().protect_participant(world.by(&other_coach(), request)).await.unwrap();
    world
}

async fn goes_in_its_time(world: World) -> World {
    let admin = holder("partsadmin", Role::PartyAdministrator, "party/koping");
    let party = format!("{HOME}/parties/koping");
    let mut set: SetRetentionRequest = disposal::set(1);
    set.retention.as_mut().unwrap().party = party.clone();
    world.disposals().set_retention(world.by(&admin, set)).await.unwrap();
    let world = world.later("2025-09-01");
    let dispose = DisposeParticipantsRequest { name: party, ..disposal::dispose("1") };
    world.disposals().dispose_participants(world.by(&admin, dispose)).await.unwrap();
    world
}

#[tokio::test]
async fn what_one_answered_who_had_moved_away_is_not_told_when_it_has_gone_there() {
    on_both(|database| async {
        let (world, name) = with_one_who_left_elsewhere(database).await;
        let told_of = async |world: &World, caller: &Principal| {
            let told = told(world, caller, results()).await;
            (told.base, told.questions[0].answered)
        };
        let then = world.sequence().await;
        let before = told(&world, &coach(), results()).await;
        assert_eq!((before.base, before.questions[0].answered), (Some(2), Some(1)));
        let world = goes_with_protection(world, name).await;
        assert_eq!(told_of(&world, &coach()).await, (Some(2), Some(1)));
        assert_eq!(told_of(&world, &other_coach()).await, (Some(0), Some(0)));
        let as_then = GetSurveyResultsRequest { as_known_at: then, ..results() };
        assert_eq!(told(&world, &coach(), as_then).await, before);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
    on_both(|database| async {
        let (world, _) = with_one_who_left_elsewhere(database).await;
        let world = goes_in_its_time(world).await;
        let after = told(&world, &coach(), results()).await;
        assert_eq!((after.base, after.questions[0].answered), (Some(2), Some(1)));
    })
    .await;
}

#[tokio::test]
async fn everybody_else_gets_n_base_and_mean_once_settled() {
    on_both(|database| async {
        let world = organised(database).await;
        with_answers(&world, 10, &[17, 18, 2, 17, 16]).await;
        let office = administrator("vastmanland");
        let (reason, facts) = refusal(asked(&world, &office, results()).await);
        assert_eq!(reason, "COUNTS_NOT_SETTLED");
        assert_eq!(facts, [("from".to_owned(), "2025-07-30".to_owned())]);
        let world = world.later("2025-08-01");
        let shown = told(&world, &office, results()).await;
        let question = |id: &str, answered, mean_hundredths| QuestionResult {
            question: id.to_owned(),
            answered: Some(answered),
            mean_hundredths,
            by_step: Vec::new(),
        };
        assert_eq!(shown.base, Some(10));
        assert_eq!(shown.questions, [question("week", 5, Some(700)), question("plan", 0, None)]);
        let questionnaire = format!("{HOME}/questionnaires/x");
        let unknown = GetSurveyResultsRequest { questionnaire, ..results() };
        let unknown = faults(asked(&world, &office, unknown).await);
        assert_eq!(unknown, expected(&[("questionnaire", "QUESTIONNAIRE_UNKNOWN")]));
    })
    .await;
}

#[tokio::test]
async fn a_few_who_are_silent_hide_the_answers_of_the_others() {
    on_both(|database| async {
        let world = organised(database).await;
        with_answers(&world, 7, &[17, 18, 2, 17, 16, 12]).await;
        let world = world.later("2025-08-01");
        let hidden = told(&world, &administrator("vastmanland"), results()).await;
        assert_eq!(hidden.base, None);
        for question in &hidden.questions {
            assert_eq!((question.answered, question.mean_hundredths), (None, None));
            assert_eq!(question.by_step, [0; 0]);
        }
    })
    .await;
}
