//! The half-years that teams report on.

use proto::reporting::ReportingPeriod;
use values::name::ReportingPeriodName;

use super::{Collection, Kind};
use crate::import::{Section, fields::Fields};

/// Reporting periods, by id.
pub(in crate::import) const REPORTING_PERIODS: Collection =
    Collection { path: ReportingPeriodName::COLLECTION, noun: "PERIOD" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "reporting-periods",
    section: Section::Reporting,
    columns: &["reporting_period", "first_day", "last_day", "due_date"],
    optional_columns: &[],
    key: "reporting_period",
    defines: Some(REPORTING_PERIODS),
    needs: None,
    read: |table, desk, requests| {
        requests.reporting.reporting_periods =
            desk.each(table, "reporting_periods", reporting_period);
    },
};

fn reporting_period(fields: &mut Fields<'_>) -> ReportingPeriod {
    ReportingPeriod {
        name: fields.own_name(REPORTING_PERIODS),
        period: fields.period(),
        due_date: fields.date("due_date"),
    }
}
