//! What a release tells, before it is written down: what reporting keeps and what tables
//! tell, protected beside all that was published, and the text that was compiled from the
//! same. What may not be told is refused here.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use platform::{Failure, journal};
use prost_types::Timestamp;
use rand::Rng as _;
use sea_orm::ConnectionTrait;
use values::name::ReleaseName;

use super::{
    about::{Around, whole},
    accepted::Text,
    gather,
    make::Asked,
    past::{Past, Reported, Stated},
};
use crate::{
    domain::{
        derived::{self, Alike, Component, Crosswalk},
        half_year::HalfYear,
        protection::{Place, hidden_shares, openings, told_later},
        release::{
            Counted, Document, Earlier, Figure, Meaning, Protected, Seed, Stamp, compiled,
            protected,
        },
        template::{Column, Relation},
    },
    rpc::{Shell, derived::Tables},
    store,
};

/// What makes stocks.
pub(super) type Components = BTreeMap<(Place, Component), Option<i64>>;

/// What a release tells; none when there are no figures, or the report's newest release is
/// another than was thought.
pub(super) struct Prepared {
    pub(super) last: i64,
    pub(super) newest: Option<ReleaseName>,
    pub(super) content: Option<Content>,
}

/// What a release tells.
pub(super) struct Content {
    pub(super) counted: Counted,
    pub(super) figures: Vec<Figure>,
    /// The columns of the report's template.
    pub(super) columns: Vec<Column>,
    pub(super) components: Components,
    /// Where reporting's journal was, and the participant service's.
    pub(super) stamps: Vec<Stamp>,
    /// When the newest of the tables were given out.
    pub(super) fetch_time: Option<Timestamp>,
    pub(super) seed: Seed,
    pub(super) restated: Option<(Document, Reported)>,
    pub(super) text: Option<Text>,
    /// Those who are alike, where the list was frozen.
    pub(super) list: Option<Vec<Alike>>,
}

/// What reporting keeps itself.
struct Kept {
    half: HalfYear,
    stamp: Stamp,
    reported: Reported,
    published: gather::Before,
    restated: Option<(Document, Reported)>,
    stated: Stated,
    text: Option<Text>,
}

/// Reads and protects what a release tells, with what tables tell of those who are counted
/// from records.
pub(super) async fn prepare(
    shell: &Shell,
    (asked, crosswalk): (&Asked, &Crosswalk),
    around: &Around,
    tables: Tables,
) -> Result<Prepared, Failure> {
    let federation = &asked.period.federation;
    let picture = shell.journal.database().snapshot().await?;
    let last = store::release::last(&picture, federation).await?;
    let newest = store::release::of_report(&picture, federation, &asked.report).await?.pop();
    if newest != asked.restates {
        return Ok(Prepared { last, newest, content: None });
    }
    let kept = kept(shell, &picture, asked, (crosswalk, &tables)).await?;
    picture.rollback().await?;
    let content = content(shell, (asked, crosswalk), around, (kept, tables)).await?;
    Ok(Prepared { last, newest, content })
}

async fn kept(
    shell: &Shell,
    picture: &impl ConnectionTrait,
    asked: &Asked,
    tables: (&Crosswalk, &Tables),
) -> Result<Kept, Failure> {
    let head = journal::head(picture, &asked.period.federation).await?;
    let report = asked.report.as_str();
    let mut past = Past::read(picture, &asked.period, [report], head.sequence).await?;
    let mut restated = None;
    if let Some(name) = &asked.restates {
        let found = store::release::find(picture, name).await?;
        let document = super::document(&found.ok_or_else(|| Failure::not_found(name))?)?;
        let reported = past.reported_of(&document)?;
        restated = Some((document, reported));
    }
    let text = match &asked.accepted {
        Some(report) => Some(report.text(shell, picture, tables).await?),
        None => None,
    };
    let half = HalfYear::parse("reporting_period", asked.period.id.as_str())?;
    let of_period = (&asked.period.federation, half);
    let stated = past.stated(shell, picture, (report, head.sequence)).await?;
    let goes_on = !openings(&stated.relations).is_empty();
    Ok(Kept {
        restated,
        text,
        stated,
        half,
        reported: past.reported(head.sequence)?,
        published: gather::published(shell, picture, of_period, goes_on).await?,
        stamp: Stamp {
            service: crate::NAME.to_owned(),
            sequence: head.sequence,
            head_hash: head.hash,
        },
    })
}

async fn content(
    shell: &Shell,
    (asked, crosswalk): (&Asked, &Crosswalk),
    around: &Around,
    (kept, tables): (Kept, Tables),
) -> Result<Option<Content>, Failure> {
    let Kept { half, stamp, mut reported, published, restated, stated, mut text } = kept;
    let whole = whole(asked);
    let teams: BTreeSet<String> = asked.derived_teams.iter().map(ToString::to_string).collect();
    let (cells, components) = match teams.is_empty() {
        true => (BTreeMap::new(), Components::new()),
        false => (
            derived::cells(crosswalk, &tables.answered, &teams, &whole),
            derived::components(crosswalk, &tables.answered, &teams, &whole),
        ),
    };
    let known = |team: &String| around.teams.iter().any(|own| own.name.to_string() == *team);
    reported.retain(|team, _| known(team) && !teams.contains(team));
    let states_nothing = stated.counted.is_empty() && stated.others.is_empty();
    if reported.is_empty() && states_nothing && cells.is_empty() {
        return Ok(None);
    }
    let reports = reported.keys().map(String::as_str);
    published.check_sources(&teams, &reports.collect())?;
    check_later(half, (&cells, &published), around)?;
    let counted = Counted {
        whole,
        teams: around.teams.len(),
        reported,
        stated: stated.counted,
        derived: cells,
        sums: BTreeSet::new(),
    };
    let counted = (counted.summed(&shell.definitions), stamp.sequence + 1);
    let (earlier, ends_counted) = (Arc::new(published.earlier), published.ends_counted);
    let before = (Arc::clone(&earlier), stated.relations.clone());
    let Protected { counted, hidden, .. } = hide(shell, (half, around), counted, before).await?;
    check_counted_later(half, (&hidden, &ends_counted), around)?;
    let hidden = &hidden | &hidden_shares(&stated.relations, &hidden);
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    let mut figures = compiled(&shell.definitions, &counted, &hidden, &seed);
    figures.extend(gather::hiding(stated.others, &hidden));
    if let Some((report, text)) = asked.accepted.as_ref().zip(text.as_mut()) {
        let hidden = numbers_hidden(&figures, &counted);
        let published = restated.as_ref().map(|(before, _)| before);
        let hidden = (&hidden, &earlier.hidden.all);
        report.check_text(shell, (text, published), hidden, around.threshold)?;
    }
    Ok(Some(Content {
        counted,
        figures,
        columns: stated.columns,
        components,
        stamps: [Some(stamp), tables.stamp].into_iter().flatten().collect(),
        fetch_time: tables.fetch_time,
        seed,
        restated,
        text,
        list: tables.list,
    }))
}

/// Decides what is hidden. Refuses what an earlier release would tell by what it states.
async fn hide(
    shell: &Shell,
    (period, around): (HalfYear, &Around),
    (counted, version): (Counted, i64),
    (earlier, relations): (Arc<Earlier>, Vec<Relation>),
) -> Result<Protected, Failure> {
    let (definitions, threshold) = (Arc::clone(&shell.definitions), around.threshold);
    let teams: BTreeSet<String> = around.teams.iter().map(|team| team.name.to_string()).collect();
    let made = tokio::task::spawn_blocking(move || {
        let (definitions, relations, teams) = (&*definitions, relations.as_slice(), &teams);
        let meaning = Meaning { definitions, relations, period, teams };
        let made = protected(counted, meaning, &earlier, (threshold, version));
        made.map(|made| (made.told_before(&earlier), made))
    });
    let made = made.await.map_err(anyhow::Error::from)?;
    let (told, made) = made.map_err(|_| Failure::refused("NOTHING_CAN_BE_TOLD"))?;
    let refused = |release| Failure::refused("TOTAL_TOLD_BEFORE").with("release", release);
    told.map_or(Ok(made), |release| Err(refused(release)))
}

/// Refuses what is counted from records of a team, of which the end of the period is hidden,
/// where a release of the next period tells it: the ledger of what is counted from records
/// knows nothing of that.
fn check_later(
    half: HalfYear,
    (cells, published): (&BTreeMap<Place, derived::Told>, &gather::Before),
    around: &Around,
) -> Result<(), Failure> {
    let hidden = cells.iter().filter(|(_, told)| told.value.is_none());
    let hidden = hidden.map(|(place, _)| place.clone()).collect();
    let team = told_later(&published.earlier.publications, half, &hidden);
    team.map_or(Ok(()), |team| Err(closing_told(half, team, around)))
}

/// Refuses the same the other way round: what is hidden of an end that was reported or
/// stated, and a release of the next period counts from records.
fn check_counted_later(
    half: HalfYear,
    (hidden, ends_counted): (&BTreeSet<Place>, &BTreeSet<Place>),
    around: &Around,
) -> Result<(), Failure> {
    let told = hidden.intersection(ends_counted).next();
    told.map_or(Ok(()), |end| Err(closing_told(half, &end.subject, around)))
}

fn closing_told(half: HalfYear, team: &str, around: &Around) -> Failure {
    let name = around.teams.iter().find(|known| known.name.to_string() == team);
    let period = half.after().map(|after| after.to_string());
    Failure::refused("CLOSING_TOLD_LATER")
        .with("team", name.map_or(&around.display_name, |known| &known.display_name))
        .with("period", period.unwrap_or_default())
}

/// Where nothing is told, with the numbers that would stand there; none where reporting does
/// not know.
fn numbers_hidden(figures: &[Figure], counted: &Counted) -> BTreeMap<Place, BTreeSet<i64>> {
    let numbers = counted.numbers();
    let places = gather::places_hidden(figures).into_iter();
    places.map(|place| (place.clone(), numbers.get(&place).cloned().unwrap_or_default())).collect()
}
