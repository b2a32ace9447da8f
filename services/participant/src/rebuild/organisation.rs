//! The organisation of every federation, out of what was recorded of it last.

use std::collections::BTreeMap;

use platform::journal::latest_payloads;
use prost::Message;
use proto::organisation::ImportOrganisationRequest;
use sea_orm::ConnectionTrait;
use values::Slug;

use crate::{domain::import::Organisation, rpc, store};

/// Reads it; adds a line for each that cannot be made.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    federations: &[Slug],
    problems: &mut Vec<String>,
) -> anyhow::Result<Vec<Organisation>> {
    let parties = latest_payloads(connection, "parties").await?;
    let areas = latest_payloads(connection, "areas").await?;
    let municipalities = latest_payloads(connection, "municipalities").await?;
    let teams = latest_payloads(connection, "teams").await?;
    let own: BTreeMap<String, Vec<u8>> =
        store::verify::federation_payloads(connection).await?.into_iter().collect();
    let own: Vec<_> = own.into_iter().collect();
    let mut organisations = Vec::with_capacity(federations.len());
    for federation in federations {
        let message = ImportOrganisationRequest {
            federations: decoded(&own, federation)?,
            parties: decoded(&parties, federation)?,
            areas: decoded(&areas, federation)?,
            municipalities: decoded(&municipalities, federation)?,
            teams: decoded(&teams, federation)?,
            ..Default::default()
        };
        match rpc::import::kept(federation, message) {
            Ok(organisation) => organisations.push(organisation),
            Err(faults) => problems.push(format!("{federation} cannot be made: {faults:?}")),
        }
    }
    Ok(organisations)
}

/// What is recorded of a federation.
fn decoded<M: Message + Default>(
    recorded: &[(String, Vec<u8>)],
    federation: &Slug,
) -> anyhow::Result<Vec<M>> {
    let name = format!("federations/{federation}");
    let within = |subject: &str| {
        subject.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let those = recorded.iter().filter(|(subject, _)| within(subject));
    Ok(those.map(|(_, payload)| M::decode(payload.as_slice())).collect::<Result<_, _>>()?)
}
