//! Counting: exact within the caller's reach, as of a day and as known at a sequence.

pub(crate) mod driven;
mod evidence;
pub(crate) mod history;
mod naive;
pub(crate) mod protected;
mod random;
mod records;
mod release;
mod snapshot;
mod together;

use chrono::NaiveDate;
use platform::{Database, Principal, testing::caller, testing::on_both};
use proto::{
    common::Period,
    organisation::{Area, ImportOrganisationRequest, Municipality, Party, PartyKind, Team},
    participant::{
        CountCell, CountTable, Cut, Dimension, Measure, TableShape, TabulateRequest,
        TabulateResponse,
    },
};
use sea_orm::ConnectionTrait as _;
use values::{Role, Scope};

use crate::{
    banding::{two_ages, two_kinds},
    people::{
        NUMBER, OTHER_NUMBER, changed, coach, decide, organised, person, receive, referral, sent,
    },
    world::{HOME, World, expected, faults, teams::date},
};
use history::PLACES;

/// A day as it is sent.
fn sent_day(day: NaiveDate) -> Option<proto::Date> {
    Some(platform::convert::date_to_proto(day))
}

/// A period as it is sent.
pub(crate) fn period(first: &str, last: &str) -> Option<Period> {
    let day = |text: &str| sent_day(text.parse().unwrap());
    Some(Period { first_day: day(first), last_day: day(last) })
}

/// The first half of 2025.
pub(crate) fn spring() -> Option<Period> {
    period("2025-01-01", "2025-06-30")
}

pub(crate) fn cut(dimension: Dimension) -> Cut {
    Cut { dimension: dimension.into(), banding: String::new() }
}

pub(crate) fn banded(dimension: Dimension, banding: &str) -> Cut {
    let banding = format!("{HOME}/bandings/{banding}");
    Cut { dimension: dimension.into(), banding }
}

pub(crate) fn shape(measures: &[Measure], cuts: Vec<Cut>) -> Option<TableShape> {
    let measures = measures.iter().map(|measure| (*measure).into()).collect();
    Some(TableShape { measures, cuts })
}

/// The areas, municipalities, parties and teams of the histories, and two bandings.
pub(crate) async fn counted(database: Database) -> World {
    let world = World::new(database).await;
    let party = |id: &str| Party {
        name: format!("{HOME}/parties/{id}"),
        display_name: id.to_owned(),
        organisation_number: "2021005489".to_owned(),
        kind: PartyKind::Municipality.into(),
        synthetic: true,
    };
    let area = |id: &str| Area { name: format!("{HOME}/areas/{id}"), display_name: id.to_owned() };
    let municipality = |(code, party): (&str, &str)| {
        let area = match code {
            "1980" | "1981" => format!("{HOME}/areas/vastra"),
            "1983" => format!("{HOME}/areas/ostra"),
            _ => String::new(),
        };
        Municipality {
            name: format!("{HOME}/municipalities/{code}"),
            scb_code: code.to_owned(),
            display_name: code.to_owned(),
            area,
            party: format!("{HOME}/parties/{party}"),
        }
    };
    let team = |id: &str| Team {
        name: format!("{HOME}/teams/{id}"),
        display_name: id.to_owned(),
        municipalities: vec![format!("{HOME}/municipalities/1981")],
    };
    let request = ImportOrganisationRequest {
        parent: HOME.to_owned(),
        teams: ["norra", "sodra", "vastra"].into_iter().map(team).collect(),
        areas: vec![area("vastra"), area("ostra")],
        parties: ["sala", "koping", "arboga", "agency"].into_iter().map(party).collect(),
        municipalities: PLACES.into_iter().map(municipality).collect(),
        request_id: "organisation".to_owned(),
        ..Default::default()
    };
    let answer = world.imports().import_organisation(world.office(request)).await.unwrap();
    assert_eq!(answer.into_inner().faults, []);
    world.bandings().create_banding(world.office(two_ages("ages"))).await.unwrap();
    world.bandings().create_banding(world.office(two_kinds("kinds"))).await.unwrap();
    world
}

/// One who works with the people of parties in teams.
pub(crate) fn officer_of(own: &[(&str, String)]) -> Principal {
    let scope = |(party, team): &(&str, String)| {
        let scope = Scope::parse("scope", &format!("party/{party}/team/{team}")).unwrap();
        (Role::Coordinator, scope)
    };
    caller("vastmanland", "coordinator", &own.iter().map(scope).collect::<Vec<_>>())
}

async fn tabulated(world: &World, by: &Principal, ask: TabulateRequest) -> TabulateResponse {
    world.tabulation().tabulate(world.by(by, ask)).await.unwrap().into_inner()
}

/// The keys and the shown counts of each cell.
pub(crate) fn cells(table: &CountTable) -> Vec<(String, Vec<Option<i64>>)> {
    let cell = |CountCell { keys, counts }: &CountCell| {
        let last = |key: &String| key.rsplit('/').next().unwrap_or_default().to_owned();
        let keys: Vec<String> = keys.iter().map(last).collect();
        (keys.join(" "), counts.iter().map(|count| count.value).collect())
    };
    table.cells.iter().map(cell).collect()
}

pub(crate) fn ask(measures: &[Measure], cuts: Vec<Cut>) -> TabulateRequest {
    TabulateRequest {
        parent: HOME.to_owned(),
        shape: shape(measures, cuts),
        period: spring(),
        as_known_at: 0,
        teams: Vec::new(),
    }
}

#[tokio::test]
async fn a_referral_that_is_accepted_is_counted_in_the_queue_from_that_day_on() {
    on_both(|database| async {
        let world = organised(database).await;
        let coach = coach();
        sent(&world, referral("r-1", person(NUMBER))).await;
        let before = world.sequence().await;
        let request = world.by(&coach, receive("r-1", "1"));
        world.referrals().receive_referral(request).await.unwrap();
        use proto::participant::{DecisionReason, ReferralState};
        let accept = decide("r-1", "2", ReferralState::Accepted, DecisionReason::MeetsCriteria);
        world.referrals().decide_referral(world.by(&coach, accept)).await.unwrap();
        let koping = changed("r-2", person(OTHER_NUMBER), |referral| {
            referral.municipality = format!("{HOME}/municipalities/1983");
        });
        sent(&world, koping).await;

        let measures = [Measure::Referred, Measure::QueueIn, Measure::QueueClosing];
        let by_place = || ask(&measures, vec![cut(Dimension::Municipality)]);
        let now = tabulated(&world, &coach, by_place()).await;
        let head = platform::journal::head(&world.database.read, &coach.federation).await.unwrap();
        assert_eq!((now.sequence, &now.head_hash), (head.sequence, &head.hash));
        let table = now.table.unwrap();
        let one = vec![Some(1), Some(1), Some(1)];
        assert_eq!(cells(&table), [("1981".to_owned(), one)], "Köping's people are not Sala's");
        assert_eq!(table.margins, []);

        let earlier = TabulateRequest { as_known_at: before, ..by_place() };
        let earlier = tabulated(&world, &coach, earlier).await;
        let one = vec![Some(1), Some(0), Some(0)];
        assert_eq!(cells(&earlier.table.unwrap()), [("1981".to_owned(), one)]);
        assert_eq!(earlier.sequence, before);
        let sql = format!("SELECT 1 AS one FROM journal WHERE sequence = {before}");
        assert!(world.database.read.execute_unprepared(&sql).await.is_ok());
        assert_ne!(earlier.head_hash, head.hash);

        let elsewhere =
            TabulateRequest { teams: vec![format!("{HOME}/teams/vastra")], ..by_place() };
        let nothing = tabulated(&world, &coach, elsewhere).await.table.unwrap();
        assert_eq!(nothing.cells, []);
        assert_eq!(nothing.totals.len(), 3, "nobody is told as 0");
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_question_is_told_at_once() {
    on_both(|database| async {
        let world = organised(database).await;
        let wrong = TabulateRequest {
            parent: HOME.to_owned(),
            shape: shape(&[Measure::New], vec![cut(Dimension::Age), cut(Dimension::ExitOutcome)]),
            period: period("2025-06-30", "2025-01-01"),
            as_known_at: -1,
            teams: vec!["norra".to_owned(), "federations/x/teams/norra".to_owned()],
        };
        let told = faults(world.tabulation().tabulate(world.by(&coach(), wrong)).await);
        assert_eq!(
            told,
            expected(&[
                ("shape.cuts[0].banding", "BANDING_MISSING"),
                ("shape.cuts[1].dimension", "CUT_ONLY_FOR_EXITS"),
                ("period", "PERIOD_REVERSED"),
                ("as_known_at", "SEQUENCE_NEGATIVE"),
                ("teams[0]", "NAME_MALFORMED"),
                ("teams[1]", "OTHER_FEDERATION"),
            ])
        );
        let unknown = ask(&[Measure::New], vec![banded(Dimension::Age, "none")]);
        let told = faults(world.tabulation().tabulate(world.by(&coach(), unknown)).await);
        assert_eq!(told, expected(&[("shape.cuts[0].banding", "BANDING_UNKNOWN")]));
        let ahead = TabulateRequest { as_known_at: 1_000_000, ..ask(&[Measure::New], Vec::new()) };
        let told = faults(world.tabulation().tabulate(world.by(&coach(), ahead)).await);
        assert_eq!(told, expected(&[("as_known_at", "SEQUENCE_AHEAD")]));
        assert_eq!(date(2025, 1, 1), spring().unwrap().first_day);
    })
    .await;
}
