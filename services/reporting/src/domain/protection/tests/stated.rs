//! An attacker who reads what random reports state of all teams, beside what they tell of
//! each, hide, or have nothing of.

use super::totals::{Draft, WHOLE, after, told};
use super::*;
use crate::domain::definition::TOTAL;
use crate::domain::release::{Earlier, Figure, Source, Told, compiled};

/// What there is to know of a team, of every cell.
fn whole_team(dice: &mut Dice) -> Counted {
    let size = |dice: &mut Dice| i64::try_from(dice.below(9) * (1 + dice.below(4))).unwrap();
    let (women, men) = (size(dice), size(dice));
    let young = (women + men).min(size(dice));
    let new = [women.min(size(dice)), men.min(size(dice))];
    counted(&[
        ("participants", women + men),
        ("participants.woman", women),
        ("participants.man", men),
        ("participants_by_age.under_30", young),
        ("participants_by_age.over_30", women + men - young),
        ("new_participants", new[0] + new[1]),
        ("new_participants.woman", new[0]),
        ("new_participants.man", new[1]),
    ])
}

/// Reports that state some of what there is of all teams, of which one may be silent.
fn stating(dice: &mut Dice, only_some: bool) -> Draft {
    let teams = ["a", "b", "c", "d", "e"].map(|team| (team, whole_team(dice)));
    let missing: &[&str] = if dice.below(3) == 0 { &["e"] } else { &[] };
    let teams = &teams[..4 + missing.len()];
    let mut draft = Draft::of(teams, (&["c", "d"], missing));
    draft.stated = draft.cells.iter().filter(|_| dice.below(2) == 0).cloned().collect();
    if only_some {
        let told = |cell: &&Cell| cell.category != TOTAL && dice.below(2) == 0;
        let told = draft.cells.iter().filter(told).cloned().collect();
        draft.only = BTreeMap::from([("b".to_owned(), told)]);
        // Where some of its counts are small, totals are hidden for those.
        let times = *dice.one_of(&[1, 5]);
        draft.truth.get_mut("b").unwrap().values_mut().for_each(|count| *count *= times);
    }
    draft
}

#[test]
fn nobody_can_tell_a_small_count_from_what_is_stated_of_all_teams() {
    // In 122, totals of the ages and of the women tell how many men a silent team has; in
    // 401, a total and one of the new men that it has few women; in 1372 several that it has
    // few men; and in 1395 that few of its men are not new, if it has only women and men.
    attack(&[122, 401, 1372, 1395], false);
}

#[test]
fn nobody_can_tell_a_small_count_of_a_team_that_told_some_from_what_is_stated_of_all() {
    // In both, what a team has not told of the young or of women is left by the others.
    attack(&[399, 1284], true);
}

fn attack(always: &[u64], only_some: bool) {
    let (mut shown, mut hidden, mut leaks) = (0, 0, 0);
    let rounds = if std::env::var("SAMORDNA_TEST_LONG").is_ok() { 3_000 } else { 25 };
    for seed in (0..rounds).chain(always.iter().copied()) {
        let draft = stating(&mut Dice(seed), only_some);
        let (figures, made) = draft.published(&Earlier::default());
        let of_stated = |figures: &[Figure], is_told: bool| {
            let stated = figures.iter().filter(|one| one.source == Source::Stated);
            stated.filter(|one| (one.told != Told::Hidden) == is_told).count()
        };
        shown += of_stated(&figures, true);
        hidden += of_stated(&figures, false);
        let read = |figures| told(&[(figures, WHOLE, draft.truth.clone())]);
        assert_eq!(read(figures), [""; 0], "seed {seed}: {:?}", made.hidden);
        if seed < 8 {
            let hidden = protect_typed(&draft);
            let planted = compiled(&definitions(), &draft.counts(), &hidden, &[1; 32]);
            leaks += usize::from(!read(planted).is_empty());
        }
    }
    // The proof is worth nothing when nothing is shown, or nothing could be told. Beside a
    // team that told only some, more totals would tell what is hidden of it.
    let least = if only_some { 4 } else { 2 };
    assert!(shown * least > hidden, "{shown} shown, {hidden} hidden");
    assert!(leaks > 0, "what is hidden is not needed");
}

#[test]
fn nobody_can_tell_a_small_count_from_what_two_releases_state_of_all_teams() {
    let rounds = if std::env::var("SAMORDNA_TEST_LONG").is_ok() { 3_000 } else { 25 };
    let mut shown = [0, 0];
    for seed in 0..rounds {
        let dice = &mut Dice(seed);
        let only_some = dice.below(3) == 0;
        let first = stating(dice, only_some);
        let mut second = first.clone();
        second.stated = first.cells.iter().filter(|_| dice.below(2) == 0).cloned().collect();
        let (told_first, made) = first.published(&Earlier::default());
        let teams = first.truth.keys().cloned().collect();
        let known = (ties(&definitions(), &template().relations), openings(&template().relations));
        let half = HalfYear::new(2025, 1).unwrap();
        let publication = made.counted.publication((1, half), &teams, known);
        let publications = vec![Published { publication, hidden: made.hidden.clone() }];
        let Some(again) = second.protected(&Earlier { publications, ..after(&made) }) else {
            continue;
        };
        let told_second = compiled(&definitions(), &again.counted, &again.hidden, &[1; 32]);
        for (place, figures) in [&told_first, &told_second].into_iter().enumerate() {
            let stated = figures.iter().filter(|one| one.source == Source::Stated);
            shown[place] += stated.filter(|one| one.told != Told::Hidden).count();
        }
        let truth = || first.truth.clone();
        let leak = told(&[(told_first, WHOLE, truth()), (told_second, WHOLE, truth())]);
        assert_eq!(leak, [""; 0], "seed {seed}: {:?}", again.hidden);
    }
    assert!(shown.iter().all(|shown| *shown > 25), "{shown:?} shown");
}

/// What would be hidden if nothing were stated of all.
fn protect_typed(draft: &Draft) -> BTreeSet<Place> {
    let mut nothing = draft.clone();
    nothing.stated.clear();
    nothing.protected(&Earlier::default()).unwrap().hidden
}
