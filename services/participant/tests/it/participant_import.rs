//! Cases that are kept elsewhere, taken in and taken back as one.

mod export;

use platform::{Principal, testing::on_both};
use proto::common::ImportEffect;
use proto::participant::{
    Case, CoachSpell, DecisionReason, Enrolment, Exit, ExitOutcome, GetEnrolmentRequest,
    ImportParticipantsRequest, ImportParticipantsResponse, ListFollowUpsRequest,
    ListParticipantImportsRequest, Livelihood, LivelihoodShare, Participant, ParticipantImport,
    Referral, ReferralDecision, ReferralState, ReferringKind, StreamParticipantImportRequest,
    UndoParticipantImportRequest,
};
use tonic::{Code, Status};
use values::Role;

use crate::people::{
    NUMBER, OTHER_NUMBER, THIRD_NUMBER, coach, date, holder, officer, organised, person, protected,
    read, receive, refusal,
};
use crate::world::{HOME, World, administrator, faults, problem};

/// Who takes in Sala's people in Norra.
pub(crate) fn coordinator() -> Principal {
    holder("samordnare", Role::Coordinator, "party/sala/team/norra")
}

fn lives_on(livelihood: Livelihood) -> Vec<LivelihoodShare> {
    vec![LivelihoodShare { livelihood: livelihood.into(), extent_percent: 100 }]
}

/// A referral that nobody has answered.
pub(crate) fn case(id: &str, person: Participant) -> Case {
    Case {
        id: id.to_owned(),
        person: Some(person),
        referral: Some(Referral {
            municipality: format!("{HOME}/municipalities/1981"),
            sender: format!("{HOME}/parties/agency"),
            referring_kind: ReferringKind::SocialInsuranceAgency.into(),
            referral_date: date("2024-09-02"),
            livelihoods: lives_on(Livelihood::SicknessBenefit),
            ..Referral::default()
        }),
        ..Case::default()
    }
}

fn accepted(id: &str, person: Participant) -> Case {
    Case {
        decision_date: date("2024-09-20"),
        decision_state: ReferralState::Accepted.into(),
        decision: Some(ReferralDecision {
            reason: DecisionReason::MeetsCriteria.into(),
            feedback: "Välkommen".to_owned(),
        }),
        ..case(id, person)
    }
}

pub(crate) fn enrolled(id: &str, person: Participant) -> Case {
    Case {
        enrolment: Some(Enrolment {
            first_day: date("2024-10-01"),
            planned_last_day: date("2025-09-30"),
            coaches: vec![CoachSpell {
                coach: format!("{HOME}/accounts/coach"),
                ..CoachSpell::default()
            }],
            ..Enrolment::default()
        }),
        ..accepted(id, person)
    }
}

pub(crate) fn ended(id: &str, person: Participant) -> Case {
    Case {
        exit: Some(Exit {
            day: date("2025-05-30"),
            outcome: ExitOutcome::Work.into(),
            livelihoods: lives_on(Livelihood::Salary),
            extent_percent: 75,
            ..Exit::default()
        }),
        ..enrolled(id, person)
    }
}

pub(crate) fn batch(request_id: &str, cases: Vec<Case>) -> ImportParticipantsRequest {
    ImportParticipantsRequest {
        parent: HOME.to_owned(),
        participant_import_id: "lista".to_owned(),
        team: format!("{HOME}/teams/norra"),
        cases,
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

pub(crate) async fn import(
    world: &World,
    caller: &Principal,
    request: ImportParticipantsRequest,
) -> Result<ImportParticipantsResponse, Status> {
    let answer = world.participant_imports().import_participants(world.by(caller, request)).await;
    answer.map(tonic::Response::into_inner)
}

async fn imports(world: &World, caller: &Principal) -> Vec<ParticipantImport> {
    let request = ListParticipantImportsRequest { parent: HOME.to_owned(), ..Default::default() };
    let request = world.by(caller, request);
    let listed = world.participant_imports().list_participant_imports(request).await.unwrap();
    listed.into_inner().participant_imports
}

fn told(answer: &ImportParticipantsResponse) -> Vec<(&str, &str)> {
    answer.faults.iter().map(|fault| (fault.field.as_str(), fault.reason.as_str())).collect()
}

fn effects(answer: &ImportParticipantsResponse) -> Vec<ImportEffect> {
    assert_eq!(told(answer), []);
    answer.outcomes.iter().map(|outcome| outcome.effect()).collect()
}

/// Cases at every stage.
fn list() -> Vec<Case> {
    vec![
        case("c-1", person(NUMBER)),
        accepted("c-2", person(OTHER_NUMBER)),
        ended("c-3", person(THIRD_NUMBER)),
        enrolled("c-4", protected()),
    ]
}

#[tokio::test]
async fn a_list_is_taken_in_with_people_referrals_enrolments_and_exits() {
    on_both(|database| async {
        let world = organised(database).await;
        let answer = import(&world, &coordinator(), batch("i-1", list())).await.unwrap();
        assert_eq!(effects(&answer), [ImportEffect::Created; 4]);
        let states: Vec<_> = answer.outcomes.iter().map(|outcome| outcome.state()).collect();
        assert_eq!(
            states,
            [
                ReferralState::Sent,
                ReferralState::Accepted,
                ReferralState::Enrolled,
                ReferralState::Enrolled
            ]
        );
        let ended = read(&world, &coach(), "c-3").await.unwrap();
        assert_eq!(ended.state(), ReferralState::Enrolled);
        assert_eq!(ended.import, format!("{HOME}/participantImports/lista"));
        let get =
            world.by(&coach(), GetEnrolmentRequest { name: answer.outcomes[2].enrolment.clone() });
        let enrolment = world.enrolments().get_enrolment(get).await.unwrap().into_inner();
        assert_eq!(enrolment.enrolment.unwrap().exit.unwrap().outcome(), ExitOutcome::Work);
        let due = ListFollowUpsRequest { parent: HOME.to_owned(), ..Default::default() };
        let due = world.follow_ups().list_follow_ups(world.by(&coach(), due)).await.unwrap();
        assert_eq!(due.into_inner().follow_ups.len(), 3, "6, 12 and 18 months after the exit");
        let listed = imports(&world, &coordinator()).await;
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].cases, listed[0].etag.as_str()), (4, "1"));
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn what_came_before_word_for_word_is_left_as_it_is_and_what_differs_is_refused() {
    on_both(|database| async {
        let world = organised(database).await;
        let caller = coordinator();
        import(&world, &caller, batch("i-1", list())).await.unwrap();
        let sequence = world.sequence().await;
        // The same request, and the same rows with another.
        let again = import(&world, &caller, batch("i-1", list())).await.unwrap();
        assert_eq!(effects(&again), [ImportEffect::Created; 4]);
        let again = import(&world, &caller, batch("i-2", list())).await.unwrap();
        assert_eq!(effects(&again), [ImportEffect::Unchanged; 4]);
        assert_eq!(world.sequence().await, sequence);

        let mut rows = list();
        rows[2].exit.as_mut().unwrap().outcome = ExitOutcome::Studies.into();
        rows.push(case("c-5", protected()));
        let differs = import(&world, &caller, batch("i-3", rows.clone())).await.unwrap();
        assert_eq!(told(&differs), [("cases[2].id", "DIFFERS_FROM_RECORD")]);
        assert_eq!(world.sequence().await, sequence, "all or none");
        rows.remove(2);
        let grown = import(&world, &caller, batch("i-4", rows)).await.unwrap();
        assert_eq!(effects(&grown)[3], ImportEffect::Created);
        assert_eq!(imports(&world, &caller).await[0].cases, 5);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_every_row_is_told_at_once_and_nothing_is_kept() {
    on_both(|database| async {
        let world = organised(database).await;
        let sequence = world.sequence().await;
        let mut wrong = person("197010632392");
        wrong.sex = 0;
        let mut elsewhere = case("c-2", person(OTHER_NUMBER));
        elsewhere.referral.as_mut().unwrap().municipality = format!("{HOME}/municipalities/1983");
        let mut too_early = ended("c-3", person(THIRD_NUMBER));
        too_early.exit.as_mut().unwrap().day = date("2024-09-30");
        let unaccepted = Case {
            decision: None,
            decision_date: None,
            decision_state: 0,
            ..enrolled("c-4", protected())
        };
        let not_enrolled = Case { enrolment: None, ..ended("c-5", protected()) };
        let rows = vec![
            case("c-1", wrong),
            elsewhere,
            too_early,
            unaccepted,
            not_enrolled,
            case("c-6", person(NUMBER)),
            case("c-6", protected()),
            case("c-7", person(NUMBER)),
        ];
        let answer = import(&world, &coordinator(), batch("i-1", rows)).await.unwrap();
        assert_eq!(
            told(&answer),
            [
                ("cases[0].person.sex", "ENUM_UNSPECIFIED"),
                ("cases[0].person.identity.personal_number", "PERSONAL_NUMBER_WRONG"),
                ("cases[1].referral.municipality", "NO_ROLE_FOR_PARTY"),
                ("cases[2].exit.day", "DAY_TOO_EARLY"),
                ("cases[3].enrolment", "ENROLMENT_NOT_ACCEPTED"),
                ("cases[4].exit", "EXIT_NOT_ENROLLED"),
                ("cases[6].id", "NAME_TWICE"),
                ("cases[7]", "REFERRAL_OPEN"),
            ]
        );
        assert_eq!(world.sequence().await, sequence);
        assert_eq!(imports(&world, &coordinator()).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_what_each_row_would_do_and_whom_the_caller_knows_already() {
    on_both(|database| async {
        let world = organised(database).await;
        let caller = coordinator();
        import(&world, &caller, batch("i-1", vec![ended("c-1", person(NUMBER))])).await.unwrap();
        let sequence = world.sequence().await;
        let mut dry =
            batch("i-2", vec![case("c-2", person(NUMBER)), case("c-3", person(OTHER_NUMBER))]);
        dry.validate_only = true;
        let answer = import(&world, &caller, dry).await.unwrap();
        assert_eq!(effects(&answer), [ImportEffect::Created; 2]);
        let known = read(&world, &coach(), "c-1").await.unwrap().participant;
        assert_eq!(answer.outcomes[0].known_participant, known);
        assert_eq!(answer.outcomes[1].known_participant, "");
        assert_eq!(world.sequence().await, sequence);
    })
    .await;
}

pub(crate) fn undo(etag: &str) -> UndoParticipantImportRequest {
    UndoParticipantImportRequest {
        name: format!("{HOME}/participantImports/lista"),
        etag: etag.to_owned(),
        reason: "Fel lista".to_owned(),
        request_id: format!("undo-{etag}"),
        validate_only: false,
    }
}

#[tokio::test]
async fn an_import_is_taken_back_as_one_unless_something_has_happened_since() {
    on_both(|database| async {
        let world = organised(database).await;
        let caller = coordinator();
        import(&world, &caller, batch("i-1", list())).await.unwrap();
        let more = batch("i-2", vec![accepted("c-5", protected())]);
        import(&world, &caller, more).await.unwrap();
        let other = world.by(&officer(), undo("2"));
        let other = world.participant_imports().undo_participant_import(other).await;
        assert_eq!(problem(other).0, Code::PermissionDenied);
        let undone = world.by(&caller, undo("2"));
        let undone = world.participant_imports().undo_participant_import(undone).await.unwrap();
        let undone = undone.into_inner().participant_import.unwrap();
        assert_eq!((undone.undo_reason.as_str(), undone.cases), ("Fel lista", 5));
        for id in ["c-1", "c-2", "c-3"] {
            let referral = read(&world, &coach(), id).await.unwrap();
            assert_eq!(referral.state(), ReferralState::RegisteredInError);
        }
        let late = import(&world, &caller, batch("i-3", vec![case("c-6", protected())])).await;
        assert_eq!(problem(late.map(tonic::Response::new)).1, "IMPORT_UNDONE");
        assert_eq!(world.problems().await, Vec::<String>::new());

        // Another list with the same people, one of whom something happens to.
        let mut again = batch("i-4", vec![case("d-1", person(NUMBER)), case("d-2", protected())]);
        again.participant_import_id = "ny-lista".to_owned();
        import(&world, &caller, again).await.unwrap();
        world.referrals().receive_referral(world.by(&coach(), receive("d-1", "1"))).await.unwrap();
        let undo = UndoParticipantImportRequest {
            name: format!("{HOME}/participantImports/ny-lista"),
            ..undo("1")
        };
        let undo = world
            .by(&caller, UndoParticipantImportRequest { request_id: "undo-ny".to_owned(), ..undo });
        let refused = world.participant_imports().undo_participant_import(undo).await;
        let (reason, facts) = refusal(refused);
        assert_eq!(reason, "IMPORT_TOUCHED");
        assert!(facts.contains(&("referral".to_owned(), "d-1".to_owned())), "{facts:?}");
    })
    .await;
}

#[tokio::test]
async fn batches_come_over_a_stream_and_are_answered_one_by_one() {
    on_both(|database| async {
        let world = organised(database).await;
        let batches = list().into_iter().enumerate().map(|(number, case)| {
            let batch = Some(batch(&format!("i-{number}"), vec![case]));
            StreamParticipantImportRequest { batch }
        });
        let batches: Vec<_> = batches.collect();
        let request = world.by(&coordinator(), futures::stream::iter(batches));
        let answers = world.participant_imports().stream_participant_import(request).await.unwrap();
        let mut answers = answers.into_inner();
        let mut count = 0;
        while let Some(answer) = answers.message().await.unwrap() {
            assert_eq!(effects(&answer.batch.unwrap()), [ImportEffect::Created]);
            count += 1;
        }
        assert_eq!(count, 4);
        assert_eq!(imports(&world, &coordinator()).await[0].cases, 4);
    })
    .await;
}

#[tokio::test]
async fn an_account_has_a_few_streams_open_and_is_told_how_many() {
    on_both(|database| async {
        let world = organised(database).await;
        let open = async || {
            let request = world.by(&coordinator(), futures::stream::pending());
            world.participant_imports().stream_participant_import(request).await
        };
        let mut streams = Vec::new();
        for _ in 0..8 {
            streams.push(open().await.unwrap());
        }
        let (reason, facts) = refusal(open().await);
        assert_eq!(reason, "TOO_MANY_STREAMS");
        assert_eq!(facts, [("most".to_owned(), "8".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn neither_the_office_nor_another_partys_coordinator_takes_anything_in() {
    on_both(|database| async {
        let world = organised(database).await;
        let office = import(&world, &administrator("vastmanland"), batch("i-1", list())).await;
        assert_eq!(problem(office.map(tonic::Response::new)).0, Code::PermissionDenied);
        let other = holder("annan", Role::Coordinator, "party/koping/team/norra");
        let answer = import(&world, &other, batch("i-1", vec![case("c-1", person(NUMBER))])).await;
        let answer = answer.unwrap();
        assert_eq!(told(&answer), [("cases[0].referral.municipality", "NO_ROLE_FOR_PARTY")]);
        let malformed =
            ImportParticipantsRequest { team: "norra".to_owned(), ..batch("i-2", vec![]) };
        let malformed = import(&world, &coordinator(), malformed).await;
        let malformed = faults(malformed.map(tonic::Response::new));
        assert_eq!(malformed, [("team".to_owned(), "NAME_MALFORMED".to_owned())]);
    })
    .await;
}
