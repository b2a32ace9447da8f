//! The funding table as it is shown, on its own page and in the report.

use proto::finance::{
    FundingAmounts, FundingRow, FundingTable, FundingWarning, FundingWarningKind,
};

use super::picture::{Picture, Scale};
use crate::{
    text::{self, Language},
    web::format,
};

/// The table with its texts and numbers ready to be shown.
#[derive(Debug, Clone)]
pub(crate) struct FundingTableView {
    /// The days followed up.
    pub period: String,
    /// True when the period does not begin with the year, so that what was
    /// requisitioned in it is another figure than what was so far.
    pub begins_later: bool,
    /// One for each recipient.
    pub rows: Vec<RowView>,
    /// The sum of the rows.
    pub total: AmountsView,
    /// Where finance's journal stood.
    pub sequence: String,
}

/// A recipient's row.
#[derive(Debug, Clone)]
pub(crate) struct RowView {
    /// A name for the row within its page.
    pub id: String,
    /// The recipient.
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
        let FundingTable { parent: _, year: _, period, rows, total, sequence, .. } = table;
        let scale = Scale::of(rows.iter().filter_map(|row| row.amounts.as_ref()));
        let first_day = period.as_ref().and_then(|period| period.first_day.as_ref());
        Self {
            period: format::period(period.as_ref()),
            begins_later: first_day.is_some_and(|day| (day.month, day.day) != (1, 1)),
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
        let FundingRow { recipient, display_name, team: _, amounts, warnings, .. } = row;
        let amounts = amounts.unwrap_or_default();
        Self {
            id: crate::web::reads::id_of(recipient).to_owned(),
            display_name: display_name.clone(),
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
            ..
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
        }
    }
}

impl WarningView {
    fn of(language: Language, warning: &FundingWarning) -> Self {
        let amount = format::tkr(warning.amount_ore);
        let (color, id) = match warning.kind() {
            FundingWarningKind::Over => ("danger", "funding-warning-over"),
            FundingWarningKind::Under => ("warning", "funding-warning-under"),
            FundingWarningKind::OwnForecastOver => ("danger", "funding-warning-own-forecast-over"),
            FundingWarningKind::Unspecified => ("warning", "funding-warning-unknown"),
        };
        Self { color, text: text::message(language, id, &[("amount", &amount)]) }
    }
}
