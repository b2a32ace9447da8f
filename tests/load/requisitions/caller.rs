//! Takes requisitions from draft to approval, one after another, as many callers
//! at once as are wanted.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use proto::finance::{
    ApproveRequisitionRequest, CreateRequisitionRequest, Requisition, RequisitionState,
    ReviewRequisitionRequest, SubmitRequisitionRequest,
};
use tokio::task::JoinSet;

use super::world::{Actors, World};
use crate::{calls::Done, installation::FEDERATION};

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
    /// Drafts the requisition of a number.
    pub(super) async fn draft(actors: &mut Actors, number: usize) -> anyhow::Result<Self> {
        let party = FEDERATION.party_of(number);
        let request = CreateRequisitionRequest {
            parent: FEDERATION.name(),
            requisition_id: format!("r-{number}"),
            requisition: Some(FEDERATION.requisition(number)?),
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
