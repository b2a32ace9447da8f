//! What the handlers of all that happens along an enrolment share: opening the enrolment
//! and what belongs to it as far as the caller reaches, lists, taking away, and sealing
//! anew when a person's key is another.

mod reseal;

use std::fmt::Display;

use chrono::NaiveDate;
use platform::{
    Draft, Failure, Principal, Step, convert::text, journal::Transaction, page::Page, principal,
    sql::Batch,
};
use prost::Message;
use proto::{WriteRequest, participant as pb};
use sea_orm::ConnectionTrait;
use tonic::Request;
use values::{
    Fault, Faults, Slug,
    name::{EnrolmentName, PartyName},
};

use super::{
    Shared, convert,
    journalled::{before, day_key},
    parent, people, permissions, sealed,
    written::{Answer, Made},
};
use crate::{
    domain::{
        along::{AlreadyRemoved, DayRefusal},
        enrolment::Enrolment,
        milestone, placement,
        reach::Reach,
        survey_answer,
    },
    keyring::DataKey,
    store::{
        self,
        along::{Filter, MILESTONES, PLACEMENTS, Record, SURVEY_ANSWERS, Table},
    },
};

pub(super) use reseal::{Seals, Why, reseal};

/// A message of something that happened along an enrolment.
pub(super) trait Along: Answer + Clone {
    /// Where it is kept.
    const TABLE: Table;

    /// Its name.
    fn name(&self) -> &str;

    /// The day that lists are ordered by.
    fn day(&self) -> Option<proto::Date>;

    /// The same without anybody's words, which may tell who the person is.
    fn without_words(self) -> Self;

    /// The same, taken away.
    fn removed(self, reason: String, revision: i64) -> Result<Self, Failure>;
}

macro_rules! along {
    ($($message:ident, $table:expr, $day:ident, $convert:ident, $domain:ident;)*) => {
        $(
            impl Along for pb::$message {
                const TABLE: Table = $table;

                fn name(&self) -> &str {
                    &self.name
                }

                fn day(&self) -> Option<proto::Date> {
                    self.$day
                }

                fn without_words(self) -> Self {
                    Self { removal_reason: String::new(), ..self }
                }

                fn removed(self, reason: String, revision: i64) -> Result<Self, Failure> {
                    let name = self.name.clone();
                    let kept = convert::$convert::kept(self);
                    let kept = kept.map_err(|faults| people::unreadable(&name, &faults))?;
                    let removed = |AlreadyRemoved| Failure::refused("ALREADY_REMOVED");
                    let after = $domain::remove(&kept, reason).map_err(removed)?;
                    Ok(convert::$convert::render(&after, revision))
                }
            }
        )*
    };
}

along! {
    Milestone, MILESTONES, day, milestone, milestone;
    Placement, PLACEMENTS, first_day, placement, placement;
    SurveyAnswer, SURVEY_ANSWERS, day, survey, survey_answer;
}

/// An enrolment within reach, opened.
pub(super) struct Opened {
    pub(super) key: DataKey,
    pub(super) enrolment: Enrolment,
}

/// Opens an enrolment.
pub(super) async fn open(
    shared: &Shared,
    connection: &impl ConnectionTrait,
    name: &EnrolmentName,
    reach: &Reach,
) -> Result<Opened, Failure> {
    let found = store::enrolment::find(connection, name).await?;
    let (record, person) = found.ok_or_else(|| Failure::not_found(name))?;
    if !reach.opens(&record.index.party.id, &record.index.team.id) {
        return Err(Failure::not_found(name));
    }
    let key = shared.data_key(&person)?;
    let enrolment = people::open_enrolment(&key, &record)?;
    Ok(Opened { key, enrolment })
}

/// The name of one of a table.
pub(crate) fn named(table: Table, federation: &Slug, id: &Slug) -> String {
    format!("federations/{federation}/{}/{id}", table.collection)
}

/// Reads a name of a table; none of another federation is there.
fn own_name(principal: &Principal, table: Table, sent: &str) -> Result<Slug, Failure> {
    let parts: Vec<&str> = sent.split('/').collect();
    let ids = match parts.as_slice() {
        ["federations", federation, collection, id] if *collection == table.collection => {
            Slug::parse("name", federation).ok().zip(Slug::parse("name", id).ok())
        }
        _ => None,
    };
    let form = format!("federations/{{federation}}/{}/{{id}}", table.collection);
    let malformed = || Fault::new("name", "NAME_MALFORMED").with("value", sent).with("form", form);
    let (federation, id) = ids.ok_or_else(malformed)?;
    principal.is_in(&federation, sent)?;
    Ok(id)
}

/// Reads the id of something new. What was sent in its place is not repeated: it may tell
/// who a person is.
pub(super) fn new_id(field: &str, sent: &str, today: NaiveDate) -> Result<Slug, Fault> {
    let malformed = |_| Fault::new(field, "ID_MALFORMED").with("value", "…");
    let id = Slug::parse(field, sent).map_err(malformed)?;
    convert::referral::untelling(field, id, today)
}

/// Refuses a name that is taken, or was by what was disposed of.
pub(super) async fn is_free(
    transaction: &Transaction,
    table: Table,
    (federation, id): (&Slug, &Slug),
) -> Result<(), Failure> {
    let disposed = (federation, table.collection, id);
    let is_taken = store::along::find(transaction, table, (federation, id)).await?.is_some()
        || store::disposed::is_one(transaction, disposed).await?;
    match is_taken {
        true => Err(Failure::Exists { name: named(table, federation, id) }),
        false => Ok(()),
    }
}

/// One within reach, with the key that it opens with.
pub(super) async fn find<M: Along>(
    shared: &Shared,
    connection: &impl ConnectionTrait,
    (federation, id): (&Slug, &Slug),
    reach: &Reach,
) -> Result<(Record, DataKey, M), Failure> {
    let name = named(M::TABLE, federation, id);
    let found = store::along::find(connection, M::TABLE, (federation, id)).await?;
    let record = found.ok_or_else(|| Failure::not_found(&name))?;
    if !reach.opens(&record.party.id, &record.team.id) {
        return Err(Failure::not_found(&name));
    }
    let key = shared.unwrapped(&record.participant, &record.party, &record.wrapped_key)?;
    let message = opened(&key, &name, &record.payload)?;
    Ok((record, key, message))
}

/// A record as it was sealed with a key.
pub(crate) fn opened<M: Message + Default>(
    key: &DataKey,
    name: &str,
    payload: &[u8],
) -> Result<M, Failure> {
    let opened: Option<M> = sealed::open(key, name, payload)?;
    Ok(opened.ok_or_else(|| anyhow::anyhow!("{name} does not open with its key"))?)
}

/// What the journal records of something.
pub(super) fn draft(
    (key, person): (&DataKey, &Slug),
    kind: &'static str,
    (name, message): (&impl Display, &impl Message),
) -> Draft {
    let payload = sealed::seal(key, person, name, message);
    Draft { kind, subject: name.to_string(), payload }
}

/// Reads one.
pub(super) async fn get<M: Along>(
    shared: &Shared,
    principal: &Principal,
    rpc: &'static str,
    sent: &str,
) -> Result<M, Failure> {
    let id = own_name(principal, M::TABLE, sent)?;
    let reach = permissions::reach(principal);
    let read = &shared.journal.database().read;
    let (record, _, message) = find(shared, read, (&principal.federation, &id), &reach).await?;
    shared.log(principal, rpc, [owned(&record)]).await?;
    Ok(message)
}

/// Reads which part of a list is asked for, as every request for one tells it.
pub(super) fn filter(
    faults: &mut Faults,
    principal: &Principal,
    (sent_parent, enrolment): (&str, &str),
    (page_size, page_token): (i32, &str),
) -> Result<Option<Filter>, Failure> {
    let federation = parent(faults, principal, sent_parent)?;
    let enrolment = faults.keep(convert::optional(enrolment, |enrolment| {
        let parsed = EnrolmentName::parse("enrolment", enrolment);
        convert::within(&federation, "enrolment", parsed, |name| &name.federation)
    }));
    let page = faults.keep_nested("", Page::parse(page_size, page_token));
    let after = page.as_ref().and_then(|page| page.after.as_ref());
    let before = faults.keep(before(after));
    let reach = permissions::reach(principal);
    let filter =
        || Some(Filter { reach, enrolment: enrolment?, before: before?, size: page?.size });
    Ok(filter())
}

/// The page of a list, entered in the read log, and the token of the next one.
pub(super) async fn answer_list<M: Along>(
    shared: &Shared,
    principal: &Principal,
    rpc: &'static str,
    (records, has_more): (Vec<Record>, bool),
) -> Result<(Vec<M>, String), Failure> {
    let open = |record: &Record| {
        let key = shared.unwrapped(&record.participant, &record.party, &record.wrapped_key)?;
        let name = named(M::TABLE, &record.enrolment.federation, &record.id);
        opened(&key, &name, &record.payload)
    };
    let messages: Vec<M> = records.iter().map(open).collect::<Result<_, Failure>>()?;
    shared.log(principal, rpc, records.iter().map(owned)).await?;
    let key = |last: &M| Page::token(&day_key(last.day(), last.name()));
    let next_page_token = messages.last().filter(|_| has_more).map(key).unwrap_or_default();
    Ok((messages, next_page_token))
}

/// Whose record it is.
fn owned(record: &Record) -> (PartyName, Slug) {
    (record.party.clone(), record.participant.id.clone())
}

/// What each request to take something away has.
pub(super) struct Removal {
    pub(super) name: String,
    pub(super) etag: String,
    pub(super) reason: String,
}

/// Takes away what was a mistake.
pub(super) async fn remove<M, R>(
    shared: &Shared,
    request: Request<R>,
    (rpc, kind): (&'static str, &'static str),
) -> Result<M, Failure>
where
    M: Along,
    R: WriteRequest + Into<Removal>,
{
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, rpc, request.get_ref())?;
    let Removal { name, etag, reason } = request.into_inner().into();
    let mut faults = Faults::new();
    people::etag(&etag, &mut faults);
    let reason = faults.keep(text("reason", &reason, 1, 1000));
    let id = match own_name(&principal, M::TABLE, &name) {
        Ok(id) => Some(id),
        Err(Failure::Invalid(named)) => {
            faults.nest("", named);
            None
        }
        Err(failure) => return Err(failure),
    };
    let (id, reason) = faults.into_result(|| id.zip(reason))?;
    let reach = permissions::reach(&principal);
    let (handed, federation) = (shared.clone(), principal.federation.clone());
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, federation, id) = (handed.clone(), federation.clone(), id.clone());
        let (etag, reason, reach) = (etag.clone(), reason.clone(), reach.clone());
        Box::pin(async move {
            let found = find::<M>(&shared, transaction, (&federation, &id), &reach).await?;
            take_away(transaction, step, found, (&etag, reason, kind)).await
        })
    });
    shared.answer(&principal, rpc, &entries.await?, &Made::default()).await
}

async fn take_away<M: Along>(
    transaction: &Transaction,
    step: Step,
    (record, key, message): (Record, DataKey, M),
    (etag, reason, kind): (&str, String, &'static str),
) -> Result<Vec<Draft>, Failure> {
    let name = message.name().to_owned();
    people::is_current(etag, record.revision, &name)?;
    let after = message.removed(reason, record.revision + 1)?;
    let mut batch = Batch::on(transaction);
    store::along::remove(&mut batch, M::TABLE, &record, step.sequence);
    batch.send().await?;
    Ok(vec![draft((&key, &record.participant.id), kind, (&name, &after))])
}

/// What a day that cannot be right answers.
pub(super) fn refused(refusal: DayRefusal, field: &str, day: NaiveDate) -> Failure {
    let fault = |reason| Fault::new(field, reason).with("value", day);
    match refusal {
        DayRefusal::InError => Failure::refused("ENROLMENT_IN_ERROR"),
        DayRefusal::Before { earliest } => fault("DAY_TOO_EARLY").with("earliest", earliest).into(),
        DayRefusal::AfterExit { latest } => fault("DAY_AFTER_EXIT").with("latest", latest).into(),
        DayRefusal::InFuture => fault("DAY_IN_FUTURE").into(),
    }
}
