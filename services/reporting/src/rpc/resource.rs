//! What resources that are kept in the journal have in common: how a list is asked for,
//! and how a write is refused.

use std::fmt::Display;

use platform::{Failure, Principal, page::Page};
use values::{Fault, Faults, Slug};

use super::parent;
use crate::domain::change::{ChangeRefusal, CreateRefusal};

/// Reads what a list request asks for.
pub(super) fn page(
    principal: &Principal,
    sent_parent: &str,
    page_size: i32,
    page_token: &str,
) -> Result<(Slug, Page), Failure> {
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, sent_parent)?;
    let page = faults.keep_nested("", Page::parse(page_size, page_token));
    Ok(faults.into_result(|| Some((federation, page?)))?)
}

/// Checks that the version last read is sent.
pub(super) fn etag(faults: &mut Faults, sent: &str) {
    if sent.is_empty() {
        faults.push(Fault::new("etag", "FIELD_MISSING"));
    }
}

/// What a refused create answers; the field is where the content stands in the request.
pub(super) fn not_created(refusal: CreateRefusal, name: &impl Display, field: &str) -> Failure {
    match refusal {
        CreateRefusal::Taken => Failure::Exists { name: name.to_string() },
        CreateRefusal::Faulty(faults) => nested(field, faults),
    }
}

/// What a refused change answers.
pub(super) fn not_changed(refusal: ChangeRefusal, name: &impl Display, field: &str) -> Failure {
    match refusal {
        ChangeRefusal::Stale => Failure::Stale { name: name.to_string() },
        ChangeRefusal::Faulty(faults) => nested(field, faults),
    }
}

/// Faults of the content of a request.
pub(super) fn nested(field: &str, faults: Faults) -> Failure {
    let mut outer = Faults::new();
    outer.nest(field, faults);
    outer.into()
}

/// A malformed token of a page.
pub(super) fn malformed_token() -> Fault {
    Fault::new("page_token", "PAGE_TOKEN_MALFORMED")
}

/// What was recorded and cannot be read: a fault of ours.
pub(crate) fn unreadable(faults: impl Into<Faults>) -> anyhow::Error {
    anyhow::anyhow!("what was recorded cannot be read: {:?}", faults.into())
}
