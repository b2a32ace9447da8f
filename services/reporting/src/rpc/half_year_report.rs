//! The federation's half-year report.

use platform::{Failure, Principal, convert::timestamp, principal};
use proto::reporting::{
    GetHalfYearReportRequest, GetHalfYearReportResponse, HalfYearReport,
    half_year_report_service_server::HalfYearReportService,
};
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};

use super::{Shell, finance, organisation::Organisation, permissions, to_proto};
use crate::{
    domain::half_year_report::{compile, parse_name},
    store,
};

pub(super) struct HalfYearReports(pub(super) Shell);

#[async_trait]
impl HalfYearReportService for HalfYearReports {
    async fn get_half_year_report(
        &self,
        request: Request<GetHalfYearReportRequest>,
    ) -> Result<Response<GetHalfYearReportResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        let report = self.get(&principal, &metadata, message).await?;
        Ok(Response::new(GetHalfYearReportResponse { half_year_report: Some(report) }))
    }
}

impl HalfYearReports {
    async fn get(
        &self,
        principal: &Principal,
        caller: &MetadataMap,
        message: GetHalfYearReportRequest,
    ) -> Result<HalfYearReport, Failure> {
        let GetHalfYearReportRequest { name } = message;
        let period_name = parse_name("name", &name)?;
        principal.is_in(&period_name.federation, &name)?;
        let not_found = || Failure::not_found(&name);
        let reader = permissions::reader(principal).ok_or_else(not_found)?;

        let Shell { journal, definitions, organisation, finance, .. } = &self.0;
        let picture = journal.database().snapshot().await?;
        let period = store::reporting_period::find(&picture, &period_name).await?;
        let period = period.ok_or_else(not_found)?;
        let figures = store::reported_figures::of_period(&picture, &period_name).await?;
        picture.rollback().await?;

        let federation = &period_name.federation;
        let organisation = Organisation { transport: organisation, caller, federation };
        let (federation_display_name, teams, funding_table) = futures::try_join!(
            organisation.federation_display_name(),
            organisation.teams(),
            finance::funding_table(finance, caller, federation, period.period()),
        )?;

        let reported = figures.into_iter().map(|(name, figures)| (name.team_name(), figures));
        let today = journal.clock().today();
        let report = compile(definitions, period, teams, reported.collect(), &reader, today);
        let chapter = |chapter| to_proto::chapter(definitions, &period_name, chapter);
        Ok(HalfYearReport {
            name,
            federation_display_name,
            reporting_period: Some(to_proto::reporting_period(&period_name, period)),
            chapters: report.chapters.iter().map(chapter).collect(),
            totals: report.totals.iter().map(to_proto::figure_total).collect(),
            funding_table: Some(funding_table),
            compile_time: Some(timestamp(journal.clock().now())),
            definitions_version: definitions.version(),
        })
    }
}
