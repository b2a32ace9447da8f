//! The follow-up of money: granted against requisitioned, cut by recipient, area,
//! party or kind of cost, with three forecasts and warnings both ways.
//!
//! Parties and kinds of cost have no grants: a table cut by them, or narrowed to
//! one of them, tells what is reserved and requisitioned and no more.
//!
//! Check case: Västmanland's first half of 2025 (tests/it/data/funding.csv).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use values::{
    Ore, Period, Slug,
    name::{AreaName, PartyName, RecipientName, TeamName},
    share,
};

use super::cost_line::CostKind;

pub mod forecast;
mod group;

pub use forecast::{EarlierYear, Forecast, Interval};
use group::Group;

/// What the rows are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Each recipient with a grant in the year.
    Recipient,
    /// Each area, and what belongs to none.
    Area,
    /// Each party that has claimed.
    Party,
    /// Each kind of cost.
    CostKind,
}

/// Which money to look at; all of it when nothing is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this recipient's.
    pub recipient: Option<RecipientName>,
    /// Only that of recipients whose team is in this area.
    pub area: Option<AreaName>,
    /// Only what this party claims.
    pub party: Option<PartyName>,
    /// Only this kind of cost.
    pub cost_kind: Option<CostKind>,
}

/// Which table is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The days to follow up, within one year.
    pub period: Period,
    /// What the rows are about.
    pub cut: Cut,
    /// Which money to look at.
    pub filter: Filter,
}

impl Question {
    /// True when the rows are about grants, and not about claims alone.
    #[must_use]
    pub fn has_grants(&self) -> bool {
        let is_of_grants = match self.cut {
            Cut::Recipient | Cut::Area => true,
            Cut::Party | Cut::CostKind => false,
        };
        is_of_grants && self.filter.party.is_none() && self.filter.cost_kind.is_none()
    }

    /// True when a row without money stands in the table all the same.
    fn keeps_empty_rows(&self) -> bool {
        match self.cut {
            Cut::Recipient => self.has_grants(),
            Cut::Area => self.filter == Filter::default(),
            Cut::Party => false,
            Cut::CostKind => true,
        }
    }
}

/// What the ledger says of one grant, or of the part of it that is a party's or
/// of a kind when the cut is by them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFigures {
    /// The grant.
    pub grant: Slug,
    /// Who the money is for.
    pub recipient: RecipientName,
    /// The recipient's name as people read it.
    pub display_name: String,
    /// The team; none for a resource that is no team.
    pub team: Option<TeamName>,
    /// The grant's days.
    pub grant_period: Period,
    /// The party, when cut by it.
    pub party: Option<PartyName>,
    /// The kind of cost, when cut by it.
    pub cost_kind: Option<CostKind>,
    /// What is granted, without what is set aside for sub-projects: these stand in
    /// the table themselves.
    pub granted: Ore,
    /// Reserved by requisitions that end by the period's end.
    pub reserved: Ore,
    /// Requisitioned by requisitions that end in the period.
    pub requisitioned: Ore,
    /// Requisitioned by requisitions that end by the period's end.
    pub requisitioned_to_date: Ore,
}

/// Everything a table is computed from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// What the ledger says of the year.
    pub figures: Vec<GrantFigures>,
    /// What the parties expect, from their live requisitions that end by the
    /// period's end, in the order they were drafted.
    pub forecasts: Vec<Forecast>,
    /// What the ledger says of the years before.
    pub earlier: Vec<EarlierYear>,
    /// The areas with their names, when areas matter.
    pub areas: BTreeMap<AreaName, String>,
    /// The area of each team that works in exactly one, when areas matter.
    pub area_of_team: HashMap<TeamName, AreaName>,
    /// The parties' names, when parties matter.
    pub party_names: HashMap<PartyName, String>,
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
    /// Requisitioned to date of the table's, in whole percent.
    pub share_of_total_percent: i32,
    /// What the parties forecast themselves.
    pub own_forecast: Ore,
    /// What the pattern of earlier years gives.
    pub forecast_interval: Option<Interval>,
}

/// Something to look at in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The forecast passes the grant by so much.
    Over(Ore),
    /// The forecast leaves so much of the grant unspent, more than the limit.
    Under(Ore),
    /// The parties' own forecast passes the grant by so much.
    OwnForecastOver(Ore),
    /// The parties' own forecast leaves so much of the grant unspent, more than the limit.
    OwnForecastUnder(Ore),
}

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A recipient.
    Recipient {
        /// Its name.
        recipient: RecipientName,
        /// The name people read.
        display_name: String,
        /// The team; none for a resource that is no team.
        team: Option<TeamName>,
    },
    /// An area.
    Area {
        /// Its name.
        area: AreaName,
        /// The name people read.
        display_name: String,
    },
    /// What belongs to no area, or to several.
    NoArea,
    /// A party.
    Party {
        /// Its name.
        party: PartyName,
        /// The name people read.
        display_name: String,
    },
    /// A kind of cost.
    CostKind(CostKind),
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub subject: Subject,
    /// The amounts.
    pub amounts: Amounts,
    /// What to look at.
    pub warnings: Vec<Warning>,
}

/// The whole table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FundingTable {
    /// The rows, by display name; kinds of cost in their own order.
    pub rows: Vec<Row>,
    /// The sum of the rows.
    pub total: Amounts,
}

/// The sums are larger than an amount of money can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumTooLarge;

/// Computes the table that is asked for. A row of which one of the forecasts is below
/// `under_warning_percent` of its grant is warned.
///
/// # Errors
/// When a sum does not fit.
pub fn compute(
    question: &Question,
    facts: Facts,
    under_warning_percent: u8,
) -> Result<FundingTable, SumTooLarge> {
    let Facts { figures, forecasts, earlier, areas, area_of_team, party_names } = facts;
    let rests = forecast::rests(forecasts).ok_or(SumTooLarge)?;
    let names = group::Names { areas: &areas, area_of_team: &area_of_team, parties: &party_names };
    let groups = group::groups(question, figures, &names);

    let mut table = FundingTable::default();
    let mut recipients = BTreeSet::new();
    for Group { subject, figures } in groups {
        let mut amounts = Amounts::default();
        let mut said = Said::default();
        let mut own = BTreeSet::new();
        for grant in &figures {
            let rest = rests.get(&grant.grant).copied();
            said.somebody |= rest.is_some();
            said.not_everybody |= rest.is_some_and(|rest| !rest.is_whole);
            let rest = rest.map(|rest| rest.sum);
            amounts = sum(&amounts, &of_grant(question, grant, rest)?)?;
            own.insert(&grant.recipient);
        }
        if amounts == Amounts::default() && !question.keeps_empty_rows() {
            continue;
        }
        if question.has_grants() {
            amounts.forecast_interval =
                forecast::interval(amounts.requisitioned_to_date, &earlier, &own);
        }
        table.total = sum(&table.total, &amounts)?;
        let warnings = warnings(&amounts, said, under_warning_percent);
        recipients.extend(figures.iter().map(|grant| grant.recipient.clone()));
        table.rows.push(Row { subject, amounts, warnings });
    }
    let whole = table.total.requisitioned_to_date;
    for amounts in table.rows.iter_mut().map(|row| &mut row.amounts).chain([&mut table.total]) {
        amounts.share_of_total_percent = share_percent(amounts.requisitioned_to_date, whole);
    }
    if question.has_grants() {
        let all = recipients.iter().collect();
        table.total.forecast_interval = forecast::interval(whole, &earlier, &all);
    }
    Ok(table)
}

/// One grant's amounts; without a grant, what is claimed alone.
fn of_grant(
    question: &Question,
    grant: &GrantFigures,
    rest: Option<Ore>,
) -> Result<Amounts, SumTooLarge> {
    let claimed = Amounts {
        reserved: grant.reserved,
        requisitioned: grant.requisitioned,
        requisitioned_to_date: grant.requisitioned_to_date,
        ..Amounts::default()
    };
    if !question.has_grants() {
        return Ok(claimed);
    }
    let left = grant.granted.minus(grant.reserved);
    let left = left.and_then(|rest| rest.minus(grant.requisitioned_to_date)).ok_or(SumTooLarge)?;
    let linear = forecast::linear(
        question.period,
        grant.grant_period,
        grant.granted,
        grant.requisitioned_to_date,
    );
    let linear = linear.ok_or(SumTooLarge)?;
    let own = match rest {
        Some(rest) => Ore::sum([grant.requisitioned_to_date, grant.reserved, rest]),
        None => Some(linear),
    };
    Ok(Amounts {
        granted: grant.granted,
        left,
        share_percent: share_percent(grant.requisitioned_to_date, grant.granted),
        forecast: linear,
        forecast_unspent: grant.granted.minus(linear).ok_or(SumTooLarge)?,
        own_forecast: own.ok_or(SumTooLarge)?,
        ..claimed
    })
}

/// The sum of two, with the share computed from the sums. An interval is none
/// yet: it follows the pattern of the whole.
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
        share_of_total_percent: 0,
        own_forecast: plus(one.own_forecast, other.own_forecast)?,
        forecast_interval: None,
    })
}

/// The share in whole percent; 0 of nothing. Never above 100 of a grant, because
/// none can be overdrawn.
fn share_percent(part: Ore, whole: Ore) -> i32 {
    let percent = share::percent(part.get(), whole.get()).unwrap_or(0);
    i32::try_from(percent).unwrap_or(i32::MAX)
}

/// Who has forecast what a row is about.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    /// Somebody has, on one of the grants.
    somebody: bool,
    /// On such a grant another party that claims has not: what is forecast is the least
    /// there will be.
    not_everybody: bool,
}

fn warnings(amounts: &Amounts, said: Said, under_warning_percent: u8) -> Vec<Warning> {
    let granted = i128::from(amounts.granted.get());
    let limit = granted * i128::from(under_warning_percent);
    let is_low = |forecast: Ore| i128::from(forecast.get()) * 100 < limit;
    let mut warnings = Vec::new();
    let unspent = amounts.forecast_unspent;
    if unspent < Ore::ZERO {
        warnings.push(Warning::Over(Ore::new(-unspent.get())));
    } else if unspent > Ore::ZERO && is_low(amounts.forecast) {
        warnings.push(Warning::Under(unspent));
    }
    let own_unspent = amounts.granted.get() - amounts.own_forecast.get();
    if said.somebody && own_unspent < 0 {
        warnings.push(Warning::OwnForecastOver(Ore::new(-own_unspent)));
    } else if said.somebody && !said.not_everybody && is_low(amounts.own_forecast) {
        warnings.push(Warning::OwnForecastUnder(Ore::new(own_unspent)));
    }
    warnings
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
