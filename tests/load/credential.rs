//! Who a call comes from, as it is told to whom it goes to.

use std::sync::Arc;

use platform::{
    Principal,
    principal::{self, PrincipalSigner},
};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
};

use crate::channel::Channel;

/// A connection that puts the caller's credential on each call.
pub(crate) type Caller = InterceptedService<Channel, Credential>;

/// What is put on a call.
#[derive(Clone)]
pub(crate) enum Credential {
    /// The token of an account, for the gateway.
    Token(MetadataValue<Ascii>),
    /// A principal, signed as the gateway signs it, for a service that is called
    /// directly.
    Principal(PrincipalSigner, Arc<Principal>),
}

impl Credential {
    /// Of a token.
    ///
    /// # Errors
    /// When it cannot stand in a header.
    pub(crate) fn token(token: &str) -> anyhow::Result<Self> {
        Ok(Self::Token(format!("Bearer {token}").parse()?))
    }
}

impl Interceptor for Credential {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        match self {
            Self::Token(bearer) => {
                metadata.insert("authorization", bearer.clone());
            }
            Self::Principal(signer, principal) => {
                let signed = signer.sign(principal);
                let signed = signed.map_err(|error| Status::internal(error.to_string()))?;
                metadata.insert(principal::HEADER, signed);
            }
        }
        Ok(request)
    }
}
