//! Reads of enrolments, as far as the caller reaches.

use platform::{Failure, page::Page, principal};
use proto::participant as pb;
use tonic::Request;
use values::{
    Faults, Slug,
    name::{EnrolmentName, ParticipantName, PartyName, TeamName},
};

use crate::{
    rpc::{Shared, convert, parent, people, permissions, stretch},
    store::{
        self,
        enrolment::{Filter, Record},
    },
};

const GET: &str = "/samordna.participant.v1.EnrolmentService/GetEnrolment";
const LIST: &str = "/samordna.participant.v1.EnrolmentService/ListEnrolments";

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetEnrolmentRequest>,
) -> Result<pb::Enrolment, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetEnrolmentRequest { name: sent } = request.into_inner();
    let name = EnrolmentName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = store::enrolment::find(&shared.journal.database().read, &name).await?;
    let (record, person) = found.ok_or_else(|| Failure::not_found(&name))?;
    if !permissions::reach(&principal).opens(&record.index.party.id, &record.index.team.id) {
        return Err(Failure::not_found(&name));
    }
    let enrolment = render(shared, &record, &person)?;
    shared.log(&principal, GET, [owned(&record)]).await?;
    Ok(enrolment)
}

pub(super) async fn list(
    shared: &Shared,
    request: Request<pb::ListEnrolmentsRequest>,
) -> Result<pb::ListEnrolmentsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListEnrolmentsRequest {
        parent: sent_parent,
        team,
        participant,
        coach,
        open_only,
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
    let coach =
        convert::optional(&coach, |coach| convert::enrolment::coach(&federation, "coach", coach));
    let coach = faults.keep(coach);
    let stretch = faults.keep_nested("", stretch(page_size, &page_token));
    let reach = permissions::reach(&principal);
    let filter = faults.into_result(|| {
        let (team, participant, coach) = (team?, participant?, coach?);
        Some(Filter { reach, team, participant, coach, open_only, stretch: stretch? })
    })?;
    let read = &shared.journal.database().read;
    let (records, next) = store::enrolment::list(read, &federation, &filter).await?;
    let enrolments = records.iter().map(|(record, person)| render(shared, record, person));
    let enrolments = enrolments.collect::<Result<_, _>>()?;
    shared.log(&principal, LIST, records.iter().map(|(record, _)| owned(record))).await?;
    let next_page_token = next.map(|last| Page::token(&last.to_string())).unwrap_or_default();
    Ok(pb::ListEnrolmentsResponse { enrolments, next_page_token })
}

fn render(
    shared: &Shared,
    record: &Record,
    person: &store::person::Record,
) -> Result<pb::Enrolment, Failure> {
    let enrolment = people::open_enrolment(&shared.data_key(person)?, record)?;
    Ok(convert::enrolment::render(&enrolment, record.index.revision))
}

/// Whose record it is.
fn owned(record: &Record) -> (PartyName, Slug) {
    (record.index.party.clone(), record.index.participant.id.clone())
}
