//! What the attacker knows after some tables were given out, and what it must not
//! learn.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::{Threshold, testing::Puzzle};

use super::super::{
    ledger::tells,
    population::{Population, cuts},
    table::{BandedCut, Place, Released, Table},
};
use crate::domain::{fact::Measure, table_layout::Dimension};

/// A sum of unknowns that is small in truth.
pub(super) struct Secret {
    pub(super) name: String,
    pub(super) terms: Terms,
    pub(super) value: i64,
    /// True for what a table was asked for; the others must not follow, but readers may see
    /// that they are not large.
    pub(super) is_asked: bool,
}

/// Unknowns, each with its sign.
type Terms = Vec<(usize, i64)>;

/// A count of a group of people in one of the population's periods; beyond the measures
/// there are two more: transferred in and transferred out.
type Count = (Vec<String>, usize, usize);

const TRANSFERRED_IN: usize = 14;
const TRANSFERRED_OUT: usize = 15;

pub(super) struct Knowledge<'a> {
    population: &'a Population,
    /// The dimensions that tables divide by.
    used: BTreeSet<Dimension>,
    measures: BTreeSet<Measure>,
    values: BTreeMap<(i64, Count), i64>,
    unknowns: BTreeMap<(Count, i64, Option<i64>), usize>,
    pub(super) puzzle: Puzzle,
    sums: BTreeMap<(Vec<Count>, i64), Terms>,
    /// Those that a table was asked for.
    asked: BTreeSet<(Vec<Count>, i64)>,
    /// What was hidden, and whether a table was asked for it that tells something.
    secrets: BTreeMap<String, (Terms, bool)>,
}

impl<'a> Knowledge<'a> {
    /// What is known after these. A table without a number tells nothing, not even how it
    /// divides people; where others divide them so, too, what it hides must not follow from
    /// those.
    pub(super) fn of(population: &'a Population, released: &[Released]) -> Self {
        let (telling, untold): (Vec<&Released>, Vec<&Released>) =
            released.iter().partition(|released| tells(population, released));
        let cuts = cuts(telling.iter().map(|released| &released.table));
        let layouts = telling.iter().map(|released| &released.table.layout);
        let mut knowledge = Self {
            population,
            used: cuts.iter().map(|cut| cut.dimension).collect(),
            measures: layouts.flat_map(|layout| layout.measures.iter().copied()).collect(),
            values: BTreeMap::new(),
            unknowns: BTreeMap::new(),
            puzzle: Puzzle::default(),
            sums: BTreeMap::new(),
            asked: BTreeSet::new(),
            secrets: BTreeMap::new(),
        };
        knowledge.count(&cuts);
        let sequences: BTreeSet<i64> = telling.iter().map(|r| r.table.sequence).collect();
        for sequence in &sequences {
            knowledge.know_books(*sequence);
        }
        for released in telling {
            knowledge.know_table(released, &sequences);
        }
        for Released { table, hidden: _ } in untold {
            let is_divided = table.layout.cuts.iter().all(|cut| cuts.contains(&cut));
            if is_divided && sequences.contains(&table.sequence) {
                knowledge.keep_hidden(table);
            }
        }
        knowledge
    }

    /// Everything small that must not be told: counts, hidden numbers, and differences.
    pub(super) fn secrets(&self, threshold: Threshold) -> Vec<Secret> {
        let value = |terms: &[(usize, i64)]| -> i64 {
            terms.iter().map(|(unknown, sign)| sign * self.puzzle.truth[*unknown]).sum()
        };
        let mut secrets: BTreeMap<String, (Terms, bool)> = self
            .secrets
            .iter()
            .map(|(name, (terms, is_asked))| (name.clone(), (terms.clone(), *is_asked)))
            .collect();
        for ((count, _, _), unknown) in &self.unknowns {
            secrets.insert(format!("{count:?} #{unknown}"), (vec![(*unknown, 1)], true));
        }
        for ((counts, sequence), terms) in &self.sums {
            let is_asked = |sequence: i64| self.asked.contains(&(counts.clone(), sequence));
            let others = self.sums.range((counts.clone(), i64::MIN)..(counts.clone(), *sequence));
            for ((_, other), other_terms) in others {
                let signed = |sign: i64| {
                    let taken = other_terms.iter().map(move |(unknown, s)| (*unknown, -sign * s));
                    terms.iter().map(move |(u, s)| (*u, sign * s)).chain(taken).collect::<Vec<_>>()
                };
                let sign = value(&signed(1)).signum();
                let name = format!("{counts:?} at {sequence} and {other}");
                let are_asked = is_asked(*sequence) && is_asked(*other);
                secrets.insert(name, (signed(sign), are_asked));
            }
        }
        let secret = |(name, (terms, is_asked)): (String, (Terms, bool))| {
            let value = value(&terms);
            Secret { name, terms, value, is_asked }
        };
        secrets.into_iter().map(secret).filter(|secret| threshold.is_small(secret.value)).collect()
    }

    /// Counts the groups that the tables divide: parts that none of them tells apart are one,
    /// by the name of the first.
    fn count(&mut self, cuts: &[&BandedCut]) {
        let periods = self.periods();
        let occurring: BTreeSet<(usize, &String)> = self
            .population
            .tabulated
            .iter()
            .flat_map(|tabulated| tabulated.cells.keys())
            .flat_map(|parts| parts.iter().enumerate())
            .collect();
        let group = |place: usize, part: &String| -> String {
            let dimension = self.population.cuts[place].dimension;
            let cuts = cuts.iter().filter(|cut| cut.dimension == dimension);
            let cuts: Vec<&&BandedCut> = cuts.collect();
            let mut same = occurring.iter().filter(|(at, other)| {
                *at == place && cuts.iter().all(|cut| cut.key_of(other) == cut.key_of(part))
            });
            same.next().unwrap().1.clone()
        };
        for tabulated in &self.population.tabulated {
            let period = periods.iter().position(|p| *p == tabulated.period).unwrap();
            for (parts, cell) in &tabulated.cells {
                let places = self.population.cuts.iter().enumerate();
                let used = places.filter(|(_, cut)| self.used.contains(&cut.dimension));
                let key: Vec<String> = used.map(|(place, _)| group(place, &parts[place])).collect();
                let of = |measure: Measure| cell[measure as usize - 1];
                let mut all = cell.to_vec();
                all.push(of(Measure::EnrolledIn) - of(Measure::New));
                all.push(of(Measure::EnrolledOut) - of(Measure::ExitedIn));
                for (measure, value) in all.into_iter().enumerate() {
                    let count = (key.clone(), period, measure);
                    *self.values.entry((tabulated.sequence, count)).or_default() += value;
                }
            }
        }
    }

    fn periods(&self) -> Vec<values::Period> {
        let periods: BTreeSet<_> = self.population.tabulated.iter().map(|t| t.period).collect();
        periods.into_iter().collect()
    }

    /// Every combination of parts: where nobody is, the attacker does not know it.
    fn keys(&self) -> BTreeSet<Vec<String>> {
        let occurring: Vec<&Vec<String>> = self.values.keys().map(|(_, (key, _, _))| key).collect();
        let mut keys = BTreeSet::from([Vec::new()]);
        for place in 0..self.used.len() {
            let parts: BTreeSet<&String> = occurring.iter().map(|key| &key[place]).collect();
            let longer = |key: &Vec<String>| -> Vec<Vec<String>> {
                parts.iter().map(|part| [key.clone(), vec![(*part).clone()]].concat()).collect()
            };
            keys = keys.iter().flat_map(longer).collect();
        }
        keys
    }

    /// One unknown for a count, whatever the sequence, as long as it does not change;
    /// but for what only sums others, of which one can go up while another goes down.
    fn unknown(&mut self, sequence: i64, count: Count) -> usize {
        let sums = [Measure::EnrolledIn, Measure::EnrolledOut, Measure::Participants];
        let is_sum = sums.iter().any(|measure| *measure as usize - 1 == count.2);
        let value = self.values.get(&(sequence, count.clone())).copied().unwrap_or(0);
        let puzzle = &mut self.puzzle;
        let key = (count, value, is_sum.then_some(sequence));
        *self.unknowns.entry(key).or_insert_with(|| puzzle.unknown(value))
    }

    fn know_books(&mut self, sequence: i64) {
        use Measure::{
            EnrolledClosing, EnrolledIn, EnrolledOpening, EnrolledOut, ExitedClosing, ExitedIn,
            ExitedOpening, New, Participants, QueueClosing, QueueIn, QueueOpening, QueueOut,
        };
        let index = |measure: Measure| measure as usize - 1;
        let counts = |measures: &BTreeSet<Measure>, of: &[Measure]| {
            of.iter().any(|measure| measures.contains(measure))
        };
        let mut rules: Vec<Vec<(usize, i64)>> = Vec::new();
        let mut stocks = Vec::new();
        if counts(&self.measures, &[QueueOpening, QueueIn, QueueOut, QueueClosing]) {
            let rule = [(QueueOpening, 1), (QueueIn, 1), (QueueOut, -1), (QueueClosing, -1)];
            rules.push(rule.map(|(measure, sign)| (index(measure), sign)).to_vec());
            stocks.push((QueueClosing, QueueOpening));
        }
        let enrolled = [EnrolledOpening, EnrolledIn, EnrolledOut, EnrolledClosing];
        if counts(&self.measures, &[enrolled.as_slice(), &[New, Participants]].concat()) {
            let rule = [1, 1, -1, -1];
            let rule = enrolled.into_iter().zip(rule).map(|(measure, sign)| (index(measure), sign));
            rules.push(rule.collect());
            rules.push(vec![(index(EnrolledIn), 1), (index(New), -1), (TRANSFERRED_IN, -1)]);
            rules.push(vec![(index(EnrolledOut), 1), (index(ExitedIn), -1), (TRANSFERRED_OUT, -1)]);
            let met = [(Participants, 1), (EnrolledOpening, -1), (New, -1)];
            rules.push(met.map(|(measure, sign)| (index(measure), sign)).to_vec());
            stocks.push((EnrolledClosing, EnrolledOpening));
        }
        if counts(&self.measures, &[ExitedOpening, ExitedIn, ExitedClosing]) {
            let rule = [(ExitedOpening, 1), (ExitedIn, 1), (ExitedClosing, -1)];
            rules.push(rule.map(|(measure, sign)| (index(measure), sign)).to_vec());
            stocks.push((ExitedClosing, ExitedOpening));
        }
        for key in self.keys() {
            for period in 0..self.periods().len() {
                for rule in &rules {
                    let terms = rule.iter().map(|(measure, sign)| {
                        (self.unknown(sequence, (key.clone(), period, *measure)), *sign)
                    });
                    let terms: Vec<_> = terms.collect();
                    self.puzzle.know(terms);
                }
                for (closing, opening) in stocks.iter().filter(|_| period > 0) {
                    let ends = self.unknown(sequence, (key.clone(), period - 1, index(*closing)));
                    let begins = self.unknown(sequence, (key.clone(), period, index(*opening)));
                    self.puzzle.know([(ends, 1), (begins, -1)]);
                }
            }
        }
    }

    /// Adds what a table tells; what it would tell as of other sequences may follow from
    /// other tables.
    fn know_table(&mut self, Released { table, hidden }: &Released, sequences: &BTreeSet<i64>) {
        for (place, mut counts) in self.numbers(table) {
            counts.sort();
            let terms: Vec<(usize, i64)> = counts
                .iter()
                .map(|count| (self.unknown(table.sequence, count.clone()), 1))
                .collect();
            if hidden.contains(&place) {
                let name = format!("{place:?} at {}", table.sequence);
                self.secrets.insert(name, (terms.clone(), true));
            } else {
                self.puzzle.know(terms.clone());
            }
            self.asked.insert((counts.clone(), table.sequence));
            for sequence in sequences {
                let at = counts.iter().map(|count| (self.unknown(*sequence, count.clone()), 1));
                let at = at.collect();
                self.sums.insert((counts.clone(), *sequence), at);
            }
        }
    }

    /// Keeps what a table hides that tells nothing.
    fn keep_hidden(&mut self, table: &Table) {
        for (place, counts) in self.numbers(table) {
            let unknowns = counts.into_iter().map(|count| self.unknown(table.sequence, count));
            let terms = unknowns.map(|unknown| (unknown, 1)).collect();
            let name = format!("{place:?} at {}, untold", table.sequence);
            self.secrets.insert(name, (terms, false));
        }
    }

    /// What each number of a table sums.
    fn numbers(&self, table: &Table) -> BTreeMap<Place, Vec<Count>> {
        let used: Vec<Dimension> = self.used.iter().copied().collect();
        let order = self.population.cuts.iter().map(|cut| cut.dimension);
        let order: Vec<Dimension> = order.filter(|d| used.contains(d)).collect();
        let mut numbers: BTreeMap<Place, Vec<Count>> = BTreeMap::new();
        for measure in &table.layout.measures {
            for key in self.keys() {
                let cuts = table.layout.cuts.iter().map(|cut| {
                    let part = &key[order.iter().position(|d| *d == cut.dimension).unwrap()];
                    match &cut.banding {
                        Some(banding) => banding.of_part(part).to_owned(),
                        None => part.clone(),
                    }
                });
                let cuts: Vec<String> = cuts.collect();
                // Every cell, every total of one key, and the grand total.
                for summed in summings(cuts.len()) {
                    let keys = cuts.iter().zip(summed);
                    let keys = keys.map(|(part, is_summed)| (!is_summed).then(|| part.clone()));
                    let place = Place { keys: keys.collect(), measure: *measure };
                    let counts = self.counts(&key, *measure, table.period);
                    numbers.entry(place).or_default().extend(counts);
                }
            }
        }
        numbers
    }

    /// What a measure of a longer period sums.
    fn counts(&self, key: &[String], measure: Measure, whole: values::Period) -> Vec<Count> {
        let periods = self.periods();
        let inside: Vec<usize> =
            (0..periods.len()).filter(|period| whole.covers(periods[*period])).collect();
        let (first, last) = (inside[0], inside[inside.len() - 1]);
        let count = |period: usize, measure: Measure| (key.to_vec(), period, measure as usize - 1);
        match measure {
            Measure::QueueOpening | Measure::EnrolledOpening | Measure::ExitedOpening => {
                vec![count(first, measure)]
            }
            Measure::QueueClosing | Measure::EnrolledClosing | Measure::ExitedClosing => {
                vec![count(last, measure)]
            }
            Measure::Participants => {
                let new = inside.iter().skip(1).map(|period| count(*period, Measure::New));
                std::iter::once(count(first, measure)).chain(new).collect()
            }
            Measure::QueueIn
            | Measure::QueueOut
            | Measure::EnrolledIn
            | Measure::EnrolledOut
            | Measure::ExitedIn
            | Measure::Referred
            | Measure::New => inside.iter().map(|period| count(*period, measure)).collect(),
        }
    }
}

/// Which cuts are summed over: none, all but one, all.
fn summings(cuts: usize) -> BTreeSet<Vec<bool>> {
    let mut summings = BTreeSet::from([vec![false; cuts], vec![true; cuts]]);
    for alone in 0..cuts {
        summings.insert((0..cuts).map(|cut| cut != alone).collect());
    }
    summings
}
