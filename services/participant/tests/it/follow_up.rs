//! Follow-ups: scheduled by the exit, ended in one of four ways, and the list of what is
//! due.

pub(crate) mod rates;

use platform::{Principal, testing::on_both};
use proto::participant::{
    Consent, ConsentKind, EndFollowUpRequest, Exit, ExitOutcome, FollowUp, FollowUpResult,
    GetFollowUpRequest, ListFollowUpsRequest, Livelihood, LivelihoodShare, SetConsentRequest,
    Situation,
};
use tonic::{Code, Response, Status};

use crate::enrolment::{self, create as enrol, enrolled, exit, leaves, name as enrolment_name};
use crate::people::{
    NUMBER, OTHER_NUMBER, accepted, coach, date, organised, other_coach, person, protected,
    referral, refusal,
};
use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn name(id: &str) -> String {
    format!("{HOME}/followUps/{id}")
}

pub(crate) fn end(id: &str, etag: &str, result: FollowUpResult, day: &str) -> EndFollowUpRequest {
    EndFollowUpRequest {
        name: name(id),
        etag: etag.to_owned(),
        result: result.into(),
        day: date(day),
        situation: 0,
        livelihoods: Vec::new(),
        request_id: format!("follow-up-{id}-{etag}"),
        validate_only: false,
    }
}

/// The answer of one who works.
pub(crate) fn works(id: &str, etag: &str, day: &str) -> EndFollowUpRequest {
    EndFollowUpRequest {
        situation: Situation::Work.into(),
        livelihoods: vec![LivelihoodShare {
            livelihood: Livelihood::Salary.into(),
            extent_percent: 100,
        }],
        ..end(id, etag, FollowUpResult::Answered, day)
    }
}

pub(crate) async fn ended(
    world: &World,
    request: EndFollowUpRequest,
) -> Result<Response<proto::participant::EndFollowUpResponse>, Status> {
    world.follow_ups().end_follow_up(world.by(&coach(), request)).await
}

pub(crate) async fn read(world: &World, caller: &Principal, id: &str) -> Result<FollowUp, Status> {
    let get = world.by(caller, GetFollowUpRequest { name: name(id) });
    Ok(world.follow_ups().get_follow_up(get).await?.into_inner().follow_up.unwrap())
}

pub(crate) fn all() -> ListFollowUpsRequest {
    ListFollowUpsRequest { parent: HOME.to_owned(), ..ListFollowUpsRequest::default() }
}

/// Each on a page: its id, the day it is due, and whether it has ended.
async fn listed(
    world: &World,
    caller: &Principal,
    request: ListFollowUpsRequest,
) -> (Vec<String>, String) {
    let answer = world.follow_ups().list_follow_ups(world.by(caller, request)).await.unwrap();
    let answer = answer.into_inner();
    let line = |one: &FollowUp| {
        let proto::Date { year, month, day } = one.due_day.unwrap();
        let id = one.name.rsplit('/').next().unwrap();
        let ended = if one.result == 0 { "" } else { " ended" };
        format!("{id} {year}-{month:02}-{day:02}{ended}")
    };
    (answer.follow_ups.iter().map(line).collect(), answer.next_page_token)
}

async fn due(world: &World, caller: &Principal, day: &str) -> Vec<String> {
    let request = ListFollowUpsRequest { due_by: date(day), ..all() };
    listed(world, caller, request).await.0
}

/// Consents to the follow-up on the first day.
pub(crate) fn agrees(id: &str, etag: &str) -> SetConsentRequest {
    SetConsentRequest {
        name: enrolment_name(id),
        etag: etag.to_owned(),
        consent: Some(Consent {
            kind: ConsentKind::FollowUp.into(),
            parties: Vec::new(),
            given: date("2025-04-01"),
            withdrawn: None,
        }),
        request_id: format!("agree-{id}-{etag}"),
        validate_only: false,
    }
}

/// Enrols who was accepted, with a consent, and lets it go on a day; its third version.
pub(crate) async fn left(world: &World, id: &str, referral: &str, out: Exit) {
    enrolled(world, enrol(id, referral)).await;
    let request = world.by(&coach(), agrees(id, "1"));
    world.enrolments().set_consent(request).await.unwrap();
    enrolment::ended(world, exit(id, "2", out)).await;
}

/// Somebody of Sala who left Norra on the 16th of June.
async fn with_exit(database: platform::Database) -> World {
    let world = organised(database).await;
    accepted(&world, referral("r-1", person(NUMBER))).await;
    left(&world, "e-1", "r-1", leaves("2025-06-16", ExitOutcome::Work)).await;
    world
}

#[tokio::test]
async fn an_exit_schedules_three_follow_ups_and_each_ends_once() {
    on_both(|database| async {
        let world = with_exit(database).await;
        let (three, more) = listed(&world, &coach(), all()).await;
        assert_eq!(three, ["e-1-6 2025-12-16", "e-1-12 2026-06-16", "e-1-18 2026-12-16"]);
        assert_eq!(more, "");
        assert_eq!(listed(&world, &other_coach(), all()).await.0, [""; 0]);
        assert_eq!(read(&world, &other_coach(), "e-1-6").await.unwrap_err().code(), Code::NotFound);
        assert_eq!(due(&world, &coach(), "2025-12-15").await, [""; 0]);

        let early = ended(&world, works("e-1-6", "1", "2025-06-30")).await;
        let (reason, facts) = refusal(early);
        assert_eq!(reason, "FOLLOW_UP_NOT_DUE");
        assert_eq!(facts, [("from".to_owned(), "2025-11-16".to_owned())]);

        let world = world.later("2026-01-10");
        assert_eq!(due(&world, &coach(), "2026-01-10").await, ["e-1-6 2025-12-16"]);
        let open = read(&world, &coach(), "e-1-6").await.unwrap();
        assert!(open.may_be_asked && open.etag == "1" && open.months == 6);
        let stale = ended(&world, works("e-1-6", "2", "2026-01-09")).await;
        assert_eq!(problem(stale).0, Code::Aborted);
        let future = ended(&world, works("e-1-6", "1", "2026-01-11")).await;
        assert_eq!(faults(future), expected(&[("day", "DAY_IN_FUTURE")]));
        let answer = ended(&world, works("e-1-6", "1", "2026-01-09")).await.unwrap();
        let answer = answer.into_inner().follow_up.unwrap();
        assert_eq!((answer.situation(), answer.etag.as_str()), (Situation::Work, "2"));
        assert_eq!(read(&world, &coach(), "e-1-6").await.unwrap().livelihoods, answer.livelihoods);
        assert_eq!(due(&world, &coach(), "2026-01-10").await, [""; 0]);
        let again = end("e-1-6", "2", FollowUpResult::Declined, "2026-01-09");
        assert_eq!(refusal(ended(&world, again).await).0, "FOLLOW_UP_ENDED");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn only_who_answered_has_a_situation_and_only_who_agreed_is_asked() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        enrolled(&world, enrol("e-1", "r-1")).await;
        enrolment::ended(&world, exit("e-1", "1", leaves("2025-06-16", ExitOutcome::Work))).await;
        let world = world.later("2026-01-10");
        let day = "2026-01-09";
        let told = EndFollowUpRequest {
            situation: Situation::Ill.into(),
            ..end("e-1-6", "1", FollowUpResult::NotReached, day)
        };
        assert_eq!(faults(ended(&world, told).await), expected(&[("situation", "NOT_ANSWERED")]));
        let silent = end("e-1-6", "1", FollowUpResult::Answered, day);
        let missing = [("situation", "ENUM_UNSPECIFIED")];
        assert_eq!(faults(ended(&world, silent).await), expected(&missing));
        let none = end("e-1-6", "1", FollowUpResult::Unspecified, day);
        assert_eq!(faults(ended(&world, none).await), expected(&[("result", "ENUM_UNSPECIFIED")]));
        assert!(!read(&world, &coach(), "e-1-6").await.unwrap().may_be_asked);
        let asked = end("e-1-6", "1", FollowUpResult::NotReached, day);
        assert_eq!(refusal(ended(&world, asked).await).0, "FOLLOW_UP_WITHOUT_CONSENT");
        let unasked = end("e-1-6", "1", FollowUpResult::NotAsked, day);
        let request = EndFollowUpRequest { request_id: "unasked".to_owned(), ..unasked };
        ended(&world, request).await.unwrap();
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_corrected_exit_moves_what_has_not_ended() {
    on_both(|database| async {
        let world = with_exit(database).await;
        let world = world.later("2026-01-10");
        ended(&world, works("e-1-6", "1", "2025-12-20")).await.unwrap();
        let correct = async |etag: &str, exit: Option<Exit>| {
            let request = enrolment::mended::correct("e-1", etag, exit);
            world.enrolments().correct_exit(world.by(&coach(), request)).await.unwrap();
            assert_eq!(world.problems().await, Vec::<String>::new());
            listed(&world, &coach(), all()).await.0
        };
        let earlier = leaves("2025-05-31", ExitOutcome::Studies);
        assert_eq!(
            correct("3", Some(earlier)).await,
            ["e-1-6 2025-12-16 ended", "e-1-12 2026-05-31", "e-1-18 2026-11-30"]
        );
        // An answer from before the exit is no answer to how it is afterwards.
        let later = leaves("2025-12-31", ExitOutcome::Studies);
        assert_eq!(
            correct("4", Some(later)).await,
            ["e-1-6 2026-06-30", "e-1-12 2026-12-31", "e-1-18 2027-06-30"]
        );
        assert_eq!(read(&world, &coach(), "e-1-6").await.unwrap().etag, "5");
        assert_eq!(correct("5", None).await, [""; 0]);
        let request = exit("e-1", "6", leaves("2025-07-31", ExitOutcome::Deceased));
        enrolment::ended(&world, request).await;
        assert_eq!(listed(&world, &coach(), all()).await.0, [""; 0], "nobody asks the dead");
        assert_eq!(
            correct("7", Some(leaves("2025-07-31", ExitOutcome::Moved))).await,
            ["e-1-6 2026-01-31", "e-1-12 2026-07-31", "e-1-18 2027-01-31"]
        );
        let world = world.later("2026-02-01");
        let read = read(&world, &coach(), "e-1-6").await.unwrap();
        ended(&world, works("e-1-6", &read.etag, "2026-02-01")).await.unwrap();
        let mistake = enrolment::mended::in_error("e-1", "8");
        let mistake = world.by(&coach(), mistake);
        world.enrolments().register_enrolment_in_error(mistake).await.unwrap();
        assert_eq!(listed(&world, &coach(), all()).await.0, [""; 0]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn the_work_list_goes_by_the_day_and_holds_nobody_who_is_protected() {
    on_both(|database| async {
        let world = organised(database).await;
        for (id, whose, day) in [
            ("1", person(NUMBER), "2025-06-16"),
            ("2", person(OTHER_NUMBER), "2025-06-10"),
            ("3", protected(), "2025-06-12"),
        ] {
            accepted(&world, referral(&format!("r-{id}"), whose)).await;
            let out = leaves(day, ExitOutcome::Work);
            left(&world, &format!("e-{id}"), &format!("r-{id}"), out).await;
        }
        let first = ["e-2-6 2025-12-10", "e-1-6 2025-12-16"];
        assert_eq!(due(&world, &coach(), "2025-12-31").await, first);
        let page = ListFollowUpsRequest { page_size: 4, ..all() };
        let (page, page_token) = listed(&world, &coach(), page).await;
        assert_eq!(page[..2], first);
        let rest = ListFollowUpsRequest { page_token, ..all() };
        let (rest, last) = listed(&world, &coach(), rest).await;
        assert_eq!(rest, ["e-2-18 2026-12-10", "e-1-18 2026-12-16"]);
        assert_eq!(last, "");
        let own = ListFollowUpsRequest { enrolment: enrolment_name("e-2"), ..all() };
        assert_eq!(listed(&world, &coach(), own).await.0.len(), 3);
        let hidden = ListFollowUpsRequest { enrolment: enrolment_name("e-3"), ..all() };
        assert_eq!(listed(&world, &coach(), hidden).await.0, [""; 0]);
        let elsewhere = ListFollowUpsRequest { team: format!("{HOME}/teams/vastra"), ..all() };
        assert_eq!(listed(&world, &coach(), elsewhere).await.0, [""; 0]);
        let gone = read(&world, &coach(), "e-3-6").await;
        assert_eq!(gone.unwrap_err().code(), Code::NotFound, "went with the exit");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}
