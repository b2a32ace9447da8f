//! A person who must be nowhere but sealed: neither number nor name stands in a byte of
//! the database, in an error, or in what is traced.

use std::{io::Write, sync::Mutex};

use platform::testing::on_both;
use prost::Message as _;
use proto::participant::{
    DecisionReason, Dimension, DisposeParticipantsRequest, ExitOutcome, FindParticipantRequest,
    GetParticipantRequest, Identity, Measure, Participant, ReferralState, UpdateParticipantRequest,
    delivery::Recipient,
};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::enrolment::{create, deliver, ended, enrolled, exit, leaves, transfer_coach};
use crate::participant_import::{batch, case, coordinator, import};
use crate::people::{
    NUMBER, OTHER_NUMBER, THIRD_NUMBER, changed, coach, decide, officer, organised, other_coach,
    person, read, receive, referral, sent,
};
use crate::tabulation::{cut, protected::register};
use crate::world::{HOME, World};
use crate::{data_set, disposal, milestone, placement, survey};

/// What tells who it is: the number with and without its century and hyphen, and names.
const TELLTALES: [&str; 9] = [
    "197010632391",
    "19701063-2391",
    "701063-2391",
    "189001019802",
    "189001019803",
    "198112289874",
    "19811228-9874",
    "Kanarieförnamn",
    "Kanarieefternamn",
];

/// What is traced, by this test and whatever runs beside it: how much, and every piece
/// that tells who it is.
#[derive(Debug, Default)]
struct Traced {
    bytes: usize,
    telling: Vec<String>,
}

static TRACED: Mutex<Traced> = Mutex::new(Traced { bytes: 0, telling: Vec::new() });

#[derive(Debug, Clone, Copy)]
struct Collector;

impl Write for Collector {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut traced = TRACED.lock().unwrap();
        traced.bytes += bytes.len();
        if TELLTALES.iter().any(|telltale| holds(bytes, telltale)) {
            traced.telling.push(String::from_utf8_lossy(bytes).into_owned());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn canary(number: &str) -> Participant {
    Participant {
        identity: Some(Identity {
            personal_number: number.to_owned(),
            given_name: "Kanarieförnamn".to_owned(),
            family_name: "Kanarieefternamn".to_owned(),
        }),
        ..person(number)
    }
}

/// Every byte of every row, as text where it is one.
async fn stored(world: &World) -> Vec<u8> {
    let backend = world.database.backend();
    let tables = match backend {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table'",
    };
    let read = &world.database.read;
    let tables = read.query_all_raw(Statement::from_string(backend, tables)).await.unwrap();
    let mut bytes = Vec::new();
    for table in tables {
        let name: String = table.try_get("", "name").unwrap();
        let columns = match backend {
            DbBackend::Postgres => format!(
                "SELECT column_name AS name FROM information_schema.columns WHERE table_name = '{name}'"
            ),
            _ => format!("SELECT name FROM pragma_table_info('{name}')"),
        };
        let columns = read.query_all_raw(Statement::from_string(backend, columns)).await.unwrap();
        for column in columns {
            let column: String = column.try_get("", "name").unwrap();
            let sql = match backend {
                DbBackend::Postgres => format!(
                    "SELECT CASE WHEN pg_typeof(\"{column}\") = 'bytea'::regtype \
                         THEN decode(substr(CAST(\"{column}\" AS text), 3), 'hex') \
                         ELSE convert_to(CAST(\"{column}\" AS text), 'UTF8') END AS bytes \
                     FROM \"{name}\" WHERE \"{column}\" IS NOT NULL"
                ),
                _ => format!(
                    "SELECT CAST(\"{column}\" AS blob) AS bytes FROM \"{name}\" \
                     WHERE \"{column}\" IS NOT NULL"
                ),
            };
            for row in read.query_all_raw(Statement::from_string(backend, sql)).await.unwrap() {
                bytes.extend(row.try_get::<Vec<u8>>("", "bytes").unwrap());
                bytes.push(b'\n');
            }
        }
    }
    bytes
}

fn holds(bytes: &[u8], telltale: &str) -> bool {
    bytes.windows(telltale.len()).any(|window| window == telltale.as_bytes())
}

/// Does with the canary what can be done with a person; answers every error.
pub(crate) async fn lived(world: &World) -> Vec<u8> {
    let (coach, officer) = (coach(), officer());
    sent(world, referral("r-1", canary(NUMBER))).await;
    let mut errors = Vec::new();
    let mut failed = |status: tonic::Status| {
        errors.extend_from_slice(status.message().as_bytes());
        errors.extend_from_slice(status.details());
        errors.extend_from_slice(format!("{status:?}").as_bytes());
    };
    let refused = [
        referral("r-2", canary(NUMBER)),
        referral(NUMBER, canary(NUMBER)),
        referral("19701063-2391 Kanarieförnamn", canary("189001019803")),
        changed("r-3", canary(NUMBER), |referral| referral.sender_reference = NUMBER.to_owned()),
    ];
    for request in refused {
        let answer = world.referrals().create_referral(world.by(&officer, request)).await;
        failed(answer.unwrap_err());
    }
    let name = read(world, &coach, "r-1").await.unwrap().participant;
    world.referrals().receive_referral(world.by(&coach, receive("r-1", "1"))).await.unwrap();
    for number in [NUMBER, OTHER_NUMBER, "189001019803"] {
        let find =
            FindParticipantRequest { parent: HOME.to_owned(), personal_number: number.to_owned() };
        for caller in [&coach, &other_coach()] {
            let find = world.by(caller, find.clone());
            if let Err(status) = world.participants().find_participant(find).await {
                failed(status);
            }
        }
    }
    let get = world.by(&coach, GetParticipantRequest { name });
    let got = world.participants().get_participant(get).await.unwrap().into_inner();
    let current = got.participant.unwrap();
    let update = |etag: &str, number: &str| UpdateParticipantRequest {
        name: current.name.clone(),
        etag: etag.to_owned(),
        participant: Some(canary(number)),
        reason: "Rättat".to_owned(),
        request_id: format!("update-{etag}"),
        validate_only: false,
    };
    for (etag, number) in [("1", OTHER_NUMBER), ("9", NUMBER), ("8", "189001019803")] {
        let request = world.by(&coach, update(etag, number));
        if let Err(status) = world.participants().update_participant(request).await {
            failed(status);
        }
    }
    for status in in_the_team(world).await {
        failed(status);
    }
    for id in ["i-1", THIRD_NUMBER] {
        let rows = vec![case(id, canary(THIRD_NUMBER)), case("i-2", canary("189001019803"))];
        let answer = import(world, &coordinator(), batch(id, rows)).await;
        errors.extend(match answer {
            Ok(faults) => faults.encode_to_vec(),
            Err(status) => status.details().to_vec(),
        });
    }
    let taken = batch("taken", vec![case("i-1", canary(THIRD_NUMBER))]);
    assert_eq!(import(world, &coordinator(), taken).await.unwrap().faults, []);
    errors
}

/// Enrols the canary and lets it go; answers every error. Whoever writes who it is into a
/// reason says it to those who may know.
async fn in_the_team(world: &World) -> Vec<tonic::Status> {
    let (coach, stranger) = (coach(), other_coach());
    let accept = decide("r-1", "2", ReferralState::Accepted, DecisionReason::MeetsCriteria);
    world.referrals().decide_referral(world.by(&coach, accept)).await.unwrap();
    let mut enrolments = world.enrolments();
    let mut failed = Vec::new();
    for id in [NUMBER, "19701063-2391 Kanarieförnamn"] {
        let request = world.by(&coach, create(id, "r-1"));
        failed.extend(enrolments.create_enrolment(request).await.err());
    }
    enrolled(world, create("e-1", "r-1")).await;
    let mut telling = transfer_coach("e-1", "1", "annan", "2025-05-01");
    telling.reason = "Kanarieförnamn Kanarieefternamn 701063-2391".to_owned();
    let request = world.by(&stranger, telling.clone());
    failed.extend(enrolments.transfer_coach(request).await.err());
    enrolments.transfer_coach(world.by(&coach, telling)).await.unwrap();
    ended(world, exit("e-1", "2", leaves("2025-06-20", ExitOutcome::Work))).await;
    let request = world.by(&coach, deliver("e-1", "2", Recipient::Participant));
    failed.extend(enrolments.deliver_documentation(request).await.err());
    assert_eq!(failed.len(), 4);
    failed.extend(on_the_way(world).await);
    failed
}

/// Notes what happens with the canary on the way; answers every error.
async fn on_the_way(world: &World) -> Vec<tonic::Status> {
    let coach = coach();
    let mut failed = Vec::new();
    for id in [NUMBER, "19701063-2391 Kanarieförnamn"] {
        let request = world.by(&coach, milestone::create(id, "2025-05-02"));
        failed.extend(world.milestones().create_milestone(request).await.err());
        let request = world.by(&coach, placement::create(id, "2025-05-05"));
        failed.extend(world.placements().create_placement(request).await.err());
        failed.extend(survey::asked(world, survey::create(id, 17, 10)).await.err());
    }
    milestone::noted(world, milestone::create("m-1", "2025-05-02")).await;
    placement::entered(world, placement::create("p-1", "2025-05-05")).await;
    let mut telling = milestone::remove("m-1", "1");
    telling.reason = "Kanarieförnamn Kanarieefternamn 701063-2391".to_owned();
    let request = world.by(&other_coach(), telling.clone());
    failed.extend(world.milestones().remove_milestone(request).await.err());
    world.milestones().remove_milestone(world.by(&coach, telling)).await.unwrap();
    assert_eq!(failed.len(), 7);
    failed
}

/// Gives an evaluator a data set that the canary is counted in, and disposes of it; every
/// answer and every error. It is September.
async fn given_out_and_disposed_of(world: &World) -> Vec<u8> {
    let mut told = Vec::new();
    register(world, "by-team", &[Measure::Referred], vec![cut(Dimension::Team)]).await;
    let agreed = world.office(data_set::agreement("avtal", "by-team"));
    let agreed = world.data_sets().create_data_agreement(agreed).await.unwrap();
    told.extend(agreed.into_inner().encode_to_vec());
    for id in ["avtal", NUMBER] {
        match data_set::data_set(world, &data_set::evaluator(), id).await {
            Ok(answer) => told.extend(answer.encode_to_vec()),
            Err(status) => told.extend(format!("{status:?}").into_bytes()),
        }
    }
    let mut disposals = world.disposals();
    let set = world.by(&disposal::party_admin(), disposal::set(1));
    disposals.set_retention(set).await.unwrap();
    let dry = DisposeParticipantsRequest { validate_only: true, ..disposal::dispose("dry") };
    for request in [dry, disposal::dispose("1"), disposal::dispose("2")] {
        match disposal::disposed(world, request).await {
            Ok(disposal) => told.extend(disposal.encode_to_vec()),
            Err(status) => told.extend(format!("{status:?}").into_bytes()),
        }
    }
    assert!(holds(&told, "NOBODY_DUE"), "the third finds nobody any more");
    let events = crate::event::told(world, &coach(), "").await;
    let events = events.iter().map(prost::Message::encode_to_vec);
    told.extend(events.flatten());
    told
}

#[tokio::test]
async fn neither_number_nor_name_is_stored_told_or_traced() {
    // For every thread: the embedded database has threads of its own.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(|| Collector)
        .init();
    on_both(|database| async {
        let world = organised(database).await;
        let errors = lived(&world).await;
        let stored = stored(&world).await;
        assert!(holds(&stored, "r-1") && holds(&stored, "participant.entered"));
        assert!(holds(&stored, "e-1") && holds(&stored, "enrolment.ended"));
        assert!(holds(&stored, "m-1") && holds(&stored, "milestone.removed"));
        assert!(holds(&errors, "PERSONAL_NUMBER_WRONG"));
        for telltale in TELLTALES {
            assert!(!holds(&stored, telltale), "stored: {telltale}");
            assert!(!holds(&errors, telltale), "told: {telltale}");
        }
        assert_eq!(world.problems().await, Vec::<String>::new());

        let told = given_out_and_disposed_of(&world.later("2025-09-01")).await;
        let stored = self::stored(&world).await;
        assert!(holds(&stored, "participant.disposed") && holds(&stored, "data_agreement.created"));
        for telltale in TELLTALES {
            assert!(!holds(&stored, telltale), "stored after all: {telltale}");
            assert!(!holds(&told, telltale), "told after all: {telltale}");
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
    let traced = TRACED.lock().unwrap();
    assert!(traced.bytes > 10_000, "something is traced");
    assert_eq!(traced.telling, Vec::<String>::new());
}
