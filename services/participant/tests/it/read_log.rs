//! Who saw what: each answer that holds a record is entered before it leaves.

use platform::{Principal, testing::on_both};
use proto::participant::{
    FindParticipantRequest, ListParticipantsRequest, ListReadsRequest, ListReferralsRequest, Read,
};
use tonic::Code;
use values::Role;

use crate::people::{
    NUMBER, OTHER_NUMBER, coach, holder, officer, organised, other_coach, person, read, receive,
    referral, sent,
};
use crate::world::{HOME, World, problem};

fn administrator() -> Principal {
    holder("partsadmin", Role::PartyAdministrator, "party/sala")
}

async fn reads(world: &World, list: ListReadsRequest) -> Vec<Read> {
    let list = ListReadsRequest { parent: format!("{HOME}/parties/sala"), ..list };
    let answer = world.read_log().list_reads(world.by(&administrator(), list)).await.unwrap();
    answer.into_inner().reads
}

/// Who called what, oldest first.
fn told(reads: &[Read]) -> Vec<(&str, &str)> {
    fn last(name: &str) -> &str {
        name.rsplit('/').next().unwrap_or_default()
    }
    reads.iter().rev().map(|read| (last(&read.actor), last(&read.rpc))).collect()
}

#[tokio::test]
async fn each_answer_is_a_row_of_the_owning_partys_log() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let (coach, officer) = (coach(), officer());
        let whole = read(&world, &coach, "r-1").await.unwrap();
        read(&world, &officer, "r-1").await.unwrap();
        world.referrals().receive_referral(world.by(&coach, receive("r-1", "1"))).await.unwrap();
        let parent = || HOME.to_owned();
        let list = ListReferralsRequest { parent: parent(), ..Default::default() };
        world.referrals().list_referrals(world.by(&coach, list)).await.unwrap();
        let list = ListParticipantsRequest { parent: parent(), ..Default::default() };
        world.participants().list_participants(world.by(&coach, list)).await.unwrap();
        let personal_number = NUMBER.to_owned();
        let find = FindParticipantRequest { parent: parent(), personal_number };
        world.participants().find_participant(world.by(&coach, find.clone())).await.unwrap();
        // What is refused shows nothing, and nobody is here of whom a dry run tells.
        let unseen = world.participants().find_participant(world.by(&other_coach(), find)).await;
        assert_eq!(problem(unseen).0, Code::NotFound);
        let mut dry = referral("r-2", person(OTHER_NUMBER));
        dry.validate_only = true;
        sent(&world, dry).await;

        let all = reads(&world, ListReadsRequest::default()).await;
        assert_eq!(
            told(&all),
            [
                ("handlaggare", "CreateReferral"),
                ("coach", "GetReferral"),
                ("handlaggare", "GetReferral"),
                ("coach", "ReceiveReferral"),
                ("coach", "ListReferrals"),
                ("coach", "ListParticipants"),
                ("coach", "FindParticipant"),
            ]
        );
        let numbers: Vec<i64> = all.iter().rev().map(|read| read.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
        assert!(all.iter().all(|read| read.participants == [whole.participant.clone()]));
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn the_log_is_narrowed_paged_and_for_the_partys_administrator_alone() {
    on_both(|database| async {
        let world = organised(database).await;
        for (id, number) in [("r-1", NUMBER), ("r-2", OTHER_NUMBER)] {
            sent(&world, referral(id, person(number))).await;
        }
        let name = read(&world, &coach(), "r-1").await.unwrap().participant;
        let of_person = ListReadsRequest { participant: name, ..Default::default() };
        let narrowed = reads(&world, of_person).await;
        assert_eq!(told(&narrowed), [("handlaggare", "CreateReferral"), ("coach", "GetReferral")]);
        let of_coach =
            ListReadsRequest { actor: format!("{HOME}/accounts/coach"), ..Default::default() };
        assert_eq!(told(&reads(&world, of_coach).await), [("coach", "GetReferral")]);
        let list = |page_token: String| ListReadsRequest {
            parent: format!("{HOME}/parties/sala"),
            page_size: 2,
            page_token,
            ..Default::default()
        };
        let first = world.by(&administrator(), list(String::new()));
        let first = world.read_log().list_reads(first).await.unwrap().into_inner();
        assert_eq!(first.reads.iter().map(|read| read.number).collect::<Vec<_>>(), [3, 2]);
        let last = world.by(&administrator(), list(first.next_page_token));
        let last = world.read_log().list_reads(last).await.unwrap().into_inner();
        assert_eq!((last.reads.len(), last.next_page_token.as_str()), (1, ""));
        let other = holder("annan", Role::PartyAdministrator, "party/koping");
        let foreign = world.read_log().list_reads(world.by(&other, list(String::new()))).await;
        assert_eq!(problem(foreign).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn reads_at_the_same_time_each_have_their_row() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let coach = coach();
        let reading = (0..20).map(|_| read(&world, &coach, "r-1"));
        let answers = futures::future::join_all(reading).await;
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(reads(&world, ListReadsRequest::default()).await.len(), 21);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}
