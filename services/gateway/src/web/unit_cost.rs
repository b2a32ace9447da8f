//! What a participant and an outcome cost: each cost beside the population it is
//! a cost of.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::reporting::{
    FigureDefinition, GetUnitCostsRequest, GetUnitCostsResponse, UnitCost, UnitCostRow,
    unit_cost_service_client::UnitCostServiceClient,
};
use tonic::Status;

use super::{
    error_page::Trouble,
    filter::Filter,
    form::{Posted, inputs::Choice},
    format,
    half_year_report::{PeriodView, figures},
    layout::{Layout, Visit, page},
    reads::{self, id_of},
};
use crate::text::Language;

#[derive(Template)]
#[template(path = "unit_costs.html")]
struct UnitCostsPage {
    layout: Layout,
    filters: Vec<Filter>,
    days: String,
    rows: Vec<RowView>,
    sequences: [String; 2],
}

/// A team's cost of one population.
struct RowView {
    team: String,
    requisitioned: String,
    population: String,
    count: String,
    cost: String,
}

/// The table of the period asked for; without one, of the latest.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let language = visit.reader.language;
    let asked = Posted::asked(query);
    let (periods, definitions) =
        tokio::try_join!(reads::reporting_periods(&visit), reads::figure_definitions(&visit))
            .map_err(troubled)?;
    let views: Vec<PeriodView> =
        periods.iter().map(|period| PeriodView::of(language, period)).collect();
    let chosen = views.iter().find(|period| period.id == asked.get("period")).or(views.first());
    let costs = match chosen {
        Some(period) => costs(&visit, &period.id).await.map_err(troubled)?,
        None => GetUnitCostsResponse::default(),
    };
    let choices =
        views.iter().map(|period| Choice::new(period.id.clone(), period.name.clone())).collect();
    let id = chosen.map_or("", |period| period.id.as_str());
    let sequences = [costs.finance_sequence, costs.reporting_sequence].map(format::whole);
    Ok(page(&UnitCostsPage {
        layout: Layout::of(&visit, visit.t("unit-costs-heading")),
        filters: vec![Filter::always(&visit, "period", "requisition-period", id, choices)],
        days: chosen.map(|period| period.days.clone()).unwrap_or_default(),
        rows: costs.rows.iter().flat_map(|row| rows(&visit, &definitions, row)).collect(),
        sequences,
    }))
}

async fn costs(visit: &Visit, period: &str) -> Result<GetUnitCostsResponse, Status> {
    let reporting_period = reads::name(visit, "reportingPeriods", period);
    let request = visit.request(GetUnitCostsRequest { reporting_period })?;
    let mut client = UnitCostServiceClient::new(visit.state.reporting.clone());
    Ok(client.get_unit_costs(request).await?.into_inner())
}

/// A row for each population; one that says so for a team that has reported none.
fn rows(visit: &Visit, definitions: &[FigureDefinition], row: &UnitCostRow) -> Vec<RowView> {
    let UnitCostRow { team, display_name, requisitioned_ore, unit_costs } = row;
    let named = if display_name.is_empty() { id_of(team) } else { display_name };
    let of = |population: String, count: String, cost: String| RowView {
        team: named.to_owned(),
        requisitioned: format::tkr(*requisitioned_ore),
        population,
        count,
        cost,
    };
    if unit_costs.is_empty() {
        return vec![of(visit.t("not-reported"), String::new(), String::new())];
    }
    let unit = |unit: &UnitCost| {
        let UnitCost { figure, category, count, cost_ore } = unit;
        let cost = cost_ore.map_or_else(|| visit.t("unit-cost-none"), format::exact);
        let population = population(visit.reader.language, definitions, figure, category);
        of(population, format::whole(*count), cost)
    };
    unit_costs.iter().map(unit).collect()
}

/// What a population is called: the figure, and the part of it unless it is all.
fn population(
    language: Language,
    definitions: &[FigureDefinition],
    figure: &str,
    category: &str,
) -> String {
    let mut partitions = definitions.iter().flat_map(|definition| {
        definition.partitions.iter().map(move |partition| (definition, partition))
    });
    let divided = partitions.find(|(definition, partition)| {
        (definition.figure == figure || partition.reported_as == figure)
            && partition.categories.iter().any(|known| known.category == category)
    });
    let definition = definitions
        .iter()
        .find(|definition| definition.figure == figure)
        .or(divided.map(|(definition, _)| definition));
    let whole = definition
        .map_or(figure, |definition| figures::figure_text(language, definition))
        .to_owned();
    let part = divided.and_then(|(_, partition)| {
        let known = partition.categories.iter().find(|known| known.category == category)?;
        Some(match language {
            Language::Swedish => known.text_sv.as_str(),
            Language::English => known.text_en.as_str(),
        })
    });
    match (category, part) {
        ("total", _) => whole,
        (_, Some(part)) => format!("{whole}: {part}"),
        (_, None) => format!("{whole}: {category}"),
    }
}
