//! That what happened along the enrolments is found and counted as its records in the
//! journal have it, and that the follow-ups are those that the exits schedule.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use proto::participant as pb;
use sea_orm::DatabaseTransaction;
use values::{
    Slug,
    name::{EnrolmentName, FollowUpName, ParticipantName, PartyName, ReferralName},
};

use super::people::{Recorded, differs, is_latest};
use crate::{
    domain::{
        enrolment::Enrolment,
        follow_up::{FollowUp, MONTHS, Reached, schedule},
    },
    keyring::{DataKey, Keyring},
    rpc::{along, convert, follow_up, milestone, placement, survey},
    store::{
        self,
        along::{MILESTONES, PLACEMENTS, Record, SURVEY_ANSWERS, Table},
        follow_up::Index,
    },
};

/// Every enrolment that could be opened, and the key of its person.
pub(super) type Enrolments = BTreeMap<EnrolmentName, (Enrolment, Arc<DataKey>)>;

/// The collections of what happens along enrolments.
pub(super) const COLLECTIONS: [&str; 4] = [
    MILESTONES.collection,
    PLACEMENTS.collection,
    SURVEY_ANSWERS.collection,
    FollowUpName::COLLECTION,
];

/// What the check of a federation has at hand.
pub(super) struct Ground<'a> {
    pub(super) picture: &'a DatabaseTransaction,
    pub(super) keyring: &'a Keyring,
    pub(super) federation: &'a Slug,
    pub(super) enrolments: &'a Enrolments,
}

impl Ground<'_> {
    /// True unless an enrolment was a mistake.
    fn stands(&self, enrolment: &EnrolmentName) -> bool {
        self.enrolments.get(enrolment).is_some_and(|(one, _)| one.mistake.is_none())
    }

    fn key(
        &self,
        (party, person): (&PartyName, &ParticipantName),
        wrapped: &[u8],
    ) -> anyhow::Result<DataKey> {
        Ok(self.keyring.unwrap(&person.federation, &party.id, person.id.as_str(), wrapped)?)
    }
}

/// Adds a line for each problem of a federation.
pub(super) async fn check(
    ground: &Ground<'_>,
    recorded: &mut Recorded,
    problems: &mut Vec<String>,
) -> anyhow::Result<()> {
    let Ground { picture, federation, .. } = ground;
    let rows = store::milestone::all(*picture, federation).await?;
    let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.name.id.clone(), row)).collect();
    table(ground, MILESTONES, (recorded, problems), |id, message: pb::Milestone| {
        let etag = message.etag.parse().ok();
        let kept = convert::milestone::kept(message).ok();
        kept.zip(etag).is_some_and(|(kept, etag)| {
            let stands = ground.stands(&kept.content.enrolment);
            rows.get(id) == Some(&milestone::index(&kept, stands, etag))
        })
    })
    .await?;
    let rows = store::placement::all(*picture, federation).await?;
    let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.name.id.clone(), row)).collect();
    table(ground, PLACEMENTS, (recorded, problems), |id, message: pb::Placement| {
        let etag = message.etag.parse().ok();
        let kept = convert::placement::kept(message).ok();
        kept.zip(etag).is_some_and(|(kept, etag)| {
            let stands = ground.stands(&kept.content.enrolment);
            rows.get(id) == Some(&placement::index(&kept, stands, etag))
        })
    })
    .await?;
    let rows = store::survey_answer::all(*picture, federation).await?;
    let rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.name.id.clone(), row)).collect();
    table(ground, SURVEY_ANSWERS, (recorded, problems), |id, message: pb::SurveyAnswer| {
        let etag = message.etag.parse().ok();
        let kept = convert::survey::kept(message).ok();
        kept.zip(etag).is_some_and(|(kept, etag)| {
            let stands = ground.stands(&kept.content.enrolment);
            rows.get(id) == Some(&survey::index(&kept, stands, etag))
        })
    })
    .await?;
    follow_ups(ground, recorded, problems).await
}

/// Checks the rows of a table; `follows` tells whether that of an id is made of a message.
async fn table<M: prost::Message + Default>(
    ground: &Ground<'_>,
    table: Table,
    (recorded, problems): (&mut Recorded, &mut Vec<String>),
    follows: impl Fn(&Slug, M) -> bool,
) -> anyhow::Result<()> {
    for record in store::along::all(ground.picture, table, ground.federation).await? {
        let Record { id, party, participant, wrapped_key, payload, .. } = &record;
        let name = along::named(table, ground.federation, id);
        is_latest(&name, payload, recorded, problems);
        let follows = ground
            .key((party, participant), wrapped_key)
            .and_then(|key| Ok(follows(id, along::opened(&key, &name, payload)?)));
        match follows {
            Ok(true) => {}
            Ok(false) => problems.push(differs(&name)),
            Err(error) => problems.push(format!("{name} cannot be opened: {error:#}")),
        }
    }
    Ok(())
}

type Ends = BTreeSet<(FollowUpName, ReferralName, i16)>;

async fn follow_ups(
    ground: &Ground<'_>,
    recorded: &mut Recorded,
    problems: &mut Vec<String>,
) -> anyhow::Result<()> {
    let Ground { picture, federation, enrolments, .. } = ground;
    let rows = store::follow_up::all(*picture, federation).await?;
    let mut rows: BTreeMap<FollowUpName, Index> =
        rows.into_iter().map(|record| (record.name, record.index)).collect();
    let mut ends = Ends::new();
    for (enrolment, key) in enrolments.values() {
        let scheduled = schedule(enrolment);
        for months in MONTHS {
            let name = FollowUpName::new(enrolment.name.clone(), months);
            let payload = recorded.remove(&name.to_string());
            let told = match payload.map(|payload| told(key, &name, &payload)).transpose() {
                Ok(told) => told,
                Err(error) => {
                    problems.push(format!("{name} cannot be opened: {error:#}"));
                    continue;
                }
            };
            let ended = told.filter(|(follow_up, _)| follow_up.ended.is_some());
            let due = scheduled.iter().find(|follow_up| follow_up.name == name);
            if let Some((_, outcome)) = ended.as_ref().and_then(|(one, _)| one.ended.as_ref()) {
                let reached = Reached::from(outcome).number();
                ends.insert((name.clone(), enrolment.referral.clone(), reached));
            }
            let expected = match (due, ended) {
                (Some(_), Some((follow_up, revision))) => {
                    Some(Index { revision, ..follow_up::index(&follow_up, enrolment) })
                }
                (Some(due), None) => Some(follow_up::index(due, enrolment)),
                (None, _) => None,
            };
            if rows.remove(&name) != expected {
                problems.push(format!("{name} is not scheduled as its exit has it"));
            }
        }
    }
    let strangers = rows.into_keys().map(|name| format!("{name} is scheduled and not there"));
    problems.extend(strangers);
    let known = store::follow_up::known_ends(*picture, federation).await?;
    let known: Ends = known.into_iter().collect();
    let differing: BTreeSet<&FollowUpName> =
        known.symmetric_difference(&ends).map(|(name, ..)| name).collect();
    let miscounted = |name| format!("{name} is not counted as the journal has it");
    problems.extend(differing.into_iter().map(miscounted));
    Ok(())
}

/// A follow-up as it was recorded last, and the number of its version.
fn told(key: &DataKey, name: &FollowUpName, payload: &[u8]) -> anyhow::Result<(FollowUp, i64)> {
    let message: pb::FollowUp = along::opened(key, &name.to_string(), payload)?;
    let revision = message.etag.parse()?;
    let kept = convert::follow_up::kept(message);
    Ok((kept.map_err(|faults| anyhow::anyhow!("{faults:?}"))?, revision))
}
