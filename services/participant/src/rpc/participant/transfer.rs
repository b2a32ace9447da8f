//! Moving a person to another municipality, and so to the party that answers for it.

use std::collections::BTreeSet;

use platform::{
    Draft, Failure, Step,
    clock::day_in_sweden,
    convert::{date_from_proto, text},
    journal::Transaction,
    principal,
    sql::Batch,
};
use proto::participant as pb;
use tonic::Request;
use values::{
    Fault, Faults,
    name::{MunicipalityName, ParticipantName, PartyName, TeamName},
};

use super::{answer_write, standing, update::same_number};
use crate::{
    domain::{
        person::Person,
        reach::Reach,
        transfer::{self, Transfer, TransferFacts, TransferRefusal, goes_along},
    },
    rpc::{
        Shared,
        case::{self, Drafts, Kept, Owner},
        convert, people, permissions,
        written::Made,
    },
    store,
};

const TRANSFER: &str = "/samordna.participant.v1.ParticipantService/TransferParticipant";

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: ParticipantName,
    etag: String,
    transfer: Transfer,
}

pub(super) async fn transfer(
    shared: &Shared,
    request: Request<pb::TransferParticipantRequest>,
) -> Result<pb::Participant, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, TRANSFER, request.get_ref())?;
    let sent_name = request.get_ref().name.clone();
    let asked = parse(request.into_inner())?;
    principal.is_in(&asked.name.federation, &sent_name)?;
    let reach = permissions::reach(&principal);
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, reach) = (handed.clone(), asked.clone(), reach.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, &reach).await })
    });
    answer_write(shared, &principal, TRANSFER, &entries.await?, &Made::default()).await
}

fn parse(message: pb::TransferParticipantRequest) -> Result<Asked, Failure> {
    let pb::TransferParticipantRequest {
        name,
        etag,
        municipality,
        day,
        reason,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let name = faults.keep(ParticipantName::parse("name", &name));
    people::etag(&etag, &mut faults);
    let parsed = MunicipalityName::parse("municipality", &municipality);
    let municipality = match &name {
        Some(name) => {
            convert::within(&name.federation, "municipality", parsed, |name| &name.federation)
        }
        None => parsed,
    };
    let municipality = faults.keep(municipality);
    let day = faults.keep(date_from_proto("day", day));
    let reason = faults.keep(text("reason", &reason, 1, 1000));
    Ok(faults.into_result(|| {
        let transfer = Transfer { municipality: municipality?, day: day?, reason: reason? };
        Some(Asked { name: name?, etag, transfer })
    })?)
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    reach: &Reach,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, transfer } = asked;
    let record = standing(transaction, &name, reach).await?;
    people::is_current(&etag, record.index.revision, &name)?;
    let key = shared.data_key(&record)?;
    let before = people::open_person(&key, &record)?;
    let (mut kept_along, mut along, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for kept in case::of_person(transaction, &name).await? {
        let case = kept.open(&key)?;
        if goes_along(&case) {
            kept_along.push(kept);
            along.push(case);
        } else {
            ended.push(kept);
        }
    }

    let found = store::municipality::find(transaction, &transfer.municipality).await?;
    let party = found.as_ref().and_then(|municipality| municipality.party.as_ref());
    let teams = along.iter().map(|case| case.referral.content.team.clone()).collect();
    let facts = TransferFacts {
        is_known: found.is_some(),
        party,
        serving: &serving(transaction, teams, &transfer.municipality).await?,
        same_number: in_party(shared, transaction, &before, party).await?,
        today: day_in_sweden(step.now),
    };
    let told = transfer.clone();
    let (after, moved) = transfer::transfer(&before, &along, transfer, &facts)
        .map_err(|refusal| refused(refusal, &told))?;

    let (mut batch, mut drafts) = (Batch::on(transaction), Drafts::of(step));
    let replaced = people::replace(shared, &mut batch, &record, (&after, &key), step.sequence);
    drafts.push(Draft { kind: "participant.transferred", ..replaced });
    for Kept { referral, enrolments: _ } in &ended {
        store::referral::hand_over(&mut batch, &referral.index.name, &after.party);
    }
    // An enrolment says nothing of who is responsible, and stays as it was recorded.
    store::enrolment::hand_over(&mut batch, &name, &after.party);
    let owner = Owner { person: &after, key: &key, entered: record.created_sequence };
    for (kept, (standing, case)) in kept_along.iter().zip(along.iter().zip(&moved)) {
        if case.counted(&after) != standing.counted(&before) {
            case::count(&mut batch, case, &after, drafts.next()).await?;
        }
        let kind = "referral.transferred";
        case::put_referral(&mut batch, &mut drafts, &kept.referral, &case.referral, (owner, kind));
    }
    take_along(shared, transaction, &mut batch, &mut drafts, &after).await?;
    batch.send().await?;
    Ok(drafts.into_vec())
}

/// Moves those who turned out to be the person: their numbers find it still.
async fn take_along(
    shared: &Shared,
    transaction: &Transaction,
    batch: &mut Batch<'_, Transaction>,
    drafts: &mut Drafts,
    person: &Person,
) -> Result<(), Failure> {
    for record in store::person::duplicates(transaction, &person.name).await? {
        let key = shared.data_key(&record)?;
        let (party, municipality) = (person.party.clone(), person.municipality.clone());
        let moved = Person { party, municipality, ..people::open_person(&key, &record)? };
        if let Some(other) = same_number(shared, transaction, &moved, &moved.kept).await? {
            return Err(Failure::refused("PERSON_EXISTS").with("participant", other.id));
        }
        let replaced = people::replace(shared, batch, &record, (&moved, &key), drafts.next());
        drafts.push(Draft { kind: "participant.transferred", ..replaced });
    }
    Ok(())
}

/// Those of the teams that serve a municipality.
async fn serving(
    transaction: &Transaction,
    teams: BTreeSet<TeamName>,
    municipality: &MunicipalityName,
) -> Result<Vec<TeamName>, Failure> {
    let mut serving = Vec::with_capacity(teams.len());
    for name in teams {
        let team = store::team::find(transaction, &name).await?;
        if team.is_some_and(|team| team.municipalities.as_slice().contains(municipality)) {
            serving.push(name);
        }
    }
    Ok(serving)
}

/// Another one of the party who has the person's number.
async fn in_party(
    shared: &Shared,
    transaction: &Transaction,
    person: &Person,
    party: Option<&PartyName>,
) -> Result<Option<ParticipantName>, Failure> {
    let Some(party) = party else {
        return Ok(None);
    };
    let there = Person { party: party.clone(), ..person.clone() };
    same_number(shared, transaction, &there, &there.kept).await
}

fn refused(refusal: TransferRefusal, told: &Transfer) -> Failure {
    let Transfer { municipality, day, reason: _ } = told;
    match refusal {
        TransferRefusal::Unknown => {
            Fault::new("municipality", "MUNICIPALITY_UNKNOWN").with("value", municipality).into()
        }
        TransferRefusal::Same => Fault::new("municipality", "MUNICIPALITY_SAME").into(),
        TransferRefusal::WithoutParty => {
            Failure::refused("MUNICIPALITY_WITHOUT_PARTY").with("municipality", municipality)
        }
        TransferRefusal::InFuture => Fault::new("day", "DAY_IN_FUTURE").with("value", day).into(),
        TransferRefusal::Before { earliest } => {
            Fault::new("day", "DAY_TOO_EARLY").with("value", day).with("earliest", earliest).into()
        }
        TransferRefusal::TeamNotThere { referral } => {
            Failure::refused("TEAM_NOT_THERE").with("referral", referral.id)
        }
        TransferRefusal::Exists { name } => {
            Failure::refused("PERSON_EXISTS").with("participant", name.id)
        }
    }
}
