//! From a cell to its records: for the people's own officers, and in the read log.

use platform::{Principal, testing::on_both};
use proto::participant::{
    DecisionReason, Dimension, ListCellRecordsRequest, ListCellRecordsResponse, ListReadsRequest,
    Measure, ReferralState, TabulateRequest, TransferParticipantRequest,
};
use tonic::Code;
use values::Role;

use super::{cut, shape, spring};
use crate::{
    people::{
        NUMBER, OTHER_NUMBER, coach, decide, holder, organised, other_coach, person, protected,
        read, receive, referral, sent,
    },
    world::{HOME, World, expected, faults, problem, teams::date},
};

fn queue_of(municipality: &str, sequence: i64) -> ListCellRecordsRequest {
    let table = TabulateRequest {
        parent: HOME.to_owned(),
        shape: shape(
            &[Measure::Referred, Measure::QueueIn],
            vec![cut(Dimension::Municipality), cut(Dimension::Sex), cut(Dimension::Area)],
        ),
        period: spring(),
        as_known_at: 0,
        teams: Vec::new(),
    };
    ListCellRecordsRequest {
        parent: HOME.to_owned(),
        table: Some(table),
        sequence,
        keys: vec![
            format!("{HOME}/municipalities/{municipality}"),
            "SEX_WOMAN".to_owned(),
            String::new(),
        ],
        measure: Measure::QueueIn.into(),
        page_size: 1,
        page_token: String::new(),
    }
}

async fn listed(
    world: &World,
    by: &Principal,
    list: ListCellRecordsRequest,
) -> ListCellRecordsResponse {
    world.tabulation().list_cell_records(world.by(by, list)).await.unwrap().into_inner()
}

async fn accepted(world: &World, id: &str, person: proto::participant::Participant) {
    sent(world, referral(id, person)).await;
    let (coach, mut referrals) = (coach(), world.referrals());
    referrals.receive_referral(world.by(&coach, receive(id, "1"))).await.unwrap();
    let accept = decide(id, "2", ReferralState::Accepted, DecisionReason::MeetsCriteria);
    referrals.decide_referral(world.by(&coach, accept)).await.unwrap();
}

fn names(listed: &ListCellRecordsResponse) -> Vec<&str> {
    listed.records.iter().map(|name| name.rsplit('/').next().unwrap()).collect()
}

#[tokio::test]
async fn an_officer_goes_from_a_cell_to_its_records_and_the_log_tells_it() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, "r-1", person(NUMBER)).await;
        accepted(&world, "r-2", person(OTHER_NUMBER)).await;
        let mut hidden = protected();
        hidden.sex = proto::participant::Sex::Woman.into();
        accepted(&world, "r-3", hidden).await;
        let sequence = world.sequence().await;
        let first = listed(&world, &coach(), queue_of("1981", sequence)).await;
        assert_eq!((names(&first), first.unnamed_count), (vec!["r-1"], 1));
        let next = ListCellRecordsRequest {
            page_token: first.next_page_token,
            ..queue_of("1981", sequence)
        };
        let last = listed(&world, &coach(), next).await;
        assert_eq!((names(&last), last.unnamed_count), (vec!["r-2"], 1));
        assert_eq!(last.next_page_token, "");
        let others = listed(&world, &other_coach(), queue_of("1981", sequence)).await;
        assert_eq!((names(&others), others.unnamed_count), (vec![], 0));

        let reads = ListReadsRequest {
            parent: format!("{HOME}/parties/sala"),
            page_size: 2,
            ..Default::default()
        };
        let administrator = holder("partsadmin", Role::PartyAdministrator, "party/sala");
        let reads = world.read_log().list_reads(world.by(&administrator, reads)).await.unwrap();
        let reads = reads.into_inner().reads;
        assert!(reads.iter().all(|read| read.rpc.ends_with("/ListCellRecords")));
        let who = read(&world, &coach(), "r-2").await.unwrap().participant;
        assert_eq!(reads[0].participants, [who]);
    })
    .await;
}

#[tokio::test]
async fn who_has_moved_on_is_still_counted_and_not_named_to_the_old_party() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, "r-1", person(NUMBER)).await;
        let name = read(&world, &coach(), "r-1").await.unwrap().participant;
        let get = proto::participant::GetParticipantRequest { name };
        let got = world.participants().get_participant(world.by(&coach(), get)).await.unwrap();
        let moving = got.into_inner().participant.unwrap();
        let before = world.sequence().await;
        let transfer = TransferParticipantRequest {
            name: moving.name,
            etag: moving.etag,
            municipality: format!("{HOME}/municipalities/1983"),
            day: date(2025, 5, 1),
            reason: "Flyttat".to_owned(),
            request_id: "transfer".to_owned(),
            validate_only: false,
        };
        world.participants().transfer_participant(world.by(&coach(), transfer)).await.unwrap();
        for sequence in [before, world.sequence().await] {
            let old = listed(&world, &coach(), queue_of("1981", sequence)).await;
            assert_eq!((names(&old), old.unnamed_count), (vec![], 1));
        }
        let now = world.sequence().await;
        let new = listed(&world, &other_coach(), queue_of("1983", now)).await;
        assert_eq!((names(&new), new.unnamed_count), (vec!["r-1"], 0));
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_cell_is_told_and_the_office_may_not_ask() {
    on_both(|database| async {
        let world = organised(database).await;
        let mut client = world.tabulation();
        let sequence = world.sequence().await;
        let mut wrong = queue_of("1981", 0);
        wrong.measure = Measure::New.into();
        wrong.page_size = 1001;
        wrong.table.as_mut().unwrap().period = None;
        let told = faults(client.list_cell_records(world.by(&coach(), wrong)).await);
        assert_eq!(
            told,
            expected(&[
                ("sequence", "FIELD_MISSING"),
                ("table.period", "PERIOD_MISSING"),
                ("page_size", "PAGE_SIZE_OUT_OF_RANGE"),
            ])
        );
        let mut other = queue_of("1981", sequence);
        other.measure = Measure::New.into();
        let told = faults(client.list_cell_records(world.by(&coach(), other)).await);
        assert_eq!(told, expected(&[("measure", "MEASURE_NOT_IN_TABLE")]));
        let mut keys = queue_of("1981", sequence);
        keys.keys = vec!["1981".to_owned(), "SEX_BOTH".to_owned()];
        let told = faults(client.list_cell_records(world.by(&coach(), keys)).await);
        assert_eq!(
            told,
            expected(&[
                ("keys", "CELL_KEYS_WRONG"),
                ("keys[0]", "CELL_KEY_UNKNOWN"),
                ("keys[1]", "CELL_KEY_UNKNOWN"),
            ])
        );
        let office = world.office(queue_of("1981", sequence));
        let denied = problem(client.list_cell_records(office).await);
        assert_eq!(denied.0, Code::PermissionDenied);
    })
    .await;
}
