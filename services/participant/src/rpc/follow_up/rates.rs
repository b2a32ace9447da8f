//! What became of the exits after 6, 12 and 18 months.

use disclosure::Threshold;
use platform::{Failure, principal};
use proto::participant as pb;
use sea_orm::ConnectionTrait;
use tonic::Request;
use values::{Faults, Period, Slug};

use crate::{
    domain::follow_up::{MONTHS, Reached, Tally, exits_due_by, last_due},
    rpc::{
        Shared,
        convert::follow_up::{hidden_rate, rate},
        counted::{Asked, Moment, Sent, Told, Whose, by_team, moment, parse, settled},
        tabulation,
    },
    store::{
        self,
        counted::{OfTeam, Scope},
    },
};

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetFollowUpRatesRequest>,
) -> Result<pb::GetFollowUpRatesResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetFollowUpRatesRequest { parent, period, teams, as_known_at } = request.into_inner();
    let mut faults = Faults::new();
    let sent = Sent { parent: &parent, period, teams: &teams, as_known_at };
    let asked = parse(&mut faults, &principal, sent)?;
    let Asked { federation, period, whose } = faults.into_result(|| asked)?;
    let picture = shared.journal.database().snapshot().await?;
    let (rates, known) = match whose {
        Whose::Own { within, as_known_at } => {
            let known = moment(shared, &picture, &federation, as_known_at).await?;
            let scope = known.scope(&federation, Some(within));
            (own(&picture, &scope, period, &known).await?, Some(known))
        }
        Whose::All { team } => {
            let threshold = tabulation::threshold(&picture, &federation).await?;
            let whom = (team.as_ref(), threshold);
            all(shared, &picture, (&federation, period), whom).await?
        }
    };
    picture.rollback().await?;
    let (sequence, head_hash) =
        known.map_or((0, Vec::new()), |known| (known.sequence, known.head_hash));
    Ok(pb::GetFollowUpRatesResponse { rates, sequence, head_hash })
}

/// The exits of the people that the caller may see, as far as they are due.
async fn own(
    picture: &impl ConnectionTrait,
    scope: &Scope,
    period: Period,
    known: &Moment,
) -> Result<Vec<pb::FollowUpRate>, Failure> {
    let mut rates = Vec::with_capacity(MONTHS.len());
    for months in MONTHS {
        let due = exits_due_by(known.day, months).and_then(|day| period.until(day));
        let tally = match due {
            Some(exits) => {
                let asked = (months, exits);
                let counted = store::counted::follow_ups(picture, scope, asked, known.sequence);
                tally(Told::Exact.of(&counted.await?).copied())
            }
            None => Tally::default(),
        };
        rates.push(rate(months, &tally, known.sequence, true));
    }
    Ok(rates)
}

fn tally(counted: impl IntoIterator<Item = (Option<Reached>, i64)>) -> Tally {
    let mut tally = Tally::default();
    for (reached, how_many) in counted {
        tally.count(reached, how_many.unsigned_abs());
    }
    tally
}

/// Everybody's, once all of them are due and settled; also the last moment that is told
/// of. Which exits there were is settled after the period, what became of them later.
async fn all(
    shared: &Shared,
    picture: &impl ConnectionTrait,
    (federation, period): (&Slug, Period),
    whom: (Option<&Slug>, Threshold),
) -> Result<(Vec<pb::FollowUpRate>, Option<Moment>), Failure> {
    let (mut rates, mut last) = (Vec::with_capacity(MONTHS.len()), None);
    let exits = settled(shared, picture, federation, period.last_day()).await?;
    let Some(exits) = exits else { return Ok((rates, last)) };
    let scope = exits.scope(federation, None);
    for months in MONTHS {
        let Some(due) = last_due(period.last_day(), months) else { continue };
        let Some(known) = settled(shared, picture, federation, due).await? else { continue };
        let asked = (months, period);
        let counted = store::counted::follow_ups(picture, &scope, asked, known.sequence).await?;
        rates.push(protected((months, known.sequence), &counted, whom));
        last = Some(known);
    }
    Ok((rates, last))
}

/// Each group is told by who works or studies, who does something else and who is silent;
/// the silent are divided in the total alone.
fn protected(
    (months, sequence): (u32, i64),
    counted: &[OfTeam<(Option<Reached>, i64)>],
    (team, threshold): (Option<&Slug>, Threshold),
) -> pb::FollowUpRate {
    let told = Told::Protected { team, threshold };
    let group = |(reached, how_many): &(Option<Reached>, i64)| {
        let group = match reached {
            Some(Reached::InWorkOrStudies) => 0,
            Some(Reached::Elsewhere) => 1,
            Some(Reached::No | Reached::Declined | Reached::NotAsked) | None => 2,
        };
        vec![(group, *how_many)]
    };
    if !told.tells(&by_team(counted, 3, group)) {
        return hidden_rate(months, sequence);
    }
    let tally = tally(told.of(counted).copied());
    let is_divided = team.is_none() && is_divided(threshold, &tally);
    let number = |count: u64| {
        let told = i64::try_from(count).map(|count| told.number(count));
        told.map_or(u64::MAX, i64::unsigned_abs)
    };
    rate(months, &tally.told(is_divided, number), sequence, is_divided)
}

/// True when how the silent divide tells of nobody.
fn is_divided(threshold: Threshold, tally: &Tally) -> bool {
    let parts = [tally.not_reached, tally.declined, tally.not_asked];
    parts.into_iter().all(|part| i64::try_from(part).is_ok_and(|part| !threshold.is_small(part)))
}
