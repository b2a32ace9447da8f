//! Taking an import back as one: every case that came with it was a mistake.

use platform::{
    Draft, Failure, Principal, Step, clock::day_in_sweden, convert::text, journal::Transaction,
    journalled::decoded, principal, sql::Batch,
};
use proto::participant as pb;
use tonic::Request;
use values::{Faults, name::ParticipantImportName};

use super::{refused, render};
use crate::{
    domain::{
        case::Recorded,
        participant_import::{self, Import, Imported},
    },
    rpc::{
        Shared,
        case::{self, Drafts, Kept, Owner},
        draft, follow_up, journalled, people, permissions, recorded,
    },
    store,
};

const UNDO: &str = "/samordna.participant.v1.ParticipantImportService/UndoParticipantImport";
/// Cases that are sent to the database at a time.
const AT_ONCE: usize = 100;

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: ParticipantImportName,
    etag: String,
    reason: String,
}

pub(super) async fn undo(
    shared: &Shared,
    request: Request<pb::UndoParticipantImportRequest>,
) -> Result<pb::ParticipantImport, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, UNDO, request.get_ref())?;
    let pb::UndoParticipantImportRequest {
        name: sent,
        etag,
        reason,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let name = faults.keep(ParticipantImportName::parse("name", &sent));
    people::etag(&etag, &mut faults);
    let reason = faults.keep(text("reason", &reason, 1, 1000));
    let asked = faults.into_result(|| Some(Asked { name: name?, etag, reason: reason? }))?;
    principal.is_in(&asked.name.federation, &sent)?;
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, caller) = (handed.clone(), asked.clone(), principal.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, &caller).await })
    });
    recorded(&entries.await?)
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    caller: &Principal,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, reason } = asked;
    let found = store::participant_import::find(transaction, &name).await?;
    let found = found.ok_or_else(|| Failure::not_found(&name))?;
    let import = super::kept(decoded(&found.payload)?)?;
    let teams = journalled::teams_of(caller, permissions::TEAM_WRITERS);
    if !teams.contains(&import.team) {
        return Err(Failure::not_found(&name));
    }
    people::is_current(&etag, found.revision.into(), &name)?;
    if !import.undo_reason.is_empty() {
        return Err(Failure::refused("IMPORT_UNDONE").with("import", &name.id));
    }
    let revision = found.revision + 1;
    let undone = Import { undo_reason: reason, ..import };
    let mut drafts = Drafts::of(step);
    let at = platform::journalled::Recorded { sequence: drafts.next(), ..found.recorded };
    let row = store::participant_import::Row {
        name: name.clone(),
        team: undone.team.clone(),
        revision,
        recorded: at,
    };
    store::participant_import::update(transaction, &row).await?;
    drafts.push(draft("participant_import.undone", &name, &render(&undone, revision)));
    take_back(shared, transaction, &mut drafts, (step, &undone), caller).await?;
    Ok(drafts.into_vec())
}

async fn take_back(
    shared: &Shared,
    transaction: &Transaction,
    drafts: &mut Drafts,
    (step, undone): (Step, &Import),
    caller: &Principal,
) -> Result<(), Failure> {
    let Import { name, cases: came, undo_reason: reason, .. } = undone;
    let reach = permissions::writing_reach(caller);
    let kept: Vec<Kept> = case::assembled(
        store::referral::of_import(transaction, name).await?,
        store::enrolment::of_import(transaction, name).await?,
    );
    if !kept.iter().all(|kept| reach.handles(kept.referral.index.belonging())) {
        return Err(Failure::Denied);
    }
    let with_more = store::participant_import::with_more(transaction, name).await?;
    let mut imported = Vec::with_capacity(kept.len());
    for kept in &kept {
        let mut enrolments = kept.enrolments.iter().map(|enrolment| &enrolment.index);
        let is_touched = kept.referral.index.revision > 1
            || enrolments.any(|index| index.revision > 1 || with_more.contains(&index.name.id));
        let key = shared.data_key(&kept.referral.person)?;
        imported.push(Imported { case: kept.open(&key)?, is_touched });
    }
    let recorded = Recorded { actor: caller.account.clone(), time: step.now };
    let today = day_in_sweden(step.now);
    let undone = participant_import::undo(*came, imported, reason, &recorded, today);
    let undone = undone.map_err(refused::undo)?;
    for (kept, undone) in kept.chunks(AT_ONCE).zip(undone.chunks(AT_ONCE)) {
        let mut batch = Batch::on(transaction);
        for (kept, after) in kept.iter().zip(undone) {
            let record = &kept.referral.person;
            let key = shared.data_key(record)?;
            let person = people::open_person(&key, record)?;
            let owner = Owner { person: &person, key: &key, entered: record.created_sequence };
            let kinds = ["referral.registered_in_error", "enrolment.registered_in_error"];
            case::put(&mut batch, drafts, kept, after, (owner, kinds)).await?;
            for enrolment in after.enrolments.iter().filter(|enrolment| enrolment.exit.is_some()) {
                follow_up::put(&mut batch, drafts, (enrolment, &key)).await?;
            }
        }
        batch.send().await?;
    }
    Ok(())
}
