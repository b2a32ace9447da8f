//! What is hidden of figures of one kind because of those of the other.

use super::*;

/// What is hidden, with figures of team a and of all teams in these cells.
fn hidden(cells: &[&str], find: impl Fn(&Beside<'_>) -> BTreeSet<Place>) -> BTreeSet<Place> {
    let (definitions, relations) = (definitions(), template().relations);
    let of = |text: &&str| [place("a", text), place("", text)];
    let places = cells.iter().flat_map(of).collect();
    let (definitions, relations) = (&definitions, relations.as_slice());
    find(&Beside { definitions, relations, whole: "", places: &places })
}

#[test]
fn a_flow_that_is_told_beside_a_hidden_end_of_the_other_kind_is_hidden_whole() {
    let before = BTreeSet::from([place("a", "queue"), place("b", "queue")]);
    let told = BTreeSet::from([place("a", "queue_at_start")]);
    let found = hidden(&["queue_at_start"], |beside| beside.hidden_flows(&told, &before));
    for text in ["queue_at_start", "referrals", "left_queue", "new_participants"] {
        assert!(found.contains(&place("a", text)) && found.contains(&place("", text)), "{text}");
    }
    assert!(!found.iter().any(|place| place.subject == "b"), "nothing is told of b");
}

#[test]
fn a_hidden_flow_is_not_told_by_the_parts_of_what_came_and_went() {
    let before = BTreeSet::from([place("a", "queue")]);
    let told = BTreeSet::from([place("a", "queue_at_start")]);
    let parts = ["new_participants.woman", "new_participants_by_referring_party.region"];
    let cells = [&parts[..], &["participants", "participants.woman"]].concat();
    let found = hidden(&cells, |beside| beside.hidden_flows(&told, &before));
    for text in parts {
        assert!(found.contains(&place("a", text)) && found.contains(&place("", text)), "{text}");
    }
    assert!(!found.contains(&place("a", "participants.woman")), "they came in no part of it");
}

#[test]
fn a_cell_of_both_kinds_is_hidden_in_both_with_what_it_is_computed_from() {
    let either = BTreeSet::from([place("a", "queue")]);
    let cells = ["queue", "queue_at_start", "referrals", "new_participants", "exits"];
    let found = hidden(&cells, |beside| beside.hidden_twice(&either));
    for text in ["queue", "queue_at_start", "referrals", "new_participants"] {
        assert!(found.contains(&place("a", text)) && found.contains(&place("", text)), "{text}");
    }
}
