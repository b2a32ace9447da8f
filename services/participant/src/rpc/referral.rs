//! `ReferralService`: sending, steps and reads.

mod read;
mod send;
mod step;

use platform::Failure;
use proto::participant as pb;
use proto::participant::referral_service_server::ReferralService;
use tonic::{Request, Response, Status};
use values::name::{PartyName, TeamName};

use super::{Shared, convert, written::Answer};
use crate::domain::reach::{Belonging, Reach, View};
pub(super) use send::{criteria, new_id, refused as unsent};
use step::Asks;
pub(super) use step::refused as untaken;

pub(super) struct Referrals(pub(super) Shared);

/// The answer of each step: the referral after it.
macro_rules! steps {
    ($(
        $method:ident, $request:ident, $response:ident, $asks:expr, $rpc:literal, [$($day:ident)?]
        $(, $state:ident, $decision:ident)?;
    )*) => {
        #[tonic::async_trait]
        impl ReferralService for Referrals {
            async fn create_referral(
                &self,
                request: Request<pb::CreateReferralRequest>,
            ) -> Result<Response<pb::CreateReferralResponse>, Status> {
                let referral = Some(send::create(&self.0, request).await?);
                Ok(Response::new(pb::CreateReferralResponse { referral }))
            }

            async fn get_referral(
                &self,
                request: Request<pb::GetReferralRequest>,
            ) -> Result<Response<pb::GetReferralResponse>, Status> {
                let referral = Some(read::get(&self.0, request).await?);
                Ok(Response::new(pb::GetReferralResponse { referral }))
            }

            async fn list_referrals(
                &self,
                request: Request<pb::ListReferralsRequest>,
            ) -> Result<Response<pb::ListReferralsResponse>, Status> {
                Ok(Response::new(read::list(&self.0, request).await?))
            }

            $(
                async fn $method(
                    &self,
                    request: Request<pb::$request>,
                ) -> Result<Response<pb::$response>, Status> {
                    let rpc = concat!("/samordna.participant.v1.ReferralService/", $rpc);
                    let referral = Some(step::take(&self.0, request, $asks, rpc).await?);
                    Ok(Response::new(pb::$response { referral }))
                }
            )*
        }
        $(
            impl From<pb::$request> for step::Sent {
                fn from(message: pb::$request) -> Self {
                    let pb::$request {
                        name,
                        etag,
                        comment,
                        request_id: _,    // Told by the write.
                        validate_only: _, // Told by the write.
                        $($day,)?
                        $($state, $decision,)?
                    } = message;
                    let day: Option<Option<proto::Date>> = None$(.or(Some($day)))?;
                    let decided: Option<step::Decided> = None$(.or(Some(step::Decided {
                        state: $state,
                        decision: $decision,
                    })))?;
                    Self { name, etag, comment, day, decided }
                }
            }
        )*
    };
}

steps! {
    receive_referral, ReceiveReferralRequest, ReceiveReferralResponse, Asks::Receive, "ReceiveReferral", [day];
    call_referral, CallReferralRequest, CallReferralResponse, Asks::Call, "CallReferral", [day];
    hold_intake_talk, HoldIntakeTalkRequest, HoldIntakeTalkResponse, Asks::Talk, "HoldIntakeTalk", [day];
    decide_referral, DecideReferralRequest, DecideReferralResponse, Asks::Decide, "DecideReferral", [day],
        state, decision;
    revoke_referral, RevokeReferralRequest, RevokeReferralResponse, Asks::Revoke, "RevokeReferral", [day];
    register_referral_in_error, RegisterReferralInErrorRequest, RegisterReferralInErrorResponse,
        Asks::RegisterInError, "RegisterReferralInError", [];
}

impl Answer for pb::Referral {
    fn gone(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    fn seen(self, owner: Option<&PartyName>, reach: &Reach) -> Result<Option<Self>, Failure> {
        let told = self.municipalities.last().map(|spell| spell.party.as_str());
        let told = PartyName::parse("party", told.unwrap_or_default())?;
        let owner = &owner.unwrap_or(&told).id;
        let team = TeamName::parse("team", &self.team)?.id;
        let sender = PartyName::parse("sender", &self.sender)?.id;
        let view = reach.view(Belonging { owner, team: &team, sender: &sender });
        Ok(view.map(|view| seen(self, view)))
    }
}

/// What of a referral the caller sees.
pub(super) fn seen(whole: pb::Referral, view: View) -> pb::Referral {
    match view {
        View::Whole => whole,
        View::Sender => convert::referral::as_sender(whole),
    }
}
