//! Random histories of cases: what was recorded, in the order of the journal, some of it
//! late, corrected or taken back; and the facts that the service keeps of it.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use participant::domain::{
    code::{ExitOutcome, Livelihood, ReferringKind, Sex},
    fact::{Case, Ended, Fact, Responsible, Stay, facts},
};
use platform::db::Connections;
use sea_orm::{ConnectionTrait as _, Statement};
use uuid::Uuid;
use values::{
    Slug,
    name::{MunicipalityName, PartyName, TeamName},
};

use crate::world::World;

/// The same numbers for the same seed, on every machine (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % sides as u64).unwrap()
    }

    pub(crate) fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub(crate) fn days(&mut self, most: usize) -> Days {
        Days::new(self.below(most) as u64)
    }
}

/// The municipalities, and their parties.
pub(crate) const PLACES: [(&str, &str); 4] =
    [("1980", "sala"), ("1981", "sala"), ("1983", "koping"), ("1984", "arboga")];

/// What is recorded of a case.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    Accepted(NaiveDate),
    /// Declined, or revoked.
    LeftQueue(NaiveDate),
    Enrolled(NaiveDate, Livelihood),
    /// To one of [`PLACES`].
    Transferred(NaiveDate, usize),
    /// Also in the place of an exit that was wrong.
    Exited(NaiveDate, ExitOutcome, Livelihood),
    /// There was no exit.
    Resumed,
    /// The enrolment was a mistake: back to the queue, since the day it came to it.
    NotEnrolled,
    Sex(Sex),
    Error,
}

/// Something recorded at a sequence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    pub(crate) sequence: i64,
    pub(crate) what: What,
}

/// A case: its referral, which is recorded first, and what came after.
#[derive(Debug, Clone)]
pub(crate) struct History {
    pub(crate) id: String,
    pub(crate) team: String,
    pub(crate) place: usize,
    pub(crate) sex: Sex,
    pub(crate) birth_year: Option<i32>,
    pub(crate) kind: ReferringKind,
    pub(crate) sender: &'static str,
    pub(crate) referred: NaiveDate,
    pub(crate) livelihood: Livelihood,
    pub(crate) sequence: i64,
    pub(crate) events: Vec<Event>,
}

impl History {
    /// Somebody who was referred in spring 2025, of whom nothing more is recorded.
    pub(crate) fn referred(id: String, team: &str, sequence: i64) -> Self {
        Self {
            id,
            team: team.to_owned(),
            place: 0,
            sex: Sex::Woman,
            birth_year: Some(1980),
            kind: ReferringKind::SocialInsuranceAgency,
            sender: "agency",
            referred: NaiveDate::from_ymd_opt(2025, 3, 1).unwrap(),
            livelihood: Livelihood::SicknessBenefit,
            sequence,
            events: Vec::new(),
        }
    }

    /// A case of a team; the journal has come to the sequence `head`.
    pub(crate) fn random(dice: &mut Dice, id: String, team: String, head: i64) -> Self {
        let referred = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + dice.days(500);
        let mut history = Self {
            id,
            team,
            place: dice.below(PLACES.len()),
            sex: *dice.one_of(Sex::ALL),
            birth_year: (dice.below(6) > 0).then(|| 1950 + i32::try_from(dice.below(60)).unwrap()),
            kind: *dice.one_of(&ReferringKind::ALL[..3]),
            sender: ["agency", "sala"][dice.below(2)],
            referred,
            livelihood: *dice.one_of(&Livelihood::ALL[..3]),
            sequence: 1 + i64::try_from(dice.below(usize::try_from(head).unwrap())).unwrap(),
            events: Vec::new(),
        };
        for what in life(dice, referred) {
            let before = history.events.last().map_or(history.sequence, |event| event.sequence);
            let sequence = (before + i64::try_from(dice.below(3)).unwrap()).min(head);
            history.events.push(Event { sequence, what });
        }
        history
    }
}

/// What becomes of somebody: in the order that it is recorded in.
fn life(dice: &mut Dice, referred: NaiveDate) -> Vec<What> {
    let mut life = Vec::new();
    let transfer = |dice: &mut Dice, life: &mut Vec<What>, earliest: NaiveDate| {
        if dice.below(4) == 0 {
            life.push(What::Transferred(earliest + dice.days(60), dice.below(PLACES.len())));
        }
    };
    transfer(dice, &mut life, referred);
    if dice.below(10) > 0 {
        let accepted = referred + dice.days(40);
        life.push(What::Accepted(accepted));
        let left = accepted + dice.days(90);
        match dice.below(10) {
            0 => {}
            1 => life.push(What::LeftQueue(left)),
            _ => {
                life.push(What::Enrolled(left, *dice.one_of(&Livelihood::ALL[..3])));
                exit(dice, &mut life, left);
            }
        }
    }
    transfer(dice, &mut life, referred + Days::new(30));
    if dice.below(8) == 0 {
        life.push(What::Sex(*dice.one_of(Sex::ALL)));
    }
    if dice.below(12) == 0 {
        life.push(What::Error);
    }
    life
}

fn exit(dice: &mut Dice, life: &mut Vec<What>, enrolled: NaiveDate) {
    let ends = |dice: &mut Dice| {
        let outcome = *dice.one_of(&ExitOutcome::ALL[..4]);
        What::Exited(enrolled + dice.days(300), outcome, *dice.one_of(&Livelihood::ALL[..3]))
    };
    if dice.below(3) == 0 {
        return;
    }
    life.push(ends(dice));
    match dice.below(6) {
        0 => life.push(What::Resumed),
        1 => life.push(ends(dice)),
        _ => {}
    }
}

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

fn home() -> Slug {
    slug("vastmanland")
}

fn responsible(place: usize, first_day: NaiveDate) -> Responsible {
    let (municipality, party) = PLACES[place];
    Responsible {
        municipality: MunicipalityName::new(home(), slug(municipality)),
        party: PartyName::new(home(), slug(party)),
        first_day,
    }
}

impl History {
    /// The case as the service has it after so many events.
    fn case(&self, events: usize) -> Option<Case> {
        let mut case = Case {
            team: TeamName::new(home(), slug(&self.team)),
            responsible: vec![responsible(self.place, self.referred)],
            sex: self.sex,
            birth_year: self.birth_year,
            referring_kind: self.kind,
            sender: PartyName::new(home(), slug(self.sender)),
            referred: self.referred,
            queue: None,
            enrolled: None,
            livelihood: self.livelihood,
            ended: None,
        };
        for Event { what, .. } in &self.events[..events] {
            match *what {
                What::Accepted(first) => case.queue = Some(Stay { first, end: None }),
                What::LeftQueue(day) => {
                    case.queue = case.queue.map(|stay| Stay { end: Some(day), ..stay });
                }
                What::Enrolled(first, livelihood) => {
                    case.queue = case.queue.map(|stay| Stay { end: Some(first), ..stay });
                    case.enrolled = Some(Stay { first, end: None });
                    case.livelihood = livelihood;
                }
                What::Transferred(day, place) => {
                    case.responsible.push(responsible(place, day));
                    case.responsible[1..].sort_by_key(|responsible| responsible.first_day);
                }
                What::Exited(day, outcome, livelihood) => {
                    case.enrolled = case.enrolled.map(|stay| Stay { end: Some(day), ..stay });
                    case.ended = Some(Ended { outcome, livelihood });
                }
                What::Resumed => {
                    case.enrolled = case.enrolled.map(|stay| Stay { end: None, ..stay });
                    case.ended = None;
                }
                What::NotEnrolled => {
                    case.queue = case.queue.map(|stay| Stay { end: None, ..stay });
                    (case.enrolled, case.ended) = (None, None);
                    case.livelihood = self.livelihood;
                }
                What::Sex(sex) => case.sex = sex,
                What::Error => return None,
            }
        }
        Some(case)
    }

    /// The rows that the service keeps: each version from its sequence to the next one's.
    fn rows(&self) -> Vec<String> {
        let sequences = self.events.iter().map(|event| event.sequence);
        let sequences: Vec<i64> = std::iter::once(self.sequence).chain(sequences).collect();
        let mut rows = Vec::new();
        for (events, from) in sequences.iter().enumerate() {
            let to = sequences.get(events + 1).copied().unwrap_or(i64::MAX);
            if *from < to {
                let facts = self.case(events).map(|case| facts(&case)).unwrap_or_default();
                let parts = facts.iter().enumerate();
                rows.extend(parts.map(|(part, fact)| row(&self.id, part, (*from, to), fact)));
            }
        }
        rows
    }
}

fn row(case: &str, part: usize, (from, to): (i64, i64), fact: &Fact) -> String {
    let number = |number: Option<i32>| number.map_or("NULL".to_owned(), |n| n.to_string());
    let day = |day: Option<NaiveDate>| day.map_or("NULL".to_owned(), |day| format!("'{day}'"));
    let stay = |stay: Option<Stay>| {
        format!("{}, {}", day(stay.map(|stay| stay.first)), day(stay.and_then(|stay| stay.end)))
    };
    let Fact { sex, age, referring_kind, is_new, livelihood, ended, .. } = fact;
    let exited = ended.and(fact.enrolled).and_then(|stay| stay.end);
    let mut row = format!("('vastmanland', '{case}', {part}, {from}, {to}, 'p-{case}', ");
    let ids = [&fact.team.id, &fact.municipality.id, &fact.party.id, &fact.sender.id];
    for id in ids {
        write!(row, "'{id}', ").unwrap();
    }
    write!(
        row,
        "{}, {}, {}, {}, {}, {}, {is_new}, {}, {}, {}, {})",
        sex.number(),
        number(*age),
        referring_kind.number(),
        day(fact.referred),
        stay(fact.queue),
        stay(fact.enrolled),
        livelihood.number(),
        day(exited),
        number(ended.map(|ended| ended.outcome.number().into())),
        number(ended.map(|ended| ended.livelihood.number().into())),
    )
    .unwrap();
    row
}

/// Puts the facts of histories in the place of all facts.
pub(crate) async fn keep(world: &World, histories: &[History]) {
    world.database.write.execute_unprepared("DELETE FROM case_fact").await.unwrap();
    add(world, histories).await;
}

/// Adds the facts of histories to those that are there.
pub(crate) async fn add(world: &World, histories: &[History]) {
    let write = &world.database.write;
    let rows: Vec<String> = histories.iter().flat_map(History::rows).collect();
    for rows in rows.chunks(200) {
        let insert = format!(
            "INSERT INTO case_fact (federation_id, case_id, part, known_from, known_to, \
                 participant_id, team_id, municipality_id, party_id, sender_id, sex, age, \
                 referring_kind, referred, queue_first, queue_end, enrolled_first, \
                 enrolled_end, is_new, livelihood, exited, outcome, livelihood_after) \
             VALUES {}",
            rows.join(", ")
        );
        write.execute_unprepared(&insert).await.unwrap();
    }
    found_by(write).await;
}

/// Puts in what the facts are found by, as the service does.
async fn found_by(write: &Connections) {
    let backend = write.get_database_backend();
    let pairs = "SELECT DISTINCT party_id, team_id FROM case_fact";
    for row in write.query_all_raw(Statement::from_string(backend, pairs)).await.unwrap() {
        let [party, team] =
            ["party_id", "team_id"].map(|id| row.try_get::<String>("", id).unwrap());
        let name = format!("federations/vastmanland/parties/{party}/teams/{team}");
        let found_by = Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes());
        let fill = "UPDATE case_fact SET party_team = $1 WHERE party_id = $2 AND team_id = $3";
        let values = [found_by.into(), party.into(), team.into()];
        let fill = Statement::from_sql_and_values(backend, fill, values);
        write.execute_raw(fill).await.unwrap();
    }
}
