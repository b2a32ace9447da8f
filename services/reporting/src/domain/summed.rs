//! Which figures of teams are summed: the same in the report's page and in its release.

use std::collections::BTreeSet;

use crate::domain::definition::{Cell, Definitions, TOTAL};

/// The cells that are summed over teams, each with the cells that it has. A part of a figure
/// is summed only when each team that has the figure divides it that way: otherwise the
/// parts would be of some teams, and the whole of others.
#[must_use]
pub fn summed<'a>(definitions: &Definitions, teams: &[BTreeSet<&'a Cell>]) -> BTreeSet<&'a Cell> {
    let all: BTreeSet<&Cell> = teams.iter().flatten().copied().collect();
    let is_summed = |cell: &&Cell| {
        let whole = definitions.whole_of(cell);
        let divides = |cells: &BTreeSet<&Cell>| {
            cells.iter().any(|other| other.figure == cell.figure && other.category != TOTAL)
        };
        cell.category == TOTAL
            || teams.iter().all(|cells| !cells.contains(&whole) || divides(cells))
    };
    all.into_iter().filter(is_summed).collect()
}
