//! `HeldActivitiesService`.

use std::{collections::BTreeSet, sync::Arc};

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, decoded},
    principal,
};
use proto::reporting::{
    self as pb, CompareActivitiesRequest, CompareActivitiesResponse, RecordHeldActivitiesRequest,
    RecordHeldActivitiesResponse, held_activities_service_server::HeldActivitiesService,
};
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{Fault, Faults, name::AreaName};

use super::{
    Shell, convert, draft,
    organisation::Organisation,
    programme_plan, recorded,
    resource::{nested, unreadable},
};
use crate::{
    domain::{
        held_activities::{self, Held, HeldActivitiesName, Refusal},
        programme_plan::{ProgrammePlanVersionName, VersionNumber},
    },
    store::{self, indexed::Row},
};

const RECORD: &str = "/samordna.reporting.v1.HeldActivitiesService/RecordHeldActivities";

pub(super) struct AllHeldActivities(pub(super) Shell);

#[async_trait]
impl HeldActivitiesService for AllHeldActivities {
    async fn record_held_activities(
        &self,
        request: Request<RecordHeldActivitiesRequest>,
    ) -> Result<Response<RecordHeldActivitiesResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.record(&principal, &metadata, message).await?))
    }

    async fn compare_activities(
        &self,
        request: Request<CompareActivitiesRequest>,
    ) -> Result<Response<CompareActivitiesResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.compare(&principal, &metadata, message).await?))
    }
}

impl AllHeldActivities {
    async fn record(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
        message: RecordHeldActivitiesRequest,
    ) -> Result<RecordHeldActivitiesResponse, Failure> {
        let write = Write::of(principal, RECORD, &message)?;
        let sent = parse(principal, message)?;
        let areas: BTreeSet<AreaName> =
            self.organisation(principal, metadata).area_names().await?.into_iter().collect();
        let sent = Arc::new((sent, areas));
        let step = self.0.journal.write(write, move |transaction, step| {
            let sent = Arc::clone(&sent);
            async move {
                let (sent, areas) = sent.as_ref();
                save(transaction, step, sent, areas).await
            }
            .boxed()
        });
        let entries = step.await?;
        Ok(RecordHeldActivitiesResponse { held_activities: Some(recorded(&entries)?) })
    }

    async fn compare(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
        message: CompareActivitiesRequest,
    ) -> Result<CompareActivitiesResponse, Failure> {
        let CompareActivitiesRequest { name: sent, version } = message;
        let mut faults = Faults::new();
        let name = faults.keep(HeldActivitiesName::parse("name", &sent));
        let number =
            (!version.is_empty()).then(|| VersionNumber::parse("version", &version)).transpose();
        let number = faults.keep(number);
        let (name, number) = faults.into_result(|| name.zip(number))?;
        principal.is_in(&name.plan.federation, &sent)?;

        let picture = self.0.journal.database().snapshot().await?;
        let found = match number {
            Some(number) => {
                let version = ProgrammePlanVersionName { plan: name.plan.clone(), number };
                store::programme_plan::find(&picture, &version).await?
            }
            None => store::programme_plan::latest(&picture, &name.plan).await?,
        };
        let kept = store::held_activities::find(&picture, &name).await?;
        picture.rollback().await?;
        let (version, plan) =
            programme_plan::stored(&found.ok_or_else(|| Failure::not_found(&name.plan))?)?;
        let (held, etag) = match kept {
            Some(kept) => (stored(&kept.payload)?, kept.revision.to_string()),
            None => (Vec::new(), String::new()),
        };
        let areas = self.organisation(principal, metadata).area_names().await?;
        let compared = held_activities::compare(&plan, name.half_year, &held, &areas);
        Ok(CompareActivitiesResponse {
            version: version.number.to_string(),
            activities: compared.into_iter().map(convert::held_activities::comparison).collect(),
            etag,
        })
    }

    fn organisation<'a>(
        &'a self,
        principal: &'a Principal,
        metadata: &'a MetadataMap,
    ) -> Organisation<'a> {
        Organisation {
            transport: &self.0.organisation,
            caller: metadata,
            federation: &principal.federation,
        }
    }
}

/// What was held, and the version that was read.
struct Sent {
    name: HeldActivitiesName,
    held: Vec<Held>,
    etag: String,
}

fn parse(principal: &Principal, message: RecordHeldActivitiesRequest) -> Result<Sent, Failure> {
    let RecordHeldActivitiesRequest { held_activities, etag, request_id: _, validate_only: _ } =
        message;
    let missing = || Fault::new("held_activities", "FIELD_MISSING");
    let sent = held_activities.ok_or_else(missing)?;
    let mut faults = Faults::new();
    let name = faults.keep(HeldActivitiesName::parse("held_activities.name", &sent.name));
    if let Some(name) = &name {
        principal.is_in(&name.plan.federation, &sent.name)?;
    }
    let held = faults.keep_nested("held_activities", convert::held_activities::parse(sent));
    let (name, held) = faults.into_result(|| name.zip(held))?;
    Ok(Sent { name, held, etag })
}

async fn save(
    transaction: &Transaction,
    step: Step,
    sent: &Sent,
    areas: &BTreeSet<AreaName>,
) -> Result<Vec<Draft>, Failure> {
    let Sent { name, held, etag } = sent;
    let latest = store::programme_plan::latest(transaction, &name.plan).await?;
    let latest = latest.ok_or_else(|| Failure::not_found(&name.plan))?;
    let (_, plan) = programme_plan::stored(&latest)?;
    let kept = store::held_activities::find(transaction, name).await?;
    let before = kept.as_ref().map(|kept| kept.revision);
    let revision = held_activities::record(before, etag, name.half_year, held, &plan, areas);
    let revision = revision.map_err(|refusal| match refusal {
        Refusal::Stale => Failure::Stale { name: name.to_string() },
        Refusal::Faulty(faults) => nested("held_activities", faults),
    })?;
    let resource = convert::held_activities::render(name, held.clone(), revision);
    let first = Recorded::first(step.sequence);
    let recorded = kept.map_or(first, |kept| Recorded { sequence: step.sequence, ..kept.recorded });
    store::held_activities::put(transaction, name, revision, recorded).await?;
    Ok(vec![draft("held_activities.recorded", name, &resource)])
}

fn stored(payload: &[u8]) -> Result<Vec<Held>, Failure> {
    let message: pb::HeldActivities = decoded(payload)?;
    Ok(convert::held_activities::parse(message).map_err(unreadable)?)
}

/// The row that finds what was recorded.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let Ok(name) = HeldActivitiesName::parse("name", name) else { return Ok(None) };
    let message: pb::HeldActivities = prost::Message::decode(payload)?;
    let revision = message.etag.parse()?;
    convert::held_activities::parse(message).map_err(unreadable)?;
    Ok(Some(store::held_activities::row(&name, revision, recorded)))
}
