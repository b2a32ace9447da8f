//! The cases that one who works with people may be told of.

use std::collections::{BTreeMap, BTreeSet};

use platform::sql::{is_among, text_rows, text_table, texts};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Slug,
    name::{PartyName, ReferralName},
};

use crate::store::{query, slug};

/// Cases by id: the party that owns the person's record, and the person; none for somebody
/// who was disposed of.
pub(crate) type Seen = BTreeMap<Slug, Option<(PartyName, Slug)>>;

/// Every case of people whom the parties have in the teams, and those that lead to nobody
/// since the parties disposed of them. Never one of a person with protected identity.
pub(crate) async fn seen(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    people: &BTreeSet<(Slug, Slug)>,
) -> Result<Seen, DbErr> {
    let backend = connection.get_database_backend();
    let mut seen = Seen::new();
    let sql = format!(
        "SELECT d.id AS case_id FROM disposed d \
         WHERE d.federation_id = $1 AND d.collection = $2 AND NOT d.is_protected AND {}",
        is_among(backend, "d.party_id", "$3")
    );
    let parties: BTreeSet<&str> = people.iter().map(|(party, _)| party.as_str()).collect();
    let values =
        vec![federation.as_str().into(), ReferralName::COLLECTION.into(), texts(backend, parties)];
    for row in query(connection, sql, values).await? {
        seen.insert(id(&row, "case_id")?, None);
    }
    let still = text_table(backend, "$2", "still", &["party_id", "team_id"]);
    let sql = format!(
        "SELECT r.referral_id AS case_id, r.party_id AS party_id, r.person_id AS person_id \
         FROM referral r \
         JOIN person p ON p.federation_id = r.federation_id AND p.person_id = r.person_id \
         JOIN {still} ON still.party_id = r.party_id AND still.team_id = r.team_id \
         WHERE r.federation_id = $1 AND NOT p.is_protected"
    );
    let pairs = people.iter().map(|(party, team)| [party.to_string(), team.to_string()]);
    let values = vec![federation.as_str().into(), text_rows(pairs)];
    for row in query(connection, sql, values).await? {
        let owner = PartyName::new(federation.clone(), id(&row, "party_id")?);
        seen.insert(id(&row, "case_id")?, Some((owner, id(&row, "person_id")?)));
    }
    Ok(seen)
}

fn id(row: &QueryResult, column: &str) -> Result<Slug, DbErr> {
    slug(column, &row.try_get::<String>("", column)?)
}
