//! The way that people come in: batches of a team's cases, by its coordinator.

use std::{fmt, time::Instant};

use anyhow::Context as _;
use proto::{
    common::ImportEffect,
    participant::{
        Case, ImportParticipantsRequest, ImportParticipantsResponse,
        participant_import_service_client::ParticipantImportServiceClient,
    },
};

use super::service::Service;
use crate::{
    calls::{self, Done},
    credential::Caller,
    population::{Population, organisation::TEAMS},
};

/// How many teams are loaded at once when nothing of it is measured.
const AT_ONCE: usize = 4;

/// What was taken in.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Loaded {
    pub(super) cases: usize,
    pub(super) events: usize,
    pub(super) seconds: f64,
}

impl Loaded {
    #[expect(clippy::cast_precision_loss, reason = "a count of events is small")]
    pub(super) fn events_a_second(&self) -> f64 {
        self.events as f64 / self.seconds
    }
}

impl fmt::Display for Loaded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, events, seconds } = self;
        let rate = self.events_a_second();
        write!(formatter, "{cases} cases, {events} events, {seconds:.0} s, {rate:.0} events/s")
    }
}

/// The events of a case that are recorded: referral, decision, enrolment, exit.
pub(super) fn events(case: &Case) -> usize {
    1 + usize::from(case.decision_date.is_some())
        + usize::from(case.enrolment.is_some())
        + usize::from(case.exit.is_some())
}

/// Takes in everybody, while the batches are still made.
///
/// # Errors
/// When a case is refused.
pub(super) async fn load(service: &Service, population: &Population) -> anyhow::Result<Loaded> {
    let caller = service.coordinator(population, population.party_teams()).await?;
    let begun = Instant::now();
    let teams: Vec<usize> = (0..TEAMS.len()).collect();
    let population = population.clone();
    let loaded = calls::share(teams, AT_ONCE, move |_, team| {
        let (caller, population) = (caller.clone(), population.clone());
        async move { of_team(caller, &population, team).await }
    });
    let (teams, _) = loaded.await?;
    Ok(Loaded {
        cases: teams.iter().map(|team| team.cases).sum(),
        events: teams.iter().map(|team| team.events).sum(),
        seconds: begun.elapsed().as_secs_f64(),
    })
}

async fn of_team(caller: Caller, population: &Population, team: usize) -> anyhow::Result<Loaded> {
    let mut loaded = Loaded::default();
    for batch in population.batches(team) {
        loaded.cases += batch.cases.len();
        loaded.events += batch.cases.iter().map(events).sum::<usize>();
        send(caller.clone(), batch).await?;
    }
    Ok(loaded)
}

/// Takes in batches that are made already, one after the other by each of so many
/// callers.
///
/// # Errors
/// When a case is refused.
pub(super) async fn send_all(
    caller: Caller,
    batches: Vec<ImportParticipantsRequest>,
    callers: usize,
) -> anyhow::Result<Done> {
    let sent = calls::share(batches, callers, move |_, batch| send(caller.clone(), batch));
    Ok(sent.await?.1)
}

async fn send(caller: Caller, batch: ImportParticipantsRequest) -> anyhow::Result<()> {
    let rows = batch.cases.len();
    let answer = ParticipantImportServiceClient::new(caller).import_participants(batch).await;
    is_created(&answer.context("a batch")?.into_inner(), rows)
}

fn is_created(answer: &ImportParticipantsResponse, rows: usize) -> anyhow::Result<()> {
    if let Some(fault) = answer.faults.first() {
        anyhow::bail!("{} faults, the first: {fault:?}", answer.faults.len());
    }
    let created = answer.outcomes.iter().filter(|row| row.effect() == ImportEffect::Created);
    anyhow::ensure!(created.count() == rows, "not every case was created");
    Ok(())
}
