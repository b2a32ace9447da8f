//! Disposing of people: their keys are destroyed with all that is found by them.

use std::collections::BTreeMap;

use platform::{
    Draft, Failure, Principal, Step, Write, clock::day_in_sweden, convert::text,
    journal::Transaction, principal, sql::Batch,
};
use proto::participant as pb;
use sea_orm::ConnectionTrait;
use tonic::Request;
use values::{
    Faults, Slug,
    name::{DisposalName, ParticipantName, PartyName, ReferralName},
};

use super::{administers, retention::standing};
use crate::{
    domain::{
        case::Recorded,
        disposal::{self, Candidate, Due, MOST, Refusal},
    },
    rpc::{
        self, Shared, along,
        case::{Drafts, Kept, assembled},
        convert::{
            self,
            disposal::{answered, render_disposal},
        },
        draft,
        event::DISPOSED,
        recorded,
        referral::new_id,
        sealed,
    },
    store::{
        self, along::Table, disposal::Row as Entered, disposed::Row, disposed_fact::Row as Fact,
    },
};

const DISPOSE: &str = "/samordna.participant.v1.DisposalService/DisposeParticipants";

/// What is asked for, read, and who may be meant.
#[derive(Clone)]
struct Asked {
    party: PartyName,
    reason: String,
    candidates: Vec<Slug>,
}

pub(super) async fn dispose(
    shared: &Shared,
    request: Request<pb::DisposeParticipantsRequest>,
) -> Result<pb::Disposal, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, DISPOSE, request.get_ref())?;
    let is_kept = !write.validate_only;
    let pb::DisposeParticipantsRequest {
        name,
        reason,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let party = faults.keep(PartyName::parse("name", &name));
    let reason = faults.keep(text("reason", &reason, 1, 1000));
    let (party, reason) = faults.into_result(|| Some((party?, reason?)))?;
    administers(&principal, &party)?;
    let candidates = candidates(shared, &party).await?;
    let asked = Asked { party, reason, candidates };
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, caller) = (handed.clone(), asked.clone(), principal.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, caller).await })
    });
    let disposal: pb::Disposal = answered(recorded(&entries.await?)?);
    let time = disposal.time.filter(|_| is_kept);
    Ok(pb::Disposal { time, ..disposal })
}

/// Whose time is over: one more than go at a time, when there are so many. What is found
/// without opening anything are some more, whose cases ended later than what is counted of
/// them, as those of an import that was undone; so they are looked through until it is
/// enough.
async fn candidates(shared: &Shared, party: &PartyName) -> Result<Vec<Slug>, Failure> {
    let read = &shared.journal.database().read;
    let Some(retention) = standing(read, party).await? else {
        return Ok(Vec::new());
    };
    let ended_by = retention.kept.ended_by(shared.journal.clock().today());
    let (mut over, mut looked_at) = (Vec::new(), 0);
    loop {
        let page = (looked_at, MOST);
        let found = store::disposal::candidates(read, party, ended_by, page).await?;
        let people = People::load(read, party, &found).await?;
        let due = people.open(shared)?.into_iter();
        let due = due.filter(|candidate| disposal::is_over(&candidate.cases, ended_by));
        over.extend(due.map(|candidate| candidate.name.id));
        if over.len() > MOST || found.len() < MOST {
            return Ok(over);
        }
        looked_at += found.len();
    }
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    caller: Principal,
) -> Result<Vec<Draft>, Failure> {
    let Asked { party, reason, candidates } = asked;
    let retention = standing(transaction, &party).await?;
    let people = People::load(transaction, &party, &candidates).await?;
    let opened = people.open(shared)?;
    let due = disposal::due(retention.as_ref(), opened, day_in_sweden(step.now));
    let due = due.map_err(|refusal| refused(refusal, &party))?;

    let rows = people.names(&due, &party);
    let name = DisposalName::new(party.federation.clone(), new_id());
    let (mut batch, mut drafts) = (Batch::on(transaction), Drafts::of(step));
    let gone: BTreeMap<&Slug, bool> =
        rows.iter().map(|row| (&row.person.id, row.is_protected)).collect();
    let named = |is_protected: bool| {
        let those = gone.iter().filter(move |(_, protected)| **protected == is_protected);
        let name = |(id, _): (&&Slug, &bool)| {
            ParticipantName::new(party.federation.clone(), Slug::clone(id)).to_string()
        };
        those.map(name).collect::<Vec<_>>()
    };
    let recorded = Recorded { actor: caller.account, time: step.now };
    let names = (named(false), named(true));
    let message = render_disposal((name.to_string(), &party), &due, names, (&recorded, &reason));
    let entered = Entered { name: name.clone(), party: party.clone(), sequence: drafts.next() };
    drafts.push(draft("disposal.carried_out", &name, &message));
    // Whoever follows the events learns that its copies are to go.
    for id in gone.keys() {
        let subject = ParticipantName::new(party.federation.clone(), Slug::clone(id)).to_string();
        drafts.push(Draft { kind: DISPOSED, subject, payload: sealed::nothing(id) });
    }
    let ids: Vec<&Slug> = gone.keys().copied().collect();
    let facts = people.facts(shared, transaction, &party, &ids).await?;
    store::disposed_fact::insert(&mut batch, facts, random).await?;
    store::disposed::remove(&mut batch, &party.federation, &ids, &people.cases_of(&gone));
    store::disposed::insert(&mut batch, &rows).await?;
    batch.send().await?;
    store::disposal::insert(transaction, &entered).await?;
    Ok(drafts.into_vec())
}

/// Candidates as they are kept, those who turned out to be one of them, and every case.
struct People {
    records: Vec<store::person::Record>,
    cases: BTreeMap<Slug, Vec<Kept>>,
    /// What happened along the enrolments, by person: the names.
    along: BTreeMap<Slug, Vec<String>>,
}

impl People {
    async fn load(
        connection: &impl ConnectionTrait,
        party: &PartyName,
        candidates: &[Slug],
    ) -> Result<Self, Failure> {
        let federation = &party.federation;
        let records = store::person::with_duplicates(connection, federation, candidates).await?;
        let records: Vec<_> =
            records.into_iter().filter(|record| record.index.party == *party).collect();
        let ids = || records.iter().map(|record| &record.index.name.id);
        let referrals = store::referral::of_people(connection, federation, ids()).await?;
        let enrolments = store::enrolment::of_people(connection, federation, ids()).await?;
        let mut cases = BTreeMap::<Slug, Vec<Kept>>::new();
        for kept in assembled(referrals, enrolments) {
            cases.entry(kept.referral.index.participant.id.clone()).or_default().push(kept);
        }
        let mut along = BTreeMap::<Slug, Vec<String>>::new();
        let ids: Vec<&Slug> = ids().collect();
        for table in Table::ALL {
            let named = store::along::of_people(connection, table, federation, &ids).await?;
            for (name, person) in named {
                along.entry(person).or_default().push(name);
            }
        }
        Ok(Self { records, cases, along })
    }

    /// Those who are nobody else, with their cases.
    fn open(&self, shared: &Shared) -> Result<Vec<Candidate>, Failure> {
        let standing = self.records.iter().filter(|record| record.index.merged_into.is_none());
        let candidate = |record: &store::person::Record| {
            let name = record.index.name.clone();
            let key = shared.data_key(record)?;
            let kept = self.cases.get(&name.id).into_iter().flatten();
            let cases = kept.map(|kept| kept.open(&key)).collect::<Result<_, _>>()?;
            Ok(Candidate { name, is_protected: record.index.is_protected, cases })
        };
        standing.map(candidate).collect()
    }

    /// Every name that leads nowhere afterwards.
    fn names(&self, due: &Due, party: &PartyName) -> Vec<Row> {
        let is_due =
            |name: &ParticipantName| due.people.iter().any(|candidate| candidate.name == *name);
        let mut rows = Vec::new();
        for record in &self.records {
            let index = &record.index;
            if !is_due(index.merged_into.as_ref().unwrap_or(&index.name)) {
                continue;
            }
            let mut push = |name: String| {
                let (person, is_protected) = (index.name.clone(), index.is_protected);
                rows.push(Row { name, person, party: party.clone(), is_protected });
            };
            push(index.name.to_string());
            for kept in self.cases.get(&index.name.id).into_iter().flatten() {
                push(kept.referral.index.name.to_string());
                for enrolment in &kept.enrolments {
                    push(enrolment.index.name.to_string());
                }
            }
            let along = self.along.get(&index.name.id).into_iter().flatten();
            along.cloned().for_each(&mut push);
        }
        rows
    }

    /// What is still counted of what happened along the enrolments of those who go.
    async fn facts(
        &self,
        shared: &Shared,
        transaction: &Transaction,
        party: &PartyName,
        gone: &[&Slug],
    ) -> Result<Vec<Fact>, Failure> {
        let found = store::disposed_fact::of_people(transaction, &party.federation, gone).await?;
        let (mut facts, answered) = found;
        for one in &answered {
            let sealed_by = sealed::person(&one.payload);
            let record = self
                .records
                .iter()
                .find(|record| Some(&record.index.name.id) == sealed_by.as_ref());
            let record = record.ok_or_else(|| anyhow::anyhow!("{} is nobody's", one.name))?;
            let name = one.name.to_string();
            let message: pb::SurveyAnswer =
                along::opened(&shared.data_key(record)?, &name, &one.payload)?;
            let answer = convert::survey::kept(message);
            let answer = answer.map_err(|faults| rpc::people::unreadable(&name, &faults))?;
            let answers = answer.content.answers;
            facts.extend(answers.iter().map(|(question, halves)| one.to(question, *halves)));
        }
        Ok(facts)
    }

    /// The cases of those who go.
    fn cases_of(&self, gone: &BTreeMap<&Slug, bool>) -> Vec<&ReferralName> {
        let those = self.cases.iter().filter(|(person, _)| gone.contains_key(person));
        those.flat_map(|(_, cases)| cases).map(|kept| &kept.referral.index.name).collect()
    }
}

/// What tells rows apart that say nothing of whose they are.
fn random() -> String {
    format!("{:032x}", rand::random::<u128>())
}

fn refused(refusal: Refusal, party: &PartyName) -> Failure {
    match refusal {
        Refusal::WithoutRetention => Failure::refused("RETENTION_MISSING").with("party", &party.id),
        Refusal::NobodyDue { ended_by } => {
            Failure::refused("NOBODY_DUE").with("ended_by", ended_by)
        }
    }
}
