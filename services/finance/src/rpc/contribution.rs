//! `ContributionService`.

mod decide;
mod payment;
mod read;

use proto::finance::{
    DecideContributionsRequest, DecideContributionsResponse, GetContributionDecisionRequest,
    GetContributionDecisionResponse, GetContributionTableRequest, GetContributionTableResponse,
    ListContributionDecisionsRequest, ListContributionDecisionsResponse,
    ListContributionPaymentsRequest, ListContributionPaymentsResponse,
    RecordContributionPaymentRequest, RecordContributionPaymentResponse,
    contribution_service_server::ContributionService,
};
use tonic::{Request, Response, Status};

use super::Shared;

pub(super) struct Contributions(pub(super) Shared);

#[tonic::async_trait]
impl ContributionService for Contributions {
    async fn decide_contributions(
        &self,
        request: Request<DecideContributionsRequest>,
    ) -> Result<Response<DecideContributionsResponse>, Status> {
        let contribution_decision = Some(decide::decide(&self.0, request).await?);
        Ok(Response::new(DecideContributionsResponse { contribution_decision }))
    }

    async fn get_contribution_decision(
        &self,
        request: Request<GetContributionDecisionRequest>,
    ) -> Result<Response<GetContributionDecisionResponse>, Status> {
        let contribution_decision = Some(read::get(&self.0, request).await?);
        Ok(Response::new(GetContributionDecisionResponse { contribution_decision }))
    }

    async fn list_contribution_decisions(
        &self,
        request: Request<ListContributionDecisionsRequest>,
    ) -> Result<Response<ListContributionDecisionsResponse>, Status> {
        Ok(Response::new(read::list(&self.0, request).await?))
    }

    async fn record_contribution_payment(
        &self,
        request: Request<RecordContributionPaymentRequest>,
    ) -> Result<Response<RecordContributionPaymentResponse>, Status> {
        let contribution_payment = Some(payment::record(&self.0, request).await?);
        Ok(Response::new(RecordContributionPaymentResponse { contribution_payment }))
    }

    async fn list_contribution_payments(
        &self,
        request: Request<ListContributionPaymentsRequest>,
    ) -> Result<Response<ListContributionPaymentsResponse>, Status> {
        Ok(Response::new(payment::list(&self.0, request).await?))
    }

    async fn get_contribution_table(
        &self,
        request: Request<GetContributionTableRequest>,
    ) -> Result<Response<GetContributionTableResponse>, Status> {
        let contribution_table = Some(read::table(&self.0, request).await?);
        Ok(Response::new(GetContributionTableResponse { contribution_table }))
    }
}
