//! Reports as they are written, checked and handed in: the list, one of them as people
//! will read it, the editor of a chapter, comments and explanations. What they have in
//! common stands here.

use proto::reporting::{
    GetReportRequest, GetReportResponse, ReportState, report_service_client::ReportServiceClient,
};
use tonic::Status;

pub(crate) mod attachment;
pub(crate) mod change;
pub(crate) mod chapter;
pub(crate) mod comment;
pub(crate) mod create;
pub(crate) mod detail;
pub(crate) mod explain;
mod figures;
mod finding;
pub(crate) mod list;
mod names;
mod parts;
mod prose;
pub(crate) mod records;
mod reference;
pub(crate) mod release;
pub(crate) mod restatement;
pub(crate) mod step;

use super::{
    download::LONGEST_MESSAGE,
    layout::Visit,
    reads::{self, id_of},
    requisition::StateView,
};
use crate::text::{self, Language};

/// Every state, in the order of a report's way.
const STATES: [ReportState; 5] = [
    ReportState::Draft,
    ReportState::Submitted,
    ReportState::Returned,
    ReportState::Accepted,
    ReportState::Published,
];

/// A state as it is shown.
fn state_view(language: Language, state: ReportState) -> StateView {
    let color = match state {
        ReportState::Unspecified | ReportState::Draft => "neutral",
        ReportState::Submitted => "info",
        ReportState::Returned => "warning",
        ReportState::Accepted | ReportState::Published => "success",
    };
    StateView { text: text::message(language, state_text_id(state), &[]), color }
}

/// The id of a state's word.
fn state_text_id(state: ReportState) -> &'static str {
    match state {
        ReportState::Unspecified => "report-state-unknown",
        ReportState::Draft => "report-state-draft",
        ReportState::Submitted => "report-state-submitted",
        ReportState::Returned => "report-state-returned",
        ReportState::Accepted => "report-state-accepted",
        ReportState::Published => "report-state-published",
    }
}

/// The code a state is filtered by in an address: `submitted`.
fn state_code(state: ReportState) -> &'static str {
    match state {
        ReportState::Unspecified => "",
        ReportState::Draft => "draft",
        ReportState::Submitted => "submitted",
        ReportState::Returned => "returned",
        ReportState::Accepted => "accepted",
        ReportState::Published => "published",
    }
}

/// True while chapters and head are changed.
fn is_open(state: ReportState) -> bool {
    match state {
        ReportState::Draft | ReportState::Returned => true,
        ReportState::Unspecified
        | ReportState::Submitted
        | ReportState::Accepted
        | ReportState::Published => false,
    }
}

/// The address of a report's page.
pub(crate) fn address(id: &str) -> String {
    format!("/reports/{}", plain(id))
}

/// The address of the editor of a chapter, by the chapter's resource name.
fn editor(chapter: &str) -> String {
    let (report, id) = chapter.split_once("/chapters/").unwrap_or((chapter, ""));
    format!("{}/chapters/{}/edit", address(id_of(report)), plain(id))
}

/// Where a chapter stands on its report's page.
fn anchor(section: &str, subject: &str) -> String {
    if subject.is_empty() {
        format!("chapter-{section}")
    } else {
        format!("chapter-{section}.{subject}")
    }
}

/// What reporting has accepted as a name is plain; anything else never gets this far,
/// and is still kept out of addresses.
fn plain(id: &str) -> String {
    let is_plain =
        |character: &char| character.is_ascii_alphanumeric() || "-_.".contains(*character);
    id.chars().filter(is_plain).collect()
}

/// A report as it stands now.
///
/// # Errors
/// What reporting answered instead.
async fn read(visit: &Visit, id: &str) -> Result<GetReportResponse, Status> {
    let request = GetReportRequest { name: reads::name(visit, "reports", id) };
    let mut client = client(visit);
    Ok(client.get_report(visit.request(request)?).await?.into_inner())
}

/// The way to the reports.
fn client(visit: &Visit) -> ReportServiceClient<platform::Transport> {
    ReportServiceClient::new(visit.state.reporting.clone())
        .max_decoding_message_size(LONGEST_MESSAGE)
}

/// The text of the reader's language, of one that is written in both.
pub(crate) fn of<'a>(language: Language, swedish: &'a str, english: &'a str) -> &'a str {
    match language {
        Language::Swedish => swedish,
        Language::English => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_made_of_plain_characters() {
        let chapter = "federations/f/reports/r-1/chapters/local_goals.sala";
        assert_eq!(editor(chapter), "/reports/r-1/chapters/local_goals.sala/edit");
        assert_eq!(address("../x\r\ny"), "/reports/..xy");
        assert_eq!(anchor("goals", ""), "chapter-goals");
        assert_eq!(anchor("goals", "sala"), "chapter-goals.sala");
    }
}
