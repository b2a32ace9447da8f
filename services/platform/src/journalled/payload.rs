//! Payloads as the messages they are, on their way into the journal and out of it, and the
//! token of the page after them.

use std::fmt::Display;

use prost::Message;

use super::Payloads;
use crate::{Draft, Entry, Failure, page::Page};

/// What is to be recorded: the resource as it became.
pub fn draft(kind: &'static str, subject: &impl Display, resource: &impl Message) -> Draft {
    Draft { kind, subject: subject.to_string(), payload: resource.encode_to_vec() }
}

/// The resource that a write of one recorded.
///
/// # Errors
/// When it recorded nothing: an internal failure.
pub fn recorded<M: Message + Default>(entries: &[Entry]) -> Result<M, Failure> {
    let entry = entries.first().ok_or_else(|| anyhow::anyhow!("a write recorded nothing"))?;
    decoded(&entry.payload)
}

/// A resource as it was recorded.
///
/// # Errors
/// When it is none: an internal failure.
pub fn decoded<M: Message + Default>(payload: &[u8]) -> Result<M, Failure> {
    Ok(M::decode(payload).map_err(anyhow::Error::from)?)
}

/// The resources of a page.
///
/// # Errors
/// As for [`decoded`].
pub fn all_decoded<M: Message + Default>(listed: &Payloads) -> Result<Vec<M>, Failure> {
    listed.items.iter().map(|payload| decoded(payload)).collect()
}

/// The token of the page after one of these resources; empty when it is the last.
pub fn next_page_token<M>(has_more: bool, resources: &[M], key: impl Fn(&M) -> String) -> String {
    match resources.last() {
        Some(last) if has_more => Page::token(&key(last)),
        Some(_) | None => String::new(),
    }
}

/// The last part of a name.
#[must_use]
pub fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}
