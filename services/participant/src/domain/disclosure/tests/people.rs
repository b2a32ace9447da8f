//! People made up for the tests, and their tabulation, written apart from the SQL.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use disclosure::testing::Dice;
use values::{
    Period, Slug,
    name::{MunicipalityName, PartyName, TeamName},
};

use super::{
    super::population::{Population, Tabulated},
    plain,
};
use crate::domain::{
    code::{ExitOutcome, Livelihood, ReferringKind, Sex},
    fact::{Ended, Fact, Measure, Stay},
    table_layout::Dimension,
};

/// What the made-up people are divided by.
pub(super) const DIMENSIONS: [Dimension; 4] =
    [Dimension::Team, Dimension::Sex, Dimension::ReferringKind, Dimension::ExitOutcome];

/// A fact, and from which sequence until before which it is known.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) fact: Fact,
    pub(super) from: i64,
    pub(super) to: i64,
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn halves() -> [Period; 2] {
    let period = |first, last| Period::new("period", day(first), day(last)).unwrap();
    [period("2025-01-01", "2025-06-30"), period("2025-07-01", "2025-12-31")]
}

pub(super) fn year() -> Period {
    Period::year(2025).unwrap()
}

fn id(text: &str) -> Slug {
    Slug::parse("id", text).unwrap()
}

pub(super) fn team(number: usize) -> String {
    format!("federations/x/teams/t{number:02}")
}

/// Somebody who was enrolled on a day.
pub(super) fn person(team: usize, kind: ReferringKind, enrolled: NaiveDate) -> Fact {
    Fact {
        team: TeamName::new(id("x"), id(&format!("t{team:02}"))),
        municipality: MunicipalityName::new(id("x"), id("1980")),
        party: PartyName::new(id("x"), id("p")),
        sex: Sex::Woman,
        age: Some(40),
        referring_kind: kind,
        sender: PartyName::new(id("x"), id("p")),
        referred: Some(enrolled),
        queue: None,
        enrolled: Some(Stay { first: enrolled, end: None }),
        is_new: true,
        livelihood: Livelihood::SicknessBenefit,
        ended: None,
    }
}

/// The same person, exited on a day.
pub(super) fn exited(fact: Fact, end: NaiveDate, outcome: ExitOutcome) -> Fact {
    let enrolled = fact.enrolled.map(|stay| Stay { end: Some(end), ..stay });
    Fact { enrolled, ended: Some(Ended { outcome, livelihood: Livelihood::Salary }), ..fact }
}

/// Facts that are known from the beginning.
pub(super) fn known(facts: impl IntoIterator<Item = Fact>) -> Vec<Known> {
    facts.into_iter().map(|fact| Known { fact, from: 1, to: i64::MAX }).collect()
}

/// People in teams, of some kinds and outcomes; some facts are late or taken back.
pub(super) fn crowd(dice: &mut Dice, size: usize, (teams, kinds): (usize, usize)) -> Vec<Known> {
    let outcomes = [ExitOutcome::Work, ExitOutcome::Studies, ExitOutcome::Moved];
    let mut crowd = Vec::new();
    for _ in 0..size {
        let first = day("2024-10-01") + Days::new(dice.below(450) as u64);
        let kind = ReferringKind::ALL[dice.below(kinds).min(dice.below(kinds))];
        let mut fact = person(dice.below(teams).min(dice.below(teams)), kind, first);
        fact.sex = *dice.one_of(&[Sex::Woman, Sex::Man]);
        fact.is_new = dice.below(8) > 0;
        let waited = Days::new(dice.below(90) as u64);
        fact.queue = Some(Stay { first: first - waited, end: Some(first) });
        fact.referred = Some(first - waited);
        if dice.below(3) > 0 {
            let end = first + Days::new(1 + dice.below(300) as u64);
            fact = exited(fact, end, *dice.one_of(&outcomes));
            // Some have only moved on to another municipality.
            fact.ended = fact.ended.filter(|_| dice.below(8) > 0);
        }
        let (from, to) = match dice.below(20) {
            0 => (2, i64::MAX),
            1 => (1, 2),
            _ => (1, i64::MAX),
        };
        crowd.push(Known { fact, from, to });
    }
    crowd
}

/// Counts the people by every dimension, in each period, as known at each sequence.
pub(super) fn population(people: &[Known], periods: &[Period], sequences: &[i64]) -> Population {
    let mut tabulated = Vec::new();
    for sequence in sequences {
        for period in periods {
            let mut cells: BTreeMap<Vec<String>, [i64; 14]> = BTreeMap::new();
            let known = people.iter().filter(|k| k.from <= *sequence && *sequence < k.to);
            for Known { fact, .. } in known {
                let cell = cells.entry(parts(fact)).or_default();
                for (place, measure) in Measure::ALL.iter().enumerate() {
                    cell[place] += i64::from(measure.counts(fact, *period));
                }
            }
            tabulated.push(Tabulated { sequence: *sequence, period: *period, cells });
        }
    }
    Population { cuts: DIMENSIONS.map(plain).to_vec(), tabulated }
}

fn parts(fact: &Fact) -> Vec<String> {
    vec![
        fact.team.to_string(),
        fact.sex.name().to_owned(),
        fact.referring_kind.name().to_owned(),
        fact.ended.map_or("", |ended| ended.outcome.name()).to_owned(),
    ]
}
