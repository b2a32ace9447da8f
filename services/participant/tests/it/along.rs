//! What happened along an enrolment goes with its person: when it moves, turns out to be
//! another, or is protected.

use platform::{Principal, testing::on_both};
use proto::participant::{
    ExitOutcome, GetParticipantRequest, ListReadsRequest, MergeParticipantsRequest, Participant,
    ProtectParticipantRequest, TransferParticipantRequest, UndoMergeRequest,
};
use sea_orm::ConnectionTrait as _;
use tonic::Code;
use values::Role;

use crate::enrolment::{self, create as enrol, enrolled, leaves};
use crate::follow_up::{self, works};
use crate::milestone::{self, noted, of};
use crate::people::{
    NUMBER, OTHER_NUMBER, accepted, coach, date, holder, organised, other_coach, person, referral,
    sent,
};
use crate::placement::{self, entered};
use crate::survey;
use crate::world::{HOME, World};

async fn participant(world: &World, name: &str) -> Participant {
    let get = world.by(&coach(), GetParticipantRequest { name: name.to_owned() });
    let got = world.participants().get_participant(get).await.unwrap();
    got.into_inner().participant.unwrap()
}

/// Somebody of Sala with one of everything along an enrolment, of which a milestone was
/// taken away; and its name. It is January.
pub(crate) async fn with_one_of_each(database: platform::Database) -> (World, String) {
    let world = organised(database).await;
    survey::with_questionnaire(&world).await;
    accepted(&world, referral("r-1", person(NUMBER))).await;
    follow_up::left(&world, "e-1", "r-1", leaves("2025-06-16", ExitOutcome::Work)).await;
    let kind = proto::participant::MilestoneKind::StepForward;
    noted(&world, of("m-1", "e-1", kind, "2025-05-02")).await;
    noted(&world, of("m-2", "e-1", kind, "2025-05-03")).await;
    let remove = world.by(&coach(), milestone::remove("m-2", "1"));
    world.milestones().remove_milestone(remove).await.unwrap();
    entered(&world, placement::create("p-1", "2025-05-05")).await;
    survey::entered(&world, survey::create("s-1", 17, 10)).await;
    let world = world.later("2026-01-10");
    follow_up::ended(&world, works("e-1-6", "1", "2026-01-09")).await.unwrap();
    let case = crate::people::read(&world, &coach(), "r-1").await.unwrap();
    (world, case.participant)
}

/// Which of one of each somebody reads.
pub(crate) async fn seen(world: &World, caller: &Principal) -> Vec<Code> {
    let code = |status: tonic::Status| status.code();
    vec![
        milestone::read(world, caller, "m-1").await.map_or_else(code, |_| Code::Ok),
        milestone::read(world, caller, "m-2").await.map_or_else(code, |_| Code::Ok),
        placement::read(world, caller, "p-1").await.map_or_else(code, |_| Code::Ok),
        survey::read(world, caller, "s-1").await.map_or_else(code, |_| Code::Ok),
        follow_up::read(world, caller, "e-1-6").await.map_or_else(code, |_| Code::Ok),
        follow_up::read(world, caller, "e-1-12").await.map_or_else(code, |_| Code::Ok),
    ]
}

#[tokio::test]
async fn it_is_read_by_the_new_party_when_the_person_moves() {
    on_both(|database| async {
        let (world, name) = with_one_of_each(database).await;
        assert_eq!(seen(&world, &coach()).await, [Code::Ok; 6]);
        let transfer = TransferParticipantRequest {
            etag: participant(&world, &name).await.etag,
            name,
            municipality: format!("{HOME}/municipalities/1983"),
            day: date("2026-01-05"),
            reason: "Flyttat".to_owned(),
            request_id: "transfer".to_owned(),
            validate_only: false,
        };
        let request = world.by(&coach(), transfer);
        world.participants().transfer_participant(request).await.unwrap();
        assert_eq!(seen(&world, &coach()).await, [Code::NotFound; 6]);
        assert_eq!(seen(&world, &other_coach()).await, [Code::Ok; 6]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn it_is_of_the_one_whom_the_person_turns_out_to_be_and_back() {
    on_both(|database| async {
        let (world, name) = with_one_of_each(database).await;
        sent(&world, referral("r-2", person(OTHER_NUMBER))).await;
        let other = crate::people::read(&world, &coach(), "r-2").await.unwrap().participant;
        let merge = MergeParticipantsRequest {
            name: other.clone(),
            etag: participant(&world, &other).await.etag,
            duplicate: name.clone(),
            reason: "Samma person".to_owned(),
            request_id: "merge".to_owned(),
            validate_only: false,
        };
        let request = world.by(&coach(), merge);
        world.participants().merge_participants(request).await.unwrap();
        assert_eq!(seen(&world, &coach()).await, [Code::Ok; 6]);
        assert_eq!(world.problems().await, Vec::<String>::new());
        follow_up::ended(&world.later("2026-07-01"), works("e-1-12", "1", "2026-06-30"))
            .await
            .unwrap();
        let undo = UndoMergeRequest {
            name: other.clone(),
            etag: participant(&world, &other).await.etag,
            duplicate: name,
            reason: "Var två".to_owned(),
            request_id: "undo".to_owned(),
            validate_only: false,
        };
        world.participants().undo_merge(world.by(&coach(), undo)).await.unwrap();
        assert_eq!(seen(&world, &coach()).await, [Code::Ok; 6]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn it_is_kept_without_words_when_somebody_whose_case_goes_on_is_protected() {
    on_both(|database| async {
        let (world, name) = with_one_of_each(database).await;
        let corrected = enrolment::mended::correct("e-1", "3", None);
        world.enrolments().correct_exit(world.by(&coach(), corrected)).await.unwrap();
        let protect = ProtectParticipantRequest {
            etag: participant(&world, &name).await.etag,
            name,
            request_id: "protect".to_owned(),
            validate_only: false,
        };
        let request = world.by(&coach(), protect);
        world.participants().protect_participant(request).await.unwrap();
        let (along, follow_ups) = ([Code::Ok; 4], [Code::NotFound; 2]);
        assert_eq!(seen(&world, &coach()).await, [&along[..], &follow_ups[..]].concat());
        let removed = milestone::read(&world, &coach(), "m-2").await.unwrap();
        assert_eq!((removed.removed, removed.removal_reason.as_str()), (true, ""));
        assert_eq!(milestone::listed(&world, &coach(), milestone::all()).await.1, [""; 0]);
        // The key that the first answers were sealed with is gone.
        let again = world.by(&coach(), placement::create("p-1", "2025-05-05"));
        let again = world.placements().create_placement(again).await;
        assert_eq!(again.unwrap_err().code(), Code::NotFound);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn nothing_happens_in_an_enrolment_that_was_a_mistake() {
    on_both(|database| async {
        let world = organised(database).await;
        survey::with_questionnaire(&world).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, enrol("e-1", "r-1")).await;
        entered(&world, placement::create("p-1", "2025-05-05")).await;
        let mistake = world.by(&coach(), enrolment::mended::in_error("e-1", "1"));
        world.enrolments().register_enrolment_in_error(mistake).await.unwrap();
        let reason = |failed: (String, Vec<(String, String)>)| failed.0;
        let request = world.by(&coach(), milestone::create("m-1", "2025-05-02"));
        let noted = world.milestones().create_milestone(request).await;
        assert_eq!(reason(crate::people::refusal(noted)), "ENROLMENT_IN_ERROR");
        let request = world.by(&coach(), placement::end("p-1", "1", "2025-06-02"));
        let ended = world.placements().end_placement(request).await;
        assert_eq!(reason(crate::people::refusal(ended)), "ENROLMENT_IN_ERROR");
        let answered = survey::asked(&world, survey::create("s-1", 17, 10)).await;
        assert_eq!(reason(crate::people::refusal(answered)), "ENROLMENT_IN_ERROR");
        // It can still be taken away, and does not count again.
        let request = world.by(&coach(), placement::remove("p-1", "1"));
        world.placements().remove_placement(request).await.unwrap();
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn whose_records_an_answer_holds_is_entered_in_the_read_log() {
    on_both(|database| async {
        let (world, _) = with_one_of_each(database).await;
        seen(&world, &coach()).await;
        milestone::listed(&world, &coach(), milestone::all()).await;
        let list =
            ListReadsRequest { parent: format!("{HOME}/parties/sala"), ..Default::default() };
        let reader = holder("partsadmin", Role::PartyAdministrator, "party/sala");
        let reads = world.read_log().list_reads(world.by(&reader, list)).await.unwrap();
        let reads = reads.into_inner().reads;
        for rpc in [
            "CreateMilestone",
            "RemoveMilestone",
            "GetMilestone",
            "ListMilestones",
            "CreatePlacement",
            "GetPlacement",
            "CreateSurveyAnswer",
            "GetSurveyAnswer",
            "EndFollowUp",
            "GetFollowUp",
        ] {
            let entered = |read: &proto::participant::Read| read.rpc.ends_with(rpc);
            assert!(reads.iter().any(entered), "{rpc}");
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn what_is_found_or_counted_otherwise_than_the_journal_has_it_is_told() {
    const OTHERWISE: &str = "is not in its table as the journal has it";
    const MISCOUNTED: &str = "is not counted as the journal has it";
    const UNSCHEDULED: &str = "is not scheduled as its exit has it";
    const MISSING: &str = "is in the journal and not in its table";
    for (tampering, of, found) in [
        ("UPDATE milestone SET kind = 1", "milestones/m-1", OTHERWISE),
        ("UPDATE milestone SET known_to = 7", "milestones/m-1", OTHERWISE),
        ("UPDATE milestone SET sequence = sequence - 1", "milestones/m-1", OTHERWISE),
        ("DELETE FROM milestone", "milestones/m-1", MISSING),
        ("UPDATE placement SET sector = 2", "placements/p-1", OTHERWISE),
        ("UPDATE placement SET last_day = '2025-06-01'", "placements/p-1", OTHERWISE),
        ("UPDATE survey_answer SET occasion = 2", "surveyAnswers/s-1", OTHERWISE),
        ("UPDATE survey_answer SET team_id = 'vastra'", "surveyAnswers/s-1", OTHERWISE),
        ("UPDATE follow_up SET due_day = '2026-02-01'", "followUps/e-1-12", UNSCHEDULED),
        ("UPDATE follow_up SET is_open = true", "followUps/e-1-6", UNSCHEDULED),
        ("DELETE FROM follow_up", "followUps/e-1-18", UNSCHEDULED),
        ("UPDATE follow_up_end SET reached = 2", "followUps/e-1-6", MISCOUNTED),
        ("DELETE FROM follow_up_end", "followUps/e-1-6", MISCOUNTED),
    ] {
        on_both(|database| async move {
            let (world, _) = with_one_of_each(database).await;
            assert_eq!(world.problems().await, Vec::<String>::new());
            world.database.write.execute_unprepared(tampering).await.unwrap();
            let problems = world.problems().await;
            let expected = format!("{HOME}/{of} {found}");
            assert!(problems.contains(&expected), "{tampering}: {problems:?}");
        })
        .await;
    }
}
