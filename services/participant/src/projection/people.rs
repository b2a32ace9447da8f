//! People, their cases and what is counted of them, as the journal makes them: it is gone
//! through from the beginning, and after each write it is asked what counts now.

use std::collections::{BTreeMap, BTreeSet};

use platform::journalled::Recorded;
use sea_orm::ConnectionTrait;
use values::{
    Slug,
    name::{EnrolmentName, ParticipantName, ReferralName},
};

use super::{
    along::{Along, Happened},
    entries::{About, Held, Opener, Told, Writes, hold},
    table,
};
use crate::{
    domain::{case::Case, enrolment::Enrolment, person::Person, referral::Referral},
    keyring::Keyring,
    rpc::{
        disposal::{self, Disposed},
        people,
    },
    store::{
        self,
        fact::History,
        projection::{Entry, Keys},
    },
};

/// What the tables of a federation's people have to have.
#[derive(Default)]
pub(crate) struct People {
    /// What each person is found by.
    pub(crate) people: BTreeMap<ParticipantName, (store::person::Index, Recorded)>,
    /// What each referral is found by, with the sequence that its person was entered with.
    pub(crate) referrals: BTreeMap<ReferralName, (store::referral::Index, i64, Recorded)>,
    /// What each enrolment is found by.
    pub(crate) enrolments: BTreeMap<EnrolmentName, (store::enrolment::Index, Recorded)>,
    /// What happened along the enrolments.
    pub(crate) happened: Happened,
    /// The names that lead nowhere any more.
    pub(crate) disposed: BTreeMap<String, store::disposed::Row>,
    /// What is known of each case.
    pub(crate) histories: BTreeMap<ReferralName, History>,
    /// A line for each that cannot be made.
    pub(crate) problems: Vec<String>,
}

/// Goes through a federation's journal.
pub(crate) async fn made(
    connection: &impl ConnectionTrait,
    keyring: &Keyring,
    federation: &Slug,
    keys: &Keys,
) -> anyhow::Result<People> {
    let (opener, problems) = Opener::new(keyring, federation, keys);
    let mut journal = State::new(&opener);
    let mut writes = Writes::of(connection, federation);
    while let Some(write) = writes.next().await? {
        journal.take(&write)?;
    }
    let (disposals, unreadable) = table(connection, "disposals", disposal::disposed).await?;
    let disposed = disposals.into_values().flatten();
    let disposed = disposed.filter(|disposed| disposed.party.federation == *federation);
    let disposed: Gone = disposed.map(|disposed| (disposed.person.clone(), disposed)).collect();
    Ok(journal.into_people(&disposed, [problems, unreadable].concat()))
}

/// Those who were disposed of.
type Gone = BTreeMap<Slug, Disposed>;

/// As far as the journal has been gone through.
struct State<'a> {
    opener: &'a Opener<'a>,
    people: BTreeMap<Slug, Held<Person>>,
    referrals: BTreeMap<Slug, Held<Referral>>,
    enrolments: BTreeMap<Slug, Held<Enrolment>>,
    along: Along,
    /// The referral that each enrolment is of, and which each referral has led to.
    of_referral: BTreeMap<Slug, Slug>,
    led_to: BTreeMap<Slug, BTreeSet<Slug>>,
    /// Which referrals are about each person.
    about: BTreeMap<Slug, BTreeSet<Slug>>,
    /// Where enrolments were recorded of which nobody can read yet whose they are.
    unplaced: BTreeMap<Slug, Vec<i64>>,
    histories: BTreeMap<Slug, History>,
    /// What leads nowhere any more though its person is still here.
    let_go: BTreeMap<String, store::disposed::Row>,
}

impl<'a> State<'a> {
    fn new(opener: &'a Opener<'a>) -> Self {
        Self {
            opener,
            people: BTreeMap::new(),
            referrals: BTreeMap::new(),
            enrolments: BTreeMap::new(),
            along: Along::default(),
            of_referral: BTreeMap::new(),
            led_to: BTreeMap::new(),
            about: BTreeMap::new(),
            unplaced: BTreeMap::new(),
            histories: BTreeMap::new(),
            let_go: BTreeMap::new(),
        }
    }

    /// Takes in a write. What counts of a case is known from the first entry on that is
    /// about the case; where there is none, from that about its person.
    fn take(&mut self, write: &[Entry]) -> anyhow::Result<()> {
        let (mut of_cases, mut of_people) = (BTreeMap::new(), BTreeMap::new());
        for entry in write {
            match self.opener.about(entry)? {
                Some(About::Person(told)) => {
                    of_people.entry(told.person.clone()).or_insert(told.sequence);
                    let id = told.person.clone();
                    hold(&mut self.people, id, told);
                }
                Some(About::Referral(case, told)) => {
                    of_cases.entry(case.clone()).or_insert(told.sequence);
                    self.take_referral(case, told);
                }
                Some(About::Enrolment(id, told)) => {
                    let sequence = told.sequence;
                    self.along.take_enrolment(&id, &told);
                    match self.take_enrolment(id.clone(), told) {
                        Some(case) => {
                            of_cases.entry(case).or_insert(sequence);
                        }
                        None => self.unplaced.entry(id).or_default().push(sequence),
                    }
                }
                Some(About::Milestone(id, told)) => self.along.take_milestone(id, told),
                Some(About::Placement(id, told)) => self.along.take_placement(id, told),
                Some(About::SurveyAnswer(id, told)) => self.along.take_survey_answer(id, told),
                Some(About::FollowUp(name, told)) => self.along.take_follow_up(name, told),
                Some(About::LetGo(row)) => {
                    if let Some(case) = self.take_let_go(row)? {
                        of_cases.remove(&case);
                    }
                }
                None => {}
            }
        }
        for (person, sequence) in of_people {
            for case in self.about.get(&person).into_iter().flatten() {
                of_cases.entry(case.clone()).or_insert(sequence);
            }
        }
        for (case, sequence) in of_cases {
            self.count(&case, sequence);
        }
        Ok(())
    }

    fn take_referral(&mut self, case: Slug, told: Told<Referral>) {
        if let Some(before) = self.referrals.get(&case)
            && let Some(about) = self.about.get_mut(&before.person)
        {
            about.remove(&case);
        }
        self.about.entry(told.person.clone()).or_default().insert(case.clone());
        hold(&mut self.referrals, case, told);
    }

    /// Answers the case that it is of, as far as that can be read.
    fn take_enrolment(&mut self, id: Slug, told: Told<Enrolment>) -> Option<Slug> {
        if let Some((enrolment, _)) = &told.opened {
            let case = enrolment.referral.id.clone();
            self.of_referral.insert(id.clone(), case.clone());
            self.led_to.entry(case.clone()).or_default().insert(id.clone());
            let history = self.histories.entry(case).or_default();
            for sequence in self.unplaced.remove(&id).unwrap_or_default() {
                history.note_sealed(sequence);
            }
        }
        hold(&mut self.enrolments, id.clone(), told);
        self.of_referral.get(&id).cloned()
    }

    /// Forgets what leads nowhere any more. It is the last that is recorded of it. Answers
    /// the case, where it is one.
    fn take_let_go(&mut self, row: store::disposed::Row) -> anyhow::Result<Option<Slug>> {
        let mut parts = row.name.split('/').skip(2);
        let (collection, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let id = Slug::parse("", id).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
        self.let_go.insert(row.name.clone(), row.clone());
        match collection {
            ReferralName::COLLECTION => {
                self.referrals.remove(&id);
                self.histories.remove(&id);
                if let Some(about) = self.about.get_mut(&row.person.id) {
                    about.remove(&id);
                }
                return Ok(Some(id));
            }
            EnrolmentName::COLLECTION => {
                self.enrolments.remove(&id);
            }
            _ => self.along.let_go(collection, &id),
        }
        Ok(None)
    }

    fn count(&mut self, case: &Slug, sequence: i64) {
        let now = self.case(case).map(|(case, person)| (case.counted(person), person.name.clone()));
        let history = self.histories.entry(case.clone()).or_default();
        match now {
            Some((facts, participant)) => history.note(sequence, &participant, facts),
            None => history.note_sealed(sequence),
        }
    }

    /// A case and its person, as far as they can be read.
    fn case(&self, case: &Slug) -> Option<(Case, &Person)> {
        let referral = self.referrals.get(case)?;
        let (person, _) = self.people.get(&referral.person)?.opened.as_ref()?;
        let (referral, _) = referral.opened.as_ref()?;
        let held = self.led_to.get(case).into_iter().flatten();
        let mut held: Vec<_> = held.filter_map(|id| self.enrolments.get(id)).collect();
        held.sort_by_key(|enrolment| enrolment.recorded.created_sequence);
        let opened = held.iter().map(|held| Some(held.opened.as_ref()?.0.clone()));
        let enrolments = opened.collect::<Option<Vec<Enrolment>>>()?;
        Some((Case { referral: referral.clone(), enrolments }, person))
    }

    /// Takes out who was disposed of; answers the names that lead nowhere.
    fn take_out(&mut self, gone: &Gone) -> BTreeMap<String, store::disposed::Row> {
        let (federation, mut rows) = (self.opener.federation, std::mem::take(&mut self.let_go));
        let mut note = |person: &Slug, name: String| {
            let Some(Disposed { person, party, is_protected }) = gone.get(person) else {
                return true;
            };
            let person = ParticipantName::new(federation.clone(), person.clone());
            let (party, is_protected) = (party.clone(), *is_protected);
            let row = store::disposed::Row { name: name.clone(), person, party, is_protected };
            rows.insert(name, row);
            false
        };
        let name = |id: &Slug| ParticipantName::new(federation.clone(), id.clone()).to_string();
        self.people.retain(|id, held| note(&held.person, name(id)));
        let name = |id: &Slug| EnrolmentName::new(federation.clone(), id.clone()).to_string();
        self.enrolments.retain(|id, held| note(&held.person, name(id)));
        let name = |id: &Slug| ReferralName::new(federation.clone(), id.clone()).to_string();
        self.along.take_out(federation, &mut note);
        let histories = &mut self.histories;
        self.referrals.retain(|id, held| {
            let is_kept = note(&held.person, name(id));
            if !is_kept {
                histories.remove(id);
            }
            is_kept
        });
        rows
    }

    fn into_people(mut self, gone: &Gone, problems: Vec<String>) -> People {
        let disposed = self.take_out(gone);
        let within = || self.opener.federation.clone();
        let mut made = People { disposed, problems, ..People::default() };
        for (id, held) in &self.people {
            let name = ParticipantName::new(within(), id.clone());
            match (&held.opened, self.opener.key(id)) {
                (Some((person, revision)), Some(key)) => {
                    let (index, _) = people::index(self.opener.keyring, person, key, *revision);
                    made.people.insert(name, (index, held.recorded));
                }
                _ => made.problems.push(unreadable(&name)),
            }
        }
        for (id, held) in &self.referrals {
            let name = ReferralName::new(within(), id.clone());
            let Some((case, person)) = self.case(id) else {
                made.problems.push(unreadable(&name));
                continue;
            };
            let stands = case.enrolment().map(|enrolment| &enrolment.name);
            if stands != case.referral.enrolment.as_ref() {
                made.problems.push(format!("{name} has not led to what it says"));
            }
            let revision = held.opened.as_ref().map_or(0, |(_, revision)| *revision);
            let index = people::referral_index(&case.referral, person, revision);
            let entered = self.people[&held.person].recorded.created_sequence;
            made.referrals.insert(name, (index, entered, held.recorded));
        }
        for (id, held) in &self.enrolments {
            let name = EnrolmentName::new(within(), id.clone());
            let person = self.people.get(&held.person).and_then(|person| person.opened.as_ref());
            match (&held.opened, person) {
                (Some((enrolment, revision)), Some((person, _))) => {
                    let index = people::enrolment_index(enrolment, person, *revision);
                    made.enrolments.insert(name, (index, held.recorded));
                }
                _ => made.problems.push(unreadable(&name)),
            }
        }
        let named = |(id, history)| (ReferralName::new(within(), id), history);
        let opened = self.enrolments.values().filter_map(|held| Some(&held.opened.as_ref()?.0));
        let (happened, problems) = self.along.into_happened(&within(), opened);
        (made.happened, made.problems) = (happened, [made.problems, problems].concat());
        made.histories = self.histories.into_iter().map(named).collect();
        made
    }
}

pub(super) fn unreadable(name: &impl std::fmt::Display) -> String {
    format!("{name} cannot be opened: its last record is sealed with another key")
}
