//! Publishing a report: what it is made of is gathered and protected first; the write
//! then only asks whether something else was published meanwhile.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use disclosure::Threshold;
use futures::FutureExt as _;
use platform::{Draft, Failure, Principal, Step, Write, convert::text, journal, principal};
use proto::reporting::{self as pb, PublishReportRequest, PublishReportResponse};
use rand::Rng as _;
use sea_orm::ConnectionTrait;
use tonic::{Request, metadata::MetadataMap};
use values::{
    Fault, Faults, Slug,
    name::{ReleaseName, ReportingPeriodName, TeamName},
};

use super::gather;
use crate::{
    domain::{
        derived,
        half_year_report::{Team, parse_name},
        protection::{Tie, protect, ties},
        release::{
            self, Counted, Document, Refusal, Seed, Source, Stamp, Subject, compiled, hash, labels,
        },
        reporting_period::ReportingPeriod,
        swedish_order,
    },
    export,
    rpc::{Shell, convert, derived::Counts, draft, finance, organisation::Organisation, recorded},
    store::{self, release::Row},
};

const PUBLISH: &str = "/samordna.reporting.v1.ReleaseService/PublishReport";

/// Teams that can be named.
const MOST_TEAMS: usize = 1000;

/// The longest registry number.
const LONGEST_DNR: usize = 50;

/// How often a release is made again when another was published meanwhile.
const TRIES: usize = 5;

/// What is to be published.
pub(super) struct Asked {
    pub(super) report: String,
    pub(super) period: ReportingPeriodName,
    pub(super) derived_teams: BTreeSet<TeamName>,
    pub(super) dnr: String,
    pub(super) restates: Option<ReleaseName>,
}

/// A release that is ready to be kept.
pub(super) struct Made {
    pub(super) document: Document,
    pub(super) release: pb::Release,
    pub(super) seed: Seed,
    pub(super) files: Vec<(String, Vec<u8>)>,
}

/// A release, or why there is none; and what it was made beside.
pub(super) struct Outcome {
    last: i64,
    published_as: Option<ReleaseName>,
    made: Option<Made>,
}

pub(super) async fn publish(
    shell: &Shell,
    request: Request<PublishReportRequest>,
) -> Result<PublishReportResponse, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let write = Write::of(&principal, PUBLISH, &message)?;
    let asked = parse(&principal, message)?;
    for _ in 0..TRIES {
        let outcome = Arc::new(outcome(shell, &caller, &write, &asked).await?);
        let kept = Arc::clone(&outcome);
        let step = shell.journal.write(write.clone(), move |transaction, step| {
            let outcome = Arc::clone(&kept);
            async move { save(transaction, step, &outcome).await }.boxed()
        });
        match step.await {
            Err(Failure::Stale { .. }) => {}
            told => return Ok(PublishReportResponse { release: Some(recorded(&told?)?) }),
        }
    }
    Err(Failure::Unavailable { service: "releases" })
}

fn parse(principal: &Principal, message: PublishReportRequest) -> Result<Asked, Failure> {
    let PublishReportRequest { name, derived_teams, dnr, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let period = faults.keep(parse_name("name", &name));
    if let Some(period) = &period {
        principal.is_in(&period.federation, &name)?;
    }
    let derived_teams = faults.keep_nested("", teams(&principal.federation, &derived_teams));
    let dnr = faults.keep(text("dnr", &dnr, 0, LONGEST_DNR));
    Ok(faults.into_result(|| {
        let (period, derived_teams, dnr) = (period?, derived_teams?, dnr?);
        Some(Asked { report: name, period, derived_teams, dnr, restates: None })
    })?)
}

fn teams(federation: &Slug, sent: &[String]) -> Result<BTreeSet<TeamName>, Faults> {
    let mut faults = Faults::new();
    if sent.len() > MOST_TEAMS {
        let fault = Fault::new("derived_teams", "TEAMS_TOO_MANY").with("count", sent.len());
        faults.push(fault.with("limit", MOST_TEAMS));
    }
    let mut teams = BTreeSet::new();
    for (row, name) in sent.iter().enumerate() {
        let field = format!("derived_teams[{row}]");
        let Some(team) = faults.keep(TeamName::parse(&field, name)) else { continue };
        if team.federation != *federation {
            faults.push(Fault::new(&field, "OTHER_FEDERATION").with("name", name));
        } else if !teams.insert(team) {
            faults.push(Fault::new(&field, "TEAM_TWICE").with("value", name));
        }
    }
    faults.into_result(|| Some(teams))
}

/// Gathers all that a release is made of, and makes it.
async fn outcome(
    shell: &Shell,
    caller: &MetadataMap,
    write: &Write,
    asked: &Asked,
) -> Result<Outcome, Failure> {
    let federation = &asked.period.federation;
    let picture = shell.journal.database().snapshot().await?;
    let last = store::release::last(&picture, federation).await?;
    let earlier = store::release::of_report(&picture, federation, &asked.report).await?;
    if asked.restates.is_none()
        && let Some(published) = earlier.first()
    {
        let published_as = Some(published.clone());
        return Ok(Outcome { last, published_as, made: None });
    }
    let period = store::reporting_period::find(&picture, &asked.period).await?;
    let period = period.ok_or_else(|| Failure::not_found(&asked.report))?;
    let number = earlier.len() + 1;
    let name =
        release::id(&asked.period.id, number).map(|id| ReleaseName::new(federation.clone(), id));
    let name = name.ok_or_else(|| anyhow::anyhow!("{} cannot be numbered", asked.report))?;
    let ties = ties(&shell.definitions, &[]);
    let kept = kept(&picture, asked, &ties).await?;
    picture.rollback().await?;

    let around = around(shell, caller, (federation, period)).await?;
    for team in &asked.derived_teams {
        if !around.teams.iter().any(|known| known.name == *team) {
            return Err(Failure::not_found(team));
        }
    }
    let derived = match (asked.derived_teams.is_empty(), write.validate_only) {
        (false, false) => derived(shell, caller, write, (&name, period, asked)).await?,
        (true, _) | (_, true) => Derived::default(),
    };
    let mut made = make(shell, (asked, period, name), ties, kept, around, derived).await?;
    if let Some(made) = &mut made {
        made.release.publisher.clone_from(&write.actor);
    }
    Ok(Outcome { last, published_as: None, made })
}

/// What reporting keeps itself.
struct Kept {
    stamp: Stamp,
    reported: gather::Reported,
    published: Vec<crate::domain::protection::Published>,
}

async fn kept(
    picture: &impl ConnectionTrait,
    asked: &Asked,
    ties: &[Tie],
) -> Result<Kept, Failure> {
    let head = journal::head(picture, &asked.period.federation).await?;
    Ok(Kept {
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
    cells: BTreeMap<crate::domain::protection::Place, derived::Told>,
    stamp: Option<Stamp>,
}

async fn derived(
    shell: &Shell,
    caller: &MetadataMap,
    write: &Write,
    (name, period, asked): (&ReleaseName, ReportingPeriod, &Asked),
) -> Result<Derived, Failure> {
    let crosswalk = &shell.crosswalk;
    let federation = &name.federation;
    let counts = Counts { transport: &shell.organisation, caller, federation, crosswalk };
    counts.ensure_layouts().await?;
    let request_id = hash(format!("{}\n{name}", write.request_id).as_bytes());
    let (answered, stamp) = counts.release(&name.to_string(), period.period(), request_id).await?;
    let teams = asked.derived_teams.iter().map(ToString::to_string).collect();
    let whole = format!("federations/{federation}");
    Ok(Derived { cells: derived::cells(crosswalk, &answered, &teams, &whole), stamp })
}

/// Makes a release; none when there are no figures.
async fn make(
    shell: &Shell,
    (asked, period, name): (&Asked, ReportingPeriod, ReleaseName),
    ties: Vec<Tie>,
    Kept { stamp, mut reported, published }: Kept,
    around: Around,
    Derived { cells, stamp: derived_stamp }: Derived,
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
    written(document, seed).await.map(Some)
}

/// What the report is called.
fn title(period: ReportingPeriod) -> String {
    let period = period.period();
    format!("Delårsrapport {}\u{2013}{}", period.first_day(), period.last_day())
}

/// The document and its files.
pub(super) async fn written(document: Document, seed: Seed) -> Result<Made, Failure> {
    let made = tokio::task::spawn_blocking(move || -> anyhow::Result<Made> {
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
        Ok(Made { document, release, seed, files: kept })
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

async fn save(
    transaction: &journal::Transaction,
    step: Step,
    outcome: &Outcome,
) -> Result<Vec<Draft>, Failure> {
    let Outcome { last, published_as, made } = outcome;
    let published_as = published_as.as_ref().map(ToString::to_string);
    release::publish(published_as.as_deref(), made.is_some()).map_err(refused)?;
    let Some(Made { document, release, seed, files }) = made else {
        return Err(refused(Refusal::WithoutFigures));
    };
    let name = ReleaseName::parse("name", &document.name)?;
    if store::release::last(transaction, &name.federation).await? != *last {
        return Err(Failure::Stale { name: format!("federations/{}/releases", name.federation) });
    }
    let draft = draft("release.published", &name, release);
    let row = Row {
        name,
        report: document.report.clone(),
        period: document.reporting_period.id.clone(),
        sequence: step.sequence,
    };
    store::release::insert(transaction, &row, seed, files).await?;
    Ok(vec![draft])
}

fn refused(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Published(release) => {
            Failure::refused("REPORT_PUBLISHED").with("release", release)
        }
        Refusal::WithoutFigures => Failure::refused("REPORT_WITHOUT_FIGURES"),
    }
}
