//! Disposal: who the people were is destroyed, and what was counted of them counts on.

pub(crate) mod along;

use platform::{Principal, testing::on_both};
use proto::participant::{
    CountTable, Dimension, Disposal, DisposeParticipantsRequest, GetEnrolmentRequest,
    GetParticipantRequest, GetRetentionRequest, ListDisposalsRequest, ListReadsRequest, Measure,
    Retention, SetRetentionRequest,
};
use tonic::{Code, Status};
use values::Role;

use crate::{
    event::{kinds, told},
    participant::merged::{found, merge},
    participant_import::{batch, coordinator, ended, enrolled, import},
    people::{
        NUMBER, OTHER_NUMBER, THIRD_NUMBER, coach, holder, organised, other_coach, person,
        protected, read, refusal, somebody,
    },
    rebuild::{dump, rebuilt},
    tabulation::{ask, cut, officer_of},
    world::{HOME, World, expected, faults, problem},
};

pub(crate) fn party_admin() -> Principal {
    holder("partsadmin", Role::PartyAdministrator, "party/sala")
}

fn sala() -> String {
    format!("{HOME}/parties/sala")
}

pub(crate) fn set(months: i32) -> SetRetentionRequest {
    let decision = "Dokumenthanteringsplan 2025, dnr 12".to_owned();
    SetRetentionRequest {
        parent: HOME.to_owned(),
        retention: Some(Retention { party: sala(), months, decision }),
        request_id: format!("retention-{months}"),
        validate_only: false,
    }
}

pub(crate) fn dispose(request_id: &str) -> DisposeParticipantsRequest {
    DisposeParticipantsRequest {
        name: sala(),
        reason: "Enligt planen".to_owned(),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

pub(crate) async fn disposed(
    world: &World,
    request: DisposeParticipantsRequest,
) -> Result<Disposal, Status> {
    let request = world.by(&party_admin(), request);
    Ok(world.disposals().dispose_participants(request).await?.into_inner().disposal.unwrap())
}

/// What ended in May, of Sala: a person, another that turned out to be the same, and one
/// with protected identity. And one who is still here.
pub(crate) async fn four(world: &World) {
    let cases = vec![
        ended("c-1", person(NUMBER)),
        ended("c-2", person(OTHER_NUMBER)),
        ended("c-3", protected()),
        enrolled("c-4", person(THIRD_NUMBER)),
    ];
    import(world, &coordinator(), batch("i-1", cases)).await.unwrap();
    let (one, other) = (found(world, NUMBER).await, found(world, OTHER_NUMBER).await);
    let merge = world.by(&coach(), merge(&one, &other));
    world.participants().merge_participants(merge).await.unwrap();
    world.disposals().set_retention(world.by(&party_admin(), set(1))).await.unwrap();
}

pub(crate) async fn counted(world: &World, as_known_at: i64) -> CountTable {
    let measures: Vec<Measure> = (1..=14).map(|number| number.try_into().unwrap()).collect();
    let mut ask = ask(&measures, vec![cut(Dimension::Municipality), cut(Dimension::Sex)]);
    ask.as_known_at = as_known_at;
    let own = officer_of(&[("sala", "norra".to_owned())]);
    let answer = world.tabulation().tabulate(world.by(&own, ask)).await.unwrap();
    answer.into_inner().table.unwrap()
}

#[tokio::test]
async fn a_partys_administrator_decides_how_long_its_people_are_kept() {
    on_both(|database| async {
        let world = organised(database).await;
        let mut disposals = world.disposals();
        let get = || GetRetentionRequest { name: sala() };
        let unset = disposals.get_retention(world.by(&party_admin(), get())).await;
        assert_eq!(problem(unset).0, Code::NotFound);
        let (reason, facts) =
            refusal(disposals.dispose_participants(world.by(&party_admin(), dispose("0"))).await);
        assert_eq!(reason, "RETENTION_MISSING");
        assert_eq!(facts, [("party".to_owned(), "sala".to_owned())]);
        let mut wrong = set(601);
        wrong.retention.as_mut().unwrap().decision.clear();
        let wrong = disposals.set_retention(world.by(&party_admin(), wrong)).await;
        let named = [
            ("retention.months", "RETENTION_OUT_OF_RANGE"),
            ("retention.decision", "TEXT_MISSING"),
        ];
        assert_eq!(faults(wrong), expected(&named));
        for months in [24, 36] {
            disposals.set_retention(world.by(&party_admin(), set(months))).await.unwrap();
        }
        let got = disposals.get_retention(world.by(&party_admin(), get())).await.unwrap();
        assert_eq!(got.into_inner().retention.unwrap().months, 36);
        let other = holder("annan", Role::PartyAdministrator, "party/koping");
        let foreign = disposals.set_retention(world.by(&other, set(12))).await;
        assert_eq!(problem(foreign).0, Code::NotFound);
        let foreign = disposals.get_retention(world.by(&other, get())).await;
        assert_eq!(problem(foreign).0, Code::NotFound);
        let foreign = disposals.dispose_participants(world.by(&other, dispose("1"))).await;
        assert_eq!(problem(foreign).0, Code::NotFound);
        let list = ListDisposalsRequest { parent: sala(), ..Default::default() };
        let foreign = disposals.list_disposals(world.by(&other, list)).await;
        assert_eq!(problem(foreign).0, Code::NotFound);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_who_would_go_and_nobody_goes() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        four(&world).await;
        let before = dump(&database).await;
        let dry = DisposeParticipantsRequest { validate_only: true, ..dispose("dry") };
        let would = disposed(&world, dry).await.unwrap();
        assert_eq!((would.participants.len(), would.protected_participants), (2, 0));
        assert_eq!((would.time, would.has_more), (None, false));
        assert_eq!(dump(&database).await, before);
        world.disposals().set_retention(world.by(&party_admin(), set(2))).await.unwrap();
        let request = world.by(&party_admin(), dispose("1"));
        let (reason, facts) = refusal(world.disposals().dispose_participants(request).await);
        assert_eq!(reason, "NOBODY_DUE");
        assert_eq!(facts, [("ended_by".to_owned(), "2025-05-01".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn who_it_was_is_gone_and_counts_on_and_every_table_can_be_made_again() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        four(&world).await;
        let then = world.sequence().await - 3;
        let before = (counted(&world, 0).await, counted(&world, then).await);
        let gone = read(&world, &coach(), "c-1").await.unwrap().participant;
        let first = disposed(&world, dispose("1")).await.unwrap();
        assert!(first.time.is_some() && first.participants.contains(&gone));
        assert_eq!(first.withheld_participants, [""; 0]);
        assert_eq!(disposed(&world, dispose("1")).await.unwrap(), first, "once");

        for id in ["c-1", "c-2", "c-3"] {
            let read = read(&world, &coach(), id).await;
            assert_eq!(read.unwrap_err().code(), Code::NotFound);
            let get = GetEnrolmentRequest { name: format!("{HOME}/enrolments/{id}") };
            let got = world.enrolments().get_enrolment(world.by(&coach(), get)).await;
            assert_eq!(problem(got).0, Code::NotFound);
        }
        let get = GetParticipantRequest { name: gone.clone() };
        let got = world.participants().get_participant(world.by(&coach(), get)).await;
        assert_eq!(problem(got).0, Code::NotFound);
        read(&world, &coach(), "c-4").await.unwrap();
        assert_eq!((counted(&world, 0).await, counted(&world, then).await), before);

        let dumped = dump(&database).await;
        let (people, facts) = (&dumped["person"], &dumped["case_fact"]);
        assert_eq!(people.len(), 2, "the keys are gone but of the one who is here, and of c-3's");
        for row in facts.iter().filter(|row| !row.contains("c-4")) {
            assert!(!row.contains("-30"), "{row}");
            assert!(!first.participants.iter().any(|name| row.contains(&name[name.len() - 32..])));
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
        assert_eq!(rebuilt(&world).await, dumped);

        let list = ListDisposalsRequest { parent: sala(), ..Default::default() };
        let listed = world.disposals().list_disposals(world.by(&party_admin(), list)).await;
        let listed = listed.unwrap().into_inner().disposals;
        assert_eq!((listed.len(), &listed[0]), (2, &first), "c-3 went as it came");
        let reads = ListReadsRequest { parent: sala(), participant: gone, ..Default::default() };
        let reads = world.read_log().list_reads(world.by(&party_admin(), reads)).await.unwrap();
        assert!(!reads.into_inner().reads.is_empty(), "who has read is kept");
    })
    .await;
}

#[tokio::test]
async fn when_there_are_more_than_go_at_a_time_the_others_go_next() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        let cases = (0..1003).map(|number| match number {
            // Of somebody whose time is not over.
            0 => enrolled("c-0", protected()),
            _ => ended(&format!("c-{number}"), somebody(number)),
        });
        import(&world, &coordinator(), batch("i-1", cases.collect())).await.unwrap();
        world.disposals().set_retention(world.by(&party_admin(), set(1))).await.unwrap();
        for (request_id, gone, has_more) in [("1", 1000, true), ("2", 2, false)] {
            let disposal = disposed(&world, dispose(request_id)).await.unwrap();
            let told = (disposal.participants.len(), disposal.has_more);
            assert_eq!(told, (gone, has_more));
        }
        let (reason, _) = refusal(
            world.disposals().dispose_participants(world.by(&party_admin(), dispose("3"))).await,
        );
        assert_eq!(reason, "NOBODY_DUE");
        assert_eq!(dump(&database).await["person"].len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_leads_nowhere_is_not_given_again() {
    on_both(|database| async {
        let world = organised(database).await;
        four(&world).await;
        disposed(&world, dispose("1")).await.unwrap();
        let again = crate::people::referral("c-1", person(NUMBER));
        let again = world.by(&crate::people::officer(), again);
        let again = world.referrals().create_referral(again).await;
        assert_eq!(problem(again).0, Code::AlreadyExists);
        let again = batch("i-2", vec![ended("c-1", person(NUMBER))]);
        let answer = import(&world, &coordinator(), again).await;
        let is_taken = answer.map_or(true, |answer| !answer.faults.is_empty());
        assert!(is_taken, "a list that is sent again brings nobody back");
    })
    .await;
}

#[tokio::test]
async fn those_who_work_with_the_partys_people_are_told_whom_to_forget() {
    on_both(|database| async {
        let world = organised(database).await;
        four(&world).await;
        let (before, last) = (told(&world, &coach(), "").await, world.sequence().await);
        disposed(&world, dispose("1")).await.unwrap();
        assert!(world.sequence().await > last);
        let after = told(&world, &coach(), "").await;
        let of_now = kinds(&after).into_iter().rev().take(2).collect::<Vec<_>>();
        assert_eq!(of_now, ["participant.disposed"; 2], "and nobody with protection");
        assert!(after.len() < before.len());
        let tombstones = after.iter().map(|told| told.event.clone().unwrap());
        let (gone, left): (Vec<_>, Vec<_>) = tombstones.partition(|event| event.disposed);
        assert!(gone.iter().all(|event| event.resource.is_none() && event.actor.is_empty()));
        assert!(gone.iter().all(|event| event.kind == "participant.disposed"));
        assert!(left.iter().all(|event| event.resource.is_some()));
        assert!(!left.is_empty() && gone.len() == 2, "nothing of what happened before");
        assert_eq!(told(&world, &other_coach(), "").await, []);
    })
    .await;
}
