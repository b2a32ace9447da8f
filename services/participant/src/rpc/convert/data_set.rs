//! Agreements on data sets, in both directions, and the rows of a data set.

use platform::convert::{date_from_proto, date_to_proto, period_from_proto, period_to_proto, text};
use proto::participant as pb;
use values::{
    Fault, Faults, Period, Slug,
    name::{AccountName, DataAgreementName, TableLayoutName},
};

use super::within;
use crate::domain::{
    data_set::{DataAgreement, half_year},
    tabulation::halves,
};

/// Reads an agreement of a federation; its `name` is read by the handler.
pub(in crate::rpc) fn agreement(
    federation: &Slug,
    sent: pb::DataAgreement,
) -> Result<DataAgreement, Faults> {
    let pb::DataAgreement { name: _, evaluator, period, layout, last_day, dnr } = sent;
    let mut faults = Faults::new();
    let evaluator = AccountName::parse("evaluator", &evaluator);
    let evaluator = within(federation, "evaluator", evaluator, |name| &name.federation);
    let evaluator = faults.keep(evaluator);
    let period = faults.keep_nested("", self::period(period));
    let layout = TableLayoutName::parse("layout", &layout);
    let layout = faults.keep(within(federation, "layout", layout, |name| &name.federation));
    let last_day = faults.keep(date_from_proto("last_day", last_day));
    let dnr = faults.keep(text("dnr", &dnr, 1, 40));
    faults.into_result(|| {
        let (evaluator, period, layout) = (evaluator?, period?, layout?);
        Some(DataAgreement { evaluator, period, layout, last_day: last_day?, dnr: dnr? })
    })
}

fn period(sent: Option<proto::common::Period>) -> Result<Period, Faults> {
    let period = period_from_proto("period", sent)?;
    if halves(period).is_some() {
        return Ok(period);
    }
    let fault = Fault::new("period", "PERIOD_NOT_RELEASED").with("first_day", period.first_day());
    Err(fault.with("last_day", period.last_day()).into())
}

/// An agreement as it is answered and recorded.
pub(in crate::rpc) fn render(
    name: &DataAgreementName,
    agreement: &DataAgreement,
) -> pb::DataAgreement {
    let DataAgreement { evaluator, period, layout, last_day, dnr } = agreement;
    pb::DataAgreement {
        name: name.to_string(),
        evaluator: evaluator.to_string(),
        period: Some(period_to_proto(*period)),
        layout: layout.to_string(),
        last_day: Some(date_to_proto(*last_day)),
        dnr: dnr.clone(),
    }
}

/// What a half-year's table gives: those who are alike, and how many there were.
pub(in crate::rpc) fn part(
    half: Period,
    table: &pb::ReleasedTable,
) -> (Vec<pb::DataRow>, pb::DataSetPart) {
    let counts = table.table.clone().unwrap_or_default();
    let row = |pb::CountCell { keys, counts }: pb::CountCell| {
        let people = counts.first().and_then(|count| count.value).filter(|people| *people > 0)?;
        Some(pb::DataRow { half_year: half_year(half), keys, people })
    };
    let rows = counts.cells.into_iter().filter_map(row).collect();
    let part = pb::DataSetPart {
        period: Some(period_to_proto(half)),
        people: counts.totals.first().and_then(|count| count.value),
        released_table: table.name.clone(),
        sequence: table.sequence,
        head_hash: table.head_hash.clone(),
    };
    (rows, part)
}
