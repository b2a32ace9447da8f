//! The words of the files.

use chrono::NaiveDate;
use values::Period;

use super::days;
use crate::domain::{
    cost_line::CostKind,
    general_ledger::{COST_CENTRE, PROJECT},
    requisition::State,
};

/// The names of the files, without their endings.
pub(crate) mod file_name {
    use super::{NaiveDate, Period, days};

    /// The funding table.
    pub(crate) fn funding_table(period: Period) -> String {
        format!("finansieringstabell-{}", days(period))
    }

    /// Requisitions.
    pub(crate) fn requisitions(period: Period) -> String {
        format!("rekvisitioner-{}", days(period))
    }

    /// What is to be paid, or what was paid in a period.
    pub(crate) fn payments(paid_in: Option<Period>) -> String {
        match paid_in {
            Some(period) => format!("utbetalningar-{}", days(period)),
            None => "att-betala".to_owned(),
        }
    }

    /// The staffing matrix.
    pub(crate) fn staffing_matrix(day: NaiveDate) -> String {
        format!("bemanning-{day}")
    }

    /// Vouchers of a year, or of a period of it.
    pub(crate) fn vouchers(year: i32, period: Option<Period>) -> String {
        match period {
            Some(period) => format!("verifikat-{}", days(period)),
            None => format!("verifikat-{year}"),
        }
    }
}

/// A kind of cost.
pub(super) const fn cost_kind(kind: CostKind) -> &'static str {
    match kind {
        CostKind::Staff => "Personal",
        CostKind::Premises => "Lokaler",
        CostKind::Activities => "Aktiviteter och material",
        CostKind::Training => "Utbildning",
        CostKind::Overhead => "Avtalad overhead",
        CostKind::Other => "Övrigt",
    }
}

/// Where a requisition stands.
pub(super) const fn state(state: State) -> &'static str {
    match state {
        State::Draft => "Utkast",
        State::Submitted => "Inskickad",
        State::Returned => "Återsänd",
        State::Reviewed => "Sakattesterad",
        State::Approved => "Beslutsattesterad",
        State::Paid => "Betald",
        State::Rejected => "Avslagen",
        State::Withdrawn => "Återkallad",
    }
}

/// A dimension of the general ledger.
pub(super) const fn dimension(number: i32) -> &'static str {
    match number {
        COST_CENTRE => "Kostnadsställe",
        PROJECT => "Projekt",
        _ => "Motpart",
    }
}

/// What a voucher is about: what happened, in words where there are some, and the
/// id of what it happened to.
pub(super) fn voucher(event: &str, subject: &str) -> String {
    let what = match event {
        "requisition.approved" => "Rekvisition beslutsattesterad",
        "requisition.paid" => "Rekvisition betald",
        "recovery.decided" => "Återkrav beslutat",
        "recovery.settled" => "Återkrav reglerat",
        "recovery.cancelled" => "Återkrav återtaget",
        "contributions.decided" => "Bidrag beslutade",
        "contribution_payment.recorded" => "Bidrag inbetalt",
        other => other,
    };
    let id = subject.rsplit('/').next().unwrap_or(subject);
    format!("{what}: {id}")
}
