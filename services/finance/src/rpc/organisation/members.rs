//! The members of the federation as those who pay: names, and the group that the
//! law counts each in.

use std::collections::HashMap;

use platform::{Failure, Transport, principal};
use proto::organisation::{
    ListPartiesRequest, PartyKind, party_service_client::PartyServiceClient,
};
use tonic::metadata::MetadataMap;
use values::{Slug, name::PartyName};

use super::{LARGEST_PAGE, failed, senseless};
use crate::domain::contribution::Group;

/// The members.
#[derive(Debug, Clone, Default)]
pub(in crate::rpc) struct Members {
    /// The name people read, of each.
    pub(in crate::rpc) names: HashMap<PartyName, String>,
    /// The group that each pays in.
    pub(in crate::rpc) groups: HashMap<PartyName, Group>,
}

/// Every party there is.
pub(in crate::rpc) async fn members(
    organisation: &Transport,
    caller: &MetadataMap,
    federation: &Slug,
) -> Result<Members, Failure> {
    let mut client = PartyServiceClient::new(organisation.clone());
    let mut members = Members::default();
    let mut page_token = String::new();
    loop {
        let message = ListPartiesRequest {
            parent: format!("federations/{federation}"),
            page_size: LARGEST_PAGE,
            page_token,
        };
        let request = principal::forward(caller, message);
        let page = client.list_parties(request).await.map_err(failed)?.into_inner();
        for party in page.parties {
            let name = PartyName::parse("name", &party.name).map_err(senseless)?;
            let group = group(party.kind());
            members.groups.extend(group.map(|group| (name.clone(), group)));
            members.names.insert(name, party.display_name);
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(members);
        }
    }
}

fn group(kind: PartyKind) -> Option<Group> {
    match kind {
        PartyKind::StateAgency => Some(Group::State),
        PartyKind::Region => Some(Group::Region),
        PartyKind::Municipality => Some(Group::Municipalities),
        PartyKind::Unspecified => None,
    }
}
