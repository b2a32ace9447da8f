//! What requisitions are for, line by line.

use std::collections::HashMap;

use proto::finance::{CostKind, CostLine, Requisition};
use values::Fault;

use super::{
    Kind,
    requisitions::{self, REQUISITIONS},
};
use crate::import::{
    Section, cell,
    fields::{Desk, Fields, resource_name},
    findings::Target,
    table::{Row, Table},
};

pub(in crate::import) const KIND: Kind = Kind {
    name: "requisition-lines",
    section: Section::Finance,
    columns: &["requisition", "kind", "description", "fte_percent", "amount_kronor"],
    optional_columns: &[],
    key: "requisition",
    defines: None,
    needs: Some("requisitions"),
    read: |table, desk, requests| {
        add_cost_lines(table, desk, &mut requests.finance.requisitions);
    },
};

const COST_KINDS: &[(&str, i32)] = &[
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

/// Puts each line into the requisition it names. The requisition must be part of
/// the same import: one that is there already can get no further lines.
fn add_cost_lines(lines: &Table, desk: &mut Desk<'_>, requisitions: &mut [Requisition]) {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for (number, requisition) in requisitions.iter().enumerate() {
        numbers.entry(requisition.name.clone()).or_insert(number);
    }
    let federation = desk.federation;
    let name_of = |id: &str| resource_name(federation, REQUISITIONS, id);
    for lost in &lines.lost_rows {
        if let Some(number) = numbers.get(&name_of(&lost.key)) {
            desk.places(lines.kind.section).row(&resource(*number), (lines.kind.name, lost.line));
        }
    }
    for row in &lines.rows {
        let id = desk.fields(lines, row, String::new()).id(lines.kind.key);
        let number = id.as_deref().and_then(|id| numbers.get(&name_of(id)).copied());
        let requisition = number.and_then(|number| requisitions.get_mut(number));
        let (Some(number), Some(requisition)) = (number, requisition) else {
            lose_line(desk, lines, row, id.as_deref());
            continue;
        };
        let path = format!("{}.cost_lines[{}]", resource(number), requisition.cost_lines.len());
        let mut fields = desk.fields(lines, row, path);
        fields.join(&resource(number));
        fields.part(&["kind"]);
        requisition.cost_lines.push(cost_line(&mut fields));
    }
}

/// A line that belongs to no requisition is read all the same, for the faults
/// in its other cells.
fn lose_line(desk: &mut Desk<'_>, lines: &Table, row: &Row, id: Option<&str>) {
    let is_elsewhere = |id: &&str| desk.findings.target(REQUISITIONS, id) == Target::Elsewhere;
    if let Some(id) = id.filter(is_elsewhere) {
        let fault = Fault::new("", "REFERENCE_UNKNOWN")
            .with("value", cell::shown(id))
            .with("file", desk.tables.title(&requisitions::KIND));
        desk.fields(lines, row, String::new()).refuse(lines.kind.key, fault);
    }
    if id.is_none() {
        desk.findings.lose((lines.kind.name, 0));
    }
    cost_line(&mut desk.fields(lines, row, String::new()));
}

fn resource(number: usize) -> String {
    format!("requisitions[{number}]")
}
