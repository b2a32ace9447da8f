//! Many callers at once, who share a pile of jobs, and what they did.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use tokio::task::JoinSet;

use crate::spread;

/// What was done in a round.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// How long each job took.
    pub(crate) times_ms: Vec<f64>,
    /// How long all of them took together.
    pub(crate) took: Duration,
}

impl Done {
    /// Jobs a second.
    #[expect(clippy::cast_precision_loss, reason = "a count of jobs is small")]
    pub(crate) fn a_second(&self) -> f64 {
        self.times_ms.len() as f64 / self.took.as_secs_f64()
    }

    /// How long a job took, in the median.
    pub(crate) fn median_ms(&self) -> f64 {
        spread::median(&self.times_ms)
    }

    /// What 99 of a hundred jobs stayed below.
    pub(crate) fn p99_ms(&self) -> f64 {
        spread::at(&self.times_ms, 0.99)
    }
}

/// Lets so many callers, each with a number, take one job after another until
/// none is left. Answers what the jobs gave, in no order.
///
/// # Errors
/// When a job fails: the first failure.
pub(crate) async fn share<Job, Given, Work, Working>(
    jobs: Vec<Job>,
    callers: usize,
    work: Work,
) -> anyhow::Result<(Vec<Given>, Done)>
where
    Job: Send + 'static,
    Given: Send + 'static,
    Work: Fn(usize, Job) -> Working + Clone + Send + 'static,
    Working: Future<Output = anyhow::Result<Given>> + Send + 'static,
{
    let begun = Instant::now();
    let jobs = Arc::new(Mutex::new(jobs.into_iter()));
    let mut running = JoinSet::new();
    for caller in 0..callers {
        let (jobs, work) = (Arc::clone(&jobs), work.clone());
        running.spawn(async move {
            let next = || jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
            let mut done = Vec::new();
            while let Some(job) = next() {
                let started = Instant::now();
                let given = work(caller, job).await?;
                done.push((given, started.elapsed().as_secs_f64() * 1e3));
            }
            anyhow::Ok(done)
        });
    }
    let mut gave = Vec::new();
    let mut done = Done::default();
    while let Some(caller) = running.join_next().await {
        for (given, time_ms) in caller.context("a caller")?? {
            gave.push(given);
            done.times_ms.push(time_ms);
        }
    }
    done.took = begun.elapsed();
    Ok((gave, done))
}
