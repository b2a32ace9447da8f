//! The follow-up of money: granted against requisitioned, per recipient and in
//! total, with a linear forecast and warnings both ways.
//!
//! Check case: Västmanland's first half of 2025 (tests/it/data/funding.csv).

use values::{
    Ore, Period,
    name::{RecipientName, TeamName},
    share,
};

/// What the ledger says of one grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFigures {
    /// Who the money is for.
    pub recipient: RecipientName,
    /// The recipient's name as people read it.
    pub display_name: String,
    /// The team; none for a resource that is no team.
    pub team: Option<TeamName>,
    /// The grant's days.
    pub grant_period: Period,
    /// What is granted.
    pub granted: Ore,
    /// Reserved by requisitions that end by the period's end.
    pub reserved: Ore,
    /// Requisitioned by requisitions that end in the period.
    pub requisitioned: Ore,
    /// Requisitioned by requisitions that end by the period's end.
    pub requisitioned_to_date: Ore,
}

/// The amounts of a row or of the total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// What is granted.
    pub granted: Ore,
    /// Reserved and not yet decided.
    pub reserved: Ore,
    /// Requisitioned in the period.
    pub requisitioned: Ore,
    /// Requisitioned from the year's start to the period's end.
    pub requisitioned_to_date: Ore,
    /// Granted − reserved − requisitioned to date.
    pub left: Ore,
    /// Requisitioned to date of granted, in whole percent.
    pub share_percent: i32,
    /// What will be requisitioned at the same pace.
    pub forecast: Ore,
    /// Granted − forecast.
    pub forecast_unspent: Ore,
}

/// Something to look at in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The forecast passes the grant by so much.
    Over(Ore),
    /// The forecast leaves so much of the grant unspent, more than the limit.
    Under(Ore),
}

/// One recipient's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The recipient.
    pub recipient: RecipientName,
    /// The name people read.
    pub display_name: String,
    /// The team; none for a resource that is no team.
    pub team: Option<TeamName>,
    /// The amounts.
    pub amounts: Amounts,
    /// What to look at.
    pub warnings: Vec<Warning>,
}

/// The whole table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FundingTable {
    /// The rows, by display name.
    pub rows: Vec<Row>,
    /// The sum of the rows.
    pub total: Amounts,
}

/// The sums are larger than an amount of money can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumTooLarge;

/// Computes the table for the period from the figures of every grant of its
/// year. A row whose forecast is below `under_warning_percent` of its grant is
/// warned.
///
/// # Errors
/// When a sum does not fit.
pub fn compute(
    period: Period,
    mut grants: Vec<GrantFigures>,
    under_warning_percent: u8,
) -> Result<FundingTable, SumTooLarge> {
    grants.sort_by_cached_key(|grant| {
        (swedish_order(&grant.display_name), grant.recipient.id.clone())
    });
    let mut table = FundingTable::default();
    for group in grants.chunk_by(|one, next| one.recipient == next.recipient) {
        let row = row(period, group, under_warning_percent)?;
        table.total = sum(&table.total, &row.amounts)?;
        table.rows.push(row);
    }
    Ok(table)
}

/// One recipient's grants of the year, as one row.
fn row(
    period: Period,
    grants: &[GrantFigures],
    under_warning_percent: u8,
) -> Result<Row, SumTooLarge> {
    let mut amounts = Amounts::default();
    for grant in grants {
        amounts = sum(&amounts, &of_grant(period, grant)?)?;
    }
    let first = grants.first().ok_or(SumTooLarge)?;
    Ok(Row {
        recipient: first.recipient.clone(),
        display_name: first.display_name.clone(),
        team: first.team.clone(),
        warnings: warnings(&amounts, under_warning_percent),
        amounts,
    })
}

fn of_grant(period: Period, grant: &GrantFigures) -> Result<Amounts, SumTooLarge> {
    let left = grant
        .granted
        .minus(grant.reserved)
        .and_then(|rest| rest.minus(grant.requisitioned_to_date))
        .ok_or(SumTooLarge)?;
    let forecast = forecast(period, grant).ok_or(SumTooLarge)?;
    Ok(Amounts {
        granted: grant.granted,
        reserved: grant.reserved,
        requisitioned: grant.requisitioned,
        requisitioned_to_date: grant.requisitioned_to_date,
        left,
        share_percent: share_percent(grant.requisitioned_to_date, grant.granted),
        forecast,
        forecast_unspent: grant.granted.minus(forecast).ok_or(SumTooLarge)?,
    })
}

/// To date × the grant's months / months elapsed. A grant whose days have not
/// begun has no pace yet and is expected to be used as it was decided.
fn forecast(period: Period, grant: &GrantFigures) -> Option<Ore> {
    let Some(elapsed) = grant.grant_period.until(period.last_day()) else {
        return Some(grant.granted);
    };
    share::pro_rata(
        grant.requisitioned_to_date,
        grant.grant_period.months().numerator,
        elapsed.months().numerator,
    )
}

/// The sum of two, with the share computed from the sums.
fn sum(one: &Amounts, other: &Amounts) -> Result<Amounts, SumTooLarge> {
    let plus = |one: Ore, other: Ore| one.plus(other).ok_or(SumTooLarge);
    let granted = plus(one.granted, other.granted)?;
    let requisitioned_to_date = plus(one.requisitioned_to_date, other.requisitioned_to_date)?;
    Ok(Amounts {
        granted,
        reserved: plus(one.reserved, other.reserved)?,
        requisitioned: plus(one.requisitioned, other.requisitioned)?,
        requisitioned_to_date,
        left: plus(one.left, other.left)?,
        share_percent: share_percent(requisitioned_to_date, granted),
        forecast: plus(one.forecast, other.forecast)?,
        forecast_unspent: plus(one.forecast_unspent, other.forecast_unspent)?,
    })
}

/// The share in whole percent; 0 of nothing. Never above 100, because no grant
/// can be overdrawn.
fn share_percent(part: Ore, whole: Ore) -> i32 {
    let percent = share::percent(part.get(), whole.get()).unwrap_or(0);
    i32::try_from(percent).unwrap_or(i32::MAX)
}

fn warnings(amounts: &Amounts, under_warning_percent: u8) -> Vec<Warning> {
    let unspent = amounts.forecast_unspent;
    let forecast = i128::from(amounts.forecast.get()) * 100;
    let limit = i128::from(amounts.granted.get()) * i128::from(under_warning_percent);
    if unspent < Ore::ZERO {
        vec![Warning::Over(Ore::new(-unspent.get()))]
    } else if unspent > Ore::ZERO && forecast < limit {
        vec![Warning::Under(unspent)]
    } else {
        Vec::new()
    }
}

/// A key that sorts as Swedish readers expect: å, ä and ö after z, in that
/// order, whatever the case.
pub(in crate::domain) fn swedish_order(text: &str) -> Vec<char> {
    let key = |letter| match letter {
        'å' => '\u{f0001}',
        'ä' | 'æ' => '\u{f0002}',
        'ö' | 'ø' => '\u{f0003}',
        'é' | 'è' => 'e',
        'ü' => 'y',
        other => other,
    };
    text.to_lowercase().chars().map(key).collect()
}

#[cfg(test)]
mod tests;
