//! A generated federation, for tests and measurements: parties, municipalities, areas,
//! teams, and people with lives from 2019 to 2025. Nobody of it exists: the names are
//! "Test Testsson 1", the numbers are of the series that is kept for tests.
//!
//! The same seed makes the same federation, byte for byte. A person is made of the seed
//! and a number alone, so that a million are never held at once, and are made again
//! whenever they are wanted.

// Named in full: a test includes this file from another folder.
#[path = "population/life.rs"]
pub(crate) mod life;
#[path = "population/number.rs"]
pub(crate) mod number;
#[path = "population/organisation.rs"]
pub(crate) mod organisation;
#[path = "population/rows.rs"]
pub(crate) mod rows;
#[path = "population/tally.rs"]
pub(crate) mod tally;

use proto::{
    organisation::ImportOrganisationRequest,
    participant::{self, ImportParticipantsRequest},
};

use life::Person;
use organisation::{MUNICIPALITIES, TEAMS};

/// The most cases in a batch.
pub(crate) const BATCH: usize = 500;

/// A federation, all of which follows from this.
#[derive(Debug, Clone)]
pub(crate) struct Population {
    /// The federation's id.
    pub(crate) federation: &'static str,
    /// What its lives are made of.
    pub(crate) seed: u64,
    /// How many people there are.
    pub(crate) people: usize,
}

impl Population {
    /// The federation's resource name.
    pub(crate) fn name(&self) -> String {
        format!("federations/{}", self.federation)
    }

    /// What the people are in: to be imported first.
    pub(crate) fn organisation(&self) -> ImportOrganisationRequest {
        organisation::request(&self.name())
    }

    /// The parties' people in teams, by the ids of party and team: whom somebody needs
    /// a role for who is to reach them all.
    pub(crate) fn party_teams(&self) -> Vec<[String; 2]> {
        (0..TEAMS.len()).flat_map(|team| self.party_teams_of(team)).collect()
    }

    /// The same in one team.
    pub(crate) fn party_teams_of(&self, team: usize) -> Vec<[String; 2]> {
        let (id, served) = TEAMS[team];
        let pair = |place: &usize| [organisation::party(*place), id.to_owned()];
        served.iter().map(pair).collect()
    }

    /// Everybody, municipality by municipality.
    pub(crate) fn everybody(&self) -> impl Iterator<Item = Person> {
        (0..MUNICIPALITIES.len()).flat_map(|place| self.people_of(place))
    }

    /// The cases of a team, in batches. Those of a person are in one, in their order: the
    /// batches may come in any.
    pub(crate) fn batches(&self, team: usize) -> impl Iterator<Item = ImportParticipantsRequest> {
        let (_, served) = TEAMS[team];
        let people = served.iter().flat_map(|place| self.people_of(*place));
        let mut rows = people.map(move |person| self.rows(team, &person)).peekable();
        let mut number = 0;
        std::iter::from_fn(move || {
            let mut batch: Vec<participant::Case> = Vec::with_capacity(BATCH);
            while let Some(more) = rows.next_if(|more| batch.len() + more.len() <= BATCH) {
                batch.extend(more);
            }
            number += 1;
            (!batch.is_empty()).then(|| rows::request(self, team, number, batch))
        })
    }

    /// The cases of a person with a team.
    fn rows(&self, team: usize, person: &Person) -> Vec<participant::Case> {
        let own = person.cases.iter().enumerate().filter(|(_, case)| case.team == team);
        own.map(|(turn, _)| rows::row(self, person, turn)).collect()
    }

    fn people_of(&self, place: usize) -> impl Iterator<Item = Person> {
        let starts = |place: usize| {
            let before: usize = MUNICIPALITIES[..place].iter().map(|(.., share)| share).sum();
            self.people * before / 100
        };
        (starts(place)..starts(place + 1)).map(move |number| life::live(self.seed, place, number))
    }
}
