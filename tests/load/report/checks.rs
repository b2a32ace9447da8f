//! How long it takes to read every text of a report and to check all of it.

use std::{hint::black_box, time::Instant};

use reporting::testing::{Draft, Rules};

use super::TEAMS;
use crate::{
    spread,
    table::{self, heading},
};

const ROUNDS: usize = 5;
const ROUND: u64 = 100;
const GOAL_MS: f64 = 10.0;

/// Measures it and prints the figures.
pub(crate) fn measure() {
    heading(&format!(
        "report: every text read and every check made of a report of {TEAMS} teams; {ROUNDS} \
         rounds of {ROUND} reports"
    ));
    let rules = Rules::in_force();
    let drafts: Vec<Draft> = (0..ROUND).map(|seed| Draft::random(seed, TEAMS)).collect();
    let mut rounds = Vec::with_capacity(1 + ROUNDS);
    for _ in 0..=ROUNDS {
        let time = |draft: &Draft| {
            let begun = Instant::now();
            black_box(rules.findings(black_box(draft)));
            begun.elapsed().as_secs_f64() * 1e3
        };
        let times: Vec<f64> = drafts.iter().map(time).collect();
        rounds.push(times);
    }
    // The first was for warming up.
    let rounds = rounds.get(1..).unwrap_or_default();
    let of_rounds = |share: f64| {
        let of_each: Vec<f64> = rounds.iter().map(|times| spread::at(times, share)).collect();
        format!("{:.2}", spread::median(&of_each))
    };
    table::rows(
        &["what", "median ms", "p99 ms", "goal"],
        &[vec![
            "all checks".to_owned(),
            of_rounds(0.5),
            of_rounds(0.99),
            format!("< {GOAL_MS} ms"),
        ]],
    );
}
