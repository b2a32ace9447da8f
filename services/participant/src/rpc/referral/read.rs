//! Reads of referrals, as far as the caller reaches.

use platform::{Failure, page::Page, principal};
use proto::participant as pb;
use tonic::Request;
use values::{
    Faults, Slug,
    name::{ParticipantName, PartyName, ReferralName, TeamName},
};

use super::seen;
use crate::{
    domain::{reach::Reach, referral::State},
    rpc::{Shared, convert, parent, people, permissions, stretch},
    store::{
        self,
        referral::{Filter, Record},
    },
};

const GET: &str = "/samordna.participant.v1.ReferralService/GetReferral";
const LIST: &str = "/samordna.participant.v1.ReferralService/ListReferrals";

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetReferralRequest>,
) -> Result<pb::Referral, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetReferralRequest { name: sent } = request.into_inner();
    let name = ReferralName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = store::referral::find(&shared.journal.database().read, &name).await?;
    let record = found.ok_or_else(|| Failure::not_found(&name))?;
    let referral = render(shared, &permissions::reach(&principal), &record)?;
    shared.log(&principal, GET, [owned(&record)]).await?;
    Ok(referral)
}

pub(super) async fn list(
    shared: &Shared,
    request: Request<pb::ListReferralsRequest>,
) -> Result<pb::ListReferralsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListReferralsRequest {
        parent: sent_parent,
        team,
        state,
        participant,
        page_size,
        page_token,
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent_parent)?;
    let team = convert::optional(&team, |team| {
        let parsed = TeamName::parse("team", team);
        convert::within(&federation, "team", parsed, |name| &name.federation)
    });
    let team = faults.keep(team);
    let participant = convert::optional(&participant, |participant| {
        let parsed = ParticipantName::parse("participant", participant);
        convert::within(&federation, "participant", parsed, |name| &name.federation)
    });
    let participant = faults.keep(participant);
    let state = (state != 0).then(|| convert::code::code("state", state, State::from_number));
    let state = faults.keep(state.transpose());
    let stretch = faults.keep_nested("", stretch(page_size, &page_token));
    let reach = permissions::reach(&principal);
    let filter = faults.into_result(|| {
        let (team, participant, state) = (team?, participant?, state?);
        Some(Filter { reach, team, state, participant, stretch: stretch? })
    })?;
    let read = &shared.journal.database().read;
    let (records, next) = store::referral::list(read, &federation, &filter).await?;
    let referrals = records.iter().map(|record| render(shared, &filter.reach, record));
    let referrals = referrals.collect::<Result<_, _>>()?;
    shared.log(&principal, LIST, records.iter().map(owned)).await?;
    let next_page_token = next.map(|last| Page::token(&last.to_string())).unwrap_or_default();
    Ok(pb::ListReferralsResponse { referrals, next_page_token })
}

/// A referral as far as the caller sees it.
fn render(shared: &Shared, reach: &Reach, record: &Record) -> Result<pb::Referral, Failure> {
    let name = &record.index.name;
    let view = reach.view(record.index.belonging()).ok_or_else(|| Failure::not_found(name))?;
    let key = shared.data_key(&record.person)?;
    let referral = people::open_referral(&key, record)?;
    Ok(seen(convert::referral::render(&referral, record.index.revision), view))
}

/// Whose record it is.
fn owned(record: &Record) -> (PartyName, Slug) {
    (record.index.party.clone(), record.index.participant.id.clone())
}
