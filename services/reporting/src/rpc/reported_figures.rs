//! What teams report.

use std::sync::Arc;

use futures::FutureExt as _;
use platform::{Draft, Failure, Principal, Write, journal::Transaction, principal};
use proto::reporting::{
    GetReportedFiguresRequest, GetReportedFiguresResponse, SubmitReportedFiguresRequest,
    SubmitReportedFiguresResponse, reported_figures_service_server::ReportedFiguresService,
};
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{Fault, Faults};

use super::{Shell, convert, draft, organisation::Organisation, permissions, recorded, to_proto};
use crate::{
    domain::reported_figures::{
        Counts, Refusal, ReportedFigures, ReportedFiguresName, Submission, SubmitFacts, submit,
    },
    store,
};

const SUBMIT: &str = "/samordna.reporting.v1.ReportedFiguresService/SubmitReportedFigures";

/// What the journal calls a team's first figures for a period.
pub(super) const CREATED: &str = "reported_figures.created";
/// What the journal calls figures in place of others.
pub(super) const REPLACED: &str = "reported_figures.replaced";

pub(super) struct TeamFigures(pub(super) Shell);

#[async_trait]
impl ReportedFiguresService for TeamFigures {
    async fn submit_reported_figures(
        &self,
        request: Request<SubmitReportedFiguresRequest>,
    ) -> Result<Response<SubmitReportedFiguresResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.submit(&principal, &metadata, message).await?))
    }

    async fn get_reported_figures(
        &self,
        request: Request<GetReportedFiguresRequest>,
    ) -> Result<Response<GetReportedFiguresResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }
}

impl TeamFigures {
    async fn submit(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
        message: SubmitReportedFiguresRequest,
    ) -> Result<SubmitReportedFiguresResponse, Failure> {
        let write = Write::of(principal, SUBMIT, &message)?;
        let (name, counts) = self.parse(principal, message)?;
        let organisation = Organisation {
            transport: &self.0.organisation,
            caller: metadata,
            federation: &principal.federation,
        };
        organisation.team(&name.team_name()).await?;
        let sent = Arc::new((name.clone(), counts, principal.account.to_string()));
        let step = self.0.journal.write(write, move |transaction, step| {
            let sent = Arc::clone(&sent);
            async move {
                let (name, counts, reporter) = sent.as_ref().clone();
                let figures = ReportedFigures { counts, report_time: step.now, reporter };
                save(transaction, &name, figures).await
            }
            .boxed()
        });
        let entries = step.await?;
        let figures = convert::recorded_figures(recorded(&entries)?)?;
        let shown = to_proto::reported_figures(&self.0.definitions, &name, &figures);
        Ok(SubmitReportedFiguresResponse { reported_figures: Some(shown) })
    }

    fn parse(
        &self,
        principal: &Principal,
        message: SubmitReportedFiguresRequest,
    ) -> Result<(ReportedFiguresName, Counts), Failure> {
        let SubmitReportedFiguresRequest { reported_figures, request_id: _, validate_only: _ } =
            message;
        let missing = || Fault::new("reported_figures", "FIELD_MISSING");
        let sent = reported_figures.ok_or_else(missing)?;
        let mut faults = Faults::new();
        let name = faults.keep(ReportedFiguresName::parse("reported_figures.name", &sent.name));
        if let Some(name) = &name {
            principal.is_in(&name.federation, &sent.name)?;
            if !permissions::may_report(principal, &name.team_name()) {
                return Err(Failure::not_found(name));
            }
        }
        let counts = convert::counts(&self.0.definitions, sent);
        let counts = faults.keep_nested("reported_figures", counts);
        Ok(faults.into_result(|| name.zip(counts))?)
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetReportedFiguresRequest,
    ) -> Result<GetReportedFiguresResponse, Failure> {
        let GetReportedFiguresRequest { name: sent } = message;
        let name = ReportedFiguresName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        if !permissions::may_read(principal, &name.team_name()) {
            return Err(Failure::not_found(&name));
        }
        let picture = self.0.journal.database().snapshot().await?;
        let found = store::reported_figures::find(&picture, &name).await?;
        let figures = found.ok_or_else(|| Failure::not_found(&name))?;
        let shown = to_proto::reported_figures(&self.0.definitions, &name, &figures);
        Ok(GetReportedFiguresResponse { reported_figures: Some(shown) })
    }
}

async fn save(
    transaction: &Transaction,
    name: &ReportedFiguresName,
    figures: ReportedFigures,
) -> Result<Vec<Draft>, Failure> {
    let period = name.period_name();
    let facts = SubmitFacts {
        period_is_there: store::reporting_period::find(transaction, &period).await?.is_some(),
        has_reported: store::reported_figures::exists(transaction, name).await?,
    };
    let submission =
        submit(figures, facts).map_err(|Refusal::PeriodMissing| Failure::not_found(&period))?;
    let (kind, figures) = match submission {
        Submission::First(figures) => (CREATED, figures),
        Submission::Replacement(figures) => {
            let names = std::iter::once(name);
            store::reported_figures::remove(transaction, &name.federation, names).await?;
            (REPLACED, figures)
        }
    };
    let draft = draft(kind, name, &to_proto::recorded_figures(name, &figures));
    store::reported_figures::insert(transaction, &[(name.clone(), figures)].into()).await?;
    Ok(vec![draft])
}
