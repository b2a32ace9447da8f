//! The addresses of what the office plans, steers, schedules, registers and reports on.

use axum::{Router, extract::DefaultBodyLimit, routing::get};

use super::{
    LARGEST_CHAPTER, due_report, held_activities, local_goal, national_follow_up, programme_plan,
    report, report_template, reporting_period, statistic, steering_group, steering_group_meeting,
};
use crate::State;

/// These pages.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .merge(due_reports())
        .merge(plans())
        .merge(national_follow_up())
        .merge(templates())
        .merge(restatements())
        .merge(steering_groups())
        .merge(definitions())
}

/// What is reported on, what is due, and who is reminded of it.
fn due_reports() -> Router<State> {
    Router::new()
        .route("/reporting-periods/new", get(reporting_period::show).post(reporting_period::save))
        .route("/due-reports", get(due_report::list::show))
        .route(
            "/due-reports/schedule",
            get(due_report::schedule::show).post(due_report::schedule::save),
        )
        .route("/due-reports/remind", get(due_report::remind::show).post(due_report::remind::save))
}

/// What reports have to contain.
fn templates() -> Router<State> {
    Router::new()
        .route("/report-templates", get(report_template::list))
        .route(
            "/report-templates/new",
            get(report_template::show_new)
                .post(report_template::save)
                .layer(DefaultBodyLimit::max(LARGEST_CHAPTER)),
        )
        .route("/report-templates/{template}", get(report_template::show))
}

/// What the nation asks for.
fn national_follow_up() -> Router<State> {
    Router::new()
        .route("/national-follow-up", get(national_follow_up::show))
        .route("/national-follow-up/download", get(national_follow_up::file))
}

/// What programmes and teams set out to do, and what came of it.
fn plans() -> Router<State> {
    Router::new()
        .route("/planning", get(programme_plan::list::show))
        .route(
            "/planning/plans/new",
            get(programme_plan::version::show_new).post(programme_plan::version::save_new),
        )
        .route("/planning/plans/{plan}", get(programme_plan::detail::show))
        .route(
            "/planning/plans/{plan}/versions/new",
            get(programme_plan::version::show).post(programme_plan::version::save),
        )
        .route(
            "/planning/plans/{plan}/versions/{version}",
            get(programme_plan::detail::show_version),
        )
        .route(
            "/planning/plans/{plan}/held/{half_year}",
            get(held_activities::show).post(held_activities::save),
        )
        .route("/planning/local-goals", get(local_goal::list::show))
        .route(
            "/planning/local-goals/new",
            get(local_goal::edit::show).post(local_goal::edit::save),
        )
        .route(
            "/planning/local-goals/{goal}/change",
            get(local_goal::edit::show_change).post(local_goal::edit::change),
        )
}

/// What was published and is corrected.
fn restatements() -> Router<State> {
    Router::new()
        .route(
            "/releases/{release}/restate",
            get(report::restatement::show).post(report::restatement::save),
        )
        .route("/releases/{release}/changes", get(report::restatement::changes))
}

/// Who steers, when they meet and what they decide.
fn steering_groups() -> Router<State> {
    Router::new()
        .route("/planning/steering-groups", get(steering_group::list::show))
        .route(
            "/planning/steering-groups/new",
            get(steering_group::edit::show).post(steering_group::edit::save),
        )
        .route("/planning/steering-groups/{group}", get(steering_group::detail::show))
        .route(
            "/planning/steering-groups/{group}/change",
            get(steering_group::edit::show_change).post(steering_group::edit::change),
        )
        .route(
            "/planning/steering-groups/{group}/meetings/new",
            get(steering_group_meeting::edit::show).post(steering_group_meeting::edit::save),
        )
        .route(
            "/planning/steering-groups/{group}/meetings/{meeting}/change",
            get(steering_group_meeting::edit::show_change)
                .post(steering_group_meeting::edit::change),
        )
}

/// What tables and surveys are made by.
fn definitions() -> Router<State> {
    Router::new()
        .route("/statistics/definitions", get(statistic::definitions::show))
        .route("/statistics/definitions/layouts/{layout}", get(statistic::table_layout::show))
        .route(
            "/statistics/definitions/new-layout",
            get(statistic::table_layout::show_new).post(statistic::table_layout::save),
        )
        .route("/statistics/definitions/bandings/{banding}", get(statistic::banding::show))
        .route(
            "/statistics/definitions/new-banding",
            get(statistic::banding::show_new).post(statistic::banding::save),
        )
        .route(
            "/statistics/definitions/questionnaires/{questionnaire}",
            get(statistic::questionnaire::show),
        )
        .route(
            "/statistics/definitions/new-questionnaire",
            get(statistic::questionnaire::show_new).post(statistic::questionnaire::save),
        )
}
