//! `FollowUpService`: how people are after the exit, to those who worked with them.

mod end;
mod rates;
mod schedule;

use chrono::NaiveDate;
use platform::{Failure, Principal, convert::date_from_proto, page::Page, principal};
use proto::participant as pb;
use proto::participant::follow_up_service_server::FollowUpService;
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults, Slug,
    name::{EnrolmentName, FollowUpName, PartyName, TeamName},
};

use super::{Shared, along, convert, journalled::day_key, parent, people, permissions};
use crate::{
    domain::{
        enrolment::Enrolment,
        follow_up::{FollowUp, may_be_asked},
        reach::Reach,
    },
    keyring::DataKey,
    store::{
        self,
        follow_up::{Filter, Record},
    },
};

pub(crate) use schedule::{index, put, scheduled};

const GET: &str = "/samordna.participant.v1.FollowUpService/GetFollowUp";
const LIST: &str = "/samordna.participant.v1.FollowUpService/ListFollowUps";

pub(super) struct FollowUps(pub(super) Shared);

#[tonic::async_trait]
impl FollowUpService for FollowUps {
    async fn end_follow_up(
        &self,
        request: Request<pb::EndFollowUpRequest>,
    ) -> Result<Response<pb::EndFollowUpResponse>, Status> {
        let follow_up = Some(end::end(&self.0, request).await?);
        Ok(Response::new(pb::EndFollowUpResponse { follow_up }))
    }

    async fn get_follow_up(
        &self,
        request: Request<pb::GetFollowUpRequest>,
    ) -> Result<Response<pb::GetFollowUpResponse>, Status> {
        let principal = principal::of(&request)?;
        let pb::GetFollowUpRequest { name } = request.into_inner();
        let follow_up = Some(get(&self.0, &principal, &name).await?);
        Ok(Response::new(pb::GetFollowUpResponse { follow_up }))
    }

    async fn list_follow_ups(
        &self,
        request: Request<pb::ListFollowUpsRequest>,
    ) -> Result<Response<pb::ListFollowUpsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }

    async fn get_follow_up_rates(
        &self,
        request: Request<pb::GetFollowUpRatesRequest>,
    ) -> Result<Response<pb::GetFollowUpRatesResponse>, Status> {
        Ok(Response::new(rates::get(&self.0, request).await?))
    }
}

/// A follow-up with its enrolment, opened.
struct Opened {
    key: DataKey,
    follow_up: FollowUp,
    enrolment: Enrolment,
}

impl Opened {
    fn of(shared: &Shared, record: &Record) -> Result<Self, Failure> {
        let key = shared.unwrapped(&record.participant, &record.party, &record.wrapped_key)?;
        let follow_up = self::opened(&key, record)?;
        let name = record.name.enrolment.to_string();
        let enrolment = along::opened(&key, &name, &record.enrolment)?;
        let unreadable = |faults| people::unreadable(&name, &faults);
        let enrolment = convert::enrolment::kept(enrolment).map_err(unreadable)?;
        Ok(Self { key, follow_up, enrolment })
    }

    fn render(&self, record: &Record, today: NaiveDate) -> pb::FollowUp {
        let index = &record.index;
        pb::FollowUp {
            may_be_asked: may_be_asked(&self.enrolment, today),
            ..convert::follow_up::render(&self.follow_up, &index.team, index.revision)
        }
    }
}

/// A follow-up as it is kept: as its payload has it once it has ended.
pub(crate) fn opened(key: &DataKey, record: &Record) -> Result<FollowUp, Failure> {
    let Record { name, index, payload, .. } = record;
    match payload {
        None => Ok(FollowUp { name: name.clone(), due: index.due, ended: None }),
        Some(payload) => {
            let message = along::opened(key, &name.to_string(), payload)?;
            let unreadable = |faults| people::unreadable(&name.to_string(), &faults);
            convert::follow_up::kept(message).map_err(unreadable)
        }
    }
}

/// One within reach.
async fn find(
    connection: &impl sea_orm::ConnectionTrait,
    name: &FollowUpName,
    reach: &Reach,
) -> Result<Record, Failure> {
    let found = store::follow_up::find(connection, name).await?;
    let record = found.filter(|record| reach.opens(&record.party.id, &record.index.team.id));
    record.ok_or_else(|| Failure::not_found(name))
}

async fn get(shared: &Shared, principal: &Principal, sent: &str) -> Result<pb::FollowUp, Failure> {
    let name = FollowUpName::parse("name", sent)?;
    principal.is_in(&name.enrolment.federation, sent)?;
    let reach = permissions::reach(principal);
    let record = find(&shared.journal.database().read, &name, &reach).await?;
    let follow_up = Opened::of(shared, &record)?.render(&record, shared.journal.clock().today());
    shared.log(principal, GET, [owned(&record)]).await?;
    Ok(follow_up)
}

async fn list(
    shared: &Shared,
    request: Request<pb::ListFollowUpsRequest>,
) -> Result<pb::ListFollowUpsResponse, Failure> {
    let principal = principal::of(&request)?;
    let filter = parse_list(&principal, request.into_inner())?;
    let read = &shared.journal.database().read;
    let listed = store::follow_up::list(read, &principal.federation, &filter).await?;
    let (records, has_more) = listed;
    let today = shared.journal.clock().today();
    let render = |record: &Record| Ok(Opened::of(shared, record)?.render(record, today));
    let follow_ups: Vec<pb::FollowUp> =
        records.iter().map(render).collect::<Result<_, Failure>>()?;
    shared.log(&principal, LIST, records.iter().map(owned)).await?;
    let key = |last: &pb::FollowUp| Page::token(&day_key(last.due_day, &last.name));
    let next_page_token = follow_ups.last().filter(|_| has_more).map(key).unwrap_or_default();
    Ok(pb::ListFollowUpsResponse { follow_ups, next_page_token })
}

fn parse_list(principal: &Principal, message: pb::ListFollowUpsRequest) -> Result<Filter, Failure> {
    let pb::ListFollowUpsRequest {
        parent: sent_parent,
        team,
        due_by,
        enrolment,
        page_size,
        page_token,
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let team = faults.keep(convert::optional(&team, |team| {
        let parsed = TeamName::parse("team", team);
        convert::within(&federation, "team", parsed, |name| &name.federation)
    }));
    let due_by = due_by.map(|day| date_from_proto("due_by", Some(day))).transpose();
    let due_by = faults.keep(due_by);
    let enrolment = faults.keep(convert::optional(&enrolment, |enrolment| {
        let parsed = EnrolmentName::parse("enrolment", enrolment);
        convert::within(&federation, "enrolment", parsed, |name| &name.federation)
    }));
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let after = page.as_ref().and_then(|page| page.after.as_deref());
    let after = faults.keep(after.map(|key| self::after(&federation, key)).transpose());
    let reach = permissions::reach(principal);
    Ok(faults.into_result(|| {
        let (team, enrolment, due_by, after) = (team?, enrolment?, due_by?, after?);
        Some(Filter { reach, team, enrolment, due_by, after, size: page?.size })
    })?)
}

/// Reads the key of the last one of a page.
fn after(federation: &Slug, key: &str) -> Result<(NaiveDate, Slug, u32), Fault> {
    let parts = key.split_once('/').and_then(|(day, id)| {
        let name = format!("federations/{federation}/{}/{id}", FollowUpName::COLLECTION);
        let FollowUpName { enrolment, months } = FollowUpName::parse("", &name).ok()?;
        Some((day.parse().ok()?, enrolment.id, months))
    });
    parts.ok_or_else(|| Fault::new("page_token", "PAGE_TOKEN_MALFORMED"))
}

/// Whose record it is.
fn owned(record: &Record) -> (PartyName, Slug) {
    (record.party.clone(), record.participant.id.clone())
}
