//! What a participant and an outcome cost: what a team requisitioned, divided by
//! what it reported. A population that is not reported has no cost.

use std::collections::BTreeMap;

use values::{Ore, name::TeamName, share};

use crate::domain::definition::{Cell, Definitions, TOTAL};
use crate::domain::half_year_report::Reader;
use crate::domain::reported_figures::ReportedFigures;
use crate::domain::swedish_order;

/// The populations that a cost is told of, as far as they are defined.
const POPULATIONS: [(&str, &str); 4] =
    [("participants", TOTAL), ("new_participants", TOTAL), ("exits", TOTAL), ("exits", "work")];

/// What one recipient requisitioned in the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// The recipient's team.
    pub team: TeamName,
    /// The name people read of the team.
    pub display_name: String,
    /// What was requisitioned.
    pub requisitioned: Ore,
}

/// One team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCosts {
    /// What it requisitioned, as all of its recipients together.
    pub money: Money,
    /// A cost for each population that it reported.
    pub costs: Vec<UnitCost>,
}

/// A cost with the population it is a cost of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitCost {
    /// The population.
    pub cell: Cell,
    /// How many.
    pub count: i64,
    /// What one costs, half an öre rounded up; none when there is nobody.
    pub cost: Option<Ore>,
}

/// The table for a reader: a row for each team with money, in order of name.
/// `None` when the money of a team is more than an amount can be.
#[must_use]
pub fn compute(
    definitions: &Definitions,
    money: Vec<Money>,
    reported: &BTreeMap<TeamName, ReportedFigures>,
    reader: &Reader,
) -> Option<Vec<UnitCosts>> {
    let mut by_team = BTreeMap::<TeamName, Money>::new();
    for one in money.into_iter().filter(|one| reader.may_read(&one.team)) {
        match by_team.get_mut(&one.team) {
            Some(sum) => sum.requisitioned = sum.requisitioned.plus(one.requisitioned)?,
            None => {
                by_team.insert(one.team.clone(), one);
            }
        }
    }
    let row = |money: Money| {
        let figures = reported.get(&money.team);
        let costs = figures.map(|figures| costs(definitions, money.requisitioned, figures));
        UnitCosts { costs: costs.unwrap_or_default(), money }
    };
    let mut rows: Vec<UnitCosts> = by_team.into_values().map(row).collect();
    rows.sort_by(|left, right| {
        swedish_order::compare(&left.money.display_name, &right.money.display_name)
            .then_with(|| left.money.team.cmp(&right.money.team))
    });
    Some(rows)
}

fn costs(definitions: &Definitions, amount: Ore, figures: &ReportedFigures) -> Vec<UnitCost> {
    let populations = POPULATIONS.iter().map(|(figure, category)| Cell::new(figure, category));
    let defined = populations.filter(|cell| definitions.position(cell).is_some());
    let cost = |cell: Cell| {
        let count = figures.counts.get(&cell)?;
        Some(UnitCost { cell, count, cost: share::pro_rata(amount, 1, count) })
    };
    defined.filter_map(cost).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;
    use crate::domain::{definition::load, reported_figures::Counts};

    fn definitions() -> Definitions {
        load(include_str!("../../definitions/figures.toml")).unwrap()
    }

    fn team(id: &str) -> TeamName {
        TeamName::parse("team", &format!("federations/vastmanland/teams/{id}")).unwrap()
    }

    fn money(id: &str, display_name: &str, ore: i64) -> Money {
        let requisitioned = Ore::new(ore);
        Money { team: team(id), display_name: display_name.to_owned(), requisitioned }
    }

    fn figures(counts: &[(&str, &str, u32)]) -> ReportedFigures {
        let cell =
            |(figure, category, count): &(&str, &str, u32)| (Cell::new(figure, category), *count);
        ReportedFigures {
            counts: Counts::recorded(counts.iter().map(cell).collect()),
            report_time: chrono::DateTime::UNIX_EPOCH,
            reporter: String::new(),
        }
    }

    fn told(costs: &[UnitCost]) -> Vec<(&str, &str, i64, Option<i64>)> {
        let one = |cost: &UnitCost| cost.cost.map(Ore::get);
        costs
            .iter()
            .map(|cost| {
                (cost.cell.figure.as_str(), cost.cell.category.as_str(), cost.count, one(cost))
            })
            .collect()
    }

    #[test]
    fn each_population_that_is_reported_has_a_cost_and_nobody_has_none() {
        let counts = [
            ("participants", "total", 2),
            ("participants", "woman", 2),
            ("exits", "total", 0),
            ("exits", "work", 3),
        ];
        let reported = BTreeMap::from([(team("sala"), figures(&counts))]);
        let money =
            vec![money("sala", "Sala", 100), money("fns", "FNS", 7), money("sala", "Sala", 1)];
        let rows = compute(&definitions(), money, &reported, &Reader::WholeFederation).unwrap();
        assert_eq!((rows[0].money.display_name.as_str(), rows[0].costs.len()), ("FNS", 0));
        assert_eq!(rows[1].money.requisitioned, Ore::new(101));
        let expected = [
            ("participants", "total", 2, Some(51)),
            ("exits", "total", 0, None),
            ("exits", "work", 3, Some(34)),
        ];
        assert_eq!(told(&rows[1].costs), expected);
    }

    #[test]
    fn a_reader_of_some_teams_sees_those_alone() {
        let reader = Reader::Teams([team("fns")].into());
        let money = vec![money("sala", "Sala", 1), money("fns", "FNS", 2)];
        let rows = compute(&definitions(), money, &BTreeMap::new(), &reader).unwrap();
        assert_eq!((rows.len(), &rows[0].money.team), (1, &team("fns")));
    }

    proptest! {
        #[test]
        fn a_cost_times_its_count_is_the_money_to_half_an_ore_each(
            ore in -1_000_000_000_000_i64..1_000_000_000_000, count in any::<u32>()
        ) {
            let reported = BTreeMap::from([(team("sala"), figures(&[("exits", "work", count)]))]);
            let money = vec![money("sala", "Sala", ore)];
            let rows = compute(&definitions(), money, &reported, &Reader::WholeFederation).unwrap();
            let cost = rows[0].costs[0].cost;
            assert_eq!(cost.is_none(), count == 0);
            if let Some(cost) = cost {
                let off = i128::from(cost.get()) * i128::from(count) - i128::from(ore);
                assert!(2 * off.abs() <= i128::from(count));
            }
        }
    }
}
