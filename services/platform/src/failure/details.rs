//! The details of a status: what stands in the headers of an answer, and how much.

use std::borrow::Cow;

use tonic_types::pb;
use values::{Fault, personal_number};

/// A status travels in headers, which have little room: more faults than this
/// are cut off, and the answer says how many there were.
const FAULTS_IN_STATUS: usize = 20;

/// The longest fact of a refusal, in characters: the name of any resource fits, and so do
/// the codes of all roles.
pub(super) const LONGEST_FACT: usize = 200;
/// The longest fact of a fault among many.
const LONGEST_OF_MANY: usize = 48;
/// Faults with room for such long facts.
const FEW_FAULTS: usize = 5;

/// The faults as standard field violations.
pub(super) fn bad_request(faults: &[Fault], info: &mut pb::ErrorInfo) -> pb::BadRequest {
    let violation = |fault: &Fault| pb::bad_request::FieldViolation {
        field: fault.field.clone(),
        description: fault.reason.to_owned(),
        reason: fault.reason.to_owned(),
        localized_message: None,
    };
    let field_violations = with_facts(faults, info).iter().map(violation).collect();
    pb::BadRequest { field_violations }
}

/// The faults as what of the record forbids it.
pub(super) fn precondition_failure(
    faults: &[Fault],
    info: &mut pb::ErrorInfo,
) -> pb::PreconditionFailure {
    let violation = |fault: &Fault| pb::precondition_failure::Violation {
        r#type: fault.reason.to_owned(),
        subject: fault.field.clone(),
        description: fault.reason.to_owned(),
    };
    let violations = with_facts(faults, info).iter().map(violation).collect();
    pb::PreconditionFailure { violations }
}

/// The faults that are told. Their facts are put into the error info's metadata as
/// `{number of the violation}.{fact}`, the one place the standard gives for them.
fn with_facts<'a>(faults: &'a [Fault], info: &mut pb::ErrorInfo) -> &'a [Fault] {
    if faults.len() > FAULTS_IN_STATUS {
        info.metadata.insert("fault_count".to_owned(), faults.len().to_string());
    }
    let longest = if faults.len() > FEW_FAULTS { LONGEST_OF_MANY } else { LONGEST_FACT };
    let faults = &faults[..faults.len().min(FAULTS_IN_STATUS)];
    for (number, fault) in faults.iter().enumerate() {
        for (key, value) in &fault.facts {
            info.metadata.insert(format!("{number}.{key}"), told(key, value, longest));
        }
    }
    faults
}

/// A fact as it fits into a header, and as it may stand in one: what somebody sent may be
/// of any length, and may be a personal number. An amount may look like one, and is none.
pub(super) fn told(key: &str, value: &str, longest: usize) -> String {
    let is_told = key.ends_with("_ore") || personal_number::find(value).is_empty();
    let told = match is_told {
        true => Cow::Borrowed(value),
        false => Cow::Owned(value.replace(|sent: char| sent.is_ascii_digit(), "*")),
    };
    match told.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &told[..end]),
        None => told.into_owned(),
    }
}

pub(super) fn pack(message_name: &str, message: &impl prost::Message) -> prost_types::Any {
    prost_types::Any {
        type_url: format!("type.googleapis.com/{message_name}"),
        value: message.encode_to_vec(),
    }
}
