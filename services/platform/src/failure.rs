//! Everything an RPC can answer instead of its response: a small closed set,
//! converted once to a gRPC status with details (google.rpc, AIP-193).
//!
//! Architecture invariant: no prose. The text a person reads is made at the
//! gateway, from the reason and its facts.

mod details;
mod problem;

use std::time::Duration;

use prost::Message as _;
use tonic::{Code, Status};
use tonic_types::pb;
use uuid::Uuid;
use values::{Fault, Faults, Role};

use crate::db;
use details::{LONGEST_FACT, bad_request, pack, precondition_failure, told};

pub use problem::{FieldProblem, Problem};

/// The domain that reason codes belong to.
pub const DOMAIN: &str = "samordna";

/// Why an RPC was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Fields are wrong; all of them are named. INVALID_ARGUMENT.
    #[error("invalid fields")]
    Invalid(Faults),
    /// There is no such thing within the caller's reach. NOT_FOUND.
    #[error("not found")]
    NotFound {
        /// The resource asked for.
        name: String,
    },
    /// The name is taken. ALREADY_EXISTS.
    #[error("already exists")]
    Exists {
        /// The resource that is there.
        name: String,
    },
    /// A rule forbids it as things stand. FAILED_PRECONDITION.
    #[error("refused: {reason}")]
    Refused {
        /// Stable reason code.
        reason: &'static str,
        /// The facts of it.
        facts: Vec<(&'static str, String)>,
    },
    /// Rules forbid it as things stand, each for a place in what is there; the first is
    /// the reason of the whole. Never empty. FAILED_PRECONDITION.
    #[error("refused for several places")]
    RefusedAt(Faults),
    /// Somebody else changed it first. ABORTED.
    #[error("stale")]
    Stale {
        /// The resource that changed.
        name: String,
    },
    /// Nobody is signed in. UNAUTHENTICATED.
    #[error("unauthenticated")]
    Unauthenticated,
    /// The caller has no role for it. PERMISSION_DENIED.
    #[error("denied")]
    Denied,
    /// The caller has none of the roles that may call it. PERMISSION_DENIED.
    #[error("denied without a role for it")]
    RoleMissing {
        /// Those that may, for any scope.
        roles: &'static [Role],
    },
    /// Too much at once. RESOURCE_EXHAUSTED.
    #[error("limited")]
    Limited {
        /// When to try again.
        retry_after: Duration,
    },
    /// The account has as many streams open as it may have. RESOURCE_EXHAUSTED.
    #[error("too many streams")]
    TooManyStreams {
        /// How many it may have.
        most: usize,
        /// When to try again.
        retry_after: Duration,
    },
    /// Something needed does not answer. UNAVAILABLE.
    #[error("{service} is unavailable")]
    Unavailable {
        /// What does not answer.
        service: &'static str,
    },
    /// It took longer than allowed. DEADLINE_EXCEEDED.
    #[error("too slow")]
    TooSlow,
    /// A fault of ours. INTERNAL, with an incident id and nothing else.
    #[error("internal")]
    Internal(#[source] anyhow::Error),
}

impl Failure {
    /// A refusal without facts.
    #[must_use]
    pub fn refused(reason: &'static str) -> Self {
        Failure::Refused { reason, facts: Vec::new() }
    }

    /// The same refusal with one more fact; other failures are left as they are.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl std::fmt::Display) -> Self {
        if let Failure::Refused { facts, .. } = &mut self {
            facts.push((key, value.to_string()));
        }
        self
    }

    /// There is no such resource within the caller's reach.
    #[must_use]
    pub fn not_found(name: impl std::fmt::Display) -> Self {
        Failure::NotFound { name: name.to_string() }
    }

    /// What a caller hears when a service that was asked on its behalf failed.
    #[must_use]
    pub fn from_callee(service: &'static str, status: Status) -> Self {
        match status.code() {
            Code::Unavailable | Code::Cancelled => Failure::Unavailable { service },
            Code::DeadlineExceeded => Failure::TooSlow,
            Code::PermissionDenied => Failure::Denied,
            Code::Unauthenticated => Failure::Unauthenticated,
            Code::NotFound => Failure::NotFound { name: Problem::of(&status).fact("name") },
            Code::ResourceExhausted => Failure::Limited { retry_after: Duration::from_secs(1) },
            Code::Ok
            | Code::Unknown
            | Code::InvalidArgument
            | Code::AlreadyExists
            | Code::FailedPrecondition
            | Code::Aborted
            | Code::OutOfRange
            | Code::Unimplemented
            | Code::Internal
            | Code::DataLoss => {
                let told = Problem::of(&status).in_codes();
                Failure::Internal(anyhow::anyhow!("{service} answered {told}"))
            }
        }
    }

    /// A database that is away is nobody's fault here, and who comes back may find it.
    fn or_away(self) -> Self {
        match self {
            Failure::Internal(cause) if cause.downcast_ref().is_some_and(db::is_away) => {
                tracing::warn!(cause = format!("{cause:#}"), "the database is away");
                Failure::Unavailable { service: "database" }
            }
            failure => failure,
        }
    }

    fn code(&self) -> Code {
        match self {
            Failure::Invalid(_) => Code::InvalidArgument,
            Failure::NotFound { .. } => Code::NotFound,
            Failure::Exists { .. } => Code::AlreadyExists,
            Failure::Refused { .. } | Failure::RefusedAt(_) => Code::FailedPrecondition,
            Failure::Stale { .. } => Code::Aborted,
            Failure::Unauthenticated => Code::Unauthenticated,
            Failure::Denied | Failure::RoleMissing { .. } => Code::PermissionDenied,
            Failure::Limited { .. } | Failure::TooManyStreams { .. } => Code::ResourceExhausted,
            Failure::Unavailable { .. } => Code::Unavailable,
            Failure::TooSlow => Code::DeadlineExceeded,
            Failure::Internal(_) => Code::Internal,
        }
    }

    fn reason_and_facts(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            Failure::Invalid(_) => ("INVALID", Vec::new()),
            Failure::NotFound { name } => ("NOT_FOUND", vec![("name", name.clone())]),
            Failure::Exists { name } => ("ALREADY_EXISTS", vec![("name", name.clone())]),
            Failure::Refused { reason, facts } => (reason, facts.clone()),
            Failure::RefusedAt(faults) => match faults.as_slice() {
                [first, ..] => (first.reason, first.facts.clone()),
                [] => ("INVALID", Vec::new()),
            },
            Failure::Stale { name } => ("STALE", vec![("name", name.clone())]),
            Failure::Unauthenticated => ("UNAUTHENTICATED", Vec::new()),
            Failure::Denied => ("PERMISSION_DENIED", Vec::new()),
            Failure::RoleMissing { roles } => {
                let codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
                ("PERMISSION_DENIED", vec![("roles", codes.join(","))])
            }
            Failure::Limited { retry_after } => {
                let seconds = retry_after.as_secs().max(1).to_string();
                ("LIMITED", vec![("retry_after_seconds", seconds)])
            }
            Failure::TooManyStreams { most, retry_after: _ } => {
                ("TOO_MANY_STREAMS", vec![("most", most.to_string())])
            }
            Failure::Unavailable { service } => {
                ("UNAVAILABLE", vec![("service", (*service).to_owned())])
            }
            Failure::TooSlow => ("TOO_SLOW", Vec::new()),
            Failure::Internal(_) => ("INTERNAL", vec![("incident", Uuid::now_v7().to_string())]),
        }
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        let failure = failure.or_away();
        let code = failure.code();
        let (reason, facts) = failure.reason_and_facts();
        if let Failure::Internal(cause) = &failure {
            let incident = facts.first().map(|(_, id)| id.as_str()).unwrap_or_default();
            tracing::error!(incident, cause = format!("{cause:#}"), "internal failure");
        }
        let mut info = pb::ErrorInfo {
            reason: reason.to_owned(),
            domain: DOMAIN.to_owned(),
            metadata: facts
                .into_iter()
                .map(|(key, value)| (key.to_owned(), told(key, &value, LONGEST_FACT)))
                .collect(),
        };
        let mut details = Vec::new();
        if let Failure::Invalid(faults) = &failure {
            details.push(pack("google.rpc.BadRequest", &bad_request(faults.as_slice(), &mut info)));
        }
        if let Failure::Limited { retry_after } | Failure::TooManyStreams { retry_after, .. } =
            &failure
        {
            let delay =
                pb::RetryInfo { retry_delay: prost_types::Duration::try_from(*retry_after).ok() };
            details.push(pack("google.rpc.RetryInfo", &delay));
        }
        if let Failure::Refused { reason, .. } = &failure {
            let violation = pb::precondition_failure::Violation {
                r#type: (*reason).to_owned(),
                ..Default::default()
            };
            let failure = pb::PreconditionFailure { violations: vec![violation] };
            details.push(pack("google.rpc.PreconditionFailure", &failure));
        }
        if let Failure::RefusedAt(faults) = &failure {
            let failure = precondition_failure(faults.as_slice(), &mut info);
            details.push(pack("google.rpc.PreconditionFailure", &failure));
        }
        details.insert(0, pack("google.rpc.ErrorInfo", &info));
        let status = pb::Status { code: code as i32, message: reason.to_owned(), details };
        Status::with_details(code, reason, status.encode_to_vec().into())
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Failure::Invalid(faults)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Failure::Invalid(fault.into())
    }
}

impl From<sea_orm::DbErr> for Failure {
    fn from(error: sea_orm::DbErr) -> Self {
        Failure::Internal(error.into())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Failure::Internal(error)
    }
}

#[cfg(test)]
mod tests {
    use values::personal_number;

    use super::*;

    #[test]
    fn all_faults_with_their_facts_survive_the_wire() {
        let mut faults = Faults::new();
        faults.push(Fault::new("grant.amount_ore", "AMOUNT_NOT_POSITIVE").with("value", -5));
        faults.push(Fault::new("grant.dnr", "TEXT_MISSING"));
        let status = Status::from(Failure::Invalid(faults));
        let problem = Problem::of(&status);
        assert_eq!((problem.code, problem.reason.as_str()), (Code::InvalidArgument, "INVALID"));
        assert_eq!(problem.faults[0].facts, [("value".to_owned(), "-5".to_owned())]);
        assert_eq!(problem.faults[1].field, "grant.dnr");
    }

    #[test]
    fn a_thousand_faults_still_fit_in_the_headers() {
        let mut faults = Faults::new();
        for number in 0..1000 {
            faults.push(Fault::new(format!("rows[{number}]"), "ID_MALFORMED").with("value", "x"));
        }
        let status = Status::from(Failure::Invalid(faults));
        assert_eq!(Problem::of(&status).fact("fault_count"), "1000");
        assert!(status.details().len() < 8 * 1024);
    }

    #[test]
    fn an_internal_failure_tells_nothing_but_an_incident() {
        let status = Status::from(Failure::Internal(anyhow::anyhow!("password=hunter2")));
        assert_eq!(status.message(), "INTERNAL");
        assert!(!String::from_utf8_lossy(status.details()).contains("hunter2"));
        assert_eq!(Problem::of(&status).fact("incident").len(), 36);
    }

    #[test]
    fn a_name_is_told_whole_and_what_is_longer_than_any_is_cut_off() {
        let name = format!("federations/{}/requisitions/{}", "f".repeat(63), "r".repeat(63));
        let told = |failure: Failure| Problem::of(&Status::from(failure));
        let refused = told(Failure::refused("COST_CLAIMED_BEFORE").with("requisition", &name));
        assert_eq!(refused.fact("requisition"), name);
        let faults = Faults::from(Fault::new("grant", "GRANT_UNKNOWN").with("value", &name));
        assert_eq!(told(Failure::Invalid(faults)).faults[0].facts, [("value".to_owned(), name)]);
        let refused = told(Failure::refused("X").with("sent", "é".repeat(1000)));
        assert_eq!(refused.fact("sent").chars().count(), LONGEST_FACT + 1);
    }

    #[test]
    fn a_personal_number_that_was_sent_is_not_told_back() {
        for sent in ["197010632391", "federations/x/agreements/701063-2391"] {
            let status = Status::from(Failure::not_found(sent));
            let whole = format!("{status:?}");
            assert!(!whole.contains("2391"), "{whole}");
            let fault = Faults::from(Fault::new("id", "NAME_MALFORMED").with("value", sent));
            let told = Problem::of(&Status::from(Failure::Invalid(fault)));
            assert!(told.faults[0].facts[0].1.ends_with("****"), "{told:?}");
        }
    }

    #[test]
    fn an_amount_that_looks_like_a_personal_number_is_told() {
        let amount = 7_010_632_391_i64;
        assert!(!personal_number::find(&amount.to_string()).is_empty());
        let refused = Failure::refused("GRANT_OVERDRAWN").with("left_ore", amount);
        let told = Problem::of(&Status::from(refused));
        assert_eq!(told.fact("left_ore"), amount.to_string());
    }

    #[test]
    fn whoever_lacks_the_role_hears_which_it_is() {
        let status = Status::from(Failure::RoleMissing { roles: Role::ALL });
        let problem = Problem::of(&status);
        assert_eq!(
            (problem.code, problem.reason.as_str()),
            (Code::PermissionDenied, "PERMISSION_DENIED")
        );
        let told = problem.fact("roles");
        let codes: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
        assert_eq!(told.split(',').collect::<Vec<_>>(), codes, "whole");
    }

    #[test]
    fn a_refusal_of_several_places_tells_each_and_the_first_as_its_reason() {
        let mut faults = Faults::new();
        faults.push(Fault::new("cost_lines[0].kind", "COST_CLAIMED_BEFORE").with("kind", "staff"));
        faults.push(Fault::new("cost_lines[1].kind", "COST_CLAIMED_BEFORE").with("kind", "other"));
        let problem = Problem::of(&Status::from(Failure::RefusedAt(faults)));
        assert_eq!(problem.code, Code::FailedPrecondition);
        assert_eq!(
            (problem.reason.as_str(), problem.fact("kind").as_str()),
            ("COST_CLAIMED_BEFORE", "staff")
        );
        assert_eq!(problem.faults.len(), 2);
        assert_eq!(problem.faults[1].field, "cost_lines[1].kind");
        assert_eq!(problem.faults[1].reason, "COST_CLAIMED_BEFORE");
        assert_eq!(problem.faults[1].facts, [("kind".to_owned(), "other".to_owned())]);
    }

    #[test]
    fn a_refusal_carries_its_reason_and_facts() {
        let status = Status::from(Failure::refused("GRANT_OVERDRAWN").with("left_ore", 100));
        let problem = Problem::of(&status);
        assert_eq!(problem.code, Code::FailedPrecondition);
        assert_eq!(
            (problem.reason.as_str(), problem.fact("left_ore").as_str()),
            ("GRANT_OVERDRAWN", "100")
        );
        assert_eq!(problem.faults, [], "it is about no place");
    }
}
