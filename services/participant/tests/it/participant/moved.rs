//! Moving a person to another municipality, and taking away who a person is.

use platform::testing::on_both;
use proto::participant::{
    DecisionReason, FindParticipantRequest, GetParticipantRequest, Participant,
    ProtectParticipantRequest, ReferralState, TransferParticipantRequest,
};
use sea_orm::{ConnectionTrait as _, Statement};
use tonic::Code;

use crate::people::{
    NUMBER, changed, coach, date, decide, officer, organised, other_coach, person, protected, read,
    receive, referral, refusal, sent,
};
use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn transfer(person: &Participant, code: &str, day: &str) -> TransferParticipantRequest {
    TransferParticipantRequest {
        name: person.name.clone(),
        etag: person.etag.clone(),
        municipality: format!("{HOME}/municipalities/{code}"),
        day: date(day),
        reason: "Flyttat".to_owned(),
        request_id: format!("transfer-{code}-{}", person.etag),
        validate_only: false,
    }
}

pub(crate) fn protect(person: &Participant) -> ProtectParticipantRequest {
    ProtectParticipantRequest {
        name: person.name.clone(),
        etag: person.etag.clone(),
        request_id: format!("protect-{}", person.etag),
        validate_only: false,
    }
}

/// The person of Sala's first referral.
async fn first_person(world: &World) -> Participant {
    let name = read(world, &coach(), "r-1").await.unwrap().participant;
    let get = world.by(&coach(), GetParticipantRequest { name });
    let got = world.participants().get_participant(get).await.unwrap();
    got.into_inner().participant.unwrap()
}

/// In which municipalities a case is in the queue, as it is known now.
async fn queued(world: &World) -> Vec<(String, String, Option<String>)> {
    let sql = "SELECT municipality_id, CAST(queue_first AS text) AS first, \
                   CAST(queue_end AS text) AS ended FROM case_fact \
               WHERE known_to = 9223372036854775807 AND queue_first IS NOT NULL ORDER BY part";
    let statement = Statement::from_string(world.database.backend(), sql);
    let rows = world.database.read.query_all_raw(statement).await.unwrap();
    let row = |row: &sea_orm::QueryResult| {
        let text = |column: &str| row.try_get("", column).unwrap();
        (text("municipality_id"), text("first"), row.try_get("", "ended").unwrap())
    };
    rows.iter().map(row).collect()
}

#[tokio::test]
async fn a_person_moves_with_what_is_open_and_the_old_party_sees_it_no_more() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let (old, new) = (coach(), other_coach());
        let mut referrals = world.referrals();
        referrals.receive_referral(world.by(&old, receive("r-1", "1"))).await.unwrap();
        let accept = decide("r-1", "2", ReferralState::Accepted, DecisionReason::MeetsCriteria);
        referrals.decide_referral(world.by(&old, accept)).await.unwrap();
        let before = first_person(&world).await;
        let request = transfer(&before, "1983", "2025-05-01");
        let mut people = world.participants();
        let answer = people.transfer_participant(world.by(&old, request.clone())).await.unwrap();
        let after = answer.into_inner().participant.unwrap();
        assert_eq!((&after.name, &after.identity, after.party.as_str()), (&before.name, &None, ""));

        assert_eq!(read(&world, &old, "r-1").await.unwrap_err().code(), Code::NotFound);
        let moved = read(&world, &new, "r-1").await.unwrap();
        assert_eq!(moved.municipality, format!("{HOME}/municipalities/1983"));
        assert_eq!(moved.municipalities.len(), 2);
        assert_eq!(moved.participant, before.name);
        let seen = read(&world, &officer(), "r-1").await.unwrap();
        assert_eq!(
            seen.municipality,
            format!("{HOME}/municipalities/1981"),
            "nothing of what follows"
        );
        assert_eq!(seen.municipalities.len(), 1);
        for (caller, code) in [(&old, Some(Code::NotFound)), (&new, None)] {
            let find = FindParticipantRequest {
                parent: HOME.to_owned(),
                personal_number: NUMBER.to_owned(),
            };
            let found = people.find_participant(world.by(caller, find)).await;
            assert_eq!(found.err().map(|status| status.code()), code);
        }
        let text = |text: &str| text.to_owned();
        assert_eq!(
            queued(&world).await,
            [
                (text("1981"), text("2025-03-10"), Some(text("2025-05-01"))),
                (text("1983"), text("2025-05-01"), None),
            ]
        );
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_move_is_refused_with_its_reason() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let before = first_person(&world).await;
        let coach = coach();
        let to = async |code: &str, day: &str| {
            let request = transfer(&before, code, day);
            world.participants().transfer_participant(world.by(&coach, request)).await
        };
        let unknown = [("municipality", "MUNICIPALITY_UNKNOWN")];
        assert_eq!(faults(to("1999", "2025-05-01").await), expected(&unknown));
        let same = [("municipality", "MUNICIPALITY_SAME")];
        assert_eq!(faults(to("1981", "2025-05-01").await), expected(&same));
        assert_eq!(problem(to("1984", "2025-05-01").await).1, "MUNICIPALITY_WITHOUT_PARTY");
        for (day, reason) in [("2025-02-01", "DAY_TOO_EARLY"), ("2025-08-01", "DAY_IN_FUTURE")] {
            assert_eq!(faults(to("1983", day).await), expected(&[("day", reason)]));
        }
        let there = changed("r-2", person(NUMBER), |referral| {
            referral.municipality = format!("{HOME}/municipalities/1983");
        });
        sent(&world, there).await;
        let (reason, facts) = refusal(to("1983", "2025-05-01").await);
        assert_eq!((reason.as_str(), facts.len()), ("PERSON_EXISTS", 1));
        // Köping's at Västra cannot move to Sala, which Västra does not serve.
        let at_vastra = changed("r-3", protected(), |referral| {
            referral.municipality = format!("{HOME}/municipalities/1983");
            referral.team = format!("{HOME}/teams/vastra");
        });
        sent(&world, at_vastra).await;
        let there = crate::people::holder("v", values::Role::Coach, "party/koping/team/vastra");
        let name = read(&world, &there, "r-3").await.unwrap().participant;
        let stranded = Participant { name, etag: "1".to_owned(), ..Participant::default() };
        let request = world.by(&there, transfer(&stranded, "1981", "2025-05-01"));
        let refused = world.participants().transfer_participant(request).await;
        assert_eq!(problem(refused).1, "TEAM_NOT_THERE");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn who_a_protected_person_was_cannot_be_brought_back() {
    on_both(|database| async {
        let world = organised(database).await;
        let request = changed("r-1", person(NUMBER), |referral| {
            referral.sender_reference = "Ärende 12".to_owned();
        });
        sent(&world, request.clone()).await;
        let coach = coach();
        let before = first_person(&world).await;
        let mut people = world.participants();
        let answer = people.protect_participant(world.by(&coach, protect(&before))).await.unwrap();
        let answer = answer.into_inner();
        let after = answer.participant.clone().unwrap();
        assert!(after.protected_identity && after.identity.is_none() && after.birth_year == 0);
        assert_eq!(first_person(&world).await, after);
        let kept = read(&world, &coach, "r-1").await.unwrap();
        assert_eq!((kept.sender_reference.as_str(), kept.etag.as_str()), ("", "2"));
        let find =
            FindParticipantRequest { parent: HOME.to_owned(), personal_number: NUMBER.to_owned() };
        let found = people.find_participant(world.by(&coach, find)).await;
        assert_eq!(problem(found).0, Code::NotFound);
        // The key that the first answers were sealed with is gone.
        let again = world.referrals().create_referral(world.by(&officer(), request)).await;
        assert_eq!(problem(again).0, Code::NotFound);
        let again = people.protect_participant(world.by(&coach, protect(&before))).await.unwrap();
        assert_eq!(again.into_inner(), answer);
        let twice = people.protect_participant(world.by(&coach, protect(&after))).await;
        assert_eq!(problem(twice).1, "ALREADY_PROTECTED");
        assert_eq!(world.problems().await, Vec::<String>::new());
        // The number is free: whoever has it is somebody new.
        sent(&world, referral("r-2", person(NUMBER))).await;
    })
    .await;
}
