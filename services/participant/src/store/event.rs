//! Whose the journal's entries are: the people that they are about, with their cases.

use std::collections::{BTreeMap, BTreeSet};

use platform::sql::{is_among, texts};
use sea_orm::{ConnectionTrait, DbErr};
use values::{Slug, name::PartyName};

use super::{query, slug};

/// A person that entries are about; never one with protected identity.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// The owning party.
    pub(crate) party: PartyName,
    /// The data key, wrapped for it.
    pub(crate) wrapped_key: Vec<u8>,
    /// The teams that the person was referred to.
    pub(crate) teams: BTreeSet<Slug>,
}

/// Those among some people who may be in an event.
pub(crate) async fn subjects<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    people: impl IntoIterator<Item = &'a Slug>,
) -> Result<BTreeMap<Slug, Subject>, DbErr> {
    let backend = connection.get_database_backend();
    let people = texts(backend, people.into_iter().map(Slug::as_str));
    let sql = format!(
        "SELECT DISTINCT p.person_id AS person_id, p.party_id AS party_id, \
             p.wrapped_key AS wrapped_key, r.team_id AS team_id \
         FROM person p JOIN referral r \
             ON r.federation_id = p.federation_id \
             AND r.person_id = COALESCE(p.merged_into, p.person_id) \
         WHERE p.federation_id = $1 AND NOT p.is_protected AND {}",
        is_among(backend, "p.person_id", "$2")
    );
    let rows = query(connection, sql, vec![federation.as_str().into(), people]).await?;
    let mut subjects = BTreeMap::new();
    for row in &rows {
        let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
        let (party, wrapped_key) = (id("party_id")?, row.try_get("", "wrapped_key")?);
        let subject = subjects.entry(id("person_id")?).or_insert_with(|| Subject {
            party: PartyName::new(federation.clone(), party),
            wrapped_key,
            teams: BTreeSet::new(),
        });
        subject.teams.insert(id("team_id")?);
    }
    Ok(subjects)
}
