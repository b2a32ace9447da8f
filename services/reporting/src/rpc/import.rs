//! Many periods and reported figures at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use platform::{
    Draft, Entry, Failure, Principal, Write, convert::faults_to_import, journal::Transaction,
    principal,
};
use proto::{
    common::{ImportEffect, ImportOutcome},
    reporting::{
        ImportReportingRequest, ImportReportingResponse,
        reporting_import_service_server::ReportingImportService,
    },
};
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{
    Faults, Slug,
    name::{ReportingPeriodName, TeamName},
};

use super::{
    Shell, convert, draft,
    organisation::Organisation,
    parent,
    reported_figures::{CREATED, REPLACED},
    to_proto,
};
use crate::{
    domain::{
        definition::Definitions,
        import::{ExpectedNames, Known, Row, Rows, import},
        reported_figures::{Counts, ReportedFigures, ReportedFiguresName},
        reporting_period,
    },
    store::{self, reported_figures::Figures},
};

const IMPORT: &str = "/samordna.reporting.v1.ReportingImportService/ImportReporting";

pub(super) struct Import(pub(super) Shell);

/// What a step is given: everything but what it loads.
struct Intake {
    federation: Slug,
    rows: Rows,
    expected_names: ExpectedNames,
    teams: BTreeSet<TeamName>,
    reporter: String,
}

#[async_trait]
impl ReportingImportService for Import {
    async fn import_reporting(
        &self,
        request: Request<ImportReportingRequest>,
    ) -> Result<Response<ImportReportingResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.import(&principal, &metadata, message).await?))
    }
}

impl Import {
    async fn import(
        &self,
        principal: &Principal,
        caller: &MetadataMap,
        message: ImportReportingRequest,
    ) -> Result<ImportReportingResponse, Failure> {
        let write = Write::of(principal, IMPORT, &message)?;
        let mut faults = Faults::new();
        let federation = parent(&mut faults, principal, &message.parent)?;
        faults.into_result(|| Some(()))?;
        let transport = &self.0.organisation;
        let organisation = Organisation { transport, caller, federation: &federation };
        let teams = organisation.team_names().await?;
        let names = row_names(&message);
        let expected_names = match message.validate_only {
            true => ExpectedNames::Believed,
            false => ExpectedNames::Checked,
        };
        let rows = rows(&self.0.definitions, message);
        let reporter = principal.account.to_string();
        let intake = Arc::new(Intake { federation, rows, expected_names, teams, reporter });
        let step = self.0.journal.write(write, move |transaction, step| {
            let intake = Arc::clone(&intake);
            async move { save(transaction, &intake, step.now).await }.boxed()
        });
        match step.await {
            Ok(entries) => {
                let outcomes = outcomes(names, &entries);
                Ok(ImportReportingResponse { outcomes, faults: Vec::new() })
            }
            Err(Failure::Invalid(faults)) => {
                let faults = faults_to_import(faults);
                Ok(ImportReportingResponse { outcomes: Vec::new(), faults })
            }
            Err(failure) => Err(failure),
        }
    }
}

async fn save(
    transaction: &Transaction,
    intake: &Intake,
    now: DateTime<Utc>,
) -> Result<Vec<Draft>, Failure> {
    let Intake { federation, rows, expected_names, teams, reporter } = intake;
    let named: BTreeSet<Slug> = rows
        .figures
        .iter()
        .filter_map(|row| row.name.as_ref().ok())
        .map(|name| name.period.clone())
        .collect();
    let named: Vec<Slug> = named.into_iter().collect();
    let recorded = store::reported_figures::of_periods(transaction, federation, &named).await?;
    let known = Known {
        periods: store::reporting_period::all(transaction, federation).await?,
        figures: recorded.into_iter().map(|(name, figures)| (name, figures.counts)).collect(),
        teams: teams.clone(),
    };
    let changes = import(federation, rows.clone(), &known, *expected_names)?;

    let sent_in = |figures: BTreeMap<ReportedFiguresName, Counts>| -> Figures {
        let sent_in =
            |counts| ReportedFigures { counts, report_time: now, reporter: reporter.clone() };
        figures.into_iter().map(|(name, counts)| (name, sent_in(counts))).collect()
    };
    let (new, replaced) = (sent_in(changes.new_figures), sent_in(changes.replaced_figures));
    store::reporting_period::insert(transaction, &changes.periods).await?;
    store::reported_figures::remove(transaction, federation, replaced.keys()).await?;
    store::reported_figures::insert(transaction, &new).await?;
    store::reported_figures::insert(transaction, &replaced).await?;

    let created = changes.periods.iter().map(|(name, period)| {
        draft("reporting_period.created", name, &to_proto::reporting_period(name, *period))
    });
    Ok(created.chain(drafts(CREATED, &new)).chain(drafts(REPLACED, &replaced)).collect())
}

fn drafts(kind: &'static str, figures: &Figures) -> impl Iterator<Item = Draft> {
    let recorded =
        move |(name, figures)| draft(kind, name, &to_proto::recorded_figures(name, figures));
    figures.iter().map(recorded)
}

/// Each row's path into the request and the name it gives.
fn row_names(message: &ImportReportingRequest) -> Vec<(String, String)> {
    let periods = message.reporting_periods.iter().enumerate();
    let figures = message.reported_figures.iter().enumerate();
    let periods =
        periods.map(|(index, row)| (format!("reporting_periods[{index}]"), row.name.clone()));
    let figures =
        figures.map(|(index, row)| (format!("reported_figures[{index}]"), row.name.clone()));
    periods.chain(figures).collect()
}

/// A row whose resource was recorded is created or replaced; any other was
/// there with the same content.
fn outcomes(rows: Vec<(String, String)>, entries: &[Entry]) -> Vec<ImportOutcome> {
    let kinds: BTreeMap<&str, &str> =
        entries.iter().map(|entry| (entry.subject.as_str(), entry.kind.as_str())).collect();
    let outcome = |(row, name): (String, String)| {
        let effect = match kinds.get(name.as_str()) {
            None => ImportEffect::Unchanged,
            Some(kind) if *kind == REPLACED => ImportEffect::Replaced,
            Some(_) => ImportEffect::Created,
        };
        ImportOutcome { row, name, effect: effect.into() }
    };
    rows.into_iter().map(outcome).collect()
}

fn rows(definitions: &Definitions, message: ImportReportingRequest) -> Rows {
    let ImportReportingRequest {
        parent: _,
        reporting_periods,
        reported_figures,
        expected_names,
        request_id: _,
        validate_only: _,
    } = message;
    let period = |sent: proto::reporting::ReportingPeriod| {
        let name = ReportingPeriodName::parse("name", &sent.name);
        let content = convert::reporting_period(sent).and_then(|period| {
            if let Ok(name) = &name {
                reporting_period::check_id("name", &name.id, period)?;
            }
            Ok(period)
        });
        Row { name, content }
    };
    let figures = |sent: proto::reporting::ReportedFigures| Row {
        name: ReportedFiguresName::parse("name", &sent.name),
        content: convert::counts(definitions, sent),
    };
    let team = |name: &String| TeamName::parse("", name);
    Rows {
        periods: reporting_periods.into_iter().map(period).collect(),
        figures: reported_figures.into_iter().map(figures).collect(),
        expected_names: expected_names.iter().map(team).collect(),
    }
}
