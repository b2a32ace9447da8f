//! A year's budget against its outcome, with forecasts and measures.

use proto::{
    Date,
    finance::{
        Budget, BudgetAmounts, BudgetArea, BudgetRow, BudgetTable, BudgetTableRow, Decision,
        GetBudgetRequest, GetBudgetTableRequest, budget_service_client::BudgetServiceClient,
    },
};
use tonic::Status;

use super::decision_words;
use crate::web::{format, layout::Visit};

/// Every area, in the order of the table.
pub(crate) const AREAS: [BudgetArea; 4] =
    [BudgetArea::Board, BudgetArea::Administration, BudgetArea::Audit, BudgetArea::Initiatives];

/// The areas that are the federation's own costs.
pub(crate) const OWN_AREAS: [BudgetArea; 3] =
    [BudgetArea::Board, BudgetArea::Administration, BudgetArea::Audit];

/// The table, ready to be shown. Amounts in tkr.
pub(crate) struct BudgetView {
    /// One for each area.
    pub rows: Vec<RowView>,
    /// Their sum.
    pub total: AmountsView,
    /// The budget in force; empty before the first.
    pub budget: String,
    /// Where finance's journal stood.
    pub sequence: String,
}

/// An area.
pub(crate) struct RowView {
    /// What it is called.
    pub area: String,
    /// Its amounts.
    pub amounts: AmountsView,
    /// The budget's rows of it, with their amounts.
    pub parts: Vec<(String, String)>,
    /// What is done about a deviation.
    pub measures: String,
}

/// Amounts in tkr.
pub(crate) struct AmountsView {
    /// Budgeted.
    pub budgeted: String,
    /// Granted by the board.
    pub granted: String,
    /// The outcome so far.
    pub outcome: String,
    /// Outcome of budget.
    pub share: String,
    /// The outcome by the year's end at the same pace.
    pub linear: String,
    /// The office's forecast.
    pub forecast: String,
    /// Budget − forecast.
    pub deviation: String,
    /// The forecast passes the budget.
    pub is_over: bool,
}

impl BudgetView {
    /// True when something is done about a deviation.
    #[must_use]
    pub(crate) fn has_measures(&self) -> bool {
        self.rows.iter().any(|row| !row.measures.is_empty())
    }

    /// True when the budget has rows to show.
    #[must_use]
    pub(crate) fn has_parts(&self) -> bool {
        self.rows.iter().any(|row| !row.parts.is_empty())
    }
}

/// Reads the table as of a day.
pub(super) async fn read(visit: &Visit, year: i32, day: Date) -> Result<BudgetView, Status> {
    let table = table(visit, year, day).await?;
    let budget = decided(visit, table.budget.clone()).await?;
    let row = |row: &BudgetTableRow| {
        let part = |part: &BudgetRow| (part.title.clone(), format::tkr(part.amount_ore));
        RowView {
            area: visit.t(area_text_id(row.area())),
            amounts: AmountsView::of(&row.amounts.unwrap_or_default()),
            parts: row.rows.iter().map(part).collect(),
            measures: row.measures.clone(),
        }
    };
    Ok(BudgetView {
        rows: table.rows.iter().map(row).collect(),
        total: AmountsView::of(&table.total.unwrap_or_default()),
        budget: budget.map(in_words).unwrap_or_default(),
        sequence: format::whole(table.sequence),
    })
}

/// The table as finance computes it.
pub(super) async fn table(visit: &Visit, year: i32, day: Date) -> Result<BudgetTable, Status> {
    let request = GetBudgetTableRequest { parent: visit.federation(), year, day: Some(day) };
    let mut client = BudgetServiceClient::new(visit.state.finance.clone());
    let answer = client.get_budget_table(visit.request(request)?).await?;
    Ok(answer.into_inner().budget_table.unwrap_or_default())
}

/// A budget by its name; none before the first.
pub(super) async fn decided(visit: &Visit, name: String) -> Result<Option<Budget>, Status> {
    if name.is_empty() {
        return Ok(None);
    }
    let mut client = BudgetServiceClient::new(visit.state.finance.clone());
    let answer = client.get_budget(visit.request(GetBudgetRequest { name })?).await?;
    Ok(answer.into_inner().budget)
}

fn in_words(budget: Budget) -> String {
    let Budget { dnr, decision_date, deciding_body, .. } = budget;
    decision_words(&Decision { dnr, decision_date, deciding_body })
}

/// The id of an area's words.
#[must_use]
pub(crate) fn area_text_id(area: BudgetArea) -> &'static str {
    match area {
        BudgetArea::Unspecified => "budget-area-unknown",
        BudgetArea::Board => "budget-area-board",
        BudgetArea::Administration => "budget-area-administration",
        BudgetArea::Audit => "budget-area-audit",
        BudgetArea::Initiatives => "budget-area-initiatives",
    }
}

/// The code an area has in a form.
#[must_use]
pub(crate) fn area_code(area: BudgetArea) -> &'static str {
    match area {
        BudgetArea::Unspecified => "",
        BudgetArea::Board => "board",
        BudgetArea::Administration => "administration",
        BudgetArea::Audit => "audit",
        BudgetArea::Initiatives => "initiatives",
    }
}

impl AmountsView {
    fn of(amounts: &BudgetAmounts) -> Self {
        let BudgetAmounts {
            budgeted_ore,
            granted_ore,
            outcome_ore,
            share_percent,
            linear_forecast_ore,
            forecast_ore,
            deviation_ore,
        } = amounts;
        Self {
            budgeted: format::tkr(*budgeted_ore),
            granted: format::tkr(*granted_ore),
            outcome: format::tkr(*outcome_ore),
            share: format::percent(*share_percent),
            linear: format::tkr(*linear_forecast_ore),
            forecast: format::tkr(*forecast_ore),
            deviation: format::tkr(*deviation_ore),
            is_over: *deviation_ore < 0,
        }
    }
}
