//! Requisitions, to and from the contract.

use platform::{
    Failure,
    convert::{date_to_proto, period_from_proto, period_to_proto, text, timestamp},
};
use proto::finance as pb;
use values::{
    Fault, Faults, Ore, OrganisationNumber, PaymentAccount, Slug,
    name::{GrantName, PartyName, RequisitionName},
};

use super::{attachment, cost_line, grant::outside_grant, grant::with_days};
use super::{unspecified, within};
use crate::domain::{
    ledger::LARGEST_AMOUNT,
    requisition::{
        Claim, ClaimFault, ClaimParts, CorrectionFault, Record, Requisition, State, Step,
    },
};

/// Reads a requisition, all but its name.
pub(in crate::rpc) fn parse(federation: &Slug, message: pb::Requisition) -> (ClaimParts, Faults) {
    let pb::Requisition {
        name: _, // Read by the caller, who knows what it may be.
        grant,
        party,
        period,
        cost_lines,
        payment_reference,
        synthetic,
        corrects,
        organisation_number,
        dnr,
        forecast_rest_ore,
        // Output only.
        amount_ore: _,
        state: _,
        steps: _,
        etag: _,
        earlier_requisitioned_ore: _,
        attachments: _,
        payment_date: _,
        bank_reference: _,
    } = message;
    let mut faults = Faults::new();
    let grant = GrantName::parse("grant", &grant);
    let party = PartyName::parse("party", &party);
    let grant = within(federation, "grant", grant, |name| &name.federation);
    let party = within(federation, "party", party, |name| &name.federation);
    let is_correction = !corrects.is_empty();
    let corrected = is_correction.then(|| {
        let corrects = RequisitionName::parse("corrects", &corrects);
        within(federation, "corrects", corrects, |name| &name.federation)
    });
    let number = (!organisation_number.is_empty())
        .then(|| OrganisationNumber::parse("organisation_number", &organisation_number));
    let mut parts = ClaimParts {
        name: None,
        grant: faults.keep(grant),
        party: faults.keep(party),
        corrects: corrected.and_then(|parsed| faults.keep(parsed)),
        organisation_number: number.and_then(|parsed| faults.keep(parsed)),
        period: faults.keep_nested("", period_from_proto("period", period)),
        cost_lines: faults.keep_nested("", cost_line::parse(cost_lines, is_correction)),
        payment_reference: faults.keep(parse_payment_reference(&payment_reference)),
        dnr: faults.keep(text("dnr", &dnr, 0, 40)),
        forecast_rest: forecast_rest_ore.and_then(|ore| faults.keep(parse_forecast(ore))),
        synthetic,
    };
    if is_correction && parts.corrects.is_none() {
        // Not taken for a claim, which would have other faults.
        parts.period = None;
    }
    (parts, faults)
}

/// The text as it was sent: a number in it must be right.
fn parse_payment_reference(sent: &str) -> Result<String, Fault> {
    let reference = text("payment_reference", sent, 0, 100)?;
    PaymentAccount::parse("payment_reference", &reference)?;
    Ok(reference)
}

fn parse_forecast(ore: i64) -> Result<Ore, Fault> {
    let fault = |reason| Fault::new("forecast_rest_ore", reason).with("value", ore);
    match Ore::new(ore) {
        forecast if forecast < Ore::ZERO => Err(fault("FORECAST_NEGATIVE")),
        forecast if forecast > LARGEST_AMOUNT => Err(fault("AMOUNT_TOO_LARGE")),
        forecast => Ok(forecast),
    }
}

/// Reads the state a list is narrowed to; none when it is not.
pub(in crate::rpc) fn parse_state_filter(state: i32) -> Result<Option<State>, Fault> {
    match pb::RequisitionState::try_from(state) {
        Ok(pb::RequisitionState::Unspecified) => Ok(None),
        Ok(pb::RequisitionState::Draft) => Ok(Some(State::Draft)),
        Ok(pb::RequisitionState::Submitted) => Ok(Some(State::Submitted)),
        Ok(pb::RequisitionState::Returned) => Ok(Some(State::Returned)),
        Ok(pb::RequisitionState::Reviewed) => Ok(Some(State::Reviewed)),
        Ok(pb::RequisitionState::Approved) => Ok(Some(State::Approved)),
        Ok(pb::RequisitionState::Paid) => Ok(Some(State::Paid)),
        Ok(pb::RequisitionState::Rejected) => Ok(Some(State::Rejected)),
        Ok(pb::RequisitionState::Withdrawn) => Ok(Some(State::Withdrawn)),
        Err(_) => Err(unspecified("state")),
    }
}

/// What is wrong with a claim, as it is told.
pub(in crate::rpc) fn fault(fault: ClaimFault) -> Fault {
    match fault {
        ClaimFault::PartyUnknown(party) => {
            Fault::new("party", "PARTY_UNKNOWN").with("value", party)
        }
        ClaimFault::NotThePartysNumber(number) => {
            Fault::new("organisation_number", "ORGANISATION_NUMBER_NOT_THE_PARTYS")
                .with("expected", number)
        }
        ClaimFault::GrantUnknown(grant) => {
            Fault::new("grant", "GRANT_UNKNOWN").with("value", grant)
        }
        ClaimFault::PeriodOutsideGrant { period, grant_period } => {
            outside_grant(period, grant_period)
        }
        ClaimFault::PeriodNotWhole { period, nearest } => not_whole(period, nearest),
        ClaimFault::Correction(fault) => correction_fault(fault),
        ClaimFault::ForecastNotAllowed => Fault::new("forecast_rest_ore", "FORECAST_NOT_ALLOWED"),
        ClaimFault::Stays { field, value } => {
            Fault::new(field, "FIELD_STAYS").with("expected", value)
        }
        ClaimFault::ClaimedBefore { line, requisition, kind } => {
            Fault::new(format!("cost_lines[{line}].kind"), "COST_CLAIMED_BEFORE")
                .with("requisition", requisition)
                .with("kind", kind.code())
        }
    }
}

/// Days that are no calendar month, quarter or half-year.
pub(in crate::rpc) fn not_whole(period: values::Period, nearest: values::Period) -> Fault {
    with_days(Fault::new("period", "PERIOD_NOT_WHOLE"), period)
        .with("nearest_first_day", nearest.first_day())
        .with("nearest_last_day", nearest.last_day())
}

fn correction_fault(fault: CorrectionFault) -> Fault {
    match fault {
        CorrectionFault::Unknown(name) => {
            Fault::new("corrects", "REQUISITION_UNKNOWN").with("value", name)
        }
        CorrectionFault::OfCorrection(name) => {
            Fault::new("corrects", "CORRECTION_OF_CORRECTION").with("requisition", name)
        }
        CorrectionFault::NotApproved(state) => {
            Fault::new("corrects", "CORRECTED_NOT_APPROVED").with("state", state.code())
        }
        CorrectionFault::Differs { field, expected } => {
            Fault::new(field, "CORRECTION_DIFFERS").with("expected", expected)
        }
        CorrectionFault::Unbalanced { line, kind } => {
            Fault::new(format!("cost_lines[{line}].kind"), "CORRECTION_UNBALANCED")
                .with("kind", kind.code())
        }
        CorrectionFault::TooLarge(too_large) => {
            cost_line::too_large_fault("CORRECTION_TOO_LARGE", &too_large)
        }
    }
}

/// The party can no longer change it.
pub(in crate::rpc) fn cannot_change(state: State) -> Failure {
    Failure::refused("STATE_FORBIDS").with("state", state.code()).with("step", "update")
}

/// A requisition as it is sent.
pub(crate) fn render(requisition: &Requisition) -> pb::Requisition {
    let Record { claim, steps, revision: _, earlier_requisitioned, payment, attachments } =
        requisition.record();
    let Claim {
        name,
        grant,
        party,
        corrects,
        organisation_number,
        period,
        cost_lines,
        payment_reference,
        dnr,
        forecast_rest,
        synthetic,
    } = claim;
    let lines = cost_lines.as_slice().iter();
    let reference = payment.as_ref().map(|payment| payment.bank_reference.clone());
    pb::Requisition {
        name: name.to_string(),
        grant: grant.to_string(),
        party: party.to_string(),
        period: Some(period_to_proto(*period)),
        cost_lines: lines
            .map(|line| cost_line::render(line, claim.signed(line.amount())))
            .collect(),
        payment_reference: payment_reference.clone(),
        synthetic: *synthetic,
        amount_ore: claim.amount().get(),
        state: render_state(requisition.state()).into(),
        steps: steps.iter().map(render_step).collect(),
        etag: requisition.etag(),
        corrects: corrects.as_ref().map(ToString::to_string).unwrap_or_default(),
        organisation_number: organisation_number
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        dnr: dnr.clone(),
        forecast_rest_ore: forecast_rest.map(Ore::get),
        earlier_requisitioned_ore: earlier_requisitioned.get(),
        attachments: attachments.iter().map(attachment::render).collect(),
        payment_date: payment.as_ref().map(|payment| date_to_proto(payment.day)),
        bank_reference: reference.unwrap_or_default(),
    }
}

fn render_step(step: &Step) -> pb::RequisitionStep {
    let Step { state, actor, time, comment } = step;
    pb::RequisitionStep {
        state: render_state(*state).into(),
        actor: actor.to_string(),
        time: Some(timestamp(*time)),
        comment: comment.clone(),
    }
}

fn render_state(state: State) -> pb::RequisitionState {
    match state {
        State::Draft => pb::RequisitionState::Draft,
        State::Submitted => pb::RequisitionState::Submitted,
        State::Returned => pb::RequisitionState::Returned,
        State::Reviewed => pb::RequisitionState::Reviewed,
        State::Approved => pb::RequisitionState::Approved,
        State::Paid => pb::RequisitionState::Paid,
        State::Rejected => pb::RequisitionState::Rejected,
        State::Withdrawn => pb::RequisitionState::Withdrawn,
    }
}
