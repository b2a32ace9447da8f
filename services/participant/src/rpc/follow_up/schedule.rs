//! What a step that changes an exit does with the follow-ups of the enrolment.

use platform::{Failure, journal::Transaction, sql::Batch};

use super::opened;
use crate::{
    domain::{
        enrolment::Enrolment,
        follow_up::{FollowUp, reschedule, revision, schedule},
    },
    keyring::DataKey,
    rpc::{along, case::Drafts, convert},
    store::{
        self,
        follow_up::{Index, Record},
    },
};

/// Puts the follow-ups of an enrolment as it has become in the place of what is kept. What
/// had ended and is not of the exit any more is recorded.
pub(crate) async fn put(
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    (enrolment, key): (&Enrolment, &DataKey),
) -> Result<(), Failure> {
    let records = store::follow_up::of_enrolment(batch.connection(), &enrolment.name).await?;
    let before: Vec<FollowUp> =
        records.iter().map(|record| opened(key, record)).collect::<Result<_, _>>()?;
    let after = reschedule(&before, enrolment);
    for (record, kept) in records.iter().zip(&before) {
        let stays = after.iter().find(|follow_up| follow_up.name == record.name);
        if stays == Some(kept) && kept.ended.is_some() {
            continue;
        }
        if kept.ended.is_some() {
            void(batch, drafts, (record, kept), (enrolment, key, stays));
        }
        match stays {
            Some(follow_up) => {
                store::follow_up::update(batch, &index(follow_up, enrolment), None);
            }
            None => store::follow_up::delete(batch, &record.name),
        }
    }
    for follow_up in after {
        if !records.iter().any(|record| record.name == follow_up.name) {
            store::follow_up::insert(batch, &index(&follow_up, enrolment)).await?;
        }
    }
    Ok(())
}

/// Records that one that had ended has not.
fn void(
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    (record, kept): (&Record, &FollowUp),
    (enrolment, key, stays): (&Enrolment, &DataKey, Option<&FollowUp>),
) {
    store::follow_up_end::void(batch, &record.name, drafts.next());
    let due = stays.map_or(kept.due, |follow_up| follow_up.due);
    let voided = FollowUp { name: record.name.clone(), due, ended: None };
    let version = revision(&voided, enrolment);
    let message = convert::follow_up::render(&voided, &enrolment.team, version);
    let sealed_by = (key, &enrolment.participant.id);
    drafts.push(along::draft(sealed_by, "follow_up.voided", (&record.name, &message)));
}

/// What the follow-ups of an enrolment that is taken in are found by.
pub(crate) fn scheduled(enrolment: &Enrolment) -> Vec<Index> {
    schedule(enrolment).iter().map(|follow_up| index(follow_up, enrolment)).collect()
}

/// What a follow-up that has not ended is found by.
pub(crate) fn index(follow_up: &FollowUp, enrolment: &Enrolment) -> Index {
    Index {
        name: follow_up.name.clone(),
        team: enrolment.team.clone(),
        due: follow_up.due,
        is_open: follow_up.ended.is_none(),
        revision: revision(follow_up, enrolment),
    }
}
