//! Making a release again, from what is kept today.

use std::collections::{BTreeMap, BTreeSet};

use platform::{Failure, journal, principal};
use proto::reporting::{VerifyReleaseRequest, VerifyReleaseResponse};
use tonic::{Request, metadata::MetadataMap};
use values::name::{ReleaseName, ReportTemplateName, TeamName};

use super::{document, files::listed, gather, past::Past, read};
use crate::{
    domain::{
        derived,
        protection::Place,
        release::{
            Counted, Document, Figure, Funding, List, Seed, Source, Stamp, compiled, hash, labels,
        },
    },
    rpc::{
        Shell,
        derived::{Counts, Tables},
        finance,
    },
};

/// Differences that are named.
const MOST_DIFFERENCES: usize = 20;

pub(super) async fn verify(
    shell: &Shell,
    request: Request<VerifyReleaseRequest>,
) -> Result<VerifyReleaseResponse, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, VerifyReleaseRequest { name: sent }) = request.into_parts();
    let name = ReleaseName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = read::found(shell, &name).await?;
    let recorded = document(&found)?;
    let release: proto::reporting::Release = platform::journalled::decoded(&found.payload)?;
    let again = again(shell, &caller, &name, (&recorded, &found.seed)).await?;
    let sha256 = hash(&again.bytes());
    let mut differences = again.json().differences(&recorded.json());
    if differences.is_empty() && sha256 != release.sha256 {
        differences.push("sha256".to_owned());
    }
    differences.truncate(MOST_DIFFERENCES);
    Ok(VerifyReleaseResponse { intact: sha256 == release.sha256, sha256, differences })
}

/// The document, from the journals as they were. What no service keeps as it was then, the
/// names of teams and recipients, and which counts were hidden, stands in the record.
async fn again(
    shell: &Shell,
    caller: &MetadataMap,
    name: &ReleaseName,
    (recorded, seed): (&Document, &Seed),
) -> Result<Document, Failure> {
    let mut stamps = Vec::new();
    let picture = shell.journal.database().snapshot().await?;
    let mut past = Past::of(&picture, recorded).await?;
    let reported = past.reported_of(recorded)?;
    if let Some(stamp) = recorded.stamps.iter().find(|stamp| stamp.service == crate::NAME) {
        let head = journal::head_at(&picture, &name.federation, stamp.sequence).await?;
        let head_hash = head.map(|head| head.hash).unwrap_or_default();
        stamps.push(Stamp { head_hash, ..stamp.clone() });
    }
    let sequence = gather::own_sequence(recorded)?;
    let stated = past.stated(shell, &picture, (&recorded.report, sequence)).await?;
    picture.rollback().await?;

    let (derived, list) = derived_again(shell, caller, name, recorded, &mut stamps).await?;
    let funding = funding_again(shell, caller, name, recorded, &mut stamps).await?;
    let is_same_version = recorded.definitions_version == shell.definitions.version();
    let (others, of_release) = (stated.others, gather::counted_of(recorded));
    let counted = Counted { reported, stated: stated.counted, derived, ..of_release };
    let counted = counted.hiding_derived(&gather::derived_hidden(recorded));
    let counted = if is_same_version { counted.summed(&shell.definitions) } else { counted };
    let mut figures = compiled(&shell.definitions, &counted, &gather::hidden(recorded), seed);
    figures.extend(gather::hiding(others, &gather::hidden(recorded)));
    let labels = match is_same_version {
        true => labels(&shell.definitions, &stated.columns, &figures),
        false => recorded.labels.clone(),
    };
    let figures = in_order(figures, &recorded.figures);
    let list = if is_same_version { list } else { recorded.list.clone() };
    Ok(Document { stamps, labels, figures, funding, list, ..recorded.clone() })
}

async fn derived_again(
    shell: &Shell,
    caller: &MetadataMap,
    name: &ReleaseName,
    recorded: &Document,
    stamps: &mut Vec<Stamp>,
) -> Result<(BTreeMap<Place, derived::Told>, Option<List>), Failure> {
    let teams: BTreeSet<String> = recorded
        .subjects
        .iter()
        .filter(|subject| TeamName::parse("", &subject.name).is_ok())
        .filter(|subject| subject.source == Some(Source::Derived))
        .map(|subject| subject.name.clone())
        .collect();
    if teams.is_empty() {
        return Ok((BTreeMap::new(), None));
    }
    let template = match recorded.template.as_str() {
        "" => None,
        template => Some(ReportTemplateName::parse("template", template)?),
    };
    let connection = &shell.journal.database().read;
    let crosswalk = shell.crosswalk(connection, template.as_ref()).await?;
    let (transport, federation) = (&shell.organisation, &name.federation);
    let counts = Counts { transport, caller, federation, crosswalk: &crosswalk };
    let Tables { answered, list, stamp, .. } = counts.released(&name.to_string()).await?;
    let told = list.as_deref().zip(stamp.as_ref());
    let list = listed(shell, &recorded.subjects, told)?.map(|(list, _)| list);
    stamps.extend(stamp);
    Ok((derived::cells(&crosswalk, &answered, &teams, &gather::whole(recorded)), list))
}

async fn funding_again(
    shell: &Shell,
    caller: &MetadataMap,
    name: &ReleaseName,
    recorded: &Document,
    stamps: &mut Vec<Stamp>,
) -> Result<Vec<Funding>, Failure> {
    let stamp = recorded.stamps.iter().find(|stamp| stamp.service == "finance");
    let Some(stamp) = stamp else { return Ok(Vec::new()) };
    let at = (recorded.period, stamp.sequence);
    let table = finance::funding_table_known_at(&shell.finance, caller, &name.federation, at);
    let (rows, stamp) = gather::funding(table.await?);
    stamps.push(stamp);
    let named = |row: Funding| {
        let before = recorded.funding.iter().find(|before| before.recipient == row.recipient);
        let display_name = before.map(|before| before.display_name.clone());
        Funding { display_name: display_name.unwrap_or(row.display_name.clone()), ..row }
    };
    let place = |row: &Funding| {
        let known = recorded.funding.iter().position(|before| before.recipient == row.recipient);
        known.unwrap_or(usize::MAX)
    };
    // A report that has no finance chapter went out without the table.
    let has_funding = !recorded.funding.is_empty();
    let rows = rows.into_iter().filter(|_| has_funding);
    let mut rows: Vec<Funding> = rows.map(named).collect();
    rows.sort_by_key(place);
    Ok(rows)
}

/// In the order of the record, because definitions may be ordered anew.
fn in_order(figures: Vec<Figure>, recorded: &[Figure]) -> Vec<Figure> {
    let key = |figure: &Figure| (figure.subject.clone(), figure.cell.clone(), figure.source);
    let places = recorded.iter().enumerate();
    let places: BTreeMap<_, usize> = places.map(|(place, figure)| (key(figure), place)).collect();
    let mut figures = figures;
    figures.sort_by_key(|figure| places.get(&key(figure)).copied().unwrap_or(usize::MAX));
    figures
}
