//! The files of a release.

use std::{collections::BTreeSet, sync::Arc};

use platform::Failure;
use proto::reporting as pb;

use crate::{
    domain::{
        derived::{Alike, rows_of},
        finding::CheckTexts,
        release::{Document, List, Source, Stamp, Subject, hash},
    },
    export,
    rpc::{Shell, convert},
};

/// Contents by their hash.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// The list of the people of those teams that are counted from records: what the document
/// says of it, and its content. None when none was frozen.
pub(super) fn listed(
    shell: &Shell,
    subjects: &[Subject],
    told: Option<(&[Alike], &Stamp)>,
) -> anyhow::Result<Option<(List, Vec<u8>)>> {
    let Some(((told, stamp), list)) = told.zip(shell.crosswalk.list.as_ref()) else {
        return Ok(None);
    };
    let derived = subjects.iter().filter(|subject| subject.source == Some(Source::Derived));
    let teams: BTreeSet<&str> = derived.map(|subject| subject.name.as_str()).collect();
    let rows = rows_of(told, &teams);
    let content = export::list::csv(list, subjects, &rows)?;
    let list = List {
        sha256: hash(&content),
        rows: i64::try_from(rows.len())?,
        people: rows.iter().map(|alike| alike.people).sum(),
        sequence: stamp.sequence,
    };
    Ok(Some((list, content)))
}

/// The document and its files.
pub(super) async fn written(
    shell: &Shell,
    document: Document,
    list: Option<Vec<u8>>,
) -> Result<(pb::Release, Files), Failure> {
    let checks = Arc::clone(&shell.checks);
    let made = tokio::task::spawn_blocking(move || -> anyhow::Result<(pb::Release, Files)> {
        let json = document.bytes();
        let mut release = convert::release::release(&document);
        release.sha256 = hash(&json);
        let mut files = vec![
            (pb::ReleaseFormat::Json, json),
            (pb::ReleaseFormat::Csv, export::release::csv(&document)?),
            (pb::ReleaseFormat::Xlsx, export::release::workbook(&document)?),
        ];
        files.extend(typeset(&document, &checks)?);
        files.extend(list.map(|list| (pb::ReleaseFormat::List, list)));
        let mut kept = Vec::new();
        for (format, content) in files {
            let sha256 = hash(&content);
            let size = i64::try_from(content.len())?;
            let file = pb::ReleasedFile { format: format.into(), sha256: sha256.clone(), size };
            release.files.push(file);
            kept.push((sha256, content));
        }
        Ok((release, kept))
    });
    Ok(made.await.map_err(anyhow::Error::from)??)
}

/// The document as a PDF.
#[cfg(feature = "pdf")]
fn typeset(
    document: &Document,
    checks: &CheckTexts,
) -> anyhow::Result<Option<(pb::ReleaseFormat, Vec<u8>)>> {
    Ok(Some((pb::ReleaseFormat::Pdf, export::pdf::pdf(document, checks)?)))
}

/// Nothing: this build has no typesetter.
#[cfg(not(feature = "pdf"))]
#[expect(clippy::unnecessary_wraps, reason = "with a typesetter it can fail")]
fn typeset(_: &Document, _: &CheckTexts) -> anyhow::Result<Option<(pb::ReleaseFormat, Vec<u8>)>> {
    Ok(None)
}
