//! What publications tell already: it takes nothing of a later one with it.

use super::*;

/// The first half of 2025, of team a, of which nothing is hidden.
fn first(cells: &[(&str, i64)]) -> Published {
    let publication = of_half(1, 1, &[("a", counted(cells))]);
    Published { publication, hidden: BTreeSet::new() }
}

/// The second half, as often as it is published.
fn second(version: i64, (referrals, queue): (i64, i64)) -> Publication {
    let flow = [("queue_at_start", 15), ("referrals", referrals), ("left_queue", 12)];
    let rest = [("new_participants", 13), ("queue", queue), ("participants", 40)];
    of_half(2, version, &[("a", counted(&[flow, rest].concat()))])
}

#[test]
fn a_limit_that_was_raised_hides_nothing_for_what_was_shown_under_the_old_one() {
    let raised = Threshold::new("", 10).unwrap();
    let earlier = [first(&[("participants", 40), ("exits", 7)])];
    let protected = protect(raised, &earlier, &second(2, (20, 10))).unwrap();
    assert!(protected.hidden().is_empty(), "{:?}", protected.hidden());
    // What leaks already takes nothing with it either.
    let mut leak = first(&[("participants", 20), ("participants.woman", 17)]);
    leak.publication.teams.get_mut("a").unwrap().insert(cell("participants.man"), 3);
    leak.hidden = [place("a", "participants.man")].into();
    assert!(!is_safe(T, &[], &leak), "20 − 17");
    let protected = protect(T, &[leak], &second(2, (20, 10))).unwrap();
    assert!(protected.hidden().is_empty(), "{:?}", protected.hidden());
}

#[test]
fn a_queue_that_did_not_begin_as_the_one_before_ended_hides_nothing_when_both_are_told() {
    let ended = [("queue_at_start", 10), ("referrals", 20), ("left_queue", 7)];
    let ended = first(&[&ended[..], &[("new_participants", 10), ("queue", 13)]].concat());
    // Published before the half-years were one ledger: 15 − 13 are two.
    let begun = Published { publication: second(2, (20, 10)), hidden: BTreeSet::new() };
    let again = protect(T, &[ended, begun], &second(3, (30, 20))).unwrap();
    assert!(again.hidden().is_empty(), "{:?}", again.hidden());
}

#[test]
fn a_table_is_hidden_whole_when_nothing_less_is_proved() {
    let teams = [("a", 3), ("b", 20), ("c", 20)];
    let teams = teams.map(|(team, people)| (team, counted(&[("participants", people)])));
    let of = |version| {
        let pairs = [["a", "b"], ["b", "c"], ["a", "c"]];
        let pairs = pairs.map(|of| (of.concat(), of.map(str::to_owned).into()));
        Publication { sums: pairs.into(), ..publication(version, &teams) }
    };
    let places = ["a", "b", "c"].map(|team| place(team, "participants"));
    // 23 + 23 − 40 are twice the three of team a, which no sum alone tells.
    let earlier = Published { publication: of(1), hidden: places.clone().into() };
    assert!(!is_safe(T, &[], &earlier));
    let alone = protect(T, &[], &of(2)).unwrap();
    assert!(alone.hidden().len() < alone.numbers.len());
    let beside = protect(T, &[earlier], &of(2)).unwrap();
    assert_eq!(beside.hidden().len(), beside.numbers.len());
    assert!(beside.would_reveal.len() < beside.numbers.len());
}
