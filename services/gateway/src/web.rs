//! The pages: which address shows what.
//!
//! Architecture invariant: no page computes a figure or reads a table; it calls
//! the services on behalf of the person who is signed in, and renders.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};

use crate::State;

pub(crate) use self::{protection::require_tls, upload::UPLOADS_AT_ONCE};

mod accessibility;
mod account;
mod assets;
mod attachment;
mod coach;
mod code;
mod criteria;
mod download;
mod due_report;
mod enrolment;
mod error_page;
mod filter;
mod first_sign_in;
mod follow_up;
mod form;
pub mod format;
mod funding;
mod grant;
mod group_activity;
mod half_year_report;
mod held_activities;
mod kept;
mod language;
mod layout;
mod ledger;
mod list;
mod livelihood;
mod local_goal;
mod menu;
mod names;
mod national_follow_up;
mod office;
mod overview;
mod participant;
mod planning;
mod programme_plan;
mod protection;
mod read_log;
mod reads;
mod recovery;
mod referral;
mod report;
mod report_template;
mod reported_figures;
mod reporting_period;
mod requisition;
mod rights;
mod role_grant;
mod sign_in;
mod staffing;
mod statistic;
mod steering_group;
mod steering_group_meeting;
mod team;
#[cfg(test)]
mod tests;
mod unit_cost;
mod upload;
mod year;

/// No form here holds more, but for a chapter's.
const LARGEST_FORM: usize = 256 * 1024;

/// A chapter of 100 000 characters, each of which may be sent as twelve bytes.
const LARGEST_CHAPTER: usize = 2 * 1024 * 1024;

/// Every page.
pub fn routes(state: &State) -> Router<State> {
    Router::new()
        .route("/", get(overview::show))
        .route(
            "/sign-in",
            get(sign_in::show).post(sign_in::sign_in).layer(DefaultBodyLimit::max(LARGEST_CHAPTER)),
        )
        .route("/sign-in/first", get(first_sign_in::show).post(first_sign_in::save))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/language", post(language::choose))
        .route("/accessibility", get(accessibility::show))
        .route("/funding", get(funding::show))
        .route("/funding/download", get(funding::download))
        .route("/unit-costs", get(unit_cost::show))
        .route("/half-year-reports", get(half_year_report::list))
        .route("/half-year-reports/{period}", get(half_year_report::show))
        .route("/reported-figures", get(reported_figures::list))
        .route(
            "/reported-figures/{period}/{team}",
            get(reported_figures::show).post(reported_figures::save),
        )
        .merge(reports())
        .merge(office::routes())
        .merge(requisitions())
        .merge(decisions())
        .merge(ledger())
        .merge(accounts())
        .merge(people())
        .merge(teams())
        .merge(statistics())
        .route("/static/{hash}/{file}", get(assets::serve))
        .fallback(error_page::not_found)
        .layer(middleware::from_fn_with_state(state.clone(), kept::keep_typed))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(middleware::from_fn(protection::refuse_other_sites))
        .layer(middleware::from_fn(protection::add_headers))
}

/// Reports as they are written, from draft to publication.
fn reports() -> Router<State> {
    Router::new()
        .route("/reports", get(report::list::show))
        .route("/reports/new", get(report::create::show).post(report::create::save))
        .route("/reports/{report}", get(report::detail::show))
        .route("/reports/{report}/change", get(report::change::show).post(report::change::save))
        .route("/reports/{report}/steps", post(report::step::take))
        .route("/reports/{report}/figures", post(report::records::fetch))
        .route("/releases/{release}/{format}", get(report::release::file))
        .route("/reports/{report}/explain", get(report::explain::show).post(report::explain::save))
        .route("/reports/{report}/explain/withdraw", post(report::explain::withdraw))
        .route(
            "/reports/{report}/comments/new",
            get(report::comment::show).post(report::comment::save),
        )
        .route("/reports/{report}/comments/{comment}/resolve", post(report::comment::resolve))
        .route(
            "/reports/{report}/chapters/{chapter}/edit",
            get(report::chapter::show)
                .post(report::chapter::save)
                .layer(DefaultBodyLimit::max(LARGEST_CHAPTER)),
        )
        .route(
            "/reports/{report}/chapters/{chapter}/attachments/{attachment}",
            get(report::attachment::read),
        )
}

/// What parties claim, and what is claimed back of them.
fn requisitions() -> Router<State> {
    Router::new()
        .route("/requisitions", get(requisition::list::show))
        .route("/requisitions/new", get(requisition::draft::show).post(requisition::draft::save))
        .route("/requisitions/{requisition}", get(requisition::detail::show))
        .route("/requisitions/{requisition}/steps", post(requisition::step::take))
        .route(
            "/requisitions/{requisition}/change",
            get(requisition::draft::show_change).post(requisition::draft::change),
        )
        .route(
            "/requisitions/{requisition}/correct",
            get(requisition::draft::show_correction).post(requisition::draft::correct),
        )
        .route("/requisitions/{requisition}/attachments", post(requisition::attachment::attach))
        .route(
            "/requisitions/{requisition}/attachments/{attachment}",
            get(requisition::attachment::read),
        )
        .route(
            "/requisitions/{requisition}/attachments/{attachment}/detach",
            post(requisition::attachment::detach),
        )
        .route("/recoveries", get(recovery::list::show))
        .route("/recoveries/new", get(recovery::propose::show).post(recovery::propose::save))
        .route("/recoveries/{recovery}", get(recovery::detail::show))
        .route("/recoveries/{recovery}/steps", post(recovery::detail::take))
}

/// What the board decides: grants, and all that belongs to a year.
fn decisions() -> Router<State> {
    Router::new()
        .route("/grants", get(grant::list::show))
        .route("/grants/new", get(grant::create::show).post(grant::create::save))
        .route("/grants/recipients/new", get(grant::recipient::show).post(grant::recipient::save))
        .route("/grants/{grant}", get(grant::detail::show))
        .route("/grants/{grant}/amend", get(grant::amend::show).post(grant::amend::save))
        .route("/years", get(year::list))
        .route("/years/open", get(year::open::show).post(year::open::save))
        .route("/years/{year}", get(year::show::show))
        .route(
            "/years/{year}/contributions/new",
            get(year::contribution_decision::show).post(year::contribution_decision::save),
        )
        .route(
            "/years/{year}/payments/new",
            get(year::contribution_payment::show).post(year::contribution_payment::save),
        )
        .route(
            "/years/{year}/budget/new",
            get(year::budget_decision::show).post(year::budget_decision::save),
        )
        .route(
            "/years/{year}/forecasts/new",
            get(year::budget_forecast::show).post(year::budget_forecast::save),
        )
        .route("/years/{year}/own-costs", get(year::own_cost::show).post(year::own_cost::save))
        .route(
            "/years/{year}/equity-policy",
            get(year::equity_policy::show).post(year::equity_policy::save),
        )
        .route("/years/{year}/close", get(year::close::show).post(year::close::save))
}

/// Who may do what: for those who keep the accounts of a party or of the office.
fn accounts() -> Router<State> {
    Router::new()
        .route("/accounts", get(account::list::show))
        .route("/accounts/new", get(account::create::show).post(account::create::save))
        .route("/accounts/{account}", get(account::detail::show))
        .route("/accounts/{account}/invite", post(account::invite::save))
        .route(
            "/accounts/{account}/roles/{role_grant}/revoke",
            get(role_grant::revoke::show).post(role_grant::revoke::save),
        )
        .route("/roles/new", get(role_grant::grant::show).post(role_grant::grant::save))
}

/// Referrals, enrolments and people, and who has read of them.
fn people() -> Router<State> {
    Router::new()
        .route("/referrals", get(referral::list::show))
        .route("/referrals/new", get(referral::send::show).post(referral::send::save))
        .route("/referrals/{referral}", get(referral::detail::show))
        .route("/referrals/{referral}/steps", post(referral::step::take))
        .route(
            "/referrals/{referral}/enrol",
            get(enrolment::create::show).post(enrolment::create::save),
        )
        .route(
            "/referrals/{referral}/exception",
            get(referral::exception::show).post(referral::exception::save),
        )
        .route("/queue", get(enrolment::queue::show))
        .route("/enrolments", get(enrolment::list::show))
        .route("/enrolments/{enrolment}", get(enrolment::detail::show))
        .route(
            "/enrolments/{enrolment}/{change}",
            get(enrolment::change::show).post(enrolment::change::save),
        )
        .merge(courses())
        .merge(same_people())
        .route("/follow-ups", get(follow_up::list::show))
        .route("/follow-ups/{follow_up}", get(follow_up::end::show).post(follow_up::end::save))
        .route("/participants", get(participant::list::show))
        .route("/participants/find", post(participant::find::find))
        .route("/participants/{participant}", get(participant::detail::show))
        .route(
            "/participants/{participant}/change",
            get(participant::change::show).post(participant::change::save),
        )
        .route(
            "/participants/{participant}/transfer",
            get(participant::transfer::show).post(participant::transfer::save),
        )
        .route("/read-log", get(read_log::show))
}

/// Who is one person after all, and who is nobody's business.
fn same_people() -> Router<State> {
    Router::new()
        .route(
            "/participants/{participant}/merge",
            get(participant::merge::show_find).post(participant::merge::find),
        )
        .route(
            "/participants/{participant}/merge/{duplicate}",
            get(participant::merge::show).post(participant::merge::save),
        )
        .route(
            "/participants/{participant}/unmerge/{duplicate}",
            get(participant::merge::show_undo).post(participant::merge::save_undo),
        )
        .route(
            "/participants/{participant}/protect",
            get(participant::protect::show).post(participant::protect::save),
        )
}

/// What is counted of people.
fn statistics() -> Router<State> {
    Router::new()
        .route("/statistics", get(statistic::count::show))
        .route("/statistics/cell", get(statistic::cell::show))
        .route("/statistics/follow-ups", get(statistic::rates::show))
        .route("/statistics/surveys", get(statistic::surveys::show))
        .route(
            "/statistics/tables",
            get(statistic::tables::show).post(statistic::tables::show_newest),
        )
}

/// What is done in enrolments.
fn courses() -> Router<State> {
    Router::new()
        .route(
            "/enrolments/{enrolment}/milestones/new",
            get(enrolment::milestone::show).post(enrolment::milestone::save),
        )
        .route(
            "/enrolments/{enrolment}/placements/new",
            get(enrolment::placement::show).post(enrolment::placement::save),
        )
        .route(
            "/enrolments/{enrolment}/placements/{placement}/end",
            get(enrolment::placement::show_end).post(enrolment::placement::save_end),
        )
        .route(
            "/enrolments/{enrolment}/surveys/{questionnaire}/{occasion}",
            get(enrolment::survey::show).post(enrolment::survey::save),
        )
        .route("/enrolments/{enrolment}/answers/{answer}", get(enrolment::survey::show_answer))
        .route(
            "/enrolments/{enrolment}/{what}/{id}/remove",
            get(enrolment::take_away::show).post(enrolment::take_away::save),
        )
}

/// What teams have and do.
fn teams() -> Router<State> {
    Router::new()
        .route("/criteria", get(criteria::list))
        .route("/criteria/new", get(criteria::show).post(criteria::save))
        .route("/teams", get(team::list::show))
        .route("/teams/{team}", get(team::detail::show))
        .route("/teams/{team}/positions/new", get(team::position::show).post(team::position::save))
        .route(
            "/teams/{team}/positions/{position}/change",
            get(team::position::show_change).post(team::position::change),
        )
        .route("/teams/{team}/pauses/new", get(team::pause::show).post(team::pause::save))
        .route(
            "/teams/{team}/pauses/{pause}/end",
            get(team::pause::show_end).post(team::pause::save_end),
        )
        .route("/teams/{team}/places", get(team::places::show).post(team::places::save))
        .route("/teams/{team}/lists", get(list::overview::show).post(list::upload::save))
        .route("/teams/{team}/lists/check", post(list::check::show))
        .route("/teams/{team}/lists/take-in", post(list::take_in::save))
        .route("/teams/{team}/lists/export", get(list::export::file))
        .route("/teams/{team}/lists/{import}/undo", get(list::undo::show).post(list::undo::save))
        .route("/group-activities", get(group_activity::list::show))
        .route(
            "/group-activities/new",
            get(group_activity::edit::show).post(group_activity::edit::save),
        )
        .route(
            "/group-activities/{team}/{activity}/change",
            get(group_activity::edit::show_change).post(group_activity::edit::change),
        )
}

/// What is posted and handed out, and who pays for staff.
fn ledger() -> Router<State> {
    Router::new()
        .route("/ledger", get(ledger::balances::show))
        .route("/ledger/postings", get(ledger::postings::show))
        .route(
            "/ledger/account-plan",
            get(ledger::account_plan::show).post(ledger::account_plan::save),
        )
        .route("/ledger/export", get(ledger::export::show))
        .route("/ledger/export/sie", get(ledger::export::sie))
        .route("/ledger/export/payments", get(ledger::export::payments))
        .route("/ledger/export/requisitions", get(ledger::export::requisitions))
        .route("/staffing", get(staffing::show))
        .route("/staffing/download", get(staffing::download))
        .route("/staffing/new", get(staffing::create::show).post(staffing::create::save))
        .route("/staffing/{row}/end", get(staffing::end::show).post(staffing::end::save))
}
