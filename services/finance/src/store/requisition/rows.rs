//! The rows of a requisition, and the value they make. Amounts that a correction
//! takes back are kept below zero.

use platform::sql::Batch;
use sea_orm::{ConnectionTrait, DbErr};
use values::{
    Ore, OrganisationNumber, Slug,
    attachment::MediaType,
    name::{AccountName, AttachmentName, GrantName, PartyName, RequisitionName},
};

use crate::{
    domain::{
        attachment::Attachment,
        cost_line::{CostKind, CostLine, CostLines},
        requisition::{Claim, Payment, Record, Requisition, State, Step},
    },
    store::{
        entity::{attachment, requisition, requisition_cost_line, requisition_step},
        period, slug, unreadable, wrong,
    },
};

pub(super) fn header(requisition: &Requisition, sequence: i64) -> requisition::Model {
    let Record { claim, steps: _, revision, earlier_requisitioned, payment, attachments: _ } =
        requisition.record();
    let Claim {
        name,
        grant,
        party,
        corrects,
        organisation_number,
        period,
        cost_lines: _,
        payment_reference,
        dnr,
        forecast_rest,
        synthetic,
    } = claim;
    let reference = payment.as_ref().map(|payment| payment.bank_reference.clone());
    requisition::Model {
        federation_id: name.federation.to_string(),
        requisition_id: name.id.to_string(),
        grant_id: grant.id.to_string(),
        party_id: party.id.to_string(),
        first_day: period.first_day(),
        last_day: period.last_day(),
        payment_reference: payment_reference.clone(),
        synthetic: *synthetic,
        amount_ore: claim.amount().get(),
        state: requisition.state().code().to_owned(),
        created_sequence: sequence,
        revision: *revision,
        corrects_id: corrects.as_ref().map(|corrects| corrects.id.to_string()),
        organisation_number: number_text(organisation_number.as_ref()),
        dnr: dnr.clone(),
        forecast_rest_ore: forecast_rest.map(Ore::get),
        earlier_requisitioned_ore: earlier_requisitioned.get(),
        payment_date: payment.as_ref().map(|payment| payment.day),
        bank_reference: reference.unwrap_or_default(),
    }
}

fn number_text(number: Option<&OrganisationNumber>) -> String {
    number.map(|number| number.as_str().to_owned()).unwrap_or_default()
}

/// Sets what a change of content changes of a requisition's own row.
pub(super) fn update_content<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    requisition: &Requisition,
) {
    // The sequence stays as it is.
    let row = header(requisition, 0);
    let places = [
        batch.bind(row.first_day),
        batch.bind(row.last_day),
        batch.bind(row.payment_reference),
        batch.bind(row.synthetic),
        batch.bind(row.amount_ore),
        batch.bind(row.revision),
        batch.bind(row.organisation_number),
        batch.bind(row.dnr),
        batch.bind(row.forecast_rest_ore),
        batch.bind(row.federation_id),
        batch.bind(row.requisition_id),
    ];
    let [first_day, last_day, reference, synthetic, amount, revision, number, dnr, rest, ..] =
        &places;
    let [.., federation, id] = &places;
    batch.push(format!(
        "UPDATE requisition SET first_day = {first_day}, last_day = {last_day}, \
             payment_reference = {reference}, synthetic = {synthetic}, amount_ore = {amount}, \
             revision = {revision}, organisation_number = {number}, dnr = {dnr}, \
             forecast_rest_ore = {rest} \
         WHERE federation_id = {federation} AND requisition_id = {id}"
    ));
}

pub(super) fn line_row(
    claim: &Claim,
    number: i32,
    line: &CostLine,
) -> requisition_cost_line::Model {
    requisition_cost_line::Model {
        federation_id: claim.name.federation.to_string(),
        requisition_id: claim.name.id.to_string(),
        line: number,
        kind: line.kind().code().to_owned(),
        description: line.description().to_owned(),
        fte_percent: line.fte_percent(),
        amount_ore: claim.signed(line.amount()).get(),
    }
}

pub(super) fn step_row(
    federation: &Slug,
    claim: &Claim,
    number: i32,
    step: &Step,
) -> requisition_step::Model {
    let Step { state, actor, time, comment } = step;
    requisition_step::Model {
        federation_id: federation.to_string(),
        requisition_id: claim.name.id.to_string(),
        step: number,
        state: state.code().to_owned(),
        actor_id: actor.id.to_string(),
        taken_at: *time,
        comment: comment.clone(),
    }
}

pub(in crate::store) fn attachment_row(place: i32, attachment: &Attachment) -> attachment::Model {
    let Attachment { name, file_name, media_type, size_bytes, sha256 } = attachment;
    attachment::Model {
        federation_id: name.requisition.federation.to_string(),
        requisition_id: name.requisition.id.to_string(),
        attachment_id: name.id.to_string(),
        place,
        file_name: file_name.clone(),
        media_type: media_type.code().to_owned(),
        size_bytes: *size_bytes,
        sha256: sha256.clone(),
    }
}

pub(super) fn value(
    row: requisition::Model,
    lines: Vec<requisition_cost_line::Model>,
    steps: Vec<requisition_step::Model>,
    files: Vec<attachment::Model>,
) -> Result<Requisition, DbErr> {
    let requisition::Model {
        federation_id,
        requisition_id,
        grant_id,
        party_id,
        first_day,
        last_day,
        payment_reference,
        synthetic,
        amount_ore,
        state,
        created_sequence: _,
        revision,
        corrects_id,
        organisation_number,
        dnr,
        forecast_rest_ore,
        earlier_requisitioned_ore,
        payment_date,
        bank_reference,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let corrects = corrects_id.map(|id| slug("corrects_id", &id)).transpose()?;
    let corrects = corrects.map(|id| RequisitionName::new(federation.clone(), id));
    let lines = lines.into_iter().map(|row| line_value(row, corrects.is_some()));
    let lines = lines.collect::<Result<_, _>>()?;
    let cost_lines = CostLines::new(lines)
        .map_err(|fault| wrong("the cost lines of a requisition", format!("{fault:?}")))?;
    let claim = Claim {
        name: RequisitionName::new(federation.clone(), slug("requisition_id", &requisition_id)?),
        grant: GrantName::new(federation.clone(), slug("grant_id", &grant_id)?),
        party: PartyName::new(federation, slug("party_id", &party_id)?),
        corrects,
        organisation_number: number_value(&organisation_number)?,
        period: period(first_day, last_day)?,
        cost_lines,
        payment_reference,
        dnr,
        forecast_rest: forecast_rest_ore.map(Ore::new),
        synthetic,
    };
    if claim.amount() != Ore::new(amount_ore) {
        return Err(wrong("requisition.amount_ore", amount_ore));
    }
    let name = claim.name.clone();
    let record = Record {
        claim,
        steps: steps.into_iter().map(step_value).collect::<Result<_, _>>()?,
        revision,
        earlier_requisitioned: Ore::new(earlier_requisitioned_ore),
        payment: payment_date.map(|day| Payment { day, bank_reference }),
        attachments: files
            .into_iter()
            .map(|row| attachment_value(&name, row))
            .collect::<Result<_, _>>()?,
    };
    let requisition = Requisition::kept(record)
        .ok_or_else(|| wrong("the number of steps of a requisition", 0))?;
    if requisition.state().code() != state {
        return Err(wrong("requisition.state", state));
    }
    Ok(requisition)
}

fn number_value(text: &str) -> Result<Option<OrganisationNumber>, DbErr> {
    if text.is_empty() {
        return Ok(None);
    }
    OrganisationNumber::parse("organisation_number", text).map(Some).map_err(unreadable)
}

fn line_value(row: requisition_cost_line::Model, is_correction: bool) -> Result<CostLine, DbErr> {
    let requisition_cost_line::Model {
        federation_id: _,
        requisition_id: _,
        line: _,
        kind,
        description,
        fte_percent,
        amount_ore,
    } = row;
    let kind = cost_kind(&kind)?;
    let amount = if is_correction { amount_ore.saturating_neg() } else { amount_ore };
    CostLine::new(kind, description, fte_percent, Ore::new(amount))
        .map_err(|faults| wrong("a cost line", format!("{faults:?}")))
}

fn step_value(row: requisition_step::Model) -> Result<Step, DbErr> {
    let requisition_step::Model {
        federation_id,
        requisition_id: _,
        step: _,
        state,
        actor_id,
        taken_at,
        comment,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    Ok(Step {
        state: state_of(&state)?,
        actor: AccountName::new(federation, slug("actor_id", &actor_id)?),
        time: taken_at,
        comment,
    })
}

fn attachment_value(
    requisition: &RequisitionName,
    row: attachment::Model,
) -> Result<Attachment, DbErr> {
    let attachment::Model {
        federation_id: _,
        requisition_id: _,
        attachment_id,
        place: _,
        file_name,
        media_type,
        size_bytes,
        sha256,
    } = row;
    let id = slug("attachment_id", &attachment_id)?;
    Ok(Attachment {
        name: AttachmentName::new(requisition.clone(), id),
        file_name,
        media_type: MediaType::from_code(&media_type)
            .ok_or_else(|| wrong("attachment.media_type", &media_type))?,
        size_bytes,
        sha256,
    })
}

pub(in crate::store) fn cost_kind(code: &str) -> Result<CostKind, DbErr> {
    CostKind::from_code(code).ok_or_else(|| wrong("requisition_cost_line.kind", code))
}

pub(super) fn state_of(code: &str) -> Result<State, DbErr> {
    State::from_code(code).ok_or_else(|| wrong("requisition_step.state", code))
}
