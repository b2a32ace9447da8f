//! A list that is read, and what the service makes of it, row by row.

use std::sync::Arc;

use proto::{
    common,
    participant::{Case, CaseOutcome, ImportParticipantsRequest, ImportParticipantsResponse},
};
use tonic::Status;
use values::Fault;

use super::{
    client,
    columns::{Columns, Field, field_of, fields},
    file::{self, Table},
    imports,
    places::Places,
    row::{self, Ground},
};
use crate::{
    uploaded_list::Content,
    web::{layout::Visit, reads},
};

/// Cases that the service takes at once.
const BATCH: usize = 5000;

/// A list that is read.
pub(super) struct Prepared {
    /// The file as it stands.
    pub(super) table: Table,
    /// Which column each field is read from.
    pub(super) columns: Columns,
    /// The id that its import has.
    pub(super) import: String,
    /// The cases, each with its line.
    pub(super) cases: Vec<(u64, Case)>,
    /// What cannot be read.
    pub(super) faults: Vec<RowFault>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowFault {
    /// The line.
    pub(super) line: u64,
    /// The field; none when it is the whole row.
    pub(super) field: Option<&'static str>,
    /// The stable reason.
    pub(super) reason: String,
    /// The facts of the reason, by name.
    pub(super) facts: Vec<(String, String)>,
}

/// What the service makes of a list.
#[derive(Default)]
pub(super) struct Answered {
    /// What each row does, with its line.
    pub(super) outcomes: Vec<(u64, CaseOutcome)>,
    /// Everything that is wrong, by line.
    pub(super) faults: Vec<RowFault>,
    /// How many rows were taken in before one was refused.
    pub(super) taken_in: usize,
}

/// Reads the table of an uploaded file, when it is its turn: a workbook takes many times
/// its own size.
///
/// # Errors
/// What is wrong with the whole of it.
pub(super) async fn table(visit: &Visit, content: Content) -> Result<Table, Fault> {
    let turn = Arc::clone(&visit.state.readings).acquire_owned().await;
    let read = tokio::task::spawn_blocking(move || {
        // Until it is read, also when nobody waits for it any more.
        let _turn = turn;
        file::read(&content)
    });
    let read = read.await;
    // A reader that panics has met a file that is none.
    read.unwrap_or_else(|_| Err(Fault::new("", "WORKBOOK_UNREADABLE")))
}

/// The id of the import that a file is: the same for the same file, so that a row without
/// an id of its own is known again, until it is taken back.
///
/// # Errors
/// What the service answered instead.
pub(super) async fn import_of(visit: &Visit, team: &str, content: &[u8]) -> Result<String, Status> {
    let undone: Vec<String> = imports(visit, team)
        .await?
        .into_iter()
        .filter(|import| !import.undo_reason.is_empty())
        .map(|import| reads::id_of(&import.name).to_owned())
        .collect();
    let federation = visit.federation();
    let id = visit.state.issuer.id_of(&[b"list", federation.as_bytes(), team.as_bytes(), content]);
    let later = (2_usize..).map(|number| format!("{id}-{number}"));
    let mut ids = std::iter::once(id.clone()).chain(later);
    Ok(ids.find(|id| !undone.contains(id)).expect("there is always another number"))
}

/// Reads the rows of a table.
///
/// # Errors
/// What a service answered instead.
pub(super) async fn prepare(
    visit: &Visit,
    (table, columns): (Table, Columns),
    import: String,
) -> Result<Prepared, Status> {
    let places = Places::read(visit).await?;
    let ground = Ground {
        language: visit.reader.language,
        federation: visit.federation(),
        columns: &columns,
        places: &places,
    };
    let (mut cases, mut faults) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let line = row.line;
        let cells = match &row.cells {
            Ok(cells) => cells,
            Err(fault) => {
                faults.push(RowFault::of(line, None, fault));
                continue;
            }
        };
        let own_id = || {
            let line = line.to_string();
            visit.state.issuer.id_of(&[b"case", import.as_bytes(), line.as_bytes()])
        };
        let read = row::read(&ground, cells, own_id());
        let told = read.faults.iter().map(|(field, fault)| RowFault::of(line, Some(*field), fault));
        faults.extend(told);
        cases.push((line, read.case));
    }
    Ok(Prepared { table, columns, import, cases, faults })
}

/// Asks the service what it would do, batch by batch, and changes nothing.
///
/// # Errors
/// What it answered instead.
pub(super) async fn check(
    visit: &Visit,
    team: &str,
    prepared: &Prepared,
    request_id: &str,
) -> Result<Answered, Status> {
    let mut answered = Answered::default();
    for (number, batch) in prepared.cases.chunks(BATCH).enumerate() {
        let request = request(visit, team, (&prepared.import, request_id), (number, batch), true);
        answered.add(batch, ask(visit, request).await?);
    }
    answered.finish(&prepared.faults);
    Ok(answered)
}

/// Takes the list in, batch by batch; stops at one that is refused, which happens only
/// when something has changed since it was tried.
///
/// # Errors
/// What the service answered instead.
pub(super) async fn take_in(
    visit: &Visit,
    team: &str,
    prepared: &Prepared,
    request_id: &str,
) -> Result<Answered, Status> {
    let mut answered = Answered::default();
    for (number, batch) in prepared.cases.chunks(BATCH).enumerate() {
        let request = request(visit, team, (&prepared.import, request_id), (number, batch), false);
        answered.add(batch, ask(visit, request).await?);
        if !answered.faults.is_empty() {
            break;
        }
        answered.taken_in = answered.outcomes.len();
    }
    answered.finish(&[]);
    Ok(answered)
}

fn request(
    visit: &Visit,
    team: &str,
    (import, request_id): (&str, &str),
    (number, batch): (usize, &[(u64, Case)]),
    validate_only: bool,
) -> ImportParticipantsRequest {
    ImportParticipantsRequest {
        parent: visit.federation(),
        participant_import_id: import.to_owned(),
        team: reads::name(visit, "teams", team),
        cases: batch.iter().map(|(_, case)| case.clone()).collect(),
        request_id: format!("{request_id}-{number}"),
        validate_only,
    }
}

async fn ask(
    visit: &Visit,
    request: ImportParticipantsRequest,
) -> Result<ImportParticipantsResponse, Status> {
    Ok(client(visit).import_participants(visit.request(request)?).await?.into_inner())
}

impl Answered {
    fn add(&mut self, batch: &[(u64, Case)], answer: ImportParticipantsResponse) {
        let ImportParticipantsResponse { outcomes, faults } = answer;
        let line = |path: &str| {
            let number = row_of(path)?;
            batch.get(number).map(|(line, _)| *line)
        };
        for outcome in outcomes {
            self.outcomes.push((line(&outcome.row).unwrap_or_default(), outcome));
        }
        for common::ImportFault { field, reason, facts } in faults {
            let of_row = field.split_once("].").map_or("", |(_, rest)| rest);
            let facts: Vec<_> = facts.into_iter().map(|fact| (fact.key, fact.value)).collect();
            let is_nobody = facts.iter().any(|(key, value)| key == "value" && value.is_empty());
            // A name of nothing is no name that somebody wrote wrong.
            let (reason, facts) = match reason.as_str() {
                "NAME_MALFORMED" if is_nobody => ("FIELD_MISSING".to_owned(), Vec::new()),
                _ => (reason, facts),
            };
            self.faults.push(RowFault {
                line: line(&field).unwrap_or_default(),
                field: field_of(of_row).map(|field| field.id),
                reason,
                facts,
            });
        }
    }

    /// Puts what was found when the rows were read before what only follows from it: of a
    /// row that cannot be read, the service knows too little to judge the whole.
    fn finish(&mut self, read: &[RowFault]) {
        self.faults.retain(|fault| {
            let of_row: Vec<&RowFault> = read.iter().filter(|it| it.line == fault.line).collect();
            of_row.is_empty()
                || (fault.field.is_some() && of_row.iter().all(|it| it.field != fault.field))
        });
        self.faults.extend_from_slice(read);
        let place = |field: Option<&str>| {
            fields().position(|it: &Field| Some(it.id) == field).unwrap_or_default()
        };
        self.faults.sort_by_key(|fault| (fault.line, place(fault.field)));
    }
}

impl RowFault {
    /// True when nothing is given.
    pub(super) fn is_missing(&self) -> bool {
        self.reason.ends_with("_MISSING")
    }

    fn of(line: u64, field: Option<&'static str>, fault: &Fault) -> Self {
        let facts = fault.facts.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
        Self { line, field, reason: fault.reason.to_owned(), facts: facts.collect() }
    }
}

/// The row that a path of the message is in: 3 of `cases[3].person`.
fn row_of(path: &str) -> Option<usize> {
    path.strip_prefix("cases[")?.split(']').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: u64, field: Option<&'static str>) -> RowFault {
        RowFault { line, field, reason: String::new(), facts: Vec::new() }
    }

    #[test]
    fn what_follows_from_a_cell_that_cannot_be_read_is_not_told_beside_it() {
        let answer = |field: &str| common::ImportFault {
            field: field.to_owned(),
            reason: "FIELD_MISSING".to_owned(),
            facts: Vec::new(),
        };
        let mut answered = Answered::default();
        let batch: Vec<(u64, Case)> = [3, 5].map(|line| (line, Case::default())).to_vec();
        let faults = [
            "cases[1].person.sex",
            "cases[0].exit.day",
            "cases[0].person.sex",
            "cases[0]",
            "cases[1]",
        ];
        let faults = faults.map(answer).to_vec();
        answered.add(&batch, ImportParticipantsResponse { outcomes: Vec::new(), faults });
        answered.finish(&[fault(3, Some("sex"))]);
        let told: Vec<_> = answered.faults.iter().map(|it| (it.line, it.field)).collect();
        let expected = [(3, Some("sex")), (3, Some("exit_day")), (5, None), (5, Some("sex"))];
        assert_eq!(told, expected);
    }
}
