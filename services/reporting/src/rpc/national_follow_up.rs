//! `NationalFollowUpService`: the sheet as rows, and as a file.

use std::collections::{BTreeMap, BTreeSet};

use platform::{Failure, Principal, clock::day_in_sweden, journal, principal};
use proto::{
    finance::{FundingAmounts, FundingRow, FundingTable},
    reporting::{
        self as pb, ExportNationalFollowUpRequest, ExportNationalFollowUpResponse,
        GetNationalFollowUpRequest, GetNationalFollowUpResponse,
        national_follow_up_service_server::NationalFollowUpService,
    },
};
use sheets::write;
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{
    Fault, Faults, Ore, Period, Slug,
    name::{ReportingPeriodName, TeamName},
};

use super::organisation::{Federation, Organisation};
use super::{Shell, convert, finance, parent, programme_plan, release};
use crate::{
    domain::{
        half_year::HalfYear,
        limits::number,
        national_follow_up::{self, Halves, Initiative, Money, Told},
        release::{is_counted, newest_of_subjects, told_of_team},
        reporting_period::YEARS,
    },
    export, store,
};

pub(super) struct NationalFollowUps(pub(super) Shell);

#[async_trait]
impl NationalFollowUpService for NationalFollowUps {
    async fn get_national_follow_up(
        &self,
        request: Request<GetNationalFollowUpRequest>,
    ) -> Result<Response<GetNationalFollowUpResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        let GetNationalFollowUpRequest { parent: sent, year } = message;
        let mut faults = Faults::new();
        let asked = asked(&mut faults, &principal, &sent, year)?;
        let asked = faults.into_result(|| asked).map_err(Failure::from)?;
        let sheet = self.sheet(&metadata, asked).await?;
        Ok(Response::new(convert::national_follow_up::render(sheet)))
    }

    async fn export_national_follow_up(
        &self,
        request: Request<ExportNationalFollowUpRequest>,
    ) -> Result<Response<ExportNationalFollowUpResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.export(&principal, &metadata, message).await?))
    }
}

/// The sheet of a year, and what it is true at.
pub(super) struct Sheet {
    pub(super) asked: Asked,
    pub(super) rows: Vec<Initiative>,
    /// What its counts are from.
    pub(super) releases: BTreeSet<String>,
    pub(super) finance_sequence: i64,
    pub(super) reporting_sequence: i64,
    pub(super) smallest_shown: i64,
}

/// Which sheet.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) federation: Slug,
    pub(super) year: i32,
    days: Period,
}

fn asked(
    faults: &mut Faults,
    principal: &Principal,
    sent: &str,
    year: i32,
) -> Result<Option<Asked>, Failure> {
    let federation = parent(faults, principal, sent)?;
    let year = faults.keep(number("year", year, YEARS.0, YEARS.1));
    Ok(year.and_then(|year| Some(Asked { federation, year, days: Period::year(year)? })))
}

impl NationalFollowUps {
    async fn sheet(&self, caller: &MetadataMap, asked: Asked) -> Result<Sheet, Failure> {
        let Shell { journal, definitions, organisation, finance, .. } = &self.0;
        let Asked { federation, year, days } = &asked;
        let picture = journal.database().snapshot().await?;
        let plans = programme_plan::all(&picture, federation).await?;
        let (mut halves, mut releases) = (Halves::new(), BTreeSet::new());
        for half in [1, 2].into_iter().filter_map(|half| HalfYear::new(*year, half)) {
            let period = ReportingPeriodName::new(federation.clone(), half.id());
            let documents = release::of_period(&picture, &period).await?;
            let mut told = BTreeMap::new();
            for (subject, document) in newest_of_subjects(&documents) {
                if let Ok(team) = TeamName::parse("team", subject) {
                    let counts = told_of_team(document, subject);
                    let is_counted = is_counted(document, subject);
                    told.insert(team, Told { counts, is_counted });
                    releases.insert(document.name.clone());
                }
            }
            halves.insert(half, told);
        }
        let head = journal::head(&picture, federation).await?;
        picture.rollback().await?;

        let organisation = Organisation { transport: organisation, caller, federation };
        let (Federation { display_name: _, threshold }, teams, table) = futures::try_join!(
            organisation.federation(),
            organisation.teams(),
            finance::funding_table(finance, caller, federation, *days),
        )?;
        let smallest_shown = threshold.value();
        let FundingTable { rows, sequence, .. } = table;
        let teams: BTreeMap<TeamName, String> =
            teams.into_iter().map(|team| (team.name, team.display_name)).collect();
        let money = rows.into_iter().map(|row| money(row, &teams));
        let money = money.collect::<Result<Vec<_>, Failure>>()?;
        let rows =
            national_follow_up::compute(definitions, *year, smallest_shown, money, &plans, &halves);
        let rows = rows.ok_or_else(|| anyhow::anyhow!("a team's money does not fit"))?;
        let (finance_sequence, reporting_sequence) = (sequence, head.sequence);
        Ok(Sheet { asked, rows, releases, finance_sequence, reporting_sequence, smallest_shown })
    }

    async fn export(
        &self,
        principal: &Principal,
        caller: &MetadataMap,
        message: ExportNationalFollowUpRequest,
    ) -> Result<ExportNationalFollowUpResponse, Failure> {
        let ExportNationalFollowUpRequest { parent: sent, year, format } = message;
        let mut faults = Faults::new();
        let asked = asked(&mut faults, principal, &sent, year)?;
        let is_workbook = faults.keep(match pb::SheetFormat::try_from(format) {
            Ok(pb::SheetFormat::Xlsx) => Ok(true),
            Ok(pb::SheetFormat::Csv) => Ok(false),
            Ok(pb::SheetFormat::Unspecified) | Err(_) => {
                Err(Fault::new("format", "ENUM_UNSPECIFIED"))
            }
        });
        let (asked, is_workbook) = faults.into_result(|| asked.zip(is_workbook))?;
        let sheet = self.sheet(caller, asked).await?;
        let database = &self.0.journal.database().read;
        let Asked { federation, year, days: _ } = &sheet.asked;
        let recorded_at = store::national_follow_up::recorded_at(database, federation).await?;
        let as_of = day_in_sweden(recorded_at.unwrap_or_default());
        let file_name = export::national_follow_up::file_name(*year);
        let table = export::national_follow_up::table(*year, sheet.rows);
        let written = tokio::task::spawn_blocking(move || match is_workbook {
            true => write::workbook(&table, as_of),
            false => write::csv(&table),
        });
        let content = written.await.map_err(|error| Failure::Internal(error.into()))??;
        let (ending, media_type) = match is_workbook {
            true => ("xlsx", write::WORKBOOK_TYPE),
            false => ("csv", write::CSV_TYPE),
        };
        Ok(ExportNationalFollowUpResponse {
            file_name: format!("{file_name}.{ending}"),
            media_type: media_type.to_owned(),
            content,
            releases: sheet.releases.into_iter().collect(),
        })
    }
}

/// What finance tells of a recipient, which may be called otherwise than its team.
fn money(row: FundingRow, teams: &BTreeMap<TeamName, String>) -> Result<Money, Failure> {
    let FundingRow { recipient, display_name, team, amounts, .. } = row;
    let team = (!team.is_empty()).then(|| TeamName::parse("team", &team)).transpose();
    let team =
        team.map_err(|fault| anyhow::anyhow!("finance answered a team with {}", fault.reason))?;
    let FundingAmounts { granted_ore, requisitioned_ore, .. } = amounts.unwrap_or_default();
    let (budget, outcome) = (Ore::new(granted_ore), Ore::new(requisitioned_ore));
    let name_of_team = team.as_ref().and_then(|team| teams.get(team)).cloned();
    let display_name = name_of_team.unwrap_or(display_name);
    Ok(Money { recipients: vec![recipient], display_name, team, budget, outcome })
}
