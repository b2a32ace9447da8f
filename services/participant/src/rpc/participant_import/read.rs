//! Reads the rows of an import. What is wrong with one is told with where it stands,
//! beside what is wrong with the others.

use chrono::NaiveDate;
use platform::{Failure, Principal, Write, convert::date_from_proto};
use proto::participant as pb;
use values::{
    Fault, Faults, Slug,
    name::{ParticipantImportName, ReferralName, TeamName},
};

use super::IMPORT;
use crate::{
    domain::{
        participant_import::{Answer, Answered, Row},
        referral::State,
    },
    rpc::{Shared, convert, parent},
};

/// Cases of one batch.
const MOST_CASES: usize = 5000;

/// An import that is read, and only has to be held against the record.
pub(super) struct Prepared {
    pub(super) write: Write,
    pub(super) name: ParticipantImportName,
    pub(super) team: TeamName,
    /// Each with where it stands among those that were sent.
    pub(super) rows: Vec<(usize, Row)>,
    /// What is wrong with the others.
    pub(super) faults: Vec<(usize, Faults)>,
}

/// Reads an import.
///
/// # Errors
/// What is wrong with the whole of it.
pub(super) fn prepare(
    shared: &Shared,
    principal: &Principal,
    message: pb::ImportParticipantsRequest,
) -> Result<Prepared, Failure> {
    let write = shared.write_of(principal, IMPORT, &message)?;
    let today = shared.journal.clock().today();
    let pb::ImportParticipantsRequest {
        parent: sent_parent,
        participant_import_id,
        team,
        cases,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let id = faults.keep(Slug::parse("participant_import_id", &participant_import_id));
    let team = TeamName::parse("team", &team);
    let team = faults.keep(convert::within(&federation, "team", team, |name| &name.federation));
    if cases.len() > MOST_CASES {
        let fault = Fault::new("cases", "BATCH_TOO_LARGE");
        faults.push(fault.with("count", cases.len()).with("limit", MOST_CASES));
    }
    let (id, team) = faults.into_result(|| id.zip(team))?;
    let name = ParticipantImportName::new(federation, id);
    let mut prepared = Prepared { write, name, team, rows: Vec::new(), faults: Vec::new() };
    for (number, case) in cases.into_iter().enumerate() {
        match row(&prepared.team, case, today) {
            Ok(row) => prepared.rows.push((number, row)),
            Err(faults) => prepared.faults.push((number, faults)),
        }
    }
    Ok(prepared)
}

fn row(team: &TeamName, sent: pb::Case, today: NaiveDate) -> Result<Row, Faults> {
    let pb::Case { id, person, referral, decision_date, decision_state, decision, enrolment, exit } =
        sent;
    let federation = &team.federation;
    let mut faults = Faults::new();
    // What was sent in place of an id is not repeated: it may tell who a person is.
    let id =
        Slug::parse("id", &id).map_err(|_| Fault::new("id", "ID_MALFORMED").with("value", "…"));
    let id = id.and_then(|id| convert::referral::untelling("id", id, today));
    let name = faults.keep(id).map(|id| ReferralName::new(federation.clone(), id));
    let person = faults.keep(person.ok_or_else(|| Fault::new("person", "FIELD_MISSING")));
    let told = person
        .and_then(|sent| faults.keep_nested("person", convert::participant::told(sent, today)));
    let referral = faults.keep(referral.ok_or_else(|| Fault::new("referral", "FIELD_MISSING")));
    let content = referral.and_then(|mut sent| {
        let own = team.to_string();
        if sent.team.is_empty() {
            sent.team.clone_from(&own);
        } else if sent.team != own {
            let fault = Fault::new("referral.team", "TEAM_NOT_THE_IMPORTS");
            faults.push(fault.with("value", &sent.team).with("team", team));
        }
        faults.keep_nested("referral", convert::referral::content(federation, sent, today))
    });
    let answered = answered(decision_date, decision_state, decision);
    let answered = faults.keep_nested("", answered);
    let begun = enrolment.map(|mut sent| {
        if let Some(name) = &name {
            sent.referral = name.to_string();
        }
        convert::enrolment::content(federation, sent)
    });
    let begun = faults.keep_nested("enrolment", begun.transpose());
    let exit = faults.keep_nested("exit", exit.map(convert::enrolment::exit).transpose());
    faults.into_result(|| {
        let (name, told, content) = (name?, told?, content?);
        Some(Row {
            name,
            sex: told.sex,
            kept: told.kept,
            content,
            answered: answered?,
            begun: begun?,
            exit: exit?,
        })
    })
}

fn answered(
    day: Option<proto::Date>,
    state: i32,
    decision: Option<pb::ReferralDecision>,
) -> Result<Option<Answered>, Faults> {
    let mut faults = Faults::new();
    if state == 0 {
        let missing = || Fault::new("decision_state", "FIELD_MISSING");
        faults.keep(if day.is_none() && decision.is_none() { Ok(()) } else { Err(missing()) });
        return faults.into_result(|| Some(None));
    }
    let day = faults.keep(date_from_proto("decision_date", day));
    let state = convert::code::code("decision_state", state, State::from_number);
    let answer = faults.keep(state).and_then(|state| match (state, decision) {
        (State::Revoked, None) => Some(Answer::Revoked),
        (State::Revoked, Some(_)) => {
            faults.push(Fault::new("decision", "NO_DECISION").with("referral_state", state.name()));
            None
        }
        (_, None) => {
            faults.push(Fault::new("decision", "FIELD_MISSING"));
            None
        }
        (state, Some(decision)) => {
            let read = convert::referral::decision(decision);
            let decision = faults.keep_nested("decision", read)?;
            Some(Answer::Decided { state, decision })
        }
    });
    faults.into_result(|| Some(Some(Answered { day: day?, answer: answer? })))
}
