//! The approvals that the published figures imply: everything requisitioned in
//! the half-year was approved twice. The import only submits; the federation's
//! economist gives the first approval and its administrator the second.

use anyhow::Context as _;
use proto::finance::{
    ApproveRequisitionRequest, ListRequisitionsRequest, Requisition, RequisitionState,
    ReviewRequisitionRequest, requisition_service_client::RequisitionServiceClient,
};

use super::FEDERATION;
use crate::import::Gateway;

/// Approves every requisition twice; those approved before are left alone.
///
/// # Errors
/// When a service refuses or does not answer.
pub async fn give(economist: Gateway, administrator: Gateway) -> anyhow::Result<()> {
    let mut first = RequisitionServiceClient::new(economist);
    let mut second = RequisitionServiceClient::new(administrator);
    for requisition in all(&mut first).await? {
        let state = requisition.state();
        let mut requisition = requisition;
        if state == RequisitionState::Submitted {
            let request = ReviewRequisitionRequest {
                request_id: format!("demo-review-{}", id(&requisition)),
                name: requisition.name.clone(),
                etag: requisition.etag.clone(),
                comment: "Sakattest, demonstration".to_owned(),
                validate_only: false,
            };
            let answer = first.review_requisition(request).await.context("the first approval")?;
            requisition =
                answer.into_inner().requisition.context("no requisition in the answer")?;
        }
        if matches!(state, RequisitionState::Submitted | RequisitionState::Reviewed) {
            let request = ApproveRequisitionRequest {
                request_id: format!("demo-approve-{}", id(&requisition)),
                name: requisition.name.clone(),
                etag: requisition.etag.clone(),
                comment: "Beslutsattest, demonstration".to_owned(),
                validate_only: false,
            };
            second.approve_requisition(request).await.context("the second approval")?;
        }
    }
    Ok(())
}

async fn all(client: &mut RequisitionServiceClient<Gateway>) -> anyhow::Result<Vec<Requisition>> {
    let mut requisitions = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListRequisitionsRequest {
            parent: format!("federations/{FEDERATION}"),
            page_size: 1000,
            page_token,
            ..Default::default()
        };
        let page =
            client.list_requisitions(request).await.context("the requisitions")?.into_inner();
        requisitions.extend(page.requisitions);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(requisitions);
        }
    }
}

fn id(requisition: &Requisition) -> &str {
    requisition.name.rsplit('/').next().unwrap_or_default()
}
