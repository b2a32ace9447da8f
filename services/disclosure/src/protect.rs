//! Which numbers are hidden, and the proof that it is enough.
//!
//! The proof is a world for each count of 1 to below the threshold: other counts, all
//! whole and at least 0, with which every number that is known is what it is, and in
//! which the count reaches the threshold. It is made of moves, each of which is
//! checked against the sums it must not change; a world that is not found is taken for
//! one that is not there, and more is hidden.

use std::collections::BTreeSet;

use crate::{
    Threshold,
    search::{self, Aim, Memory, Taste},
    system::{Net, Standing, System},
};

/// Above so many pairs of an extra hidden number and a small count, nothing is taken
/// back: it would cost more time than readers gain.
const PAIRS_TAKEN_BACK: usize = 2000;

/// Counts that can be told whatever of the table is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unproven(pub(super) Vec<usize>);

/// A small count, and how many it is to be in another world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Goal {
    count: usize,
    value: i64,
}

/// The numbers that are hidden so that no small count can be told: those that are small
/// themselves, those given, and others that they could be computed from. What is known to be
/// small whatever is hidden is kept as far from known as it was.
///
/// # Errors
/// The counts for which hiding everything is not enough, or is not seen to be enough.
pub(crate) fn protect(
    system: &System,
    threshold: Threshold,
    given: &BTreeSet<usize>,
) -> Result<BTreeSet<usize>, Unproven> {
    let mut first = given.clone();
    let is_small =
        |index: &usize| threshold.is_small(system.numbers[*index].sum.value(&system.counts));
    first.extend((0..system.numbers.len()).filter(is_small));

    let mut net = Net::new(system, &first);
    let mut memory = Memory::new(&net);
    let goals = goals(system, threshold);
    let mut unproven = Vec::new();
    for goal in &goals {
        if !hide_for(system, &mut net, &mut memory, *goal) {
            unproven.push(goal.count);
        }
    }
    if !unproven.is_empty() {
        return Err(Unproven(unproven));
    }
    take_back(system, &mut net, &mut memory, (&goals, &first));
    // Whoever audits the tables later finds each proof again without help, in what is hidden
    // at last: more that is hidden for one can lead the search for another astray.
    loop {
        let hidden = net.hidden();
        let is_lost = |goal: &&Goal| {
            !is_safe(system, &mut net, &mut memory, **goal)
                && !widen(system, &mut net, &mut memory, **goal)
        };
        let lost: Vec<usize> = goals.iter().filter(is_lost).map(|goal| goal.count).collect();
        if !lost.is_empty() {
            return Err(Unproven(lost));
        }
        if net.hidden() == hidden {
            return Ok(hidden);
        }
    }
}

/// What each small count is to reach: the threshold. Where what is known whatever is hidden
/// keeps it below that, the most that is reached with everything hidden, because hiding
/// keeps no more; nothing, where that is what it is. A count that nobody has is to reach it
/// from 0, too, unless readers know that it is 0: it could be a small one.
fn goals(system: &System, threshold: Threshold) -> Vec<Goal> {
    let mut net = Net::new(system, &(0..system.numbers.len()).collect());
    let most = net.most(&system.counts);
    let mut memory = Memory::new(&net);
    let mut goals = Vec::new();
    let empty = system.guessed.iter().copied().filter(|count| system.counts[*count] == 0);
    for count in small_counts(system, threshold).into_iter().chain(empty) {
        let enough = enough(system, threshold, count);
        let most = most[count].map_or(enough, |most| most.min(enough));
        let is_free = most == enough && !system.guessed.contains(&count);
        let value = if is_free {
            Some(most)
        } else {
            (system.counts[count] + 1..=most)
                .rev()
                .find(|value| is_safe(system, &mut net, &mut memory, Goal { count, value: *value }))
        };
        goals.extend(value.map(|value| Goal { count, value }));
    }
    goals
}

/// What a small count is to reach.
fn enough(system: &System, threshold: Threshold, count: usize) -> i64 {
    if system.implied.contains(&count) { system.counts[count] + 1 } else { threshold.value() }
}

/// The small counts that can be told, or are not seen to be safe, with these numbers
/// hidden.
///
/// For P small counts, this takes at most 3 × P × t moves of at most 2300 steps; a step
/// looks once at every count of a few sums. That is O(P × t × L × S), where L is the
/// longest sum and S the most sums that a count stands in, with a large constant that is
/// met only by what cannot be proved: most moves are found within ten steps.
pub(crate) fn audit(system: &System, threshold: Threshold, hidden: &BTreeSet<usize>) -> Vec<usize> {
    let mut net = Net::new(system, hidden);
    let mut memory = Memory::new(&net);
    let is_told = |count: &usize| {
        let goal = Goal { count: *count, value: enough(system, threshold, *count) };
        !is_safe(system, &mut net, &mut memory, goal)
    };
    small_counts(system, threshold).into_iter().filter(is_told).collect()
}

fn small_counts(system: &System, threshold: Threshold) -> Vec<usize> {
    let counts = system.counts.iter().enumerate();
    counts.filter(|(_, value)| threshold.is_small(**value)).map(|(count, _)| count).collect()
}

/// Makes a count unsafe to tell: with what is hidden, else with what is cheap to hide,
/// else with all that it stands in, else with all that any of those stand in, else
/// with everything.
fn hide_for(system: &System, net: &mut Net, memory: &mut Memory, goal: Goal) -> bool {
    if raise(system, net, memory, goal, (Taste::First, false))
        || is_nobody(system, net, goal)
        || raise(system, net, memory, goal, (Taste::First, true))
    {
        return true;
    }
    widen(system, net, memory, goal)
}

/// Hides more and more around a count, until it is safe.
fn widen(system: &System, net: &mut Net, memory: &mut Memory, goal: Goal) -> bool {
    let near: BTreeSet<usize> = net.numbers_of(goal.count).collect();
    let beside: BTreeSet<usize> = net.of_count[goal.count]
        .iter()
        .flat_map(|(sum, _)| net.sums[*sum].terms())
        .flat_map(|(other, _)| net.numbers_of(*other))
        .collect();
    for numbers in [near, beside, (0..system.numbers.len()).collect()] {
        for number in numbers {
            net.set(number, Standing::Hidden);
        }
        if is_safe(system, net, memory, goal) {
            return true;
        }
    }
    false
}

/// True when a count can reach its goal with what is hidden, or is seen to be 0.
fn is_safe(system: &System, net: &mut Net, memory: &mut Memory, goal: Goal) -> bool {
    raised(system, net, memory, (goal.count, goal.value)).is_some() || is_nobody(system, net, goal)
}

/// True when what is not hidden leaves nobody to be counted.
fn is_nobody(system: &System, net: &Net, goal: Goal) -> bool {
    system.counts[goal.count] == 0 && net.most(&system.counts)[goal.count] == Some(0)
}

/// A world in which a count has a value, with what is hidden.
pub(crate) fn raised(
    system: &System,
    net: &mut Net,
    memory: &mut Memory,
    (count, value): (usize, i64),
) -> Option<Vec<i64>> {
    let goal = Goal { count, value };
    let mut tastes = Taste::ALL.into_iter();
    tastes.find_map(|taste| world(system, net, memory, goal, (taste, false)))
}

/// True when a world is found in which the count reaches its goal. When numbers may be
/// hidden for it, they are.
fn raise(
    system: &System,
    net: &mut Net,
    memory: &mut Memory,
    goal: Goal,
    how: (Taste, bool),
) -> bool {
    world(system, net, memory, goal, how).is_some()
}

fn world(
    system: &System,
    net: &mut Net,
    memory: &mut Memory,
    Goal { count, value }: Goal,
    (taste, may_hide): (Taste, bool),
) -> Option<Vec<i64>> {
    let mut world = system.counts.clone();
    while world[count] < value {
        let wanted = value - world[count];
        let aim = Aim { count, wanted, may_hide, taste };
        let found = search::upward(net, memory, &world, aim);
        let found = found?;
        for sum in &found.hides {
            net.hide_sum(*sum);
        }
        let times = found.reach(&world).map_or(wanted, |reach| reach.min(wanted));
        assert!(times > 0, "a move cannot be made");
        for (changed, change) in &found.changes {
            world[*changed] += times * change;
        }
    }
    check(system, net, &world);
    Some(world)
}

/// The proof's own check, apart from the search: of every sum that a changed count
/// stands in.
fn check(system: &System, net: &Net, world: &[i64]) {
    let counts = system.counts.iter().zip(world).enumerate();
    for (count, _) in counts.filter(|(_, (truth, other))| truth != other) {
        assert!(world[count] >= 0, "a world has a negative count");
        for (sum, _) in &net.of_count[count] {
            let is_same = net.sums[*sum].value(world) == net.sums[*sum].value(&system.counts);
            let is_hidden = net.standing[*sum] == Standing::Hidden;
            assert!(is_same || is_hidden, "a world changes a known number");
        }
    }
}

/// Shows again, the dearest first, what turned out not to be needed.
fn take_back(
    system: &System,
    net: &mut Net,
    memory: &mut Memory,
    (goals, first): (&[Goal], &BTreeSet<usize>),
) {
    let mut extra: Vec<usize> = net.hidden().difference(first).copied().collect();
    if extra.len() * goals.len() > PAIRS_TAKEN_BACK {
        return;
    }
    extra.sort_by_key(|number| (std::cmp::Reverse(system.numbers[*number].cost), *number));
    for number in extra {
        net.set(number, Standing::Shown(system.numbers[number].cost));
        let is_safe = goals.iter().all(|goal| {
            raise(system, net, memory, *goal, (Taste::First, false))
                || is_nobody(system, net, *goal)
        });
        if !is_safe {
            net.set(number, Standing::Hidden);
        }
    }
}
