//! The search for a move: counts that go up by one and counts that go down by one so
//! that no known number changes. In a table with margins the smallest is a rectangle:
//! two opposite corners go up, the two others down.
//!
//! Branch and bound by the cost of the numbers that have to be hidden for it. It stops
//! after a fixed number of steps, so a move may be missed, never invented.

use crate::system::{Net, Standing};

/// Counts in one move at most, tried from the smallest on, and the steps that the search
/// may take for it.
const LENGTHS: [(usize, usize); 4] = [(4, 200), (8, 500), (16, 800), (32, 800)];

/// Counts of people that change together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Move {
    /// The counts, each with +1 or −1.
    pub(crate) changes: Vec<(usize, i64)>,
    /// The sums that have to be hidden for it.
    pub(crate) hides: Vec<usize>,
    cost: u64,
}

impl Move {
    /// How often it can be made before a count would fall below 0; none without end.
    pub(crate) fn reach(&self, world: &[i64]) -> Option<i64> {
        let falling = self.changes.iter().filter(|(_, change)| *change < 0);
        falling.map(|(count, _)| world[*count]).min()
    }
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aim {
    /// The count that is to go up.
    pub(crate) count: usize,
    /// How often the move should be possible, where there is a choice.
    pub(crate) wanted: i64,
    /// True when numbers may be hidden for it.
    pub(crate) may_hide: bool,
    /// Which of equally good changes is tried first.
    pub(crate) taste: Taste,
}

/// Which of equally good changes is tried first: a first choice can bar the way later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taste {
    First,
    Last,
    Largest,
}

impl Taste {
    pub(crate) const ALL: [Taste; 3] = [Taste::First, Taste::Last, Taste::Largest];
}

/// A search in one world; its memory is used again for the next.
pub(crate) struct Search<'a> {
    net: &'a Net,
    world: &'a [i64],
    aim: Aim,
    memory: &'a mut Memory,
    longest: usize,
    steps_left: usize,
    cost: u64,
    best: Option<Move>,
}

/// What has been changed so far.
pub(crate) struct Memory {
    change: Vec<i64>,
    changed: Vec<usize>,
    off: Vec<i64>,
    /// The visible sums that are off.
    unbalanced: Vec<usize>,
    hiding: Vec<bool>,
    hides: Vec<usize>,
}

impl Memory {
    pub(crate) fn new(net: &Net) -> Self {
        Self {
            change: vec![0; net.of_count.len()],
            changed: Vec::new(),
            off: vec![0; net.sums.len()],
            unbalanced: Vec::new(),
            hiding: vec![false; net.sums.len()],
            hides: Vec::new(),
        }
    }
}

/// A change that would repair a sum, and how good a choice it is: lower is better.
struct Candidate {
    count: usize,
    change: i64,
    rank: (u64, bool, i64, i64),
}

/// The cheapest move found that takes a count up by one from a world.
pub(crate) fn upward(net: &Net, memory: &mut Memory, world: &[i64], aim: Aim) -> Option<Move> {
    let mut search =
        Search { net, world, aim, memory, longest: 0, steps_left: 0, cost: 0, best: None };
    for length in LENGTHS {
        (search.longest, search.steps_left) = length;
        if search.price(aim.count).is_some() {
            search.with_change(aim.count, 1, Search::go_on);
        }
        if search.best.as_ref().is_some_and(|best| best.cost == 0) {
            break;
        }
    }
    search.best
}

impl Search<'_> {
    /// Repairs what is off, the sum with the fewest ways first, in every way that
    /// could be cheaper than the best so far.
    fn go_on(&mut self) {
        let is_dearer = self.best.as_ref().is_some_and(|best| self.cost >= best.cost);
        if is_dearer || self.steps_left == 0 {
            return;
        }
        self.steps_left -= 1;
        if self.memory.unbalanced.is_empty() {
            let changes = self.memory.changed.iter();
            let changes = changes.map(|count| (*count, self.memory.change[*count])).collect();
            self.best = Some(Move { changes, hides: self.memory.hides.clone(), cost: self.cost });
            return;
        }
        let sum = self.narrowest();
        let mut hides_it = self.aim.may_hide.then_some(self.net.standing[sum]);
        for candidate in self.candidates(sum) {
            if let Some(Standing::Shown(cost)) = hides_it
                && cost < candidate.rank.0
            {
                self.with_hidden(sum, cost);
                hides_it = None;
            }
            self.with_change(candidate.count, candidate.change, Self::go_on);
        }
        if let Some(Standing::Shown(cost)) = hides_it {
            self.with_hidden(sum, cost);
        }
    }

    /// The sum that is off and can be repaired in the fewest ways.
    fn narrowest(&self) -> usize {
        let mut narrowest = (usize::MAX, 0);
        for sum in &self.memory.unbalanced {
            // A long sum is looked at only as far as it could still be the narrowest.
            let ways = self.repairs(*sum).take(narrowest.0.saturating_add(1)).count();
            narrowest = narrowest.min((ways, *sum));
        }
        narrowest.1
    }

    /// The changes that bring a sum nearer to its value.
    fn repairs(&self, sum: usize) -> impl Iterator<Item = (usize, i64)> + '_ {
        let direction = -self.memory.off[sum].signum();
        let most = if self.memory.changed.len() < self.longest { usize::MAX } else { 0 };
        let terms = self.net.sums[sum].terms().iter().take(most);
        let repairs = terms.map(move |(count, sign)| (*count, direction * sign));
        repairs.filter(|(count, change)| {
            self.memory.change[*count] == 0 && (*change > 0 || self.world[*count] > 0)
        })
    }

    /// The same with how good each is, the best first.
    fn candidates(&self, sum: usize) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for (count, change) in self.repairs(sum) {
            if let Some(price) = self.price(count) {
                let is_short = change < 0 && self.world[count] < self.aim.wanted;
                let rank = (price, is_short, self.unbalances(count, change), self.taste(count));
                candidates.push(Candidate { count, change, rank });
            }
        }
        candidates.sort_by_key(|candidate| (candidate.rank, candidate.count));
        candidates
    }

    fn taste(&self, count: usize) -> i64 {
        match self.aim.taste {
            Taste::First => 0,
            Taste::Last => -i64::try_from(count).unwrap_or(i64::MAX),
            Taste::Largest => -self.world[count],
        }
    }

    fn is_visible(&self, sum: usize) -> bool {
        self.net.standing[sum] != Standing::Hidden && !self.memory.hiding[sum]
    }

    /// What has to be hidden as soon as a count changes: the numbers that are the
    /// count itself. None when that cannot be hidden.
    fn price(&self, count: usize) -> Option<u64> {
        let mut price = 0;
        for (sum, _) in &self.net.of_count[count] {
            if self.net.sums[*sum].terms().len() > 1 || self.memory.hiding[*sum] {
                continue;
            }
            match self.net.standing[*sum] {
                Standing::Hidden => {}
                Standing::Shown(cost) if self.aim.may_hide => price += cost,
                Standing::Known | Standing::Shown(_) => return None,
            }
        }
        Some(price)
    }

    /// How many more sums are off after a change.
    fn unbalances(&self, count: usize, change: i64) -> i64 {
        let mut more = 0;
        for (sum, sign) in &self.net.of_count[count] {
            if self.net.sums[*sum].terms().len() > 1 && self.is_visible(*sum) {
                let off = self.memory.off[*sum];
                more += i64::from(off == 0) - i64::from(off + sign * change == 0);
            }
        }
        more
    }

    /// Goes on with a number hidden, and takes that back.
    fn with_hidden(&mut self, sum: usize, cost: u64) {
        self.hide(sum, cost);
        self.go_on();
        self.show(sum, cost);
    }

    /// Goes on with a count changed, and takes that back.
    fn with_change(&mut self, count: usize, change: i64, go_on: fn(&mut Self)) {
        let mut hidden_for_it = Vec::new();
        for (sum, _) in &self.net.of_count[count] {
            let is_the_count = self.net.sums[*sum].terms().len() == 1;
            if is_the_count
                && self.is_visible(*sum)
                && let Standing::Shown(cost) = self.net.standing[*sum]
            {
                self.hide(*sum, cost);
                hidden_for_it.push((*sum, cost));
            }
        }
        self.memory.change[count] = change;
        self.memory.changed.push(count);
        self.shift(count, change);
        go_on(self);
        self.shift(count, -change);
        self.memory.changed.pop();
        self.memory.change[count] = 0;
        for (sum, cost) in hidden_for_it.into_iter().rev() {
            self.show(sum, cost);
        }
    }

    fn hide(&mut self, sum: usize, cost: u64) {
        self.memory.hiding[sum] = true;
        self.memory.hides.push(sum);
        self.memory.unbalanced.retain(|other| *other != sum);
        self.cost += cost;
    }

    fn show(&mut self, sum: usize, cost: u64) {
        self.memory.hiding[sum] = false;
        self.memory.hides.pop();
        if self.memory.off[sum] != 0 {
            self.memory.unbalanced.push(sum);
        }
        self.cost -= cost;
    }

    fn shift(&mut self, count: usize, change: i64) {
        for (sum, sign) in &self.net.of_count[count] {
            let before = self.memory.off[*sum];
            let after = before + sign * change;
            self.memory.off[*sum] = after;
            if !self.is_visible(*sum) {
                continue;
            }
            if before == 0 {
                self.memory.unbalanced.push(*sum);
            } else if after == 0 {
                self.memory.unbalanced.retain(|other| other != sum);
            }
        }
    }
}
