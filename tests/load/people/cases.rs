//! How long it takes to list cases, to find somebody by the personal number and to open a
//! case, by eight at once.

use anyhow::Context as _;
use proto::participant::{
    FindParticipantRequest, GetEnrolmentRequest, ListEnrolmentsRequest,
    enrolment_service_client::EnrolmentServiceClient,
    participant_service_client::ParticipantServiceClient,
};

use super::service::Service;
use crate::{
    calls::{self, Done},
    credential::Caller,
    population::{Population, organisation::TEAMS, rows},
    spread,
    table::{self, heading},
};

const CLIENTS: usize = 8;
const ROUNDS: usize = 3;
const ROUND: usize = 2000;
const PAGE: i32 = 50;
const GOAL_MS: f64 = 20.0;

/// Somebody who is asked for.
#[derive(Clone)]
struct Sought {
    team: usize,
    enrolment: String,
    personal_number: String,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
enum Question {
    List,
    Find,
    Open,
}

const QUESTIONS: [(Question, &str); 3] = [
    (Question::List, "ListEnrolments, a page of a team's open ones"),
    (Question::Find, "FindParticipant, by personal number"),
    (Question::Open, "GetEnrolment"),
];

/// Measures each and prints the figures.
///
/// # Errors
/// When a call fails.
pub(super) async fn measure(service: &Service, population: &Population) -> anyhow::Result<()> {
    heading(&format!(
        "cases: {CLIENTS} coordinators at once, each of one team; {ROUNDS} rounds of {ROUND} of \
         each, every answer entered in the read log"
    ));
    let sought = sought(population);
    let mut callers = Vec::with_capacity(TEAMS.len());
    for team in 0..TEAMS.len() {
        let party_teams = population.party_teams_of(team);
        callers.push(service.coordinator(population, party_teams).await?);
    }
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        for (which, (question, _)) in QUESTIONS.iter().enumerate() {
            let jobs = sought.iter().cycle().skip(round * ROUND).take(ROUND).cloned().collect();
            let done = ask(&callers, population, *question, jobs).await?;
            // The first was for warming up.
            if round > 0 {
                rounds.push((which, done));
            }
        }
    }
    print(&rounds);
    Ok(())
}

/// So many people as are asked for at once, from all over the federation.
fn sought(population: &Population) -> Vec<Sought> {
    let step = (population.people / (2 * ROUND)).max(1);
    let mut sought = Vec::new();
    for person in population.everybody().step_by(step) {
        let enrolled = person.cases.iter().position(|case| case.enrolment.is_some());
        if let (Some((number, _)), Some(turn)) = (&person.born, enrolled) {
            sought.push(Sought {
                team: person.cases[turn].team,
                enrolment: rows::id(person.ordinal, turn),
                personal_number: number.clone(),
            });
        }
    }
    // Neighbours are of one team: they are asked for apart.
    let half = sought.len() / 2;
    let (front, back) = sought.split_at(half);
    front.iter().zip(back).flat_map(|(one, other)| [one.clone(), other.clone()]).collect()
}

async fn ask(
    callers: &[Caller],
    population: &Population,
    question: Question,
    jobs: Vec<Sought>,
) -> anyhow::Result<Done> {
    let (callers, federation) = (callers.to_vec(), population.name());
    let asked = calls::share(jobs, CLIENTS, move |_, sought| {
        let caller = callers.get(sought.team).cloned();
        let federation = federation.clone();
        async move { one(caller.context("no such team")?, &federation, question, sought).await }
    });
    Ok(asked.await?.1)
}

async fn one(
    caller: Caller,
    federation: &str,
    question: Question,
    sought: Sought,
) -> anyhow::Result<()> {
    match question {
        Question::List => {
            let (team, _) = TEAMS[sought.team];
            let request = ListEnrolmentsRequest {
                parent: federation.to_owned(),
                team: format!("{federation}/teams/{team}"),
                open_only: true,
                page_size: PAGE,
                ..Default::default()
            };
            let page = EnrolmentServiceClient::new(caller).list_enrolments(request).await?;
            anyhow::ensure!(!page.into_inner().enrolments.is_empty(), "an empty page");
        }
        Question::Find => {
            let request = FindParticipantRequest {
                parent: federation.to_owned(),
                personal_number: sought.personal_number,
            };
            let found = ParticipantServiceClient::new(caller).find_participant(request).await?;
            anyhow::ensure!(found.into_inner().participant.is_some(), "nobody");
        }
        Question::Open => {
            let name = format!("{federation}/enrolments/{}", sought.enrolment);
            let request = GetEnrolmentRequest { name };
            let opened = EnrolmentServiceClient::new(caller).get_enrolment(request).await?;
            anyhow::ensure!(opened.into_inner().enrolment.is_some(), "no case");
        }
    }
    Ok(())
}

fn print(rounds: &[(usize, Done)]) {
    let row = |(which, (_, name)): (usize, &(Question, &str))| {
        let of: Vec<&Done> =
            rounds.iter().filter(|(other, _)| *other == which).map(|(_, done)| done).collect();
        let median = |figure: &dyn Fn(&Done) -> f64| {
            spread::median(&of.iter().map(|done| figure(done)).collect::<Vec<_>>())
        };
        vec![
            (*name).to_owned(),
            format!("{:.0}", median(&Done::a_second)),
            format!("{:.2}", median(&Done::median_ms)),
            format!("{:.2}", median(&|done| spread::at(&done.times_ms, 0.95))),
            format!("p95 < {GOAL_MS} ms"),
        ]
    };
    let rows: Vec<Vec<String>> = QUESTIONS.iter().enumerate().map(row).collect();
    table::rows(&["call", "calls/s", "p50 ms", "p95 ms", "goal"], &rows);
}
