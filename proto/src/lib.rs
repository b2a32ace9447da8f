//! The contract of every Samordna service: messages, clients and servers
//! generated from the files under `samordna/`, and the descriptor set that
//! feeds reflection.
//!
//! Architecture invariant: nothing is written by hand here but the module
//! tree, which mirrors the proto packages.

/// Every message, service and comment of the contract, as an encoded
/// `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

macro_rules! package {
    ($(#[$doc:meta])* $module:ident, $package:literal) => {
        $(#[$doc])*
        #[allow(missing_docs, clippy::all, reason = "generated")]
        pub mod $module {
            tonic::include_proto!($package);
        }
    };
}

/// Google's common types.
pub mod google {
    /// Dates.
    pub mod r#type {
        include!(concat!(env!("OUT_DIR"), "/google.r#type.rs"));
    }
}

/// The Samordna packages.
pub mod samordna {
    /// What several packages share.
    pub mod common {
        package!(
            /// Version 1.
            v1, "samordna.common.v1");
    }
    /// The federation, its parties, areas, municipalities and teams.
    pub mod organisation {
        package!(
            /// Version 1.
            v1, "samordna.organisation.v1");
    }
    /// People: referrals, enrolments and what becomes of them, and every count of them.
    pub mod participant {
        package!(
            /// Version 1.
            v1, "samordna.participant.v1");
    }
    /// Recipients, grants, requisitions and the funding table.
    pub mod finance {
        package!(
            /// Version 1.
            v1, "samordna.finance.v1");
    }
    /// Periods, reported figures and the half-year report.
    pub mod reporting {
        package!(
            /// Version 1.
            v1, "samordna.reporting.v1");
    }
    /// Accounts.
    pub mod gateway {
        package!(
            /// Version 1.
            v1, "samordna.gateway.v1");
    }
}

pub use google::r#type::Date;
pub use samordna::{
    common::v1 as common, finance::v1 as finance, gateway::v1 as gateway,
    organisation::v1 as organisation, participant::v1 as participant, reporting::v1 as reporting,
};

/// A request that writes: it has the fields `request_id` and `validate_only`.
pub trait WriteRequest: prost::Message + Clone {
    /// The caller's name for the request.
    fn request_id(&self) -> &str;
    /// True when nothing is to be kept.
    fn validate_only(&self) -> bool;
    /// The message without the two fields above: what is asked for.
    #[must_use]
    fn without_envelope(&self) -> Self;
}

macro_rules! write_request {
    ($message:ty) => {
        impl WriteRequest for $message {
            fn request_id(&self) -> &str {
                &self.request_id
            }
            fn validate_only(&self) -> bool {
                self.validate_only
            }
            fn without_envelope(&self) -> Self {
                Self { request_id: String::new(), validate_only: false, ..self.clone() }
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/write_requests.rs"));
