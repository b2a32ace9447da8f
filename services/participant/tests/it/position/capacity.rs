//! What staff comes to: Sörmland's intake and Västmanland's register.

use std::collections::BTreeMap;

use platform::{Principal, testing::on_both};
use proto::{
    common,
    participant::{Capacity, ExitOutcome, GetCapacityRequest, PayerShare, Position, PositionSpell},
};
use tonic::Code;
use values::Role;

use super::{coach, create};
use crate::enrolment::{self, ended, enrolled, exit, leaves};
use crate::people;
use crate::world::{
    HOME, World, expected, faults, problem,
    teams::{date, party, team},
};

const SORMLAND: &str = include_str!("../../data/sikta-staffing.csv");
const VASTMANLAND: &str = include_str!("../../data/vastmanland-staffing.csv");

fn asked(
    teams: &[&str],
    first: Option<proto::Date>,
    last: Option<proto::Date>,
) -> GetCapacityRequest {
    GetCapacityRequest {
        parent: HOME.to_owned(),
        teams: teams.iter().map(|id| team(id)).collect(),
        period: Some(common::Period { first_day: first, last_day: last }),
        intake_norm: 20,
    }
}

/// The rows by team id; the total under no id.
async fn capacity(world: &World, message: GetCapacityRequest) -> BTreeMap<String, Capacity> {
    let request = world.with_role(Role::SteeringGroupMember, "federation", message);
    let answer = world.positions().get_capacity(request).await.unwrap().into_inner();
    assert_eq!(answer.sequence, world.sequence().await);
    assert_eq!(answer.head_hash.len(), 32);
    let id = |row: &Capacity| row.team.rsplit('/').next().unwrap().to_owned();
    answer.rows.into_iter().map(|row| (id(&row), row)).collect()
}

async fn enter(world: &World, number: usize, position: Position) {
    let id = position.team.rsplit('/').next().unwrap().to_owned();
    let message = create(&format!("p-{number}"), position);
    let request = world.with_role(Role::TeamLead, &format!("team/{id}"), message);
    world.positions().create_position(request).await.unwrap();
}

/// A position of a team, employed by the party and paid so.
fn position(of: &str, title: &str, payers: Vec<PayerShare>) -> Position {
    let fte_percent = payers.iter().map(|share| share.fte_percent).sum();
    let mut position = coach(of);
    position.title = title.to_owned();
    position.spells[0] = PositionSpell {
        first_day: date(2024, 1, 1),
        last_day: None,
        fte_percent,
        vacant: false,
        payers,
    };
    position
}

fn paid_by(party: &str, fte_percent: i32) -> PayerShare {
    PayerShare { party: party.to_owned(), fte_percent }
}

/// A row's percent as positions of at most a full-time post each.
fn sormlands() -> Vec<Position> {
    let areas = BTreeMap::from([("Västra", "vastra"), ("Södra", "sodra"), ("Norra", "norra")]);
    let mut positions = Vec::new();
    for line in SORMLAND.lines().skip(1) {
        let [area, _, _, by_municipality, by_federation] =
            line.split(';').collect::<Vec<_>>().try_into().unwrap();
        let Some(of) = areas.get(area) else {
            continue; // The total, and the region's coordinators beside it.
        };
        for (payer, percent) in [(party("sala"), by_municipality), (String::new(), by_federation)] {
            let mut left: i32 = percent.parse().unwrap();
            while left > 0 {
                positions.push(position(of, "Coach", vec![paid_by(&payer, left.min(100))]));
                left -= 100;
            }
        }
    }
    positions
}

#[tokio::test]
async fn norras_six_and_a_half_coaches_are_planned_for_195_in_eighteen_months() {
    on_both(|database| async {
        let world = World::with(database, &["norra", "sodra", "vastra"], &["sala"]).await;
        for (number, position) in sormlands().into_iter().enumerate() {
            enter(&world, number, position).await;
        }
        // Eighteen months of a year of 365 days are 547½ days: no stretch of whole days
        // gives 195 sharp. 547 days, as from January to June next year, give 194,82.
        for (first, last, days, norra, all) in [
            (date(2024, 1, 1), date(2025, 6, 30), 547, 19_482, 47_207),
            (date(2024, 1, 1), date(2025, 7, 1), 548, 19_518, 47_293),
            // Twice the time is sharp, and the nine months that had passed are half.
            (date(2025, 1, 1), date(2027, 12, 31), 1095, 39_000, 94_500),
            (date(2024, 10, 1), date(2025, 6, 30), 273, 9_723, 23_560),
        ] {
            let found = capacity(&world, asked(&[], first, last)).await;
            let planned = |id: &str| (found[id].planned_percent_days, found[id].days);
            assert_eq!(planned("norra"), (650 * i64::from(days), days));
            assert_eq!(planned(""), (1575 * i64::from(days), days));
            assert_eq!(found["norra"].planned_intake_hundredths, norra);
            assert_eq!(found["norra"].staffed_intake_hundredths, norra);
            assert_eq!(found[""].planned_intake_hundredths, all);
            assert_eq!(found["norra"].staffed_coach_percent_at_end, 650);
            assert_eq!((found["norra"].positions, found[""].positions), (7, 23));
            assert_eq!(found["norra"].caseload_hundredths, None);
        }
    })
    .await;
}

/// The register of Västmanland's half-year. Where it names no employer, or nobody who
/// pays, it is the party.
fn vastmanlands() -> Vec<Position> {
    let teams = BTreeMap::from([
        ("Teamsamverkan Västra Mälardalen", "vastra-malardalen"),
        ("Samordningsteam FNS", "fns"),
        ("Samordningsteam Hallstahammar", "hallstahammar"),
        ("Samordningsteam Surahammar", "surahammar"),
    ]);
    let row = |line: &str| {
        let [name, title, percent, employer, payer, from, to] =
            line.split(';').collect::<Vec<_>>().try_into().unwrap();
        let percent: i32 = percent.parse().unwrap();
        let payers = if payer.starts_with("half by the federation") {
            vec![paid_by("", percent / 2), paid_by(&party("sala"), percent / 2)]
        } else {
            vec![paid_by(&party("sala"), percent)]
        };
        let mut position = position(teams[name], title, payers);
        position.coaches = title.contains("consultant");
        if employer == "Region Västmanland" {
            position.employer = party("region");
        }
        let day = |text: &str| {
            let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
            date(parts[0], parts[1], parts[2])
        };
        if !from.is_empty() {
            position.spells[0].first_day = day(from);
        }
        if !to.is_empty() {
            position.spells[0].last_day = day(to);
        }
        position
    };
    VASTMANLAND.lines().skip(1).map(row).collect()
}

#[tokio::test]
async fn a_position_counts_from_its_first_day_to_its_last() {
    on_both(|database| async {
        let teams = ["fns", "hallstahammar", "surahammar", "vastra-malardalen"];
        let world = World::with(database, &teams, &["region", "sala"]).await;
        for (number, position) in vastmanlands().into_iter().enumerate() {
            enter(&world, number, position).await;
        }
        let half_year = asked(&[], date(2025, 1, 1), date(2025, 6, 30));
        let found = capacity(&world, half_year).await;
        // 181 days, of which 90 to the end of March and 150 from the first of February.
        let (all, to_march, from_february) = (181, 90, 150);
        for (id, planned, coaches, at_end) in [
            ("fns", 210 * all + 50 * to_march, 100 * all + 50 * to_march, 100),
            ("hallstahammar", 180 * all + 10 * from_february, 160 * all, 160),
            ("surahammar", 100 * all + 10 * from_february, 20 * all, 20),
            ("vastra-malardalen", 180 * all, 20 * all, 20),
            ("", 670 * all + 50 * to_march + 20 * from_february, 300 * all + 50 * to_march, 300),
        ] {
            let row = &found[id];
            assert_eq!(row.planned_percent_days, planned, "{id}");
            assert_eq!(row.staffed_percent_days, planned, "{id}");
            assert_eq!(row.planned_coach_percent_days, coaches, "{id}");
            assert_eq!(row.staffed_coach_percent_at_end, at_end, "{id}");
        }
        let one = capacity(&world, asked(&["fns"], date(2025, 4, 1), date(2025, 4, 1))).await;
        assert_eq!(one.keys().collect::<Vec<_>>(), ["", "fns"]);
        assert_eq!(one["fns"], Capacity { team: team("fns"), ..one[""].clone() });
        assert_eq!((one["fns"].planned_percent_days, one["fns"].positions), (210, 3));
    })
    .await;
}

#[tokio::test]
async fn a_vacancy_is_planned_and_not_staffed_and_a_team_without_a_register_shows() {
    on_both(|database| async {
        let world = World::with(database, &["fns", "sala"], &["sala"]).await;
        let mut half_empty = coach("sala");
        half_empty.spells[0].last_day = date(2025, 3, 31);
        let empty = PositionSpell {
            first_day: date(2025, 4, 1),
            last_day: None,
            vacant: true,
            ..half_empty.spells[0].clone()
        };
        half_empty.spells.push(empty);
        enter(&world, 1, half_empty).await;
        let year = asked(&[], date(2025, 1, 1), date(2025, 12, 31));
        let found = capacity(&world, year).await;
        let sala = Capacity {
            team: team("sala"),
            planned_percent_days: 36_500,
            staffed_percent_days: 9_000,
            planned_coach_percent_days: 36_500,
            staffed_coach_percent_days: 9_000,
            days: 365,
            planned_intake_hundredths: 2_000,
            staffed_intake_hundredths: 493,
            caseload_hundredths: None,
            staffed_coach_percent_at_end: 0,
            positions: 1,
        };
        assert_eq!(found["sala"], sala);
        assert_eq!((found["fns"].positions, found["fns"].planned_percent_days), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_caseload_is_told_to_those_who_work_with_everybody_in_the_team() {
    on_both(|database| async {
        let world = people::organised(database).await;
        enter(&world, 1, position("norra", "Coach", vec![paid_by("", 80)])).await;
        for (id, number) in [("1", people::NUMBER), ("2", people::OTHER_NUMBER)] {
            let case = format!("r-{id}");
            people::accepted(&world, people::referral(&case, people::person(number))).await;
            enrolled(&world, enrolment::create(&format!("e-{id}"), &case)).await;
        }
        ended(&world, exit("e-1", "1", leaves("2025-06-15", ExitOutcome::Work))).await;
        let caseload = async |caller: &Principal, last| {
            let asked = asked(&[], date(2025, 1, 1), last);
            let answer = world.positions().get_capacity(world.by(caller, asked)).await.unwrap();
            let rows = answer.into_inner().rows.into_iter();
            rows.map(|row| row.caseload_hundredths).collect::<Vec<_>>()
        };
        let coach = people::coach();
        // Norra, Västra where the coach does not work, and both.
        assert_eq!(caseload(&coach, date(2025, 3, 31)).await, [Some(0), None, None]);
        assert_eq!(caseload(&coach, date(2025, 6, 14)).await, [Some(250), None, None]);
        assert_eq!(caseload(&coach, date(2025, 6, 30)).await, [Some(125), None, None]);
        let steering = people::holder("styr", Role::SteeringGroupMember, "federation");
        for stranger in [&people::other_coach(), &steering] {
            assert_eq!(caseload(stranger, date(2025, 6, 30)).await, [None, None, None]);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_question_of_capacity_is_told() {
    on_both(|database| async {
        let world = World::with(database, &["sala"], &["sala"]).await;
        let (first, last) = (date(2025, 1, 1), date(2025, 12, 31));
        let twice = GetCapacityRequest { intake_norm: 0, ..asked(&["sala", "sala"], last, first) };
        let told = faults(world.positions().get_capacity(world.coordinator(twice)).await);
        assert_eq!(
            told,
            expected(&[
                ("teams[1]", "TEAM_TWICE"),
                ("period", "PERIOD_REVERSED"),
                ("intake_norm", "INTAKE_NORM_OUT_OF_RANGE"),
            ])
        );
        let unknown = world.coordinator(asked(&["sala", "norra"], first, last));
        let told = faults(world.positions().get_capacity(unknown).await);
        assert_eq!(told, expected(&[("teams[1]", "TEAM_UNKNOWN")]));
        let strange = world.stranger(asked(&[], first, last));
        assert_eq!(problem(world.positions().get_capacity(strange).await).0, Code::NotFound);
    })
    .await;
}
