//! What became of the exits after 6, 12 and 18 months.

use disclosure::Threshold;
use platform::{Failure, principal};
use proto::participant as pb;
use tonic::Request;
use values::{Faults, Period, Slug};

use crate::{
    domain::follow_up::{MONTHS, Reached, Tally, exits_due_by, last_due},
    rpc::{
        Shared,
        convert::follow_up::{hidden_rate, rate},
        counted::{Asked, Moment, Sent, Told, Whose, by_team, moment, parse, settled},
    },
    store::{self, counted::Scope},
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
    let mut rates = Vec::with_capacity(MONTHS.len());
    let mut last = None;
    for months in MONTHS {
        let told = match &whose {
            Whose::Own { within, as_known_at } => {
                let known = moment(shared, &federation, *as_known_at).await?;
                let scope = known.scope(&federation, Some(within.clone()));
                let tally = own(shared, &scope, (months, period), &known).await?;
                Some((rate(months, &tally, known.sequence, true), known))
            }
            Whose::All { team } => {
                all(shared, &federation, (months, period), team.as_ref()).await?
            }
        };
        let Some((rate, known)) = told else { continue };
        rates.push(rate);
        last = Some(known);
    }
    let (sequence, head_hash) =
        last.map_or((0, Vec::new()), |known| (known.sequence, known.head_hash));
    Ok(pb::GetFollowUpRatesResponse { rates, sequence, head_hash })
}

/// The exits of the people that the caller may see, as far as they are due.
async fn own(
    shared: &Shared,
    scope: &Scope,
    (months, period): (u32, Period),
    known: &Moment,
) -> Result<Tally, Failure> {
    let due = exits_due_by(known.day, months).and_then(|day| period.until(day));
    let Some(exits) = due else { return Ok(Tally::default()) };
    let read = &shared.journal.database().read;
    let counted = store::counted::follow_ups(read, scope, (months, exits)).await?;
    Ok(tally(Told::Exact.of(&counted).copied()))
}

fn tally(counted: impl IntoIterator<Item = (Option<Reached>, i64)>) -> Tally {
    let mut tally = Tally::default();
    for (reached, how_many) in counted {
        tally.count(reached, how_many.unsigned_abs());
    }
    tally
}

/// Everybody's, once all of them are due and settled. Each group is told by who works or
/// studies, who does something else and who is silent; the silent are divided in the
/// total alone.
async fn all(
    shared: &Shared,
    federation: &Slug,
    (months, period): (u32, Period),
    team: Option<&Slug>,
) -> Result<Option<(pb::FollowUpRate, Moment)>, Failure> {
    let Some(due) = last_due(period.last_day(), months) else { return Ok(None) };
    let Some(known) = settled(shared, federation, due).await? else { return Ok(None) };
    let read = &shared.journal.database().read;
    let scope = known.scope(federation, None);
    let counted = store::counted::follow_ups(read, &scope, (months, period)).await?;
    let group = |(reached, how_many): &(Option<Reached>, i64)| {
        let group = match reached {
            Some(Reached::InWorkOrStudies) => 0,
            Some(Reached::Elsewhere) => 1,
            Some(Reached::No | Reached::Declined | Reached::NotAsked) | None => 2,
        };
        vec![(group, *how_many)]
    };
    let told = Told::Protected { team };
    let rate = if told.tells(&by_team(&counted, 3, group)) {
        let tally = tally(told.of(&counted).copied());
        rate(months, &tally, known.sequence, team.is_none() && is_divided(&tally))
    } else {
        hidden_rate(months, known.sequence)
    };
    Ok(Some((rate, known)))
}

/// True when how the silent divide tells of nobody.
fn is_divided(tally: &Tally) -> bool {
    let parts = [tally.not_reached, tally.declined, tally.not_asked];
    parts
        .into_iter()
        .all(|part| i64::try_from(part).is_ok_and(|part| !Threshold::DEFAULT.is_small(part)))
}
