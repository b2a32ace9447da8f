//! A person's time in a team: from the queue to the exit, and what is put right later.

mod along;
pub(crate) mod mended;
mod refused;
mod seen;

use futures::future::join_all;
use platform::testing::on_both;
use proto::participant::{
    CoachSpell, Consent, ConsentKind, CreateEnrolmentRequest, DeliverDocumentationRequest,
    Delivery, Enrolment, Exit, ExitEnrolmentRequest, ExitOutcome, ExtendEnrolmentRequest,
    GetEnrolmentRequest, Livelihood, LivelihoodShare, ReferralState, SetConsentRequest,
    TransferCoachRequest, delivery::Recipient,
};
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};

use crate::people::{NUMBER, accepted, coach, date, organised, person, read, referral};
use crate::world::{HOME, World, problem};

pub(crate) fn name(id: &str) -> String {
    format!("{HOME}/enrolments/{id}")
}

fn account(id: &str) -> String {
    format!("{HOME}/accounts/{id}")
}

/// What begins on the first of April, planned for half a year.
pub(crate) fn create(id: &str, referral: &str) -> CreateEnrolmentRequest {
    CreateEnrolmentRequest {
        parent: HOME.to_owned(),
        enrolment_id: id.to_owned(),
        enrolment: Some(Enrolment {
            referral: format!("{HOME}/referrals/{referral}"),
            first_day: date("2025-04-01"),
            planned_last_day: date("2025-09-30"),
            coaches: vec![CoachSpell { coach: account("coach"), ..CoachSpell::default() }],
            ..Enrolment::default()
        }),
        request_id: format!("enrol-{id}"),
        validate_only: false,
    }
}

/// The same from another day on.
pub(crate) fn create_on(id: &str, referral: &str, day: &str) -> CreateEnrolmentRequest {
    let mut request = create(id, referral);
    request.enrolment.as_mut().unwrap().first_day = date(day);
    request
}

/// Enrols by Sala's coach.
pub(crate) async fn enrolled(world: &World, request: CreateEnrolmentRequest) -> Enrolment {
    let answer = world.enrolments().create_enrolment(world.by(&coach(), request)).await.unwrap();
    answer.into_inner().enrolment.unwrap()
}

pub(crate) fn leaves(day: &str, outcome: ExitOutcome) -> Exit {
    Exit {
        day: date(day),
        outcome: outcome.into(),
        livelihoods: vec![LivelihoodShare {
            livelihood: Livelihood::Salary.into(),
            extent_percent: 100,
        }],
        ..Exit::default()
    }
}

pub(crate) fn exit(id: &str, etag: &str, exit: Exit) -> ExitEnrolmentRequest {
    ExitEnrolmentRequest {
        name: name(id),
        etag: etag.to_owned(),
        exit: Some(exit),
        request_id: format!("exit-{id}-{etag}"),
        validate_only: false,
    }
}

/// Ends an enrolment by Sala's coach.
pub(crate) async fn ended(world: &World, request: ExitEnrolmentRequest) -> Enrolment {
    let answer = world.enrolments().exit_enrolment(world.by(&coach(), request)).await.unwrap();
    answer.into_inner().enrolment.unwrap()
}

pub(crate) fn transfer_coach(id: &str, etag: &str, to: &str, day: &str) -> TransferCoachRequest {
    TransferCoachRequest {
        name: name(id),
        etag: etag.to_owned(),
        coach: account(to),
        day: date(day),
        reason: "Ny tjänst".to_owned(),
        request_id: format!("coach-{id}-{etag}"),
        validate_only: false,
    }
}

pub(crate) fn extend(id: &str, etag: &str, to: &str) -> ExtendEnrolmentRequest {
    ExtendEnrolmentRequest {
        name: name(id),
        etag: etag.to_owned(),
        planned_last_day: date(to),
        day: date("2025-06-20"),
        reason: "Behöver mer tid".to_owned(),
        request_id: format!("extend-{id}-{etag}"),
        validate_only: false,
    }
}

pub(crate) fn consent(id: &str, etag: &str, given: &str) -> SetConsentRequest {
    SetConsentRequest {
        name: name(id),
        etag: etag.to_owned(),
        consent: Some(Consent {
            kind: ConsentKind::ExchangeOfInformation.into(),
            parties: vec![format!("{HOME}/parties/sala"), format!("{HOME}/parties/agency")],
            given: date(given),
            withdrawn: None,
        }),
        request_id: format!("consent-{id}-{etag}"),
        validate_only: false,
    }
}

pub(crate) fn deliver(id: &str, etag: &str, to: Recipient) -> DeliverDocumentationRequest {
    DeliverDocumentationRequest {
        name: name(id),
        etag: etag.to_owned(),
        delivery: Some(Delivery { day: date("2025-06-25"), recipient: to.into() }),
        request_id: format!("deliver-{id}-{etag}"),
        validate_only: false,
    }
}

/// What is counted of a case now, one line for each municipality: who is responsible,
/// the days in the queue and as enrolled, whether that began there, and the outcome.
pub(crate) async fn counted(world: &World, case: &str) -> Vec<String> {
    known(world, case, i64::MAX - 1).await
}

/// The same, as it was known at a sequence.
pub(crate) async fn known(world: &World, case: &str, sequence: i64) -> Vec<String> {
    let text = |column: &str| format!("CAST({column} AS text) AS {column}");
    let days = ["queue_first", "queue_end", "enrolled_first", "enrolled_end", "outcome"];
    let sql = format!(
        "SELECT municipality_id, is_new, {} FROM case_fact WHERE case_id = '{case}' \
         AND known_from <= {sequence} AND {sequence} < known_to ORDER BY part",
        days.map(text).join(", ")
    );
    let statement = Statement::from_string(world.database.backend(), sql);
    let rows = world.database.read.query_all_raw(statement).await.unwrap();
    let line = |row: &QueryResult| {
        let text = |column: &str| {
            let text: Option<String> = row.try_get("", column).unwrap();
            text.unwrap_or_else(|| "…".to_owned())
        };
        let stay = |of: &str| {
            let stay = [text(&format!("{of}_first")), text(&format!("{of}_end"))];
            if stay[0] == "…" { "-".to_owned() } else { stay.join("–").replace("2025-", "") }
        };
        let is_new = if row.try_get("", "is_new").unwrap() { "new" } else { "-" };
        [&text("municipality_id"), &stay("queue"), &stay("enrolled"), is_new, &text("outcome")]
            .join(" ")
    };
    rows.iter().map(line).collect()
}

#[tokio::test]
async fn a_person_goes_from_the_queue_through_the_team_and_out() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–… - - …"]);
        let begun = enrolled(&world, create("e-1", "r-1")).await;
        assert_eq!((begun.name.as_str(), begun.etag.as_str()), (name("e-1").as_str(), "1"));
        assert_eq!(begun.team, format!("{HOME}/teams/norra"));
        assert_eq!(begun.livelihoods[0].livelihood(), Livelihood::SicknessBenefit);
        assert_eq!(begun.coaches[0].first_day, date("2025-04-01"));
        let coach = coach();
        let referred = read(&world, &coach, "r-1").await.unwrap();
        assert_eq!((referred.state(), &referred.enrolment), (ReferralState::Enrolled, &begun.name));
        assert_eq!(referred.participant, begun.participant);
        let told = read(&world, &crate::people::officer(), "r-1").await.unwrap();
        assert_eq!(told.enrolment, "", "the sender learns nothing of what follows");
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–04-01 04-01–… new …"]);

        let mut enrolments = world.enrolments();
        let request = transfer_coach("e-1", "1", "annan-coach", "2025-05-01");
        enrolments.transfer_coach(world.by(&coach, request)).await.unwrap();
        let request = extend("e-1", "2", "2026-06-30");
        enrolments.extend_enrolment(world.by(&coach, request)).await.unwrap();
        let request = consent("e-1", "3", "2025-04-01");
        enrolments.set_consent(world.by(&coach, request)).await.unwrap();
        let out = leaves("2025-06-20", ExitOutcome::Work);
        let out = ended(&world, exit("e-1", "4", Exit { extent_percent: 75, ..out })).await;
        assert_eq!(out.exit.as_ref().unwrap().extent_percent, 75);
        let request = deliver("e-1", "5", Recipient::Participant);
        let last = enrolments.deliver_documentation(world.by(&coach, request)).await.unwrap();
        let last = last.into_inner().enrolment.unwrap();
        assert_eq!(last.coaches.len(), 2);
        assert_eq!(last.extensions[0].reason, "Behöver mer tid");
        assert_eq!(last.planned_last_day, date("2026-06-30"));
        assert_eq!(last.consents[0].parties.len(), 2);
        assert_eq!(last.deliveries[0].recipient(), Recipient::Participant);
        let get = world.by(&coach, GetEnrolmentRequest { name: name("e-1") });
        let got = enrolments.get_enrolment(get).await.unwrap().into_inner();
        assert_eq!(got.enrolment, Some(last));
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–04-01 04-01–06-20 new 1"]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_repetition_gets_the_first_answer_and_a_dry_run_keeps_nothing() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        let head = world.sequence().await;
        let mut dry = create("e-1", "r-1");
        dry.validate_only = true;
        assert_eq!(enrolled(&world, dry).await.name, name("e-1"));
        assert_eq!(world.sequence().await, head);
        let first = enrolled(&world, create("e-1", "r-1")).await;
        let out = || exit("e-1", "1", leaves("2025-06-20", ExitOutcome::Studies));
        let left = ended(&world, out()).await;
        let head = world.sequence().await;
        assert_eq!(enrolled(&world, create("e-1", "r-1")).await, first);
        assert_eq!(ended(&world, out()).await, left);
        assert_eq!(world.sequence().await, head);
        let request = world.by(&coach(), create("e-1", "r-2"));
        let reused = world.enrolments().create_enrolment(request).await;
        assert_eq!(crate::people::refusal(reused).0, "REQUEST_ID_REUSED");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn of_enrolments_at_the_same_time_one_stands_for_each_referral() {
    on_both(|database| async {
        let world = organised(database).await;
        accepted(&world, referral("r-1", person(NUMBER))).await;
        let at_once = (0..5).map(|number| {
            let request = world.by(&coach(), create(&format!("e-{number}"), "r-1"));
            let mut client = world.enrolments();
            async move { client.create_enrolment(request).await }
        });
        let answers = join_all(at_once).await;
        let (stand, told): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!((stand.len(), told.len()), (1, 4));
        for answer in told {
            assert_eq!(problem(answer).1, "ALREADY_ENROLLED");
        }
        assert_eq!(counted(&world, "r-1").await, ["1981 03-10–04-01 04-01–… new …"]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}
