//! Enrolments go along when their person moves, is merged or is protected.

use platform::testing::{caller, on_both};
use proto::participant::{
    Enrolment, ExitOutcome, GetEnrolmentRequest, GetParticipantRequest, MergeParticipantsRequest,
    Participant, ProtectParticipantRequest, TransferParticipantRequest, UndoMergeRequest,
};
use tonic::{Code, Status};
use values::{Role, Scope};

use super::{
    counted, create, ended, enrolled, exit, leaves,
    mended::{correct, in_error},
    name, transfer_coach,
};
use crate::people::{
    NUMBER, OTHER_NUMBER, accepted, coach, date, organised, other_coach, person, referral,
};
use crate::world::{HOME, World, problem};

async fn read(world: &World, caller: &platform::Principal, id: &str) -> Result<Enrolment, Status> {
    let get = world.by(caller, GetEnrolmentRequest { name: name(id) });
    Ok(world.enrolments().get_enrolment(get).await?.into_inner().enrolment.unwrap())
}

async fn participant(world: &World, name: &str) -> Participant {
    let get = world.by(&coach(), GetParticipantRequest { name: name.to_owned() });
    let got = world.participants().get_participant(get).await.unwrap();
    got.into_inner().participant.unwrap()
}

/// Moves a person to Köping.
async fn moved(world: &World, person: &Participant, day: &str) {
    let transfer = TransferParticipantRequest {
        name: person.name.clone(),
        etag: person.etag.clone(),
        municipality: format!("{HOME}/municipalities/1983"),
        day: date(day),
        reason: "Flyttat".to_owned(),
        request_id: "transfer".to_owned(),
        validate_only: false,
    };
    let request = world.by(&coach(), transfer);
    world.participants().transfer_participant(request).await.unwrap();
}

#[tokio::test]
async fn a_transfer_is_no_new_enrolment_and_the_new_party_takes_over() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        let begun = enrolled(&world, create("e-1", "r-1")).await;
        let whose = participant(&world, &begun.participant).await;
        moved(&world, &whose, "2025-05-01").await;
        assert_eq!(
            counted(&world, "r-1").await,
            ["1981 03-10–04-01 04-01–05-01 new …", "1983 - 05-01–… - …"]
        );
        assert_eq!(read(&world, &coach(), "e-1").await.unwrap_err().code(), Code::NotFound);
        assert_eq!(read(&world, &other_coach(), "e-1").await.unwrap(), begun);
        let out = exit("e-1", "1", leaves("2025-06-01", ExitOutcome::Work));
        let request = world.by(&other_coach(), out);
        world.enrolments().exit_enrolment(request).await.unwrap();
        assert_eq!(
            counted(&world, "r-1").await,
            ["1981 03-10–04-01 04-01–05-01 new …", "1983 - 05-01–06-01 - 1"]
        );
        // The first answer is not for whom the person is no longer open to.
        let again = world.by(&coach(), create("e-1", "r-1"));
        let again = world.enrolments().create_enrolment(again).await;
        assert_eq!(problem(again).0, Code::NotFound);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn an_exit_that_turns_out_to_be_later_than_a_move_is_counted_where_the_person_was() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        let begun = enrolled(&world, create("e-1", "r-1")).await;
        ended(&world, exit("e-1", "1", leaves("2025-05-10", ExitOutcome::Moved))).await;
        let whose = participant(&world, &begun.participant).await;
        moved(&world, &whose, "2025-05-20").await;
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–04-01 04-01–05-10 new 12"]);
        let later = correct("e-1", "2", Some(leaves("2025-06-10", ExitOutcome::Studies)));
        let request = world.by(&other_coach(), later);
        world.enrolments().correct_exit(request).await.unwrap();
        assert_eq!(
            counted(&world, "r-1").await,
            ["1981 03-10–04-01 04-01–05-20 new …", "1983 - 05-20–06-10 - 2"]
        );
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn the_enrolments_of_a_duplicate_go_to_the_person_and_back() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        let own = enrolled(&world, create("e-1", "r-1")).await;
        accepted(&world, referral("r-2", person(OTHER_NUMBER))).await;
        let mistake = enrolled(&world, create("e-2", "r-2")).await;
        let request = world.by(&coach(), in_error("e-2", "1"));
        world.enrolments().register_enrolment_in_error(request).await.unwrap();
        enrolled(&world, create("e-3", "r-2")).await;
        let one = participant(&world, &own.participant).await;
        let other = participant(&world, &mistake.participant).await;
        let merge = |etag: &str| MergeParticipantsRequest {
            name: one.name.clone(),
            etag: etag.to_owned(),
            duplicate: other.name.clone(),
            reason: "Samma person".to_owned(),
            request_id: format!("merge-{etag}"),
            validate_only: false,
        };
        let coach = coach();
        let both = world.by(&coach, merge("1"));
        let both = world.participants().merge_participants(both).await;
        assert_eq!(problem(both).1, "MERGE_OVERLAPS");
        // An enrolment that has ended overlaps with nothing.
        ended(&world, exit("e-3", "1", leaves("2025-06-01", ExitOutcome::Work))).await;
        world.participants().merge_participants(world.by(&coach, merge("1"))).await.unwrap();
        for id in ["e-2", "e-3"] {
            assert_eq!(read(&world, &coach, id).await.unwrap().participant, one.name);
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
        let undo = UndoMergeRequest {
            name: one.name.clone(),
            etag: "2".to_owned(),
            duplicate: other.name.clone(),
            reason: "Två ändå".to_owned(),
            request_id: "undo".to_owned(),
            validate_only: false,
        };
        world.participants().undo_merge(world.by(&coach, undo)).await.unwrap();
        for id in ["e-2", "e-3"] {
            assert_eq!(read(&world, &coach, id).await.unwrap().participant, other.name);
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn protection_takes_away_what_was_said_and_keeps_what_is_counted() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        let begun = enrolled(&world, create("e-1", "r-1")).await;
        let coach = coach();
        let request = world.by(&coach, transfer_coach("e-1", "1", "annan", "2025-05-01"));
        world.enrolments().transfer_coach(request).await.unwrap();
        let whose = participant(&world, &begun.participant).await;
        let before = counted(&world, "r-1").await;
        let protect = ProtectParticipantRequest {
            name: whose.name.clone(),
            etag: whose.etag,
            request_id: "protect".to_owned(),
            validate_only: false,
        };
        world.participants().protect_participant(world.by(&coach, protect)).await.unwrap();
        let kept = read(&world, &coach, "e-1").await.unwrap();
        assert_eq!((kept.coaches[1].reason.as_str(), kept.etag.as_str()), ("", "3"));
        assert_eq!(counted(&world, "r-1").await, before);
        // The key that the first answer was sealed with is gone.
        let again = world.by(&coach, create("e-1", "r-1"));
        let again = world.enrolments().create_enrolment(again).await;
        assert_eq!(problem(again).0, Code::NotFound);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_substitute_of_another_party_works_where_the_owner_lets_them() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, create("e-1", "r-1")).await;
        let roles = ["party/koping/team/norra", "party/sala/team/norra"];
        let roles = roles.map(|scope| (Role::Coach, Scope::parse("scope", scope).unwrap()));
        let substitute = caller("vastmanland", "vikarie", &roles);
        let out = exit("e-1", "1", leaves("2025-06-01", ExitOutcome::Work));
        world.enrolments().exit_enrolment(world.by(&substitute, out)).await.unwrap();
    })
    .await;
}
