//! Takes requisitions from draft to approval, one after another, as many callers
//! at once as are wanted.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};
use proto::{
    Date,
    common::Period,
    finance::{
        ApproveRequisitionRequest, CostKind, CostLine, CreateRequisitionRequest, Requisition,
        RequisitionState, ReviewRequisitionRequest, SubmitRequisitionRequest,
    },
};
use tokio::task::JoinSet;

use super::world::{self, Actors, FEDERATION, World};

/// Half of the kinds of cost each: a day may be claimed twice, once with each.
const KINDS: [[CostKind; 3]; 2] = [
    [CostKind::Staff, CostKind::Premises, CostKind::Activities],
    [CostKind::Training, CostKind::Overhead, CostKind::Other],
];
const DAYS: usize = 365;

/// What was done in a round.
#[derive(Default)]
pub(super) struct Done {
    /// How long each requisition took, all four calls.
    pub(super) times_ms: Vec<f64>,
    took: Duration,
}

impl Done {
    /// Requisitions a second.
    #[expect(clippy::cast_precision_loss, reason = "a count of requisitions is small")]
    pub(super) fn a_second(&self) -> f64 {
        self.times_ms.len() as f64 / self.took.as_secs_f64()
    }
}

/// Runs so many callers for so long.
pub(super) async fn run(
    world: &Arc<World>,
    callers: usize,
    time: Duration,
) -> anyhow::Result<Done> {
    run_as(world.actors(), world, callers, time).await
}

/// Runs so many callers, who are those actors in turn.
pub(super) async fn run_as(
    actors: &[Actors],
    world: &Arc<World>,
    callers: usize,
    time: Duration,
) -> anyhow::Result<Done> {
    let begun = Instant::now();
    let end = begun + time;
    let mut running = JoinSet::new();
    for actors in actors.iter().cycle().take(callers) {
        let (world, mut actors) = (Arc::clone(world), actors.clone());
        running.spawn(async move {
            let mut times_ms = Vec::new();
            while Instant::now() < end {
                let started = Instant::now();
                one(&mut actors, world.next()).await?;
                times_ms.push(started.elapsed().as_secs_f64() * 1e3);
            }
            anyhow::Ok(times_ms)
        });
    }
    let mut done = Done::default();
    while let Some(caller) = running.join_next().await {
        done.times_ms.extend(caller.context("a caller")??);
    }
    done.took = begun.elapsed();
    Ok(done)
}

/// Takes one requisition all the way.
pub(super) async fn one(actors: &mut Actors, number: usize) -> anyhow::Result<()> {
    let mut way = Way::draft(actors, number).await?;
    way.submit(actors).await?;
    way.review(actors).await?;
    way.approve(actors).await
}

/// A requisition on its way.
pub(super) struct Way {
    number: usize,
    party: usize,
    requisition: Requisition,
}

impl Way {
    /// Drafts the requisition of a number: another grant each, then another
    /// party, then another day.
    pub(super) async fn draft(actors: &mut Actors, number: usize) -> anyhow::Result<Self> {
        let (grant, turn) = (number % world::GRANTS, number / world::GRANTS);
        let (party, turn) = (turn % world::PARTIES, turn / world::PARTIES);
        let (day, half) = (turn % DAYS, turn / DAYS);
        let kinds = KINDS.get(half).context("every day is claimed")?;
        let federation = format!("federations/{FEDERATION}");
        let request = CreateRequisitionRequest {
            parent: federation.clone(),
            requisition_id: format!("r-{number}"),
            requisition: Some(Requisition {
                grant: format!("{federation}/grants/{}", world::grant(grant)),
                party: format!("{federation}/parties/{}", world::party(party)),
                period: Some(one_day(day)?),
                cost_lines: kinds.iter().map(|kind| cost_line(*kind)).collect(),
                payment_reference: "BG 000-0000".to_owned(),
                synthetic: true,
                ..Default::default()
            }),
            request_id: format!("load-{number}-draft"),
            validate_only: false,
        };
        let answer = actors.parties[party].create_requisition(request).await;
        let answer = answer.context("the draft")?.into_inner();
        Ok(Self {
            number,
            party,
            requisition: answer.requisition.context("no requisition in the answer")?,
        })
    }

    pub(super) async fn submit(&mut self, actors: &mut Actors) -> anyhow::Result<()> {
        let request = SubmitRequisitionRequest {
            name: self.requisition.name.clone(),
            etag: self.requisition.etag.clone(),
            comment: String::new(),
            request_id: format!("load-{}-submit", self.number),
            validate_only: false,
        };
        let answer = actors.parties[self.party].submit_requisition(request).await;
        self.moved(answer.context("the submission")?.into_inner().requisition)
    }

    pub(super) async fn review(&mut self, actors: &mut Actors) -> anyhow::Result<()> {
        let request = ReviewRequisitionRequest {
            name: self.requisition.name.clone(),
            etag: self.requisition.etag.clone(),
            comment: String::new(),
            request_id: format!("load-{}-review", self.number),
            validate_only: false,
        };
        let answer = actors.economist.review_requisition(request).await;
        self.moved(answer.context("the review")?.into_inner().requisition)
    }

    pub(super) async fn approve(mut self, actors: &mut Actors) -> anyhow::Result<()> {
        let request = ApproveRequisitionRequest {
            name: self.requisition.name.clone(),
            etag: self.requisition.etag.clone(),
            comment: String::new(),
            request_id: format!("load-{}-approve", self.number),
            validate_only: false,
        };
        let answer = actors.administrator.approve_requisition(request).await;
        self.moved(answer.context("the approval")?.into_inner().requisition)?;
        anyhow::ensure!(
            self.requisition.state() == RequisitionState::Approved,
            "{} is not approved",
            self.requisition.name
        );
        Ok(())
    }

    fn moved(&mut self, requisition: Option<Requisition>) -> anyhow::Result<()> {
        self.requisition = requisition.context("no requisition in the answer")?;
        Ok(())
    }
}

fn cost_line(kind: CostKind) -> CostLine {
    let fte_percent = if kind == CostKind::Staff { 100 } else { 0 };
    CostLine { kind: kind.into(), description: "Load".to_owned(), fte_percent, amount_ore: 10_000 }
}

fn one_day(number: usize) -> anyhow::Result<Period> {
    let ordinal = u32::try_from(number)? + 1;
    let day = NaiveDate::from_yo_opt(world::YEAR, ordinal).context("no such day")?;
    let day = Date {
        year: day.year(),
        month: i32::try_from(day.month())?,
        day: i32::try_from(day.day())?,
    };
    Ok(Period { first_day: Some(day), last_day: Some(day) })
}
