//! The half-year report, published: chapters whose numbers are bound to figures, findings
//! explained, handed in by the office and accepted by the programme lead. And a
//! team's status report that is being written: one number is not bound yet, and too small to
//! be published, and there is a comment.

use anyhow::Context as _;
use proto::reporting::{
    AcceptReportRequest, Chapter, Comment, CreateCommentRequest, CreateReportRequest,
    ExplainFindingRequest, GetReportRequest, GetReportResponse, PublishReportRequest, Report,
    ReportLanguage, ReportState, SubmitReportRequest, UpdateChapterRequest,
    chapter_service_client::ChapterServiceClient, comment_service_client::CommentServiceClient,
    release_service_client::ReleaseServiceClient, report_service_client::ReportServiceClient,
};

use super::{FEDERATION, half_year};
use crate::import::Gateway;

/// The report that is published.
const PUBLISHED: &str = "demo-2025h1";
/// The report that is being written.
const DRAFT: &str = "demo-lage-surahammar";
const TEAM: &str = "teams/surahammar";

/// Chapters of the report that is being written.
const DRAFTED: [(&str, &str); 3] = [
    (
        "participants",
        "Teamet har haft [17](figure:participants) deltagare, varav \
         [9](figure:participants.woman) kvinnor, [en majoritet](share:participants.woman/participants).",
    ),
    (
        "other",
        "Under perioden avslutade [6](figure:exits) sin tid i teamet. \
         För 3 deltagare tog medicinsk rehabilitering vid.",
    ),
    ("staff", "Bemanningen beskrivs i nästa utkast."),
];

/// Makes both. What was made before is answered again.
///
/// # Errors
/// When a service refuses or does not answer.
pub async fn make(administrator: Gateway, programme_lead: Gateway) -> anyhow::Result<()> {
    let federation = format!("federations/{FEDERATION}");
    half_year::template(administrator.clone()).await?;
    let published = Report {
        stated_cells: half_year::stated(),
        ..head(
            half_year::TEMPLATE,
            &federation,
            "SFV 2025/41",
            "Delårsrapport första halvåret 2025",
        )
    };
    write(&administrator, PUBLISHED, published, &half_year::CHAPTERS).await?;
    publish(&administrator, programme_lead).await?;

    let team = named(TEAM);
    let title = "Lägesrapport Samordningsteam Surahammar, första halvåret 2025";
    let draft = head("status-report-1", &team, "SFV 2025/43", title);
    write(&administrator, DRAFT, draft, &DRAFTED).await?;
    comment(administrator).await
}

fn named(rest: &str) -> String {
    format!("federations/{FEDERATION}/{rest}")
}

/// A report by a template, on a subject, with a registry number.
fn head(template: &str, subject: &str, dnr: &str, title: &str) -> Report {
    Report {
        template: named(&format!("reportTemplates/{template}")),
        reporting_period: named("reportingPeriods/2025h1"),
        subject: subject.to_owned(),
        title: title.to_owned(),
        dnr: dnr.to_owned(),
        ..Report::default()
    }
}

/// Drafts a report, and writes chapters.
async fn write(
    administrator: &Gateway,
    id: &str,
    report: Report,
    texts: &[(&str, &str)],
) -> anyhow::Result<()> {
    let request = CreateReportRequest {
        parent: format!("federations/{FEDERATION}"),
        report_id: id.to_owned(),
        report: Some(report),
        request_id: format!("demo-report-{id}"),
        validate_only: false,
    };
    let mut reports = ReportServiceClient::new(administrator.clone());
    reports.create_report(request).await.context("a report")?;
    let mut chapters = ChapterServiceClient::new(administrator.clone());
    for (chapter, text) in texts {
        let content = Chapter {
            language: ReportLanguage::Swedish.into(),
            text: (*text).to_owned(),
            ..Chapter::default()
        };
        let request = UpdateChapterRequest {
            name: named(&format!("reports/{id}/chapters/{chapter}")),
            etag: "0".to_owned(),
            chapter: Some(content),
            request_id: format!("demo-chapter-{id}-{chapter}"),
            validate_only: false,
        };
        chapters.update_chapter(request).await.context("a chapter")?;
    }
    Ok(())
}

/// Takes the steps that are left to publication, one after the other. Whoever hands in does
/// not accept.
async fn publish(administrator: &Gateway, programme_lead: Gateway) -> anyhow::Result<()> {
    let name = named(&format!("reports/{PUBLISHED}"));
    let mut reports = ReportServiceClient::new(administrator.clone());
    explain(&mut reports, &name).await?;
    loop {
        let report = read(&mut reports, &name).await?.report.context("no report in the answer")?;
        let (name, etag, validate_only) = (name.clone(), report.etag.clone(), false);
        let request_id = format!("demo-step-{etag}");
        match report.state() {
            ReportState::Draft | ReportState::Returned => {
                let request = SubmitReportRequest { name, etag, request_id, validate_only };
                reports.submit_report(request).await.context("a report handed in")?;
            }
            ReportState::Submitted => {
                let mut lead = ReportServiceClient::new(programme_lead.clone());
                let request = AcceptReportRequest { name, etag, request_id, validate_only };
                lead.accept_report(request).await.context("a report accepted")?;
            }
            ReportState::Accepted => {
                let request = PublishReportRequest { name, etag, request_id, ..Default::default() };
                let mut releases = ReleaseServiceClient::new(administrator.clone());
                releases.publish_report(request).await.context("a report published")?;
            }
            ReportState::Published | ReportState::Unspecified => return Ok(()),
        }
    }
}

/// Explains what nobody has explained.
async fn explain(reports: &mut ReportServiceClient<Gateway>, name: &str) -> anyhow::Result<()> {
    let found = read(reports, name).await?;
    let report = found.report.unwrap_or_default();
    if !matches!(report.state(), ReportState::Draft | ReportState::Returned) {
        return Ok(());
    }
    for finding in found.findings.into_iter().filter(|finding| finding.explanation.is_none()) {
        let request = ExplainFindingRequest {
            name: name.to_owned(),
            request_id: format!("demo-explain-{}", finding.key),
            finding: finding.key,
            text: "Så står det i den publicerade rapporten.".to_owned(),
            validate_only: false,
        };
        reports.explain_finding(request).await.context("a finding explained")?;
    }
    Ok(())
}

async fn read(
    reports: &mut ReportServiceClient<Gateway>,
    name: &str,
) -> anyhow::Result<GetReportResponse> {
    let request = GetReportRequest { name: name.to_owned() };
    Ok(reports.get_report(request).await.context("a report read")?.into_inner())
}

async fn comment(administrator: Gateway) -> anyhow::Result<()> {
    let comment = Comment {
        section: "other".to_owned(),
        text: "Bind talet till en uppgift.".to_owned(),
        ..Comment::default()
    };
    let request = CreateCommentRequest {
        parent: named(&format!("reports/{DRAFT}")),
        comment: Some(comment),
        request_id: "demo-comment".to_owned(),
        validate_only: false,
    };
    let mut comments = CommentServiceClient::new(administrator);
    comments.create_comment(request).await.context("a comment")?;
    Ok(())
}
