//! What requisitions are for, line by line.

use proto::finance::{CostKind, CostLine, Requisition};

use super::{
    Kind,
    requisitions::{self, REQUISITIONS},
};
use crate::import::{Section, fields::Fields, halves::Halves};

pub(in crate::import) const KIND: Kind = Kind {
    name: "requisition-lines",
    section: Section::Finance,
    columns: &["requisition", "kind", "description", "fte_percent", "amount_kronor"],
    optional_columns: &[],
    key: "requisition",
    defines: None,
    needs: Some("requisitions"),
    read: |table, desk, requests| {
        LINES.join(table, desk, &mut requests.finance.requisitions);
    },
};

const LINES: Halves<Requisition, CostLine> = Halves {
    whole: &requisitions::KIND,
    collection: REQUISITIONS,
    list: "requisitions",
    field: "cost_lines",
    blamed: &["kind"],
    name: |requisition| &requisition.name,
    parts: |requisition| &mut requisition.cost_lines,
    read: cost_line,
};

/// The kinds of cost.
pub(super) const COST_KINDS: &[(&str, i32)] = &[
    ("staff", CostKind::Staff as i32),
    ("premises", CostKind::Premises as i32),
    ("activities", CostKind::Activities as i32),
    ("training", CostKind::Training as i32),
    ("overhead", CostKind::Overhead as i32),
    ("other", CostKind::Other as i32),
];

fn cost_line(fields: &mut Fields<'_>) -> CostLine {
    CostLine {
        kind: fields.code("kind", COST_KINDS),
        description: fields.optional_text("description"),
        fte_percent: fields.optional_percent("fte_percent"),
        amount_ore: fields.amount_ore("amount_kronor", "amount_ore"),
    }
}
