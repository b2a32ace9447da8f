//! Gives a refused call its words: services answer reasons and facts, a partner
//! reads what is wrong and what to do, in the language asked for.
//!
//! A refused unary call has its whole status in the headers, so no body is read.

use axum::response::Response;
use platform::failure::Problem;
use prost::Message as _;
use tonic::Status;
use tonic_types::pb;

use crate::text::{self, Language};

/// The response with texts, when it is a refusal.
pub(super) fn explain(response: Response, language: Language) -> Response {
    let Some(status) = Status::from_header_map(response.headers()) else {
        return response;
    };
    if status.code() == tonic::Code::Ok {
        return response;
    }
    explained(&status, language).into_http()
}

fn explained(status: &Status, language: Language) -> Status {
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

fn reason(language: Language, reason: &str, facts: &[(String, String)]) -> String {
    let facts: Vec<(&str, &str)> =
        facts.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    text::reason(language, reason, &facts)
}
