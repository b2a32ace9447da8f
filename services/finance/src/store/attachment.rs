//! Table `attachment`. Contents are kept under their hashes.

use platform::{attachment::content, sql::Batch};
use sea_orm::{ConnectionTrait, DbErr};
use values::Slug;

use super::{entity::attachment, requisition};
use crate::domain::{attachment::Attachment, requisition::Requisition};

/// Adds the file that a requisition has got, with its content.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    after: &Requisition,
    added: &Attachment,
    content: &[u8],
) -> Result<(), DbErr> {
    let name = &added.name.requisition;
    let mut batch = Batch::on(connection);
    content::keep(&mut batch, &name.federation, &added.sha256, content);
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
