//! Who sees which enrolments, and that it is entered in the read log.

use platform::{Principal, testing::on_both};
use proto::participant::{
    ExitOutcome, GetEnrolmentRequest, ListEnrolmentsRequest, ListReadsRequest,
};
use tonic::Code;
use values::Role;

use super::{create, ended, enrolled, exit, leaves, name, transfer_coach};
use crate::people::{
    NUMBER, OTHER_NUMBER, THIRD_NUMBER, accepted, coach, holder, organised, other_coach, person,
    protected, referral,
};
use crate::world::{HOME, World, expected, faults, problem};

async fn listed(
    world: &World,
    caller: &Principal,
    list: ListEnrolmentsRequest,
) -> (Vec<String>, String) {
    let list = ListEnrolmentsRequest { parent: HOME.to_owned(), ..list };
    let page = world.enrolments().list_enrolments(world.by(caller, list)).await.unwrap();
    let page = page.into_inner();
    let ids = page.enrolments.iter().map(|one| one.name.rsplit('/').next().unwrap().to_owned());
    (ids.collect(), page.next_page_token)
}

/// Three of Sala's in Norra; the first has left, the second has another coach.
async fn three(world: &World) {
    for (id, number) in [("1", NUMBER), ("2", OTHER_NUMBER), ("3", THIRD_NUMBER)] {
        let case = format!("r-{id}");
        accepted(world, referral(&case, person(number))).await;
        enrolled(world, create(&format!("e-{id}"), &case)).await;
    }
    ended(world, exit("e-1", "1", leaves("2025-06-01", ExitOutcome::Work))).await;
    let request = world.by(&coach(), transfer_coach("e-2", "1", "annan-coach", "2025-05-01"));
    world.enrolments().transfer_coach(request).await.unwrap();
}

#[tokio::test]
async fn a_list_is_read_newest_first_page_by_page_and_narrowed() {
    on_both(|database| async {
        let world = organised(database).await;
        three(&world).await;
        let coach = coach();
        let page = |page_token: String| ListEnrolmentsRequest {
            page_size: 2,
            page_token,
            ..Default::default()
        };
        let (ids, next) = listed(&world, &coach, page(String::new())).await;
        assert_eq!(ids, ["e-3", "e-2"]);
        assert_eq!(
            listed(&world, &coach, page(next)).await,
            (vec!["e-1".to_owned()], String::new())
        );
        let get = world.by(&coach, GetEnrolmentRequest { name: name("e-2") });
        let second = world.enrolments().get_enrolment(get).await.unwrap().into_inner();
        let second = second.enrolment.unwrap();
        let all = ListEnrolmentsRequest::default();
        for (list, ids) in [
            (ListEnrolmentsRequest { open_only: true, ..all.clone() }, &["e-3", "e-2"][..]),
            (
                ListEnrolmentsRequest { coach: format!("{HOME}/accounts/coach"), ..all.clone() },
                &["e-3", "e-1"],
            ),
            (ListEnrolmentsRequest { participant: second.participant, ..all.clone() }, &["e-2"]),
            (ListEnrolmentsRequest { team: format!("{HOME}/teams/vastra"), ..all.clone() }, &[]),
        ] {
            assert_eq!(listed(&world, &coach, list).await.0, ids);
        }
        assert!(listed(&world, &other_coach(), all).await.0.is_empty());
        let wrong = ListEnrolmentsRequest {
            parent: HOME.to_owned(),
            team: "norra".to_owned(),
            coach: "federations/sormland/accounts/coach".to_owned(),
            page_size: -1,
            ..Default::default()
        };
        let told = world.enrolments().list_enrolments(world.by(&coach, wrong)).await;
        assert_eq!(
            faults(told),
            expected(&[
                ("team", "NAME_MALFORMED"),
                ("coach", "OTHER_FEDERATION"),
                ("page_size", "PAGE_SIZE_OUT_OF_RANGE"),
            ])
        );
    })
    .await;
}

#[tokio::test]
async fn protected_identity_is_in_no_list_and_reached_by_its_exact_name() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", protected())).await;
        let begun = enrolled(&world, create("e-1", "r-1")).await;
        let coach = coach();
        for list in [
            ListEnrolmentsRequest::default(),
            ListEnrolmentsRequest { participant: begun.participant.clone(), ..Default::default() },
        ] {
            assert!(listed(&world, &coach, list).await.0.is_empty());
        }
        let get = || GetEnrolmentRequest { name: name("e-1") };
        let got = world.enrolments().get_enrolment(world.by(&coach, get())).await.unwrap();
        assert_eq!(got.into_inner().enrolment, Some(begun));
        let foreign = world.enrolments().get_enrolment(world.by(&other_coach(), get())).await;
        assert_eq!(problem(foreign).0, Code::NotFound);
        let stranger = platform::testing::caller(
            "sormland",
            "coach",
            &[(Role::Coach, values::Scope::parse("", "party/sala/team/norra").unwrap())],
        );
        let foreign = world.enrolments().get_enrolment(world.by(&stranger, get())).await;
        assert_eq!(problem(foreign).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn whoever_reads_or_changes_an_enrolment_is_entered_in_the_read_log() {
    on_both(|database| async {
        let world = organised(database).await;
        three(&world).await;
        let coach = coach();
        let get = world.by(&coach, GetEnrolmentRequest { name: name("e-1") });
        world.enrolments().get_enrolment(get).await.unwrap();
        listed(&world, &coach, ListEnrolmentsRequest::default()).await;
        let reads = ListReadsRequest {
            parent: format!("{HOME}/parties/sala"),
            page_size: 3,
            ..Default::default()
        };
        let administrator = holder("admin", Role::PartyAdministrator, "party/sala");
        let reads = world.read_log().list_reads(world.by(&administrator, reads)).await.unwrap();
        let reads = reads.into_inner().reads;
        let told: Vec<_> = reads
            .iter()
            .map(|read| (read.rpc.rsplit('/').next().unwrap(), read.participants.len()))
            .collect();
        assert_eq!(told, [("ListEnrolments", 3), ("GetEnrolment", 1), ("TransferCoach", 1)]);
    })
    .await;
}
