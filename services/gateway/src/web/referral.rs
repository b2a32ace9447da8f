//! Referrals: those a party has sent, those a team has received, and the way of each.

use proto::participant::{
    GetReferralRequest, ListReferralsRequest, Referral, ReferralState,
    referral_service_client::ReferralServiceClient,
};
use tonic::Status;

pub(crate) mod detail;
pub(crate) mod exception;
pub(crate) mod list;
pub(crate) mod offer;
pub(crate) mod send;
pub(crate) mod step;

use super::{
    account::Places,
    code, format,
    layout::Visit,
    reads::{self, id_of},
    requisition::StateView,
};

/// A referral in a list.
pub(crate) struct RowView {
    /// Its id, which is also its address.
    pub id: String,
    /// Who it is about, for those who work with the person; empty to the sender.
    pub person: String,
    /// The day of it.
    pub day: String,
    /// The team it is to.
    pub team: String,
    /// The municipality that is responsible.
    pub municipality: String,
    /// Who sent it.
    pub sender: String,
    /// The sender's own word for it.
    pub reference: String,
    /// Where it stands.
    pub state: StateView,
}

impl RowView {
    /// Makes a referral ready to be shown.
    #[must_use]
    pub(crate) fn of(visit: &Visit, places: &Places, referral: &Referral) -> Self {
        Self {
            id: id_of(&referral.name).to_owned(),
            person: String::new(),
            day: format::date(referral.referral_date.as_ref()),
            team: places.called(&referral.team),
            municipality: places.called(&referral.municipality),
            sender: places.called(&referral.sender),
            reference: referral.sender_reference.clone(),
            state: state_view(visit, referral.state()),
        }
    }
}

/// Where a referral stands, as it is shown.
#[must_use]
pub(crate) fn state_view(visit: &Visit, state: ReferralState) -> StateView {
    let color = match state {
        ReferralState::Sent | ReferralState::Received => "warning",
        ReferralState::Called | ReferralState::Talked | ReferralState::Reconsidering => "info",
        ReferralState::Accepted | ReferralState::Enrolled => "success",
        ReferralState::Unspecified
        | ReferralState::NotEligible
        | ReferralState::Declined
        | ReferralState::Revoked
        | ReferralState::RegisteredInError => "neutral",
    };
    StateView { text: code::called(visit, state.as_str_name()), color }
}

/// Reads one referral.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn read(visit: &Visit, id: &str) -> Result<Referral, Status> {
    let request = GetReferralRequest { name: reads::name(visit, "referrals", id) };
    let mut client = ReferralServiceClient::new(visit.state.organisation.clone());
    let answer = client.get_referral(visit.request(request)?).await?.into_inner();
    answer.referral.ok_or_else(|| Status::not_found(""))
}

/// The referrals about a person, the newest first.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn of_person(visit: &Visit, participant: &str) -> Result<Vec<Referral>, Status> {
    let request = ListReferralsRequest {
        parent: visit.federation(),
        participant: participant.to_owned(),
        ..ListReferralsRequest::default()
    };
    let mut client = ReferralServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_referrals(visit.request(request)?).await?.into_inner().referrals)
}
