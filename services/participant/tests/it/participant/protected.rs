//! Somebody with protected identity: a case that has ended is counted on without whose it
//! was, and nothing else of it is left.

use platform::testing::on_both;
use proto::participant::{
    CountTable, CreateReferralRequest, DisposalCause, ExitOutcome, GetParticipantRequest,
    ListDisposalsRequest, MilestoneKind, Participant, Referral, ReferralState,
    UndoParticipantImportRequest,
};
use tonic::Code;

use super::moved::protect;
use crate::{
    activity_count::{counted as activities, half_year},
    along::{seen, with_one_of_each},
    disposal::{along::Counts, counted, dispose, disposed, party_admin, set},
    enrolment::{create as enrol, leaves},
    follow_up::left,
    milestone::{noted, of},
    participant::merged::{found, merge, undo as part},
    participant_import::{batch, coordinator, ended, enrolled, import, undo},
    people::{
        NUMBER, OTHER_NUMBER, THIRD_NUMBER, accepted, coach, officer, organised, person, read,
        referral, refusal, sent,
    },
    rebuild::{dump, rebuilt},
    referral::{mistake, revoke},
    world::{HOME, World, problem},
};

async fn protected(world: &World, person: &Participant) -> Participant {
    let request = world.by(&coach(), protect(person));
    let answer = world.participants().protect_participant(request).await.unwrap();
    answer.into_inner().participant.unwrap()
}

/// Everything that is counted of Sala's people.
async fn counts(world: &World) -> (CountTable, Counts) {
    let along = Counts::told(world, &coach(), 0).await.without_moment();
    (counted(world, 0).await, along)
}

#[tokio::test]
async fn what_has_ended_goes_with_who_it_was_and_is_counted_on() {
    on_both(|database| async move {
        let (world, name) = with_one_of_each(database.clone()).await;
        sent(&world, referral("r-2", person(NUMBER))).await;
        let before = counts(&world).await;
        let first = found(&world, NUMBER).await;
        assert_eq!(first.name, name);
        let after = protected(&world, &first).await;
        assert!(after.protected_identity && after.identity.is_none());
        assert_eq!((first.start_year, after.start_year), (0, 2025));
        assert_eq!(seen(&world, &coach()).await, [Code::NotFound; 6]);
        let gone = read(&world, &coach(), "r-1").await;
        assert_eq!(gone.unwrap_err().code(), Code::NotFound);
        read(&world, &coach(), "r-2").await.expect("what goes on is kept");
        assert_eq!(counts(&world).await, before);

        let dumped = dump(&database).await;
        for table in ["enrolment", "milestone", "placement", "survey_answer", "follow_up"] {
            assert_eq!(dumped[table].len(), 0, "{table}");
        }
        let id = name.rsplit('/').next().unwrap();
        let of_ended = dumped["case_fact"].iter().filter(|row| row.contains("r-1"));
        for row in of_ended.chain(&dumped["disposed_fact"]) {
            assert!(!row.contains(id) && !row.contains("-06-16"), "{row}");
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
        assert_eq!(rebuilt(&world).await, dumped);
        let twice = world.by(&coach(), protect(&after));
        let twice = world.participants().protect_participant(twice).await;
        assert_eq!(problem(twice).1, "ALREADY_PROTECTED", "nothing has ended since");

        let list = ListDisposalsRequest {
            parent: format!("{HOME}/parties/sala"),
            ..ListDisposalsRequest::default()
        };
        let listed = world.disposals().list_disposals(world.by(&party_admin(), list)).await;
        let listed = listed.unwrap().into_inner().disposals;
        let [entered] = listed.as_slice() else { panic!("{listed:?}") };
        assert_eq!(entered.cause(), DisposalCause::ProtectedIdentity);
        assert_eq!((entered.protected_cases, entered.protected_participants), (1, 0));
        assert_eq!((&entered.participants, &entered.withheld_participants), (&vec![], &vec![]));
        assert!(entered.actor.ends_with("/coach") && entered.time.is_some());
        assert!(!format!("{entered:?}").contains(id), "not whose it was");
    })
    .await;
}

#[tokio::test]
async fn what_was_registered_in_error_is_kept_without_words() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let wrong = world.by(&coach(), mistake("r-1", "1"));
        world.referrals().register_referral_in_error(wrong).await.unwrap();
        sent(&world, referral("r-2", person(NUMBER))).await;
        let before = counted(&world, 0).await;
        let after = protected(&world, &found(&world, NUMBER).await).await;
        let kept = read(&world, &coach(), "r-1").await.unwrap();
        assert_eq!(kept.state(), ReferralState::RegisteredInError);
        assert!(kept.steps.iter().all(|step| step.comment.is_empty()), "{kept:?}");
        assert_eq!(counted(&world, 0).await, before);
        let twice = world.by(&coach(), protect(&after));
        let twice = world.participants().protect_participant(twice).await;
        assert_eq!(problem(twice).1, "ALREADY_PROTECTED", "a mistake is none that has ended");
        let dumped = dump(&database).await;
        assert_eq!((dumped["disposed"].len(), dumped["disposal"].len()), (0, 0));
        assert_eq!(world.problems().await, Vec::<String>::new());
        assert_eq!(rebuilt(&world).await, dumped);
    })
    .await;
}

#[tokio::test]
async fn one_person_counts_once_whenever_its_cases_went() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        let who = || person(NUMBER);
        accepted(&world, referral("r-1", who())).await;
        left(&world, "e-1", "r-1", leaves("2025-06-02", ExitOutcome::Work)).await;
        noted(&world, of("m-1", "e-1", MilestoneKind::Guidance, "2025-05-02")).await;
        accepted(&world, referral("r-2", who())).await;
        crate::enrolment::enrolled(&world, enrol("e-2", "r-2")).await;
        noted(&world, of("m-2", "e-2", MilestoneKind::Guidance, "2025-05-02")).await;
        let guidance = async || {
            let counted = activities(&world, &coach(), half_year()).await;
            (counted.milestones[3].people, counted.milestones[3].milestones)
        };
        assert_eq!(guidance().await, (Some(1), Some(2)));
        protected(&world, &found(&world, NUMBER).await).await;
        assert_eq!(guidance().await, (Some(1), Some(2)), "one is gone and one is here");
        let out = leaves("2025-06-16", ExitOutcome::Work);
        let out = crate::enrolment::exit("e-2", "2", out);
        crate::enrolment::ended(&world, out).await;
        assert_eq!(dump(&database).await["milestone"].len(), 0);
        assert_eq!(guidance().await, (Some(1), Some(2)), "both are gone, one after the other");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn what_ends_later_goes_with_its_end_and_the_rest_in_its_time() {
    on_both(|database| async move {
        let (world, name) = with_one_of_each(database.clone()).await;
        sent(&world, referral("r-2", person(NUMBER))).await;
        let after = protected(&world, &found(&world, NUMBER).await).await;
        let revoked = async || {
            let revoked = world.by(&officer(), revoke("r-2", "2"));
            world.referrals().revoke_referral(revoked).await.unwrap().into_inner().referral.unwrap()
        };
        let told = Referral { name: format!("{HOME}/referrals/r-2"), ..Referral::default() };
        assert_eq!((revoked().await, revoked().await), (told.clone(), told), "once");
        for caller in [coach(), officer()] {
            let gone = read(&world, &caller, "r-2").await;
            assert_eq!(gone.unwrap_err().code(), Code::NotFound);
        }
        let get = world.by(&coach(), GetParticipantRequest { name });
        assert_eq!(problem(world.participants().get_participant(get).await).0, Code::NotFound);
        let again = world.by(&coach(), protect(&after));
        let again = world.participants().protect_participant(again).await;
        assert_eq!(problem(again).0, Code::NotFound, "nobody reaches the person any more");
        assert_eq!(world.problems().await, Vec::<String>::new());
        let dumped = dump(&database).await;
        assert_eq!((dumped["person"].len(), dumped["referral"].len()), (1, 0));
        assert_eq!(dumped["disposal"].len(), 2, "one for each time");
        assert_eq!(rebuilt(&world).await, dumped);

        world.disposals().set_retention(world.by(&party_admin(), set(1))).await.unwrap();
        let (reason, _) = {
            let early = world.by(&party_admin(), dispose("early"));
            refusal(world.disposals().dispose_participants(early).await)
        };
        assert_eq!(reason, "NOBODY_DUE");
        let world = world.later("2026-02-10");
        let disposal = disposed(&world, dispose("later")).await.unwrap();
        assert_eq!((disposal.participants.len(), disposal.protected_participants), (0, 1));
        let dumped = dump(&database).await;
        assert_eq!(dumped["person"].len(), 0);
        assert_eq!(world.problems().await, Vec::<String>::new());
        assert_eq!(rebuilt(&world).await, dumped);
        let again = CreateReferralRequest {
            request_id: "again".to_owned(),
            ..referral("r-1", person(NUMBER))
        };
        let again = world.referrals().create_referral(world.by(&officer(), again)).await;
        assert_eq!(problem(again).0, Code::AlreadyExists, "a name is not given again");
    })
    .await;
}

#[tokio::test]
async fn what_came_with_a_merge_goes_and_what_came_with_an_import_is_not_taken_back() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        let cases = vec![
            ended("c-1", person(NUMBER)),
            ended("c-2", person(OTHER_NUMBER)),
            enrolled("c-3", person(THIRD_NUMBER)),
        ];
        import(&world, &coordinator(), batch("i-1", cases)).await.unwrap();
        let (one, other) = (found(&world, NUMBER).await, found(&world, OTHER_NUMBER).await);
        let merged = world.by(&coach(), merge(&one, &other));
        let merged = world.participants().merge_participants(merged).await.unwrap();
        let merged = merged.into_inner().participant.unwrap();
        let before = counted(&world, 0).await;
        let last = protected(&world, &merged).await;
        assert_eq!(counted(&world, 0).await, before);
        let back = world.by(&coach(), part(&last, &other));
        assert_eq!(problem(world.participants().undo_merge(back).await).0, Code::NotFound);

        let undo = UndoParticipantImportRequest {
            name: format!("{HOME}/participantImports/lista"),
            ..undo("1")
        };
        let undo = world.by(&coordinator(), undo);
        let undone = world.participant_imports().undo_participant_import(undo).await;
        let disposed = ("count".to_owned(), "2".to_owned());
        assert_eq!(refusal(undone), ("IMPORT_DISPOSED".to_owned(), vec![disposed]));
        assert_eq!(world.problems().await, Vec::<String>::new());
        let dumped = dump(&database).await;
        assert_eq!(rebuilt(&world).await, dumped);
    })
    .await;
}
