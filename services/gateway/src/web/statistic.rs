//! Statistics: counts of those whom the person may see, what became of them, what they
//! answered; and the protected tables that anybody may read.

use proto::common::Period;
use tonic::{Code, Status};

pub(crate) mod banding;
pub(crate) mod cell;
pub(crate) mod count;
mod counted;
pub(crate) mod definitions;
pub(crate) mod questionnaire;
pub(crate) mod rates;
mod register;
pub(crate) mod surveys;
pub(crate) mod table_layout;
pub(crate) mod tables;
mod words;

use super::{
    account::Places,
    error_page::Trouble,
    filter::{Filter, with_query},
    form::{FormErrors, Place, Posted},
    format, funding,
    layout::{Tab, Visit, tabs},
    reads, rights,
};
use crate::text;

/// The pages of it that a person opens.
fn pages(visit: &Visit, current: &str) -> Vec<Tab> {
    let all = [
        ("/statistics", "statistics-count"),
        ("/statistics/follow-ups", "statistics-follow-ups"),
        ("/statistics/surveys", "statistics-surveys"),
        ("/statistics/tables", "statistics-tables"),
        (definitions::LIST, "definitions-heading"),
    ];
    let counts = rights::works_with_people(&visit.session.principal);
    tabs(all.into_iter().filter(|(href, _)| counts || *href != "/statistics"), current)
}

/// True for whoever sees no people, and is told what is settled.
fn is_settled(visit: &Visit) -> bool {
    !rights::works_with_people(&visit.session.principal)
}

/// Days, a team and a time, as they are asked for in the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    pub(crate) team: String,
    pub(crate) as_known_at: String,
}

/// A link to days that are often asked for.
pub(crate) struct Shortcut {
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) is_current: bool,
}

impl Asked {
    /// What an address asks for; without days, the latest period that is reported on.
    async fn of(visit: &Visit, asked: &Posted) -> Result<Self, Status> {
        let get = |name: &str| asked.get(name).trim().to_owned();
        let (mut first_day, mut last_day) = (get("first_day"), get("last_day"));
        if first_day.is_empty() && last_day.is_empty() {
            let period = funding::default_period(visit).await?;
            first_day = format::date(period.first_day.as_ref());
            last_day = format::date(period.last_day.as_ref());
        }
        Ok(Self { first_day, last_day, team: get("team"), as_known_at: get("as_known_at") })
    }

    /// The days; none, with what is wrong, when they cannot be read.
    fn period(&self, visit: &Visit, errors: &mut FormErrors) -> Option<Period> {
        let mut read = |field: &str, typed: &str| {
            let day = format::parse_date(typed).map(platform::convert::date_to_proto);
            if day.is_none() {
                let reason = if typed.is_empty() { "DATE_MISSING" } else { "DATE_MALFORMED" };
                let said = text::reason(visit.reader.language, reason, &[("value", typed)]);
                errors.add(place(visit, field).unwrap_or_default(), said);
            }
            day
        };
        let first_day = read("period.first_day", &self.first_day);
        let last_day = read("period.last_day", &self.last_day);
        Some(Period { first_day: Some(first_day?), last_day: Some(last_day?) })
    }

    /// The sequence of the journal; 0 for now.
    fn sequence(&self, visit: &Visit, errors: &mut FormErrors) -> i64 {
        if self.as_known_at.is_empty() {
            return 0;
        }
        format::parse_whole(&self.as_known_at).unwrap_or_else(|| {
            let typed = [("value", self.as_known_at.as_str())];
            let said = text::reason(visit.reader.language, "NUMBER_NOT_WHOLE", &typed);
            errors.add(place(visit, "as_known_at").unwrap_or_default(), said);
            0
        })
    }

    /// The team by its name; none for all.
    fn teams(&self, visit: &Visit) -> Vec<String> {
        let team = reads::name_if_given(visit, "teams", &self.team);
        Some(team).filter(|team| !team.is_empty()).into_iter().collect()
    }

    /// What the address holds.
    fn query(&self) -> Vec<(&'static str, &str)> {
        let Self { first_day, last_day, team, as_known_at } = self;
        vec![
            ("first_day", first_day.as_str()),
            ("last_day", last_day),
            ("team", team),
            ("as_known_at", as_known_at),
        ]
    }

    /// The same for the halves of the year and, for those who see people, the whole.
    fn shortcuts(&self, visit: &Visit, path: &str, more: &[(&str, &str)]) -> Vec<Shortcut> {
        let year = self.first_day.split('-').next().unwrap_or_default();
        if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        let shortcut = |id: &str, from: &str, to: &str| {
            let (first_day, last_day) = (format!("{year}-{from}"), format!("{year}-{to}"));
            let days = Self { first_day, last_day, ..self.clone() };
            let query: Vec<_> = days.query().into_iter().chain(more.iter().copied()).collect();
            Shortcut {
                text: visit.t1(id, "year", year),
                href: with_query(path, &query),
                is_current: days == *self,
            }
        };
        let mut shortcuts = vec![
            shortcut("half-year-first", "01-01", "06-30"),
            shortcut("half-year-second", "07-01", "12-31"),
        ];
        // What leaves the parties is counted by half-years.
        if !is_settled(visit) {
            shortcuts.push(shortcut("whole-year", "01-01", "12-31"));
        }
        shortcuts
    }

    /// The teams to choose from: for those who work with people, the own ones.
    fn team_filter(&self, visit: &Visit, places: &Places) -> Filter {
        let principal = &visit.session.principal;
        let mut teams = places.teams();
        if rights::works_with_people(principal) {
            teams.retain(|choice| rights::is_officer_of(principal, &choice.code));
        }
        Filter::new(visit, "team", "role-team", &self.team, teams)
    }
}

/// What a service answered; none, with what is wrong, when it refused what was asked for.
fn answered<T>(
    visit: &Visit,
    errors: &mut FormErrors,
    answer: Result<T, Status>,
) -> Result<Option<T>, Trouble> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(refusal)
            if [Code::InvalidArgument, Code::FailedPrecondition].contains(&refusal.code()) =>
        {
            errors.add_all(visit.reader.language, &refusal, |field| place(visit, field));
            Ok(None)
        }
        Err(refusal) => Err(Trouble::of(visit, &refusal)),
    }
}

/// Where what is wrong with a field of a message is said.
fn place(visit: &Visit, field: &str) -> Option<Place> {
    let (id, label_id) = match field {
        "period" | "period.first_day" => ("first_day", "period-first-day"),
        "period.last_day" => ("last_day", "period-last-day"),
        "as_known_at" => ("as_known_at", "statistics-as-known-at"),
        _ if field.starts_with("teams") => ("team", "role-team"),
        _ if field.starts_with("shape.cuts[0]") => ("cut1", "statistics-cut-1"),
        _ if field.starts_with("shape.cuts[1]") => ("cut2", "statistics-cut-2"),
        _ if field.starts_with("shape.cuts[2]") => ("cut3", "statistics-cut-3"),
        _ if field.starts_with("shape.measures") => ("measures", "statistics-measures"),
        _ => return None,
    };
    Some(Place { id: id.to_owned(), label: visit.t(label_id) })
}
