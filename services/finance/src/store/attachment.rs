//! Tables `attachment` and `attachment_content`. A content is kept once in a
//! federation, under its hash, and read back only when it still has that hash.

use platform::sql::Batch;
use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest as _, Sha256};
use values::Slug;

use super::{bound::Bound, entity::attachment, requisition, wrong};
use crate::domain::{attachment::Attachment, requisition::Requisition};

/// The hash that a content is kept under.
pub(crate) fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// Adds the file that a requisition has got, with its content.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    after: &Requisition,
    added: &Attachment,
    content: &[u8],
) -> Result<(), DbErr> {
    let name = &added.name.requisition;
    let mut batch = Batch::on(connection);
    let places = [
        batch.bind(name.federation.as_str()),
        batch.bind(added.sha256.as_str()),
        batch.bind(content.to_vec()),
    ];
    batch.push(format!(
        "INSERT INTO attachment_content (federation_id, sha256, content) VALUES ({}) \
         ON CONFLICT DO NOTHING",
        places.join(", ")
    ));
    // Revisions rise: what is attached later stands after what is there.
    let row = requisition::attachment_row(after.record().revision, added);
    batch.insert(attachment::Entity, vec![row]).await?;
    requisition::keep_revision(&mut batch, after);
    batch.send().await
}

/// Takes a file off. Its content stays.
pub(crate) async fn remove(
    connection: &impl ConnectionTrait,
    after: &Requisition,
    id: &Slug,
) -> Result<(), DbErr> {
    let name = &after.claim().name;
    let mut batch = Batch::on(connection);
    let federation = batch.bind(name.federation.as_str());
    let requisition = batch.bind(name.id.as_str());
    let attachment = batch.bind(id.as_str());
    batch.push(format!(
        "DELETE FROM attachment WHERE federation_id = {federation} \
             AND requisition_id = {requisition} AND attachment_id = {attachment}"
    ));
    requisition::keep_revision(&mut batch, after);
    batch.send().await
}

/// The content of a hash.
///
/// # Errors
/// Also when it is not there, or no longer what it was.
pub(crate) async fn content(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    hash: &str,
) -> Result<Vec<u8>, DbErr> {
    let mut bound = Bound::new();
    let federation = bound.bind(federation.as_str());
    let place = bound.bind(hash);
    let sql = format!(
        "SELECT content FROM attachment_content \
         WHERE federation_id = {federation} AND sha256 = {place}"
    );
    let rows = bound.query(connection, sql).await?;
    let row = rows.first().ok_or_else(|| wrong("the content of an attachment", hash))?;
    let content: Vec<u8> = row.try_get("", "content")?;
    let is_whole = sha256(&content) == hash;
    if is_whole { Ok(content) } else { Err(wrong("the changed content of an attachment", hash)) }
}

/// Every hash that a content is kept under.
pub(super) async fn hashes(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<String>, DbErr> {
    let mut bound = Bound::new();
    let federation = bound.bind(federation.as_str());
    let sql = format!(
        "SELECT sha256 FROM attachment_content WHERE federation_id = {federation} ORDER BY sha256"
    );
    let rows = bound.query(connection, sql).await?;
    rows.iter().map(|row| row.try_get("", "sha256")).collect()
}
