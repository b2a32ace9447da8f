//! What a template that is to be used has to have besides its form: texts in both
//! languages, somebody to be about, and no cell that nobody can fill.

use std::collections::BTreeSet;

use values::{Fault, Faults};

use super::{Cells, FINANCE_FIGURES, Kind, Relation, Share, Template};
use crate::domain::definition::{Cell, Definitions, Text};

/// The latest that a report can be due, in days after its period.
const LATEST_DUE: u16 = 366;

impl Template {
    /// Everything that is wrong with it, by place.
    #[must_use]
    pub fn faults(&self, definitions: &Definitions) -> Faults {
        let mut faults = Faults::new();
        check_text(&mut faults, "title", &self.title);
        if self.about.is_empty() {
            faults.push(Fault::new("about", "TEMPLATE_ABOUT_MISSING"));
        }
        if self.due_days > LATEST_DUE {
            let fault = Fault::new("due_days", "TEMPLATE_NUMBER_OUT_OF_RANGE");
            let fault = fault.with("value", self.due_days).with("least", 0);
            faults.push(fault.with("most", LATEST_DUE));
        }
        if self.sections.is_empty() {
            faults.push(Fault::new("sections", "TEMPLATE_SECTIONS_MISSING"));
        }
        for (row, section) in self.sections.iter().enumerate() {
            check_text(&mut faults, &format!("sections[{row}].title"), &section.title);
        }
        for (row, column) in self.columns.iter().enumerate() {
            let field = format!("columns[{row}]");
            check_text(&mut faults, &format!("{field}.text"), &column.text);
            for (number, category) in column.categories.iter().enumerate() {
                let field = format!("{field}.categories[{number}].text");
                check_text(&mut faults, &field, &category.text);
            }
            let figure = column.figure.as_str();
            if definitions.is_figure(figure) || FINANCE_FIGURES.contains(&figure) {
                let fault = Fault::new(format!("{field}.code"), "TEMPLATE_FIGURE_TAKEN");
                faults.push(fault.with("value", figure));
            }
        }
        // The figures of the definitions are counted by the product's own tables.
        let is_own = |cell: &Cell| {
            self.columns.iter().any(|column| column.figure == cell.figure)
                && self.kind(definitions, cell) == Some(Kind::Number)
        };
        let is_open = |figure: &str| {
            let own = self.columns.iter().find(|column| column.figure == figure);
            own.is_some_and(|column| column.has_open_categories && column.kind == Kind::Number)
        };
        self.counted.check(&mut faults, is_own, is_open);
        self.check_relations(definitions, &mut faults);
        faults
    }

    /// Cells of relations that nobody can fill, each told once.
    fn check_relations(&self, definitions: &Definitions, faults: &mut Faults) {
        let mut unknown = BTreeSet::new();
        for cells in self.relations.iter().flat_map(cells_of) {
            let cell = match cells {
                Cells::One(cell) if self.kind(definitions, &cell).is_none() => cell,
                Cells::Categories(figure) if !self.has_figure(definitions, &figure) => {
                    Cell::new(&figure, "*")
                }
                Cells::One(_) | Cells::Categories(_) => continue,
            };
            if unknown.insert(cell.clone()) {
                faults.push(unknown_cell("relations", &cell));
            }
        }
    }

    fn has_figure(&self, definitions: &Definitions, figure: &str) -> bool {
        definitions.is_figure(figure) || self.columns.iter().any(|column| column.figure == figure)
    }
}

fn unknown_cell(field: &str, cell: &Cell) -> Fault {
    let Cell { figure, category } = cell;
    Fault::new(field, "TEMPLATE_CELL_UNKNOWN").with("value", format!("{figure}.{category}"))
}

fn check_text(faults: &mut Faults, field: &str, text: &Text) {
    let Text { sv, en } = text;
    for (language, text) in [("sv", sv), ("en", en)] {
        if text.trim().is_empty() {
            faults.push(Fault::new(format!("{field}_{language}"), "TEXT_MISSING"));
        }
    }
}

/// Every cell that a relation looks at.
fn cells_of(relation: &Relation) -> Vec<Cells> {
    let one = |cell: &Cell| Cells::One(cell.clone());
    match relation {
        Relation::Whole(whole) => {
            std::iter::once(one(&whole.whole)).chain(whole.parts.iter().cloned()).collect()
        }
        Relation::Share(share) => {
            let Share { stated, label: _, part, base } = share;
            std::iter::once(one(stated)).chain(part.iter().chain(base).cloned()).collect()
        }
        Relation::Flow(flow) => {
            let ends = [&flow.opening, &flow.closing].into_iter();
            ends.chain(&flow.inflow).chain(&flow.outflow).map(one).collect()
        }
        Relation::Bands { bands, shares: _ } => {
            bands.iter().flat_map(|band| &band.cells).map(one).collect()
        }
        Relation::PlannedIntake(intake) => {
            let ends = [one(&intake.stated), one(&intake.start)];
            ends.into_iter().chain(intake.positions.iter().cloned()).collect()
        }
        Relation::Same { first, second } => first.iter().chain(second).cloned().collect(),
        Relation::Change(change) => vec![one(&change.cell)],
        Relation::SumOfTeams(cell) => vec![one(cell)],
    }
}
