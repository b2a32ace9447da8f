//! The funding table, to the contract.

use proto::finance as pb;

use crate::domain::funding_table::{Amounts, Row, Warning};

/// A row as it is sent.
pub(in crate::rpc) fn render_row(row: Row) -> pb::FundingRow {
    let Row { recipient, display_name, team, amounts, warnings } = row;
    pb::FundingRow {
        recipient: recipient.to_string(),
        display_name,
        team: team.map(|team| team.to_string()).unwrap_or_default(),
        amounts: Some(render_amounts(amounts)),
        warnings: warnings.into_iter().map(render_warning).collect(),
        ..Default::default()
    }
}

/// Amounts as they are sent.
pub(in crate::rpc) fn render_amounts(amounts: Amounts) -> pb::FundingAmounts {
    let Amounts {
        granted,
        reserved,
        requisitioned,
        requisitioned_to_date,
        left,
        share_percent,
        forecast,
        forecast_unspent,
    } = amounts;
    pb::FundingAmounts {
        granted_ore: granted.get(),
        reserved_ore: reserved.get(),
        requisitioned_ore: requisitioned.get(),
        requisitioned_to_date_ore: requisitioned_to_date.get(),
        left_ore: left.get(),
        share_percent,
        forecast_ore: forecast.get(),
        forecast_unspent_ore: forecast_unspent.get(),
        ..Default::default()
    }
}

fn render_warning(warning: Warning) -> pb::FundingWarning {
    let (kind, amount) = match warning {
        Warning::Over(amount) => (pb::FundingWarningKind::Over, amount),
        Warning::Under(amount) => (pb::FundingWarningKind::Under, amount),
    };
    pb::FundingWarning { kind: kind.into(), amount_ore: amount.get() }
}
