//! What the rows of an import become, held against the record.

use std::collections::{BTreeMap, HashMap, HashSet};

use platform::{Failure, clock::day_in_sweden, journal::Transaction};
use values::{
    Fault, Faults, Slug,
    name::{ParticipantName, PartyName, ReferralName},
};

use super::{path, read::Prepared, refused};
use crate::{
    domain::{
        case::{Case, Recorded},
        criteria::Criteria,
        participant_import::{Row, is_same, take_in},
        person::{Kept, Person},
        reach::Reach,
        referral::SendFacts,
    },
    keyring::DataKey,
    rpc::{Shared, people, referral},
    store::{
        self,
        participant_import::{AsItCame, Places},
    },
};

/// A person of the batch.
pub(super) struct Somebody {
    pub(super) person: Person,
    pub(super) key: DataKey,
    /// The sequence that the person was entered with; none for one who is entered now.
    pub(super) entered: Option<i64>,
}

/// A row that becomes a case: of which of the batch's people.
pub(super) struct Planned {
    pub(super) case: Case,
    pub(super) somebody: usize,
}

/// What a batch becomes.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) people: Vec<Somebody>,
    pub(super) cases: Vec<Planned>,
    /// Who was here before, by the row.
    pub(super) known: BTreeMap<usize, usize>,
}

/// Holds the rows against the record.
///
/// # Errors
/// Every fault of every row.
pub(super) async fn plan(
    shared: &Shared,
    transaction: &Transaction,
    asked: &Prepared,
    reach: &Reach,
    recorded: &Recorded,
) -> Result<Plan, Failure> {
    let mut ground = ground(shared, transaction, asked).await?;
    let mut told: BTreeMap<usize, Faults> = asked.faults.iter().cloned().collect();
    for (number, row) in &asked.rows {
        if let Err(faults) = ground.take(shared, asked, reach, recorded, (*number, row))? {
            told.insert(*number, faults);
        }
    }
    let mut faults = Faults::new();
    for (number, of_row) in told {
        faults.nest(&path(number), of_row);
    }
    faults.into_result(|| Some(()))?;
    Ok(ground.plan)
}

/// What the rows are held against, and what has become of those before.
struct Ground {
    places: Places,
    criteria: Vec<Criteria>,
    /// The cases whose names are taken, as they were when they came.
    taken: HashMap<ReferralName, AsItCame>,
    taken_enrolments: HashSet<Slug>,
    /// The ids of cases that lead nowhere any more, and whether because of protected identity.
    gone: BTreeMap<Slug, bool>,
    /// The people who were here before, by party and number.
    known: HashMap<(PartyName, Vec<u8>), store::person::Record>,
    /// The open cases with the team, by person.
    open: HashMap<Slug, ReferralName>,
    /// The rows before.
    named: HashSet<ReferralName>,
    /// The people of the batch, by party and number.
    people: HashMap<(PartyName, Vec<u8>), usize>,
    plan: Plan,
}

async fn ground(
    shared: &Shared,
    transaction: &Transaction,
    asked: &Prepared,
) -> Result<Ground, Failure> {
    let (team, federation) = (&asked.team, &asked.team.federation);
    let ids = || asked.rows.iter().map(|(_, row)| &row.name.id);
    let places = store::participant_import::places(transaction, team).await?;
    let taken = store::participant_import::as_they_came(transaction, federation, ids()).await?;
    let mut lookups = HashMap::<PartyName, Vec<Vec<u8>>>::new();
    for (_, row) in &asked.rows {
        let party = places.parties_of.get(&row.content.municipality);
        if let Some((party, lookup)) = party.and_then(|party| looked_up(shared, party, row)) {
            lookups.entry(party).or_default().push(lookup);
        }
    }
    let mut known = HashMap::new();
    for (party, lookups) in lookups {
        for record in store::participant_import::people(transaction, &party, lookups).await? {
            let lookup = record.index.lookup.clone().unwrap_or_default();
            let record = match &record.index.merged_into {
                Some(is_now) => store::person::find(transaction, is_now).await?.unwrap_or(record),
                None => record,
            };
            known.insert((party.clone(), lookup), record);
        }
    }
    let people: HashSet<&Slug> = known.values().map(|record| &record.index.name.id).collect();
    Ok(Ground {
        open: store::participant_import::open_cases(transaction, team, people).await?,
        criteria: referral::criteria(transaction, team).await?,
        taken_enrolments: store::participant_import::taken_enrolments(
            transaction,
            federation,
            ids(),
        )
        .await?,
        gone: store::disposed::cases_among(transaction, federation, ids()).await?,
        taken: taken.into_iter().map(|taken| (taken.name.clone(), taken)).collect(),
        places,
        known,
        named: HashSet::new(),
        people: HashMap::new(),
        plan: Plan::default(),
    })
}

/// The party that a row's person is of, and what is looked up of the number.
fn looked_up(shared: &Shared, party: &PartyName, row: &Row) -> Option<(PartyName, Vec<u8>)> {
    match &row.kept {
        Kept::Open { identity, .. } => {
            let number = identity.number.digits();
            let lookup = shared.keyring.lookup(&party.federation, &party.id, number);
            Some((party.clone(), lookup.to_vec()))
        }
        Kept::Protected { .. } => None,
    }
}

impl Ground {
    /// Takes a row in; what forbids it, when something does.
    fn take(
        &mut self,
        shared: &Shared,
        asked: &Prepared,
        reach: &Reach,
        recorded: &Recorded,
        (number, row): (usize, &Row),
    ) -> Result<Result<(), Faults>, Failure> {
        let owner = self.places.parties_of.get(&row.content.municipality).cloned();
        if let Some(party) = &owner
            && !reach.people.contains(&(party.id.clone(), asked.team.id.clone()))
        {
            let fault = Fault::new("referral.municipality", "NO_ROLE_FOR_PARTY");
            return Ok(Err(fault.with("party", party).into()));
        }
        if !self.named.insert(row.name.clone()) {
            return Ok(Err(Fault::new("id", "NAME_TWICE").with("name", &row.name).into()));
        }
        match self.gone.get(&row.name.id) {
            // As far as anybody can tell, it is what went: no more may be kept of it.
            Some(true) if matches!(row.kept, Kept::Protected { .. }) => return Ok(Ok(())),
            Some(_) => {
                let fault = Fault::new("id", "DIFFERS_FROM_RECORD").with("name", &row.name);
                return Ok(Err(fault.into()));
            }
            None => {}
        }
        if let Some(taken) = self.taken.get(&row.name) {
            let is_same =
                self.is_as_it_came(shared, asked, recorded, (row, owner.as_ref()), taken)?;
            let differs = || Fault::new("id", "DIFFERS_FROM_RECORD").with("name", &row.name);
            return Ok(if is_same { Ok(()) } else { Err(differs().into()) });
        }
        let lookup = owner.as_ref().and_then(|party| looked_up(shared, party, row));
        let somebody = self.somebody(shared, (row, owner.as_ref()), lookup.as_ref())?;
        let person = &self.plan.people[somebody];
        let name = person.person.name.clone();
        if person.entered.is_some() {
            self.plan.known.insert(number, somebody);
        }
        let open = self.open.get(&name.id).cloned();
        match self.case(asked, recorded, (row, owner.as_ref()), name, open) {
            Ok(case) => {
                let name = &self.plan.people[somebody].person.name;
                if case.is_open() {
                    self.open.insert(name.id.clone(), case.referral.name.clone());
                }
                self.plan.cases.push(Planned { case, somebody });
                Ok(Ok(()))
            }
            Err(failure) => refused::faults(failure).map(Err),
        }
    }

    /// What a row becomes.
    fn case(
        &self,
        asked: &Prepared,
        recorded: &Recorded,
        (row, owner): (&Row, Option<&PartyName>),
        participant: ParticipantName,
        open_case: Option<ReferralName>,
    ) -> Result<Case, Failure> {
        let facts = SendFacts {
            is_taken: false,
            is_sender_known: self.places.parties.contains(&row.content.sender),
            is_served: self.places.served.contains(&row.content.municipality),
            party: owner,
            open_case,
            criteria: &self.criteria,
            birth_year: row.kept.birth_year(),
            today: day_in_sweden(recorded.time),
        };
        let is_here = self.taken.contains_key(&row.name);
        let is_taken = !is_here && self.taken_enrolments.contains(&row.name.id);
        let taken =
            take_in(row.clone(), participant, asked.name.clone(), (&facts, is_taken), recorded);
        taken.map_err(|refusal| refused::row(refusal, row))
    }

    /// True when a row is word for word what came with the same import before.
    fn is_as_it_came(
        &self,
        shared: &Shared,
        asked: &Prepared,
        recorded: &Recorded,
        row: (&Row, Option<&PartyName>),
        taken: &AsItCame,
    ) -> Result<bool, Failure> {
        let key = shared.data_key(&taken.person)?;
        let Some(before) = people::open_as_it_came(&key, taken)? else {
            return Ok(false);
        };
        let person = people::open_person(&key, &taken.person)?;
        if person.sex != row.0.sex || !person.kept.is_as_told(&row.0.kept) {
            return Ok(false);
        }
        let again = self.case(asked, recorded, row, before.referral.participant.clone(), None);
        Ok(again.is_ok_and(|again| is_same(&before, &again)))
    }

    /// Who a row is about: one of the batch, one who was here before, or somebody new.
    fn somebody(
        &mut self,
        shared: &Shared,
        (row, owner): (&Row, Option<&PartyName>),
        lookup: Option<&(PartyName, Vec<u8>)>,
    ) -> Result<usize, Failure> {
        if let Some(number) = lookup.and_then(|lookup| self.people.get(lookup)) {
            return Ok(*number);
        }
        let somebody = match lookup.and_then(|lookup| self.known.get(lookup)) {
            Some(record) => {
                let key = shared.data_key(record)?;
                let person = people::open_person(&key, record)?;
                Somebody { person, key, entered: Some(record.created_sequence) }
            }
            None => {
                let federation = row.name.federation.clone();
                let person = Person {
                    name: ParticipantName::new(federation, referral::new_id()),
                    // Without a party the row is refused.
                    party: owner.unwrap_or(&row.content.sender).clone(),
                    municipality: row.content.municipality.clone(),
                    sex: row.sex,
                    kept: row.kept.clone(),
                    merged_into: None,
                    change_reason: String::new(),
                };
                Somebody { person, key: DataKey::new(), entered: None }
            }
        };
        self.plan.people.push(somebody);
        let number = self.plan.people.len() - 1;
        if let Some(lookup) = lookup {
            self.people.insert(lookup.clone(), number);
        }
        Ok(number)
    }
}
