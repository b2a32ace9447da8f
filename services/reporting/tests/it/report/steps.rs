//! A report's way: who takes which step from where.

use platform::testing::on_both;
use proto::reporting::{
    ExplainFindingRequest, Report, ReportState, ReturnReportRequest, SubmitReportRequest,
    UpdateReportRequest, WithdrawExplanationRequest,
};
use tonic::Code;

use super::{content, name, write};
use crate::world::{World, expected, faults, problem};

const TEAM: &str = "federations/vastmanland/teams/sala";
const ID: &str = "sala-2025h1";

async fn draft(world: &World) -> Report {
    world.create_period().await;
    world.draft_report(ID, content("status-report-1", TEAM, "Lägesrapport Sala")).await
}

fn submit(etag: &str, request_id: &str) -> SubmitReportRequest {
    SubmitReportRequest {
        name: name(ID),
        etag: etag.to_owned(),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

fn give_back(etag: &str, reason: &str) -> ReturnReportRequest {
    ReturnReportRequest {
        name: name(ID),
        etag: etag.to_owned(),
        reason: reason.to_owned(),
        request_id: format!("return-{etag}"),
        validate_only: false,
    }
}

fn update(etag: &str, report: Report) -> UpdateReportRequest {
    UpdateReportRequest {
        name: name(ID),
        etag: etag.to_owned(),
        report: Some(report),
        request_id: format!("update-{etag}"),
        validate_only: false,
    }
}

#[tokio::test]
async fn a_team_lead_submits_the_own_teams_report_and_gets_it_back_with_the_reason() {
    on_both(|database| async {
        let world = World::new(database).await;
        let drafted = draft(&world).await;
        let other = world.lead("surahammar", submit(&drafted.etag, "other"));
        assert_eq!(problem(world.kept_reports().submit_report(other).await).0, Code::NotFound);
        let checked = SubmitReportRequest { validate_only: true, ..submit(&drafted.etag, "try") };
        world.kept_reports().submit_report(world.lead("sala", checked)).await.unwrap();
        let own = world.lead("sala", submit(&drafted.etag, "own"));
        let answer = world.kept_reports().submit_report(own).await.unwrap();
        let submitted = answer.into_inner().report.unwrap();
        assert_eq!(submitted.state(), ReportState::Submitted);
        let again = world.lead("sala", submit(&drafted.etag, "own"));
        let answer = world.kept_reports().submit_report(again).await.unwrap();
        assert_eq!(answer.into_inner().report.unwrap(), submitted);

        let chapter = format!("{}/chapters/goals", name(ID));
        let request = world.lead("sala", write(&chapter, "0", "Text", &[]));
        let refused = problem(world.chapters().update_chapter(request).await);
        assert_eq!(refused, (Code::FailedPrecondition, "REPORT_STATE_FORBIDS".to_owned()));
        let late = world.office(update(&submitted.etag, submitted.clone()));
        let refused = problem(world.kept_reports().update_report(late).await);
        assert_eq!(refused, (Code::FailedPrecondition, "REPORT_STATE_FORBIDS".to_owned()));

        let silent = world.accepter(give_back(&submitted.etag, ""));
        let told = faults(world.kept_reports().return_report(silent).await);
        assert_eq!(told, expected(&[("reason", "TEXT_MISSING")]));
        let request = world.accepter(give_back(&submitted.etag, "Målen saknas."));
        let answer = world.kept_reports().return_report(request).await.unwrap();
        let returned = answer.into_inner().report.unwrap();
        assert_eq!(returned.state(), ReportState::Returned);
        assert_eq!(returned.steps.last().unwrap().reason, "Målen saknas.");
        let request = world.lead("sala", write(&chapter, "0", "Text", &[]));
        world.chapters().update_chapter(request).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_head_changes_by_the_version_that_was_read_and_keeps_whom_it_is_about() {
    on_both(|database| async {
        let world = World::new(database).await;
        let drafted = draft(&world).await;
        let renamed = Report { title: "Läget i Sala".to_owned(), ..drafted.clone() };
        let request = world.lead("sala", update(&drafted.etag, renamed.clone()));
        let answer = world.kept_reports().update_report(request).await.unwrap();
        let updated = answer.into_inner().report.unwrap();
        assert_eq!((updated.title.as_str(), updated.etag.as_str()), ("Läget i Sala", "2"));
        let mut stale = update(&drafted.etag, renamed.clone());
        stale.request_id = "stale".to_owned();
        let refused = problem(world.kept_reports().update_report(world.office(stale)).await);
        assert_eq!(refused.0, Code::Aborted);
        let moved =
            Report { subject: "federations/vastmanland/teams/surahammar".to_owned(), ..renamed };
        let request = world.office(update(&updated.etag, moved));
        let told = faults(world.kept_reports().update_report(request).await);
        assert_eq!(told, expected(&[("report.subject", "REPORT_FIELD_STAYS")]));
    })
    .await;
}

#[tokio::test]
async fn a_finding_is_explained_and_the_explanation_taken_back() {
    on_both(|database| async {
        let world = World::new(database).await;
        draft(&world).await;
        let compiled = world.compiled(ID).await;
        assert_eq!(compiled.findings.len(), 6, "each chapter is missing");
        let key = compiled.findings[0].key.clone();
        let explain = |key: &str, request_id: &str, text: &str| ExplainFindingRequest {
            name: name(ID),
            finding: key.to_owned(),
            text: text.to_owned(),
            request_id: request_id.to_owned(),
            validate_only: false,
        };
        let unknown = world.office(explain("0123456789abcdef", "unknown", "Text"));
        let refused = problem(world.kept_reports().explain_finding(unknown).await);
        assert_eq!(refused, (Code::FailedPrecondition, "FINDING_UNKNOWN".to_owned()));
        let personal = world.office(explain(&key, "personal", "Se 18900101-9802."));
        let told = faults(world.kept_reports().explain_finding(personal).await);
        assert_eq!(told, expected(&[("text", "PERSONAL_NUMBER_IN_TEXT")]));
        let other = world.lead("surahammar", explain(&key, "other", "Text"));
        assert_eq!(problem(world.kept_reports().explain_finding(other).await).0, Code::NotFound);
        let own = world.lead("sala", explain(&key, "own", "Målen är nya."));
        world.kept_reports().explain_finding(own).await.unwrap();
        assert_eq!(world.compiled(ID).await.open_findings, 5);

        let withdraw = |request_id: &str| WithdrawExplanationRequest {
            name: name(ID),
            finding: key.clone(),
            request_id: request_id.to_owned(),
            validate_only: false,
        };
        let request = world.lead("sala", withdraw("back"));
        world.kept_reports().withdraw_explanation(request).await.unwrap();
        assert_eq!(world.compiled(ID).await.open_findings, 6);
        let twice = world.office(withdraw("twice"));
        let refused = problem(world.kept_reports().withdraw_explanation(twice).await);
        assert_eq!(refused, (Code::FailedPrecondition, "EXPLANATION_UNKNOWN".to_owned()));
    })
    .await;
}
