//! Who has read the records of a party's people: for the party's administrator, who
//! answers for it.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::participant::{ListReadsRequest, Read, read_log_service_client::ReadLogServiceClient};
use tonic::Status;
use values::Slug;

use super::{
    account::Places,
    error_page::Trouble,
    filter::{Filter, next_page},
    form::{Posted, inputs::Choice},
    format,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    rights,
};

const PAGE_SIZE: i32 = 100;

#[derive(Template)]
#[template(path = "read_log.html")]
struct ReadLogPage {
    layout: Layout,
    filters: Vec<Filter>,
    participant: String,
    actor: String,
    rows: Vec<RowView>,
    next_page: Option<String>,
}

struct RowView {
    number: i64,
    time: String,
    machine_time: String,
    actor: String,
    what: String,
    participants: Vec<String>,
}

/// The page, narrowed to a person or an account by ids that say nothing of who a
/// participant is.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_read_log)?;
    let asked = Posted::asked(query);
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let places = Places::read(&visit).await.map_err(troubled)?;
    let parties: Vec<Choice> = rights::administered_parties(&visit.session.principal)
        .map(|party: &Slug| {
            let name = reads::name(&visit, "parties", party.as_str());
            Choice::new(party.as_str(), places.called(&name))
        })
        .collect();
    let own = parties.iter().find(|party| party.code == asked.get("party")).or(parties.first());
    let party = own.map(|party| party.code.clone()).unwrap_or_default();
    let (participant, actor) = (asked.get("participant").trim(), asked.get("actor").trim());
    let found = read(&visit, &party, participant, actor, asked.get("page_token")).await;
    let (reads, next_page_token) = found.map_err(troubled)?;
    let mut rows = Vec::with_capacity(reads.len());
    for read in &reads {
        rows.push(RowView::of(&visit, read).await);
    }
    let filters = vec![
        Filter::always(&visit, "party", "account-party", &party, parties),
        Filter::hidden("participant", participant),
        Filter::hidden("actor", actor),
    ];
    Ok(page(&ReadLogPage {
        layout: Layout::of(&visit, visit.t("read-log-heading")),
        next_page: next_page("/read-log", &filters, &next_page_token),
        participant: participant.to_owned(),
        actor: actor.to_owned(),
        filters,
        rows,
    }))
}

async fn read(
    visit: &Visit,
    party: &str,
    participant: &str,
    actor: &str,
    page_token: &str,
) -> Result<(Vec<Read>, String), Status> {
    let request = ListReadsRequest {
        parent: reads::name(visit, "parties", party),
        participant: reads::name_if_given(visit, "participants", participant),
        actor: reads::name_if_given(visit, "accounts", actor),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = ReadLogServiceClient::new(visit.state.organisation.clone());
    let page = client.list_reads(visit.request(request)?).await?.into_inner();
    Ok((page.reads, page.next_page_token))
}

impl RowView {
    async fn of(visit: &Visit, read: &Read) -> Self {
        let time = read.time.as_ref().and_then(platform::convert::instant);
        let participants = read.participants.iter().map(|name| id_of(name).to_owned());
        Self {
            number: read.number,
            time: format::minute(time),
            machine_time: format::machine_time(time),
            actor: visit.state.display_name(&read.actor).await,
            what: visit.t(what_id(&read.rpc)),
            participants: participants.collect(),
        }
    }
}

/// The id of what was done, by the RPC that answered.
fn what_id(rpc: &str) -> &'static str {
    match id_of(rpc) {
        "GetParticipant" => "read-opened-person",
        "FindParticipant" => "read-found-person",
        "ListParticipants" => "read-listed-people",
        "GetReferral" => "read-opened-referral",
        "ListReferrals" => "read-listed-referrals",
        "GetEnrolment" => "read-opened-enrolment",
        "ListEnrolments" => "read-listed-enrolments",
        "ListQueue" => "read-listed-queue",
        "GetFollowUp" => "read-opened-follow-up",
        "ListFollowUps" => "read-listed-follow-ups",
        "ListMilestones" | "ListPlacements" | "ListSurveyAnswers" | "GetMilestone"
        | "GetPlacement" | "GetSurveyAnswer" => "read-opened-course",
        "ListCellRecords" => "read-opened-count",
        "ExportCases" => "read-exported-cases",
        "ImportParticipants" => "read-took-in-list",
        "CreateReferral" => "read-sent-referral",
        _ => "read-other",
    }
}
