//! Who sees what of a referral.

use platform::{Principal, testing::on_both};
use proto::participant::{
    GetParticipantRequest, ListParticipantsRequest, ListReferralsRequest, Referral, ReferralState,
};
use tonic::Code;
use values::Role;

use crate::people::{
    NUMBER, OTHER_NUMBER, THIRD_NUMBER, changed, coach, holder, officer, organised, other_coach,
    person, protected, read, receive, referral, sent,
};
use crate::world::{HOME, World, administrator, problem};

async fn listed(world: &World, caller: &Principal, list: ListReferralsRequest) -> Vec<String> {
    let list = ListReferralsRequest { parent: HOME.to_owned(), ..list };
    let list = world.referrals().list_referrals(world.by(caller, list)).await.unwrap();
    let ids = list.into_inner().referrals.into_iter();
    ids.map(|one| one.name.rsplit('/').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_sender_sees_the_referral_and_its_decision_and_nothing_of_the_person() {
    on_both(|database| async {
        let world = organised(database).await;
        let answered = sent(&world, referral("r-1", person(NUMBER))).await;
        let officer = officer();
        assert_eq!(read(&world, &officer, "r-1").await.unwrap(), answered);
        let whole = read(&world, &coach(), "r-1").await.unwrap();
        assert!(whole.participant.starts_with(&format!("{HOME}/participants/")));
        let of_sender = Referral { participant: String::new(), ..whole.clone() };
        assert_eq!(answered, of_sender);
        let get = || GetParticipantRequest { name: whole.participant.clone() };
        let refused = world.participants().get_participant(world.by(&officer, get())).await;
        assert_eq!(problem(refused).0, Code::PermissionDenied);
        let elsewhere = holder("annan", Role::ReferringOfficer, "party/koping");
        assert_eq!(read(&world, &elsewhere, "r-1").await.unwrap_err().code(), Code::NotFound);
        let by_person =
            ListReferralsRequest { participant: whole.participant.clone(), ..Default::default() };
        assert!(listed(&world, &officer, by_person.clone()).await.is_empty());
        assert_eq!(listed(&world, &coach(), by_person).await, ["r-1"]);
    })
    .await;
}

#[tokio::test]
async fn a_role_opens_the_people_of_the_party_that_gave_it_and_no_others() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let at_koping = changed("r-2", person(NUMBER), |referral| {
            referral.municipality = format!("{HOME}/municipalities/1983");
        });
        sent(&world, at_koping).await;
        for (caller, seen, unseen) in [(coach(), "r-1", "r-2"), (other_coach(), "r-2", "r-1")] {
            let own = read(&world, &caller, seen).await.unwrap();
            assert_eq!(read(&world, &caller, unseen).await.unwrap_err().code(), Code::NotFound);
            assert_eq!(listed(&world, &caller, ListReferralsRequest::default()).await, [seen]);
            let list = ListParticipantsRequest { parent: HOME.to_owned(), ..Default::default() };
            let list = world.participants().list_participants(world.by(&caller, list)).await;
            let people = list.unwrap().into_inner().participants;
            assert_eq!(people.len(), 1);
            assert_eq!(people[0].name, own.participant);
        }
        // A role in the whole team, as for its figures, opens nobody's record.
        let figures = holder("figurer", Role::TeamLead, "team/norra");
        assert_eq!(read(&world, &figures, "r-1").await.unwrap_err().code(), Code::NotFound);
        assert!(listed(&world, &figures, ListReferralsRequest::default()).await.is_empty());
        let office = administrator("vastmanland");
        assert_eq!(read(&world, &office, "r-1").await.unwrap_err().code(), Code::PermissionDenied);
        let stranger = platform::testing::caller(
            "sormland",
            "coach",
            &[(Role::Coach, values::Scope::parse("", "party/sala/team/norra").unwrap())],
        );
        assert_eq!(read(&world, &stranger, "r-1").await.unwrap_err().code(), Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn protected_identity_is_in_no_list_and_reached_by_its_exact_name() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", protected())).await;
        let (coach, officer) = (coach(), officer());
        for caller in [&coach, &officer] {
            assert!(listed(&world, caller, ListReferralsRequest::default()).await.is_empty());
            assert!(read(&world, caller, "r-1").await.is_ok());
        }
        let list = ListParticipantsRequest { parent: HOME.to_owned(), ..Default::default() };
        let list = world.participants().list_participants(world.by(&coach, list)).await.unwrap();
        assert_eq!(list.into_inner().participants, []);
        let name = read(&world, &coach, "r-1").await.unwrap().participant;
        let get = world.by(&coach, GetParticipantRequest { name });
        let got = world.participants().get_participant(get).await.unwrap().into_inner();
        let kept = got.participant.unwrap();
        assert!(kept.protected_identity && kept.identity.is_none() && kept.birth_year == 0);
    })
    .await;
}

#[tokio::test]
async fn a_list_is_read_newest_first_page_by_page_and_narrowed() {
    on_both(|database| async {
        let world = organised(database).await;
        for (id, number) in [("r-1", NUMBER), ("r-2", OTHER_NUMBER), ("r-3", THIRD_NUMBER)] {
            sent(&world, referral(id, person(number))).await;
        }
        let coach = coach();
        world.referrals().receive_referral(world.by(&coach, receive("r-2", "1"))).await.unwrap();
        for caller in [&coach, &officer()] {
            let list = |page_token: String| ListReferralsRequest {
                parent: HOME.to_owned(),
                page_size: 2,
                page_token,
                ..Default::default()
            };
            let first = world.by(caller, list(String::new()));
            let first = world.referrals().list_referrals(first).await.unwrap().into_inner();
            let ids: Vec<_> = first.referrals.iter().map(|one| one.name.clone()).collect();
            assert_eq!(ids, [format!("{HOME}/referrals/r-3"), format!("{HOME}/referrals/r-2")]);
            let last = world.by(caller, list(first.next_page_token));
            let last = world.referrals().list_referrals(last).await.unwrap().into_inner();
            assert_eq!(last.referrals[0].name, format!("{HOME}/referrals/r-1"));
            assert_eq!((last.referrals.len(), last.next_page_token.as_str()), (1, ""));
            let received = ListReferralsRequest {
                state: ReferralState::Received.into(),
                team: format!("{HOME}/teams/norra"),
                ..Default::default()
            };
            assert_eq!(listed(&world, caller, received).await, ["r-2"]);
            let elsewhere =
                ListReferralsRequest { team: format!("{HOME}/teams/vastra"), ..Default::default() };
            assert!(listed(&world, caller, elsewhere).await.is_empty());
        }
    })
    .await;
}
