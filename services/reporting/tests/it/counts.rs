//! The counts of records as reporting sees them: layouts that are registered once, and
//! tables that are frozen for a publication. Sala has twelve participants, seven of them
//! women, and too few new ones to tell; as many in the second half-year, all of them new.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Utc};
use platform::{Failure, convert::timestamp};
use proto::common::Period;
use proto::participant::{
    self as pb, Banding, Count, CountCell, CountMargin, CountTable, CreateBandingRequest,
    CreateBandingResponse, CreateTableLayoutRequest, CreateTableLayoutResponse, GetBandingRequest,
    GetBandingResponse, GetProtectedTableRequest, GetProtectedTableResponse,
    GetTableEvidenceRequest, GetTableEvidenceResponse, GetTableLayoutRequest,
    GetTableLayoutResponse, ListBandingsRequest, ListBandingsResponse, ListCellRecordsRequest,
    ListCellRecordsResponse, ListReleasedTablesRequest, ListReleasedTablesResponse,
    ListTableLayoutsRequest, ListTableLayoutsResponse, Measure, ReleaseTablesRequest,
    ReleaseTablesResponse, ReleasedTable, TableLayout, TabulateRequest, TabulateResponse,
    banding_service_server::BandingService, table_layout_service_server::TableLayoutService,
    tabulation_service_server::TabulationService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults};

use crate::world::HOME;

/// What the counts are true at.
pub(crate) const SEQUENCE: i64 = 4711;

/// How many men took part in the half-year before, and when tables of it were given out.
type Earlier = (i64, DateTime<Utc>);

/// A participant service that knows what it was asked to register and to freeze.
#[derive(Clone, Default)]
pub(crate) struct Counts {
    bandings: Arc<Mutex<Vec<Banding>>>,
    layouts: Arc<Mutex<Vec<TableLayout>>>,
    released: Arc<Mutex<Vec<ReleasedTable>>>,
    late: Arc<Mutex<i64>>,
    reveals: Arc<Mutex<bool>>,
    stuck: Arc<Mutex<bool>>,
    earlier: Arc<Mutex<Option<Earlier>>>,
    asked: Arc<Mutex<Vec<Period>>>,
}

/// Who took part in a period.
struct People {
    women: i64,
    men: i64,
    /// True when those who were new are told: all of them.
    tells_new: bool,
}

impl Counts {
    /// So many men of Sala get known after tables were read and before they are frozen.
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
        let table = |layout: &TableLayout| ReleasedTable {
            release_time: Some(timestamp(time)),
            ..self.table(&layout.name, Some(period), "")
        };
        layouts.iter().map(table).collect()
    }

    /// What is known now would tell few people beside the tables that were read.
    pub(crate) fn reveal_now(&self) {
        *self.reveals.lock().unwrap() = true;
    }

    /// A woman got known since the table by sex was given out that no newer one is told beside.
    pub(crate) fn stick_by_sex(&self) {
        *self.stuck.lock().unwrap() = true;
    }

    /// The publications that tables were frozen for.
    pub(crate) fn frozen(&self) -> BTreeSet<String> {
        let released = self.released.lock().unwrap();
        released.iter().map(|table| table.publication.clone()).collect()
    }

    fn table(&self, name: &str, period: Option<Period>, publication: &str) -> ReleasedTable {
        let late = if publication.is_empty() { 0 } else { *self.late.lock().unwrap() };
        let is_stuck = *self.stuck.lock().unwrap() && name.ends_with("by-sex");
        let stuck = i64::from(is_stuck && publication.is_empty());
        let first_day = period.and_then(|period| period.first_day).unwrap_or_default();
        let people = match (first_day.year, first_day.month) {
            (..2025, _) => {
                let men = self.earlier.lock().unwrap().map(|(men, _)| men);
                People { women: 0, men: men.unwrap_or_default(), tells_new: true }
            }
            (2025, 1) => People { women: 7 - stuck, men: 5 + late, tells_new: false },
            _ => People { women: 7, men: 5, tells_new: true },
        };
        let known = self.layouts.lock().unwrap();
        let layout = known.iter().find(|known| known.name == name).unwrap();
        ReleasedTable {
            layout: name.to_owned(),
            period,
            table: Some(table(layout.shape.as_ref().unwrap(), &people)),
            threshold: 5,
            sequence: SEQUENCE - stuck,
            head_hash: vec![7; 32],
            publication: publication.to_owned(),
            ..Default::default()
        }
    }
}

fn not_asked<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("not asked for"))
}

#[async_trait]
impl BandingService for Counts {
    async fn create_banding(
        &self,
        request: Request<CreateBandingRequest>,
    ) -> Result<Response<CreateBandingResponse>, Status> {
        let CreateBandingRequest { banding_id, banding, validate_only, .. } = request.into_inner();
        let name = format!("{HOME}/bandings/{banding_id}");
        let banding = Banding { name, ..banding.unwrap() };
        let mut faults = Faults::new();
        if banding.bands.first().is_some_and(|band| band.youngest > 0) {
            faults.push(Fault::new("banding.bands", "BAND_GAP").with("value", 0));
        }
        for (row, band) in banding.bands.iter().enumerate() {
            if band.label.is_empty() {
                faults.push(Fault::new(format!("banding.bands[{row}].label"), "TEXT_MISSING"));
            }
        }
        faults.into_result(|| Some(())).map_err(Failure::from)?;
        let mut bandings = self.bandings.lock().unwrap();
        if bandings.iter().any(|known| known.name == banding.name) {
            return Err(Status::already_exists("EXISTS"));
        }
        if !validate_only {
            bandings.push(banding.clone());
        }
        Ok(Response::new(CreateBandingResponse { banding: Some(banding) }))
    }

    async fn get_banding(
        &self,
        request: Request<GetBandingRequest>,
    ) -> Result<Response<GetBandingResponse>, Status> {
        let name = request.into_inner().name;
        let bandings = self.bandings.lock().unwrap();
        let banding = bandings.iter().find(|known| known.name == name).cloned();
        Ok(Response::new(GetBandingResponse { banding }))
    }

    async fn list_bandings(
        &self,
        _: Request<ListBandingsRequest>,
    ) -> Result<Response<ListBandingsResponse>, Status> {
        not_asked()
    }
}

#[async_trait]
impl TableLayoutService for Counts {
    async fn create_table_layout(
        &self,
        request: Request<CreateTableLayoutRequest>,
    ) -> Result<Response<CreateTableLayoutResponse>, Status> {
        let CreateTableLayoutRequest { table_layout_id, table_layout, validate_only, .. } =
            request.into_inner();
        let name = format!("{HOME}/tableLayouts/{table_layout_id}");
        let layout = TableLayout { name, ..table_layout.unwrap() };
        let mut faults = Faults::new();
        if layout.title.is_empty() {
            faults.push(Fault::new("table_layout.title", "TEXT_MISSING"));
        }
        let measures: Vec<i32> =
            layout.shape.iter().flat_map(|shape| shape.measures.clone()).collect();
        for (row, measure) in measures.iter().enumerate() {
            if measures[..row].contains(measure) {
                let field = format!("table_layout.shape.measures[{row}]");
                faults.push(Fault::new(field, "MEASURE_TWICE"));
            }
        }
        faults.into_result(|| Some(())).map_err(Failure::from)?;
        let mut layouts = self.layouts.lock().unwrap();
        // A request that stands in the journal is answered as it was then, or is another.
        match layouts.iter().find(|known| known.name == layout.name) {
            Some(known) if !validate_only && *known != layout => {
                return Err(Failure::refused("REQUEST_ID_REUSED").into());
            }
            Some(_) => return Err(Status::already_exists("EXISTS")),
            None => {}
        }
        let cuts = layout.shape.iter().flat_map(|shape| &shape.cuts).enumerate();
        let mut faults = Faults::new();
        for (row, cut) in cuts.filter(|(_, cut)| !cut.banding.is_empty()) {
            let bandings = self.bandings.lock().unwrap();
            if !bandings.iter().any(|known| known.name == cut.banding) {
                let field = format!("table_layout.shape.cuts[{row}].banding");
                faults.push(Fault::new(field, "BANDING_UNKNOWN").with("value", &cut.banding));
            }
        }
        faults.into_result(|| Some(())).map_err(Failure::from)?;
        if !validate_only {
            layouts.push(layout.clone());
        }
        Ok(Response::new(CreateTableLayoutResponse { table_layout: Some(layout) }))
    }

    async fn get_table_layout(
        &self,
        request: Request<GetTableLayoutRequest>,
    ) -> Result<Response<GetTableLayoutResponse>, Status> {
        let name = request.into_inner().name;
        let layouts = self.layouts.lock().unwrap();
        let table_layout = layouts.iter().find(|known| known.name == name).cloned();
        Ok(Response::new(GetTableLayoutResponse { table_layout }))
    }

    async fn list_table_layouts(
        &self,
        _: Request<ListTableLayoutsRequest>,
    ) -> Result<Response<ListTableLayoutsResponse>, Status> {
        not_asked()
    }
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

    async fn get_protected_table(
        &self,
        request: Request<GetProtectedTableRequest>,
    ) -> Result<Response<GetProtectedTableResponse>, Status> {
        let GetProtectedTableRequest { layout, period, .. } = request.into_inner();
        let is_known = self.layouts.lock().unwrap().iter().any(|known| known.name == layout);
        if !is_known {
            return Err(Status::not_found("NOT_FOUND"));
        }
        self.asked.lock().unwrap().extend(period);
        let table = self.table(&layout, period, "");
        Ok(Response::new(GetProtectedTableResponse { table: Some(table) }))
    }

    async fn release_tables(
        &self,
        request: Request<ReleaseTablesRequest>,
    ) -> Result<Response<ReleaseTablesResponse>, Status> {
        let ReleaseTablesRequest { publication, layouts, period, as_known_at, .. } =
            request.into_inner();
        if as_known_at == 0 && *self.reveals.lock().unwrap() {
            let refusal = Failure::refused("RELEASE_WOULD_REVEAL").with("layout", &layouts[0]);
            return Err(refusal.with("count", 1).with("places", "*").into());
        }
        let mut released = self.released.lock().unwrap();
        if !released.iter().any(|table| table.publication == publication) {
            let table = |name: &String| self.table(name, period, &publication);
            released.extend(layouts.iter().map(table));
        }
        let tables = released.iter().filter(|table| table.publication == publication);
        Ok(Response::new(ReleaseTablesResponse { tables: tables.cloned().collect() }))
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

/// Sala's people, as the shape divides them.
fn table(shape: &pb::TableShape, People { women, men, tells_new }: &People) -> CountTable {
    let all = women + men;
    let is_shown = |people: &i64| !(1..5).contains(people);
    let count =
        |value: Option<i64>| Count { value: value.filter(is_shown), commitment: vec![3; 32] };
    let of = |measure: &i32, part: Option<i64>| match Measure::try_from(*measure).unwrap() {
        Measure::Participants => count(Some(part.unwrap_or(all))),
        Measure::New => count(tells_new.then(|| part.unwrap_or(all))),
        // To nobody, nothing is committed.
        _ => Count { value: Some(0), commitment: Vec::new() },
    };
    let counts = |part: Option<i64>| -> Vec<Count> {
        shape.measures.iter().map(|measure| of(measure, part)).collect()
    };
    let team = format!("{HOME}/teams/sala");
    if shape.cuts.len() == 3 {
        return list(&team);
    }
    let second = shape.cuts.get(1).map(pb::Cut::dimension);
    let parts: &[(&str, i64)] = match second {
        Some(pb::Dimension::Sex) => &[("SEX_WOMAN", *women), ("SEX_MAN", *men)],
        Some(pb::Dimension::Age) => &[("under-30", all)],
        _ => &[],
    };
    let cell = |(key, part): &(&str, i64)| CountCell {
        keys: vec![team.clone(), (*key).to_owned()],
        counts: counts(Some(*part)),
    };
    let margin =
        |cut, key: &str, part| CountMargin { cut, key: key.to_owned(), counts: counts(part) };
    match second {
        None => CountTable {
            cells: vec![CountCell { keys: vec![team.clone()], counts: counts(None) }],
            totals: counts(None),
            margins: Vec::new(),
        },
        Some(_) => CountTable {
            cells: parts.iter().map(cell).collect(),
            totals: counts(None),
            margins: std::iter::once(margin(0, &team, None))
                .chain(parts.iter().map(|(key, part)| margin(1, key, Some(*part))))
                .collect(),
        },
    }
}

/// Those of Sala who are alike by sex and age, and some of another team: the others are too
/// few.
fn list(team: &str) -> CountTable {
    let shown = |value| vec![Count { value, commitment: vec![4; 32] }];
    let cell = |(team, sex, people): (&str, &str, Option<i64>)| CountCell {
        keys: vec![team.to_owned(), sex.to_owned(), "under-30".to_owned()],
        counts: shown(people),
    };
    let other = format!("{HOME}/teams/koping");
    let cells = [
        (team, "SEX_MAN", None),
        (team, "SEX_WOMAN", Some(7)),
        (other.as_str(), "SEX_MAN", Some(9)),
    ];
    CountTable {
        cells: cells.into_iter().map(cell).collect(),
        totals: shown(None),
        margins: Vec::new(),
    }
}
