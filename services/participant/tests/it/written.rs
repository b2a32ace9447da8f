//! Writes about people: answered as far as the caller reaches now, a dry run and a refusal
//! that tells of somebody are reads like any other, and nothing tells what was asked.

use platform::{Principal, journal::Write, testing::on_both};
use proto::participant::{
    ListReadsRequest, Participant, TransferParticipantRequest, UpdateParticipantRequest,
};
use sea_orm::{ConnectionTrait as _, Statement};
use tonic::Code;
use values::Role;

use crate::enrolment::{create as enrol, enrolled};
use crate::milestone::{create as note, noted};
use crate::people::{
    NUMBER, OTHER_NUMBER, accepted, coach, date, holder, officer, organised, person, read, receive,
    referral, sent,
};
use crate::world::{HOME, World, problem};

/// Who called what that told of one of Sala's, oldest first.
async fn reads(world: &World) -> Vec<(String, String)> {
    let list = ListReadsRequest { parent: format!("{HOME}/parties/sala"), ..Default::default() };
    let reader = holder("partsadmin", Role::PartyAdministrator, "party/sala");
    let answer = world.read_log().list_reads(world.by(&reader, list)).await.unwrap();
    let last = |name: &str| name.rsplit('/').next().unwrap().to_owned();
    let reads = answer.into_inner().reads;
    reads.iter().rev().map(|read| (last(&read.actor), last(&read.rpc))).collect()
}

fn update(person: &Participant, validate_only: bool) -> UpdateParticipantRequest {
    UpdateParticipantRequest {
        name: person.name.clone(),
        etag: person.etag.clone(),
        participant: Some(crate::people::person(NUMBER)),
        reason: "Namnet rättat".to_owned(),
        request_id: format!("update-{validate_only}"),
        validate_only,
    }
}

async fn of_case(world: &World, caller: &Principal, id: &str) -> Participant {
    let name = read(world, caller, id).await.unwrap().participant;
    Participant { name, etag: "1".to_owned(), ..Participant::default() }
}

#[tokio::test]
async fn a_dry_run_that_tells_of_somebody_is_a_read() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, enrol("e-1", "r-1")).await;
        let known = of_case(&world, &coach(), "r-1").await;
        let before = reads(&world).await.len();

        let dry = world.by(&coach(), update(&known, true));
        let told = world.participants().update_participant(dry).await.unwrap().into_inner();
        assert!(told.participant.unwrap().identity.is_some());
        let mut dry = note("m-1", "2025-05-02");
        dry.validate_only = true;
        noted(&world, dry).await;
        let mut dry = referral("r-2", person(NUMBER));
        dry.validate_only = true;
        dry.referral.as_mut().unwrap().team = format!("{HOME}/teams/vastra");
        let refused = world.referrals().create_referral(world.by(&officer(), dry)).await;
        assert!(refused.is_err(), "Västra does not serve Sala");
        let mut new = referral("r-3", person(OTHER_NUMBER));
        new.validate_only = true;
        sent(&world, new).await;

        let all = reads(&world).await;
        let of = |(who, rpc): (&str, &str)| (who.to_owned(), rpc.to_owned());
        assert_eq!(
            all[before..],
            [
                ("coach", "UpdateParticipant"),
                ("coach", "CreateMilestone"),
                ("handlaggare", "CreateReferral"),
            ]
            .map(of),
            "and nothing of whom nobody knew"
        );
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_referral_that_is_refused_tells_the_party_who_asked_about_whom() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let before = reads(&world).await.len();
        for validate_only in [true, false] {
            let mut again = referral("r-2", person(NUMBER));
            again.validate_only = validate_only;
            let again = world.referrals().create_referral(world.by(&officer(), again)).await;
            assert_eq!(problem(again).1, "REFERRAL_OPEN");
        }
        let all = reads(&world).await;
        assert_eq!(
            all[before..],
            [const { ("handlaggare", "CreateReferral") }; 2]
                .map(|(a, b)| { (a.to_owned(), b.to_owned()) })
        );
    })
    .await;
}

#[tokio::test]
async fn a_repetition_is_answered_as_far_as_the_caller_reaches_by_then() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let known = of_case(&world, &coach(), "r-1").await;
        let mut people = world.participants();
        let first = people.update_participant(world.by(&coach(), update(&known, false))).await;
        let first = first.unwrap().into_inner().participant.unwrap();
        assert!(first.identity.is_some());
        let mut referrals = world.referrals();
        referrals.receive_referral(world.by(&coach(), receive("r-1", "1"))).await.unwrap();
        let transfer = TransferParticipantRequest {
            name: first.name.clone(),
            etag: first.etag.clone(),
            municipality: format!("{HOME}/municipalities/1983"),
            day: date("2025-05-01"),
            reason: "Flyttat".to_owned(),
            request_id: "transfer".to_owned(),
            validate_only: false,
        };
        for _ in 0..2 {
            let moved = people.transfer_participant(world.by(&coach(), transfer.clone())).await;
            let moved = moved.unwrap().into_inner().participant.unwrap();
            let bare = Participant {
                name: first.name.clone(),
                etag: "3".to_owned(),
                ..Participant::default()
            };
            assert_eq!(moved, bare, "the party has given the person away");
        }
        let before = reads(&world).await;
        let again = people.update_participant(world.by(&coach(), update(&known, false))).await;
        let again = again.unwrap().into_inner().participant.unwrap();
        let bare = Participant { name: first.name, etag: first.etag, ..Participant::default() };
        assert_eq!(again, bare);
        let again = referrals.receive_referral(world.by(&coach(), receive("r-1", "1"))).await;
        assert_eq!(problem(again).0, Code::NotFound);
        assert_eq!(reads(&world).await, before, "nothing was told");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn what_was_asked_cannot_be_tried_out_from_what_recognises_a_repetition() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, enrol("e-1", "r-1")).await;
        let request = note("m-1", "2025-05-02");
        noted(&world, request.clone()).await;
        let rpc = "/samordna.participant.v1.MilestoneService/CreateMilestone";
        let plain = Write::of(&coach(), rpc, &request).unwrap().request_hash;
        let backend = database.read.get_database_backend();
        let sql = "SELECT request_hash FROM journal WHERE kind = 'milestone.noted'";
        let rows = database.read.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
        let kept: Vec<u8> = rows[0].try_get("", "request_hash").unwrap();
        assert_ne!(kept, plain);
        let again = noted(&world, request).await;
        assert_eq!(again.name, format!("{HOME}/milestones/m-1"), "and is recognised");
    })
    .await;
}
