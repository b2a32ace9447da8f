//! The RPCs: parse, ask the other services, load, let the domain decide, save,
//! render. The list below is the table of contents.
//!
//! Architecture invariant: no rule of reporting stands here, and an answer to a
//! write is rendered from what was recorded.

mod attachment;
mod chapter;
mod comment;
mod convert;
mod derived;
pub(crate) mod due_report;
mod figure_definition;
mod finance;
mod half_year_report;
pub(crate) mod held_activities;
mod import;
pub(crate) mod local_goal;
mod national_follow_up;
mod organisation;
pub(crate) mod permissions;
pub(crate) mod programme_plan;
pub(crate) mod release;
pub(crate) mod reminder;
mod report;
mod report_template;
mod reported_figures;
mod reporting_period;
mod resource;
mod restatement;
pub(crate) mod steering_group;
pub(crate) mod steering_group_meeting;
mod unit_cost;

use std::sync::Arc;

pub(crate) use convert::to_proto;

use platform::{
    Failure, Journal, Transport,
    attachment::LARGEST_MESSAGE as WITH_FILE,
    journalled::{draft, recorded},
    mount::LARGEST_MESSAGE,
    principal::parent,
};
use proto::reporting::{
    attachment_service_server::AttachmentServiceServer,
    chapter_service_server::ChapterServiceServer, comment_service_server::CommentServiceServer,
    due_report_service_server::DueReportServiceServer,
    figure_definition_service_server::FigureDefinitionServiceServer,
    half_year_report_service_server::HalfYearReportServiceServer,
    held_activities_service_server::HeldActivitiesServiceServer,
    local_goal_service_server::LocalGoalServiceServer,
    national_follow_up_service_server::NationalFollowUpServiceServer,
    programme_plan_service_server::ProgrammePlanServiceServer,
    release_service_server::ReleaseServiceServer, reminder_service_server::ReminderServiceServer,
    report_service_server::ReportServiceServer,
    report_template_service_server::ReportTemplateServiceServer,
    reported_figures_service_server::ReportedFiguresServiceServer,
    reporting_import_service_server::ReportingImportServiceServer,
    reporting_period_service_server::ReportingPeriodServiceServer,
    restatement_service_server::RestatementServiceServer,
    steering_group_meeting_service_server::SteeringGroupMeetingServiceServer,
    steering_group_service_server::SteeringGroupServiceServer,
    unit_cost_service_server::UnitCostServiceServer,
};
use tonic::service::Routes;
use values::Faults;

pub(crate) use report::recent::Recent;
pub(crate) use report_template::Shipped;

use crate::domain::{
    definition::Definitions, derived::Crosswalk, finding::CheckTexts, vocabulary::Vocabulary,
};

/// The rows that find what the journal has, for the check of the whole database.
pub(crate) mod rows {
    pub(crate) use super::{
        attachment::hashes as files, chapter::row as chapter, comment::row as comment,
        report::row as report, report_template::row as report_template,
    };
}

/// What the handlers work with; cheap to clone.
#[derive(Clone)]
pub(crate) struct Shell {
    pub(crate) journal: Journal,
    pub(crate) definitions: Arc<Definitions>,
    pub(crate) crosswalk: Arc<Crosswalk>,
    pub(crate) vocabulary: Arc<Vocabulary>,
    pub(crate) checks: Arc<CheckTexts>,
    pub(crate) templates: Arc<[Shipped]>,
    pub(crate) organisation: Transport,
    pub(crate) finance: Transport,
    /// What was asked of the latter two for texts that somebody is writing.
    pub(crate) recent: Arc<Recent>,
}

/// Every RPC of the service.
pub(crate) fn routes(shell: &Shell) -> Routes {
    let attachments = AttachmentServiceServer::new(attachment::Attachments(shell.clone()));
    let import = ReportingImportServiceServer::new(import::Import(shell.clone()));
    let report = half_year_report::HalfYearReports(shell.clone());
    let periods = reporting_period::ReportingPeriods(shell.clone());
    let figures = reported_figures::TeamFigures(shell.clone());
    let releases = ReleaseServiceServer::new(release::Releases(shell.clone()));
    let restatements = restatement::Restatements(shell.clone());
    let restatements = RestatementServiceServer::new(restatements);
    let unit_costs = unit_cost::UnitCostTables(shell.clone());
    let reports = ReportServiceServer::new(report::Reports(shell.clone()));
    let definitions = figure_definition::FigureDefinitions(shell.clone());
    let plans = programme_plan::ProgrammePlans(shell.clone());
    let held = held_activities::AllHeldActivities(shell.clone());
    let goals = local_goal::LocalGoals(shell.clone());
    let groups = steering_group::SteeringGroups(shell.clone());
    let meetings = steering_group_meeting::SteeringGroupMeetings(shell.clone());
    let national = national_follow_up::NationalFollowUps(shell.clone());
    Routes::new(ReportingPeriodServiceServer::new(periods))
        .add_service(ReportedFiguresServiceServer::new(figures))
        .add_service(FigureDefinitionServiceServer::new(definitions))
        .add_service(UnitCostServiceServer::new(unit_costs))
        .add_service(ProgrammePlanServiceServer::new(plans))
        .add_service(HeldActivitiesServiceServer::new(held))
        .add_service(LocalGoalServiceServer::new(goals))
        .add_service(SteeringGroupServiceServer::new(groups))
        .add_service(SteeringGroupMeetingServiceServer::new(meetings))
        .add_service(DueReportServiceServer::new(due_report::DueReports(shell.clone())))
        .add_service(ReminderServiceServer::new(reminder::Reminders(shell.clone())))
        .add_service(
            NationalFollowUpServiceServer::new(national).max_encoding_message_size(LARGEST_MESSAGE),
        )
        .add_service(releases.max_encoding_message_size(LARGEST_MESSAGE))
        .add_service(restatements.max_encoding_message_size(LARGEST_MESSAGE))
        .add_service(ReportTemplateServiceServer::new(report_template::Templates(shell.clone())))
        .add_service(reports.max_encoding_message_size(LARGEST_MESSAGE))
        .add_service(ChapterServiceServer::new(chapter::Chapters(shell.clone())))
        .add_service(attachments.max_decoding_message_size(WITH_FILE))
        .add_service(CommentServiceServer::new(comment::Comments(shell.clone())))
        .add_service(
            HalfYearReportServiceServer::new(report).max_encoding_message_size(LARGEST_MESSAGE),
        )
        .add_service(
            import
                .max_decoding_message_size(LARGEST_MESSAGE)
                .max_encoding_message_size(LARGEST_MESSAGE),
        )
}

/// Faults that were found when the content met what is kept, under its field.
fn store_faults(field: &str, faults: Faults) -> Failure {
    let mut nested = Faults::new();
    nested.nest(field, faults);
    nested.into()
}
