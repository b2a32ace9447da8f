//! Who the gateway takes the caller for.

use platform::{Failure, Journal, principal};
use proto::gateway::{
    GetOwnAccountRequest, GetOwnAccountResponse, account_service_server::AccountService,
};
use tonic::{Request, Response, Status};

use crate::{account, store};

pub(super) struct Accounts {
    journal: Journal,
}

impl Accounts {
    pub(super) fn new(journal: Journal) -> Self {
        Self { journal }
    }
}

#[tonic::async_trait]
impl AccountService for Accounts {
    async fn get_own_account(
        &self,
        request: Request<GetOwnAccountRequest>,
    ) -> Result<Response<GetOwnAccountResponse>, Status> {
        let caller = principal::of(&request)?;
        let GetOwnAccountRequest {} = request.into_inner();
        let found = store::account::find(&self.journal.database().read, &caller.account).await;
        let account = found.map_err(Failure::from)?.ok_or(Failure::Unauthenticated)?;
        Ok(Response::new(GetOwnAccountResponse { account: Some(account::to_proto(&account)) }))
    }
}
