//! A team's own list, taken in: uploaded, its columns told, tried without changing
//! anything, taken in, taken back; and the team's cases as a file.
//!
//! What is in the file gets into no address, title or log, and is kept sealed between the
//! steps (`uploaded_list`).

pub(crate) mod check;
mod columns;
pub(crate) mod export;
mod file;
mod outcome;
pub(crate) mod overview;
mod places;
mod row;
pub(crate) mod take_in;
pub(crate) mod undo;
pub(crate) mod upload;
mod words;

use platform::Transport;
use proto::participant::{
    ListParticipantImportsRequest, ParticipantImport,
    participant_import_service_client::ParticipantImportServiceClient,
};
use tonic::Status;

use super::{download::LONGEST_MESSAGE, error_page::Trouble, layout::Visit, reads, rights};

/// Imports of a page of the list.
const PAGE_SIZE: i32 = 500;

fn client(visit: &Visit) -> ParticipantImportServiceClient<Transport> {
    ParticipantImportServiceClient::new(visit.state.organisation.clone())
        .max_decoding_message_size(LONGEST_MESSAGE)
}

/// The address of a team's lists.
fn address(team: &str) -> String {
    format!("/teams/{team}/lists")
}

/// Goes on only for those who take in the team's lists.
fn may(visit: &Visit, team: &str) -> Result<(), Trouble> {
    Trouble::unless(visit, |principal| rights::takes_in_lists(principal, team))
}

/// The team's imports, the newest first.
async fn imports(visit: &Visit, team: &str) -> Result<Vec<ParticipantImport>, Status> {
    let team = reads::name(visit, "teams", team);
    let mut imports = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListParticipantImportsRequest {
            parent: visit.federation(),
            page_size: PAGE_SIZE,
            page_token,
        };
        let request = visit.request(request)?;
        let page = client(visit).list_participant_imports(request).await?.into_inner();
        imports.extend(page.participant_imports.into_iter().filter(|it| it.team == team));
        if page.next_page_token.is_empty() {
            return Ok(imports);
        }
        page_token = page.next_page_token;
    }
}
