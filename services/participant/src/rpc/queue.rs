//! `QueueService`: who waits for a team, next first, who goes before others, and how long
//! people wait.

mod exception;
mod statistics;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::{Failure, Principal, convert::date_to_proto, page::Page, principal};
use proto::participant as pb;
use proto::participant::queue_service_server::QueueService;
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults, Slug,
    name::{MunicipalityName, ReferralName, TeamName},
};

use super::{Shared, convert, parent, people, permissions};
use crate::{
    domain::queue::{Standing, Waiting, in_order},
    store::{self, queue::Row},
};

const LIST: &str = "/samordna.participant.v1.QueueService/ListQueue";

pub(super) struct Queues(pub(super) Shared);

#[tonic::async_trait]
impl QueueService for Queues {
    async fn get_queue_statistics(
        &self,
        request: Request<pb::GetQueueStatisticsRequest>,
    ) -> Result<Response<pb::GetQueueStatisticsResponse>, Status> {
        Ok(Response::new(statistics::statistics(&self.0, request).await?))
    }

    async fn list_queue(
        &self,
        request: Request<pb::ListQueueRequest>,
    ) -> Result<Response<pb::ListQueueResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(list(&self.0, &principal, request.into_inner()).await?))
    }

    async fn set_queue_exception(
        &self,
        request: Request<pb::SetQueueExceptionRequest>,
    ) -> Result<Response<pb::SetQueueExceptionResponse>, Status> {
        let etag = exception::set(&self.0, request).await?;
        Ok(Response::new(pb::SetQueueExceptionResponse { etag }))
    }
}

/// What is asked for, read.
struct Asked {
    team: TeamName,
    municipality: Option<MunicipalityName>,
    page: Page,
    /// Only those who stand after it.
    after: Option<Standing>,
}

async fn list(
    shared: &Shared,
    principal: &Principal,
    message: pb::ListQueueRequest,
) -> Result<pb::ListQueueResponse, Failure> {
    let Asked { team, municipality, page, after } = parse(principal, message)?;
    let today = shared.journal.clock().today();
    let read = &shared.journal.database().read;
    let rows = store::queue::of_team(read, &team, municipality.as_ref(), today).await?;
    let reach = permissions::reach(principal);
    let is_shown = |(_, row): &(i32, Row)| {
        let is_on_page = after.as_ref().is_none_or(|after| row.waiting.standing() > *after);
        is_on_page && !row.is_protected && reach.opens(&row.party.id, &team.id)
    };
    let mut shown: Vec<(i32, Row)> =
        in_order(rows, |row| &row.waiting).into_iter().filter(is_shown).collect();
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let has_more = shown.len() > size;
    shown.truncate(size);

    let reasons = reasons(shared, shown.iter().map(|(_, row)| &row.waiting)).await?;
    let entry = |(place, row): &(i32, Row)| {
        let reason = reasons.get(&row.waiting.referral).cloned();
        render(*place, row, reason.unwrap_or_default(), today)
    };
    let entries = shown.iter().map(entry).collect();
    let owned = |(_, row): &(i32, Row)| (row.party.clone(), row.participant.id.clone());
    shared.log(principal, LIST, shown.iter().map(owned)).await?;
    let last = shown.last().filter(|_| has_more);
    let next_page_token = last.map(|(_, row)| Page::token(&key(&row.waiting.standing())));
    Ok(pb::ListQueueResponse { entries, next_page_token: next_page_token.unwrap_or_default() })
}

fn parse(principal: &Principal, message: pb::ListQueueRequest) -> Result<Asked, Failure> {
    let pb::ListQueueRequest { parent: sent, team, municipality, page_size, page_token } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent)?;
    let team = TeamName::parse("team", &team);
    let team = faults.keep(convert::within(&federation, "team", team, |name| &name.federation));
    let municipality = convert::optional(&municipality, |municipality| {
        let parsed = MunicipalityName::parse("municipality", municipality);
        convert::within(&federation, "municipality", parsed, |name| &name.federation)
    });
    let municipality = faults.keep(municipality);
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let after = page.as_ref().and_then(|page| page.after.as_deref());
    let malformed = || Fault::new("page_token", "PAGE_TOKEN_MALFORMED");
    let after = after.map(|key| standing(&federation, key).ok_or_else(malformed)).transpose();
    let after = faults.keep(after);
    Ok(faults.into_result(|| {
        let (team, municipality, page, after) = (team?, municipality?, page?, after?);
        Some(Asked { team, municipality, page, after })
    })?)
}

/// Where the last one of a page stands.
fn key(standing: &Standing) -> String {
    let Standing { municipality, in_turn, referred, recorded } = standing;
    format!("{}/{in_turn}/{referred}/{recorded}", municipality.id)
}

/// Reads such a key.
fn standing(federation: &Slug, key: &str) -> Option<Standing> {
    let [municipality, in_turn, referred, recorded] =
        <[&str; 4]>::try_from(key.split('/').collect::<Vec<_>>()).ok()?;
    let municipality = Slug::parse("page_token", municipality).ok()?;
    Some(Standing {
        municipality: MunicipalityName::new(federation.clone(), municipality),
        in_turn: in_turn.parse().ok()?,
        referred: referred.parse().ok()?,
        recorded: recorded.parse().ok()?,
    })
}

/// Why those of them who go before others do.
async fn reasons(
    shared: &Shared,
    waiting: impl Iterator<Item = &Waiting>,
) -> Result<BTreeMap<ReferralName, String>, Failure> {
    let first: Vec<&ReferralName> =
        waiting.filter(|one| one.goes_first).map(|one| &one.referral).collect();
    let Some(any) = first.first() else {
        return Ok(BTreeMap::new());
    };
    let read = &shared.journal.database().read;
    let records = store::referral::named(read, &any.federation, first.iter().copied()).await?;
    let mut reasons = BTreeMap::new();
    for record in records {
        let referral = people::open_referral(&shared.data_key(&record.person)?, &record)?;
        reasons.extend(referral.queue_exception.map(|reason| (referral.name, reason)));
    }
    Ok(reasons)
}

fn render(place: i32, row: &Row, exception_reason: String, today: NaiveDate) -> pb::QueueEntry {
    let Row { waiting, participant, party: _, is_protected: _ } = row;
    let Waiting { referral, municipality, channel, goes_first: _, referred, recorded: _ } = waiting;
    pb::QueueEntry {
        place,
        referral: referral.to_string(),
        participant: participant.to_string(),
        municipality: municipality.to_string(),
        referring_kind: channel.number().into(),
        referral_date: Some(date_to_proto(*referred)),
        days_waited: i32::try_from((today - *referred).num_days()).unwrap_or(i32::MAX),
        exception_reason,
    }
}
