//! The staffing matrix: posts by area and municipality, as of a day.

use std::collections::{BTreeMap, HashMap};

use values::name::{AreaName, MunicipalityName};

use super::{Place, Posts, StaffingFinancing};
use crate::domain::funding_table::swedish_order;

/// What the organisation says of a municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    /// The name people read.
    pub display_name: String,
    /// The area it belongs to, with its name.
    pub area: Option<(AreaName, String)>,
}

/// Full-time posts, in percent: sums of many rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Paid by municipalities.
    pub by_municipality_percent: i64,
    /// Paid by the federation.
    pub by_federation_percent: i64,
}

impl Sum {
    /// Both.
    #[must_use]
    pub fn percent(self) -> i64 {
        self.by_municipality_percent + self.by_federation_percent
    }

    fn add(&mut self, posts: Posts) {
        self.by_municipality_percent += i64::from(posts.by_municipality_percent);
        self.by_federation_percent += i64::from(posts.by_federation_percent);
    }

    fn of<'a>(rows: impl IntoIterator<Item = &'a Sum>) -> Self {
        let mut sum = Self::default();
        for row in rows {
            sum.by_municipality_percent += row.by_municipality_percent;
            sum.by_federation_percent += row.by_federation_percent;
        }
        sum
    }
}

/// One municipality, or posts that belong to none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The municipality; none for posts that belong to none.
    pub municipality: Option<MunicipalityName>,
    /// The municipality's name, or the title.
    pub display_name: String,
    /// The posts.
    pub sum: Sum,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The area, with its name; none for municipalities without one.
    pub area: Option<(AreaName, String)>,
    /// Its municipalities, by name.
    pub rows: Vec<Row>,
    /// The sum of its rows.
    pub total: Sum,
}

/// The whole matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matrix {
    /// The areas, by name; municipalities without one last.
    pub areas: Vec<Area>,
    /// The sum of the areas.
    pub total: Sum,
    /// Posts that belong to no municipality, by title; not in the total.
    pub outside_areas: Vec<Row>,
}

/// A name in Swedish order, and an id for two of the same name.
type Order = (Vec<char>, String);

/// Computes the matrix from the rows that are in force. A municipality that the
/// organisation does not list is told by its id.
#[must_use]
pub fn compute(
    rows: &[StaffingFinancing],
    municipalities: &HashMap<MunicipalityName, Municipality>,
) -> Matrix {
    let mut in_areas =
        BTreeMap::<(bool, Order), (Option<(AreaName, String)>, BTreeMap<Order, Row>)>::new();
    let mut outside = BTreeMap::<Order, Row>::new();
    for row in rows {
        let (named, municipality) = match &row.place {
            Place::Nowhere => {
                let key = (swedish_order(&row.title), String::new());
                let kept = outside.entry(key).or_insert_with(|| Row {
                    municipality: None,
                    display_name: row.title.clone(),
                    sum: Sum::default(),
                });
                kept.sum.add(row.posts);
                continue;
            }
            Place::Municipality(name) => (name, municipalities.get(name)),
        };
        let area = municipality.and_then(|municipality| municipality.area.clone());
        let display_name = municipality.map(|municipality| municipality.display_name.clone());
        let display_name = display_name.unwrap_or_else(|| named.id.to_string());
        let place = match &area {
            Some((area, name)) => (false, (swedish_order(name), area.id.to_string())),
            None => (true, Order::default()),
        };
        let (_, rows) = in_areas.entry(place).or_insert_with(|| (area, BTreeMap::new()));
        let key = (swedish_order(&display_name), named.id.to_string());
        let kept = rows.entry(key).or_insert_with(|| Row {
            municipality: Some(named.clone()),
            display_name,
            sum: Sum::default(),
        });
        kept.sum.add(row.posts);
    }
    let areas = in_areas.into_values().map(|(area, rows)| {
        let rows: Vec<Row> = rows.into_values().collect();
        let total = Sum::of(rows.iter().map(|row| &row.sum));
        Area { area, rows, total }
    });
    let areas: Vec<Area> = areas.collect();
    let total = Sum::of(areas.iter().map(|area| &area.total));
    Matrix { areas, total, outside_areas: outside.into_values().collect() }
}
