//! Reading a status back into its reason and facts: for whoever shows it to a
//! person.

use prost::Message as _;
use tonic::{Code, Status};
use tonic_types::pb;

/// What a status says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The gRPC code.
    pub code: Code,
    /// The stable reason; the code's name when the status carries none.
    pub reason: String,
    /// The facts of the reason, by name.
    pub facts: Vec<(String, String)>,
    /// The fields that are wrong, and the places in what is there that forbid it.
    pub faults: Vec<FieldProblem>,
}

/// What is wrong with one field or place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Path to the field.
    pub field: String,
    /// The stable reason.
    pub reason: String,
    /// The facts of it, by name.
    pub facts: Vec<(String, String)>,
}

impl Problem {
    /// Takes a status apart. A status without details, from a proxy on the way
    /// or a lost connection, gets the reason its code stands for.
    #[must_use]
    pub fn of(status: &Status) -> Self {
        let details = pb::Status::decode(status.details()).unwrap_or_default().details;
        let info: Option<pb::ErrorInfo> = unpack(&details, "google.rpc.ErrorInfo");
        let bad_request: Option<pb::BadRequest> = unpack(&details, "google.rpc.BadRequest");
        let code = status.code();
        let mut metadata: Vec<(String, String)> = info
            .as_ref()
            .map(|info| info.metadata.clone().into_iter().collect())
            .unwrap_or_default();
        metadata.sort();

        let violations = bad_request.map(|request| request.field_violations).unwrap_or_default();
        let fields = violations.into_iter().map(|violation| (violation.field, violation.reason));
        let refused: Option<pb::PreconditionFailure> =
            unpack(&details, "google.rpc.PreconditionFailure");
        let violations = refused.map(|refused| refused.violations).unwrap_or_default();
        // A refusal of the whole has no place: its reason and facts say it all.
        let places = violations.into_iter().filter(|violation| !violation.subject.is_empty());
        let places = places.map(|violation| (violation.subject, violation.r#type));
        let faults = fields.chain(places).enumerate().map(|(number, (field, reason))| {
            FieldProblem { field, reason, facts: facts_of(&metadata, number) }
        });
        let faults = faults.collect();
        let is_own = |key: &str| !key.starts_with(|first: char| first.is_ascii_digit());
        let reason = info.map_or_else(|| reason_of(code).to_owned(), |info| info.reason);
        let facts = metadata.into_iter().filter(|(key, _)| is_own(key)).collect();
        Self { code, reason, facts, faults }
    }

    /// A fact by name; empty when it is not there.
    #[must_use]
    pub fn fact(&self, key: &str) -> String {
        let found = self.facts.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// What was answered, for a log: codes, places and the callee's incident, and nothing of
    /// what was sent.
    pub(super) fn in_codes(&self) -> String {
        let mut codes = vec![format!("{:?}", self.code), self.reason.clone()];
        codes.extend(self.faults.iter().map(|fault| format!("{} {}", fault.field, fault.reason)));
        codes.extend(Some(self.fact("incident")).filter(|incident| !incident.is_empty()));
        codes.join(", ")
    }
}

fn facts_of(metadata: &[(String, String)], number: usize) -> Vec<(String, String)> {
    let prefix = format!("{number}.");
    metadata
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?.to_owned(), value.clone())))
        .collect()
}

fn unpack<M: prost::Message + Default>(details: &[prost_types::Any], name: &str) -> Option<M> {
    let found = details.iter().find(|any| any.type_url.ends_with(name))?;
    M::decode(found.value.as_slice()).ok()
}

fn reason_of(code: Code) -> &'static str {
    match code {
        Code::InvalidArgument | Code::OutOfRange => "INVALID",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::Aborted => "STALE",
        Code::Unauthenticated => "UNAUTHENTICATED",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "LIMITED",
        Code::Unavailable | Code::Cancelled => "UNAVAILABLE",
        Code::DeadlineExceeded => "TOO_SLOW",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Ok | Code::Unknown | Code::FailedPrecondition | Code::Internal | Code::DataLoss => {
            "INTERNAL"
        }
    }
}

#[cfg(test)]
mod tests {
    use values::{Fault, Faults};

    use super::*;
    use crate::Failure;

    #[test]
    fn a_caller_logs_the_incident_and_the_fields_that_a_callee_told() {
        let status = Status::from(Failure::Internal(anyhow::anyhow!("hunter2")));
        let incident = Problem::of(&status).fact("incident");
        let faults = Faults::from(Fault::new("day", "DATE_MISSING").with("value", "hunter2"));
        for (status, told) in
            [(status, incident.as_str()), (Failure::Invalid(faults).into(), "day DATE_MISSING")]
        {
            let Failure::Internal(cause) = Failure::from_callee("finance", status) else {
                panic!()
            };
            let cause = format!("{cause:#}");
            assert!(cause.contains(told) && !cause.contains("hunter2"), "{cause}");
        }
    }
}
