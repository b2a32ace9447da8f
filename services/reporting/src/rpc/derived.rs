//! What reporting asks the participant service for, on the caller's behalf: protected
//! tables of counts, in layouts that it registers itself. The service stands behind the
//! same way as the organisation.

use std::collections::{BTreeMap, BTreeSet};

use platform::{
    Failure, Transport,
    convert::period_to_proto,
    failure::{FieldProblem, Problem},
    mount::LARGEST_MESSAGE,
    principal,
};
use proto::participant as pb;
use proto::participant::{
    banding_service_client::BandingServiceClient,
    table_layout_service_client::TableLayoutServiceClient,
    tabulation_service_client::TabulationServiceClient,
};
use tonic::{Code, Status, metadata::MetadataMap};
use values::{Period, Slug, name::TableLayoutName};

use crate::domain::{
    derived::{Alike, Answered, Band, Banding, Crosswalk, Cut, Table, Told},
    release::Stamp,
};

pub(super) const SERVICE: &str = "participant";
const LARGEST_PAGE: i32 = 1000;

/// Tables as they were told.
#[derive(Clone, Default)]
pub(super) struct Tables {
    pub(super) answered: Vec<Answered>,
    /// Those who are alike; none where the list was not asked for.
    pub(super) list: Option<Vec<Alike>>,
    pub(super) stamp: Option<Stamp>,
    /// What each of them is true at.
    pub(super) sequences: BTreeSet<i64>,
}

/// What is frozen for a publication.
pub(super) struct Freeze<'a> {
    pub(super) publication: &'a str,
    pub(super) period: Period,
    pub(super) request_id: String,
    /// What tables were true at that were given out before.
    pub(super) before: BTreeSet<i64>,
    /// True to freeze the list, too.
    pub(super) has_list: bool,
}

/// A caller's way to the counts of records.
pub(super) struct Counts<'a> {
    pub(super) transport: &'a Transport,
    pub(super) caller: &'a MetadataMap,
    pub(super) federation: &'a Slug,
    pub(super) crosswalk: &'a Crosswalk,
}

impl Counts<'_> {
    /// Registers the bandings and layouts that are not there yet.
    ///
    /// # Errors
    /// `LAYOUT_TAKEN` when one of the name is there that is another; what the participant
    /// service finds wrong with one.
    pub(super) async fn ensure_layouts(&self) -> Result<(), Failure> {
        let mut bandings = BandingServiceClient::new(self.transport.clone());
        for banding in &self.crosswalk.bandings {
            let message = pb::CreateBandingRequest {
                parent: self.parent(),
                banding_id: banding.id.to_string(),
                banding: Some(self.banding(banding)),
                request_id: format!("reporting-{}", banding.id),
                validate_only: false,
            };
            let answer = bandings.create_banding(principal::forward(self.caller, message)).await;
            if !is_new(answer)? {
                let name = format!("{}/bandings/{}", self.parent(), banding.id);
                let message = pb::GetBandingRequest { name: name.clone() };
                let found = bandings.get_banding(principal::forward(self.caller, message)).await;
                let found = found.map_err(failed)?.into_inner().banding.unwrap_or_default();
                let meant = self.banding(banding);
                let is_same = found.dimension == meant.dimension && found.bands == meant.bands;
                check_same(is_same, name)?;
            }
        }
        let mut layouts = TableLayoutServiceClient::new(self.transport.clone());
        for (id, table_layout) in self.layouts() {
            let shape = table_layout.shape.clone();
            let message = pb::CreateTableLayoutRequest {
                parent: self.parent(),
                table_layout_id: id.to_string(),
                table_layout: Some(table_layout),
                request_id: format!("reporting-{id}"),
                validate_only: false,
            };
            let answer =
                layouts.create_table_layout(principal::forward(self.caller, message)).await;
            if !is_new(answer)? {
                let name = self.layout_name(id);
                let message = pb::GetTableLayoutRequest { name: name.clone() };
                let request = principal::forward(self.caller, message);
                let found = layouts.get_table_layout(request).await.map_err(failed)?;
                let found = found.into_inner().table_layout.unwrap_or_default();
                check_same(found.shape == shape, name)?;
            }
        }
        Ok(())
    }

    /// The tables as they can be told now. Their layouts are registered by the first who
    /// asks for them and may.
    ///
    /// # Errors
    /// `NotFound` while they are not.
    pub(super) async fn told(&self, period: Period) -> Result<Tables, Failure> {
        let missing = match self.protected(period).await {
            Err(Failure::NotFound { name }) => name,
            told => return told,
        };
        match self.ensure_layouts().await {
            Err(Failure::Denied) => Err(Failure::NotFound { name: missing }),
            registered => {
                registered?;
                self.protected(period).await
            }
        }
    }

    async fn protected(&self, period: Period) -> Result<Tables, Failure> {
        let mut tables = Vec::new();
        for table in &self.crosswalk.tables {
            let message = pb::GetProtectedTableRequest {
                parent: self.parent(),
                layout: self.layout_name(&table.layout),
                period: Some(period_to_proto(period)),
            };
            let request = principal::forward(self.caller, message);
            let answer = self.client().get_protected_table(request).await.map_err(failed)?;
            tables.extend(answer.into_inner().table);
        }
        self.read(tables)
    }

    /// Freezes the tables of a publication: as known now, or, where that would reveal few
    /// people beside what was given out, as known at the newest sequence of what was, at
    /// which all of them can be told. A publication that is frozen gets the same tables.
    pub(super) async fn release(&self, freeze: Freeze<'_>) -> Result<Tables, Failure> {
        let Freeze { publication, period, request_id, before, has_list } = freeze;
        let Crosswalk { version: _, bandings: _, tables, list } = self.crosswalk;
        let list = list.as_ref().filter(|_| has_list).map(|list| &list.layout);
        // The list comes last: it hides what the figures beside it would tell.
        let layouts = tables.iter().map(|table| &table.layout).chain(list);
        let layouts = layouts.map(|layout| self.layout_name(layout));
        let now = pb::ReleaseTablesRequest {
            parent: self.parent(),
            publication: publication.to_owned(),
            layouts: layouts.collect(),
            period: Some(period_to_proto(period)),
            as_known_at: 0,
            request_id,
            validate_only: false,
        };
        let then = |sequence: i64| pb::ReleaseTablesRequest {
            as_known_at: sequence,
            request_id: format!("{}-{sequence}", now.request_id),
            ..now.clone()
        };
        let mut refusal = None;
        for message in std::iter::once(now.clone()).chain(before.into_iter().rev().map(then)) {
            let request = principal::forward(self.caller, message);
            match self.client().release_tables(request).await {
                Ok(answer) => return self.read(answer.into_inner().tables),
                Err(status) if Problem::of(&status).reason == "RELEASE_WOULD_REVEAL" => {
                    refusal.get_or_insert(status);
                }
                Err(status) => return Err(failed(status)),
            }
        }
        Err(refusal.map_or_else(|| anyhow::anyhow!("{SERVICE} was not asked").into(), failed))
    }

    /// The tables that were frozen for a publication.
    pub(super) async fn released(&self, publication: &str) -> Result<Tables, Failure> {
        let message = pb::ListReleasedTablesRequest {
            parent: self.parent(),
            publication: publication.to_owned(),
            page_size: LARGEST_PAGE,
            page_token: String::new(),
        };
        let request = principal::forward(self.caller, message);
        let answer = self.client().list_released_tables(request).await.map_err(failed)?;
        self.read(answer.into_inner().released_tables)
    }

    fn read(&self, told: Vec<pb::ReleasedTable>) -> Result<Tables, Failure> {
        let mut tables = Tables::default();
        for table in told {
            let pb::ReleasedTable {
                name: _,
                layout,
                period: _,
                table,
                threshold: _,
                sequence,
                head_hash,
                release_time: _,
                publication: _,
            } = table;
            let layout = TableLayoutName::parse("layout", &layout)
                .map_err(|fault| anyhow::anyhow!("{SERVICE} answered a table of {fault:?}"))?;
            let table = table.ok_or_else(|| anyhow::anyhow!("{SERVICE} answered no numbers"))?;
            tables.sequences.insert(sequence);
            // Tables that were told at several sequences are as true as the newest.
            if tables.stamp.as_ref().is_none_or(|stamp| stamp.sequence <= sequence) {
                tables.stamp = Some(Stamp { service: SERVICE.to_owned(), sequence, head_hash });
            }
            if self.crosswalk.list.as_ref().is_some_and(|list| list.layout == layout.id) {
                tables.list = Some(alike(table));
                continue;
            }
            let has_cut = self
                .crosswalk
                .tables
                .iter()
                .any(|table| table.layout == layout.id && table.cut.is_some());
            let numbers = numbers(table, has_cut);
            tables.answered.push(Answered { layout: layout.id, numbers });
        }
        Ok(tables)
    }

    fn banding(&self, Banding { id: _, dimension, decision, bands }: &Banding) -> pb::Banding {
        let band = |band: &Band| {
            let Band { id, label, label_en, youngest, oldest, codes, category: _ } = band;
            pb::Band {
                id: id.to_string(),
                label: label.clone(),
                label_en: label_en.clone(),
                youngest: *youngest,
                oldest: *oldest,
                codes: codes.clone(),
            }
        };
        pb::Banding {
            name: String::new(),
            dimension: banded(number(*dimension)).into(),
            bands: bands.iter().map(band).collect(),
            decision: decision.clone(),
        }
    }

    /// Every layout, by its id.
    fn layouts(&self) -> Vec<(&Slug, pb::TableLayout)> {
        let Crosswalk { version: _, bandings: _, tables, list } = self.crosswalk;
        let table = |table: &Table| {
            let measures: Vec<usize> = table.columns.iter().map(|column| column.measure).collect();
            self.layout(&table.title, &measures, &table.cut.iter().collect::<Vec<_>>())
        };
        let mut layouts: Vec<_> =
            tables.iter().map(|of_table| (&of_table.layout, table(of_table))).collect();
        layouts.extend(list.as_ref().map(|list| {
            let cuts: Vec<&Cut> = list.cuts.iter().map(|of_list| &of_list.cut).collect();
            (&list.layout, self.layout(&list.title, &[list.measure], &cuts))
        }));
        layouts
    }

    fn layout(&self, title: &str, measures: &[usize], cuts: &[&Cut]) -> pb::TableLayout {
        let by_team = pb::Cut { dimension: pb::Dimension::Team.into(), banding: String::new() };
        let cut = |cut: &&Cut| {
            let banding = cut.banding.as_ref();
            let banding = banding.map(|id| format!("{}/bandings/{id}", self.parent()));
            let banding = banding.unwrap_or_default();
            pb::Cut { dimension: number(cut.dimension), banding }
        };
        pb::TableLayout {
            name: String::new(),
            title: title.to_owned(),
            shape: Some(pb::TableShape {
                measures: measures.iter().map(|measure| number(*measure)).collect(),
                cuts: std::iter::once(by_team).chain(cuts.iter().map(cut)).collect(),
            }),
        }
    }

    fn layout_name(&self, layout: &Slug) -> String {
        TableLayoutName::new(self.federation.clone(), layout.clone()).to_string()
    }

    fn client(&self) -> TabulationServiceClient<Transport> {
        TabulationServiceClient::new(self.transport.clone())
            .max_decoding_message_size(LARGEST_MESSAGE)
    }

    fn parent(&self) -> String {
        format!("federations/{}", self.federation)
    }
}

/// Places of our lists are numbers of the contract, less its unspecified first.
fn number(place: usize) -> i32 {
    i32::try_from(place + 1).unwrap_or_default()
}

/// What a dimension is called where bandings are made.
fn banded(dimension: i32) -> pb::BandedDimension {
    match pb::Dimension::try_from(dimension).unwrap_or_default() {
        pb::Dimension::Age => pb::BandedDimension::Age,
        pb::Dimension::ExitOutcome => pb::BandedDimension::ExitOutcome,
        pb::Dimension::ReferringKind => pb::BandedDimension::ReferringKind,
        pb::Dimension::LivelihoodBefore | pb::Dimension::LivelihoodAfter => {
            pb::BandedDimension::Livelihood
        }
        pb::Dimension::Unspecified
        | pb::Dimension::Team
        | pb::Dimension::Area
        | pb::Dimension::Municipality
        | pb::Dimension::Party
        | pb::Dimension::Sex
        | pb::Dimension::ReferringParty => pb::BandedDimension::Unspecified,
    }
}

/// False for what is there already.
fn is_new<T>(answer: Result<T, Status>) -> Result<bool, Failure> {
    match answer {
        Ok(_) => Ok(true),
        Err(status) if status.code() == Code::AlreadyExists => Ok(false),
        Err(status) if status.code() == Code::InvalidArgument => {
            let problem = Problem::of(&status);
            let first = problem.faults.first();
            let told = |fault: &FieldProblem| format!("{}: {}", fault.field, fault.reason);
            Err(Failure::refused("LAYOUT_REFUSED")
                .with("count", problem.faults.len())
                .with("first", first.map(told).unwrap_or_default()))
        }
        Err(status) => Err(failed(status)),
    }
}

/// The people of a list, as far as they are shown.
fn alike(table: pb::CountTable) -> Vec<Alike> {
    let row = |pb::CountCell { keys, counts }: pb::CountCell| {
        let people = counts.first().and_then(|count| count.value).filter(|people| *people > 0)?;
        let mut keys = keys.into_iter();
        Some(Alike { team: keys.next()?, keys: keys.collect(), people })
    };
    table.cells.into_iter().filter_map(row).collect()
}

fn check_same(is_same: bool, name: String) -> Result<(), Failure> {
    if is_same { Ok(()) } else { Err(Failure::refused("LAYOUT_TAKEN").with("layout", name)) }
}

/// Every number of a table: cells, the totals of each team and of each key, and of all.
fn numbers(
    table: pb::CountTable,
    has_cut: bool,
) -> BTreeMap<(Option<String>, Option<String>, usize), Told> {
    let pb::CountTable { cells, totals, margins } = table;
    let mut numbers = BTreeMap::new();
    let mut note = |team: Option<String>, key: Option<String>, counts: Vec<pb::Count>| {
        for (column, pb::Count { value, commitment }) in counts.into_iter().enumerate() {
            numbers.insert((team.clone(), key.clone(), column), Told { value, commitment });
        }
    };
    note(None, None, totals);
    for pb::CountCell { keys, counts } in cells {
        let mut keys = keys.into_iter();
        note(keys.next(), keys.next().filter(|_| has_cut), counts);
    }
    for pb::CountMargin { cut, key, counts } in margins {
        match cut {
            0 => note(Some(key), None, counts),
            _ => note(None, Some(key), counts),
        }
    }
    numbers
}

/// What would reveal few people is the caller's to know; everything else is as from any
/// service.
fn failed(status: Status) -> Failure {
    let problem = Problem::of(&status);
    match problem.reason.as_str() {
        "RELEASE_WOULD_REVEAL" => Failure::refused("RELEASE_WOULD_REVEAL")
            .with("layout", problem.fact("layout"))
            .with("count", problem.fact("count"))
            .with("places", problem.fact("places")),
        "NOTHING_CAN_BE_TOLD" => Failure::refused("NOTHING_CAN_BE_TOLD"),
        _ => Failure::from_callee(SERVICE, status),
    }
}
