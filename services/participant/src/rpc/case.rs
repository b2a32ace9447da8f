//! Cases as they are kept: opened with the key of their person, and put back as they have
//! become.

use std::collections::BTreeMap;

use platform::{Draft, Failure, Step, sql::Batch};
use sea_orm::{ConnectionTrait, DbErr};
use values::name::{EnrolmentName, ParticipantName, ReferralName};

use super::{convert, people, sealed};
use crate::{
    domain::{case::Case, enrolment::Enrolment, person::Person, referral::Referral},
    keyring::DataKey,
    store,
};

/// A case as it is kept.
pub(crate) struct Kept {
    pub(crate) referral: store::referral::Record,
    pub(crate) enrolments: Vec<store::enrolment::Record>,
}

impl Kept {
    /// The case, opened with the key of its person.
    pub(crate) fn open(&self, key: &DataKey) -> Result<Case, Failure> {
        let referral = people::open_referral(key, &self.referral)?;
        let enrolments = self.enrolments.iter().map(|record| people::open_enrolment(key, record));
        Ok(Case { referral, enrolments: enrolments.collect::<Result<_, _>>()? })
    }

    /// The record of one of its enrolments.
    pub(super) fn enrolment(&self, name: &EnrolmentName) -> Option<&store::enrolment::Record> {
        self.enrolments.iter().find(|record| record.index.name == *name)
    }
}

/// Every case of a person, in order.
pub(super) async fn of_person(
    connection: &impl ConnectionTrait,
    name: &ParticipantName,
) -> Result<Vec<Kept>, DbErr> {
    let referrals = store::referral::of_person(connection, name).await?;
    Ok(assembled(referrals, store::enrolment::of_person(connection, name).await?))
}

/// Puts enrolments to their referrals.
pub(crate) fn assembled(
    referrals: Vec<store::referral::Record>,
    enrolments: Vec<store::enrolment::Record>,
) -> Vec<Kept> {
    let mut led_to = BTreeMap::<ReferralName, Vec<store::enrolment::Record>>::new();
    for enrolment in enrolments {
        led_to.entry(enrolment.index.referral.clone()).or_default().push(enrolment);
    }
    let case = |referral: store::referral::Record| {
        let enrolments = led_to.remove(&referral.index.name).unwrap_or_default();
        Kept { referral, enrolments }
    };
    referrals.into_iter().map(case).collect()
}

/// Whose cases they are from now on.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) person: &'a Person,
    pub(super) key: &'a DataKey,
    /// The sequence that the person was entered with.
    pub(super) entered: i64,
}

/// What a step has to record, one after the other.
pub(crate) struct Drafts {
    first: i64,
    drafts: Vec<Draft>,
}

impl Drafts {
    /// Nothing yet.
    pub(super) fn of(step: Step) -> Self {
        Self { first: step.sequence, drafts: Vec::new() }
    }

    /// The sequence that the next one will get.
    pub(super) fn next(&self) -> i64 {
        self.first + i64::try_from(self.drafts.len()).unwrap_or(i64::MAX)
    }

    pub(super) fn push(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    pub(super) fn into_vec(self) -> Vec<Draft> {
        self.drafts
    }
}

/// Puts a referral in the place of what is kept of it.
pub(super) fn put_referral<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    drafts: &mut Drafts,
    record: &store::referral::Record,
    after: &Referral,
    (owner, kind): (Owner<'_>, &'static str),
) {
    let Owner { person, key, entered } = owner;
    let revision = record.index.revision + 1;
    let index = people::referral_index(after, person, revision);
    store::referral::update(batch, &index, entered, drafts.next());
    let message = convert::referral::render(after, revision);
    let payload = sealed::seal(key, &person.name.id, &after.name, &message);
    drafts.push(Draft { kind, subject: after.name.to_string(), payload });
}

/// Puts an enrolment in the place of what is kept of it.
pub(super) fn put_enrolment<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    drafts: &mut Drafts,
    record: &store::enrolment::Record,
    after: &Enrolment,
    (owner, kind): (Owner<'_>, &'static str),
) {
    let Owner { person, key, entered: _ } = owner;
    let revision = record.index.revision + 1;
    let index = people::enrolment_index(after, person, revision);
    store::enrolment::update(batch, &index, drafts.next());
    drafts.push(draft(after, revision, (person, key), kind));
}

/// Puts all of a case in the place of what is kept of it, and of what is counted; the
/// kinds are those of the referral and of each enrolment.
pub(super) async fn put<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    drafts: &mut Drafts,
    kept: &Kept,
    after: &Case,
    (owner, kinds): (Owner<'_>, [&'static str; 2]),
) -> Result<(), DbErr> {
    count(batch, after, owner.person, drafts.next()).await?;
    put_referral(batch, drafts, &kept.referral, &after.referral, (owner, kinds[0]));
    for (record, enrolment) in kept.enrolments.iter().zip(&after.enrolments) {
        put_enrolment(batch, drafts, record, enrolment, (owner, kinds[1]));
    }
    Ok(())
}

/// Puts what is counted of a case in the place of what was.
pub(super) async fn count<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    case: &Case,
    person: &Person,
    sequence: i64,
) -> Result<(), DbErr> {
    let facts = case.counted(person);
    store::fact::replace(batch, &case.referral.name, &person.name, &facts, sequence).await
}

/// What the journal records of an enrolment.
pub(super) fn draft(
    enrolment: &Enrolment,
    revision: i64,
    (person, key): (&Person, &DataKey),
    kind: &'static str,
) -> Draft {
    let message = convert::enrolment::render(enrolment, revision);
    let payload = sealed::seal(key, &person.name.id, &enrolment.name, &message);
    Draft { kind, subject: enrolment.name.to_string(), payload }
}
