//! Cases that lead nowhere any more: those of people who are disposed of, and those that
//! have ended of people with protected identity. What is counted of them stays, and no
//! call answers whose they were.

use std::collections::BTreeMap;

use platform::{Draft, Failure, journal::Transaction, sql::Batch};
use proto::participant as pb;
use values::{
    Slug,
    name::{
        EnrolmentName, MilestoneName, ParticipantName, PartyName, PlacementName, ReferralName,
        SurveyAnswerName,
    },
};

use crate::{
    domain::{case::Case, person::Person},
    rpc::{self, Shared, along, case::Kept, convert, sealed},
    store::{self, along::Table, disposed::Row, disposed_fact::Row as Fact},
};

/// Why cases go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rpc) enum Why {
    /// Their people are disposed of, with protected identity or without.
    Disposed,
    /// They have ended, and their person has protected identity from now on.
    Protected,
}

/// Takes cases out of every table but for what is counted of them. Answers every name that
/// leads nowhere from then on: the cases' own, their enrolments', and those of what
/// happened along these.
pub(in crate::rpc) async fn let_go(
    shared: &Shared,
    batch: &mut Batch<'_, Transaction>,
    federation: &Slug,
    (cases, why): (&[&Kept], Why),
) -> Result<Vec<Row>, Failure> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&Slug> = cases.iter().map(|kept| &kept.referral.index.name.id).collect();
    let mut along = BTreeMap::<Slug, Vec<String>>::new();
    for table in Table::ALL {
        let named = store::along::of_cases(batch.connection(), table, federation, &ids);
        for (name, case) in named.await? {
            along.entry(case).or_default().push(name);
        }
    }
    let rows: Vec<Row> = cases.iter().flat_map(|kept| names(kept, &along, why)).collect();
    let facts = facts(shared, batch.connection(), federation, (cases, &ids)).await?;
    let tokens = shared.keyring.tokens(federation);
    store::disposed_fact::insert(batch, facts, random, &tokens).await?;
    store::disposed::remove_cases(batch, federation, &ids);
    store::disposed::insert(batch, &rows).await?;
    Ok(rows)
}

/// Every name of a case.
fn names(kept: &Kept, along: &BTreeMap<Slug, Vec<String>>, why: Why) -> Vec<Row> {
    let Kept { referral, enrolments } = kept;
    let person = &referral.person.index;
    let is_protected = match why {
        Why::Disposed => person.is_protected,
        Why::Protected => true,
    };
    let row = |name: String| {
        let (person, party) = (person.name.clone(), person.party.clone());
        Row { name, person, party, is_protected }
    };
    let enrolments = enrolments.iter().map(|enrolment| enrolment.index.name.to_string());
    let along = along.get(&referral.index.name.id).into_iter().flatten().cloned();
    let own = [referral.index.name.to_string()].into_iter();
    own.chain(enrolments).chain(along).map(row).collect()
}

/// Every name of a case that was let go when it was taken in: nothing has happened along it.
pub(in crate::rpc) fn names_at_once(case: &Case, person: &Person) -> Vec<Row> {
    let row = |name: String| {
        let (person, party) = (person.name.clone(), person.party.clone());
        Row { name, person, party, is_protected: true }
    };
    let enrolments = case.enrolments.iter().map(|enrolment| enrolment.name.to_string());
    [case.referral.name.to_string()].into_iter().chain(enrolments).map(row).collect()
}

/// What is still counted of what happened along the enrolments of the cases.
async fn facts(
    shared: &Shared,
    transaction: &Transaction,
    federation: &Slug,
    (cases, ids): (&[&Kept], &[&Slug]),
) -> Result<Vec<Fact>, Failure> {
    let (mut facts, answered) =
        store::disposed_fact::of_cases(transaction, federation, ids).await?;
    for one in &answered {
        let sealed_by = sealed::person(&one.payload);
        let mut people = cases.iter().map(|kept| &kept.referral.person);
        let record = people.find(|record| Some(&record.index.name.id) == sealed_by.as_ref());
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

/// What tells rows apart that say nothing of whose they are.
fn random() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// What the journal records of a name that leads nowhere though its person is still here.
pub(in crate::rpc) fn draft(row: &Row) -> Result<Draft, Failure> {
    let Row { name, person, party, is_protected: _ } = row;
    let kind = kind(name).ok_or_else(|| anyhow::anyhow!("{name} is no name of a case"))?;
    let payload = sealed::let_go(&person.id, &party.id);
    Ok(Draft { kind, subject: name.clone(), payload })
}

/// The name that leads nowhere since an entry of the journal; none of an entry that tells
/// something else.
pub(crate) fn recorded(
    federation: &Slug,
    (kind, name): (&str, &str),
    payload: &[u8],
) -> Option<Row> {
    if self::kind(name) != Some(kind) {
        return None;
    }
    let (person, party) = (sealed::person(payload)?, sealed::party(payload)?);
    Some(Row {
        name: name.to_owned(),
        person: ParticipantName::new(federation.clone(), person),
        party: PartyName::new(federation.clone(), party),
        is_protected: true,
    })
}

/// The kind of the last entry about a name.
fn kind(name: &str) -> Option<&'static str> {
    match name.split('/').nth(2)? {
        ReferralName::COLLECTION => Some("referral.disposed"),
        EnrolmentName::COLLECTION => Some("enrolment.disposed"),
        MilestoneName::COLLECTION => Some("milestone.disposed"),
        PlacementName::COLLECTION => Some("placement.disposed"),
        SurveyAnswerName::COLLECTION => Some("survey_answer.disposed"),
        _ => None,
    }
}
