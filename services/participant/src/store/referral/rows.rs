//! Writing the rows of referrals.

use platform::{journalled::Recorded, sql::Batch};
use sea_orm::{ConnectionTrait, DbErr};
use values::name::{PartyName, ReferralName};

use super::Index;
use crate::store::entity::referral;

/// Adds a referral. `person_sequence` is the one that its person was entered with.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    person_sequence: i64,
    sequence: i64,
) -> Result<(), DbErr> {
    let row = row(index, person_sequence, Recorded::first(sequence));
    batch.insert(referral::Entity, vec![row]).await
}

/// Adds referrals, each with the sequence that its person was entered with and where the
/// journal has it.
pub(crate) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    referrals: &[(Index, i64, Recorded)],
) -> Result<(), DbErr> {
    let rows = referrals.iter().map(|(index, person, recorded)| row(index, *person, *recorded));
    batch.insert(referral::Entity, rows.collect()).await
}

fn row(index: &Index, person_sequence: i64, recorded: Recorded) -> referral::Model {
    let Recorded { created_sequence, sequence } = recorded;
    let Index { name, participant, team, municipality, party, sender, import, .. } = index;
    referral::Model {
        federation_id: name.federation.to_string(),
        referral_id: name.id.to_string(),
        person_id: participant.id.to_string(),
        team_id: team.id.to_string(),
        municipality_id: municipality.id.to_string(),
        party_id: party.id.to_string(),
        sender_id: sender.id.to_string(),
        state: index.state.number(),
        referral_date: index.referral_date,
        goes_first: index.goes_first,
        import_id: import.as_ref().map(|import| import.id.to_string()),
        revision: index.revision,
        person_sequence,
        created_sequence,
        sequence,
    }
}

/// Keeps a change that the journal records at the sequence. `person_sequence` is the one
/// that its person was entered with.
pub(crate) fn update<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    person_sequence: i64,
    sequence: i64,
) {
    let person = batch.bind(index.participant.id.as_str());
    let person_sequence = batch.bind(person_sequence);
    let municipality = batch.bind(index.municipality.id.as_str());
    let party = batch.bind(index.party.id.as_str());
    let state = batch.bind(index.state.number());
    let goes_first = batch.bind(index.goes_first);
    let revision = batch.bind(index.revision);
    let sequence = batch.bind(sequence);
    let federation = batch.bind(index.name.federation.as_str());
    let id = batch.bind(index.name.id.as_str());
    batch.push(format!(
        "UPDATE referral SET person_id = {person}, person_sequence = {person_sequence}, \
             municipality_id = {municipality}, party_id = {party}, \
             state = {state}, goes_first = {goes_first}, revision = {revision}, \
             sequence = {sequence} \
         WHERE federation_id = {federation} AND referral_id = {id}"
    ));
}

/// Hands a case that has ended over to the party that now owns its person's record.
pub(crate) fn hand_over<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    name: &ReferralName,
    party: &PartyName,
) {
    let party = batch.bind(party.id.as_str());
    let federation = batch.bind(name.federation.as_str());
    let id = batch.bind(name.id.as_str());
    batch.push(format!(
        "UPDATE referral SET party_id = {party} \
         WHERE federation_id = {federation} AND referral_id = {id}"
    ));
}
