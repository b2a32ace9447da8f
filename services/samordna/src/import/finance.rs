//! The rows of recipients.csv, grants.csv, requisitions.csv and
//! requisition-lines.csv as one request.

use std::collections::HashMap;

use proto::finance::{
    CostKind, CostLine, Grant, ImportFinanceRequest, Recipient, RecipientKind, Requisition,
};
use values::Fault;

use super::{
    cell,
    fields::{Desk, Fields, resource_name},
    files::{self, Collection},
    findings::Target,
    table::{Row, Table},
    tables::Tables,
};

const RECIPIENT_KINDS: &[(&str, i32)] =
    &[("team", RecipientKind::Team as i32), ("resource", RecipientKind::Resource as i32)];

const COST_KINDS: &[(&str, i32)] = &[
    ("staff", CostKind::Staff as i32),
    ("premises", CostKind::Premises as i32),
    ("activities", CostKind::Activities as i32),
    ("training", CostKind::Training as i32),
    ("overhead", CostKind::Overhead as i32),
    ("other", CostKind::Other as i32),
];

/// Puts the request together, without request id and to be carried out.
pub(super) fn request(tables: &Tables, desk: &mut Desk<'_>) -> ImportFinanceRequest {
    let recipients = desk.each(tables.get(&files::RECIPIENTS), "recipients", recipient);
    let grants = desk.each(tables.get(&files::GRANTS), "grants", grant);
    let mut requisitions = desk.each(tables.get(&files::REQUISITIONS), "requisitions", requisition);
    add_cost_lines(tables, desk, &mut requisitions);
    ImportFinanceRequest {
        parent: desk.parent(),
        recipients,
        grants,
        requisitions,
        expected_names: Vec::new(),
        request_id: String::new(),
        validate_only: false,
    }
}

fn recipient(fields: &mut Fields<'_>) -> Recipient {
    Recipient {
        name: fields.own_name(Collection::Recipients),
        display_name: fields.text("display_name"),
        kind: fields.code("kind", RECIPIENT_KINDS),
        team: fields.optional_reference("team", "team", Collection::Teams),
    }
}

fn grant(fields: &mut Fields<'_>) -> Grant {
    Grant {
        name: fields.own_name(Collection::Grants),
        recipient: fields.reference("recipient", "recipient", Collection::Recipients),
        period: fields.period(),
        amount_ore: fields.amount_ore("amount_kronor", "amount_ore"),
        dnr: fields.text("dnr"),
        decision_date: fields.date("decision_date"),
        deciding_body: fields.text("deciding_body"),
        synthetic: fields.synthetic(),
        reserved_ore: 0,
        requisitioned_ore: 0,
        left_ore: 0,
    }
}

/// A requisition without its cost lines, which stand in a file of their own.
fn requisition(fields: &mut Fields<'_>) -> Requisition {
    fields.whole("cost_lines", &["requisition", "grant"]);
    fields.whole("amount_ore", &["requisition", "grant"]);
    fields.has_parts_in(&files::REQUISITION_LINES);
    Requisition {
        name: fields.own_name(Collection::Requisitions),
        grant: fields.reference("grant", "grant", Collection::Grants),
        party: fields.reference("party", "party", Collection::Parties),
        period: fields.period(),
        cost_lines: Vec::new(),
        payment_reference: fields.optional_text("payment_reference"),
        synthetic: fields.synthetic(),
        amount_ore: 0,
        state: 0,
        steps: Vec::new(),
        etag: String::new(),
    }
}

fn cost_line(fields: &mut Fields<'_>) -> CostLine {
    CostLine {
        kind: fields.code("kind", COST_KINDS),
        description: fields.optional_text("description"),
        fte_percent: fields.optional_percent("fte_percent"),
        amount_ore: fields.amount_ore("amount_kronor", "amount_ore"),
    }
}

/// Puts each row of requisition-lines.csv into the requisition it names. The
/// requisition must stand in the same folder: one that is there already can get
/// no further lines.
fn add_cost_lines(tables: &Tables, desk: &mut Desk<'_>, requisitions: &mut [Requisition]) {
    let Some(lines) = tables.get(&files::REQUISITION_LINES) else {
        return;
    };
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for (number, requisition) in requisitions.iter().enumerate() {
        numbers.entry(requisition.name.clone()).or_insert(number);
    }
    let federation = desk.federation;
    let name_of = |id: &str| resource_name(federation, Collection::Requisitions, id);
    for lost in &lines.lost_rows {
        if let Some(number) = numbers.get(&name_of(&lost.key)) {
            desk.places.row(&resource(*number), (lines.spec.file, lost.line));
        }
    }
    for row in &lines.rows {
        let id = desk.fields(lines, row, String::new()).id(lines.spec.key);
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
    let is_elsewhere =
        |id: &&str| desk.findings.target(Collection::Requisitions, id) == Target::Elsewhere;
    if let Some(id) = id.filter(is_elsewhere) {
        let fault = Fault::new("", "REFERENCE_UNKNOWN")
            .with("value", cell::shown(id))
            .with("file", files::REQUISITIONS.file);
        desk.fields(lines, row, String::new()).refuse(lines.spec.key, fault);
    }
    if id.is_none() {
        desk.findings.lose((lines.spec.file, 0));
    }
    cost_line(&mut desk.fields(lines, row, String::new()));
}

fn resource(number: usize) -> String {
    format!("requisitions[{number}]")
}
