//! `DueReportService`.

use std::{collections::BTreeSet, sync::Arc};

use chrono::NaiveDate;
use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    convert::date_from_proto,
    journal::Transaction,
    journalled::{Recorded, decoded, next_page_token},
    page::Page,
    principal,
};
use proto::reporting::{
    self as pb, ListDueReportsRequest, ListDueReportsResponse, ScheduleReportsRequest,
    ScheduleReportsResponse, due_report_service_server::DueReportService,
};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{
    Fault, Faults, Slug,
    name::{ReportTemplateName, ReportingPeriodName},
};

use super::{
    Shell, convert, draft,
    organisation::Organisation,
    permissions, recorded,
    resource::{malformed_token, unreadable},
};
use crate::{
    domain::{
        due_report::{self, DueReport, Progress, Refusal, Schedule, ScheduleFacts, ScheduleName},
        report::{Report, Subject},
        template::About,
    },
    store::{self, indexed::Row},
};

const SCHEDULE: &str = "/samordna.reporting.v1.DueReportService/ScheduleReports";

pub(super) struct DueReports(pub(super) Shell);

#[async_trait]
impl DueReportService for DueReports {
    async fn schedule_reports(
        &self,
        request: Request<ScheduleReportsRequest>,
    ) -> Result<Response<ScheduleReportsResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.schedule(&principal, &metadata, message).await?))
    }

    async fn list_due_reports(
        &self,
        request: Request<ListDueReportsRequest>,
    ) -> Result<Response<ListDueReportsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl DueReports {
    async fn schedule(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
        message: ScheduleReportsRequest,
    ) -> Result<ScheduleReportsResponse, Failure> {
        let write = Write::of(principal, SCHEDULE, &message)?;
        let asked = parse(principal, message)?;
        let subjects = self.subjects(principal, metadata, asked.about).await?;
        let asked = Arc::new((self.0.clone(), asked, subjects));
        let step = self.0.journal.write(write, move |transaction, step| {
            let asked = Arc::clone(&asked);
            async move {
                let (shell, asked, subjects) = asked.as_ref();
                save(shell, transaction, step, asked, subjects.clone()).await
            }
            .boxed()
        });
        let entries = step.await?;
        Ok(ScheduleReportsResponse { report_schedule: Some(recorded(&entries)?) })
    }

    /// All that a report about such can be due from now.
    async fn subjects(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
        about: About,
    ) -> Result<BTreeSet<Subject>, Failure> {
        let organisation = Organisation {
            transport: &self.0.organisation,
            caller: metadata,
            federation: &principal.federation,
        };
        Ok(match about {
            About::Federation => BTreeSet::from([Subject::Federation]),
            About::Area => {
                let areas = organisation.area_names().await?.into_iter();
                areas.map(|area| Subject::Area(area.id)).collect()
            }
            About::Team => {
                let teams = organisation.team_names().await?.into_iter();
                teams.map(|team| Subject::Team(team.id)).collect()
            }
        })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListDueReportsRequest,
    ) -> Result<ListDueReportsResponse, Failure> {
        let ListDueReportsRequest { reporting_period: sent, late_only, page_size, page_token } =
            message;
        let mut faults = Faults::new();
        let period = faults.keep(ReportingPeriodName::parse("reporting_period", &sent));
        if let Some(period) = &period {
            principal.is_in(&period.federation, &sent)?;
        }
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let after = page.as_ref().and_then(|page| page.after.as_deref());
        let after =
            faults.keep(after.map(|after| after_of(&principal.federation, after)).transpose());
        let (period, size, after) = faults.into_result(|| Some((period?, page?.size, after?)))?;

        let picture = self.0.journal.database().snapshot().await?;
        let found = store::reporting_period::find(&picture, &period).await?;
        found.ok_or_else(|| Failure::not_found(&period))?;
        let schedules = store::due_report::of_period(&picture, &period).await?;
        let schedules = schedules.iter().map(|payload| stored(payload));
        let schedules: Vec<(ScheduleName, Schedule)> = schedules.collect::<Result<_, _>>()?;
        let progress = self::progress(&picture, &period).await?;
        picture.rollback().await?;

        let today = self.0.journal.clock().today();
        let mut due = due_report::due_reports(&schedules, &progress, today);
        let reach = permissions::report_subjects(principal);
        due.retain(|due| {
            let is_after = after.as_ref().is_none_or(|(template, subject)| {
                (&due.template, &due.subject) > (template, subject)
            });
            let is_within = reach.as_ref().is_none_or(|reach| reach.contains(&due.subject));
            is_after && is_within && (due.is_late || !late_only)
        });
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let has_more = due.len() > size;
        due.truncate(size);
        let federation = &period.federation;
        let next_page_token = next_page_token(has_more, &due, |due| key(federation, due));
        let render = |due: &DueReport| convert::due_report::due_report(federation, due);
        Ok(ListDueReportsResponse {
            due_reports: due.iter().map(render).collect(),
            next_page_token,
        })
    }
}

/// What a list goes on after: the template and then the subject.
fn key(federation: &Slug, due: &DueReport) -> String {
    format!("{} {}", due.template, due.subject.name(federation))
}

fn after_of(federation: &Slug, key: &str) -> Result<(Slug, Subject), Fault> {
    let parts = key.split_once(' ').and_then(|(template, subject)| {
        let subject = Subject::parse("page_token", federation, subject).ok()?;
        Some((Slug::parse("page_token", template).ok()?, subject))
    });
    parts.ok_or_else(malformed_token)
}

/// What is to be due.
struct Asked {
    name: ScheduleName,
    about: About,
    due_date: Option<NaiveDate>,
}

fn parse(principal: &Principal, message: ScheduleReportsRequest) -> Result<Asked, Failure> {
    let ScheduleReportsRequest {
        reporting_period,
        template,
        about,
        due_date,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let name = schedule_name(&mut faults, principal, &reporting_period, &template)?;
    let about = faults.keep(convert::due_report::about(about));
    let due_date = due_date.map(|date| date_from_proto("due_date", Some(date))).transpose();
    let due_date = faults.keep(due_date);
    Ok(faults.into_result(|| Some(Asked { name: name?, about: about?, due_date: due_date? }))?)
}

/// Reads which report of which period is meant.
pub(super) fn schedule_name(
    faults: &mut Faults,
    principal: &Principal,
    period: &str,
    template: &str,
) -> Result<Option<ScheduleName>, Failure> {
    let parsed = faults.keep(ReportingPeriodName::parse("reporting_period", period));
    if let Some(parsed) = &parsed {
        principal.is_in(&parsed.federation, period)?;
    }
    let template_name = faults.keep(ReportTemplateName::parse("template", template));
    if let Some(parsed) = &template_name {
        principal.is_in(&parsed.federation, template)?;
    }
    Ok(parsed.zip(template_name).map(|(period, template)| ScheduleName::of(&period, &template)))
}

async fn save(
    shell: &Shell,
    transaction: &Transaction,
    step: Step,
    asked: &Asked,
    subjects: BTreeSet<Subject>,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, about, due_date } = asked;
    let kept = store::due_report::find(transaction, name).await?;
    let before = kept.as_ref().map(|kept| stored(&kept.payload)).transpose()?;
    let period_name = name.period_name();
    let template = shell.template(transaction, &name.template_name()).await?;
    let facts = ScheduleFacts {
        period: store::reporting_period::find(transaction, &period_name).await?,
        template: template.map(|template| template.about),
        before: before.map(|(_, schedule)| schedule),
        subjects,
    };
    let schedule =
        due_report::schedule(*about, *due_date, facts).map_err(|refusal| match refusal {
            Refusal::PeriodMissing => Failure::not_found(&period_name),
            Refusal::TemplateMissing => {
                let fault = Fault::new("template", "REPORT_TEMPLATE_UNKNOWN");
                fault.with("value", name.template_name()).into()
            }
            Refusal::Faulty(fault) => fault.into(),
        })?;
    let revision = kept.as_ref().map_or(1, |kept| kept.revision + 1);
    let first = Recorded::first(step.sequence);
    let recorded = kept.map_or(first, |kept| Recorded { sequence: step.sequence, ..kept.recorded });
    let resource = convert::due_report::render(name, &schedule, revision);
    store::due_report::put(transaction, name, schedule.due_date, revision, recorded).await?;
    Ok(vec![draft("reports.scheduled", name, &resource)])
}

/// How far the reports of a period have come.
pub(super) async fn progress(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
) -> Result<Progress, Failure> {
    let payloads = store::report::of_period(connection, period).await?;
    let reports = payloads.iter().map(|payload| {
        let (_, report) = convert::report::recorded(decoded(payload)?)?;
        Ok(report)
    });
    let reports = reports.collect::<Result<Vec<Report>, Failure>>()?;
    Ok(Progress::new(reports, store::due_report::teams_reported(connection, period).await?))
}

/// A schedule that was recorded.
pub(super) fn stored(payload: &[u8]) -> Result<(ScheduleName, Schedule), Failure> {
    let message: pb::ReportSchedule = decoded(payload)?;
    Ok(convert::due_report::schedule(message).map_err(unreadable)?)
}

/// The row that finds a recorded schedule.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let message: pb::ReportSchedule = prost::Message::decode(payload)?;
    let revision = message.etag.parse()?;
    anyhow::ensure!(message.name == name, "has another name");
    let (name, schedule) = convert::due_report::schedule(message).map_err(unreadable)?;
    Ok(Some(store::due_report::row(&name, schedule.due_date, revision, recorded)))
}
