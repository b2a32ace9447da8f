//! The funding table as it is shown, on its own page and in the report.

use proto::finance::{
    CostKind, ForecastInterval, FundingAmounts, FundingCut, FundingRow, FundingTable,
    FundingWarning, FundingWarningKind,
};

use super::picture::{Picture, Scale};
use crate::{
    text::{self, Language},
    web::{
        format,
        requisition::{cost_kind_code, cost_kind_text_id},
    },
};

/// The table with its texts and numbers ready to be shown.
#[derive(Debug, Clone)]
pub(crate) struct FundingTableView {
    /// The days followed up.
    pub period: String,
    /// True when the period does not begin with the year, so that what was
    /// requisitioned in it is another figure than what was so far.
    pub begins_later: bool,
    /// The id of what a row is about.
    pub heading_id: &'static str,
    /// False when the rows are about what has no grants of its own.
    pub has_grants: bool,
    /// True when earlier years give a forecast.
    pub has_intervals: bool,
    /// One for each recipient, or whatever the table is cut by.
    pub rows: Vec<RowView>,
    /// The sum of the rows.
    pub total: AmountsView,
    /// Where finance's journal stood.
    pub sequence: String,
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct RowView {
    /// A name for the row within its page.
    pub id: String,
    /// What it is about.
    pub display_name: String,
    /// Its amounts.
    pub amounts: AmountsView,
    /// What to look at.
    pub warnings: Vec<WarningView>,
    /// Its amounts drawn.
    pub picture: Picture,
}

/// Amounts in tkr, and the share.
#[derive(Debug, Clone)]
pub(crate) struct AmountsView {
    /// Granted for the year.
    pub granted: String,
    /// Reserved by what is sent in and not yet decided.
    pub reserved: String,
    /// Requisitioned in the period.
    pub requisitioned: String,
    /// Requisitioned since the year began.
    pub to_date: String,
    /// Left of the grant.
    pub left: String,
    /// Requisitioned of granted.
    pub share: String,
    /// The linear forecast of the year.
    pub forecast: String,
    /// What the forecast leaves unspent.
    pub unspent: String,
    /// Requisitioned of the table's total.
    pub share_of_total: String,
    /// What the parties forecast themselves.
    pub own_forecast: String,
    /// What earlier years' pattern gives; empty without earlier years.
    pub interval: String,
}

/// Something to look at.
#[derive(Debug, Clone)]
pub(crate) struct WarningView {
    /// The design system's colour for it; never the only sign.
    pub color: &'static str,
    /// What it is and by how much.
    pub text: String,
}

impl FundingTableView {
    /// Makes the table ready to be shown.
    #[must_use]
    pub(crate) fn of(language: Language, table: &FundingTable) -> Self {
        let FundingTable { parent: _, year: _, period, rows, total, sequence, cut, head_hash: _ } =
            table;
        let cut = FundingCut::try_from(*cut).unwrap_or(FundingCut::Unspecified);
        let has_interval = |row: &FundingRow| {
            row.amounts.is_some_and(|amounts| amounts.forecast_interval.is_some())
        };
        let scale = Scale::of(rows.iter().filter_map(|row| row.amounts.as_ref()));
        let first_day = period.as_ref().and_then(|period| period.first_day.as_ref());
        Self {
            period: format::period(period.as_ref()),
            begins_later: first_day.is_some_and(|day| (day.month, day.day) != (1, 1)),
            heading_id: heading_id(cut),
            has_grants: has_grants(cut),
            has_intervals: rows.iter().any(has_interval),
            rows: rows.iter().map(|row| RowView::of(language, row, scale)).collect(),
            total: AmountsView::of(&total.unwrap_or_default()),
            sequence: format::whole(*sequence),
        }
    }

    /// True when something is to be looked at.
    #[must_use]
    pub(crate) fn has_warnings(&self) -> bool {
        self.rows.iter().any(|row| !row.warnings.is_empty())
    }
}

impl RowView {
    fn of(language: Language, row: &FundingRow, scale: Scale) -> Self {
        let FundingRow {
            recipient,
            display_name,
            team: _,
            amounts,
            warnings,
            area,
            party,
            cost_kind: _,
        } = row;
        let amounts = amounts.unwrap_or_default();
        let kind = row.cost_kind();
        let about = [recipient, area, party].into_iter().find(|name| !name.is_empty());
        let id = about.map_or(cost_kind_code(kind), |name| crate::web::reads::id_of(name));
        let display_name = match (kind, display_name.as_str()) {
            (CostKind::Unspecified, "") => text::message(language, "funding-no-area", &[]),
            (CostKind::Unspecified, named) => named.to_owned(),
            (_, _) => text::message(language, cost_kind_text_id(kind), &[]),
        };
        Self {
            id: if id.is_empty() { "none".to_owned() } else { id.to_owned() },
            display_name,
            amounts: AmountsView::of(&amounts),
            warnings: warnings.iter().map(|warning| WarningView::of(language, warning)).collect(),
            picture: Picture::of(&amounts, scale),
        }
    }
}

impl AmountsView {
    fn of(amounts: &FundingAmounts) -> Self {
        let FundingAmounts {
            granted_ore,
            reserved_ore,
            requisitioned_ore,
            requisitioned_to_date_ore,
            left_ore,
            share_percent,
            forecast_ore,
            forecast_unspent_ore,
            share_of_total_percent,
            own_forecast_ore,
            forecast_interval,
        } = amounts;
        Self {
            granted: format::tkr(*granted_ore),
            reserved: format::tkr(*reserved_ore),
            requisitioned: format::tkr(*requisitioned_ore),
            to_date: format::tkr(*requisitioned_to_date_ore),
            left: format::tkr(*left_ore),
            share: format::percent(*share_percent),
            forecast: format::tkr(*forecast_ore),
            unspent: format::tkr(*forecast_unspent_ore),
            share_of_total: format::percent(*share_of_total_percent),
            own_forecast: format::tkr(*own_forecast_ore),
            interval: forecast_interval.as_ref().map(interval).unwrap_or_default(),
        }
    }
}

/// `1 700–1 900 (3)`: from the lowest to the highest, of how many years.
fn interval(interval: &ForecastInterval) -> String {
    let ForecastInterval { low_ore, high_ore, years } = interval;
    format!("{}–{} ({years})", format::tkr(*low_ore), format::tkr(*high_ore))
}

fn heading_id(cut: FundingCut) -> &'static str {
    match cut {
        FundingCut::Unspecified | FundingCut::Recipient => "funding-recipient",
        FundingCut::Area => "funding-area",
        FundingCut::Party => "payment-party",
        FundingCut::CostKind => "funding-cost-kind",
    }
}

fn has_grants(cut: FundingCut) -> bool {
    match cut {
        FundingCut::Unspecified | FundingCut::Recipient | FundingCut::Area => true,
        FundingCut::Party | FundingCut::CostKind => false,
    }
}

impl WarningView {
    fn of(language: Language, warning: &FundingWarning) -> Self {
        let amount = format::tkr(warning.amount_ore);
        let (color, id) = match warning.kind() {
            FundingWarningKind::Over => ("danger", "funding-warning-over"),
            FundingWarningKind::Under => ("warning", "funding-warning-under"),
            FundingWarningKind::OwnForecastOver => ("danger", "funding-warning-own-forecast-over"),
            FundingWarningKind::OwnForecastUnder => {
                ("warning", "funding-warning-own-forecast-under")
            }
            FundingWarningKind::Unspecified => ("warning", "funding-warning-unknown"),
        };
        Self { color, text: text::message(language, id, &[("amount", &amount)]) }
    }
}
