//! Gives a refused call its words: services answer reasons and facts, a partner
//! reads what is wrong and what to do, in the language asked for.
//!
//! A refused unary call has its whole status in the headers, so no body is read.

use axum::response::Response;
use platform::failure::{DOMAIN, Problem};
use prost::Message as _;
use tonic::{Code, Status};
use tonic_types::pb;

use crate::text::{self, Language};

/// The response with texts, when it is a refusal.
pub(super) fn explain(response: Response, language: Language) -> Response {
    let Some(status) = Status::from_header_map(response.headers()) else {
        return response;
    };
    if status.code() == Code::Ok {
        return response;
    }
    explained(&status, language).into_http()
}

fn explained(status: &Status, language: Language) -> Status {
    let unread = unread(status);
    let status = unread.as_ref().unwrap_or(status);
    let problem = Problem::of(status);
    let message = reason(language, &problem.reason, &problem.facts);
    let mut details = pb::Status::decode(status.details()).unwrap_or_default().details;
    for detail in &mut details {
        if detail.type_url.ends_with("google.rpc.BadRequest")
            && let Ok(mut bad_request) = pb::BadRequest::decode(detail.value.as_slice())
        {
            for (violation, fault) in bad_request.field_violations.iter_mut().zip(&problem.faults) {
                violation.description = reason(language, &fault.reason, &fault.facts);
            }
            detail.value = bad_request.encode_to_vec();
        }
        if detail.type_url.ends_with("google.rpc.PreconditionFailure")
            && let Ok(mut refused) = pb::PreconditionFailure::decode(detail.value.as_slice())
        {
            for (violation, fault) in refused.violations.iter_mut().zip(&problem.faults) {
                violation.description = reason(language, &fault.reason, &fault.facts);
            }
            detail.value = refused.encode_to_vec();
        }
    }
    let localized =
        pb::LocalizedMessage { locale: language.code().to_owned(), message: message.clone() };
    details.push(prost_types::Any {
        type_url: "type.googleapis.com/google.rpc.LocalizedMessage".to_owned(),
        value: localized.encode_to_vec(),
    });
    let code = status.code();
    let packed = pb::Status { code: code as i32, message: message.clone(), details };
    Status::with_details(code, message, packed.encode_to_vec().into())
}

/// The refusal of a message that came to no handler: gRPC's own layer could not read it, and
/// says why in a status without a reason. None for any other status.
fn unread(status: &Status) -> Option<Status> {
    let reason = match status.code() {
        Code::Internal => "MESSAGE_UNREADABLE",
        Code::OutOfRange => "MESSAGE_TOO_LARGE",
        _ => return None,
    };
    if !status.details().is_empty() {
        return None;
    }
    let info = pb::ErrorInfo {
        reason: reason.to_owned(),
        domain: DOMAIN.to_owned(),
        metadata: [("why".to_owned(), status.message().to_owned())].into(),
    };
    let code = status.code();
    let details = vec![prost_types::Any {
        type_url: "type.googleapis.com/google.rpc.ErrorInfo".to_owned(),
        value: info.encode_to_vec(),
    }];
    let packed = pb::Status { code: code as i32, message: reason.to_owned(), details };
    Some(Status::with_details(code, reason, packed.encode_to_vec().into()))
}

fn reason(language: Language, reason: &str, facts: &[(String, String)]) -> String {
    let facts: Vec<(&str, &str)> =
        facts.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    text::reason(language, reason, &facts)
}

#[cfg(test)]
mod tests {
    use platform::Failure;
    use values::{Fault, Faults};

    use super::*;

    #[test]
    fn a_message_that_could_not_be_read_is_refused_with_a_reason_and_why() {
        for (status, reason) in [
            (Status::internal("invalid wire type"), "MESSAGE_UNREADABLE"),
            (Status::out_of_range("the limit is: 4194304 bytes"), "MESSAGE_TOO_LARGE"),
        ] {
            let told = explained(&status, Language::English);
            assert_eq!((told.code(), Problem::of(&told).reason.as_str()), (status.code(), reason));
            assert!(told.message().contains(status.message()), "{told:?}");
            assert!(!told.message().contains('$'), "{told:?}");
        }
    }

    #[test]
    fn each_place_that_forbids_it_has_its_text() {
        let mut faults = Faults::new();
        for (line, kind) in ["staff", "premises"].into_iter().enumerate() {
            let field = format!("cost_lines[{line}].kind");
            faults.push(Fault::new(field, "COST_CLAIMED_BEFORE").with("kind", kind));
        }
        let told = explained(&Failure::RefusedAt(faults).into(), Language::Swedish);
        let details = pb::Status::decode(told.details()).unwrap().details;
        let mut refused =
            details.iter().filter(|any| any.type_url.ends_with("PreconditionFailure"));
        let refused = refused.next().unwrap().value.as_slice();
        let violations = pb::PreconditionFailure::decode(refused).unwrap().violations;
        for (violation, kind) in violations.iter().zip(["Personal", "Lokaler"]) {
            let said = &violation.description;
            assert!(said.to_lowercase().contains(&kind.to_lowercase()), "{said}");
        }
        assert_eq!(violations.len(), 2);
    }

    #[test]
    fn a_fault_of_ours_keeps_its_incident() {
        let status = Status::from(platform::Failure::Internal(anyhow::anyhow!("hunter2")));
        let incident = Problem::of(&status).fact("incident");
        let told = explained(&status, Language::Swedish);
        assert_eq!(Problem::of(&told).reason, "INTERNAL");
        assert!(told.message().contains(&incident), "{told:?}");
    }
}
