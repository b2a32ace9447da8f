//! The attacker: writes down all that is known as equations, of its own and not with
//! the code that hides, and looks for whole numbers of at least 0 that solve them.
//!
//! A solution in which a count has another value shows that nobody can tell it. The
//! search is exhaustive up to a bound on each count, which totals keep in any case.

use std::collections::BTreeMap;

use super::Dice;

/// Unknowns with their signs, and what they sum to.
pub type Equation = (Vec<(usize, i64)>, i64);

/// Unknown counts and what is known of them.
#[derive(Debug, Clone, Default)]
pub struct Puzzle {
    /// The true values: where the search begins.
    pub truth: Vec<i64>,
    equations: Vec<Equation>,
}

/// Walks, and the steps of one.
const WALKS: usize = 8;
const WALK: usize = 1_000;

/// Steps after which a search gives up: the attacker then takes it that there is no
/// solution, which is the careful way to be wrong.
const STEPS: usize = 1_000;

impl Puzzle {
    /// Adds an unknown.
    pub fn unknown(&mut self, truth: i64) -> usize {
        self.truth.push(truth);
        self.truth.len() - 1
    }

    /// Adds that a sum is known.
    pub fn know(&mut self, terms: impl IntoIterator<Item = (usize, i64)>) {
        let mut summed: BTreeMap<usize, i64> = BTreeMap::new();
        for (unknown, sign) in terms {
            *summed.entry(unknown).or_default() += sign;
        }
        summed.retain(|_, sign| *sign != 0);
        let value = summed.iter().map(|(unknown, sign)| sign * self.truth[*unknown]).sum();
        let equation = (summed.into_iter().collect(), value);
        if !self.equations.contains(&equation) {
            self.equations.push(equation);
        }
    }

    /// All that is known.
    #[must_use]
    pub fn equations(&self) -> &[Equation] {
        &self.equations
    }

    /// A solution in which a sum has a value: at once, or one by one from what it is.
    #[must_use]
    pub fn solve(&self, sum: &[(usize, i64)], value: i64, effort: usize) -> Option<Vec<i64>> {
        let true_value: i64 = sum.iter().map(|(unknown, sign)| sign * self.truth[*unknown]).sum();
        self.solve_from(&self.truth, sum, value, effort).or_else(|| {
            let mut steps = true_value + 1..=value;
            steps.try_fold(self.truth.clone(), |world, step| {
                self.solve_from(&world, sum, step, effort)
            })
        })
    }

    fn solve_from(
        &self,
        near: &[i64],
        sum: &[(usize, i64)],
        value: i64,
        effort: usize,
    ) -> Option<Vec<i64>> {
        let mut equations = self.equations.clone();
        equations.push((sum.to_vec(), value));
        let most = self.truth.iter().copied().max().unwrap_or(0) + value + 8;
        let idle = set_aside(&mut equations, self.truth.len());
        let mut solver = Solver { effort, ..Solver::new(self, equations) };
        let all: Vec<usize> = (0..solver.equations.len()).collect();
        let mut bounds = solver.free(most);
        if !solver.narrow(&mut bounds, all) {
            return None;
        }
        let mut solution = (0..WALKS * effort)
            .find_map(|number| solver.walk(near, &bounds, number))
            .or_else(|| solver.branch(near, bounds.clone(), Vec::new()))
            .or_else(|| {
                (solver.steps, solver.is_careful) = (0, true);
                solver.branch(near, bounds, Vec::new())
            })?;
        for Idle { equation: (terms, value), plus, minus } in idle.into_iter().rev() {
            (solution[plus], solution[minus]) = (0, 0);
            let missing = missing(&(terms, value), &solution);
            (solution[plus], solution[minus]) = (missing.max(0), (-missing).max(0));
        }
        assert!(self.is_solved_by(&solution), "the attacker miscounts");
        Some(solution)
    }

    fn is_solved_by(&self, solution: &[i64]) -> bool {
        self.equations.iter().all(|equation| missing(equation, solution) == 0)
            && solution.iter().all(|value| *value >= 0)
    }
}

/// An equation that says nothing of the others: one unknown that is in no other is
/// added, another is taken away.
struct Idle {
    equation: Equation,
    plus: usize,
    minus: usize,
}

/// Takes out the equations that say nothing, one after the other.
fn set_aside(equations: &mut Vec<Equation>, unknowns: usize) -> Vec<Idle> {
    let mut idle = Vec::new();
    let mut places = vec![0; unknowns];
    for (unknown, _) in equations.iter().flat_map(|(terms, _)| terms) {
        places[*unknown] += 1;
    }
    loop {
        let own = |terms: &[(usize, i64)], sign: i64| {
            let own = terms.iter().find(|(unknown, s)| places[*unknown] == 1 && *s == sign);
            own.map(|(unknown, _)| *unknown)
        };
        let both = |(terms, _): &Equation| own(terms, 1).zip(own(terms, -1));
        let Some(index) = equations.iter().position(|equation| both(equation).is_some()) else {
            return idle;
        };
        let (plus, minus) = both(&equations[index]).expect("the position was found by it");
        let equation = equations.swap_remove(index);
        for (unknown, _) in &equation.0 {
            places[*unknown] -= 1;
        }
        idle.push(Idle { equation, plus, minus });
    }
}

/// What can be told of each unknown from the equations one by one: its bounds.
///
/// # Panics
/// When the truth does not solve the equations.
#[must_use]
pub fn bounds(puzzle: &Puzzle, most: i64) -> Vec<(i64, i64)> {
    let solver = Solver::new(puzzle, puzzle.equations.clone());
    let mut bounds = solver.free(most);
    let all = (0..solver.equations.len()).collect();
    assert!(solver.narrow(&mut bounds, all), "the truth solves the equations");
    bounds
}

struct Solver<'a> {
    puzzle: &'a Puzzle,
    equations: Vec<Equation>,
    of_unknown: Vec<Vec<(usize, i64)>>,
    /// Whether all unknowns are tried, or first those of what is wrong.
    is_careful: bool,
    effort: usize,
    steps: usize,
}

/// What an equation lacks.
fn missing((terms, value): &Equation, world: &[i64]) -> i64 {
    value - terms.iter().map(|(unknown, sign)| sign * world[*unknown]).sum::<i64>()
}

type Bounds = Vec<(i64, i64)>;

impl<'a> Solver<'a> {
    fn new(puzzle: &'a Puzzle, equations: Vec<Equation>) -> Self {
        let mut of_unknown = vec![Vec::new(); puzzle.truth.len()];
        for (index, (terms, _)) in equations.iter().enumerate() {
            for (unknown, sign) in terms {
                of_unknown[*unknown].push((index, *sign));
            }
        }
        Self { puzzle, equations, of_unknown, is_careful: false, effort: 1, steps: 0 }
    }

    /// Each unknown up to a bound; those of which nothing is known do not matter.
    fn free(&self, most: i64) -> Bounds {
        let truth = self.puzzle.truth.iter().zip(&self.of_unknown);
        truth.map(|(value, of)| if of.is_empty() { (*value, *value) } else { (0, most) }).collect()
    }

    /// Walks from a solution of the rest: puts one wrong equation right after the other, by the
    /// unknown that leaves the least wrong, and at times by any.
    fn walk(&self, near: &[i64], bounds: &Bounds, number: usize) -> Option<Vec<i64>> {
        let dice = &mut Dice(number as u64);
        let near = near.iter().zip(bounds);
        let mut world: Vec<i64> = near.map(|(v, (low, high))| *v.clamp(low, high)).collect();
        let mut off: Vec<i64> =
            self.equations.iter().map(|equation| missing(equation, &world)).collect();
        for _ in 0..WALK * self.effort {
            let wrong: Vec<usize> = (0..off.len()).filter(|index| off[*index] != 0).collect();
            if wrong.is_empty() {
                return Some(world);
            }
            let index = *dice.one_of(&wrong);
            let repairs: Vec<(usize, i64)> = self.equations[index]
                .0
                .iter()
                .map(|(unknown, sign)| {
                    let (low, high) = bounds[*unknown];
                    let other = (world[*unknown] + sign * off[index]).clamp(low, high);
                    (*unknown, other - world[*unknown])
                })
                .filter(|(_, change)| *change != 0)
                .collect();
            let left_wrong = |(unknown, change): &&(usize, i64)| -> i64 {
                let of = self.of_unknown[*unknown].iter();
                of.map(|(equation, sign)| {
                    (off[*equation] - sign * change).abs() - off[*equation].abs()
                })
                .sum()
            };
            let often = 2 + 2 * (number % WALKS);
            let repair = match (dice.below(often), repairs.is_empty()) {
                (_, true) => continue,
                (0, false) => *dice.one_of(&repairs),
                (_, false) => *repairs.iter().min_by_key(left_wrong).expect("some repair is left"),
            };
            world[repair.0] += repair.1;
            for (equation, sign) in &self.of_unknown[repair.0] {
                off[*equation] -= sign * repair.1;
            }
        }
        None
    }

    fn branch(
        &mut self,
        start: &[i64],
        mut bounds: Bounds,
        changed: Vec<usize>,
    ) -> Option<Vec<i64>> {
        self.steps += 1;
        if self.steps >= STEPS * self.effort || !self.narrow(&mut bounds, changed) {
            return None;
        }
        // The values it starts from, as near as the bounds allow, may be a solution already; if
        // not, an unknown of what is wrong with them is tried.
        let near = start.iter().zip(&bounds);
        let near: Vec<i64> = near.map(|(value, (low, high))| *value.clamp(low, high)).collect();
        let is_wrong = |equation: &&Equation| missing(equation, &near) != 0;
        let is_open = |unknown: &usize| bounds[*unknown].0 < bounds[*unknown].1;
        let open = |(terms, _): &Equation| {
            terms.iter().map(|(unknown, _)| *unknown).filter(is_open).collect::<Vec<usize>>()
        };
        let wrong = self.equations.iter().filter(is_wrong);
        let Some(wrong) = wrong.map(open).min_by_key(Vec::len) else { return Some(near) };
        let width = |unknown: &usize| (bounds[*unknown].1 - bounds[*unknown].0, *unknown);
        let chosen = match self.is_careful {
            true => (0..bounds.len()).filter(is_open).min_by_key(width),
            false => wrong.into_iter().min_by_key(width),
        };
        let unknown = chosen.expect("a wrong sum without an open unknown was narrowed away");
        let (low, high) = bounds[unknown];
        let nearest = near[unknown];
        let mut values: Vec<i64> = (low..=high).collect();
        values.sort_by_key(|value| (value - nearest).abs());
        for value in values {
            let mut narrowed = bounds.clone();
            narrowed[unknown] = (value, value);
            let changed = self.of_unknown[unknown].iter().map(|(equation, _)| *equation).collect();
            let solution = self.branch(start, narrowed, changed);
            if solution.is_some() || self.steps >= STEPS * self.effort {
                return solution;
            }
        }
        None
    }

    /// Narrows each unknown to what its equations leave; false when one leaves nothing.
    fn narrow(&self, bounds: &mut Bounds, mut waiting: Vec<usize>) -> bool {
        while let Some(index) = waiting.pop() {
            let (terms, value) = &self.equations[index];
            let reach = |(unknown, sign): &(usize, i64), bounds: &Bounds| {
                let (low, high) = bounds[*unknown];
                if *sign > 0 { (low, high) } else { (-high, -low) }
            };
            let mut total = (0, 0);
            for term in terms {
                let (low, high) = reach(term, bounds);
                total = (total.0 + low, total.1 + high);
            }
            if total.0 > *value || total.1 < *value {
                return false;
            }
            for term @ (unknown, sign) in terms {
                let own = reach(term, bounds);
                let low = own.0.max(value - (total.1 - own.1));
                let high = own.1.min(value - (total.0 - own.0));
                if low > high {
                    return false;
                }
                if (low, high) != own {
                    total = (total.0 - own.0 + low, total.1 - own.1 + high);
                    bounds[*unknown] = if *sign > 0 { (low, high) } else { (-high, -low) };
                    waiting.extend(self.of_unknown[*unknown].iter().map(|(equation, _)| *equation));
                }
            }
        }
        true
    }
}
