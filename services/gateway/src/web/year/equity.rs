//! What a year's equity is heading for, and what the policy says of it, in words.

use proto::{
    Date,
    finance::{
        EquityLimit, EquityLimitOutlook, EquityOutlook, FinancialYearClosing,
        GetEquityOutlookRequest, financial_year_service_client::FinancialYearServiceClient,
    },
};
use tonic::Status;

use crate::{
    text,
    web::{format, layout::Visit},
};

/// The outlook, ready to be shown. Amounts in tkr.
pub(crate) struct OutlookView {
    /// How the closing equity comes about: what it is, and how much.
    pub sums: Vec<(String, String)>,
    /// The outlook in one sentence.
    pub summary: String,
    /// What follows, when a limit is passed.
    pub consequence: Option<String>,
    /// The year's limits.
    pub limits: Vec<LimitView>,
    /// Where finance's journal stood.
    pub sequence: String,
}

/// A limit.
pub(crate) struct LimitView {
    /// In percent of the year's contributions.
    pub percent: String,
    /// In tkr.
    pub amount: String,
    /// How far the outlook is from it.
    pub distance: String,
    /// What the state would pay less next year.
    pub reduction: String,
    /// What follows, in the federation's own words.
    pub consequence: String,
    /// It is passed.
    pub is_passed: bool,
}

/// Reads the outlook from a day.
pub(super) async fn read(visit: &Visit, year: i32, day: Date) -> Result<OutlookView, Status> {
    let request = GetEquityOutlookRequest { parent: visit.federation(), year, day: Some(day) };
    let mut client = FinancialYearServiceClient::new(visit.state.finance.clone());
    let answer = client.get_equity_outlook(visit.request(request)?).await?;
    Ok(OutlookView::of(visit, &answer.into_inner().equity_outlook.unwrap_or_default()))
}

impl OutlookView {
    /// The same of a year that is closed: nothing is expected of it any more.
    pub(super) fn after(self, visit: &Visit, closing: Option<&FinancialYearClosing>) -> Self {
        let Some(closing) = closing else { return self };
        let amount = format::tkr(closing.closing_equity_ore);
        Self { summary: visit.t1("equity-summary-closed", "amount", &amount), ..self }
    }

    fn of(visit: &Visit, outlook: &EquityOutlook) -> Self {
        let EquityOutlook {
            year: _,
            day: _,
            opening_equity_ore,
            contributions_ore,
            initiatives_ore,
            initiatives_forecast_ore,
            initiatives_own_forecast_ore,
            own_costs_ore,
            own_costs_forecast_ore,
            unspent_ore,
            closing_equity_ore,
            closing_equity_percent,
            limits,
            passed_limit,
            sequence,
        } = outlook;
        let sum = |id: &str, ore: i64| (visit.t(id), format::tkr(ore));
        let closing_equity = format::tkr(*closing_equity_ore);
        let percent = format::percent(*closing_equity_percent);
        let facts = [("amount", closing_equity.as_str()), ("percent", percent.as_str())];
        let passed = usize::try_from(*passed_limit).ok().and_then(|place| limits.get(place));
        // Every limit is a share of the contributions, and of nothing there is none.
        let has_limits = *contributions_ore != 0;
        let summary_id =
            if has_limits { "equity-summary" } else { "equity-summary-without-contributions" };
        Self {
            sums: vec![
                sum("equity-opening", *opening_equity_ore),
                sum("year-contributions", *contributions_ore),
                sum("equity-initiatives", *initiatives_ore),
                sum("equity-initiatives-forecast", *initiatives_forecast_ore),
                sum("equity-initiatives-own-forecast", *initiatives_own_forecast_ore),
                sum("equity-own-costs", *own_costs_ore),
                sum("equity-own-costs-forecast", *own_costs_forecast_ore),
                sum("equity-unspent", *unspent_ore),
                sum("equity-closing", *closing_equity_ore),
            ],
            summary: text::message(visit.reader.language, summary_id, &facts),
            consequence: passed.filter(|_| has_limits).map(|passed| consequence(visit, passed)),
            limits: limits.iter().map(|limit| LimitView::of(limit, has_limits)).collect(),
            sequence: format::whole(*sequence),
        }
    }
}

/// What follows of a limit that is passed.
fn consequence(visit: &Visit, passed: &EquityLimitOutlook) -> String {
    let EquityLimitOutlook { limit, limit_ore: _, above_ore, state_reduction_ore } = passed;
    let EquityLimit { above_percent, state_reduction_percent: _, consequence } =
        limit.clone().unwrap_or_default();
    let (percent, above) = (format::percent(above_percent), format::tkr(*above_ore));
    let facts = [("percent", percent.as_str()), ("above", above.as_str())];
    let mut said = text::message(visit.reader.language, "equity-passed", &facts);
    if *state_reduction_ore > 0 {
        said.push(' ');
        said.push_str(&visit.t1("equity-reduction", "amount", &format::tkr(*state_reduction_ore)));
    }
    if !consequence.is_empty() {
        said.push(' ');
        said.push_str(&consequence);
    }
    said
}

impl LimitView {
    fn of(outlook: &EquityLimitOutlook, is_known: bool) -> Self {
        let EquityLimitOutlook { limit, limit_ore, above_ore, state_reduction_ore } = outlook;
        let EquityLimit { above_percent, state_reduction_percent, consequence } =
            limit.clone().unwrap_or_default();
        let reduction = format::percent(state_reduction_percent);
        Self {
            percent: format::percent(above_percent),
            amount: format::tkr(*limit_ore),
            distance: format::tkr(*above_ore),
            reduction: if *state_reduction_ore == 0 {
                reduction
            } else {
                format!(
                    "{reduction}, {}{}tkr",
                    format::tkr(*state_reduction_ore),
                    format::NO_BREAK_SPACE
                )
            },
            consequence,
            is_passed: is_known && *above_ore > 0,
        }
    }
}
