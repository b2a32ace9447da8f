//! `EnrolmentService`: a person's time in a team, to those who work with it.

mod asked;
mod change;
mod create;
mod read;
mod refused;

use proto::participant as pb;
use proto::participant::enrolment_service_server::EnrolmentService;
use tonic::{Request, Response, Status};

use super::Shared;

pub(super) use refused::{create as unbegun, exit as unended};

pub(super) struct Enrolments(pub(super) Shared);

/// The answer of each change: the enrolment after it.
macro_rules! changes {
    ($($method:ident, $request:ident, $response:ident, $rpc:literal;)*) => {
        #[tonic::async_trait]
        impl EnrolmentService for Enrolments {
            async fn create_enrolment(
                &self,
                request: Request<pb::CreateEnrolmentRequest>,
            ) -> Result<Response<pb::CreateEnrolmentResponse>, Status> {
                let enrolment = Some(create::create(&self.0, request).await?);
                Ok(Response::new(pb::CreateEnrolmentResponse { enrolment }))
            }

            async fn get_enrolment(
                &self,
                request: Request<pb::GetEnrolmentRequest>,
            ) -> Result<Response<pb::GetEnrolmentResponse>, Status> {
                let enrolment = Some(read::get(&self.0, request).await?);
                Ok(Response::new(pb::GetEnrolmentResponse { enrolment }))
            }

            async fn list_enrolments(
                &self,
                request: Request<pb::ListEnrolmentsRequest>,
            ) -> Result<Response<pb::ListEnrolmentsResponse>, Status> {
                Ok(Response::new(read::list(&self.0, request).await?))
            }

            $(
                async fn $method(
                    &self,
                    request: Request<pb::$request>,
                ) -> Result<Response<pb::$response>, Status> {
                    let rpc = concat!("/samordna.participant.v1.EnrolmentService/", $rpc);
                    let enrolment = Some(change::take(&self.0, request, rpc).await?);
                    Ok(Response::new(pb::$response { enrolment }))
                }
            )*
        }
    };
}

changes! {
    transfer_coach, TransferCoachRequest, TransferCoachResponse, "TransferCoach";
    extend_enrolment, ExtendEnrolmentRequest, ExtendEnrolmentResponse, "ExtendEnrolment";
    set_consent, SetConsentRequest, SetConsentResponse, "SetConsent";
    exit_enrolment, ExitEnrolmentRequest, ExitEnrolmentResponse, "ExitEnrolment";
    correct_exit, CorrectExitRequest, CorrectExitResponse, "CorrectExit";
    deliver_documentation, DeliverDocumentationRequest, DeliverDocumentationResponse,
        "DeliverDocumentation";
    register_enrolment_in_error, RegisterEnrolmentInErrorRequest,
        RegisterEnrolmentInErrorResponse, "RegisterEnrolmentInError";
}
