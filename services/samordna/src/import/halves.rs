//! Resources in two tables: one row for each in the one, their parts line by line
//! in the other, as requisitions and what they are for.

use std::collections::HashMap;

use sheets::cell;
use values::Fault;

use super::{
    fields::{Desk, Fields, resource_name},
    findings::Target,
    kinds::{Collection, Kind},
    table::{Row, Table},
};

/// How a table of parts belongs to the table of their resources.
pub(super) struct Halves<R, P> {
    /// The table of the resources.
    pub(super) whole: &'static Kind,
    /// What its rows define.
    pub(super) collection: Collection,
    /// The list of the request that they make.
    pub(super) list: &'static str,
    /// The field of a resource that its parts make.
    pub(super) field: &'static str,
    /// The columns of a part that are blamed for what is wrong with it.
    pub(super) blamed: &'static [&'static str],
    /// The name of a resource.
    pub(super) name: fn(&R) -> &str,
    /// The parts of a resource.
    pub(super) parts: fn(&mut R) -> &mut Vec<P>,
    /// Reads one part.
    pub(super) read: fn(&mut Fields<'_>) -> P,
}

impl<R, P> Halves<R, P> {
    /// Puts each row into the resource it names. The resource must be part of the
    /// same import: one that is there already can get no further parts.
    pub(super) fn join(&self, lines: &Table, desk: &mut Desk<'_>, resources: &mut [R]) {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for (number, resource) in resources.iter().enumerate() {
            numbers.entry((self.name)(resource).to_owned()).or_insert(number);
        }
        let federation = desk.federation;
        let name_of = |id: &str| resource_name(federation, self.collection, id);
        for lost in &lines.lost_rows {
            if let Some(number) = numbers.get(&name_of(&lost.key)) {
                let resource = self.resource(*number);
                desk.places(lines.kind.section).row(&resource, (lines.kind.name, lost.line));
            }
        }
        for row in &lines.rows {
            let id = desk.fields(lines, row, String::new()).id(lines.kind.key);
            let number = id.as_deref().and_then(|id| numbers.get(&name_of(id)).copied());
            let resource = number.and_then(|number| resources.get_mut(number));
            let (Some(number), Some(resource)) = (number, resource) else {
                self.lose(desk, lines, row, id.as_deref());
                continue;
            };
            let parts = (self.parts)(resource);
            let path = format!("{}.{}[{}]", self.resource(number), self.field, parts.len());
            let mut fields = desk.fields(lines, row, path);
            fields.join(&self.resource(number));
            fields.part(self.blamed);
            parts.push((self.read)(&mut fields));
        }
    }

    /// A row that belongs to no resource is read all the same, for the faults in
    /// its other cells.
    fn lose(&self, desk: &mut Desk<'_>, lines: &Table, row: &Row, id: Option<&str>) {
        let is_elsewhere =
            |id: &&str| desk.findings.target(self.collection, id) == Target::Elsewhere;
        if let Some(id) = id.filter(is_elsewhere) {
            let fault = Fault::new("", "REFERENCE_UNKNOWN")
                .with("value", cell::shown(id))
                .with("file", desk.tables.title(self.whole));
            desk.fields(lines, row, String::new()).refuse(lines.kind.key, fault);
        }
        if id.is_none() {
            desk.findings.lose((lines.kind.name, 0));
        }
        (self.read)(&mut desk.fields(lines, row, String::new()));
    }

    fn resource(&self, number: usize) -> String {
        format!("{}[{number}]", self.list)
    }
}
