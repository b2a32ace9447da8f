//! The counts of records as reporting sees them: layouts that are registered once, and
//! tables that are frozen for a publication. Sala has twelve participants, seven of them
//! women, and too few new ones to tell; as many in the second half-year, all of them new.

mod layouts;
mod table;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Utc};
use platform::{Failure, convert::timestamp};
use proto::common::Period;
use proto::participant::{
    Banding, GetProtectedTablesRequest, GetProtectedTablesResponse, GetTableEvidenceRequest,
    GetTableEvidenceResponse, ListCellRecordsRequest, ListCellRecordsResponse,
    ListReleasedTablesRequest, ListReleasedTablesResponse, ReleaseTablesRequest,
    ReleaseTablesResponse, ReleasedTable, TableLayout, TabulateRequest, TabulateResponse,
    tabulation_service_server::TabulationService,
};
use tonic::{Request, Response, Status, async_trait};

use self::table::{People, table};

/// What the counts are true at.
pub(crate) const SEQUENCE: i64 = 4711;

/// How many men took part in the half-year before, and when tables of it were given out.
type Earlier = (i64, DateTime<Utc>);

/// A participant service that knows what it was asked to register and to freeze.
#[derive(Clone, Default)]
pub(crate) struct Counts {
    now: DateTime<Utc>,
    bandings: Arc<Mutex<Vec<Banding>>>,
    layouts: Arc<Mutex<Vec<TableLayout>>>,
    released: Arc<Mutex<Vec<ReleasedTable>>>,
    late: Arc<Mutex<i64>>,
    reveals: Arc<Mutex<bool>>,
    stuck: Arc<Mutex<bool>>,
    refuses: Arc<Mutex<bool>>,
    empties: Arc<Mutex<bool>>,
    earlier: Arc<Mutex<Option<Earlier>>>,
    asked: Arc<Mutex<Vec<Period>>>,
}

impl Counts {
    /// Counts that are given out at one time.
    pub(crate) fn at(now: DateTime<Utc>) -> Self {
        Self { now, ..Self::default() }
    }

    /// So many men of Sala get known after tables were read.
    pub(crate) fn come_late(&self, men: i64) {
        *self.late.lock().unwrap() = men;
    }

    /// Tables of the half-year before were given out when it had ended, of so many men who
    /// took part in Sala.
    pub(crate) fn there_were(&self, men: i64) {
        self.there_were_at("2025-01-10T08:00:00Z", men);
    }

    /// The same at another time.
    pub(crate) fn there_were_at(&self, time: &str, men: i64) {
        *self.earlier.lock().unwrap() = Some((men, time.parse().unwrap()));
    }

    /// The years that tables were read of, which enters those in the ledger.
    pub(crate) fn years_read(&self) -> BTreeSet<i32> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter_map(|period| period.first_day).map(|day| day.year).collect()
    }

    /// How often a table was read.
    pub(crate) fn tables_read(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    /// The names of the bandings and layouts that are registered.
    pub(crate) fn registered(&self) -> BTreeSet<String> {
        let bandings = self.bandings.lock().unwrap();
        let layouts = self.layouts.lock().unwrap();
        let bandings = bandings.iter().map(|banding| banding.name.clone());
        bandings.chain(layouts.iter().map(|layout| layout.name.clone())).collect()
    }

    /// The tables of the half-year before that were given out.
    fn earlier(&self) -> Vec<ReleasedTable> {
        let Some((_, time)) = *self.earlier.lock().unwrap() else { return Vec::new() };
        let day = |month, day| Some(proto::Date { year: 2024, month, day });
        let period = Period { first_day: day(7, 1), last_day: day(12, 31) };
        let layouts = self.layouts.lock().unwrap().clone();
        let table = |(number, layout): (usize, &TableLayout)| ReleasedTable {
            name: released_table(number),
            release_time: Some(timestamp(time)),
            ..self.table(&layout.name, Some(period), (SEQUENCE, false))
        };
        layouts.iter().enumerate().map(table).collect()
    }

    /// What gets known late would tell few people beside the tables that were read.
    pub(crate) fn reveal_now(&self) {
        *self.reveals.lock().unwrap() = true;
    }

    /// A woman got known since the table by sex was given out that no newer one is told beside.
    pub(crate) fn stick_by_sex(&self) {
        *self.stuck.lock().unwrap() = true;
    }

    /// From now on nothing would be left of the table by sex with more hidden.
    pub(crate) fn empty_by_sex(&self) {
        *self.empties.lock().unwrap() = true;
    }

    /// From now on something would.
    pub(crate) fn fill_by_sex(&self) {
        *self.empties.lock().unwrap() = false;
    }

    /// From now on tables are frozen as they are known now alone.
    pub(crate) fn refuse_what_was(&self) {
        *self.refuses.lock().unwrap() = true;
    }

    /// The publications that tables were frozen for.
    pub(crate) fn frozen(&self) -> BTreeSet<String> {
        let released = self.released.lock().unwrap();
        let frozen = released.iter().map(|table| table.publication.clone());
        frozen.filter(|publication| !publication.is_empty()).collect()
    }

    /// What is known now.
    fn head(&self) -> i64 {
        SEQUENCE + i64::from(*self.late.lock().unwrap() > 0)
    }

    /// The table that was read at a sequence.
    fn read_at(&self, name: &str, period: Option<Period>, sequence: i64) -> Option<ReleasedTable> {
        let given = self.released.lock().unwrap();
        let is_it = |table: &&ReleasedTable| {
            (&*table.layout, table.period, table.sequence) == (name, period, sequence)
                && table.publication.is_empty()
        };
        given.iter().find(is_it).cloned()
    }

    /// The table that was read last.
    fn last_read(&self, name: &str, period: Option<Period>) -> Option<ReleasedTable> {
        (SEQUENCE - 1..=self.head()).rev().find_map(|at| self.read_at(name, period, at))
    }

    /// Whether a table is not told at a sequence but with more hidden.
    fn reveals_at(&self, name: &str, period: Option<Period>, sequence: i64) -> bool {
        let is_late = sequence > SEQUENCE && *self.reveals.lock().unwrap();
        let is_stuck = *self.stuck.lock().unwrap() && name.ends_with("by-sex");
        (is_late || is_stuck) && self.read_at(name, period, sequence).is_none()
    }

    /// A table as it is told, and whether it is what is known now.
    fn told(&self, name: &str, period: Option<Period>, hide_more: bool) -> (ReleasedTable, bool) {
        let head = self.head();
        let reveals = self.reveals_at(name, period, head);
        let is_newest = !reveals || hide_more;
        let last = self.last_read(name, period);
        if let Some(last) = last.clone().filter(|_| !is_newest) {
            return (last, false);
        }
        // Of a table that is stuck, the first reading was before.
        let at = head - i64::from(!is_newest && last.is_none());
        let table = self.table(name, period, (at, reveals && hide_more));
        let [table] = self.entered(vec![table]).try_into().unwrap();
        (table, is_newest)
    }

    /// Tables as they stand in the ledger from now on, each with a number above those before.
    fn entered(&self, mut tables: Vec<ReleasedTable>) -> Vec<ReleasedTable> {
        let mut released = self.released.lock().unwrap();
        for (table, number) in tables.iter_mut().zip(1000 + released.len()..) {
            table.name = released_table(number);
            released.insert(0, table.clone());
        }
        tables
    }

    fn table(&self, name: &str, period: Option<Period>, (at, hides): (i64, bool)) -> ReleasedTable {
        let late = if at > SEQUENCE { *self.late.lock().unwrap() } else { 0 };
        let is_stuck = *self.stuck.lock().unwrap() && name.ends_with("by-sex");
        let unknown = i64::from(is_stuck && at < SEQUENCE);
        let first_day = period.and_then(|period| period.first_day).unwrap_or_default();
        let people = match (first_day.year, first_day.month) {
            (..2025, _) => {
                let men = self.earlier.lock().unwrap().map(|(men, _)| men);
                People { women: 0, men: men.unwrap_or_default(), tells_new: true }
            }
            (2025, 1) => People { women: 7 - unknown, men: 5 + late, tells_new: false },
            _ => People { women: 7, men: 5, tells_new: true },
        };
        let known = self.layouts.lock().unwrap();
        let layout = known.iter().find(|known| known.name == name).unwrap();
        let mut table = table(layout.shape.as_ref().unwrap(), &people);
        if hides {
            let counts = table.cells.iter_mut().flat_map(|cell| &mut cell.counts);
            counts.for_each(|count| count.value = None);
            let margins = table.margins.iter_mut().filter(|margin| margin.cut == 1);
            margins.flat_map(|margin| &mut margin.counts).for_each(|count| count.value = None);
        }
        ReleasedTable {
            layout: name.to_owned(),
            period,
            table: Some(table),
            threshold: 5,
            sequence: at,
            head_hash: vec![7; 32],
            release_time: Some(timestamp(self.now)),
            ..Default::default()
        }
    }
}

fn released_table(number: usize) -> String {
    format!("federations/vastmanland/releasedTables/{number}")
}

fn not_asked<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("not asked for"))
}

#[async_trait]
impl TabulationService for Counts {
    async fn tabulate(
        &self,
        _: Request<TabulateRequest>,
    ) -> Result<Response<TabulateResponse>, Status> {
        not_asked()
    }

    async fn list_cell_records(
        &self,
        _: Request<ListCellRecordsRequest>,
    ) -> Result<Response<ListCellRecordsResponse>, Status> {
        not_asked()
    }

    async fn get_table_evidence(
        &self,
        _: Request<GetTableEvidenceRequest>,
    ) -> Result<Response<GetTableEvidenceResponse>, Status> {
        not_asked()
    }

    async fn get_protected_tables(
        &self,
        request: Request<GetProtectedTablesRequest>,
    ) -> Result<Response<GetProtectedTablesResponse>, Status> {
        let GetProtectedTablesRequest { layouts, period, hide_more, .. } = request.into_inner();
        let known = self.layouts.lock().unwrap().clone();
        if !layouts.iter().all(|layout| known.iter().any(|known| known.name == *layout)) {
            return Err(Status::not_found("NOT_FOUND"));
        }
        let has_by_sex = layouts.iter().any(|layout| layout.ends_with("by-sex"));
        if hide_more && has_by_sex && *self.empties.lock().unwrap() {
            return Err(Failure::refused("NOTHING_CAN_BE_TOLD").into());
        }
        let mut tables = Vec::new();
        let mut are_newest = true;
        for layout in &layouts {
            self.asked.lock().unwrap().extend(period);
            let (table, is_newest) = self.told(layout, period, hide_more);
            are_newest &= is_newest;
            tables.push(table);
        }
        Ok(Response::new(GetProtectedTablesResponse { tables, are_newest }))
    }

    async fn release_tables(
        &self,
        request: Request<ReleaseTablesRequest>,
    ) -> Result<Response<ReleaseTablesResponse>, Status> {
        let ReleaseTablesRequest { publication, layouts, period, as_known_at, hide_more, .. } =
            request.into_inner();
        let mut tables = self.released.lock().unwrap().clone();
        tables.retain(|table| table.publication == publication);
        if !tables.is_empty() {
            return Ok(Response::new(ReleaseTablesResponse { tables }));
        }
        let at = if as_known_at == 0 { self.head() } else { as_known_at };
        let is_refused = as_known_at > 0 && *self.refuses.lock().unwrap();
        let reveals = |name: &&String| is_refused || self.reveals_at(name, period, at);
        if let Some(name) = layouts.iter().find(reveals).filter(|_| !hide_more) {
            let refusal = Failure::refused("RELEASE_WOULD_REVEAL").with("layout", name);
            return Err(refusal.with("count", 1).with("places", "*").into());
        }
        let table = |name: &String| {
            let hides = reveals(&name);
            let read = self.read_at(name, period, at).filter(|_| !hides);
            let table = read.unwrap_or_else(|| self.table(name, period, (at, hides)));
            ReleasedTable { publication: publication.clone(), ..table }
        };
        let tables: Vec<ReleasedTable> = layouts.iter().map(table).collect();
        let tables = self.entered(tables);
        Ok(Response::new(ReleaseTablesResponse { tables }))
    }

    async fn list_released_tables(
        &self,
        request: Request<ListReleasedTablesRequest>,
    ) -> Result<Response<ListReleasedTablesResponse>, Status> {
        let publication = request.into_inner().publication;
        let mut released_tables = self.released.lock().unwrap().clone();
        released_tables.extend(self.earlier());
        released_tables.retain(|table| publication.is_empty() || table.publication == publication);
        let next_page_token = String::new();
        Ok(Response::new(ListReleasedTablesResponse { released_tables, next_page_token }))
    }
}
