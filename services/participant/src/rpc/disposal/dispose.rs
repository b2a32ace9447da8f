//! Disposing of people: their keys are destroyed with all that is found by them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use platform::{
    Draft, Failure, Principal, Step, Write, clock::day_in_sweden, convert::text,
    journal::Transaction, principal, sql::Batch,
};
use proto::participant as pb;
use sea_orm::ConnectionTrait;
use tonic::Request;
use values::{
    Faults, Slug,
    name::{DisposalName, ParticipantName, PartyName},
};

use super::{
    administers,
    cases::{Why, let_go},
    retention::standing,
};
use crate::{
    domain::{
        case::Recorded,
        disposal::{self, Candidate, Due, MOST, Refusal},
    },
    rpc::{
        Shared,
        case::{Drafts, Kept, assembled},
        convert::disposal::{answered, render_disposal},
        draft,
        event::DISPOSED,
        recorded,
        referral::new_id,
        sealed,
    },
    store::{self, disposal::Row as Entered, disposed::Row},
};

const DISPOSE: &str = "/samordna.participant.v1.DisposalService/DisposeParticipants";

/// What is asked for, read, and who may be meant.
#[derive(Clone)]
struct Asked {
    party: PartyName,
    reason: String,
    candidates: Candidates,
}

/// Who may be meant.
#[derive(Clone, Default)]
struct Candidates {
    people: Vec<Slug>,
    /// Those of them of whom no case is left, each with since when.
    emptied: BTreeMap<Slug, DateTime<Utc>>,
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
/// enough. Those of whom no case is left are found at once; when they are enough, nobody
/// else is looked for.
async fn candidates(shared: &Shared, party: &PartyName) -> Result<Candidates, Failure> {
    let read = &shared.journal.database().read;
    let Some(retention) = standing(read, party).await? else {
        return Ok(Candidates::default());
    };
    let ended_by = retention.kept.ended_by(shared.journal.clock().today());
    let emptied = store::disposal::without_cases(read, party, MOST + 1).await?.into_iter();
    let emptied = emptied.filter(|(_, since)| day_in_sweden(*since) <= ended_by);
    let emptied: BTreeMap<Slug, DateTime<Utc>> = emptied.collect();
    let mut people: Vec<Slug> = emptied.keys().cloned().collect();
    let mut looked_at = 0;
    while people.len() <= MOST {
        let page = (looked_at, MOST);
        let found = store::disposal::candidates(read, party, ended_by, page).await?;
        let opened = People::load(read, party, &found).await?.open(shared, &emptied)?;
        let due = opened.into_iter().filter(|candidate| disposal::is_over(candidate, ended_by));
        people.extend(due.map(|candidate| candidate.name.id));
        if found.len() < MOST {
            break;
        }
        looked_at += found.len();
    }
    Ok(Candidates { people, emptied })
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
    let people = People::load(transaction, &party, &candidates.people).await?;
    let opened = people.open(shared, &candidates.emptied)?;
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
    let cases = people.cases_of(&gone);
    let_go(shared, &mut batch, &party.federation, (&cases, Why::Disposed)).await?;
    store::disposed::insert(&mut batch, &rows).await?;
    store::disposed::remove_people(&mut batch, &party.federation, &ids);
    batch.send().await?;
    store::disposal::insert(transaction, &entered).await?;
    Ok(drafts.into_vec())
}

/// Candidates as they are kept, those who turned out to be one of them, and every case.
struct People {
    records: Vec<store::person::Record>,
    cases: BTreeMap<Slug, Vec<Kept>>,
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
        Ok(Self { records, cases })
    }

    /// Those who are nobody else, with their cases; and since when those have none who have
    /// none.
    fn open(
        &self,
        shared: &Shared,
        emptied: &BTreeMap<Slug, DateTime<Utc>>,
    ) -> Result<Vec<Candidate>, Failure> {
        let standing = self.records.iter().filter(|record| record.index.merged_into.is_none());
        let candidate = |record: &store::person::Record| {
            let name = record.index.name.clone();
            let key = shared.data_key(record)?;
            let kept = self.cases.get(&name.id).into_iter().flatten();
            let cases = kept.map(|kept| kept.open(&key)).collect::<Result<_, _>>()?;
            let emptied_on = emptied.get(&name.id).copied().map(day_in_sweden);
            Ok(Candidate { name, is_protected: record.index.is_protected, cases, emptied_on })
        };
        standing.map(candidate).collect()
    }

    /// Those who go: the candidates that are due, and those who turned out to be one.
    fn names(&self, due: &Due, party: &PartyName) -> Vec<Row> {
        let is_due =
            |name: &ParticipantName| due.people.iter().any(|candidate| candidate.name == *name);
        let records = self.records.iter().map(|record| &record.index);
        let goes = |index: &&store::person::Index| {
            is_due(index.merged_into.as_ref().unwrap_or(&index.name))
        };
        let row = |index: &store::person::Index| Row {
            name: index.name.to_string(),
            person: index.name.clone(),
            party: party.clone(),
            is_protected: index.is_protected,
        };
        records.filter(goes).map(row).collect()
    }

    /// The cases of those who go.
    fn cases_of(&self, gone: &BTreeMap<&Slug, bool>) -> Vec<&Kept> {
        let those = self.cases.iter().filter(|(person, _)| gone.contains_key(person));
        those.flat_map(|(_, cases)| cases).collect()
    }
}

fn refused(refusal: Refusal, party: &PartyName) -> Failure {
    match refusal {
        Refusal::WithoutRetention => Failure::refused("RETENTION_MISSING").with("party", &party.id),
        Refusal::NobodyDue { ended_by } => {
            Failure::refused("NOBODY_DUE").with("ended_by", ended_by)
        }
    }
}
