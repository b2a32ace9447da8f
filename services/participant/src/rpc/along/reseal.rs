//! Sealing anew what belongs to enrolments, when their person's key is another.

use std::collections::BTreeSet;

use platform::{Draft, Failure, journal::Transaction, sql::Batch};
use proto::participant as pb;
use values::name::{EnrolmentName, ParticipantName};

use super::{Along, draft, named, opened};
use crate::{
    keyring::DataKey,
    rpc::case::Drafts,
    store::{self, along::Record},
};

/// Why it is sealed anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rpc) enum Why {
    /// Its person turned out to be another.
    Merged,
    /// That was taken back.
    Parted,
    /// Its person has protected identity: words are left out, and what it lives on.
    Protected,
}

/// What is recorded of a milestone, a placement, answers and a follow-up.
struct Kinds {
    milestone: &'static str,
    placement: &'static str,
    survey_answer: &'static str,
    follow_up: &'static str,
}

impl Why {
    fn kinds(self) -> Kinds {
        match self {
            Why::Merged => Kinds {
                milestone: "milestone.merged",
                placement: "placement.merged",
                survey_answer: "survey_answer.merged",
                follow_up: "follow_up.merged",
            },
            Why::Parted => Kinds {
                milestone: "milestone.parted",
                placement: "placement.parted",
                survey_answer: "survey_answer.parted",
                follow_up: "follow_up.parted",
            },
            Why::Protected => Kinds {
                milestone: "milestone.protected",
                placement: "placement.protected",
                survey_answer: "survey_answer.protected",
                follow_up: "follow_up.protected",
            },
        }
    }
}

/// The key that opens what there is, the one that it is sealed with, and whose that is.
#[derive(Clone, Copy)]
pub(in crate::rpc) struct Seals<'a> {
    pub(in crate::rpc) from: &'a DataKey,
    pub(in crate::rpc) to: &'a DataKey,
    pub(in crate::rpc) person: &'a ParticipantName,
}

/// Seals anew what belongs to these enrolments, which are of the person in the tables.
pub(in crate::rpc) async fn reseal(
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    (of, enrolments): (&ParticipantName, &BTreeSet<EnrolmentName>),
    (seals, why): (Seals<'_>, Why),
) -> Result<(), Failure> {
    let Kinds { milestone, placement, survey_answer, follow_up } = why.kinds();
    let from = (of, enrolments);
    all_of::<pb::Milestone>(batch, drafts, from, (seals, why, milestone)).await?;
    all_of::<pb::Placement>(batch, drafts, from, (seals, why, placement)).await?;
    all_of::<pb::SurveyAnswer>(batch, drafts, from, (seals, why, survey_answer)).await?;
    for record in store::follow_up::of_person(batch.connection(), of).await? {
        let Some(payload) = record.payload.as_ref() else { continue };
        if !enrolments.contains(&record.name.enrolment) {
            continue;
        }
        let message: pb::FollowUp = opened(seals.from, &record.name.to_string(), payload)?;
        let message = match why {
            Why::Merged | Why::Parted => message,
            Why::Protected => pb::FollowUp { livelihoods: Vec::new(), ..message },
        };
        store::follow_up::reseal(batch, &record.name, drafts.next());
        let sealed_by = (seals.to, &seals.person.id);
        drafts.push(draft(sealed_by, follow_up, (&record.name, &message)));
    }
    Ok(())
}

async fn all_of<M: Along>(
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    (of, enrolments): (&ParticipantName, &BTreeSet<EnrolmentName>),
    (seals, why, kind): (Seals<'_>, Why, &'static str),
) -> Result<(), Failure> {
    let records = store::along::of_person(batch.connection(), M::TABLE, of).await?;
    for record in records.iter().filter(|record| enrolments.contains(&record.enrolment)) {
        store::along::reseal(batch, M::TABLE, record, drafts.next());
        drafts.push(sealed_anew::<M>(record, seals, why, kind)?);
    }
    Ok(())
}

fn sealed_anew<M: Along>(
    record: &Record,
    seals: Seals<'_>,
    why: Why,
    kind: &'static str,
) -> Result<Draft, Failure> {
    let name = named(M::TABLE, &record.enrolment.federation, &record.id);
    let message: M = opened(seals.from, &name, &record.payload)?;
    let message = match why {
        Why::Merged | Why::Parted => message,
        Why::Protected => message.without_words(),
    };
    Ok(draft((seals.to, &seals.person.id), kind, (&name, &message)))
}
