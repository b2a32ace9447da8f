//! How long a party keeps its people.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Step, Write, journal::Transaction, journalled::Recorded, principal,
};
use proto::participant as pb;
use tonic::Request;
use values::{
    Fault, Faults, Slug,
    name::{PartyName, RetentionName},
};

use super::administers;
use crate::{
    domain::disposal::Retention,
    rpc::{Shared, convert, decoded, draft, parent, recorded},
    store::{self, retention::Row},
};

const SET: &str = "/samordna.participant.v1.DisposalService/SetRetention";

pub(super) async fn set(
    shared: &Shared,
    request: Request<pb::SetRetentionRequest>,
) -> Result<pb::Retention, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, SET, request.get_ref())?;
    let pb::SetRetentionRequest {
        parent: sent_parent,
        retention,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent_parent)?;
    let retention = retention.ok_or_else(|| Fault::new("retention", "FIELD_MISSING"));
    let retention = faults.keep(retention).and_then(|sent| {
        faults.keep_nested("retention", convert::disposal::retention(&federation, sent))
    });
    let retention = faults.into_result(|| retention)?;
    administers(&principal, &retention.party)?;
    let step = shared.journal.write(write, move |transaction, step| {
        let retention = retention.clone();
        async move { save(transaction, step, &retention).await }.boxed()
    });
    recorded(&step.await?)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    retention: &Retention,
) -> Result<Vec<Draft>, Failure> {
    let PartyName { federation, id } = &retention.party;
    let party = [retention.party.clone()].into();
    if store::party::known(transaction, federation, &party).await?.is_empty() {
        return Err(Failure::not_found(&retention.party));
    }
    let name = RetentionName::new(federation.clone(), id.clone());
    let draft = draft("retention.set", &name, &convert::disposal::render_retention(retention));
    let row = Row { name, recorded: Recorded::first(step.sequence) };
    store::retention::set(transaction, &row).await?;
    Ok(vec![draft])
}

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetRetentionRequest>,
) -> Result<pb::Retention, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetRetentionRequest { name } = request.into_inner();
    let party = PartyName::parse("name", &name)?;
    administers(&principal, &party)?;
    let name = RetentionName::new(party.federation.clone(), party.id.clone());
    let found = store::retention::find(&shared.journal.database().read, &name).await?;
    decoded(&found.ok_or_else(|| Failure::not_found(&name))?)
}

/// A party's retention as it stands.
pub(super) async fn standing(
    connection: &impl sea_orm::ConnectionTrait,
    party: &PartyName,
) -> Result<Option<Retention>, Failure> {
    let name = RetentionName::new(party.federation.clone(), party.id.clone());
    let found = store::retention::find(connection, &name).await?;
    let kept = |payload: Vec<u8>| kept(&party.federation, decoded(&payload)?);
    Ok(found.map(kept).transpose()?)
}

fn kept(federation: &Slug, message: pb::Retention) -> anyhow::Result<Retention> {
    let retention = convert::disposal::retention(federation, message);
    retention.map_err(|faults| anyhow::anyhow!("a retention is none: {faults:?}"))
}

/// The row that finds a recorded retention.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let message: pb::Retention = prost::Message::decode(payload)?;
    let name = RetentionName::parse("name", name);
    let name = name.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let retention = kept(&name.federation, message)?;
    anyhow::ensure!(retention.party.id == name.id, "is recorded under another party's name");
    Ok(Row { name, recorded })
}
