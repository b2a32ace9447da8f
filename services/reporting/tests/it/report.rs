//! Reports: what people see of them, and their way to publication.

mod norra;
mod steps;
mod vastmanland;
mod written;

use proto::reporting::{
    Chapter, FetchFiguresRequest, GetReportRequest, GetReportResponse, Report, ReportFinding,
    ReportLanguage, UpdateChapterRequest,
};
use tonic::Request;
use values::Role;

use crate::world::{HOME, PERIOD, World};

/// The name of a report.
pub(crate) fn name(id: &str) -> String {
    format!("{HOME}/reports/{id}")
}

/// The content of a report.
pub(crate) fn content(template: &str, subject: &str, title: &str) -> Report {
    Report {
        template: format!("{HOME}/reportTemplates/{template}"),
        reporting_period: PERIOD.to_owned(),
        subject: subject.to_owned(),
        title: title.to_owned(),
        ..Default::default()
    }
}

pub(crate) fn create(id: &str, report: Report) -> proto::reporting::CreateReportRequest {
    proto::reporting::CreateReportRequest {
        parent: HOME.to_owned(),
        report_id: id.to_owned(),
        report: Some(report),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

/// A chapter as it is to be.
pub(crate) fn write(name: &str, etag: &str, text: &str, authors: &[&str]) -> UpdateChapterRequest {
    UpdateChapterRequest {
        name: name.to_owned(),
        etag: etag.to_owned(),
        chapter: Some(Chapter {
            language: ReportLanguage::Swedish.into(),
            text: text.to_owned(),
            authors: authors.iter().map(|id| format!("{HOME}/accounts/{id}")).collect(),
            ..Default::default()
        }),
        request_id: format!("{name}-{etag}-{}", text.len()),
        validate_only: false,
    }
}

impl World {
    /// Drafts a report.
    pub(crate) async fn draft_report(&self, id: &str, report: Report) -> Report {
        let request = self.office(create(id, report));
        let answer = self.kept_reports().create_report(request).await.unwrap();
        answer.into_inner().report.unwrap()
    }

    /// Writes a chapter for the first time.
    pub(crate) async fn write_chapter(&self, report: &str, chapter: &str, text: &str) -> Chapter {
        let name = format!("{}/chapters/{chapter}", name(report));
        let request = self.office(write(&name, "0", text, &[]));
        let answer = self.chapters().update_chapter(request).await.unwrap();
        answer.into_inner().chapter.unwrap()
    }

    /// Fetches the figures of a report; whether all are the newest.
    pub(crate) async fn fetched(&self, id: &str, hide_more: bool) -> bool {
        let request = self.office(FetchFiguresRequest { name: name(id), hide_more });
        self.kept_reports().fetch_figures(request).await.unwrap().into_inner().is_newest
    }

    /// Compiles a report for the office.
    pub(crate) async fn compiled(&self, id: &str) -> GetReportResponse {
        let request = self.office(GetReportRequest { name: name(id) });
        self.kept_reports().get_report(request).await.unwrap().into_inner()
    }

    /// Whoever accepts what the office submits.
    pub(crate) fn accepter<M>(&self, message: M) -> Request<M> {
        self.by(Role::ProgrammeLead, "federation", message)
    }
}

/// The codes of the checks that found something.
pub(crate) fn checks(findings: &[ReportFinding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.check.as_str()).collect()
}
