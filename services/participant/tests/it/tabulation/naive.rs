//! What a table ought to count, told by following each case through its events: apart
//! from the service's facts, measures and queries.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use participant::domain::code::{ExitOutcome, Livelihood, Sex};
use proto::participant::{Dimension, Measure};

use super::history::{Event, History, PLACES, What};
use crate::world::HOME;

/// A table to count: measures, cuts with a banding or none, days, a sequence and whose.
pub(crate) struct Asked {
    pub(crate) measures: Vec<Measure>,
    pub(crate) cuts: Vec<(Dimension, bool)>,
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    pub(crate) sequence: i64,
    pub(crate) own: Vec<(&'static str, String)>,
}

/// Counts by key, without cells of nobody.
pub(crate) type Table = BTreeMap<Vec<String>, Vec<i64>>;

/// Somebody in one place: in the queue or enrolled.
struct Visit {
    place: usize,
    from: NaiveDate,
    until: Option<NaiveDate>,
    /// The first place, and not one that the case was transferred to.
    is_first: bool,
    /// The last place, where it ended if it has.
    is_last: bool,
}

/// What is known of a case.
struct Known {
    sex: Sex,
    livelihood: Livelihood,
    /// The places after the first, and since when.
    moves: Vec<(NaiveDate, usize)>,
    queue: Option<(NaiveDate, Option<NaiveDate>)>,
    enrolled: Option<NaiveDate>,
    exit: Option<(NaiveDate, ExitOutcome, Livelihood)>,
}

fn known(history: &History, sequence: i64) -> Option<Known> {
    if sequence < history.sequence {
        return None;
    }
    let (sex, livelihood) = (history.sex, history.livelihood);
    let (moves, queue, enrolled, exit) = (Vec::new(), None, None, None);
    let mut known = Known { sex, livelihood, moves, queue, enrolled, exit };
    for Event { what, .. } in history.events.iter().filter(|event| event.sequence <= sequence) {
        match *what {
            What::Accepted(day) => known.queue = Some((day, None)),
            What::LeftQueue(day) => known.queue = known.queue.map(|(from, _)| (from, Some(day))),
            What::Enrolled(day, livelihood) => {
                known.queue = known.queue.map(|(from, _)| (from, Some(day)));
                known.enrolled = Some(day);
                known.livelihood = livelihood;
            }
            What::Transferred(day, place) => known.moves.push((day, place)),
            What::Exited(day, outcome, livelihood) => {
                known.exit = Some((day, outcome, livelihood));
            }
            What::Resumed => known.exit = None,
            What::NotEnrolled => {
                known.queue = known.queue.map(|(from, _)| (from, None));
                (known.enrolled, known.exit) = (None, None);
                known.livelihood = history.livelihood;
            }
            What::Sex(sex) => known.sex = sex,
            What::Error => return None,
        }
    }
    known.moves.sort_by_key(|(day, _)| *day);
    Some(known)
}

/// Goes from place to place, from one day to another.
fn visits(
    first_place: usize,
    moves: &[(NaiveDate, usize)],
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Vec<Visit> {
    let mut place = first_place;
    let mut visits: Vec<Visit> = Vec::new();
    let mut since = from;
    for (day, to) in moves {
        if *day > from && until.is_none_or(|until| *day < until) {
            let is_first = visits.is_empty();
            visits.push(Visit { place, from: since, until: Some(*day), is_first, is_last: false });
            since = *day;
        }
        if until.is_none_or(|until| *day < until) || *day <= from {
            place = *to;
        }
    }
    let is_first = visits.is_empty();
    visits.push(Visit { place, from: since, until, is_first, is_last: true });
    visits
}

impl Visit {
    fn counts(&self, asked: &Asked, stock: [Measure; 4]) -> Vec<Measure> {
        let [opening, into, out, closing] = stock;
        let within = |day: NaiveDate| asked.first <= day && day <= asked.last;
        let left_by = |day: NaiveDate| self.until.is_some_and(|until| until <= day);
        let before = asked.first.pred_opt().unwrap();
        let mut counted = Vec::new();
        counted.extend((self.from <= before && !left_by(before)).then_some(opening));
        counted.extend(within(self.from).then_some(into));
        counted.extend(self.until.is_some_and(within).then_some(out));
        counted.extend((self.from <= asked.last && !left_by(asked.last)).then_some(closing));
        counted
    }
}

/// Counts every history.
pub(crate) fn table(histories: &[History], asked: &Asked) -> Table {
    let mut table = Table::new();
    for history in histories {
        let Some(known) = known(history, asked.sequence) else { continue };
        for (place, measure) in counted(history, &known, asked) {
            let own = (PLACES[place].1, history.team.clone());
            let row = asked.measures.iter().position(|other| *other == measure);
            if let Some(row) = row.filter(|_| asked.own.contains(&own)) {
                let keys = asked.cuts.iter().map(|cut| key(history, &known, place, *cut)).collect();
                table.entry(keys).or_insert_with(|| vec![0; asked.measures.len()])[row] += 1;
            }
        }
    }
    table
}

/// What a case is counted as, and where.
fn counted(history: &History, known: &Known, asked: &Asked) -> Vec<(usize, Measure)> {
    use Measure::{
        EnrolledClosing, EnrolledIn, EnrolledOpening, EnrolledOut, ExitedClosing, ExitedIn,
        ExitedOpening, New, Participants, QueueClosing, QueueIn, QueueOpening, QueueOut, Referred,
    };
    let within = |day: NaiveDate| asked.first <= day && day <= asked.last;
    let mut all = Vec::new();
    if within(history.referred) {
        all.push((history.place, Referred));
    }
    if let Some((from, until)) = known.queue {
        for visit in visits(history.place, &known.moves, from, until) {
            let stock = [QueueOpening, QueueIn, QueueOut, QueueClosing];
            all.extend(visit.counts(asked, stock).into_iter().map(|what| (visit.place, what)));
        }
    }
    let Some(enrolled) = known.enrolled else { return all };
    let ended = known.exit.map(|(day, _, _)| day);
    for visit in visits(history.place, &known.moves, enrolled, ended) {
        let stock = [EnrolledOpening, EnrolledIn, EnrolledOut, EnrolledClosing];
        let mut here = visit.counts(asked, stock);
        let is_new = visit.is_first && within(enrolled);
        here.extend(is_new.then_some(New));
        if is_new || here.contains(&EnrolledOpening) {
            here.push(Participants);
        }
        if let Some(day) = ended.filter(|_| visit.is_last) {
            here.extend((day < asked.first).then_some(ExitedOpening));
            here.extend(within(day).then_some(ExitedIn));
            here.extend((day <= asked.last).then_some(ExitedClosing));
        }
        all.extend(here.into_iter().map(|what| (visit.place, what)));
    }
    all
}

fn key(history: &History, known: &Known, place: usize, (cut, banded): (Dimension, bool)) -> String {
    let (municipality, party) = PLACES[place];
    let exit = known.exit;
    match cut {
        Dimension::Unspecified => unreachable!("no table is cut by nothing"),
        Dimension::Team => format!("{HOME}/teams/{}", history.team),
        Dimension::Area => match municipality {
            "1980" | "1981" => format!("{HOME}/areas/vastra"),
            "1983" => format!("{HOME}/areas/ostra"),
            _ => String::new(),
        },
        Dimension::Municipality => format!("{HOME}/municipalities/{municipality}"),
        Dimension::Party => format!("{HOME}/parties/{party}"),
        Dimension::Sex => known.sex.name().to_owned(),
        Dimension::Age => match history.birth_year.map(|year| history.referred.year() - year) {
            None => String::new(),
            Some(..=29) => "under-30".to_owned(),
            Some(_) => "30-and-older".to_owned(),
        },
        Dimension::ReferringKind if banded => {
            let is_state = [1, 3].contains(&history.kind.number());
            if is_state { "state".to_owned() } else { "others".to_owned() }
        }
        Dimension::ReferringKind => history.kind.name().to_owned(),
        Dimension::ReferringParty => format!("{HOME}/parties/{}", history.sender),
        Dimension::ExitOutcome => exit.map_or("", |(_, outcome, _)| outcome.name()).to_owned(),
        Dimension::LivelihoodBefore => known.livelihood.name().to_owned(),
        Dimension::LivelihoodAfter => exit.map_or("", |(_, _, after)| after.name()).to_owned(),
    }
}
