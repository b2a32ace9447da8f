//! The queue to a team: those accepted and not enrolled, by municipality, those referred
//! first before others.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::participant::{
    ListReferralsRequest, Referral, ReferralState, referral_service_client::ReferralServiceClient,
};
use tonic::Status;

use crate::web::{
    account::Places,
    code,
    error_page::Trouble,
    filter::Filter,
    form::Posted,
    format,
    layout::{Layout, Visit, page},
    participant::{self, PersonView},
    reads::{self, id_of},
    rights,
};

const PAGE_SIZE: i32 = 500;

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    layout: Layout,
    filters: Vec<Filter>,
    municipalities: Vec<MunicipalityView>,
}

struct MunicipalityView {
    id: String,
    name: String,
    rows: Vec<RowView>,
}

struct RowView {
    place: usize,
    referral: String,
    person: PersonView,
    day: String,
    channel: String,
    exception: String,
}

/// The queue of one of the person's teams.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::works_with_people)?;
    let asked = Posted::asked(query);
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let places = Places::read(&visit).await.map_err(troubled)?;
    let mut teams = places.teams();
    teams.retain(|choice| rights::is_officer_of(&visit.session.principal, &choice.code));
    let chosen = teams.iter().find(|team| team.code == asked.get("team")).or(teams.first());
    let team = chosen.map(|team| team.code.clone()).unwrap_or_default();
    let waiting = waiting(&visit, &team).await.map_err(troubled)?;
    let mut municipalities = Vec::new();
    for (municipality, referrals) in in_order(waiting) {
        municipalities.push(MunicipalityView {
            id: id_of(&municipality).to_owned(),
            name: places.called(&municipality),
            rows: rows(&visit, &referrals).await.map_err(troubled)?,
        });
    }
    municipalities.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(page(&QueuePage {
        layout: Layout::of(&visit, visit.t("queue-heading")),
        filters: vec![Filter::always(&visit, "team", "role-team", &team, teams)],
        municipalities,
    }))
}

/// Those who wait, by municipality and in the order of the queue.
fn in_order(mut waiting: Vec<Referral>) -> BTreeMap<String, Vec<Referral>> {
    // Read the newest first: of the same day, who was recorded first goes first.
    waiting.reverse();
    let key = |referral: &Referral| {
        let has_exception = !referral.queue_exception_reason.is_empty();
        (!has_exception, format::date(referral.referral_date.as_ref()))
    };
    waiting.sort_by_key(key);
    let mut by_municipality: BTreeMap<String, Vec<Referral>> = BTreeMap::new();
    for referral in waiting {
        by_municipality.entry(referral.municipality.clone()).or_default().push(referral);
    }
    by_municipality
}

async fn rows(visit: &Visit, referrals: &[Referral]) -> Result<Vec<RowView>, Status> {
    let names = referrals.iter().map(|referral| referral.participant.as_str());
    let people = participant::read_all(visit, names).await?;
    let row = |((place, referral), person): ((usize, &Referral), PersonView)| RowView {
        place,
        referral: id_of(&referral.name).to_owned(),
        person,
        day: format::date(referral.referral_date.as_ref()),
        channel: code::called(visit, referral.referring_kind().as_str_name()),
        exception: referral.queue_exception_reason.clone(),
    };
    Ok((1..).zip(referrals).zip(people).map(row).collect())
}

async fn waiting(visit: &Visit, team: &str) -> Result<Vec<Referral>, Status> {
    let mut client = ReferralServiceClient::new(visit.state.organisation.clone());
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListReferralsRequest {
            parent: visit.federation(),
            team: reads::name(visit, "teams", team),
            state: ReferralState::Accepted.into(),
            participant: String::new(),
            page_size: PAGE_SIZE,
            page_token,
        };
        let page = client.list_referrals(visit.request(request)?).await?.into_inner();
        // Those a party has sent and does not work with are of another queue.
        all.extend(page.referrals.into_iter().filter(|it| !it.participant.is_empty()));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::Date;

    use super::*;

    #[test]
    fn the_queue_goes_by_day_within_the_municipality_and_exceptions_first() {
        let referral = |name: &str, municipality: &str, day: i32, exception: &str| Referral {
            name: name.to_owned(),
            municipality: municipality.to_owned(),
            referral_date: Some(Date { year: 2025, month: 6, day }),
            queue_exception_reason: exception.to_owned(),
            ..Referral::default()
        };
        let newest_first = vec![
            referral("d", "1983", 9, "sjuk"),
            referral("c", "1984", 1, ""),
            referral("b", "1983", 3, ""),
            referral("a", "1983", 3, ""),
        ];
        let queues = in_order(newest_first);
        let names: Vec<&str> = queues["1983"].iter().map(|it| it.name.as_str()).collect();
        assert_eq!((names, queues["1984"].len()), (vec!["d", "a", "b"], 1));
    }
}
