//! The contents of chapters' files. Which chapter has which is in the journal.

use platform::{attachment::content, sql::Batch};
use sea_orm::{ConnectionTrait, DbErr};
use values::Slug;

/// Keeps a content under its hash, where it may be already.
pub(crate) async fn keep(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    sha256: &str,
    content: &[u8],
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    content::keep(&mut batch, federation, sha256, content);
    batch.send().await
}
