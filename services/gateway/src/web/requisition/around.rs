//! What stands around a requisition: its grant and party, what it corrects or is
//! corrected by, and what is claimed back of it.

use proto::{
    finance::{
        FinancialYearState, GetGrantRequest, GetRecipientRequest, ListRecoveriesRequest,
        ListRequisitionsRequest, Recovery, Requisition, RequisitionState,
        grant_service_client::GrantServiceClient, recipient_service_client::RecipientServiceClient,
        recovery_service_client::RecoveryServiceClient,
        requisition_service_client::RequisitionServiceClient,
    },
    organisation::{GetPartyRequest, Party, party_service_client::PartyServiceClient},
};
use tonic::{Code, Status};

use super::StateView;
use crate::web::{format, layout::Visit, reads::id_of, recovery, year};

const PAGE_SIZE: i32 = 50;

/// The grant as the requisition's page shows it.
pub(super) struct GrantView {
    /// Its id, which is also its address.
    pub(super) id: String,
    /// Who it is granted to.
    pub(super) recipient: String,
    /// The decision's registry number.
    pub(super) dnr: String,
    /// Who decided, and when.
    pub(super) decision: String,
    /// The days it is for.
    pub(super) period: String,
    /// Granted.
    pub(super) granted: String,
    /// Approved or paid.
    pub(super) requisitioned: String,
    /// Submitted and not yet decided.
    pub(super) reserved: String,
    /// What is left.
    pub(super) left: String,
}

/// A correction or a recovery of the requisition.
pub(super) struct FollowingView {
    /// Its address.
    pub(super) href: String,
    /// Its id.
    pub(super) id: String,
    /// What it is.
    pub(super) what: String,
    /// Where it stands.
    pub(super) state: StateView,
    /// How much, below zero for what comes back.
    pub(super) amount: String,
}

/// Reads the grant.
pub(super) async fn grant(visit: &Visit, name: &str) -> Result<GrantView, Status> {
    let mut grants = GrantServiceClient::new(visit.state.finance.clone());
    let request = visit.request(GetGrantRequest { name: name.to_owned() })?;
    let grant = grants.get_grant(request).await?.into_inner().grant.unwrap_or_default();
    let mut recipients = RecipientServiceClient::new(visit.state.finance.clone());
    let request = visit.request(GetRecipientRequest { name: grant.recipient.clone() })?;
    let recipient =
        recipients.get_recipient(request).await?.into_inner().recipient.unwrap_or_default();
    Ok(GrantView {
        id: id_of(name).to_owned(),
        recipient: recipient.display_name,
        decision: format!("{} {}", grant.deciding_body, format::date(grant.decision_date.as_ref())),
        period: format::period(grant.period.as_ref()),
        granted: format::kronor(grant.amount_ore),
        requisitioned: format::kronor(grant.requisitioned_ore),
        reserved: format::kronor(grant.reserved_ore),
        left: format::kronor(grant.left_ore),
        dnr: grant.dnr,
    })
}

/// Reads the party.
pub(super) async fn party(visit: &Visit, name: &str) -> Result<Party, Status> {
    let mut client = PartyServiceClient::new(visit.state.organisation.clone());
    let request = visit.request(GetPartyRequest { name: name.to_owned() })?;
    Ok(client.get_party(request).await?.into_inner().party.unwrap_or_default())
}

/// Reads what corrects the requisition and what is claimed back of it; only what
/// was approved has any.
pub(super) async fn following(
    visit: &Visit,
    requisition: &Requisition,
) -> Result<Vec<FollowingView>, Status> {
    let stands = matches!(requisition.state(), RequisitionState::Approved | RequisitionState::Paid);
    if !stands || !requisition.corrects.is_empty() {
        return Ok(Vec::new());
    }
    let (corrections, recoveries) =
        tokio::try_join!(corrections(visit, &requisition.name), recoveries(visit, requisition))?;
    let correction = |correction: &Requisition| FollowingView {
        href: format!("/requisitions/{}", id_of(&correction.name)),
        id: id_of(&correction.name).to_owned(),
        what: visit.t("requisition-correction"),
        state: StateView::of(visit.reader.language, correction.state()),
        amount: format::exact(correction.amount_ore),
    };
    let recovery = |recovery: &Recovery| FollowingView {
        href: format!("/recoveries/{}", id_of(&recovery.name)),
        id: id_of(&recovery.name).to_owned(),
        what: visit.t("requisition-recovery"),
        state: recovery::state_view(visit.reader.language, recovery.state()),
        amount: format::exact(recovery.amount_ore.saturating_neg()),
    };
    Ok(corrections.iter().map(correction).chain(recoveries.iter().map(recovery)).collect())
}

/// True when nothing more is booked in the year of its costs. A year that is not kept is
/// open.
pub(super) async fn year_is_closed(
    visit: &Visit,
    requisition: &Requisition,
) -> Result<bool, Status> {
    let last_day = requisition.period.as_ref().and_then(|period| period.last_day.as_ref());
    let Some(last_day) = last_day else { return Ok(false) };
    match year::financial_year(visit, last_day.year).await {
        Ok(year) => Ok(year.state() == FinancialYearState::Closed),
        Err(status) if status.code() == Code::NotFound => Ok(false),
        Err(status) => Err(status),
    }
}

async fn corrections(visit: &Visit, name: &str) -> Result<Vec<Requisition>, Status> {
    let request = ListRequisitionsRequest {
        parent: visit.federation(),
        corrects: name.to_owned(),
        page_size: PAGE_SIZE,
        ..Default::default()
    };
    let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
    Ok(client.list_requisitions(visit.request(request)?).await?.into_inner().requisitions)
}

async fn recoveries(visit: &Visit, requisition: &Requisition) -> Result<Vec<Recovery>, Status> {
    if requisition.state() != RequisitionState::Paid {
        return Ok(Vec::new());
    }
    let request = ListRecoveriesRequest {
        parent: visit.federation(),
        requisition: requisition.name.clone(),
        page_size: PAGE_SIZE,
        ..Default::default()
    };
    let mut client = RecoveryServiceClient::new(visit.state.finance.clone());
    Ok(client.list_recoveries(visit.request(request)?).await?.into_inner().recoveries)
}
