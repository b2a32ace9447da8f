//! Two that turn out to be one person, and taking that back.

use platform::testing::on_both;
use proto::participant::{
    FindParticipantRequest, MergeParticipantsRequest, Participant, ProtectParticipantRequest,
    ReferralState, RevokeReferralRequest, TransferParticipantRequest, UndoMergeRequest,
};
use tonic::Code;

use crate::people::{
    NUMBER, OTHER_NUMBER, THIRD_NUMBER, changed, coach, date, officer, organised, person,
    protected, read, referral, sent,
};
use crate::world::{HOME, World, problem};

pub(crate) fn merge(person: &Participant, duplicate: &Participant) -> MergeParticipantsRequest {
    MergeParticipantsRequest {
        name: person.name.clone(),
        etag: person.etag.clone(),
        duplicate: duplicate.name.clone(),
        reason: "Samma person med två nummer".to_owned(),
        request_id: format!("merge-{}", person.etag),
        validate_only: false,
    }
}

pub(crate) fn undo(person: &Participant, duplicate: &Participant) -> UndoMergeRequest {
    UndoMergeRequest {
        name: person.name.clone(),
        etag: person.etag.clone(),
        duplicate: duplicate.name.clone(),
        reason: "Två personer ändå".to_owned(),
        request_id: format!("undo-{}", person.etag),
        validate_only: false,
    }
}

pub(crate) async fn found(world: &World, number: &str) -> Participant {
    let find =
        FindParticipantRequest { parent: HOME.to_owned(), personal_number: number.to_owned() };
    let found = world.participants().find_participant(world.by(&coach(), find)).await.unwrap();
    found.into_inner().participant.unwrap()
}

/// Sala's referral, and an ended one of somebody with another number.
async fn two(world: &World) -> (Participant, Participant) {
    sent(world, referral("r-1", person(NUMBER))).await;
    sent(world, referral("r-2", person(OTHER_NUMBER))).await;
    let revoke = RevokeReferralRequest {
        name: format!("{HOME}/referrals/r-2"),
        etag: "1".to_owned(),
        day: date("2025-04-01"),
        comment: "Återtagen".to_owned(),
        request_id: "revoke".to_owned(),
        ..Default::default()
    };
    world.referrals().revoke_referral(world.by(&officer(), revoke)).await.unwrap();
    (found(world, NUMBER).await, found(world, OTHER_NUMBER).await)
}

#[tokio::test]
async fn the_cases_of_a_duplicate_go_to_the_person_and_back() {
    on_both(|database| async {
        let world = organised(database).await;
        let (one, other) = two(&world).await;
        let coach = coach();
        let mut people = world.participants();
        let request = world.by(&coach, merge(&one, &other));
        let merged = people.merge_participants(request).await.unwrap().into_inner();
        let merged = merged.participant.unwrap();
        assert_eq!((&merged.name, merged.etag.as_str()), (&one.name, "2"));
        let case = read(&world, &coach, "r-2").await.unwrap();
        assert_eq!((&case.participant, &case.merged_from), (&one.name, &vec![other.name.clone()]));
        assert_eq!(case.state(), ReferralState::Revoked);
        assert_eq!(read(&world, &officer(), "r-2").await.unwrap().merged_from, [""; 0]);
        assert_eq!(found(&world, OTHER_NUMBER).await.name, one.name, "found by either number");
        assert_eq!(world.problems().await, Vec::<String>::new());
        // Whoever is referred by the duplicate's number has an open case.
        let again = world.by(&officer(), referral("r-3", person(OTHER_NUMBER)));
        let again = world.referrals().create_referral(again).await;
        assert_eq!(problem(again).1, "REFERRAL_OPEN");

        let parted = people.undo_merge(world.by(&coach, undo(&merged, &other))).await.unwrap();
        assert_eq!(parted.into_inner().participant.unwrap().etag, "3");
        let case = read(&world, &coach, "r-2").await.unwrap();
        assert_eq!((&case.participant, case.merged_from.len()), (&other.name, 0));
        assert_eq!(found(&world, OTHER_NUMBER).await.name, other.name);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_goes_along_when_the_person_moves_or_is_protected() {
    on_both(|database| async {
        let world = organised(database).await;
        let (one, other) = two(&world).await;
        let coach = coach();
        let mut people = world.participants();
        let request = world.by(&coach, merge(&one, &other));
        let merged = people.merge_participants(request).await.unwrap().into_inner();
        let merged = merged.participant.unwrap();
        let alone = ProtectParticipantRequest {
            name: other.name.clone(),
            etag: "2".to_owned(),
            request_id: "alone".to_owned(),
            validate_only: false,
        };
        let alone = people.protect_participant(world.by(&coach, alone)).await;
        assert_eq!(problem(alone).1, "PERSON_MERGED");
        let transfer = TransferParticipantRequest {
            name: merged.name.clone(),
            etag: merged.etag,
            municipality: format!("{HOME}/municipalities/1983"),
            day: date("2025-05-01"),
            reason: "Flyttat".to_owned(),
            request_id: "transfer".to_owned(),
            validate_only: false,
        };
        let moved = people.transfer_participant(world.by(&coach, transfer)).await.unwrap();
        let moved = moved.into_inner().participant.unwrap();
        assert_eq!(world.problems().await, Vec::<String>::new());
        // Neither number is Sala's any more, and both are the person's in Köping.
        sent(&world, referral("r-6", person(OTHER_NUMBER))).await;
        let there = crate::people::other_coach();
        let find = |number: &str| FindParticipantRequest {
            parent: HOME.to_owned(),
            personal_number: number.to_owned(),
        };
        for number in [NUMBER, OTHER_NUMBER] {
            let found = people.find_participant(world.by(&there, find(number))).await.unwrap();
            assert_eq!(found.into_inner().participant.unwrap().name, moved.name);
        }
        let protect = ProtectParticipantRequest {
            name: moved.name,
            etag: moved.etag,
            request_id: "protect".to_owned(),
            validate_only: false,
        };
        people.protect_participant(world.by(&there, protect)).await.unwrap();
        for number in [NUMBER, OTHER_NUMBER] {
            let found = people.find_participant(world.by(&there, find(number))).await;
            assert_eq!(problem(found).0, Code::NotFound);
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn whoever_has_been_merged_is_one_step_from_the_person() {
    on_both(|database| async {
        let world = organised(database).await;
        let (one, other) = two(&world).await;
        sent(&world, referral("r-3", person(THIRD_NUMBER))).await;
        let revoke = RevokeReferralRequest {
            name: format!("{HOME}/referrals/r-3"),
            etag: "1".to_owned(),
            day: date("2025-04-01"),
            comment: "Återtagen".to_owned(),
            request_id: "revoke-3".to_owned(),
            ..Default::default()
        };
        world.referrals().revoke_referral(world.by(&officer(), revoke)).await.unwrap();
        let third = found(&world, THIRD_NUMBER).await;
        let coach = coach();
        let mut people = world.participants();
        let merged = people.merge_participants(world.by(&coach, merge(&other, &third))).await;
        let merged = merged.unwrap().into_inner().participant.unwrap();
        let on = MergeParticipantsRequest { request_id: "on".to_owned(), ..merge(&one, &merged) };
        let on = people.merge_participants(world.by(&coach, on)).await;
        assert_eq!(problem(on).1, "MERGE_HAS_DUPLICATES");
        // The other way round, the person has two that turned out to be it.
        people.merge_participants(world.by(&coach, merge(&merged, &one))).await.unwrap();
        for number in [NUMBER, OTHER_NUMBER, THIRD_NUMBER] {
            assert_eq!(found(&world, number).await.name, other.name);
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_merge_is_refused_with_its_reason() {
    on_both(|database| async {
        let world = organised(database).await;
        let (one, other) = two(&world).await;
        let coach = coach();
        let mut people = world.participants();
        let itself = people.merge_participants(world.by(&coach, merge(&one, &one))).await;
        assert_eq!(problem(itself).1, "MERGE_ENDED");
        let apart = people.undo_merge(world.by(&coach, undo(&one, &other))).await;
        assert_eq!(problem(apart).1, "MERGE_NOT_THERE");
        sent(&world, referral("r-3", person(THIRD_NUMBER))).await;
        let third = found(&world, THIRD_NUMBER).await;
        let open = people.merge_participants(world.by(&coach, merge(&one, &third))).await;
        assert_eq!(problem(open).1, "MERGE_OVERLAPS");
        sent(&world, referral("r-4", protected())).await;
        let name = read(&world, &coach, "r-4").await.unwrap().participant;
        let hidden = Participant { name, ..Participant::default() };
        let half = people.merge_participants(world.by(&coach, merge(&other, &hidden))).await;
        assert_eq!(problem(half).1, "MERGE_OF_PROTECTED");
        let there = changed("r-5", person(NUMBER), |referral| {
            referral.municipality = format!("{HOME}/municipalities/1983");
        });
        sent(&world, there).await;
        let both = platform::testing::caller(
            "vastmanland",
            "samordnare",
            &["party/sala/team/norra", "party/koping/team/norra"]
                .map(|scope| (values::Role::Coordinator, values::Scope::parse("", scope).unwrap())),
        );
        let name = read(&world, &both, "r-5").await.unwrap().participant;
        let elsewhere = Participant { name, ..Participant::default() };
        let foreign = people.merge_participants(world.by(&both, merge(&other, &elsewhere))).await;
        assert_eq!(problem(foreign).1, "MERGE_OTHER_PARTY");
        let unseen = people.merge_participants(world.by(&coach, merge(&other, &elsewhere))).await;
        assert_eq!(problem(unseen).0, Code::NotFound);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}
