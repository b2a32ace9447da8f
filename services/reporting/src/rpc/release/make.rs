//! Making a release: from what teams reported, what is counted from records, and what
//! organisation and finance say.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;
use platform::{Failure, journal};
use proto::reporting as pb;
use rand::Rng as _;
use sea_orm::ConnectionTrait;
use tonic::metadata::MetadataMap;
use values::{
    Slug,
    name::{ReleaseName, ReportingPeriodName, TeamName},
};

use super::gather;
use crate::{
    domain::{
        derived::{self, Component},
        half_year_report::Team,
        protection::{Place, Published, Tie, protect, ties},
        release::{self, Counted, Document, Seed, Source, Stamp, Subject, compiled, hash, labels},
        reporting_period::ReportingPeriod,
        restatement::{Version, changes},
        swedish_order,
    },
    export,
    rpc::{
        Shell, convert,
        derived::{Counts, SERVICE},
        finance,
        organisation::Organisation,
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
}

/// What a release is made for.
#[derive(Debug, Clone, Copy)]
pub(in crate::rpc) enum Purpose<'a> {
    /// To be published: tables of counts are frozen for it.
    Publish { request_id: &'a str },
    /// To be checked: no table of counts is asked for.
    Validate,
    /// To be looked at: tables of counts are read.
    Draft,
}

/// What makes stocks.
type Components = BTreeMap<(Place, Component), Option<i64>>;

/// Contents by their hash.
type Files = Vec<(String, Vec<u8>)>;

/// A release that is ready to be kept.
pub(in crate::rpc) struct Made {
    pub(in crate::rpc) document: Document,
    pub(in crate::rpc) release: pb::Release,
    pub(in crate::rpc) seed: Seed,
    pub(in crate::rpc) files: Files,
    reported: gather::Reported,
    components: Components,
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
    let earlier = store::release::of_report(&picture, federation, &asked.report).await?;
    let newest = earlier.last().cloned();
    if newest != asked.restates {
        return Ok(Outcome { last, newest, made: None });
    }
    let period = store::reporting_period::find(&picture, &asked.period).await?;
    let period = period.ok_or_else(|| Failure::not_found(&asked.report))?;
    let id = release::id(&asked.period.id, earlier.len() + 1);
    let id = id.ok_or_else(|| anyhow::anyhow!("{} cannot be numbered", asked.report))?;
    let name = ReleaseName::new(federation.clone(), id);
    let ties = ties(&shell.definitions, &[]);
    let kept = kept(&picture, asked, &ties).await?;
    picture.rollback().await?;

    let around = around(shell, caller, (federation, period)).await?;
    for team in &asked.derived_teams {
        if !around.teams.iter().any(|known| known.name == *team) {
            return Err(Failure::not_found(team));
        }
    }
    let counts =
        Counts { transport: &shell.organisation, caller, federation, crosswalk: &shell.crosswalk };
    let derived = derived(&counts, purpose, (&name, period), (asked, &kept)).await?;
    let before = before(&counts, asked, &kept).await?;
    let mut made = make(shell, (asked, period, name), ties, kept, around, derived).await?;
    if let (Some(made), Some(before)) = (&mut made, before) {
        restated(shell, made, before).await?;
    }
    Ok(Outcome { last, newest, made })
}

/// What reporting keeps itself.
struct Kept {
    stamp: Stamp,
    reported: gather::Reported,
    published: Vec<Published>,
    restated: Option<(Document, gather::Reported)>,
}

async fn kept(
    picture: &impl ConnectionTrait,
    asked: &Asked,
    ties: &[Tie],
) -> Result<Kept, Failure> {
    let head = journal::head(picture, &asked.period.federation).await?;
    let mut restated = None;
    if let Some(name) = &asked.restates {
        let found = store::release::find(picture, name).await?;
        let document = super::document(&found.ok_or_else(|| Failure::not_found(name))?)?;
        let reported = gather::reported_of(picture, &document).await?;
        restated = Some((document, reported));
    }
    Ok(Kept {
        restated,
        reported: gather::reported(picture, &asked.period, head.sequence).await?,
        published: gather::published(picture, &asked.period, ties).await?,
        stamp: Stamp {
            service: crate::NAME.to_owned(),
            sequence: head.sequence,
            head_hash: head.hash,
        },
    })
}

/// What organisation and finance say.
struct Around {
    display_name: String,
    threshold: Threshold,
    teams: Vec<Team>,
    funding: Vec<release::Funding>,
    stamp: Stamp,
}

async fn around(
    shell: &Shell,
    caller: &MetadataMap,
    (federation, period): (&Slug, ReportingPeriod),
) -> Result<Around, Failure> {
    let organisation = Organisation { transport: &shell.organisation, caller, federation };
    let ((display_name, smallest), teams, table) = futures::try_join!(
        organisation.federation(),
        organisation.teams(),
        finance::funding_table(&shell.finance, caller, federation, period),
    )?;
    let threshold = match smallest {
        0 => Threshold::DEFAULT,
        own => Threshold::new("smallest_shown_count", own)
            .map_err(|fault| anyhow::anyhow!("organisation answered {fault:?}"))?,
    };
    let (funding, stamp) = gather::funding(table);
    Ok(Around { display_name, threshold, teams, funding, stamp })
}

/// What is counted from records.
#[derive(Default)]
struct Derived {
    cells: BTreeMap<Place, derived::Told>,
    components: Components,
    stamp: Option<Stamp>,
}

async fn derived(
    counts: &Counts<'_>,
    purpose: Purpose<'_>,
    (name, period): (&ReleaseName, ReportingPeriod),
    (asked, kept): (&Asked, &Kept),
) -> Result<Derived, Failure> {
    if asked.derived_teams.is_empty() {
        return Ok(Derived::default());
    }
    let period = period.period();
    let (answered, stamp) = match purpose {
        Purpose::Validate => return Ok(Derived::default()),
        Purpose::Draft => counts.protected(period).await?,
        Purpose::Publish { request_id } => {
            counts.ensure_layouts().await?;
            let request_id = hash(format!("{request_id}\n{name}").as_bytes());
            let of_participant = |stamp: &&Stamp| stamp.service == SERVICE;
            let restated = kept.restated.as_ref();
            let before = restated.and_then(|(old, _)| old.stamps.iter().find(of_participant));
            let before = before.map(|stamp| stamp.sequence);
            counts.release(&name.to_string(), period, (request_id, before)).await?
        }
    };
    let teams = asked.derived_teams.iter().map(ToString::to_string).collect();
    let whole = format!("federations/{}", name.federation);
    let cells = derived::cells(counts.crosswalk, &answered, &teams, &whole);
    let components = derived::components(counts.crosswalk, &answered, &teams, &whole);
    Ok(Derived { cells, components, stamp })
}

/// What a release that is restated told.
struct Before {
    document: Document,
    reported: gather::Reported,
    components: Components,
}

async fn before(
    counts: &Counts<'_>,
    asked: &Asked,
    kept: &Kept,
) -> Result<Option<Before>, Failure> {
    let Some((document, reported)) = kept.restated.clone() else { return Ok(None) };
    let mut components = Components::new();
    if !asked.derived_teams.is_empty() {
        let (answered, _) = counts.released(&document.name).await?;
        let teams = asked.derived_teams.iter().map(ToString::to_string).collect();
        let whole = format!("federations/{}", counts.federation);
        components = derived::components(counts.crosswalk, &answered, &teams, &whole);
    }
    Ok(Some(Before { document, reported, components }))
}

/// Adds what a release corrects.
async fn restated(shell: &Shell, made: &mut Made, before: Before) -> Result<(), Failure> {
    let old = Version {
        figures: &before.document.figures,
        definitions_version: before.document.definitions_version,
        reported: &before.reported,
        components: &before.components,
    };
    let new = Version {
        figures: &made.document.figures,
        definitions_version: shell.definitions.version(),
        reported: &made.reported,
        components: &made.components,
    };
    let whole = format!("federations/{}", made.document.reporting_period.federation);
    made.document.changes = changes(&whole, old, new);
    (made.release, made.files) = written(made.document.clone()).await?;
    Ok(())
}

/// Makes a release; none when there are no figures.
async fn make(
    shell: &Shell,
    (asked, period, name): (&Asked, ReportingPeriod, ReleaseName),
    ties: Vec<Tie>,
    Kept { stamp, mut reported, published, restated: _ }: Kept,
    around: Around,
    Derived { cells, components, stamp: derived_stamp }: Derived,
) -> Result<Option<Made>, Failure> {
    let is_derived = |team: &String| asked.derived_teams.iter().any(|own| own.to_string() == *team);
    let known = |team: &String| around.teams.iter().any(|own| own.name.to_string() == *team);
    reported.retain(|team, _| known(team) && !is_derived(team));
    if reported.is_empty() && cells.is_empty() {
        return Ok(None);
    }
    let whole = format!("federations/{}", name.federation);
    let counted = Counted { whole, reported, derived: cells };
    let publication = counted.publication(stamp.sequence + 1, asked.period.id.as_str(), ties);
    let threshold = around.threshold;
    let protected =
        tokio::task::spawn_blocking(move || protect(threshold, &published, &publication));
    let protected = protected.await.map_err(anyhow::Error::from)?;
    let hidden = protected.map_err(|_| Failure::refused("NOTHING_CAN_BE_TOLD"))?.hidden();
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    let figures = compiled(&shell.definitions, &counted, &hidden, &seed);
    let subjects = subjects(&counted, &around, &asked.derived_teams);
    let stamps = [Some(stamp), derived_stamp, Some(around.stamp)].into_iter().flatten().collect();
    let document = Document {
        name: name.to_string(),
        report: asked.report.clone(),
        restates: asked.restates.as_ref().map(ToString::to_string).unwrap_or_default(),
        title: title(period),
        dnr: asked.dnr.clone(),
        federation_display_name: around.display_name,
        reporting_period: asked.period.clone(),
        period: period.period(),
        publish_time: shell.journal.clock().now(),
        threshold: threshold.value(),
        definitions_version: shell.definitions.version(),
        template: String::new(),
        stamps,
        subjects,
        labels: labels(&shell.definitions, &figures),
        figures,
        funding: around.funding,
        chapters: Vec::new(),
        explanations: Vec::new(),
        changes: Vec::new(),
    };
    let (release, files) = written(document.clone()).await?;
    let reported = counted.reported;
    Ok(Some(Made { document, release, seed, files, reported, components }))
}

/// What the report is called.
fn title(period: ReportingPeriod) -> String {
    let period = period.period();
    format!("Delårsrapport {}\u{2013}{}", period.first_day(), period.last_day())
}

/// The document and its files.
async fn written(document: Document) -> Result<(pb::Release, Files), Failure> {
    let made = tokio::task::spawn_blocking(move || -> anyhow::Result<(pb::Release, Files)> {
        let json = document.bytes();
        let mut release = convert::release::release(&document);
        release.sha256 = hash(&json);
        let files = [
            (pb::ReleaseFormat::Json, json),
            (pb::ReleaseFormat::Csv, export::csv(&document)?),
            (pb::ReleaseFormat::Xlsx, export::workbook(&document)?),
        ];
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

/// The federation first, then the teams by name.
fn subjects(counted: &Counted, around: &Around, derived: &BTreeSet<TeamName>) -> Vec<Subject> {
    let of_figures = |figures: &dyn Fn(Source) -> bool| match (
        figures(Source::Reported),
        figures(Source::Derived),
    ) {
        (true, true) => Some(Source::Mixed),
        (true, false) => Some(Source::Reported),
        (false, true) => Some(Source::Derived),
        (false, false) => None,
    };
    let of_whole = |source: Source| match source {
        Source::Reported => !counted.reported.is_empty(),
        Source::Derived | Source::Stated | Source::Mixed => !counted.derived.is_empty(),
    };
    let whole = Subject {
        name: counted.whole.clone(),
        display_name: around.display_name.clone(),
        source: of_figures(&of_whole),
    };
    let mut teams: Vec<&Team> = around.teams.iter().collect();
    teams.sort_by(|left, right| {
        swedish_order::compare(&left.display_name, &right.display_name)
            .then_with(|| left.name.cmp(&right.name))
    });
    let team = |team: &Team| {
        let of_team = |source: Source| match source {
            Source::Reported => counted.reported.contains_key(&team.name.to_string()),
            Source::Derived | Source::Stated | Source::Mixed => derived.contains(&team.name),
        };
        Subject {
            name: team.name.to_string(),
            display_name: team.display_name.clone(),
            source: of_figures(&of_team),
        }
    };
    std::iter::once(whole).chain(teams.into_iter().map(team)).collect()
}
