//! Table `case_fact`: what counts are made of, as it was known at every sequence.

mod history;
mod without_party_team;

use platform::sql::Batch;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult as _, QueryResult};
use uuid::Uuid;
use values::{
    Slug,
    name::{MunicipalityName, ParticipantName, PartyName, ReferralName, TeamName},
};

use super::{
    entity::case_fact::{Entity, Model},
    query, slug,
};
use crate::domain::{
    code::{ExitOutcome, Livelihood, ReferringKind, Sex},
    fact::{Ended, Fact, Stay},
};

pub(crate) use history::{Found, History};
pub(crate) use without_party_team::fill;

/// What is known has no end.
const STILL: i64 = i64::MAX;

/// What the facts of a party's people in a team are found by: it is as short as it can be,
/// and of one width, since counts go through a great many of them.
pub(crate) fn party_team(federation: &str, party: &str, team: &str) -> Uuid {
    let name = format!("federations/{federation}/parties/{party}/teams/{team}");
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
}

/// Puts the facts of a case in place of what was known of it before the sequence.
pub(crate) async fn replace<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    case: &ReferralName,
    participant: &ParticipantName,
    facts: &[Fact],
    sequence: i64,
) -> Result<(), DbErr> {
    let known_to = batch.bind(sequence);
    let federation = batch.bind(case.federation.as_str());
    let id = batch.bind(case.id.as_str());
    let still = batch.bind(STILL);
    batch.push(format!(
        "UPDATE case_fact SET known_to = {known_to} \
         WHERE federation_id = {federation} AND case_id = {id} AND known_to = {still}"
    ));
    add(batch, case, participant, facts, sequence).await
}

/// Adds the facts of a case of which nothing was known.
pub(crate) async fn add<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    case: &ReferralName,
    participant: &ParticipantName,
    facts: &[Fact],
    sequence: i64,
) -> Result<(), DbErr> {
    let rows = rows(case, participant, facts, sequence)?;
    batch.insert(Entity, rows).await
}

/// Adds the facts of cases of which nothing was known, each with its sequence.
pub(crate) async fn add_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    cases: &[(ReferralName, ParticipantName, Vec<Fact>, i64)],
) -> Result<(), DbErr> {
    let of_case = |(case, participant, facts, sequence): &(_, _, Vec<Fact>, _)| {
        rows(case, participant, facts, *sequence)
    };
    let rows = cases.iter().map(of_case).collect::<Result<Vec<_>, _>>()?;
    batch.insert(Entity, rows.into_iter().flatten().collect()).await
}

/// The facts of a case as rows that are known from the sequence on.
fn rows(
    case: &ReferralName,
    participant: &ParticipantName,
    facts: &[Fact],
    sequence: i64,
) -> Result<Vec<Model>, DbErr> {
    let small = |number: i32| {
        i16::try_from(number).map_err(|_| DbErr::Type(format!("case_fact.age is {number}")))
    };
    let row = |(part, fact): (i16, &Fact)| {
        let Fact {
            team,
            municipality,
            party,
            sex,
            age,
            referring_kind,
            sender,
            referred,
            queue,
            enrolled,
            is_new,
            livelihood,
            ended,
        } = fact;
        Ok(Model {
            federation_id: case.federation.to_string(),
            case_id: case.id.to_string(),
            part,
            known_from: sequence,
            known_to: STILL,
            party_team: party_team(case.federation.as_str(), party.id.as_str(), team.id.as_str()),
            participant_id: participant.id.to_string(),
            team_id: team.id.to_string(),
            municipality_id: municipality.id.to_string(),
            party_id: party.id.to_string(),
            sex: sex.number(),
            age: age.map(small).transpose()?,
            referring_kind: referring_kind.number(),
            sender_id: sender.id.to_string(),
            referred: *referred,
            queue_first: queue.map(|stay| stay.first),
            queue_end: queue.and_then(|stay| stay.end),
            enrolled_first: enrolled.map(|stay| stay.first),
            enrolled_end: enrolled.and_then(|stay| stay.end),
            is_new: *is_new,
            livelihood: livelihood.number(),
            exited: ended.and(*enrolled).and_then(|stay| stay.end),
            outcome: ended.map(|ended| ended.outcome.number()),
            livelihood_after: ended.map(|ended| ended.livelihood.number()),
        })
    };
    (0..).zip(facts).map(row).collect()
}

/// A fact as it was known at some time, and where the journal has it.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    /// The case.
    pub(crate) case: ReferralName,
    /// Which of its municipalities, from 0.
    pub(crate) part: i16,
    /// The sequence that the journal recorded it with.
    pub(crate) sequence: i64,
    /// The journal's hash there.
    pub(crate) hash: Vec<u8>,
    /// The fact.
    pub(crate) fact: Fact,
}

/// What was known at a sequence.
pub(crate) async fn known_at(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    sequence: i64,
) -> Result<Vec<Recorded>, DbErr> {
    let sql = "SELECT f.*, j.hash AS hash FROM case_fact f \
               JOIN journal j ON j.federation_id = f.federation_id AND j.sequence = f.known_from \
               WHERE f.federation_id = $1 AND f.known_from <= $2 AND f.known_to > $2";
    let values = vec![federation.as_str().into(), sequence.into()];
    query(connection, sql.to_owned(), values).await?.iter().map(recorded).collect()
}

fn recorded(row: &QueryResult) -> Result<Recorded, DbErr> {
    let hash = row.try_get("", "hash")?;
    let model = Model::from_query_result(row, "")?;
    let federation = slug("federation_id", &model.federation_id)?;
    let case = ReferralName::new(federation, slug("case_id", &model.case_id)?);
    let (part, sequence) = (model.part, model.known_from);
    Ok(Recorded { case, part, sequence, hash, fact: fact(model)? })
}

fn fact(row: Model) -> Result<Fact, DbErr> {
    let Model {
        federation_id,
        case_id: _,
        part: _,
        known_from: _,
        known_to: _,
        party_team: _,
        participant_id: _,
        team_id,
        municipality_id,
        party_id,
        sex,
        age,
        referring_kind,
        sender_id,
        referred,
        queue_first,
        queue_end,
        enrolled_first,
        enrolled_end,
        is_new,
        livelihood,
        exited: _, // The end of the time as enrolled, when that is an exit.
        outcome,
        livelihood_after,
    } = row;
    let home = slug("federation_id", &federation_id)?;
    let unknown = |column: &str, number: i16| DbErr::Type(format!("case_fact.{column} {number}"));
    let outcome = outcome.map(|number| {
        ExitOutcome::from_number(number.into()).ok_or_else(|| unknown("outcome", number))
    });
    let after = livelihood_after.map(|number| {
        Livelihood::from_number(number.into()).ok_or_else(|| unknown("livelihood_after", number))
    });
    let ended = outcome.transpose()?.zip(after.transpose()?);
    Ok(Fact {
        team: TeamName::new(home.clone(), slug("team_id", &team_id)?),
        municipality: MunicipalityName::new(
            home.clone(),
            slug("municipality_id", &municipality_id)?,
        ),
        party: PartyName::new(home.clone(), slug("party_id", &party_id)?),
        sex: Sex::from_number(sex.into()).ok_or_else(|| unknown("sex", sex))?,
        age: age.map(i32::from),
        referring_kind: ReferringKind::from_number(referring_kind.into())
            .ok_or_else(|| unknown("referring_kind", referring_kind))?,
        sender: PartyName::new(home, slug("sender_id", &sender_id)?),
        referred,
        queue: queue_first.map(|first| Stay { first, end: queue_end }),
        enrolled: enrolled_first.map(|first| Stay { first, end: enrolled_end }),
        is_new,
        livelihood: Livelihood::from_number(livelihood.into())
            .ok_or_else(|| unknown("livelihood", livelihood))?,
        ended: ended.map(|(outcome, livelihood)| Ended { outcome, livelihood }),
    })
}
