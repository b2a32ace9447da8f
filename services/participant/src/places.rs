//! What there is in the organisation, for whoever makes accounts from outside of it: the
//! installation's operator, whose word no service checks.

use std::collections::BTreeSet;

use platform::Database;
use values::Slug;

use crate::store;

/// What the organisation knows of a federation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// The federation's own ids.
    Here(Places),
    /// There is no such federation; the ids of those there are.
    Elsewhere(Vec<String>),
}

/// The ids that roles of a federation can be held for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Its parties.
    pub parties: BTreeSet<Slug>,
    /// Its areas.
    pub areas: BTreeSet<Slug>,
    /// Its teams.
    pub teams: BTreeSet<Slug>,
}

/// Looks a federation up.
///
/// # Errors
/// When the database cannot be read.
pub async fn known(database: &Database, federation: &Slug) -> anyhow::Result<Known> {
    let picture = database.snapshot().await?;
    let ids = store::federation::ids(&picture).await?;
    let known = if ids.iter().any(|id| id == federation.as_str()) {
        let parties = store::party::all(&picture, federation).await?;
        let areas = store::area::all(&picture, federation).await?;
        let teams = store::team::names(&picture, federation).await?;
        Known::Here(Places {
            parties: parties.into_keys().map(|party| party.id).collect(),
            areas: areas.into_keys().map(|area| area.id).collect(),
            teams: teams.into_iter().map(|team| team.id).collect(),
        })
    } else {
        Known::Elsewhere(ids)
    };
    picture.rollback().await?;
    Ok(known)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use platform::testing::on_both;
    use values::{OrganisationNumber, name::PartyName};

    use super::*;
    use crate::{
        Migrator,
        domain::{
            federation::{Federation, FederationName},
            party::{Party, PartyKind},
        },
    };

    fn slug(id: &str) -> Slug {
        Slug::parse("", id).unwrap()
    }

    async fn found(database: &Database, federation: &str, parties: &[&str]) {
        let organisation_number = OrganisationNumber::parse("", "999900-0012").unwrap();
        let record = Federation {
            display_name: federation.to_owned(),
            organisation_number: organisation_number.clone(),
            synthetic: true,
            smallest_shown_count: None,
        };
        let record = BTreeMap::from([(FederationName(slug(federation)), record)]);
        store::federation::insert(&database.write, &record).await.unwrap();
        let party = |id: &&str| {
            let party = Party {
                display_name: (*id).to_owned(),
                organisation_number: organisation_number.clone(),
                kind: PartyKind::Municipality,
                synthetic: true,
            };
            (PartyName::new(slug(federation), slug(id)), party)
        };
        let parties: BTreeMap<PartyName, Party> = parties.iter().map(party).collect();
        store::party::insert(&database.write, &parties).await.unwrap();
    }

    #[tokio::test]
    async fn each_federation_has_its_own_places_and_one_that_is_not_there_has_none() {
        on_both(async |database| {
            database.migrate::<Migrator>().await.unwrap();
            let look = async |id: &str| known(&database, &slug(id)).await.unwrap();
            assert_eq!(look("vastmanland").await, Known::Elsewhere(Vec::new()));
            found(&database, "vastmanland", &["sala", "koping"]).await;
            found(&database, "sormland", &["flen"]).await;
            let parties = BTreeSet::from([slug("koping"), slug("sala")]);
            let places = Places { parties, ..Places::default() };
            assert_eq!(look("vastmanland").await, Known::Here(places));
            let others = vec!["sormland".to_owned(), "vastmanland".to_owned()];
            assert_eq!(look("vastmanlan").await, Known::Elsewhere(others));
        })
        .await;
    }
}
