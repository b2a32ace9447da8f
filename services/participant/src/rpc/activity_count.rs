//! `ActivityCountService`: how much a team does with people.

use std::collections::BTreeSet;

use platform::{Failure, journalled::decoded, principal};
use proto::participant as pb;
use proto::participant::activity_count_service_server::ActivityCountService;
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use values::{Faults, Period, Slug};

use super::{
    Shared, convert,
    counted::{Asked, Moment, Sent, Told, Whose, by_team, moment, parse, settled_or_refused},
    tabulation,
};
use crate::{
    domain::{code::Sector, group_activity::GroupActivity, milestone::MilestoneKind},
    store::{
        self,
        counted::{OfTeam, Placed},
    },
};

pub(super) struct Counts(pub(super) Shared);

#[tonic::async_trait]
impl ActivityCountService for Counts {
    async fn count_activities(
        &self,
        request: Request<pb::CountActivitiesRequest>,
    ) -> Result<Response<pb::CountActivitiesResponse>, Status> {
        Ok(Response::new(count(&self.0, request).await?))
    }
}

/// What there was, by team.
struct Counted {
    milestones: Vec<OfTeam<(MilestoneKind, i64, i64)>>,
    placements: Vec<OfTeam<Placed>>,
    group_activities: Vec<OfTeam<GroupActivity>>,
}

async fn count(
    shared: &Shared,
    request: Request<pb::CountActivitiesRequest>,
) -> Result<pb::CountActivitiesResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::CountActivitiesRequest { parent, period, teams, as_known_at } = request.into_inner();
    let mut faults = Faults::new();
    let sent = Sent { parent: &parent, period, teams: &teams, as_known_at };
    let asked = parse(&mut faults, &principal, sent)?;
    let asked = faults.into_result(|| asked)?;
    let Asked { federation, period, whose } = &asked;
    let picture = shared.journal.database().snapshot().await?;
    let (counted, told, known) = match whose {
        Whose::Own { within, as_known_at } => {
            let known = moment(shared, &picture, federation, *as_known_at).await?;
            (load(shared, &picture, (&asked, &known), Some(within)).await?, Told::Exact, known)
        }
        Whose::All { team } => {
            let last_day = period.last_day();
            let known = settled_or_refused(shared, &picture, federation, last_day).await?;
            let threshold = tabulation::threshold(&picture, federation).await?;
            let told = Told::Protected { team: team.as_ref(), threshold };
            (load(shared, &picture, (&asked, &known), None).await?, told, known)
        }
    };
    picture.rollback().await?;
    Ok(response(&counted, told, known))
}

async fn load(
    shared: &Shared,
    picture: &impl ConnectionTrait,
    (asked, known): (&Asked, &Moment),
    within: Option<&BTreeSet<(Slug, Slug)>>,
) -> Result<Counted, Failure> {
    let Asked { federation, period, whose: _ } = asked;
    let tokens = shared.keyring.tokens(federation);
    let scope = known.scope(federation, within.cloned());
    let recorded = store::counted::group_activities(picture, federation, known.sequence).await?;
    let is_seen =
        |team: &Slug| within.is_none_or(|within| within.iter().any(|(_, within)| within == team));
    let mut group_activities = Vec::new();
    for OfTeam { team, counted } in recorded.into_iter().filter(|one| is_seen(&one.team)) {
        group_activities.extend(activity(team, &counted, *period)?);
    }
    Ok(Counted {
        milestones: store::counted::milestones(picture, &scope, *period, &tokens).await?,
        placements: store::counted::placements(picture, &scope, *period, &tokens).await?,
        group_activities,
    })
}

/// An activity of the period.
fn activity(
    team: Slug,
    payload: &[u8],
    period: Period,
) -> Result<Option<OfTeam<GroupActivity>>, Failure> {
    let counted = convert::group_activity::parse(decoded(payload)?)
        .map_err(|faults| anyhow::anyhow!("a recorded activity cannot be read: {faults:?}"))?;
    Ok(period.contains(counted.day).then_some(OfTeam { team, counted }))
}

fn response(counted: &Counted, told: Told<'_>, known: Moment) -> pb::CountActivitiesResponse {
    let milestones = MilestoneKind::ALL.into_iter();
    let milestones = milestones.map(|kind| milestones_of(counted, told, kind)).collect();
    let placements = Sector::ALL.iter();
    let placements = placements.map(|sector| placements_in(counted, told, *sector)).collect();
    let Moment { sequence, head_hash, day: _ } = known;
    let group_activities = Some(group_activities(counted, told));
    pb::CountActivitiesResponse { milestones, placements, group_activities, sequence, head_hash }
}

fn milestones_of(counted: &Counted, told: Told<'_>, kind: MilestoneKind) -> pb::MilestoneCount {
    let of_kind = |(of, people, _): &(MilestoneKind, i64, i64)| {
        if *of == kind { vec![(0, *people)] } else { Vec::new() }
    };
    let is_told = told.tells(&by_team(&counted.milestones, 1, of_kind));
    let all = told.of(&counted.milestones).filter(|(of, ..)| *of == kind);
    let sum = |add: fn(&(MilestoneKind, i64, i64)) -> i64| told.number(all.clone().map(add).sum());
    pb::MilestoneCount {
        kind: kind.number().into(),
        people: is_told.then(|| sum(|(_, people, _)| *people)),
        milestones: is_told.then(|| sum(|(_, _, how_many)| *how_many)),
    }
}

/// Whether it is told goes by the people, of whom one may have had several. What ended and
/// what goes on is told where it is exact: who is at a place follows from all that ever
/// began and ended.
fn placements_in(counted: &Counted, told: Told<'_>, sector: Sector) -> pb::PlacementCount {
    let in_sector = |placed: &Placed| {
        if placed.sector == sector { vec![(0, placed.people)] } else { Vec::new() }
    };
    let is_told = told.tells(&by_team(&counted.placements, 1, in_sector));
    let all = told.of(&counted.placements).filter(|placed| placed.sector == sector);
    let sum = |add: fn(&Placed) -> i64| told.number(all.clone().map(add).sum());
    pb::PlacementCount {
        sector: sector.number().into(),
        begun: is_told.then(|| sum(|placed| placed.begun)),
        ended: told.is_exact().then(|| sum(|placed| placed.ended)),
        open: told.is_exact().then(|| sum(|placed| placed.open)),
    }
}

fn group_activities(counted: &Counted, told: Told<'_>) -> pb::GroupActivityCount {
    let people = |activity: &GroupActivity| {
        let turnout = activity.turnout;
        [turnout.invited(), turnout.accepted(), turnout.attended()].map(i64::from)
    };
    let places = |activity: &GroupActivity| people(activity).into_iter().enumerate().collect();
    let is_told = told.tells(&by_team(&counted.group_activities, 3, places));
    let all: Vec<[i64; 3]> = told.of(&counted.group_activities).map(people).collect();
    let sum =
        |place: usize| is_told.then(|| told.number(all.iter().map(|people| people[place]).sum()));
    pb::GroupActivityCount {
        occasions: i64::try_from(all.len()).unwrap_or(i64::MAX),
        invited: sum(0),
        accepted: sum(1),
        attended: sum(2),
    }
}
