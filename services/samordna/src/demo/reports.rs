//! The half-year report, begun: a few chapters whose numbers are bound to figures, one
//! number that is not bound yet, and a comment.

use anyhow::Context as _;
use proto::reporting::{
    Chapter, Comment, CreateCommentRequest, CreateReportRequest, Report, ReportLanguage,
    UpdateChapterRequest, chapter_service_client::ChapterServiceClient,
    comment_service_client::CommentServiceClient, report_service_client::ReportServiceClient,
};

use super::FEDERATION;
use crate::import::Gateway;

const REPORT: &str = "demo-2025h1";

/// Chapters with their texts.
const CHAPTERS: [(&str, &str); 6] = [
    (
        "introduction",
        "Samordningsförbundet finansierar [sex](no-statistic \"Antal team\") team i länet. \
         Rapporten redovisar första halvåret och bygger på det som teamen har rapporterat.\n\n\
         Teamen har haft [](figure:participants) deltagare under perioden.",
    ),
    (
        "finance",
        "Styrelsen har beviljat [](figure:granted_tkr)\u{a0}tkr för året. Till och med juni är \
         [42\u{a0}%](share:requisitioned_to_date_tkr/granted_tkr) rekvirerat.",
    ),
    (
        "participants.surahammar",
        "Teamet har haft [17](figure:participants) deltagare, varav \
         [9](figure:participants.woman) kvinnor, [en majoritet](share:participants.woman/participants). \
         [Tre](figure:new_participants) är nya.",
    ),
    (
        "exits.surahammar",
        "Av [6](figure:exits) som avslutade gick [33\u{a0}%](share:exits.work/exits) till arbete. \
         För 3 deltagare tog medicinsk rehabilitering vid.",
    ),
    (
        "plans.surahammar",
        "- Fler gruppaktiviteter tillsammans med vuxenutbildningen\n\
         - Tätare uppföljning av dem som väntar i kö, nu [](figure:queue) personer",
    ),
    ("participants.sala", "Könsfördelningen beskrivs i nästa rapport."),
];

/// Drafts the report, writes its chapters and comments on one of them. What was made
/// before is answered again.
///
/// # Errors
/// When a service refuses or does not answer.
pub async fn make(administrator: Gateway) -> anyhow::Result<()> {
    let parent = format!("federations/{FEDERATION}");
    let report = Report {
        template: format!("{parent}/reportTemplates/half-year-report-1"),
        reporting_period: format!("{parent}/reportingPeriods/2025h1"),
        subject: parent.clone(),
        title: "Delårsrapport första halvåret 2025".to_owned(),
        dnr: "SFV 2025/41".to_owned(),
        ..Report::default()
    };
    let request = CreateReportRequest {
        parent: parent.clone(),
        report_id: REPORT.to_owned(),
        report: Some(report),
        request_id: "demo-report".to_owned(),
        validate_only: false,
    };
    let mut reports = ReportServiceClient::new(administrator.clone());
    reports.create_report(request).await.context("a report")?;
    let mut chapters = ChapterServiceClient::new(administrator.clone());
    for (id, text) in CHAPTERS {
        let chapter = Chapter {
            language: ReportLanguage::Swedish.into(),
            text: text.to_owned(),
            ..Chapter::default()
        };
        let request = UpdateChapterRequest {
            name: format!("{parent}/reports/{REPORT}/chapters/{id}"),
            etag: "0".to_owned(),
            chapter: Some(chapter),
            request_id: format!("demo-chapter-{id}"),
            validate_only: false,
        };
        chapters.update_chapter(request).await.context("a chapter")?;
    }
    let comment = Comment {
        section: "introduction".to_owned(),
        text: "Nämn också den nya styrelsen.".to_owned(),
        ..Comment::default()
    };
    let request = CreateCommentRequest {
        parent: format!("{parent}/reports/{REPORT}"),
        comment: Some(comment),
        request_id: "demo-comment".to_owned(),
        validate_only: false,
    };
    let mut comments = CommentServiceClient::new(administrator);
    comments.create_comment(request).await.context("a comment")?;
    Ok(())
}
