//! Cases of somebody with protected identity that end: each goes with the write that ends it,
//! and is counted on.

use std::collections::BTreeSet;

use platform::testing::on_both;
use proto::common::ImportEffect;
use proto::participant::{
    DecisionReason, Enrolment, ExitOutcome, GetEnrolmentRequest, GetParticipantRequest,
    MilestoneKind, Participant, ProtectParticipantRequest, Referral, ReferralState,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};
use tonic::Code;

use super::moved::protect;
use crate::{
    activity_count::{counted as activities, half_year},
    disposal::{along::Counts, counted},
    enrolment::{create as enrol, ended as exited, enrolled, exit, leaves, name as enrolment},
    milestone::{noted, of},
    participant::merged::found,
    participant_import::{batch, coordinator, ended, import, undo},
    people::{
        NUMBER, accepted, coach, decide, officer, organised, person, protected, read, receive,
        referral, refusal, sent, somebody,
    },
    placement,
    rebuild::{dump, rebuilt},
    referral::mistake,
    survey,
    world::{HOME, World, administrator, problem},
};

/// Somebody is enrolled, with one of everything.
async fn one_of_each(world: &World, id: &str, who: Participant) {
    accepted(world, referral(&format!("r-{id}"), who)).await;
    enrolled(world, enrol(&format!("e-{id}"), &format!("r-{id}"))).await;
    let enrolled = format!("e-{id}");
    noted(world, of(&format!("m-{id}"), &enrolled, MilestoneKind::Guidance, "2025-05-02")).await;
    placed(world, id).await;
    let mut answers = survey::create(&format!("s-{id}"), 17, 10);
    answers.survey_answer.as_mut().unwrap().enrolment = enrolment(&enrolled);
    survey::entered(world, answers).await;
}

async fn placed(world: &World, id: &str) {
    let mut placed = placement::create(&format!("p-{id}"), "2025-05-05");
    placed.placement.as_mut().unwrap().enrolment = enrolment(&format!("e-{id}"));
    placement::entered(world, placed).await;
}

async fn protected_now(world: &World, person: &Participant) -> Participant {
    let request_id = format!("protect-{}", person.name);
    let request = world.by(&coach(), ProtectParticipantRequest { request_id, ..protect(person) });
    let answer = world.participants().protect_participant(request).await.unwrap();
    answer.into_inner().participant.unwrap()
}

#[tokio::test]
async fn an_exit_takes_the_case_along_and_leaves_what_is_counted_and_the_start_year() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        survey::with_questionnaire(&world).await;
        one_of_each(&world, "1", protected()).await;
        one_of_each(&world, "2", Participant { sex: protected().sex, ..person(NUMBER) }).await;
        let name = read(&world, &coach(), "r-1").await.unwrap().participant;
        let before = Counts::told(&world, &coach(), 0).await.without_moment();
        let moment = world.sequence().await;
        let out = || exit("e-1", "1", leaves("2025-06-16", ExitOutcome::Work));
        let alone = Enrolment { name: enrolment("e-1"), ..Enrolment::default() };
        assert_eq!(exited(&world, out()).await, alone);
        let sequence = world.sequence().await;
        assert_eq!(exited(&world, out()).await, alone, "repeated");
        assert_eq!(world.sequence().await, sequence);

        let get = world.by(&coach(), GetEnrolmentRequest { name: enrolment("e-1") });
        assert_eq!(problem(world.enrolments().get_enrolment(get).await).0, Code::NotFound);
        let gone = read(&world, &officer(), "r-1").await;
        assert_eq!(gone.unwrap_err().code(), Code::NotFound);
        let dumped = dump(&database).await;
        for table in ["referral", "enrolment", "milestone", "placement", "survey_answer"] {
            assert_eq!(dumped[table].len(), 1, "{table}: of the other");
        }
        assert_eq!((dumped["disposal"].len(), dumped["follow_up"].len()), (1, 0));
        let id = name.rsplit('/').next().unwrap();
        for row in dumped["case_fact"].iter().filter(|row| row.contains("r-1")) {
            assert!(!row.contains(id) && !row.contains("-06-16"), "{row}");
        }
        assert_eq!(Counts::told(&world, &coach(), moment).await.without_moment(), before);
        // The other leaves on the same day, and counts as the first does.
        let of_one = counted(&world, 0).await;
        exited(&world, exit("e-2", "1", leaves("2025-06-16", ExitOutcome::Work))).await;
        let of_both = counted(&world, 0).await;
        let exits = |table: &proto::participant::CountTable| {
            let told = |counts: &[proto::participant::Count]| {
                counts.iter().map(|count| count.value.unwrap_or_default()).collect::<Vec<_>>()
            };
            told(&table.totals)
        };
        let twice = exits(&of_one)
            .iter()
            .zip(exits(&of_both))
            .any(|(one, both)| both == 2 * one && *one == 1);
        assert!(twice, "{of_one:?} {of_both:?}");
        assert_eq!(world.problems().await, Vec::<String>::new());
        let dumped = dump(&database).await;
        assert_eq!(rebuilt(&world).await, dumped);
    })
    .await;
}

#[tokio::test]
async fn a_declined_referral_goes_and_the_start_year_stays_with_what_goes_on() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, enrol("e-1", "r-1")).await;
        let first = protected_now(&world, &found(&world, NUMBER).await).await;
        assert_eq!(first.start_year, 2025, "of what goes on");

        sent(&world, referral("r-9", protected())).await;
        let of_another = read(&world, &coach(), "r-9").await.unwrap().participant;
        let get = |name: String| world.by(&coach(), GetParticipantRequest { name });
        let got = world.participants().get_participant(get(of_another)).await.unwrap();
        assert_eq!(got.into_inner().participant.unwrap().start_year, 0, "never enrolled");
        world.referrals().receive_referral(world.by(&coach(), receive("r-9", "1"))).await.unwrap();
        let declined = decide("r-9", "2", ReferralState::Declined, DecisionReason::Other);
        let mut dry = declined.clone();
        (dry.validate_only, dry.comment) = (true, "Tackade nej".to_owned());
        let declined =
            proto::participant::DecideReferralRequest { validate_only: false, ..dry.clone() };
        let alone = Referral { name: format!("{HOME}/referrals/r-9"), ..Referral::default() };
        for request in [dry, declined] {
            let is_dry = request.validate_only;
            let answer = world.referrals().decide_referral(world.by(&coach(), request)).await;
            assert_eq!(answer.unwrap().into_inner().referral, Some(alone.clone()));
            assert_eq!(read(&world, &coach(), "r-9").await.is_ok(), is_dry);
        }

        sent(&world, referral("r-8", protected())).await;
        let wrong = world.by(&coach(), mistake("r-8", "1"));
        world.referrals().register_referral_in_error(wrong).await.unwrap();
        read(&world, &coach(), "r-8").await.expect("a mistake is kept");
        assert_eq!(world.problems().await, Vec::<String>::new());
        let dumped = dump(&database).await;
        assert_eq!(rebuilt(&world).await, dumped);
    })
    .await;
}

#[tokio::test]
async fn what_had_ended_when_it_is_taken_in_is_counted_and_not_kept() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        let cases = || vec![ended("c-1", protected()), ended("c-2", person(NUMBER))];
        let answer = import(&world, &coordinator(), batch("i-1", cases())).await.unwrap();
        let effects = |answer: &proto::participant::ImportParticipantsResponse| {
            assert_eq!(answer.faults, []);
            answer.outcomes.iter().map(|outcome| outcome.effect()).collect::<Vec<_>>()
        };
        assert_eq!(effects(&answer), [ImportEffect::Created; 2]);
        let gone = read(&world, &coach(), "c-1").await;
        assert_eq!(gone.unwrap_err().code(), Code::NotFound);
        let dumped = dump(&database).await;
        assert_eq!((dumped["person"].len(), dumped["referral"].len()), (2, 1));
        assert_eq!((dumped["disposed"].len(), dumped["disposal"].len()), (2, 1));
        assert_eq!(dumped["case_fact"].iter().filter(|row| row.contains("c-1")).count(), 1);
        assert_eq!(world.problems().await, Vec::<String>::new());
        assert_eq!(rebuilt(&world).await, dumped);

        let before = counted(&world, 0).await;
        let again = import(&world, &coordinator(), batch("i-2", cases())).await.unwrap();
        assert_eq!(effects(&again), [ImportEffect::Unchanged; 2]);
        assert_eq!(counted(&world, 0).await, before, "it counts once");
        let other = batch("i-3", vec![crate::participant_import::case("c-1", somebody(1))]);
        let other = import(&world, &coordinator(), other).await.unwrap();
        assert_eq!(other.faults[0].reason, "DIFFERS_FROM_RECORD");

        let undone = world.by(&coordinator(), undo("1"));
        let undone = world.participant_imports().undo_participant_import(undone).await;
        assert_eq!(refusal(undone).0, "IMPORT_DISPOSED");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn one_person_has_a_placement_once_whenever_its_cases_went() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        for number in 1..=3 {
            let id = number.to_string();
            accepted(&world, referral(&format!("r-{id}"), somebody(number))).await;
            enrolled(&world, enrol(&format!("e-{id}"), &format!("r-{id}"))).await;
            placed(&world, &id).await;
        }
        for id in ["8", "9"] {
            accepted(&world, referral(&format!("r-{id}"), person(NUMBER))).await;
            enrolled(&world, enrol(&format!("e-{id}"), &format!("r-{id}"))).await;
            placed(&world, id).await;
            noted(
                &world,
                of(&format!("m-{id}"), &format!("e-{id}"), MilestoneKind::Guidance, "2025-05-02"),
            )
            .await;
            if id == "8" {
                let out = leaves("2025-06-02", ExitOutcome::Work);
                exited(&world, exit("e-8", "1", out)).await;
            }
        }
        protected_now(&world, &found(&world, NUMBER).await).await;
        exited(&world, exit("e-9", "2", leaves("2025-06-16", ExitOutcome::Work))).await;
        exited(&world, exit("e-1", "1", leaves("2025-06-16", ExitOutcome::Work))).await;
        protected_now(&world, &found(&world, &number_of(&somebody(1))).await).await;

        let sql = "SELECT collection, person FROM disposed_fact ORDER BY collection, person";
        let rows = database.read.query_all_raw(Statement::from_string(database.backend(), sql));
        let token = |row: &QueryResult| {
            let text = |column: &str| row.try_get::<String>("", column).unwrap();
            (text("collection"), text("person"))
        };
        let tokens: BTreeSet<_> = rows.await.unwrap().iter().map(token).collect();
        let of: Vec<&str> = tokens.iter().map(|(collection, _)| collection.as_str()).collect();
        assert_eq!(of, ["milestones", "placements", "placements"], "two people, three cases");
        let different: BTreeSet<_> = tokens.iter().map(|(_, token)| token).collect();
        assert_eq!(different.len(), 3, "milestones have another than placements: {tokens:?}");

        let placements = async |world: &World, caller: &platform::Principal| {
            activities(world, caller, half_year()).await.placements[0].begun
        };
        assert_eq!(placements(&world, &coach()).await, Some(5));
        let (world, office) = (world.later("2025-08-01"), administrator("vastmanland"));
        assert_eq!(placements(&world, &office).await, None, "of four people");
    })
    .await;
}

fn number_of(person: &Participant) -> String {
    person.identity.as_ref().unwrap().personal_number.clone()
}
