//! The funding table, from and to the contract.

use platform::convert::period_from_proto;
use prost::Message as _;
use proto::finance as pb;
use values::{
    Fault, Faults, Ore, Period, Slug,
    name::{AreaName, GrantName, PartyName, RecipientName},
};

use super::{cost_line, optional, requisition, unspecified, within};
use crate::domain::{
    funding_table::{Amounts, Cut, Filter, Forecast, Interval, Row, Subject, Warning},
    requisition::State,
};

/// Reads what the rows are about.
pub(in crate::rpc) fn parse_cut(cut: i32) -> Result<Cut, Fault> {
    match pb::FundingCut::try_from(cut) {
        Ok(pb::FundingCut::Unspecified | pb::FundingCut::Recipient) => Ok(Cut::Recipient),
        Ok(pb::FundingCut::Area) => Ok(Cut::Area),
        Ok(pb::FundingCut::Party) => Ok(Cut::Party),
        Ok(pb::FundingCut::CostKind) => Ok(Cut::CostKind),
        Err(_) => Err(unspecified("cut")),
    }
}

/// What the rows are about, as it is sent.
pub(in crate::rpc) fn render_cut(cut: Cut) -> pb::FundingCut {
    match cut {
        Cut::Recipient => pb::FundingCut::Recipient,
        Cut::Area => pb::FundingCut::Area,
        Cut::Party => pb::FundingCut::Party,
        Cut::CostKind => pb::FundingCut::CostKind,
    }
}

/// Reads which money to look at: a recipient, an area and a party by name, each
/// empty for all, and a kind of cost.
pub(in crate::rpc) fn parse_filter(
    federation: &Slug,
    (recipient, area, party): (&str, &str, &str),
    cost_kind: i32,
) -> Result<Filter, Faults> {
    let mut faults = Faults::new();
    let recipient = optional(recipient, |sent| {
        let parsed = RecipientName::parse("recipient", sent);
        within(federation, "recipient", parsed, |name| &name.federation)
    });
    let area = optional(area, |sent| {
        within(federation, "area", AreaName::parse("area", sent), |name| &name.federation)
    });
    let party = optional(party, |sent| {
        within(federation, "party", PartyName::parse("party", sent), |name| &name.federation)
    });
    let recipient = faults.keep(recipient);
    let area = faults.keep(area);
    let party = faults.keep(party);
    let cost_kind = faults.keep(cost_line::kind_filter(cost_kind));
    faults.into_result(|| {
        Some(Filter { recipient: recipient?, area: area?, party: party?, cost_kind: cost_kind? })
    })
}

/// What requisitions said of the time after them, from what the journal had
/// recorded: those that were live, no corrections, and ended by the period's end.
pub(in crate::rpc) fn recorded_forecasts(
    period: Period,
    payloads: &[Vec<u8>],
) -> Result<Vec<Forecast>, anyhow::Error> {
    let read = payloads.iter().map(|payload| recorded_forecast(period, payload));
    Ok(read.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn recorded_forecast(period: Period, payload: &[u8]) -> Result<Option<Forecast>, anyhow::Error> {
    let recorded = pb::Requisition::decode(payload)?;
    let told = |fault: Fault| {
        anyhow::anyhow!("a recorded requisition has {} {}", fault.field, fault.reason)
    };
    let state = requisition::parse_state_filter(recorded.state).map_err(told)?;
    let days = period_from_proto("period", recorded.period)
        .map_err(|_| anyhow::anyhow!("a recorded requisition has no period"))?;
    let is_live = state.is_some_and(State::is_live);
    if !is_live || !recorded.corrects.is_empty() || days.last_day() > period.last_day() {
        return Ok(None);
    }
    Ok(Some(Forecast {
        grant: GrantName::parse("grant", &recorded.grant).map_err(told)?.id,
        party: PartyName::parse("party", &recorded.party).map_err(told)?,
        last_day: days.last_day(),
        rest: recorded.forecast_rest_ore.map(Ore::new),
    }))
}

/// A row as it is sent.
pub(in crate::rpc) fn render_row(row: Row) -> pb::FundingRow {
    let Row { subject, amounts, warnings } = row;
    let amounts = Some(render_amounts(amounts));
    let warnings = warnings.into_iter().map(render_warning).collect();
    let row = pb::FundingRow { amounts, warnings, ..Default::default() };
    match subject {
        Subject::Recipient { recipient, display_name, team } => pb::FundingRow {
            recipient: recipient.to_string(),
            display_name,
            team: team.map(|team| team.to_string()).unwrap_or_default(),
            ..row
        },
        Subject::Area { area, display_name } => {
            pb::FundingRow { area: area.to_string(), display_name, ..row }
        }
        Subject::NoArea => row,
        Subject::Party { party, display_name } => {
            pb::FundingRow { party: party.to_string(), display_name, ..row }
        }
        Subject::CostKind(kind) => {
            pb::FundingRow { cost_kind: cost_line::render_kind(kind).into(), ..row }
        }
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
        share_of_total_percent,
        own_forecast,
        forecast_interval,
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
        share_of_total_percent,
        own_forecast_ore: own_forecast.get(),
        forecast_interval: forecast_interval.map(render_interval),
    }
}

fn render_interval(interval: Interval) -> pb::ForecastInterval {
    let Interval { low, high, years } = interval;
    pb::ForecastInterval { low_ore: low.get(), high_ore: high.get(), years }
}

fn render_warning(warning: Warning) -> pb::FundingWarning {
    let (kind, amount) = match warning {
        Warning::Over(amount) => (pb::FundingWarningKind::Over, amount),
        Warning::Under(amount) => (pb::FundingWarningKind::Under, amount),
        Warning::OwnForecastOver(amount) => (pb::FundingWarningKind::OwnForecastOver, amount),
        Warning::OwnForecastUnder(amount) => (pb::FundingWarningKind::OwnForecastUnder, amount),
    };
    pb::FundingWarning { kind: kind.into(), amount_ore: amount.get() }
}

#[cfg(test)]
mod tests {
    use platform::convert::period_to_proto;

    use super::*;

    fn recorded(
        state: pb::RequisitionState,
        last_day: &str,
        corrects: &str,
        rest: Option<i64>,
    ) -> Vec<u8> {
        let first_day = "2025-01-01".parse().unwrap();
        let days = Period::new("period", first_day, last_day.parse().unwrap()).unwrap();
        let requisition = pb::Requisition {
            grant: "federations/f/grants/g".to_owned(),
            party: "federations/f/parties/sala".to_owned(),
            period: Some(period_to_proto(days)),
            state: state.into(),
            corrects: corrects.to_owned(),
            forecast_rest_ore: rest,
            ..Default::default()
        };
        requisition.encode_to_vec()
    }

    #[test]
    fn only_what_was_live_and_ended_by_then_had_said_anything_of_the_rest_of_the_year() {
        use pb::RequisitionState::{Approved, Draft, Returned, Submitted};
        let payloads = [
            recorded(Approved, "2025-03-31", "", Some(300)),
            recorded(Submitted, "2025-06-30", "", None),
            recorded(Draft, "2025-06-30", "", Some(1)),
            recorded(Returned, "2025-06-30", "", Some(2)),
            recorded(Approved, "2025-06-30", "federations/f/requisitions/r", Some(3)),
            recorded(Approved, "2025-09-30", "", Some(4)),
        ];
        let first_day = "2025-01-01".parse().unwrap();
        let spring = Period::new("period", first_day, "2025-06-30".parse().unwrap()).unwrap();
        let read = recorded_forecasts(spring, &payloads).unwrap();
        let rests: Vec<_> = read.iter().map(|forecast| forecast.rest).collect();
        assert_eq!(rests, [Some(Ore::new(300)), None]);
        assert!(recorded_forecasts(spring, &[vec![0xff]]).is_err());
    }
}
