//! Making a release: from what teams reported, what is counted from records, and what
//! organisation and finance say.
//!
//! All is checked first, with counts as they can be told now; then tables are frozen, and
//! the release is made of these. What is refused leaves no frozen table behind, but for a
//! text that says another number than a table that could only be frozen as it was before:
//! from then on the report shows what is frozen, so that its text can be written anew.

use std::collections::BTreeSet;

use platform::Failure;
use prost_types::Timestamp;
use proto::reporting as pb;
use sea_orm::ConnectionTrait;
use tonic::metadata::MetadataMap;
use values::{
    Slug,
    name::{ReleaseName, ReportingPeriodName, TeamName},
};

use super::{
    about::{Around, around, subjects, whole},
    accepted::{Accepted, Text},
    files::{Files, listed, written},
    prepare::{Components, Content, Prepared, prepare},
};
use crate::{
    domain::{
        derived,
        release::{self, Change, Document, Seed, hash, labels},
        reporting_period::ReportingPeriod,
        restatement::{Version, changes},
    },
    rpc::{
        Shell,
        derived::{Counts, Freeze, SERVICE, Tables},
    },
    store,
};

/// The longest registry number.
pub(in crate::rpc) const LONGEST_DNR: usize = 50;

/// What is to be published.
pub(in crate::rpc) struct Asked {
    pub(in crate::rpc) report: String,
    pub(in crate::rpc) period: ReportingPeriodName,
    pub(in crate::rpc) derived_teams: BTreeSet<TeamName>,
    pub(in crate::rpc) dnr: String,
    pub(in crate::rpc) restates: Option<ReleaseName>,
    /// The report; none for figures as they are.
    pub(in crate::rpc) accepted: Option<Accepted>,
}

/// What a release is made for.
#[derive(Debug, Clone, Copy)]
pub(in crate::rpc) enum Purpose<'a> {
    /// To be published: tables of counts are frozen for it.
    Publish { request_id: &'a str },
    /// To be checked: tables of counts are read.
    DryRun,
    /// To be looked at, also with findings that nobody has explained.
    Draft,
}

/// A release that is ready to be kept.
pub(in crate::rpc) struct Made {
    pub(in crate::rpc) document: Document,
    pub(in crate::rpc) release: pb::Release,
    pub(in crate::rpc) seed: Seed,
    pub(in crate::rpc) files: Files,
    /// The keys of findings that nobody has explained.
    pub(in crate::rpc) open: Vec<String>,
    /// When the newest of the tables that it was made of were given out.
    pub(in crate::rpc) fetch_time: Option<Timestamp>,
}

/// A release, or none when the report's newest release is another than was thought; and
/// what it was made beside.
pub(in crate::rpc) struct Outcome {
    pub(in crate::rpc) last: i64,
    pub(in crate::rpc) newest: Option<ReleaseName>,
    pub(in crate::rpc) made: Option<Made>,
}

/// Gathers all that a release is made of, and makes it.
pub(in crate::rpc) async fn outcome(
    shell: &Shell,
    caller: &MetadataMap,
    purpose: Purpose<'_>,
    asked: &Asked,
) -> Result<Outcome, Failure> {
    let federation = &asked.period.federation;
    let picture = shell.journal.database().snapshot().await?;
    let last = store::release::last(&picture, federation).await?;
    let newest = store::release::of_report(&picture, federation, &asked.report).await?.pop();
    if newest != asked.restates {
        return Ok(Outcome { last, newest, made: None });
    }
    let period = store::reporting_period::find(&picture, &asked.period).await?;
    let period = period.ok_or_else(|| Failure::not_found(&asked.report))?;
    let own = asked.accepted.as_ref().map_or(&asked.period.id, |report| &report.name.id);
    let name = next_name(&picture, federation, own).await?;
    let template = asked.accepted.as_ref().map(|report| &report.head.content.template);
    let crosswalk = shell.crosswalk(&picture, template).await?;
    picture.rollback().await?;
    if let Some(report) = &asked.accepted {
        report.check_step(shell.journal.clock().now())?;
    }

    let around = around(shell, caller, (asked, period)).await?;
    let unknown = |team: &&TeamName| !around.teams.iter().any(|known| known.name == **team);
    if let Some(team) = asked.derived_teams.iter().find(unknown) {
        return Err(Failure::not_found(team));
    }
    let counts =
        Counts { transport: &shell.organisation, caller, federation, crosswalk: &crosswalk };
    let (told, mut sequences) = match asked.derived_teams.is_empty() {
        true => (Tables::default(), Vec::new()),
        false => to_publish(&counts, asked, (&name, period)).await?,
    };
    let mut prepared = prepare(shell, (asked, &crosswalk), &around, told).await?;
    check_findings(purpose, asked, &prepared)?;
    if let (Purpose::Publish { request_id }, Some(content)) = (purpose, &prepared.content)
        && !asked.derived_teams.is_empty()
    {
        sequences.extend(sequence_before(content));
        let freeze = Freeze {
            publication: &name.to_string(),
            period: period.period(),
            request_id: hash(format!("{request_id}\n{name}").as_bytes()),
            sequences,
            has_list: content.text.as_ref().is_some_and(|text| text.has_list),
        };
        let frozen = counts.release(freeze).await?;
        prepared = prepare(shell, (asked, &crosswalk), &around, frozen).await?;
        check_frozen(&prepared)?;
    }
    let Prepared { last, newest, content } = prepared;
    let Some(content) = content else { return Ok(Outcome { last, newest, made: None }) };
    let components = components_before(&counts, asked, &content).await?;
    let made = make(shell, (asked, period, name), around, (content, components)).await?;
    Ok(Outcome { last, newest, made: Some(made) })
}

/// The tables that are to be published, and what they may be frozen at, the best first: of a
/// report what it shows, because that is what was accepted or is seen to be corrected; what
/// can be told now when it shows nothing, and of figures without a text.
async fn to_publish(
    counts: &Counts<'_>,
    asked: &Asked,
    (name, period): (&ReleaseName, ReportingPeriod),
) -> Result<(Tables, Vec<i64>), Failure> {
    let period = period.period();
    let shown = match &asked.accepted {
        Some(report) => counts.shown((Some(name), report.head.newest_table()), period).await?,
        None => Some(counts.released(&name.to_string()).await?)
            .filter(|frozen| !frozen.answered.is_empty()),
    };
    let newest_first = |tables: &Tables| tables.sequences.iter().rev().copied().collect::<Vec<_>>();
    if let Some(shown) = shown {
        let sequences = newest_first(&shown).into_iter().chain([0]).collect();
        return Ok((shown, sequences));
    }
    let (told, _) = counts.fetch(period, false).await?;
    let sequences = [0].into_iter().chain(newest_first(&told)).collect();
    Ok((told, sequences))
}

/// Refuses what is to be published with findings that nobody has explained.
fn check_findings(purpose: Purpose<'_>, asked: &Asked, prepared: &Prepared) -> Result<(), Failure> {
    let text = prepared.content.as_ref().and_then(|content| content.text.as_ref());
    match (purpose, asked.accepted.as_ref().zip(text)) {
        (Purpose::Publish { .. } | Purpose::DryRun, Some((report, text))) => {
            report.check_findings(text)
        }
        (Purpose::Publish { .. } | Purpose::DryRun, None) | (Purpose::Draft, _) => Ok(()),
    }
}

/// Refuses a text that what is frozen gives findings to. The report shows them from then on,
/// to be resolved or explained.
fn check_frozen(prepared: &Prepared) -> Result<(), Failure> {
    let text = prepared.content.as_ref().and_then(|content| content.text.as_ref());
    let open = text.map_or(&[][..], |text| text.open.as_slice());
    if open.is_empty() {
        return Ok(());
    }
    Err(Failure::refused("RELEASE_FIGURES_FROZEN")
        .with("count", open.len())
        .with("findings", open.join(", ")))
}

/// What the next release of a report is called: reports of several kinds may have the same
/// id.
pub(in crate::rpc) async fn next_name(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    report: &Slug,
) -> Result<ReleaseName, Failure> {
    let taken = store::release::all(connection, federation).await?;
    let taken: Vec<Slug> = taken.into_iter().map(|row| row.name.id).collect();
    let id = release::next_id(report, &taken);
    let id = id.ok_or_else(|| anyhow::anyhow!("the report {report} cannot be numbered"))?;
    Ok(ReleaseName::new(federation.clone(), id))
}

/// What the counts of a release that is restated were true at.
fn sequence_before(content: &Content) -> Option<i64> {
    let (document, _) = content.restated.as_ref()?;
    let stamp = document.stamps.iter().find(|stamp| stamp.service == SERVICE)?;
    Some(stamp.sequence)
}

/// What made the stocks of a release that is restated.
async fn components_before(
    counts: &Counts<'_>,
    asked: &Asked,
    content: &Content,
) -> Result<Components, Failure> {
    let Some((document, _)) = &content.restated else { return Ok(Components::new()) };
    if asked.derived_teams.is_empty() {
        return Ok(Components::new());
    }
    let answered = counts.released(&document.name).await?.answered;
    let teams = asked.derived_teams.iter().map(ToString::to_string).collect();
    Ok(derived::components(counts.crosswalk, &answered, &teams, &whole(asked)))
}

/// What a release corrects.
fn changed(shell: &Shell, whole: &str, content: &Content, components: &Components) -> Vec<Change> {
    let Some((document, reported)) = &content.restated else { return Vec::new() };
    let old = Version {
        figures: &document.figures,
        definitions_version: document.definitions_version,
        reported,
        components,
    };
    let new = Version {
        figures: &content.figures,
        definitions_version: shell.definitions.version(),
        reported: &content.counted.reported,
        components: &content.components,
    };
    changes(whole, old, new)
}

/// Makes a release of what it tells.
async fn make(
    shell: &Shell,
    (asked, period, name): (&Asked, ReportingPeriod, ReleaseName),
    around: Around,
    (content, components): (Content, Components),
) -> Result<Made, Failure> {
    let changes = changed(shell, &whole(asked), &content, &components);
    let subjects = subjects(&content.counted, &around, asked);
    let Content { figures, columns, stamps, fetch_time, seed, text, list, .. } = content;
    let participant = stamps.iter().find(|stamp| stamp.service == SERVICE);
    let (listed, list) = listed(shell, &subjects, list.as_deref().zip(participant))?.unzip();
    let (chapters, explanations, open) = match text {
        Some(Text { chapters, explained, open, .. }) => {
            let explanations = explained.into_iter().map(|(explanation, _)| explanation);
            (chapters, explanations.collect(), open)
        }
        None => (Vec::new(), Vec::new(), Vec::new()),
    };
    let head = asked.accepted.as_ref().map(|report| &report.head.content);
    let document = Document {
        name: name.to_string(),
        report: asked.report.clone(),
        restates: asked.restates.as_ref().map(ToString::to_string).unwrap_or_default(),
        title: head.map_or_else(|| title(period), |head| head.title.clone()),
        dnr: asked.dnr.clone(),
        federation_display_name: around.display_name,
        reporting_period: asked.period.clone(),
        period: period.period(),
        publish_time: shell.journal.clock().now(),
        threshold: around.threshold.value(),
        definitions_version: shell.definitions.version(),
        template: head.map(|head| head.template.to_string()).unwrap_or_default(),
        stamps: stamps.into_iter().chain(around.stamp).collect(),
        subjects,
        labels: labels(&shell.definitions, &columns, &figures),
        figures,
        funding: around.funding,
        chapters,
        explanations,
        changes,
        list: listed,
    };
    let (release, files) = written(shell, document.clone(), list).await?;
    Ok(Made { document, release, seed, files, open, fetch_time })
}

/// What the report is called.
fn title(period: ReportingPeriod) -> String {
    let period = period.period();
    format!("Delårsrapport {}\u{2013}{}", period.first_day(), period.last_day())
}
