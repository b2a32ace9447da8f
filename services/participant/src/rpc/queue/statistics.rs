//! How many wait, and how long.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use platform::{
    Failure, Principal,
    convert::date_from_proto,
    page::{LARGEST_SIZE, Page},
    principal,
};
use proto::participant as pb;
use tonic::Request;
use values::{
    Fault, Faults, Period, Slug,
    name::{MunicipalityName, TableLayoutName, TeamName},
};

use crate::{
    domain::{
        fact::Measure,
        queue::Waits,
        table_layout::{Cut, Dimension, TableLayout},
        tabulation::halves_over,
    },
    rpc::{Shared, convert, decoded, parent, permissions, tabulation},
    store::{
        self,
        tabulation::{Wait, Whose},
    },
};

/// What is asked for.
struct Asked {
    federation: Slug,
    teams: Vec<String>,
    whose: Whose,
    day: Period,
    as_known_at: i64,
}

pub(super) async fn statistics(
    shared: &Shared,
    request: Request<pb::GetQueueStatisticsRequest>,
) -> Result<pb::GetQueueStatisticsResponse, Failure> {
    let principal = principal::of(&request)?;
    let today = shared.journal.clock().today();
    let asked = parse(&principal, today, request.into_inner())?;
    if permissions::reach(&principal).people.is_empty() {
        lengths(shared, &principal, &asked).await
    } else {
        own(shared, &asked).await
    }
}

fn parse(
    principal: &Principal,
    today: NaiveDate,
    message: pb::GetQueueStatisticsRequest,
) -> Result<Asked, Failure> {
    let pb::GetQueueStatisticsRequest { parent: sent_parent, teams, day, as_known_at } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let whose = faults.keep_nested("", tabulation::whose(principal, &federation, &teams));
    let day = faults.keep(date_from_proto("day", day));
    if let Some(day) = day.filter(|day| *day > today) {
        faults.push(Fault::new("day", "DAY_IN_FUTURE").with("value", day));
    }
    let day = day.and_then(|day| faults.keep(Period::new("day", day, day)));
    let as_known_at = faults.keep(tabulation::sequence("as_known_at", as_known_at));
    Ok(faults.into_result(|| {
        let (whose, day, as_known_at) = (whose?, day?, as_known_at?);
        Some(Asked { federation, teams, whose, day, as_known_at })
    })?)
}

/// The queues of those whom the caller may see.
async fn own(shared: &Shared, asked: &Asked) -> Result<pb::GetQueueStatisticsResponse, Failure> {
    let Asked { federation, teams: _, whose, day, as_known_at } = asked;
    let picture = shared.journal.database().snapshot().await?;
    let at = ("as_known_at", *as_known_at);
    let as_of = tabulation::as_of(&picture, federation, at).await?;
    let waits = store::tabulation::waits(&picture, federation, *day, &as_of, whose).await?;
    picture.rollback().await?;
    let mut queues = BTreeMap::<(TeamName, MunicipalityName), Vec<NaiveDate>>::new();
    for Wait { team, municipality, referred } in &waits {
        queues.entry((team.clone(), municipality.clone())).or_default().push(*referred);
    }
    let at = |referred: Vec<NaiveDate>| Waits::at(day.last_day(), referred);
    let total = at(waits.into_iter().map(|wait| wait.referred).collect());
    let mut rows: Vec<pb::QueueStatistics> = Vec::with_capacity(queues.len() + 1);
    for ((team, municipality), referred) in queues {
        rows.push(row(&team.to_string(), &municipality.to_string(), &at(referred)));
    }
    rows.push(row("", "", &total));
    Ok(pb::GetQueueStatisticsResponse { rows, sequence: as_of.sequence, head_hash: as_of.hash })
}

fn row(team: &str, municipality: &str, waits: &Waits) -> pb::QueueStatistics {
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    pb::QueueStatistics {
        team: team.to_owned(),
        municipality: municipality.to_owned(),
        length: Some(whole(waits.length())),
        by_days_waited: waits.by_class().map(whole).to_vec(),
        median_days: waits.median(),
        longest_days: waits.longest(),
    }
}

/// Lengths alone, out of a protected table: what is told of one day must not tell, beside
/// that of another, who came and went.
async fn lengths(
    shared: &Shared,
    principal: &Principal,
    asked: &Asked,
) -> Result<pb::GetQueueStatisticsResponse, Failure> {
    let Asked { federation, teams, whose: _, day, as_known_at } = asked;
    if *as_known_at != 0 {
        return Err(Fault::new("as_known_at", "SEQUENCE_NOT_ALLOWED").into());
    }
    let half = halves_over([*day]).into_iter().next();
    let half = half.filter(|half| half.last_day() == day.last_day()).ok_or_else(|| {
        Failure::refused("QUEUE_DAY_NOT_RELEASED")
            .with("value", day.last_day())
            .with("nearest", nearest(day.last_day()))
    })?;
    let layout = queue_layout(shared, federation).await?;
    let layout = layout.ok_or_else(|| Failure::refused("QUEUE_LAYOUT_MISSING"))?;
    let (name, team_cut) = layout;
    let asked = tabulation::Asked::of(half);
    let told = tabulation::of_layouts(shared, principal, &[name], asked).await?;
    let table = told.tables.into_iter().next().unwrap_or_default();
    let counts = table.table.unwrap_or_default();
    let mut rows = Vec::new();
    for pb::CountCell { keys, counts } in counts.cells {
        let key = |cut: usize| keys.get(cut).cloned().unwrap_or_default();
        let (team, municipality) = (key(team_cut), key(1 - team_cut));
        if teams.is_empty() || teams.contains(&team) {
            let length = counts.first().and_then(|count| count.value);
            rows.push(pb::QueueStatistics { team, municipality, length, ..Default::default() });
        }
    }
    rows.sort_by(|one, other| {
        (&one.team, &one.municipality).cmp(&(&other.team, &other.municipality))
    });
    // The total of some teams would be another table.
    let total = counts.totals.first().and_then(|count| count.value).filter(|_| teams.is_empty());
    rows.push(pb::QueueStatistics { length: total, ..Default::default() });
    let (sequence, head_hash) = (table.sequence, table.head_hash);
    Ok(pb::GetQueueStatisticsResponse { rows, sequence, head_hash })
}

/// The last day of the half-year before.
fn nearest(day: NaiveDate) -> NaiveDate {
    let (year, month, last) =
        if day.month() > 6 { (day.year(), 6, 30) } else { (day.year() - 1, 12, 31) };
    NaiveDate::from_ymd_opt(year, month, last).unwrap_or(day)
}

/// The first layout that counts the queue's length alone by team and municipality, and
/// which of its cuts is the team.
async fn queue_layout(
    shared: &Shared,
    federation: &Slug,
) -> Result<Option<(TableLayoutName, usize)>, Failure> {
    let read = &shared.journal.database().read;
    let mut page = Page { size: LARGEST_SIZE, after: None };
    loop {
        let listed = store::table_layout::list(read, federation, &page).await?;
        for (name, payload) in &listed.items {
            let layout = convert::table_layout::table_layout(decoded(payload)?);
            let layout = layout.map_err(|faults| anyhow::anyhow!("{name}: {faults:?}"))?;
            if let Some(team) = team_cut(&layout) {
                return Ok(Some((name.clone(), team)));
            }
        }
        let last = listed.items.last().filter(|_| listed.has_more);
        let Some((last, _)) = last else { return Ok(None) };
        page.after = Some(last.id.to_string());
    }
}

fn team_cut(TableLayout { title: _, shape }: &TableLayout) -> Option<usize> {
    if shape.measures() != [Measure::QueueClosing] {
        return None;
    }
    let dimensions: Vec<Dimension> =
        shape.cuts().iter().map(|Cut { dimension, banding: _ }| *dimension).collect();
    match dimensions.as_slice() {
        [Dimension::Team, Dimension::Municipality] => Some(0),
        [Dimension::Municipality, Dimension::Team] => Some(1),
        _ => None,
    }
}
