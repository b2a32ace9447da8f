//! Referrals, in both directions, and what of one its sender sees.

use chrono::NaiveDate;
use platform::convert::{date_from_proto, date_to_proto, instant, text, timestamp};
use proto::participant as pb;
use values::{
    Fault, Faults, Slug,
    name::{
        AccountName, CriteriaName, EnrolmentName, MunicipalityName, ParticipantImportName,
        ParticipantName, PartyName, ReferralName, TeamName,
    },
};

use super::{
    code::{code, livelihoods, render_livelihoods},
    optional, within,
};
use crate::domain::{
    code::{DecisionReason, ReferringKind},
    fact::Responsible,
    personal_number::PersonalNumber,
    referral::{Content, Decision, Referral, State, Step},
};

/// Reads what a sender sends; what is only given out is not read.
pub(in crate::rpc) fn content(
    federation: &Slug,
    sent: pb::Referral,
    today: NaiveDate,
) -> Result<Content, Faults> {
    let pb::Referral {
        name: _,        // Read by the handler.
        participant: _, // Only given out.
        team,
        municipality,
        sender,
        referring_kind,
        sender_reference,
        referral_date,
        livelihoods: sent_livelihoods,
        ready,
        override_reason,
        criteria: _,               // Only given out.
        state: _,                  // Only given out.
        steps: _,                  // Only given out.
        decision: _,               // Only given out.
        queue_exception_reason: _, // Only given out.
        enrolment: _,              // Only given out.
        synthetic,
        etag: _,           // Only given out.
        municipalities: _, // Only given out.
        merged_from: _,    // Only given out.
        import: _,         // Only given out.
    } = sent;
    let mut faults = Faults::new();
    let team = within(federation, "team", TeamName::parse("team", &team), |name| &name.federation);
    let team = faults.keep(team);
    let municipality = MunicipalityName::parse("municipality", &municipality);
    let municipality = within(federation, "municipality", municipality, |name| &name.federation);
    let municipality = faults.keep(municipality);
    let sender = PartyName::parse("sender", &sender);
    let sender = faults.keep(within(federation, "sender", sender, |name| &name.federation));
    let kind = faults.keep(code("referring_kind", referring_kind, ReferringKind::from_number));
    let reference = text("sender_reference", &sender_reference, 0, 40);
    let reference = reference.and_then(|text| untelling("sender_reference", text, today));
    let reference = faults.keep(reference);
    let referral_date = faults.keep(date_from_proto("referral_date", referral_date));
    let livelihoods = faults.keep_nested("", livelihoods("livelihoods", sent_livelihoods));
    let override_reason = faults.keep(text("override_reason", &override_reason, 0, 1000));
    faults.into_result(|| {
        Some(Content {
            team: team?,
            municipality: municipality?,
            sender: sender?,
            referring_kind: kind?,
            sender_reference: reference?,
            referral_date: referral_date?,
            livelihoods: livelihoods?,
            ready,
            override_reason: override_reason?,
            synthetic,
        })
    })
}

/// Refuses a personal number where nothing may tell who a person is.
pub(in crate::rpc) fn untelling<T: AsRef<str>>(
    field: &str,
    text: T,
    today: NaiveDate,
) -> Result<T, Fault> {
    match PersonalNumber::parse(field, text.as_ref(), today) {
        Ok(_) => Err(Fault::new(field, "TELLS_WHO")),
        Err(_) => Ok(text),
    }
}

/// A referral as it is recorded, and answered to whoever sees all of it.
pub(crate) fn render(referral: &Referral, revision: i64) -> pb::Referral {
    let Referral {
        name,
        participant,
        content,
        responsible,
        criteria,
        steps,
        decision,
        queue_exception,
        enrolment,
        merged_from,
        import,
    } = referral;
    let Content {
        team,
        municipality,
        sender,
        referring_kind,
        sender_reference,
        referral_date,
        livelihoods,
        ready,
        override_reason,
        synthetic,
    } = content;
    let now = responsible.last().map_or(municipality, |last| &last.municipality);
    pb::Referral {
        name: name.to_string(),
        participant: participant.to_string(),
        team: team.to_string(),
        municipality: now.to_string(),
        sender: sender.to_string(),
        referring_kind: referring_kind.number().into(),
        sender_reference: sender_reference.clone(),
        referral_date: Some(date_to_proto(*referral_date)),
        livelihoods: render_livelihoods(livelihoods),
        ready: *ready,
        override_reason: override_reason.clone(),
        criteria: criteria.as_ref().map(ToString::to_string).unwrap_or_default(),
        state: referral.state().number().into(),
        steps: steps.iter().map(render_step).collect(),
        decision: decision.as_ref().map(render_decision),
        queue_exception_reason: queue_exception.clone().unwrap_or_default(),
        enrolment: enrolment.as_ref().map(ToString::to_string).unwrap_or_default(),
        synthetic: *synthetic,
        etag: revision.to_string(),
        municipalities: responsible.iter().map(render_spell).collect(),
        merged_from: merged_from.iter().map(ToString::to_string).collect(),
        import: import.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

/// What of a referral its sender sees: the referral and its decision, and nothing of
/// what follows.
pub(in crate::rpc) fn as_sender(whole: pb::Referral) -> pb::Referral {
    let municipalities: Vec<_> = whole.municipalities.into_iter().take(1).collect();
    let sent_for = municipalities.first().map(|spell| spell.municipality.clone());
    pb::Referral {
        participant: String::new(),
        enrolment: String::new(),
        queue_exception_reason: String::new(),
        municipality: sent_for.unwrap_or_default(),
        municipalities,
        merged_from: Vec::new(),
        import: String::new(),
        ..whole
    }
}

fn render_step(step: &Step) -> pb::ReferralStep {
    let Step { state, actor, time, day, comment } = step;
    pb::ReferralStep {
        state: state.number().into(),
        actor: actor.to_string(),
        time: Some(timestamp(*time)),
        day: Some(date_to_proto(*day)),
        comment: comment.clone(),
    }
}

fn render_decision(decision: &Decision) -> pb::ReferralDecision {
    let Decision { reason, feedback } = decision;
    pb::ReferralDecision { reason: reason.number().into(), feedback: feedback.clone() }
}

fn render_spell(responsible: &Responsible) -> pb::MunicipalitySpell {
    let Responsible { municipality, party, first_day } = responsible;
    pb::MunicipalitySpell {
        municipality: municipality.to_string(),
        first_day: Some(date_to_proto(*first_day)),
        party: party.to_string(),
    }
}

/// Reads a referral as it was recorded.
pub(in crate::rpc) fn kept(recorded: pb::Referral) -> Result<Referral, Faults> {
    let pb::Referral {
        name,
        participant,
        team,
        municipality: _, // That of the last spell.
        sender,
        referring_kind,
        sender_reference,
        referral_date,
        livelihoods: recorded_livelihoods,
        ready,
        override_reason,
        criteria,
        state: _, // That of the last step.
        steps,
        decision,
        queue_exception_reason,
        enrolment,
        synthetic,
        etag: _, // That of the row.
        municipalities,
        merged_from,
        import,
    } = recorded;
    let merged_from = merged_from.iter().map(|name| ParticipantName::parse("merged_from", name));
    let responsible: Vec<_> = municipalities.into_iter().map(spell).collect::<Result<_, _>>()?;
    let missing = || Fault::new("municipalities", "FIELD_MISSING");
    let sent_for = responsible.first().ok_or_else(missing)?.municipality.clone();
    Ok(Referral {
        name: ReferralName::parse("name", &name)?,
        participant: ParticipantName::parse("participant", &participant)?,
        content: Content {
            team: TeamName::parse("team", &team)?,
            municipality: sent_for,
            sender: PartyName::parse("sender", &sender)?,
            referring_kind: code("referring_kind", referring_kind, ReferringKind::from_number)?,
            sender_reference,
            referral_date: date_from_proto("referral_date", referral_date)?,
            livelihoods: livelihoods("livelihoods", recorded_livelihoods)?,
            ready,
            override_reason,
            synthetic,
        },
        responsible,
        criteria: optional(&criteria, |name| CriteriaName::parse("criteria", name))?,
        steps: steps.into_iter().map(step).collect::<Result<_, _>>()?,
        decision: decision.map(self::decision).transpose()?,
        queue_exception: (!queue_exception_reason.is_empty()).then_some(queue_exception_reason),
        enrolment: optional(&enrolment, |name| EnrolmentName::parse("enrolment", name))?,
        merged_from: merged_from.collect::<Result<_, _>>()?,
        import: optional(&import, |import| ParticipantImportName::parse("import", import))?,
    })
}

fn step(recorded: pb::ReferralStep) -> Result<Step, Fault> {
    let pb::ReferralStep { state, actor, time, day, comment } = recorded;
    let missing = || Fault::new("steps.time", "FIELD_MISSING");
    Ok(Step {
        state: code("steps.state", state, State::from_number)?,
        actor: AccountName::parse("steps.actor", &actor)?,
        time: time.as_ref().and_then(instant).ok_or_else(missing)?,
        day: date_from_proto("steps.day", day)?,
        comment,
    })
}

/// Reads a decision.
pub(in crate::rpc) fn decision(sent: pb::ReferralDecision) -> Result<Decision, Faults> {
    let pb::ReferralDecision { reason, feedback } = sent;
    let mut faults = Faults::new();
    let reason = faults.keep(code("reason", reason, DecisionReason::from_number));
    let feedback = faults.keep(text("feedback", &feedback, 0, 1000));
    faults.into_result(|| Some(Decision { reason: reason?, feedback: feedback? }))
}

fn spell(recorded: pb::MunicipalitySpell) -> Result<Responsible, Fault> {
    let pb::MunicipalitySpell { municipality, first_day, party } = recorded;
    Ok(Responsible {
        municipality: MunicipalityName::parse("municipalities.municipality", &municipality)?,
        party: PartyName::parse("municipalities.party", &party)?,
        first_day: date_from_proto("municipalities.first_day", first_day)?,
    })
}
