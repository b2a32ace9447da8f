//! The referrals the person may see, narrowed by team and state, a page at a time.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::participant::{
    ListReferralsRequest, Referral, ReferralState, referral_service_client::ReferralServiceClient,
};
use tonic::Status;

use super::RowView;
use crate::web::{
    account::Places,
    code,
    error_page::Trouble,
    filter::{Filter, next_page},
    form::{Posted, inputs::Choice},
    layout::{Layout, Visit, page},
    participant, reads, rights,
};

/// Each person that is shown is read, and noted as read, by itself.
const PAGE_SIZE: i32 = 25;

#[derive(Template)]
#[template(path = "referrals.html")]
struct ReferralsPage {
    layout: Layout,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    next_page: Option<String>,
    intro_id: &'static str,
}

/// The list.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::sees_referrals)?;
    let asked = Posted::asked(query);
    let (team, state) = (asked.get("team"), asked.get("state"));
    let (places, found) = tokio::try_join!(
        Places::read(&visit),
        referrals(&visit, team, state, asked.get("page_token"))
    )
    .map_err(|status| Trouble::of(&visit, &status))?;
    let (referrals, next_page_token) = found;
    let rows = rows(&visit, &places, &referrals).await;
    let rows = rows.map_err(|status| Trouble::of(&visit, &status))?;
    let states = code::all::<ReferralState>();
    let choice = |state: &ReferralState| {
        Choice::new(code_of(*state), code::called(&visit, state.as_str_name()))
    };
    let states: Vec<Choice> = states.iter().map(choice).collect();
    let filters = vec![
        Filter::new(&visit, "team", "role-team", team, places.teams()),
        Filter::new(&visit, "state", "requisition-state", state, states),
    ];
    let works = rights::works_with_people(&visit.session.principal);
    Ok(page(&ReferralsPage {
        layout: Layout::of(&visit, visit.t("referrals-heading")),
        next_page: next_page("/referrals", &filters, &next_page_token),
        filters,
        rows,
        intro_id: if works { "referrals-intro-team" } else { "referrals-intro-sender" },
    }))
}

/// The referrals, with who they are about for those who work with the person.
async fn rows(
    visit: &Visit,
    places: &Places,
    referrals: &[Referral],
) -> Result<Vec<RowView>, Status> {
    let mut rows: Vec<RowView> =
        referrals.iter().map(|it| RowView::of(visit, places, it)).collect();
    let known = referrals.iter().map(|it| it.participant.as_str()).filter(|it| !it.is_empty());
    let mut people = participant::read_all(visit, known).await?.into_iter();
    for (row, referral) in rows.iter_mut().zip(referrals) {
        if !referral.participant.is_empty() {
            row.person = people.next().map(|person| person.name).unwrap_or_default();
        }
    }
    Ok(rows)
}

/// The code a state is filtered by in an address.
pub(crate) fn code_of(state: ReferralState) -> String {
    state.as_str_name().trim_start_matches("REFERRAL_STATE_").to_ascii_lowercase()
}

async fn referrals(
    visit: &Visit,
    team: &str,
    state: &str,
    page_token: &str,
) -> Result<(Vec<Referral>, String), Status> {
    let state = code::all::<ReferralState>().into_iter().find(|known| code_of(*known) == state);
    let request = ListReferralsRequest {
        parent: visit.federation(),
        team: reads::name_if_given(visit, "teams", team),
        state: state.unwrap_or_default().into(),
        participant: String::new(),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = ReferralServiceClient::new(visit.state.organisation.clone());
    let page = client.list_referrals(visit.request(request)?).await?.into_inner();
    Ok((page.referrals, page.next_page_token))
}
