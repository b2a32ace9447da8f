//! Enrolments, in both directions.

use platform::convert::{date_from_proto, date_to_proto, instant, text, timestamp};
use proto::participant as pb;
use values::{
    Fault, Faults, Slug,
    name::{AccountName, EnrolmentName, ParticipantName, PartyName, ReferralName, TeamName},
};

use super::{
    code::{code, livelihoods, render_livelihoods},
    within,
};
use crate::domain::{
    code::ExitOutcome,
    enrolment::{
        CoachSpell, Consent, ConsentKind, Content, Correction, Enrolment, Exit, Extension,
        Recipient,
    },
};

/// Reads what is told of an enrolment that begins; what is only given out is not read.
pub(in crate::rpc) fn content(federation: &Slug, sent: pb::Enrolment) -> Result<Content, Faults> {
    let pb::Enrolment {
        name: _, // Read by the handler.
        referral,
        participant: _, // Only given out.
        team: _,        // Only given out.
        first_day: sent_first_day,
        planned_last_day,
        coaches,
        consents: sent_consents,
        extensions: _, // Only given out.
        exit: _,       // Only given out.
        deliveries: _, // Only given out.
        livelihoods: sent_livelihoods,
        registered_in_error: _, // Only given out.
        synthetic: _,           // Only given out.
        etag: _,                // Only given out.
        error_reason: _,        // Only given out.
        exit_corrections: _,    // Only given out.
    } = sent;
    let mut faults = Faults::new();
    let referral = ReferralName::parse("referral", &referral);
    let referral = faults.keep(within(federation, "referral", referral, |name| &name.federation));
    let first_day = faults.keep(date_from_proto("first_day", sent_first_day));
    let planned = faults.keep(date_from_proto("planned_last_day", planned_last_day));
    let coach = faults.keep_nested("", first_coach(federation, coaches, sent_first_day));
    let consents = faults.keep_nested("", consents(federation, sent_consents));
    let livelihoods = (!sent_livelihoods.is_empty())
        .then(|| livelihoods("livelihoods", sent_livelihoods))
        .transpose();
    let livelihoods = faults.keep_nested("", livelihoods);
    faults.into_result(|| {
        Some(Content {
            referral: referral?,
            first_day: first_day?,
            planned_last_day: planned?,
            coach: coach?,
            consents: consents?,
            livelihoods: livelihoods?,
        })
    })
}

/// The one coach of an enrolment that begins.
fn first_coach(
    federation: &Slug,
    sent: Vec<pb::CoachSpell>,
    enrolled_on: Option<proto::Date>,
) -> Result<AccountName, Faults> {
    let count = sent.len();
    let [pb::CoachSpell { coach, first_day, reason: _ }] = <[pb::CoachSpell; 1]>::try_from(sent)
        .map_err(|_| {
            let fault = Fault::new("coaches", "COACH_NOT_ONE");
            fault.with("count", count)
        })?;
    let mut faults = Faults::new();
    let coach = faults.keep(self::coach(federation, "coaches[0].coach", &coach));
    if first_day.is_some() && first_day != enrolled_on {
        faults.push(Fault::new("coaches[0].first_day", "COACH_DAY_NOT_FIRST"));
    }
    faults.into_result(|| coach)
}

/// Reads the name of a coach.
pub(in crate::rpc) fn coach(
    federation: &Slug,
    field: &str,
    sent: &str,
) -> Result<AccountName, Fault> {
    within(federation, field, AccountName::parse(field, sent), |name| &name.federation)
}

fn consents(federation: &Slug, sent: Vec<pb::Consent>) -> Result<Vec<Consent>, Faults> {
    let mut faults = Faults::new();
    let mut consents: Vec<Consent> = Vec::with_capacity(sent.len());
    for (row, sent) in sent.into_iter().enumerate() {
        let field = format!("consents[{row}]");
        let Some(consent) = faults.keep_nested(&field, consent(federation, sent)) else {
            continue;
        };
        if consents.iter().any(|other| other.kind == consent.kind) {
            faults.push(Fault::new(format!("{field}.kind"), "CONSENT_TWICE"));
        }
        consents.push(consent);
    }
    consents.sort_by_key(|consent| consent.kind);
    faults.into_result(|| Some(consents))
}

/// Reads a consent.
pub(in crate::rpc) fn consent(federation: &Slug, sent: pb::Consent) -> Result<Consent, Faults> {
    let pb::Consent { kind, parties: sent_parties, given, withdrawn } = sent;
    let mut faults = Faults::new();
    let kind = faults.keep(code("kind", kind, ConsentKind::from_number));
    let mut parties = Vec::with_capacity(sent_parties.len());
    for (row, party) in sent_parties.iter().enumerate() {
        let field = format!("parties[{row}]");
        let party = PartyName::parse(&field, party);
        let party = within(federation, &field, party, |name| &name.federation);
        let party = faults.keep(party);
        if let Some(twice) = party.as_ref().filter(|party| parties.contains(*party)) {
            faults.push(Fault::new(field, "PARTY_TWICE").with("value", twice));
        }
        parties.extend(party);
    }
    let given = faults.keep(date_from_proto("given", given));
    let withdrawn =
        withdrawn.map(|withdrawn| date_from_proto("withdrawn", Some(withdrawn))).transpose();
    let withdrawn = faults.keep(withdrawn);
    faults.into_result(|| {
        Some(Consent { kind: kind?, parties, given: given?, withdrawn: withdrawn? })
    })
}

/// Reads an exit.
pub(in crate::rpc) fn exit(sent: pb::Exit) -> Result<Exit, Faults> {
    let pb::Exit { day, outcome, subsidised, extent_percent, livelihoods: lives_on } = sent;
    let mut faults = Faults::new();
    let day = faults.keep(date_from_proto("day", day));
    let outcome = faults.keep(code("outcome", outcome, ExitOutcome::from_number));
    let extent = u8::try_from(extent_percent).ok().filter(|percent| *percent <= 100);
    let extent = faults.keep(extent.ok_or_else(|| {
        Fault::new("extent_percent", "EXTENT_OUT_OF_RANGE").with("value", extent_percent)
    }));
    let lives_on = faults.keep_nested("", livelihoods("livelihoods", lives_on));
    faults.into_result(|| {
        Some(Exit {
            day: day?,
            outcome: outcome?,
            subsidised,
            extent_percent: extent?,
            livelihoods: lives_on?,
        })
    })
}

/// Reads a decision to go on for longer, of which the fields stand in the request.
pub(in crate::rpc) fn extension(
    planned_last_day: Option<proto::Date>,
    day: Option<proto::Date>,
    reason: &str,
) -> Result<Extension, Faults> {
    let mut faults = Faults::new();
    let planned = faults.keep(date_from_proto("planned_last_day", planned_last_day));
    let day = faults.keep(date_from_proto("day", day));
    let reason = faults.keep(text("reason", reason, 1, 1000));
    faults
        .into_result(|| Some(Extension { planned_last_day: planned?, day: day?, reason: reason? }))
}

/// Reads a delivery.
pub(in crate::rpc) fn delivery(
    sent: pb::Delivery,
) -> Result<(chrono::NaiveDate, Recipient), Faults> {
    let pb::Delivery { day, recipient } = sent;
    let mut faults = Faults::new();
    let day = faults.keep(date_from_proto("day", day));
    let recipient = faults.keep(code("recipient", recipient, Recipient::from_number));
    faults.into_result(|| day.zip(recipient))
}

/// An enrolment as it is recorded and answered.
pub(crate) fn render(enrolment: &Enrolment, revision: i64) -> pb::Enrolment {
    let Enrolment {
        name,
        referral,
        participant,
        team,
        first_day,
        planned_last_day,
        coaches,
        consents,
        extensions,
        exit,
        corrections,
        deliveries,
        livelihoods,
        mistake,
        synthetic,
    } = enrolment;
    pb::Enrolment {
        name: name.to_string(),
        referral: referral.to_string(),
        participant: participant.to_string(),
        team: team.to_string(),
        first_day: Some(date_to_proto(*first_day)),
        planned_last_day: Some(date_to_proto(*planned_last_day)),
        coaches: coaches.iter().map(render_coach).collect(),
        consents: consents.iter().map(render_consent).collect(),
        extensions: extensions.iter().map(render_extension).collect(),
        exit: exit.as_ref().map(render_exit),
        deliveries: deliveries
            .iter()
            .map(|(day, recipient)| pb::Delivery {
                day: Some(date_to_proto(*day)),
                recipient: *recipient as i32,
            })
            .collect(),
        livelihoods: render_livelihoods(livelihoods),
        registered_in_error: mistake.is_some(),
        synthetic: *synthetic,
        etag: revision.to_string(),
        error_reason: mistake.clone().unwrap_or_default(),
        exit_corrections: corrections.iter().map(render_correction).collect(),
    }
}

fn render_coach(spell: &CoachSpell) -> pb::CoachSpell {
    let CoachSpell { coach, first_day, reason } = spell;
    pb::CoachSpell {
        coach: coach.to_string(),
        first_day: Some(date_to_proto(*first_day)),
        reason: reason.clone(),
    }
}

fn render_consent(consent: &Consent) -> pb::Consent {
    let Consent { kind, parties, given, withdrawn } = consent;
    pb::Consent {
        kind: *kind as i32,
        parties: parties.iter().map(ToString::to_string).collect(),
        given: Some(date_to_proto(*given)),
        withdrawn: withdrawn.map(date_to_proto),
    }
}

fn render_extension(extension: &Extension) -> pb::Extension {
    let Extension { planned_last_day, day, reason } = extension;
    pb::Extension {
        planned_last_day: Some(date_to_proto(*planned_last_day)),
        day: Some(date_to_proto(*day)),
        reason: reason.clone(),
    }
}

fn render_exit(exit: &Exit) -> pb::Exit {
    let Exit { day, outcome, subsidised, extent_percent, livelihoods } = exit;
    pb::Exit {
        day: Some(date_to_proto(*day)),
        outcome: outcome.number().into(),
        subsidised: *subsidised,
        extent_percent: i32::from(*extent_percent),
        livelihoods: render_livelihoods(livelihoods),
    }
}

fn render_correction(correction: &Correction) -> pb::ExitCorrection {
    let Correction { replaced, actor, time, reason } = correction;
    pb::ExitCorrection {
        replaced: Some(render_exit(replaced)),
        actor: actor.to_string(),
        time: Some(timestamp(*time)),
        reason: reason.clone(),
    }
}

/// Reads an enrolment as it was recorded.
pub(in crate::rpc) fn kept(recorded: pb::Enrolment) -> Result<Enrolment, Faults> {
    let pb::Enrolment {
        name,
        referral,
        participant,
        team,
        first_day,
        planned_last_day,
        coaches,
        consents: recorded_consents,
        extensions,
        exit: recorded_exit,
        deliveries,
        livelihoods: recorded_livelihoods,
        registered_in_error,
        synthetic,
        etag: _, // That of the row.
        error_reason,
        exit_corrections,
    } = recorded;
    let name = EnrolmentName::parse("name", &name)?;
    let consents = consents(&name.federation, recorded_consents)?;
    Ok(Enrolment {
        name,
        referral: ReferralName::parse("referral", &referral)?,
        participant: ParticipantName::parse("participant", &participant)?,
        team: TeamName::parse("team", &team)?,
        first_day: date_from_proto("first_day", first_day)?,
        planned_last_day: date_from_proto("planned_last_day", planned_last_day)?,
        coaches: coaches.into_iter().map(spell).collect::<Result<_, _>>()?,
        consents,
        extensions: extensions.into_iter().map(kept_extension).collect::<Result<_, _>>()?,
        exit: recorded_exit.map(exit).transpose()?,
        corrections: exit_corrections.into_iter().map(correction).collect::<Result<_, _>>()?,
        deliveries: deliveries.into_iter().map(delivery).collect::<Result<_, _>>()?,
        livelihoods: livelihoods("livelihoods", recorded_livelihoods)?,
        mistake: registered_in_error.then_some(error_reason),
        synthetic,
    })
}

fn spell(recorded: pb::CoachSpell) -> Result<CoachSpell, Fault> {
    let pb::CoachSpell { coach, first_day, reason } = recorded;
    let first_day = date_from_proto("coaches.first_day", first_day)?;
    Ok(CoachSpell { coach: AccountName::parse("coaches.coach", &coach)?, first_day, reason })
}

/// The reason may have been taken away since it was sent.
fn kept_extension(recorded: pb::Extension) -> Result<Extension, Fault> {
    let pb::Extension { planned_last_day, day, reason } = recorded;
    let planned_last_day = date_from_proto("extensions.planned_last_day", planned_last_day)?;
    Ok(Extension { planned_last_day, day: date_from_proto("extensions.day", day)?, reason })
}

fn correction(recorded: pb::ExitCorrection) -> Result<Correction, Faults> {
    let pb::ExitCorrection { replaced, actor, time, reason } = recorded;
    let missing = |field: &str| Fault::new(field, "FIELD_MISSING");
    Ok(Correction {
        replaced: exit(replaced.ok_or_else(|| missing("exit_corrections.replaced"))?)?,
        actor: AccountName::parse("exit_corrections.actor", &actor)?,
        time: time.as_ref().and_then(instant).ok_or_else(|| missing("exit_corrections.time"))?,
        reason,
    })
}
