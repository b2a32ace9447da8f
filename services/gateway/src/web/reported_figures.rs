//! Sending in a team's figures for a period: the teams and periods the person
//! answers for, and the form of one of them.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use http::StatusCode;
use proto::{
    organisation::{GetTeamRequest, Team, team_service_client::TeamServiceClient},
    reporting::{
        FigureDefinition, GetReportedFiguresRequest, GetReportingPeriodRequest, ReportedFigures,
        ReportingPeriod, SubmitReportedFiguresRequest,
        reported_figures_service_client::ReportedFiguresServiceClient,
        reporting_period_service_client::ReportingPeriodServiceClient,
    },
};
use tonic::{Code, Status};

use super::{
    error_page::{Trouble, http_status},
    form::{Fields, FormErrors, Posted, new_request_id},
    format,
    half_year_report::PeriodView,
    layout::{Layout, Visit, page, page_with},
    reads::{self, id_of},
    rights,
};
use crate::text;

mod fields;

use fields::{FigureFields, FiguresForm};

#[derive(Template)]
#[template(path = "reported_figures_list.html")]
struct ListPage {
    layout: Layout,
    periods: Vec<PeriodTeams>,
}

struct PeriodTeams {
    period: PeriodView,
    teams: Vec<TeamLink>,
}

struct TeamLink {
    id: String,
    display_name: String,
    reported_day: Option<String>,
    finding_count: usize,
}

#[derive(Template)]
#[template(path = "reported_figures.html")]
struct FormPage {
    layout: Layout,
    errors: FormErrors,
    request_id: String,
    team_id: String,
    period: PeriodView,
    was_saved: bool,
    reported: Option<String>,
    finding_count: usize,
    figures: Vec<FigureFields>,
}

/// The periods, each with the teams the person answers for.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn list(visit: Visit) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (periods, teams) = tokio::try_join!(reads::reporting_periods(&visit), reads::teams(&visit))
        .map_err(troubled)?;
    let may_report =
        |team: &&Team| rights::reports_figures_of(&visit.session.principal, id_of(&team.name));
    let own_teams: Vec<&Team> = teams.iter().filter(may_report).collect();
    let mut views = Vec::with_capacity(periods.len());
    for period in &periods {
        let mut links = Vec::with_capacity(own_teams.len());
        for team in &own_teams {
            links.push(TeamLink::read(&visit, id_of(&period.name), team).await.map_err(troubled)?);
        }
        views.push(PeriodTeams {
            period: PeriodView::of(visit.reader.language, period),
            teams: links,
        });
    }
    let layout = Layout::of(&visit, visit.t("figures-heading"));
    Ok(page(&ListPage { layout, periods: views }))
}

/// The form, with what was sent in before.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path((period, team)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let (place, sent) =
        tokio::try_join!(Place::read(&visit, &period, &team), reported(&visit, &period, &team))
            .map_err(|status| Trouble::of(&visit, &status))?;
    let form = FiguresForm::sent(sent.as_ref());
    let was_saved = query.iter().any(|(name, _)| name == "saved");
    Ok(render(
        &visit,
        &place,
        sent.as_ref(),
        &form,
        FormErrors::default(),
        was_saved,
        StatusCode::OK,
    )
    .await)
}

/// Sends the figures in and shows them with what does not add up; or shows the
/// form again with everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path((period, team)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let place = Place::read(&visit, &period, &team).await.map_err(troubled)?;
    let form = FiguresForm::posted(&place.definitions, &posted);
    let language = visit.reader.language;
    let mut errors = FormErrors::default();
    let counts = form.read(language, &place.definitions, &mut errors);
    // A form with something unreadable is still checked, so that all that is
    // wrong with it is told at once.
    let only_check = !errors.is_empty();
    let figures = ReportedFigures {
        name: name(&visit, &period, &team),
        counts: counts.clone(),
        ..ReportedFigures::default()
    };
    let request = SubmitReportedFiguresRequest {
        reported_figures: Some(figures),
        request_id: posted.get("request_id").to_owned(),
        validate_only: only_check,
    };
    let mut client = ReportedFiguresServiceClient::new(visit.state.reporting.clone());
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match client.submit_reported_figures(visit.request(request).map_err(troubled)?).await {
        Ok(_) if !only_check => {
            let address = format!(
                "/reported-figures/{}/{}?saved=1",
                id_of(&place.period.name),
                id_of(&place.team.name)
            );
            return Ok(super::sign_in::see_other(&address, None));
        }
        Ok(_) => {}
        Err(refusal) => {
            status = http_status(refusal.code());
            errors.add_all(language, &refusal, |field| {
                fields::place(language, &place.definitions, &counts, field)
            });
        }
    }
    errors.sort_like(&fields::field_ids(&place.definitions));
    let sent = reported(&visit, &period, &team).await.map_err(troubled)?;
    Ok(render(&visit, &place, sent.as_ref(), &form, errors, false, status).await)
}

/// What a form is about.
struct Place {
    team: Team,
    period: ReportingPeriod,
    definitions: Vec<FigureDefinition>,
}

impl Place {
    async fn read(visit: &Visit, period: &str, team: &str) -> Result<Self, Status> {
        if !rights::reports_figures_of(&visit.session.principal, team) {
            return Err(Status::permission_denied(""));
        }
        let mut teams = TeamServiceClient::new(visit.state.organisation.clone());
        let mut periods = ReportingPeriodServiceClient::new(visit.state.reporting.clone());
        let team_request = GetTeamRequest { name: format!("{}/teams/{team}", visit.federation()) };
        let period_request = GetReportingPeriodRequest {
            name: format!("{}/reportingPeriods/{period}", visit.federation()),
        };
        let (team, period) = tokio::try_join!(
            teams.get_team(visit.request(team_request)?),
            periods.get_reporting_period(visit.request(period_request)?),
        )?;
        Ok(Self {
            team: team.into_inner().team.unwrap_or_default(),
            period: period.into_inner().reporting_period.unwrap_or_default(),
            definitions: reads::figure_definitions(visit).await?,
        })
    }
}

impl TeamLink {
    async fn read(visit: &Visit, period_id: &str, team: &Team) -> Result<Self, Status> {
        let id = id_of(&team.name);
        let sent = reported(visit, period_id, id).await?;
        Ok(Self {
            id: id.to_owned(),
            display_name: team.display_name.clone(),
            finding_count: sent.as_ref().map_or(0, |sent| sent.findings.len()),
            reported_day: sent.map(|sent| day(&sent)),
        })
    }
}

/// What a team has sent in; `None` when it has not reported.
///
/// # Errors
/// What reporting answered instead.
pub(crate) async fn reported(
    visit: &Visit,
    period: &str,
    team: &str,
) -> Result<Option<ReportedFigures>, Status> {
    let request = GetReportedFiguresRequest { name: name(visit, period, team) };
    let mut client = ReportedFiguresServiceClient::new(visit.state.reporting.clone());
    match client.get_reported_figures(visit.request(request)?).await {
        Ok(answer) => Ok(answer.into_inner().reported_figures),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(status),
    }
}

fn name(visit: &Visit, period: &str, team: &str) -> String {
    format!("{}/reportingPeriods/{period}/reportedFigures/{team}", visit.federation())
}

fn day(figures: &ReportedFigures) -> String {
    format::day(figures.report_time.as_ref().and_then(platform::convert::instant))
}

async fn render(
    visit: &Visit,
    place: &Place,
    sent: Option<&ReportedFigures>,
    form: &FiguresForm,
    errors: FormErrors,
    was_saved: bool,
    status: StatusCode,
) -> Response {
    let language = visit.reader.language;
    let period = PeriodView::of(language, &place.period);
    let findings = sent.map(|sent| sent.findings.as_slice()).unwrap_or_default();
    let reported = match sent {
        Some(sent) => {
            let (day, reporter) = (day(sent), visit.state.display_name(&sent.reporter).await);
            let facts = [("day", day.as_str()), ("reporter", reporter.as_str())];
            Some(text::message(language, "figures-reported", &facts))
        }
        None => None,
    };
    let facts = [("team", place.team.display_name.as_str()), ("period", period.name.as_str())];
    let title = text::message(language, "figures-form-heading", &facts);
    let page = FormPage {
        layout: Layout::of(visit, title),
        figures: form.fields(
            language,
            &place.definitions,
            id_of(&place.team.name),
            findings,
            &errors,
        ),
        errors,
        request_id: new_request_id(),
        team_id: id_of(&place.team.name).to_owned(),
        period,
        was_saved,
        reported,
        finding_count: findings.len(),
    };
    page_with(status, &page)
}
