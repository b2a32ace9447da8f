//! `ParticipantImportService`: cases that are kept elsewhere, taken in and taken back as
//! one, and a team's cases without anything that tells whose they are.

mod export;
mod plan;
mod read;
mod refused;
mod save;
mod stream;
mod undo;

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use futures::stream::BoxStream;
use platform::{
    Failure, Principal,
    convert::{faults_to_import, instant, timestamp},
    journalled::{Recorded, decoded},
    page::Page,
    principal,
};
use proto::participant::participant_import_service_server::ParticipantImportService;
use proto::{common::ImportEffect, participant as pb};
use tonic::{Request, Response, Status, Streaming};
use values::{
    Faults,
    name::{AccountName, ParticipantImportName, ParticipantName, PartyName, TeamName},
};

use super::{Shared, journalled::teams_of, parent, permissions, stretch};
use crate::{
    domain::{
        participant_import::{Answer, Answered, Import, Row},
        referral::State,
    },
    store,
};
use read::Prepared;

/// A batch of a stream is the same request: it may be repeated either way.
const IMPORT: &str = "/samordna.participant.v1.ParticipantImportService/ImportParticipants";

pub(super) struct Imports(pub(super) Shared);

#[tonic::async_trait]
impl ParticipantImportService for Imports {
    async fn import_participants(
        &self,
        request: Request<pb::ImportParticipantsRequest>,
    ) -> Result<Response<pb::ImportParticipantsResponse>, Status> {
        let principal = principal::of(&request)?;
        let prepared = read::prepare(&self.0, &principal, request.into_inner())?;
        Ok(Response::new(carry_out(&self.0, &principal, prepared).await?))
    }

    type StreamParticipantImportStream =
        BoxStream<'static, Result<pb::StreamParticipantImportResponse, Status>>;

    async fn stream_participant_import(
        &self,
        request: Request<Streaming<pb::StreamParticipantImportRequest>>,
    ) -> Result<Response<Self::StreamParticipantImportStream>, Status> {
        Ok(Response::new(stream::answers(self.0.clone(), request)?))
    }

    async fn undo_participant_import(
        &self,
        request: Request<pb::UndoParticipantImportRequest>,
    ) -> Result<Response<pb::UndoParticipantImportResponse>, Status> {
        let import = undo::undo(&self.0, request).await?;
        let participant_import = Some(import);
        Ok(Response::new(pb::UndoParticipantImportResponse { participant_import }))
    }

    async fn list_participant_imports(
        &self,
        request: Request<pb::ListParticipantImportsRequest>,
    ) -> Result<Response<pb::ListParticipantImportsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }

    async fn export_cases(
        &self,
        request: Request<pb::ExportCasesRequest>,
    ) -> Result<Response<pb::ExportCasesResponse>, Status> {
        Ok(Response::new(export::export(&self.0, request).await?))
    }
}

/// Carries an import out, all of it or nothing.
async fn carry_out(
    shared: &Shared,
    principal: &Principal,
    prepared: Prepared,
) -> Result<pb::ImportParticipantsResponse, Failure> {
    let write = prepared.write.clone();
    let (asked, known) = (Arc::new(prepared), Known::default());
    let (handed, caller) = (shared.clone(), principal.clone());
    let (kept, found) = (asked.clone(), known.clone());
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, caller) = (handed.clone(), caller.clone());
        let (asked, known) = (kept.clone(), found.clone());
        Box::pin(
            async move { save::save(&shared, transaction, step, &asked, &caller, &known).await },
        )
    });
    match entries.await {
        Ok(entries) => {
            let known = known.take();
            let people = known.values().map(|(party, name)| (party.clone(), name.id.clone()));
            shared.log(principal, IMPORT, people.collect::<Vec<_>>()).await?;
            let created: HashSet<&str> =
                entries.iter().map(|entry| entry.subject.as_str()).collect();
            let outcome = |(number, row): &(usize, Row)| {
                outcome(*number, row, &created, known.get(number).map(|(_, name)| name))
            };
            let outcomes = asked.rows.iter().map(outcome).collect();
            Ok(pb::ImportParticipantsResponse { outcomes, faults: Vec::new() })
        }
        Err(Failure::Invalid(faults)) => Ok(pb::ImportParticipantsResponse {
            outcomes: Vec::new(),
            faults: faults_to_import(faults),
        }),
        Err(failure) => Err(failure),
    }
}

/// Whom a dry run has found among those that the caller sees, by the row.
#[derive(Clone, Default)]
struct Known(Arc<Mutex<BTreeMap<usize, (PartyName, ParticipantName)>>>);

impl Known {
    fn put(&self, known: BTreeMap<usize, (PartyName, ParticipantName)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = known;
    }

    fn take(&self) -> BTreeMap<usize, (PartyName, ParticipantName)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a row does: told by the row itself, and by what is recorded.
fn outcome(
    number: usize,
    row: &Row,
    created: &HashSet<&str>,
    known: Option<&ParticipantName>,
) -> pb::CaseOutcome {
    let referral = row.name.to_string();
    let is_new = created.contains(referral.as_str());
    let state = match (&row.begun, &row.answered) {
        (Some(_), _) => State::Enrolled,
        (None, Some(Answered { answer: Answer::Decided { state, .. }, .. })) => *state,
        (None, Some(Answered { answer: Answer::Revoked, .. })) => State::Revoked,
        (None, None) => State::Sent,
    };
    let effect = if is_new { ImportEffect::Created } else { ImportEffect::Unchanged };
    pb::CaseOutcome {
        row: path(number),
        referral,
        effect: effect.into(),
        known_participant: known.map(ToString::to_string).unwrap_or_default(),
        state: state.number().into(),
        enrolment: row.begun.as_ref().map(|_| row.enrolment().to_string()).unwrap_or_default(),
        outcome: row.exit.as_ref().map(|exit| exit.outcome.number().into()).unwrap_or_default(),
    }
}

/// Where a row stands in the request.
fn path(number: usize) -> String {
    format!("cases[{number}]")
}

async fn list(
    shared: &Shared,
    request: Request<pb::ListParticipantImportsRequest>,
) -> Result<pb::ListParticipantImportsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListParticipantImportsRequest { parent: sent, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent)?;
    let stretch = faults.keep_nested("", stretch(page_size, &page_token));
    let stretch = faults.into_result(|| stretch)?;
    let teams = teams_of(&principal, permissions::TEAM_WRITERS);
    let read = &shared.journal.database().read;
    let (imports, next) =
        store::participant_import::list(read, &federation, &teams, stretch).await?;
    let imports = imports.iter().map(|payload| decoded(payload));
    Ok(pb::ListParticipantImportsResponse {
        participant_imports: imports.collect::<Result<_, _>>()?,
        next_page_token: next.map(|next| Page::token(&next.to_string())).unwrap_or_default(),
    })
}

/// An import as it is recorded and answered.
fn render(import: &Import, revision: i32) -> pb::ParticipantImport {
    let Import { name, time, actor, team, cases, undo_reason } = import;
    pb::ParticipantImport {
        name: name.to_string(),
        time: Some(timestamp(*time)),
        actor: actor.to_string(),
        team: team.to_string(),
        cases: *cases,
        undo_reason: undo_reason.clone(),
        etag: revision.to_string(),
    }
}

/// An import as it was recorded.
fn kept(recorded: pb::ParticipantImport) -> Result<Import, Failure> {
    let pb::ParticipantImport { name, time, actor, team, cases, undo_reason, etag: _ } = recorded;
    let time = time.as_ref().and_then(instant);
    Ok(Import {
        name: ParticipantImportName::parse("name", &name)?,
        time: time.ok_or_else(|| anyhow::anyhow!("{name} has no time"))?,
        actor: AccountName::parse("actor", &actor)?,
        team: TeamName::parse("team", &team)?,
        cases,
        undo_reason,
    })
}

/// What finds an import that is recorded.
pub(crate) fn index(
    name: &str,
    payload: &[u8],
    recorded: Recorded,
) -> anyhow::Result<store::participant_import::Row> {
    let message: pb::ParticipantImport = prost::Message::decode(payload)?;
    let name = ParticipantImportName::parse("name", name);
    let team = TeamName::parse("team", &message.team);
    Ok(store::participant_import::Row {
        name: name.map_err(|fault| anyhow::anyhow!("{fault:?}"))?,
        team: team.map_err(|fault| anyhow::anyhow!("{fault:?}"))?,
        revision: message.etag.parse()?,
        recorded,
    })
}
