//! What a reader may count on.

use disclosure::{Threshold, testing::Dice};

use super::{
    super::table::Table,
    given_out, layout,
    people::{crowd, halves, population},
    plain, table,
};
use crate::domain::{disclosure::table::Place, fact::Measure, table_layout::Dimension};

const T: Threshold = Threshold::DEFAULT;

fn asked(measures: &[Measure]) -> Table {
    let cuts = [plain(Dimension::Team), plain(Dimension::ReferringKind), plain(Dimension::Sex)];
    table(layout(measures, &cuts), halves()[0], 1)
}

#[test]
fn a_table_without_small_counts_is_shown_whole_and_every_shown_number_is_true() {
    for seed in 0..50 {
        let dice = &mut Dice(seed);
        let people = crowd(dice, 60, (2, 2));
        // Everybody five times: no count is from 1 to 4.
        let fivefold: Vec<_> = people.iter().flat_map(|one| vec![one.clone(); 5]).collect();
        let asked = asked(Measure::ALL);
        let many = population(&fivefold, &halves(), &[1]);
        let protected = given_out(&many, &[]).beside(T, &asked).unwrap();
        assert!(protected.hidden().is_empty(), "seed {seed}");

        let few = population(&people, &halves(), &[1]);
        let asked = super::Table { layout: layout(&[Measure::New], &asked.layout.cuts), ..asked };
        let protected = given_out(&few, &[]).beside(T, &asked).unwrap();
        for (place, told) in &protected.numbers {
            let counted = people.iter().filter(|one| one.from <= 1 && 1 < one.to);
            let counted = counted.filter(|one| {
                let parts = [
                    one.fact.team.to_string(),
                    one.fact.referring_kind.name().to_owned(),
                    one.fact.sex.name().to_owned(),
                ];
                let mut keys = place.keys.iter().zip(parts);
                let fits = keys.all(|(key, part)| key.as_ref().is_none_or(|key| *key == part));
                fits && place.measure.counts(&one.fact, halves()[0])
            });
            let truth = i64::try_from(counted.count()).unwrap();
            assert!(told.is_none_or(|told| told == truth), "seed {seed}: {place:?}");
            assert!(told.is_some() || !protected.hidden().is_empty());
            assert!(!T.is_small(truth) || told.is_none(), "seed {seed}: {place:?}");
        }
    }
}

#[test]
fn the_same_people_in_another_order_have_the_same_numbers_hidden() {
    for seed in 0..10 {
        let dice = &mut Dice(seed);
        let mut people = crowd(dice, 80, (3, 3));
        let asked = asked(&[Measure::Participants, Measure::New]);
        let one = given_out(&population(&people, &halves(), &[1]), &[]).beside(T, &asked).unwrap();
        people.reverse();
        let middle = people.len() / 2;
        people.rotate_left(middle);
        let mut counted = population(&people, &halves(), &[1]);
        counted.tabulated.reverse();
        assert_eq!(given_out(&counted, &[]).beside(T, &asked).unwrap(), one, "seed {seed}");
    }
}

#[test]
fn a_table_of_nobody_is_a_table_of_zeros() {
    let nobody = population(&[], &halves(), &[1]);
    let protected = given_out(&nobody, &[]).beside(T, &asked(&[Measure::New])).unwrap();
    let total = Place { keys: vec![None; 3], measure: Measure::New };
    assert_eq!(protected.numbers.into_iter().collect::<Vec<_>>(), [(total, Some(0))]);
}

#[test]
fn a_threshold_is_at_least_three() {
    for (value, is_good) in [(2, false), (3, true), (5, true), (100, true), (101, false)] {
        assert_eq!(Threshold::new("threshold", value).is_ok(), is_good);
    }
    assert_eq!(Threshold::new("threshold", 5).unwrap(), Threshold::DEFAULT);
    assert!(!T.is_small(0) && T.is_small(1) && T.is_small(4) && !T.is_small(5));
}
