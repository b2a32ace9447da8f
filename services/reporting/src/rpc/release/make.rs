//! Making a release: from what teams reported, what is counted from records, and what
//! organisation and finance say.

use std::collections::{BTreeMap, BTreeSet};

use platform::{Failure, journal};
use proto::reporting as pb;
use rand::Rng as _;
use sea_orm::ConnectionTrait;
use tonic::metadata::MetadataMap;
use values::name::{ReleaseName, ReportingPeriodName, TeamName};

use super::{
    about::{Around, around, subjects, whole_of},
    accepted::{Accepted, Text},
    files::{Files, listed, written},
    gather,
};
use crate::{
    domain::{
        derived::{self, Alike, Component},
        protection::{Place, Published, hidden_shares, protect, ties},
        release::{self, Counted, Document, Seed, Stamp, compiled, hash, labels},
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
    /// To be checked: no table of counts is asked for.
    Validate,
    /// To be looked at: tables of counts are read.
    Draft,
}

/// What makes stocks.
type Components = BTreeMap<(Place, Component), Option<i64>>;

/// A release that is ready to be kept.
pub(in crate::rpc) struct Made {
    pub(in crate::rpc) document: Document,
    pub(in crate::rpc) release: pb::Release,
    pub(in crate::rpc) seed: Seed,
    pub(in crate::rpc) files: Files,
    reported: gather::Reported,
    components: Components,
    /// The content of the list that goes out with it.
    list: Option<Vec<u8>>,
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
    let accepted = asked.accepted.as_ref();
    let own = accepted.map_or(&asked.period.id, |report| &report.name.id);
    let id = release::id(own, earlier.len() + 1);
    let id = id.ok_or_else(|| anyhow::anyhow!("{} cannot be numbered", asked.report))?;
    let name = ReleaseName::new(federation.clone(), id);
    let kept = kept(shell, &picture, asked).await?;
    let template = accepted.map(|report| &report.head.content.template);
    let crosswalk = shell.crosswalk(&picture, template).await?;
    picture.rollback().await?;

    let mut around = around(shell, caller, (federation, period)).await?;
    around.teams.retain(|team| accepted.is_none_or(|report| report.covers(&team.name)));
    if accepted.is_some_and(|report| !report.has_funding()) {
        around.funding.clear();
    }
    for team in &asked.derived_teams {
        if !around.teams.iter().any(|known| known.name == *team) {
            return Err(Failure::not_found(team));
        }
    }
    let counts =
        Counts { transport: &shell.organisation, caller, federation, crosswalk: &crosswalk };
    let derived = derived(&counts, purpose, (&name, period), (asked, &kept)).await?;
    let before = before(&counts, asked, &kept).await?;
    let mut made = make(shell, (asked, period, name), kept, around, derived).await?;
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
    stated: gather::Stated,
    text: Option<Text>,
}

async fn kept(
    shell: &Shell,
    picture: &impl ConnectionTrait,
    asked: &Asked,
) -> Result<Kept, Failure> {
    let head = journal::head(picture, &asked.period.federation).await?;
    let mut restated = None;
    if let Some(name) = &asked.restates {
        let found = store::release::find(picture, name).await?;
        let document = super::document(&found.ok_or_else(|| Failure::not_found(name))?)?;
        let reported = gather::reported_of(picture, &document).await?;
        restated = Some((document, reported));
    }
    let text = match &asked.accepted {
        Some(report) => Some(report.text(shell, picture).await?),
        None => None,
    };
    Ok(Kept {
        restated,
        text,
        stated: gather::stated(shell, picture, &asked.report, head.sequence).await?,
        reported: gather::reported(picture, &asked.period, head.sequence).await?,
        published: gather::published(shell, picture, &asked.period).await?,
        stamp: Stamp {
            service: crate::NAME.to_owned(),
            sequence: head.sequence,
            head_hash: head.hash,
        },
    })
}

/// What is counted from records.
#[derive(Default)]
struct Derived {
    cells: BTreeMap<Place, derived::Told>,
    components: Components,
    list: Option<Vec<Alike>>,
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
    let Tables { answered, list, stamp } = match purpose {
        Purpose::Validate => return Ok(Derived::default()),
        Purpose::Draft => counts.protected(period).await?,
        Purpose::Publish { request_id } => {
            counts.ensure_layouts().await?;
            let request_id = hash(format!("{request_id}\n{name}").as_bytes());
            let of_participant = |stamp: &&Stamp| stamp.service == SERVICE;
            let restated = kept.restated.as_ref();
            let before = restated.and_then(|(old, _)| old.stamps.iter().find(of_participant));
            let before = before.map(|stamp| stamp.sequence);
            let has_list = kept.text.as_ref().is_some_and(|text| text.has_list);
            let publication = &name.to_string();
            let freeze = Freeze { publication, period, request_id, before, has_list };
            counts.release(freeze).await?
        }
    };
    let teams = asked.derived_teams.iter().map(ToString::to_string).collect();
    let whole = whole_of(asked).0;
    let cells = derived::cells(counts.crosswalk, &answered, &teams, &whole);
    let components = derived::components(counts.crosswalk, &answered, &teams, &whole);
    Ok(Derived { cells, components, list, stamp })
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
        let answered = counts.released(&document.name).await?.answered;
        let teams = asked.derived_teams.iter().map(ToString::to_string).collect();
        let whole = whole_of(asked).0;
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
    let whole = gather::whole(&made.document);
    made.document.changes = changes(&whole, old, new);
    (made.release, made.files) = written(shell, made.document.clone(), made.list.clone()).await?;
    Ok(())
}

/// Makes a release; none when there are no figures.
async fn make(
    shell: &Shell,
    (asked, period, name): (&Asked, ReportingPeriod, ReleaseName),
    Kept { stamp, mut reported, published, restated: _, stated, text }: Kept,
    around: Around,
    Derived { cells, components, list, stamp: derived_stamp }: Derived,
) -> Result<Option<Made>, Failure> {
    let is_derived = |team: &String| asked.derived_teams.iter().any(|own| own.to_string() == *team);
    let known = |team: &String| around.teams.iter().any(|own| own.name.to_string() == *team);
    reported.retain(|team, _| known(team) && !is_derived(team));
    if reported.is_empty() && stated.counted.is_empty() && cells.is_empty() {
        return Ok(None);
    }
    let accepted = asked.accepted.as_ref();
    let whole = match accepted.is_some_and(Accepted::is_of_one) {
        true => String::new(),
        false => whole_of(asked).0,
    };
    let ties = ties(&shell.definitions, &stated.relations);
    let counted = Counted { whole, reported, stated: stated.counted, derived: cells };
    let publication = counted.publication(stamp.sequence + 1, asked.period.id.as_str(), ties);
    let threshold = around.threshold;
    let protected =
        tokio::task::spawn_blocking(move || protect(threshold, &published, &publication));
    let protected = protected.await.map_err(anyhow::Error::from)?;
    let hidden = protected.map_err(|_| Failure::refused("NOTHING_CAN_BE_TOLD"))?.hidden();
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    let hidden = &hidden | &hidden_shares(&stated.relations, &hidden);
    let mut figures = compiled(&shell.definitions, &counted, &hidden, &seed);
    figures.extend(gather::hiding(stated.others, &hidden));
    if let Some((report, text)) = accepted.zip(text.as_ref()) {
        report.check_text(text, &places_hidden(&figures), threshold)?;
    }
    let (chapters, explanations) = match text {
        Some(text) => (text.chapters, text.explanations),
        None => (Vec::new(), Vec::new()),
    };
    let content = accepted.map(|report| &report.head.content);
    let subjects = subjects(&counted, &around, asked);
    let told = list.as_deref().zip(derived_stamp.as_ref());
    let (listed, list) = listed(shell, &subjects, told)?.unzip();
    let stamps = [Some(stamp), derived_stamp, Some(around.stamp)].into_iter().flatten().collect();
    let document = Document {
        name: name.to_string(),
        report: asked.report.clone(),
        restates: asked.restates.as_ref().map(ToString::to_string).unwrap_or_default(),
        title: content.map_or_else(|| title(period), |content| content.title.clone()),
        dnr: asked.dnr.clone(),
        federation_display_name: around.display_name,
        reporting_period: asked.period.clone(),
        period: period.period(),
        publish_time: shell.journal.clock().now(),
        threshold: threshold.value(),
        definitions_version: shell.definitions.version(),
        template: content.map(|content| content.template.to_string()).unwrap_or_default(),
        stamps,
        subjects,
        labels: labels(&shell.definitions, &figures),
        figures,
        funding: around.funding,
        chapters,
        explanations,
        changes: Vec::new(),
        list: listed,
    };
    let (release, files) = written(shell, document.clone(), list.clone()).await?;
    let reported = counted.reported;
    Ok(Some(Made { document, release, seed, files, reported, components, list }))
}

/// What the report is called.
fn title(period: ReportingPeriod) -> String {
    let period = period.period();
    format!("Delårsrapport {}\u{2013}{}", period.first_day(), period.last_day())
}

/// Where nothing is told.
fn places_hidden(figures: &[release::Figure]) -> BTreeSet<Place> {
    let hidden = figures.iter().filter(|figure| figure.told == release::Told::Hidden);
    let place = |figure: &release::Figure| Place {
        subject: figure.subject.clone(),
        cell: figure.cell.clone(),
    };
    hidden.map(place).collect()
}
