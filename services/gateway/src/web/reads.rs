//! Lists that several pages need, read whole through the services' clients on
//! behalf of the person who asks.

use proto::{
    finance::{
        Grant, ListGrantsRequest, ListRecipientsRequest, Recipient,
        grant_service_client::GrantServiceClient, recipient_service_client::RecipientServiceClient,
    },
    organisation::{
        Area, ListAreasRequest, ListMunicipalitiesRequest, ListPartiesRequest, ListTeamsRequest,
        Municipality, Party, Team, area_service_client::AreaServiceClient,
        municipality_service_client::MunicipalityServiceClient,
        party_service_client::PartyServiceClient, team_service_client::TeamServiceClient,
    },
    participant::{
        Banding, ListBandingsRequest, ListQuestionnairesRequest, ListTableLayoutsRequest,
        Questionnaire, TableLayout, banding_service_client::BandingServiceClient,
        questionnaire_service_client::QuestionnaireServiceClient,
        table_layout_service_client::TableLayoutServiceClient,
    },
    reporting::{
        FigureDefinition, GetFigureDefinitionsRequest, ListReportingPeriodsRequest,
        ReportingPeriod, figure_definition_service_client::FigureDefinitionServiceClient,
        reporting_period_service_client::ReportingPeriodServiceClient,
    },
};

use tonic::Status;

use super::layout::Visit;

const PAGE_SIZE: i32 = 500;

/// Reads every page of a list.
macro_rules! every_page {
    ($visit:expr, $client:expr, $list:ident, $request:ident, $field:ident $(, $rest:expr)?) => {{
        let mut client = $client;
        let mut all = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = $request {
                parent: $visit.federation(),
                page_size: PAGE_SIZE,
                page_token,
                $(..$rest)?
            };
            let page = client.$list($visit.request(request)?).await?.into_inner();
            all.extend(page.$field);
            if page.next_page_token.is_empty() {
                return Ok(all);
            }
            page_token = page.next_page_token;
        }
    }};
}

/// Every team of the federation.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn teams(visit: &Visit) -> Result<Vec<Team>, Status> {
    let client = TeamServiceClient::new(visit.state.organisation.clone());
    every_page!(visit, client, list_teams, ListTeamsRequest, teams)
}

/// Every area of the federation.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn areas(visit: &Visit) -> Result<Vec<Area>, Status> {
    let client = AreaServiceClient::new(visit.state.organisation.clone());
    every_page!(visit, client, list_areas, ListAreasRequest, areas)
}

/// Every municipality of the federation.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn municipalities(visit: &Visit) -> Result<Vec<Municipality>, Status> {
    let client = MunicipalityServiceClient::new(visit.state.organisation.clone());
    every_page!(visit, client, list_municipalities, ListMunicipalitiesRequest, municipalities)
}

/// Every party of the federation.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn parties(visit: &Visit) -> Result<Vec<Party>, Status> {
    let client = PartyServiceClient::new(visit.state.organisation.clone());
    every_page!(visit, client, list_parties, ListPartiesRequest, parties)
}

/// Every questionnaire of the federation.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn questionnaires(visit: &Visit) -> Result<Vec<Questionnaire>, Status> {
    let client = QuestionnaireServiceClient::new(visit.state.organisation.clone());
    every_page!(visit, client, list_questionnaires, ListQuestionnairesRequest, questionnaires)
}

/// Every banding of the federation.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn bandings(visit: &Visit) -> Result<Vec<Banding>, Status> {
    let client = BandingServiceClient::new(visit.state.organisation.clone());
    every_page!(visit, client, list_bandings, ListBandingsRequest, bandings, Default::default())
}

/// Every layout that tables are given out in.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn table_layouts(visit: &Visit) -> Result<Vec<TableLayout>, Status> {
    let client = TableLayoutServiceClient::new(visit.state.organisation.clone());
    every_page!(visit, client, list_table_layouts, ListTableLayoutsRequest, table_layouts)
}

/// Every recipient of the federation.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn recipients(visit: &Visit) -> Result<Vec<Recipient>, Status> {
    let client = RecipientServiceClient::new(visit.state.finance.clone());
    every_page!(visit, client, list_recipients, ListRecipientsRequest, recipients)
}

/// Every grant of the federation.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn grants(visit: &Visit) -> Result<Vec<Grant>, Status> {
    let client = GrantServiceClient::new(visit.state.finance.clone());
    every_page!(visit, client, list_grants, ListGrantsRequest, grants, Default::default())
}

/// Every period that is reported on, the latest first.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn reporting_periods(visit: &Visit) -> Result<Vec<ReportingPeriod>, Status> {
    let mut periods = reporting_periods_by_id(visit).await?;
    periods.reverse();
    Ok(periods)
}

async fn reporting_periods_by_id(visit: &Visit) -> Result<Vec<ReportingPeriod>, Status> {
    let client = ReportingPeriodServiceClient::new(visit.state.reporting.clone());
    every_page!(
        visit,
        client,
        list_reporting_periods,
        ListReportingPeriodsRequest,
        reporting_periods
    )
}

/// What the figures mean.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn figure_definitions(visit: &Visit) -> Result<Vec<FigureDefinition>, Status> {
    let mut client = FigureDefinitionServiceClient::new(visit.state.reporting.clone());
    let request = GetFigureDefinitionsRequest { parent: visit.federation() };
    Ok(client.get_figure_definitions(visit.request(request)?).await?.into_inner().figures)
}

/// The resource name of something in a collection of the person's federation.
#[must_use]
pub(crate) fn name(visit: &Visit, collection: &str, id: &str) -> String {
    format!("{}/{collection}/{id}", visit.federation())
}

/// The same; empty when the id is, which stands for all.
#[must_use]
pub(crate) fn name_if_given(visit: &Visit, collection: &str, id: &str) -> String {
    if id.is_empty() { String::new() } else { name(visit, collection, id) }
}

/// The last part of a resource name.
#[must_use]
pub(crate) fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
