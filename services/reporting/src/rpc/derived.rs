//! What reporting asks the participant service for, on the caller's behalf: protected
//! tables of counts, in layouts that it registers itself. The service stands behind the
//! same way as the organisation.

mod layouts;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveTime};
use platform::{
    Failure, Transport, convert::period_to_proto, failure::Problem, mount::LARGEST_MESSAGE,
    principal,
};
use prost_types::Timestamp;
use proto::participant as pb;
use proto::participant::tabulation_service_client::TabulationServiceClient;
use tonic::{Status, metadata::MetadataMap};
use values::{
    Period, Slug,
    name::{ReleaseName, ReleasedTableName, TableLayoutName},
};

use crate::domain::{
    derived::{Alike, Answered, Crosswalk, Told},
    release::Stamp,
};

pub(super) const SERVICE: &str = "participant";
/// Why a table is not told.
const NOTHING: &str = "NOTHING_CAN_BE_TOLD";
const LARGEST_PAGE: i32 = 1000;
/// Tables on a page of the ledger, each of which can be large.
const LEDGER_PAGE: i32 = 100;

/// Tables as they were told.
#[derive(Clone, Default)]
pub(super) struct Tables {
    pub(super) answered: Vec<Answered>,
    /// Those who are alike; none where the list was not asked for.
    pub(super) list: Option<Vec<Alike>>,
    pub(super) stamp: Option<Stamp>,
    /// What each of them is true at.
    pub(super) sequences: BTreeSet<i64>,
    /// When the newest of them was given out.
    pub(super) fetch_time: Option<Timestamp>,
    /// Which that is, by its number and name.
    pub(super) newest: Option<(i64, ReleasedTableName)>,
}

/// What is frozen for a publication.
pub(super) struct Freeze<'a> {
    pub(super) publication: &'a str,
    pub(super) period: Period,
    pub(super) request_id: String,
    /// The sequences that they are to be true at, the best first; 0 for now.
    pub(super) sequences: Vec<i64>,
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
    /// The tables that a report shows: those that were frozen for the publication that is
    /// tried, or else those that were given out since the period ended, until one of them.
    /// None before all of them were. Nothing more is given out.
    pub(super) async fn shown(
        &self,
        (publication, until): (Option<&ReleaseName>, Option<&ReleasedTableName>),
        period: Period,
    ) -> Result<Option<Tables>, Failure> {
        let frozen = match publication {
            Some(name) => self.released(&name.to_string()).await?,
            None => Tables::default(),
        };
        if !frozen.answered.is_empty() {
            return Ok(Some(frozen));
        }
        let given_out = self.given_out(period, until).await?;
        let is_whole = given_out.answered.len() == self.crosswalk.tables.len();
        Ok(Some(given_out).filter(|_| is_whole))
    }

    /// The tables as they can be told now, with more hidden or not, and whether all of them
    /// tell what is known now: without more hidden, one that cannot be replaced stays as it
    /// was told. Their layouts are registered by the first who asks for them and may.
    ///
    /// # Errors
    /// `LAYOUTS_NOT_REGISTERED` while they are not.
    pub(super) async fn fetch(
        &self,
        period: Period,
        hides_more: bool,
    ) -> Result<(Tables, bool), Failure> {
        match self.protected(period, hides_more).await {
            Err(Failure::NotFound { .. }) => {}
            told => return told,
        }
        match self.ensure_layouts(false).await {
            Err(Failure::Denied) => return Err(Failure::refused("LAYOUTS_NOT_REGISTERED")),
            Err(Failure::Invalid(faults)) => return Err(layouts::refused(&faults)),
            registered => registered?,
        }
        self.protected(period, hides_more).await
    }

    /// The tables of all layouts, all of them given out or none, and whether all of them tell
    /// what is known now.
    async fn protected(&self, period: Period, hide_more: bool) -> Result<(Tables, bool), Failure> {
        let layouts = self.crosswalk.tables.iter().map(|table| self.layout_name(&table.layout));
        let message = pb::GetProtectedTablesRequest {
            parent: self.parent(),
            layouts: layouts.collect(),
            period: Some(period_to_proto(period)),
            hide_more,
            validate_only: false,
        };
        let request = principal::forward(self.caller, message);
        let answer = self.client().get_protected_tables(request).await.map_err(failed)?;
        let pb::GetProtectedTablesResponse { tables, are_newest } = answer.into_inner();
        Ok((self.read(tables)?, are_newest))
    }

    /// Freezes the tables of a publication: as known at the first sequence at which all of
    /// them can be told as they would be alone, or else at the first of all with more hidden.
    /// A publication that is frozen gets the same tables.
    pub(super) async fn release(&self, freeze: Freeze<'_>) -> Result<Tables, Failure> {
        let Freeze { publication, period, request_id, sequences, has_list } = freeze;
        let Crosswalk { version: _, bandings: _, tables, list } = self.crosswalk;
        let list = list.as_ref().filter(|_| has_list).map(|list| &list.layout);
        // The list comes last: it hides what the figures beside it would tell.
        let layouts = tables.iter().map(|table| &table.layout).chain(list);
        let layouts: Vec<String> = layouts.map(|layout| self.layout_name(layout)).collect();
        let message = |sequence: i64, hide_more: bool| pb::ReleaseTablesRequest {
            parent: self.parent(),
            publication: publication.to_owned(),
            layouts: layouts.clone(),
            period: Some(period_to_proto(period)),
            as_known_at: sequence,
            request_id: format!("{request_id}-{sequence}{}", if hide_more { "-h" } else { "" }),
            validate_only: false,
            hide_more,
        };
        let first = sequences.first().copied().unwrap_or_default();
        let whole = sequences.iter().map(|sequence| message(*sequence, false));
        for message in whole.chain([message(first, true)]) {
            let request = principal::forward(self.caller, message);
            match self.client().release_tables(request).await {
                Ok(answer) => return self.read(answer.into_inner().tables),
                Err(status) if Problem::of(&status).reason == "RELEASE_WOULD_REVEAL" => {}
                Err(status) => return Err(failed(status)),
            }
        }
        Err(Failure::refused(NOTHING))
    }

    /// The tables of a period that were given out since it ended, until one of them: the
    /// newest of each layout. Nothing more is given out for whoever asks.
    pub(super) async fn given_out(
        &self,
        period: Period,
        until: Option<&ReleasedTableName>,
    ) -> Result<Tables, Failure> {
        let ended = period.last_day().and_time(NaiveTime::MIN).and_utc() + Days::new(1);
        let is_since = |table: &pb::ReleasedTable| {
            table.release_time.is_some_and(|time| time.seconds >= ended.timestamp())
        };
        // They are numbered in the order that they are given out.
        let until = until.map(number).transpose()?;
        let period = Some(period_to_proto(period));
        let layouts = self.crosswalk.tables.iter().map(|table| self.layout_name(&table.layout));
        let mut missing: BTreeSet<String> = layouts.collect();
        let (mut tables, mut page_token) = (Vec::new(), String::new());
        loop {
            let message = pb::ListReleasedTablesRequest {
                parent: self.parent(),
                publication: String::new(),
                page_size: LEDGER_PAGE,
                page_token,
            };
            let request = principal::forward(self.caller, message);
            let answer = self.client().list_released_tables(request).await.map_err(failed)?;
            let pb::ListReleasedTablesResponse { released_tables, next_page_token } =
                answer.into_inner();
            // The newest come first.
            let is_last = next_page_token.is_empty() || !released_tables.iter().all(is_since);
            for table in released_tables {
                // What an evaluator was given is not told to those who write reports.
                if is_since(&table)
                    && table.period == period
                    && !table.publication.contains("/dataAgreements/")
                    && (until.is_none() || Some(number(&named(&table)?)?) <= until)
                    && missing.remove(&table.layout)
                {
                    tables.push(table);
                }
            }
            if is_last || missing.is_empty() {
                return self.read(tables);
            }
            page_token = next_page_token;
        }
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
            let own = named(&table)?;
            tables.newest = tables.newest.max(Some((number(&own)?, own)));
            let pb::ReleasedTable {
                name: _,
                layout,
                period: _,
                table,
                threshold: _,
                sequence,
                head_hash,
                release_time,
                publication: _,
            } = table;
            let layout = TableLayoutName::parse("layout", &layout)
                .map_err(|fault| anyhow::anyhow!("{SERVICE} answered a table of {fault:?}"))?;
            let table = table.ok_or_else(|| anyhow::anyhow!("{SERVICE} answered no numbers"))?;
            tables.sequences.insert(sequence);
            let seconds = |time: &Timestamp| (time.seconds, time.nanos);
            tables.fetch_time =
                tables.fetch_time.into_iter().chain(release_time).max_by_key(seconds);
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

/// What a table that was given out is called.
fn named(table: &pb::ReleasedTable) -> anyhow::Result<ReleasedTableName> {
    ReleasedTableName::parse("name", &table.name)
        .map_err(|fault| anyhow::anyhow!("{SERVICE} answered a table of {fault:?}"))
}

/// The number of a table that was given out.
fn number(name: &ReleasedTableName) -> anyhow::Result<i64> {
    Ok(name.id.as_str().parse()?)
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

/// What cannot be told is the caller's to know; everything else is as from any service.
fn failed(status: Status) -> Failure {
    let problem = Problem::of(&status);
    match problem.reason.as_str() {
        NOTHING => Failure::refused(NOTHING),
        "PERIOD_NOT_OVER" => {
            Failure::refused("PERIOD_NOT_OVER").with("last_day", problem.fact("last_day"))
        }
        _ => Failure::from_callee(SERVICE, status),
    }
}
