//! What the figures of a half-year are, counted twice: from the lives that were told to the
//! service, one by one, and in SQL from what it keeps of them.
//!
//! Which figure counts what is written down here once more, apart from the definitions.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::Database;
use proto::participant::{Dimension, ExitOutcome, Measure, ReferringKind, Sex};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::population::{Population, life::Person, tally::Tally};

/// Where a figure stands: whose it is, by resource name, and its codes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) subject: String,
    pub(super) figure: String,
    pub(super) category: String,
}

/// The figures of each team and of all of them; nobody is nowhere.
pub(super) type Counts = BTreeMap<Place, i64>;

/// Some figures, and how they divide.
struct Column {
    /// The figure whose total it is; none where another column has that.
    total: Option<&'static str>,
    /// What its categories are told as.
    categories: Option<&'static str>,
    measure: Measure,
    by: Dimension,
}

const COLUMNS: [Column; 6] = [
    Column {
        total: Some("participants"),
        categories: Some("participants"),
        measure: Measure::Participants,
        by: Dimension::Sex,
    },
    Column {
        total: None,
        categories: Some("participants_by_age"),
        measure: Measure::Participants,
        by: Dimension::Age,
    },
    Column {
        total: Some("new_participants"),
        categories: Some("new_participants"),
        measure: Measure::New,
        by: Dimension::Sex,
    },
    Column {
        total: None,
        categories: Some("new_participants_by_referring_party"),
        measure: Measure::New,
        by: Dimension::ReferringKind,
    },
    Column {
        total: Some("exits"),
        categories: Some("exits"),
        measure: Measure::ExitedIn,
        by: Dimension::ExitOutcome,
    },
    Column {
        total: Some("queue"),
        categories: None,
        measure: Measure::QueueClosing,
        by: Dimension::Sex,
    },
];

impl Column {
    /// Adds people of a team, and of one category or of none.
    fn add(&self, counts: &mut Counts, team: &str, category: Option<String>, people: i64) {
        let (federation, _) = team.split_once("/teams/").unwrap();
        let total = self.total.map(|figure| (figure, "total".to_owned()));
        let part = self.categories.zip(category);
        for (figure, category) in total.into_iter().chain(part) {
            for subject in [federation, team] {
                let (subject, figure) = (subject.to_owned(), figure.to_owned());
                let place = Place { subject, figure, category: category.clone() };
                *counts.entry(place).or_default() += people;
            }
        }
    }
}

/// Counts people by their lives.
pub(super) fn of_lives(
    population: &Population,
    period: [NaiveDate; 2],
    everybody: impl Iterator<Item = Person>,
) -> Counts {
    let table = |column: &Column| Tally::new(period, &[Dimension::Team, column.by]);
    let mut tables = COLUMNS.each_ref().map(table);
    Tally::count(&mut tables, everybody);
    let mut counts = Counts::new();
    for (column, table) in COLUMNS.iter().zip(&tables) {
        for (keys, people) in table.cells(population, &[column.measure]) {
            let [team, key] = keys.as_slice() else { panic!("{keys:?}") };
            column.add(&mut counts, team, category(column.by, key), people[0]);
        }
    }
    counts
}

/// A category as reports call it; none for those of whom no age is known.
fn category(by: Dimension, key: &str) -> Option<String> {
    let code = |prefix: &str| Some(key.strip_prefix(prefix).unwrap().to_lowercase());
    match by {
        Dimension::Age => match key {
            "" => None,
            "under-30" => Some("under_30".to_owned()),
            _ => Some("over_30".to_owned()),
        },
        Dimension::Sex => code("SEX_"),
        Dimension::ReferringKind => code("REFERRING_KIND_"),
        Dimension::ExitOutcome => code("EXIT_OUTCOME_"),
        other => panic!("no figure divides by {other:?}"),
    }
}

/// Counts what the service keeps of people, in SQL.
pub(super) async fn in_sql(
    people: &Database,
    population: &Population,
    period: [NaiveDate; 2],
) -> Counts {
    let backend = people.read.get_database_backend();
    let mut counts = Counts::new();
    for column in &COLUMNS {
        let query = format!(
            "SELECT team_id, CAST({} AS INTEGER) AS code, COUNT(*) AS people FROM case_fact \
             WHERE federation_id = '{}' AND known_to = {} AND ({}) GROUP BY 1, 2",
            divided(column.by),
            population.federation,
            i64::MAX,
            condition(column.measure, period),
        );
        let rows = people.read.query_all_raw(Statement::from_string(backend, query)).await.unwrap();
        for row in rows {
            let team: String = row.try_get("", "team_id").unwrap();
            let team = format!("{}/teams/{team}", population.name());
            let code = named(column.by, row.try_get("", "code").unwrap());
            let category = category(column.by, code);
            column.add(&mut counts, &team, category, row.try_get("", "people").unwrap());
        }
    }
    counts
}

/// Who is counted.
fn condition(measure: Measure, [first, last]: [NaiveDate; 2]) -> String {
    let is_new = format!("is_new AND enrolled_first BETWEEN '{first}' AND '{last}'");
    match measure {
        Measure::New => is_new,
        Measure::Participants => format!(
            "enrolled_first < '{first}' AND (enrolled_end IS NULL OR enrolled_end >= '{first}') \
             OR {is_new}"
        ),
        Measure::ExitedIn => format!("exited BETWEEN '{first}' AND '{last}'"),
        Measure::QueueClosing => {
            format!("queue_first <= '{last}' AND (queue_end IS NULL OR queue_end > '{last}')")
        }
        other => panic!("no figure counts {other:?}"),
    }
}

/// What they are divided by, as a number.
fn divided(by: Dimension) -> &'static str {
    match by {
        Dimension::Age => "CASE WHEN age < 30 THEN 1 WHEN age >= 30 THEN 2 ELSE 0 END",
        Dimension::Sex => "sex",
        Dimension::ReferringKind => "referring_kind",
        Dimension::ExitOutcome => "outcome",
        other => panic!("no figure divides by {other:?}"),
    }
}

/// What the contract calls a number.
fn named(by: Dimension, number: i32) -> &'static str {
    match by {
        Dimension::Age => ["", "under-30", "others"][usize::try_from(number).unwrap()],
        Dimension::Sex => Sex::try_from(number).unwrap().as_str_name(),
        Dimension::ReferringKind => ReferringKind::try_from(number).unwrap().as_str_name(),
        Dimension::ExitOutcome => ExitOutcome::try_from(number).unwrap().as_str_name(),
        other => panic!("no figure divides by {other:?}"),
    }
}
