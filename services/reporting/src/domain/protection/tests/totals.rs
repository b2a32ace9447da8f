//! What is stated of teams together, beside what is hidden of some of them in counts from
//! records, which reporting itself does not know.

use disclosure::ledger::Summed;

use super::super::counts::{Term, table};
use super::*;
use crate::domain::derived;
use crate::domain::release::{
    self, Earlier, Figure, HiddenBefore, Meaning, Protected, Recorded, Source, Told, compiled,
    protected,
};

pub(super) const WHOLE: &str = "federations/x";

/// What there is to know of each team.
pub(super) type Truth = BTreeMap<String, Counted>;

/// A release before it is known what is hidden.
#[derive(Clone)]
pub(super) struct Draft {
    half: i32,
    whole: &'static str,
    pub(super) truth: Truth,
    /// The teams that are counted from records, and those that reported nothing either.
    pub(super) counted: BTreeSet<String>,
    missing: BTreeSet<String>,
    /// The cells that teams have.
    pub(super) cells: BTreeSet<Cell>,
    /// Those of a team that told only some.
    pub(super) only: BTreeMap<String, BTreeSet<Cell>>,
    /// The cells of which the report states all of them together.
    pub(super) stated: BTreeSet<Cell>,
}

impl Draft {
    pub(super) fn of(truth: &[(&str, Counted)], (counted, missing): (&[&str], &[&str])) -> Self {
        let names = |of: &[&str]| of.iter().map(|name| (*name).to_owned()).collect();
        let truth: Truth =
            truth.iter().map(|(team, counts)| ((*team).to_owned(), counts.clone())).collect();
        let cells = truth.values().flat_map(Counted::keys).cloned().collect();
        let (counted, missing) = (names(counted), names(missing));
        let (only, stated) = (BTreeMap::new(), BTreeSet::new());
        Self { half: 1, whole: WHOLE, truth, counted, missing, cells, only, stated }
    }

    fn stating(mut self, cells: &[&str]) -> Self {
        self.stated = cells.iter().map(|text| cell(text)).collect();
        self
    }

    fn sum(&self, cell: &Cell) -> i64 {
        self.truth.values().map(|counts| counts[cell]).sum()
    }

    /// What the tables tell, protected among themselves: where that is enough, with the small
    /// counts hidden and the sums that they are in, and none of the other teams'.
    fn tables(&self) -> BTreeMap<Place, derived::Told> {
        let is_counted = |team: &&String| self.counted.contains(*team);
        let teams = self.truth.keys().filter(is_counted);
        let teams: Vec<(&str, Counted)> =
            teams.map(|team| (team.as_str(), self.shown(team))).collect();
        let mut publication = of_half(self.half, 1, &teams);
        let of_all = publication.sums.values().next().cloned().unwrap();
        publication.sums = BTreeMap::from([(self.whole.to_owned(), of_all)]);
        let protected = protect(T, &[], &publication).unwrap();
        let small = publication.teams.iter().flat_map(|(team, counts)| {
            let small = counts.iter().filter(|(_, count)| T.is_small(**count));
            small.flat_map(|(cell, _)| {
                [team, self.whole].map(|of| Place { subject: of.to_owned(), cell: cell.clone() })
            })
        });
        let by_sums = Published { hidden: small.collect(), publication };
        let hidden = if is_safe(T, &[], &by_sums) { by_sums.hidden } else { protected.hidden() };
        let table = table(&by_sums.publication);
        let told = |(place, summed): (Place, Summed<Term>)| {
            let teams = summed.terms.iter().map(|term| match term {
                Term::Counted { team, .. } => self.truth[team][&place.cell],
                Term::Rest { .. } | Term::Unreported { .. } | Term::Others { .. } => {
                    panic!("a table sums counts")
                }
            });
            let value = (!hidden.contains(&place)).then(|| teams.sum());
            (place, derived::Told { value, commitment: vec![9; 32] })
        };
        table.numbers.into_iter().map(told).collect()
    }

    fn shown(&self, team: &str) -> Counted {
        let cells = self.only.get(team).unwrap_or(&self.cells);
        let counts = self.truth[team].iter().filter(|(cell, _)| cells.contains(*cell));
        counts.map(|(cell, count)| (cell.clone(), *count)).collect()
    }

    pub(super) fn counts(&self) -> release::Counted {
        let recorded = Recorded { name: String::new(), sequence: 7, hash: Vec::new() };
        let is_reported =
            |team: &&String| !self.counted.contains(*team) && !self.missing.contains(*team);
        let reported = self.truth.keys().filter(is_reported);
        let stated: Counted =
            self.stated.iter().map(|cell| (cell.clone(), self.sum(cell))).collect();
        let of_whole = (self.whole.to_owned(), (recorded.clone(), stated.clone()));
        let counted = release::Counted {
            whole: self.whole.to_owned(),
            teams: self.truth.len(),
            reported: reported
                .map(|team| (team.clone(), (recorded.clone(), self.shown(team))))
                .collect(),
            stated: [of_whole].into_iter().filter(|_| !stated.is_empty()).collect(),
            derived: if self.counted.is_empty() { BTreeMap::new() } else { self.tables() },
            sums: BTreeSet::new(),
        };
        counted.summed(&definitions())
    }

    pub(super) fn protected(&self, earlier: &Earlier) -> Option<Protected> {
        let (definitions, relations) = (definitions(), template().relations);
        let teams = self.truth.keys().cloned().collect();
        let meaning = Meaning {
            definitions: &definitions,
            relations: &relations,
            period: HalfYear::new(2025, self.half).unwrap(),
            teams: &teams,
        };
        protected(self.counts(), meaning, earlier, (T, 9)).ok()
    }

    /// Its figures, and the release as those that come after it know it.
    pub(super) fn published(&self, earlier: &Earlier) -> (Vec<Figure>, Protected) {
        let made = self.protected(earlier).unwrap();
        (compiled(&definitions(), &made.counted, &made.hidden, &[1; 32]), made)
    }
}

pub(super) fn after(made: &Protected) -> Earlier {
    let stating = made.stating.iter().cloned().collect();
    Earlier { publications: Vec::new(), stating, hidden: HiddenBefore::default() }
}

fn stated<'a>(figures: &'a [Figure], subject: &str, text: &str) -> &'a Told {
    let is_it = |figure: &&Figure| {
        figure.subject == subject && figure.cell == cell(text) && figure.source == Source::Stated
    };
    &figures.iter().find(is_it).unwrap().told
}

fn people(count: i64) -> Counted {
    counted(&[("participants", count)])
}

pub(super) fn told(releases: &[(Vec<Figure>, &str, Truth)]) -> Vec<String> {
    Attacker::reading(releases).told()
}

#[test]
fn a_total_is_hidden_beside_what_is_told_of_all_but_one_of_its_teams() {
    let truth = [("a", people(30)), ("c", people(20)), ("d", people(3))];
    let draft = Draft::of(&truth, (&["c", "d"], &[])).stating(&["participants"]);
    let counted = draft.counts();
    // What was published before totals were seen beside what is hidden.
    let planted = compiled(&definitions(), &counted, &BTreeSet::new(), &[1; 32]);
    assert_eq!(*stated(&planted, WHOLE, "participants"), Told::Count(53));
    let leak = told(&[(planted, WHOLE, draft.truth.clone())]);
    assert!(leak.iter().any(|secret| secret.starts_with("d ")), "53 − 30 − 20: {leak:?}");
    let (figures, _) = draft.published(&Earlier::default());
    assert_eq!(*stated(&figures, WHOLE, "participants"), Told::Hidden);
    assert_eq!(told(&[(figures, WHOLE, draft.truth)]), [""; 0]);
}

#[test]
fn a_total_beside_the_sums_of_both_kinds_is_told() {
    let truth = [("a", people(30)), ("b", people(8)), ("c", people(20)), ("d", people(9))];
    let draft = Draft::of(&truth, (&["c", "d"], &[])).stating(&["participants"]);
    let (figures, made) = draft.published(&Earlier::default());
    assert_eq!(*stated(&figures, WHOLE, "participants"), Told::Count(67));
    assert!(made.hidden.is_empty(), "{:?}", made.hidden);
}

#[test]
fn a_total_leaves_no_few_for_a_team_that_has_not_reported() {
    for (left, is_told) in [(3, false), (7, true), (0, true)] {
        let truth = [("a", people(30)), ("b", people(20)), ("e", people(left))];
        let draft = Draft::of(&truth, (&[], &["e"])).stating(&["participants"]);
        let (figures, _) = draft.published(&Earlier::default());
        let expected = if is_told { Told::Count(50 + left) } else { Told::Hidden };
        assert_eq!(*stated(&figures, WHOLE, "participants"), expected, "{left}");
    }
}

#[test]
fn a_total_leaves_no_few_beside_what_is_told_of_a_team_in_other_words() {
    let team = |young: i64, old: i64| {
        let ages = [("participants_by_age.under_30", young), ("participants_by_age.over_30", old)];
        counted(&[&[("participants", young + old)], &ages[..]].concat())
    };
    let mut truth = vec![("a", team(12, 10)), ("b", team(7, 3))];
    let draft = Draft { cells: [cell("participants")].into(), ..Draft::of(&truth, (&[], &[])) };
    let young = draft.clone().stating(&["participants_by_age.under_30"]);
    let (figures, _) = young.published(&Earlier::default());
    assert_eq!(*stated(&figures, WHOLE, "participants_by_age.under_30"), Told::Count(19));
    truth[0].1 = team(22, 0);
    let draft = Draft { cells: [cell("participants")].into(), ..Draft::of(&truth, (&[], &[])) };
    let young = draft.stating(&["participants_by_age.under_30"]);
    let (figures, _) = young.published(&Earlier::default());
    let told = stated(&figures, WHOLE, "participants_by_age.under_30");
    assert_eq!(*told, Told::Hidden, "32 − 29 are older");
}

#[test]
fn a_total_of_an_area_is_not_told_after_a_release_that_hides_one_of_its_teams() {
    let truth = [("c", people(20)), ("d", people(3)), ("f", people(40))];
    let counted = Draft::of(&truth, (&["c", "d", "f"], &[]));
    let (first, made) = counted.published(&Earlier::default());
    assert!(first.iter().any(|one| one.subject == "c" && one.told == Told::Count(20)));
    // A report that states it has no stating of its own, and what it hides is known all the same.
    assert!(made.stating.is_none(), "nothing is stated anywhere");
    let teams = truth.iter().map(|(team, _)| (*team).to_owned()).collect();
    let known = (HalfYear::new(2025, 1).unwrap(), Vec::new(), Openings::new());
    let stating = vec![release::stating("first", (WHOLE, &teams), &first, known)];
    let earlier = Earlier { stating, ..Earlier::default() };

    let mut area = Draft::of(&truth[..2], (&[], &["c", "d"])).stating(&["participants"]);
    area.whole = "area";
    let (leak, _) = area.published(&Earlier::default());
    assert_eq!(*stated(&leak, "area", "participants"), Told::Count(23));
    let read = |second| {
        told(&[(first.clone(), WHOLE, counted.truth.clone()), (second, "area", area.truth.clone())])
    };
    assert!(read(leak).iter().any(|secret| secret.starts_with("d ")), "23 − 20");
    let (figures, _) = area.published(&earlier);
    assert_eq!(*stated(&figures, "area", "participants"), Told::Hidden);
    assert_eq!(read(figures), [""; 0]);
}

#[test]
fn a_release_is_refused_that_hides_what_a_total_of_an_earlier_one_tells() {
    let truth = [("c", people(20)), ("d", people(3)), ("f", people(40))];
    let mut area = Draft::of(&truth[..2], (&[], &["c", "d"])).stating(&["participants"]);
    area.whole = "area";
    let (_, made) = area.published(&Earlier::default());
    let mut earlier = after(&made);
    earlier.stating[0].release = "first".to_owned();
    let told_before = |people_of_d: i64| {
        let truth = [truth[0].clone(), ("d", people(people_of_d)), truth[2].clone()];
        let counted = Draft::of(&truth, (&["c", "d", "f"], &[]));
        counted.protected(&earlier).unwrap().told_before(&earlier)
    };
    assert_eq!(told_before(3).as_deref(), Some("first"));
    assert_eq!(told_before(8), None, "nothing of them is hidden");
}

#[test]
fn a_total_of_the_end_tells_nothing_that_the_next_half_year_hides_as_its_beginning() {
    let flow = |queue: i64| {
        let gone = [("referrals", 20), ("left_queue", 5), ("new_participants", 15)];
        counted(&[&[("queue_at_start", queue), ("queue", queue)], &gone[..]].concat())
    };
    let truth = [("c", flow(20)), ("d", flow(3))];
    let begins = [cell("queue_at_start")];
    let later = Draft::of(&truth, (&["c", "d"], &[])).stating(&["referrals"]);
    let later = Draft { half: 2, cells: begins.into(), ..later };
    let (figures, made) = later.published(&Earlier::default());
    assert!(figures.iter().any(|one| one.subject == "d" && one.told == Told::Hidden));
    let first = Draft::of(&truth, (&[], &["c", "d"])).stating(&["queue"]);
    let (alone, _) = first.published(&Earlier::default());
    assert_eq!(*stated(&alone, WHOLE, "queue"), Told::Count(23));
    let (figures, _) = first.published(&after(&made));
    assert_eq!(*stated(&figures, WHOLE, "queue"), Told::Hidden);
}

#[test]
fn what_teams_report_is_protected_beside_a_total_that_an_earlier_release_states() {
    let truth = [("c", people(20)), ("d", people(3)), ("f", people(40))];
    let mut area = Draft::of(&truth[..2], (&[], &["c", "d"])).stating(&["participants"]);
    area.whole = "area";
    let (first, made) = area.published(&Earlier::default());
    let draft = Draft::of(&truth, (&[], &[]));
    let read = |second: Vec<Figure>| {
        told(&[(first.clone(), "area", area.truth.clone()), (second, WHOLE, draft.truth.clone())])
    };
    // With the sum of all hidden, and nobody of c.
    let places = [("d", "participants"), (WHOLE, "participants")];
    let hidden = places.map(|(subject, text)| place(subject, text)).into();
    let planted = compiled(&definitions(), &draft.counts(), &hidden, &[1; 32]);
    assert!(read(planted).iter().any(|secret| secret.starts_with("d ")), "23 − 20");
    let known = (ties(&definitions(), &[]), Openings::new());
    let half = HalfYear::new(2025, 1).unwrap();
    let teams = area.truth.keys().cloned().collect();
    let publication = area.counts().publication((1, half), &teams, known);
    let publications = vec![Published { publication, hidden: made.hidden.clone() }];
    let (figures, _) = draft.published(&Earlier { publications, ..after(&made) });
    assert_eq!(read(figures), [""; 0]);
}
