//! Reads the cells of one row into the fields of one message, and notes for
//! each field where it came from.
//!
//! A cell that cannot be read leaves its field empty and the fault in the
//! findings; the row goes on to the services all the same, so that what is
//! wrong in its other cells is told in the same run.

use std::collections::BTreeMap;

use proto::{Date, common};
use sheets::{cell, value::Value};
use values::{Fault, Slug};

use super::{
    Section, amount,
    findings::{Findings, RowAt},
    kinds::{Collection, Kind},
    places::{Cell, Places},
    table::{Row, Table},
    tables::Tables,
};

/// The name of a federation's resource.
pub(super) fn resource_name(federation: &str, collection: Collection, id: &str) -> String {
    format!("federations/{federation}/{}/{id}", collection.path)
}

/// The requests while they are put together.
pub(super) struct Desk<'a> {
    /// The federation, by id.
    pub(super) federation: &'a str,
    /// Everything that is read.
    pub(super) tables: &'a Tables,
    /// What is wrong so far.
    pub(super) findings: &'a mut Findings,
    /// Where the fields of each request came from so far.
    pub(super) places: BTreeMap<Section, Places>,
}

impl Desk<'_> {
    /// The federation, as a resource name.
    pub(super) fn parent(&self) -> String {
        format!("federations/{}", self.federation)
    }

    /// Where the fields of a service's request came from.
    pub(super) fn places(&mut self, section: Section) -> &mut Places {
        self.places.entry(section).or_default()
    }

    /// Makes one message of each row, for a list of the table's request.
    pub(super) fn each<T>(
        &mut self,
        table: &Table,
        list: &str,
        mut read: impl FnMut(&mut Fields<'_>) -> T,
    ) -> Vec<T> {
        let messages = table.rows.iter().enumerate().map(|(number, row)| {
            let mut fields = self.fields(table, row, format!("{list}[{number}]"));
            fields.begin(&[table.kind.key]);
            read(&mut fields)
        });
        messages.collect()
    }

    /// One row as the message at `path`.
    pub(super) fn fields<'s>(
        &'s mut self,
        table: &'s Table,
        row: &'s Row,
        path: String,
    ) -> Fields<'s> {
        Fields {
            federation: self.federation,
            findings: self.findings,
            places: self.places.entry(table.kind.section).or_default(),
            table,
            row,
            path,
        }
    }
}

/// One row on its way into a message.
pub(super) struct Fields<'a> {
    federation: &'a str,
    findings: &'a mut Findings,
    places: &'a mut Places,
    table: &'a Table,
    row: &'a Row,
    path: String,
}

impl Fields<'_> {
    /// The id in the key column, as the resource's own name.
    pub(super) fn own_name(&mut self, collection: Collection) -> String {
        let id = self.id(self.table.kind.key);
        self.own_name_of(collection, id)
    }

    /// The id that the key column stands for, when it could be read, as the
    /// resource's own name.
    pub(super) fn own_name_of(&mut self, collection: Collection, id: Option<String>) -> String {
        let column = self.table.kind.key;
        self.note("name", &[column]);
        let Some(id) = id else {
            self.findings.mark_incomplete(collection);
            return self.name(collection, "");
        };
        let is_first = self.findings.define(collection, &id, self.at());
        if !is_first {
            let fault = Fault::new("", "NAME_TWICE").with("name", cell::shown(&id));
            self.findings.cell_fault(self.at(), column, &id, fault);
        }
        self.name(collection, &id)
    }

    /// The id of another resource, as its name.
    pub(super) fn reference(
        &mut self,
        column: &'static str,
        field: &str,
        collection: Collection,
    ) -> String {
        self.note(field, &[column]);
        let id = self.id(column).unwrap_or_default();
        self.refer(field, collection, &id);
        self.name(collection, &id)
    }

    /// The id of another resource, as its name, or nothing.
    pub(super) fn optional_reference(
        &mut self,
        column: &'static str,
        field: &str,
        collection: Collection,
    ) -> String {
        if self.is_empty(column) {
            self.note(field, &[column]);
            return String::new();
        }
        self.reference(column, field, collection)
    }

    /// Ids of other resources, with space between them, as their names.
    pub(super) fn references(
        &mut self,
        column: &'static str,
        field: &str,
        collection: Collection,
    ) -> Vec<String> {
        self.note(field, &[column]);
        let text = self.required_text(column).unwrap_or_default();
        let mut names = Vec::new();
        for (number, id) in text.split_whitespace().enumerate() {
            let part = format!("{field}[{number}]");
            let cell = Cell { at: self.at(), column, text: id.to_owned() };
            self.places.field(&self.within(&part), vec![cell]);
            self.refer(&part, collection, id);
            if let Err(fault) = Slug::parse("", id) {
                self.refuse(column, fault);
            }
            names.push(self.name(collection, id));
        }
        names
    }

    /// A text that must be there, for the field of the column's name.
    pub(super) fn text(&mut self, column: &'static str) -> String {
        self.note(column, &[column]);
        self.required_text(column).unwrap_or_default()
    }

    /// A text that may be empty, for the field of the column's name.
    pub(super) fn optional_text(&mut self, column: &'static str) -> String {
        self.note(column, &[column]);
        if self.is_empty(column) {
            return String::new();
        }
        self.required_text(column).unwrap_or_default()
    }

    /// An amount in kronor, as öre.
    pub(super) fn amount_ore(&mut self, column: &'static str, field: &str) -> i64 {
        self.parsed(column, field, amount::ore).unwrap_or_default()
    }

    /// The same that may be left out.
    pub(super) fn optional_amount_ore(&mut self, column: &'static str, field: &str) -> Option<i64> {
        if self.is_empty(column) {
            self.note(field, &[column]);
            return None;
        }
        self.parsed(column, field, amount::ore)
    }

    /// A whole number, for the field of the column's name.
    pub(super) fn whole_number(&mut self, column: &'static str) -> i64 {
        self.parsed(column, column, cell::whole_number).unwrap_or_default()
    }

    /// A whole number that may be left out, for the field of the column's name.
    pub(super) fn optional_whole_number(&mut self, column: &'static str) -> i64 {
        if self.is_empty(column) {
            self.note(column, &[column]);
            return 0;
        }
        self.whole_number(column)
    }

    /// The column `year`, for the field of its name. What is no year is 0, which
    /// the service refuses.
    pub(super) fn year(&mut self) -> Option<i32> {
        let year = self.parsed("year", "year", cell::whole_number)?;
        Some(i32::try_from(year).unwrap_or_default())
    }

    /// A percentage that may be left out, for the field of the column's name.
    pub(super) fn optional_percent(&mut self, column: &'static str) -> i32 {
        if self.is_empty(column) {
            self.note(column, &[column]);
            return 0;
        }
        self.percent(column)
    }

    /// A percentage, for the field of the column's name.
    pub(super) fn percent(&mut self, column: &'static str) -> i32 {
        self.parsed(column, column, cell::percent).unwrap_or_default()
    }

    /// A date, for the field of the column's name.
    pub(super) fn date(&mut self, column: &'static str) -> Option<Date> {
        self.parsed(column, column, cell::date)
    }

    /// A date that may be left out, for the field of the column's name.
    pub(super) fn optional_date(&mut self, column: &'static str) -> Option<Date> {
        if self.is_empty(column) {
            self.note(column, &[column]);
            return None;
        }
        self.date(column)
    }

    /// The columns `first_day` and `last_day`, as the field `period`.
    pub(super) fn period(&mut self) -> Option<common::Period> {
        let first_day = self.parsed("first_day", "period.first_day", cell::date);
        let last_day = self.parsed("last_day", "period.last_day", cell::date);
        self.note("period", &["first_day", "last_day"]);
        Some(common::Period { first_day, last_day })
    }

    /// One of a few words, for the field of the column's name.
    pub(super) fn code<T: Copy + Default>(
        &mut self,
        column: &'static str,
        allowed: &[(&str, T)],
    ) -> T {
        self.parsed(column, column, |value| cell::code(value, allowed)).unwrap_or_default()
    }

    /// Yes, no or nothing, in the column `synthetic`.
    pub(super) fn synthetic(&mut self) -> bool {
        if self.is_empty("synthetic") {
            self.note("synthetic", &["synthetic"]);
            return false;
        }
        self.parsed("synthetic", "synthetic", cell::yes_or_no).unwrap_or_default()
    }

    /// The same row, for the message in a field.
    pub(super) fn inner(&mut self, field: &str) -> Fields<'_> {
        let Self { federation, table, row, .. } = *self;
        let path = self.within(field);
        Fields { federation, findings: self.findings, places: self.places, table, row, path }
    }

    /// Notes that the row begins the resource at this path, and the columns
    /// that are blamed for what is wrong with it as a whole.
    pub(super) fn begin(&mut self, columns: &[&'static str]) {
        self.join(&self.path.clone());
        self.places.whole(&self.path, self.cells(columns));
    }

    /// Notes that the row is a part of a resource.
    pub(super) fn join(&mut self, resource: &str) {
        self.places.row(resource, self.at());
    }

    /// Notes the columns that are blamed for a part of a resource, such as one
    /// of its lines.
    pub(super) fn part(&mut self, columns: &[&'static str]) {
        self.places.field(&self.path, self.cells(columns));
    }

    /// Notes that the resource at this path has parts in another table.
    pub(super) fn has_parts_in(&mut self, kind: &'static Kind) {
        self.places.row(&self.path, (kind.name, 0));
    }

    /// Notes a field that stands for the resource as a whole, and the columns
    /// that are blamed for it.
    pub(super) fn whole(&mut self, field: &str, columns: &[&'static str]) {
        self.places.whole(&self.within(field), self.cells(columns));
    }

    /// Notes which columns a field was made from.
    pub(super) fn note(&mut self, field: &str, columns: &[&'static str]) {
        self.places.field(&self.within(field), self.cells(columns));
    }

    /// Notes that a field refers to a resource.
    pub(super) fn refer(&mut self, field: &str, collection: Collection, id: &str) {
        self.places.reference(&self.within(field), collection, id);
    }

    /// An id that must be there, with its form checked.
    pub(super) fn id(&mut self, column: &'static str) -> Option<String> {
        let text = self.required_text(column)?;
        match Slug::parse("", &text) {
            Ok(_) => Some(text),
            Err(fault) => {
                self.refuse(column, fault);
                None
            }
        }
    }

    /// A resource name. An id that could not be read leaves a name that the
    /// service refuses, at a cell whose fault is told already.
    pub(super) fn name(&self, collection: Collection, id: &str) -> String {
        resource_name(self.federation, collection, id)
    }

    /// What stands in a cell as it is read, for a field.
    pub(super) fn parsed<T>(
        &mut self,
        column: &'static str,
        field: &str,
        read: impl FnOnce(&Value) -> Result<T, Fault>,
    ) -> Option<T> {
        self.note(field, &[column]);
        let value = self.required(column)?;
        read(&value).map_err(|fault| self.refuse(column, fault)).ok()
    }

    fn required_text(&mut self, column: &'static str) -> Option<String> {
        let value = self.required(column)?;
        let text = cell::text(&value).map(str::to_owned);
        text.map_err(|fault| self.refuse(column, fault)).ok()
    }

    /// What stands in a cell, unless it is empty or a fault has told that it
    /// cannot be read.
    fn required(&mut self, column: &'static str) -> Option<Value> {
        let value = self.row.cell(column).cloned();
        match value {
            None => self.findings.tell(self.at(), column),
            Some(value) if value.is_empty() => {
                self.refuse(column, Fault::new("", "CELL_MISSING"));
            }
            Some(value) => return Some(value),
        }
        None
    }

    /// True when nothing stands in a cell.
    pub(super) fn is_empty(&self, column: &'static str) -> bool {
        self.row.cell(column).is_some_and(Value::is_empty)
    }

    /// Notes a fault of a cell.
    pub(super) fn refuse(&mut self, column: &'static str, fault: Fault) {
        let text = self.row.text(column);
        self.findings.cell_fault(self.at(), column, &text, fault);
    }

    /// Notes that a cell looks as if it stood in the wrong column.
    pub(super) fn doubt(&mut self, column: &'static str, fault: Fault) {
        let text = self.row.text(column);
        self.findings.doubt(self.at(), column, &text, fault);
    }

    fn cells(&self, columns: &[&'static str]) -> Vec<Cell> {
        let cell =
            |column: &&'static str| Cell { at: self.at(), column, text: self.row.text(column) };
        columns.iter().map(cell).collect()
    }

    fn at(&self) -> RowAt {
        (self.table.kind.name, self.row.line)
    }

    fn within(&self, field: &str) -> String {
        format!("{}.{field}", self.path)
    }
}
