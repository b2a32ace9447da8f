//! Registering the bandings and layouts of a crosswalk with the participant service, and
//! what that finds wrong with them, as faults of the places where a template has them.

use std::collections::BTreeSet;

use platform::{
    Failure, Transport,
    failure::{FieldProblem, Problem},
    principal,
};
use proto::participant as pb;
use proto::participant::{
    banding_service_client::BandingServiceClient,
    table_layout_service_client::TableLayoutServiceClient,
};
use tonic::{Code, Status};
use values::{Fault, Faults, Slug};

use super::{Counts, failed};
use crate::domain::derived::{Band, Banding, Crosswalk, Cut};

/// What the participant service finds wrong with bandings and layouts.
const REASONS: [&str; 23] = [
    "BANDING_MISSING",
    "BANDING_NOT_HERE",
    "BANDING_UNFIT",
    "BANDING_UNKNOWN",
    "BANDS_MISSING",
    "BANDS_TOO_MANY",
    "BAND_AGE_OUT_OF_RANGE",
    "BAND_CODE_UNKNOWN",
    "BAND_EMPTY",
    "BAND_GAP",
    "BAND_ID_TWICE",
    "BAND_OVERLAP",
    "BAND_REVERSED",
    "BAND_WITH_AGES",
    "BAND_WITH_CODES",
    "CUTS_TOO_MANY",
    "CUT_ONLY_FOR_EXITS",
    "DIMENSION_TWICE",
    "MEASURES_MISSING",
    "MEASURE_TWICE",
    "TEXT_CONTROL_CHARACTER",
    "TEXT_MISSING",
    "TEXT_TOO_LONG",
];

/// The facts that these come with.
const FACTS: [&str; 7] = ["length", "limit", "most", "oldest", "other", "value", "youngest"];

/// A layout with the place where a template has it.
struct Placed<'a> {
    place: String,
    id: &'a Slug,
    layout: pb::TableLayout,
}

/// What is found on the way.
#[derive(Default)]
struct Found {
    faults: Faults,
    /// The names of those that are there and are others.
    taken: Vec<String>,
    /// The bandings that are not there, as resource names: a layout with them is checked all
    /// the same.
    unregistered: BTreeSet<String>,
}

impl Found {
    fn into_result(self) -> Result<(), Failure> {
        let Self { faults, taken, unregistered: _ } = self;
        faults.into_result(|| Some(()))?;
        if taken.is_empty() {
            return Ok(());
        }
        Err(Failure::refused("LAYOUT_TAKEN").with("layout", taken.join(", ")))
    }
}

/// What is told where nobody sent a template.
pub(super) fn refused(faults: &Faults) -> Failure {
    let told = |fault: &Fault| format!("{}: {}", fault.field, fault.reason);
    let all: Vec<String> = faults.as_slice().iter().map(told).collect();
    Failure::refused("LAYOUT_REFUSED").with("count", all.len()).with("faults", all.join("; "))
}

impl Counts<'_> {
    /// Registers the bandings and layouts that are not there yet: all of them, or of the
    /// layouts none. With `validate_only`, it finds what is wrong with them and registers
    /// nothing.
    ///
    /// # Errors
    /// Everything that the participant service finds wrong with them, by place;
    /// `LAYOUT_TAKEN` when some are there that are others.
    pub(in crate::rpc) async fn ensure_layouts(&self, validate_only: bool) -> Result<(), Failure> {
        let Crosswalk { version: _, bandings, tables: _, list: _ } = self.crosswalk;
        let mut found = Found::default();
        for (row, banding) in bandings.iter().enumerate() {
            let place = format!("bandings[{row}]");
            if !self.ensure_banding(&mut found, &place, (banding, validate_only)).await? {
                let name = format!("{}/bandings/{}", self.parent(), banding.id);
                found.unregistered.insert(name);
            }
        }
        let layouts = self.layouts();
        let mut missing = Vec::new();
        for one in &layouts {
            if !self.ensure_layout(&mut found, one, true).await? {
                missing.push(one);
            }
        }
        found.into_result()?;
        if validate_only {
            return Ok(());
        }
        let mut found = Found::default();
        for one in missing {
            self.ensure_layout(&mut found, one, false).await?;
        }
        found.into_result()
    }

    /// False for one that is not there.
    async fn ensure_banding(
        &self,
        found: &mut Found,
        place: &str,
        (banding, validate_only): (&Banding, bool),
    ) -> Result<bool, Failure> {
        let mut client = BandingServiceClient::<Transport>::new(self.transport.clone());
        // A dry run finds one of the name that is another, which a repetition would not.
        let runs: &[bool] = if validate_only { &[true] } else { &[true, false] };
        for validate_only in runs.iter().copied() {
            let message = pb::CreateBandingRequest {
                parent: self.parent(),
                banding_id: banding.id.to_string(),
                banding: Some(self.banding(banding)),
                request_id: format!("reporting-{}", banding.id),
                validate_only,
            };
            let answer = client.create_banding(principal::forward(self.caller, message)).await;
            let Err(status) = answer else { continue };
            match status.code() {
                Code::InvalidArgument => {
                    note(found, &status, |field| in_banding(place, field))?;
                    return Ok(false);
                }
                Code::AlreadyExists => {
                    let name = format!("{}/bandings/{}", self.parent(), banding.id);
                    let message = pb::GetBandingRequest { name: name.clone() };
                    let there = client.get_banding(principal::forward(self.caller, message)).await;
                    let there = there.map_err(failed)?.into_inner().banding.unwrap_or_default();
                    let meant = self.banding(banding);
                    if (there.dimension, there.bands) != (meant.dimension, meant.bands) {
                        found.taken.push(name);
                    }
                    return Ok(true);
                }
                _ => return Err(failed(status)),
            }
        }
        Ok(!validate_only)
    }

    /// True for one that was there before.
    async fn ensure_layout(
        &self,
        found: &mut Found,
        Placed { place, id, layout }: &Placed<'_>,
        validate_only: bool,
    ) -> Result<bool, Failure> {
        let mut client = TableLayoutServiceClient::<Transport>::new(self.transport.clone());
        let message = pb::CreateTableLayoutRequest {
            parent: self.parent(),
            table_layout_id: id.to_string(),
            table_layout: Some(layout.clone()),
            request_id: format!("reporting-{id}"),
            validate_only,
        };
        let answer = client.create_table_layout(principal::forward(self.caller, message)).await;
        let Err(status) = answer else { return Ok(false) };
        match status.code() {
            Code::InvalidArgument => {
                note(found, &status, |field| in_table(place, field))?;
                Ok(false)
            }
            Code::AlreadyExists => {
                let name = self.layout_name(id);
                let message = pb::GetTableLayoutRequest { name: name.clone() };
                let request = principal::forward(self.caller, message);
                let there = client.get_table_layout(request).await.map_err(failed)?;
                let there = there.into_inner().table_layout.unwrap_or_default();
                if there.shape != layout.shape {
                    found.taken.push(name);
                }
                Ok(true)
            }
            _ => Err(failed(status)),
        }
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

    /// Every layout, with its place.
    fn layouts(&self) -> Vec<Placed<'_>> {
        let Crosswalk { version: _, bandings: _, tables, list } = self.crosswalk;
        let mut layouts = Vec::new();
        for (row, table) in tables.iter().enumerate() {
            let measures: Vec<usize> = table.columns.iter().map(|column| column.measure).collect();
            let cuts: Vec<&Cut> = table.cut.iter().collect();
            let layout = self.layout(&table.title, &measures, &cuts);
            layouts.push(Placed { place: format!("tables[{row}]"), id: &table.layout, layout });
        }
        if let Some(list) = list {
            let cuts: Vec<&Cut> = list.cuts.iter().map(|of_list| &of_list.cut).collect();
            let layout = self.layout(&list.title, &[list.measure], &cuts);
            layouts.push(Placed { place: "list".to_owned(), id: &list.layout, layout });
        }
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
}

/// Notes what is wrong. What we do not know is a fault of ours.
fn note(found: &mut Found, status: &Status, place: impl Fn(&str) -> String) -> Result<(), Failure> {
    for FieldProblem { field, reason, facts } in Problem::of(status).faults {
        // What is wrong with a banding that is not there is told with that.
        let is_of =
            |(key, value): &(String, String)| key == "value" && found.unregistered.contains(value);
        if reason == "BANDING_UNKNOWN" && facts.iter().any(is_of) {
            continue;
        }
        let Some(known) = REASONS.into_iter().find(|known| *known == reason) else {
            return Err(failed(status.clone()));
        };
        let mut fault = Fault::new(place(&field), known);
        for (key, value) in &facts {
            if let Some(key) = FACTS.into_iter().find(|known| known == key) {
                fault = fault.with(key, value);
            }
        }
        found.faults.push(fault);
    }
    Ok(())
}

/// Where a template has what the participant service calls by this name.
fn in_banding(place: &str, field: &str) -> String {
    match field.strip_prefix("banding.") {
        Some(own) => format!("{place}.{own}"),
        None => place.to_owned(),
    }
}

/// The same of a layout, which a template has as a table: its first cut is the team.
fn in_table(place: &str, field: &str) -> String {
    let Some(own) = field.strip_prefix("table_layout.") else { return place.to_owned() };
    if let Some(measure) = own.strip_prefix("shape.measures[") {
        let row = measure.trim_end_matches(']');
        return format!("{place}.columns[{row}].measure");
    }
    match own.rsplit_once('.') {
        Some((cut, "banding")) if cut.starts_with("shape.cuts[") => format!("{place}.banding"),
        Some((cut, "dimension")) if cut.starts_with("shape.cuts[") => format!("{place}.cut"),
        None if own == "title" => format!("{place}.title"),
        Some(_) | None => place.to_owned(),
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
